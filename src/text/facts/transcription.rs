//! Vietnamese names in Cyrillic and Hangul: `Куинён`, `꾸이년` for Quy Nhơn.
//!
//! Several systems are in use, and people mix them, so only what they agree on is compared: the consonants, in classes
//! that no system tells apart more finely (`đ t th`, `b p v`, `ch tr d gi`). The vowels are left out, and so is an `h`
//! that may be part of the consonant before it (`тх`, `кх`).

use super::sentence::is_letter;
use crate::text::vietnamese::plain_letters;

/// A single consonant fits too many words.
const SHORTEST: usize = 2;
/// Consonants that endings add: `кхмерский`.
const LONGEST_ENDING: usize = 3;
/// A word in small letters must be an adjective or the like to be a name.
const SHORTEST_SMALL: usize = 5;
/// Words that a name may be written in.
const MOST_WORDS: usize = 6;

/// The consonants of a Vietnamese name; `None` where they are too few to tell it from other words.
pub(super) fn of_vietnamese(name: &str) -> Option<Vec<u8>> {
    let mut skeleton = Vec::new();
    for word in name.to_lowercase().split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let marked = word.starts_with('đ');
        let plain = plain_letters(word);
        let mut rest = plain.as_str();
        let mut initial = true;
        while let Some(first) = rest.chars().next() {
            let known = [
                ("ngh", b'N'),
                ("ng", b'N'),
                ("nh", b'N'),
                ("ch", b'C'),
                ("tr", b'C'),
                ("th", b'T'),
                ("ph", b'B'),
                ("kh", b'K'),
                ("gh", b'G'),
                ("gi", b'C'),
                ("qu", b'K'),
                ("h", b'H'),
                ("n", b'N'),
                ("c", b'K'),
                ("k", b'K'),
                ("g", b'G'),
                ("t", b'T'),
                ("b", b'B'),
                ("p", b'B'),
                ("v", b'B'),
                ("m", b'M'),
                ("l", b'L'),
                ("r", b'L'),
                ("s", b'S'),
                ("x", b'S'),
                ("d", if marked { b'T' } else { b'C' }),
            ];
            match known.iter().find(|(letters, _)| rest.starts_with(letters)) {
                Some((letters, class)) => {
                    let last = if !initial && *letters == "ch" { b'K' } else { *class };
                    skeleton.push(last);
                    rest = &rest[letters.len()..];
                }
                None => rest = &rest[first.len_utf8()..],
            }
            initial = false;
        }
    }
    (skeleton.len() >= SHORTEST).then_some(skeleton)
}

/// Whether the consonants of a name stand in a text in Cyrillic or Hangul, the place, in characters.
pub(super) fn find(skeleton: &[u8], text: &[char]) -> Option<std::ops::Range<usize>> {
    let mut words: Vec<(usize, usize, Vec<u8>)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = at + text[at..].iter().take_while(|c| is_letter(**c)).count();
        if end > at {
            let small: Vec<char> = text[at..end].iter().flat_map(|c| c.to_lowercase()).collect();
            words.push((at, end, consonants(&small)));
        }
        at = end.max(at + 1);
    }
    let opens = |first: &usize| {
        let (from, to, _) = words[*first];
        !text[from].is_lowercase() || to - from >= SHORTEST_SMALL
    };
    (0..words.len()).filter(opens).find_map(|first| {
        let mut held: Vec<u8> = Vec::new();
        for (_, end, more) in words[first..].iter().take(MOST_WORDS) {
            held.extend(more);
            let (fitting, rest) = common(skeleton, &held);
            if fitting == skeleton.len() && rest <= LONGEST_ENDING {
                return Some(words[first].0..*end);
            }
            if rest > 0 {
                return None;
            }
        }
        None
    })
}

/// An `h` that may belong to the consonant before it.
const BREATH: u8 = b'h';

/// How many classes of a name the held ones give, and how many of these come behind or do not fit.
fn common(skeleton: &[u8], held: &[u8]) -> (usize, usize) {
    let (mut wanted, mut at) = (0, 0);
    while at < held.len() {
        let class = if held[at] == BREATH { b'H' } else { held[at] };
        if skeleton.get(wanted) == Some(&class) {
            wanted += 1;
        } else if held[at] != BREATH {
            break;
        }
        at += 1;
    }
    (wanted, held[at..].iter().filter(|class| **class != BREATH).count())
}

fn consonants(word: &[char]) -> Vec<u8> {
    let mut classes = Vec::new();
    for (place, c) in word.iter().enumerate() {
        let after_n = place > 0 && word[place - 1] == 'н';
        let class = match c {
            'н' => b'N',
            'х' if place > 0 && matches!(word[place - 1], 'т' | 'к' | 'п') => BREATH,
            'х' => b'H',
            'г' if after_n => continue,
            'г' => b'G',
            'к' => b'K',
            'ч' | 'з' | 'ж' | 'ц' => b'C',
            'т' | 'д' => b'T',
            'ф' | 'б' | 'п' | 'в' => b'B',
            'м' => b'M',
            'л' | 'р' => b'L',
            'ш' | 'с' => b'S',
            '\u{ac00}'..='\u{d7a3}' => {
                classes.extend(hangul(*c));
                continue;
            }
            _ => continue,
        };
        classes.push(class);
    }
    classes
}

/// First and last consonant of a syllable block (Unicode, chapter 3.12).
fn hangul(c: char) -> impl Iterator<Item = u8> {
    let index = c as u32 - 0xac00;
    let first = match index / 588 {
        0 | 1 | 15 => Some(b'K'),
        2 => Some(b'N'),
        3 | 4 | 16 => Some(b'T'),
        5 => Some(b'L'),
        6 => Some(b'M'),
        7 | 8 | 17 => Some(b'B'),
        9 | 10 => Some(b'S'),
        12..=14 => Some(b'C'),
        18 => Some(b'H'),
        _ => None,
    };
    let last = match index % 28 {
        1..=3 | 24 => Some(b'K'),
        4..=6 | 21 => Some(b'N'),
        7 | 19 | 20 | 22 | 23 | 25 => Some(b'T'),
        8..=15 => Some(b'L'),
        16 => Some(b'M'),
        17 | 18 | 26 => Some(b'B'),
        _ => None,
    };
    first.into_iter().chain(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_other_letters() {
        for (name, text) in [
            ("Quang Trung", "годы правления Куанг Чунга"),
            ("Quy Nhơn", "в Куинёне"),
            ("Tây Sơn", "династия Тэйшон"),
            ("Nguyễn Nhạc", "столица Нгуен Няка"),
            ("Bình Định", "провинция Биньдинь"),
            ("Nguyễn Nhạc", "응우옌 냑의 도읍"),
            ("Quang Trung", "광중 2년"),
            ("Làng Sông", "랑송 인쇄소"),
            ("Ngọc Hồi", "응옥호이 전투"),
            ("Quy Hòa", "в Куихоа"),
            ("Nguyễn Huệ", "колонны Нгуен Хюэ"),
            ("Bắc Hà", "на рынке Бакха"),
            ("Hàn Mặc Tử", "시인 한막뜨는"),
            ("Chăm", "чамские башни"),
            ("Chăm", "참의 탑"),
        ] {
            let text: Vec<char> = text.chars().collect();
            assert!(find(&of_vietnamese(name).unwrap(), &text).is_some(), "{name}");
        }
        for (name, text) in [
            ("Quang Trung", "годы правления Зя Лонга"),
            ("Nguyễn Nhạc", "столица Нгуен Ань"),
            ("Quy Nhơn", "훼"),
            ("Nguyễn Huệ", "войско Нгуен Няка"),
        ] {
            let text: Vec<char> = text.chars().collect();
            assert!(find(&of_vietnamese(name).unwrap(), &text).is_none(), "{name}");
        }
    }
}
