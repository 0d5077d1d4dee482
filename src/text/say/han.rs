//! Numbers and units in Chinese and Japanese sentences, into Han characters.

use crate::domain::Language;
use crate::text::numerals::{chinese, han_digits, japanese, roman_value};

const CHINESE_UNITS: [(&str, &str); 14] = [
    ("km/h", "公里每小时"),
    ("km²", "平方公里"),
    ("km2", "平方公里"),
    ("m²", "平方米"),
    ("m2", "平方米"),
    ("m³", "立方米"),
    ("km", "公里"),
    ("cm", "厘米"),
    ("mm", "毫米"),
    ("m", "米"),
    ("ha", "公顷"),
    ("kg", "公斤"),
    ("°C", "摄氏度"),
    ("℃", "摄氏度"),
];
const JAPANESE_UNITS: [(&str, &str); 15] = [
    ("km/h", "キロ毎時"),
    ("km²", "平方キロメートル"),
    ("km2", "平方キロメートル"),
    ("m²", "平方メートル"),
    ("m2", "平方メートル"),
    ("m³", "立方メートル"),
    ("km", "キロメートル"),
    ("cm", "センチメートル"),
    ("mm", "ミリメートル"),
    ("m", "メートル"),
    ("ha", "ヘクタール"),
    ("kg", "キログラム"),
    ("°C", "度"),
    ("℃", "度"),
    ("%", "パーセント"),
];
/// Behind these a Chinese two is 二, not 两.
const NOT_COUNTED: &str = "年月日号時时点分世第十百零一二三四五六七八九代";

struct Han<'a> {
    chars: &'a [char],
    language: Language,
}

/// The sentence with its numbers, units and Roman numerals in Han characters.
pub(super) fn read(text: &str, language: Language) -> String {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    let han = Han { chars: &chars, language };
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let (to, said) = han.number(at).or_else(|| han.roman(at)).unwrap_or_else(|| (at + 1, chars[at].to_string()));
        out.push_str(&said);
        at = to;
    }
    out
}

/// Full-width digits, letters and signs as ASCII; the marks of Chinese and Japanese stay.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '．' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

impl Han<'_> {
    fn is_chinese(&self) -> bool {
        self.language == Language::ZH
    }

    fn spell(&self, n: u64) -> String {
        if self.is_chinese() { chinese(n) } else { japanese(n) }
    }

    fn skip_spaces(&self, at: usize) -> usize {
        at + self.chars[at..].iter().take_while(|c| **c == ' ' || **c == '\u{a0}').count()
    }

    /// Digits from `at` on, with the end: thousands separators left out, a point and decimals kept.
    fn digits(&self, at: usize) -> Option<(usize, String)> {
        let digit = |place: usize| self.chars.get(place).is_some_and(char::is_ascii_digit);
        let mut text = String::new();
        let mut to = at;
        loop {
            match self.chars.get(to) {
                Some(c) if c.is_ascii_digit() => text.push(*c),
                Some('.') if digit(to + 1) && to > at && !text.contains('.') => text.push('.'),
                Some(',') if digit(to + 1) && digit(to + 2) && digit(to + 3) && !digit(to + 4) && to > at => {}
                _ => break,
            }
            to += 1;
        }
        (!text.is_empty()).then_some((to, text))
    }

    fn number(&self, at: usize) -> Option<(usize, String)> {
        let glued = at > 0 && self.chars[at - 1].is_ascii_alphabetic();
        let (to, text) = self.digits(at)?;
        if glued {
            return Some((to, self.value(&text, to)));
        }
        if at > 0 && self.chars[at - 1] == '第' {
            return Some((to, self.amount(&text)));
        }
        if let Some(found) = self.date(at).or_else(|| self.clock(&text, to)) {
            return Some(found);
        }
        let dash = self.skip_spaces(to);
        if self.chars.get(dash).is_some_and(|c| "-–—~～〜".contains(*c)) {
            let second = self.skip_spaces(dash + 1);
            let more = if self.chars.get(dash + 1) == Some(&'—') { self.skip_spaces(dash + 2) } else { second };
            if let Some((end, last)) = self.digits(more) {
                let (after, behind) = self.with_unit(&last, end);
                let year = self.reads_as_year(&text, end) || self.reads_as_year(&last, end);
                let first = if year && self.is_chinese() { han_digits(&text) } else { self.value(&text, end) };
                let link = if self.is_chinese() { "至" } else { "から" };
                return Some((after, format!("{first}{link}{behind}")));
            }
        }
        Some(self.with_unit(&text, to))
    }

    /// The number with the unit behind it, if there is one, and where both end.
    fn with_unit(&self, text: &str, to: usize) -> (usize, String) {
        let from = self.skip_spaces(to);
        if self.is_chinese() && self.chars.get(from) == Some(&'%') {
            return (from + 1, format!("百分之{}", self.value(text, from)));
        }
        let units: &[(&str, &str)] = if self.is_chinese() { &CHINESE_UNITS } else { &JAPANESE_UNITS };
        for (sign, name) in units {
            let end = from + sign.chars().count();
            let here = self.chars.get(from..end).is_some_and(|chars| chars.iter().copied().eq(sign.chars()));
            let goes_on = self.chars.get(end).is_some_and(char::is_ascii_alphanumeric);
            if here && !goes_on {
                let two = self.is_chinese() && text == "2";
                return (end, format!("{}{name}", if two { "两".to_owned() } else { self.amount(text) }));
            }
        }
        // `50 公里`: nothing is said for the space.
        let han = self.chars.get(from).is_some_and(|c| ('\u{3040}'..='\u{9fff}').contains(c));
        (if han { from } else { to }, self.value(text, from))
    }

    fn reads_as_year(&self, text: &str, to: usize) -> bool {
        let next = self.chars.get(self.skip_spaces(to)).copied().unwrap_or(' ');
        let plain = text.chars().all(|c| c.is_ascii_digit());
        let year_sign = next == '年' && (3..=4).contains(&text.len()) && self.chars.get(to + 1) != Some(&'前');
        let bare = text.len() == 4
            && (text.starts_with('1') || text.starts_with("20"))
            && !next.is_alphanumeric()
            && next != '%';
        plain && (year_sign || bare)
    }

    fn value(&self, text: &str, to: usize) -> String {
        if self.is_chinese() && self.reads_as_year(text, to) {
            return han_digits(text);
        }
        let next = self.chars.get(to).copied().unwrap_or(' ');
        let counted = next.is_alphabetic() && !next.is_ascii() && !NOT_COUNTED.contains(next);
        if self.is_chinese() && text == "2" && counted {
            return "两".to_owned();
        }
        if text.len() > 1 && text.starts_with('0') && !text.contains('.') {
            return han_digits(text);
        }
        self.amount(text)
    }

    fn amount(&self, text: &str) -> String {
        let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, decimals)| (whole, Some(decimals)));
        let whole = whole.parse().map_or_else(|_| han_digits(whole), |n| self.spell(n));
        match decimals {
            Some(decimals) => format!("{whole}点{}", han_digits(decimals)),
            None => whole,
        }
    }

    /// `1771-05-25`, `1771/5/25`.
    fn date(&self, at: usize) -> Option<(usize, String)> {
        let whole = |place: usize| self.digits(place).filter(|(_, text)| !text.contains('.'));
        let (first_end, year) = whole(at).filter(|(_, year)| year.len() == 4)?;
        let separator = *self.chars.get(first_end).filter(|c| matches!(c, '-' | '/'))?;
        let (second_end, month) = whole(first_end + 1)?;
        if self.chars.get(second_end) != Some(&separator) {
            return None;
        }
        let (end, day) = whole(second_end + 1)?;
        let (month, day): (u64, u64) = (month.parse().ok()?, day.parse().ok()?);
        let year = if self.is_chinese() { han_digits(&year) } else { self.amount(&year) };
        ((1..=12).contains(&month) && (1..=31).contains(&day))
            .then(|| (end, format!("{year}年{}月{}日", self.spell(month), self.spell(day))))
    }

    /// `17:30`.
    fn clock(&self, text: &str, to: usize) -> Option<(usize, String)> {
        let hour: u64 = text.parse().ok().filter(|hour| *hour < 25)?;
        if !matches!(self.chars.get(to), Some(':' | '：')) {
            return None;
        }
        let (end, minutes) = self.digits(to + 1).filter(|(_, text)| text.len() == 2)?;
        let minute: u64 = minutes.parse().ok().filter(|minute| *minute < 60)?;
        let sign = if self.is_chinese() { "点" } else { "時" };
        let tail = if minute == 0 { String::new() } else { format!("{}分", self.spell(minute)) };
        Some((end, format!("{}{sign}{tail}", self.spell(hour))))
    }

    /// A Roman numeral that stands alone among other letters: `XII世紀`, `路易XIV`.
    fn roman(&self, at: usize) -> Option<(usize, String)> {
        let letter = |c: &char| c.is_ascii_alphanumeric();
        if at > 0 && letter(&self.chars[at - 1]) {
            return None;
        }
        let numeral: String = self.chars[at..].iter().take_while(|c| letter(c)).collect();
        let n = roman_value(&numeral).filter(|_| numeral.chars().all(|c| "IVX".contains(c)))?;
        Some((at + numeral.len(), self.spell(n)))
    }
}
