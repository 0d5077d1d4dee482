//! Numbers that a recogniser writes half in Chinese numerals and half in digits: `一点2米` for 1.2 m.
//!
//! Invariant: text without such a number stays as it is.

use crate::domain::{Language, Script};

const NUMERALS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const LARGER: &str = "〇十百千万萬亿億两兩半";
const POINTS: [char; 2] = ['点', '點'];

/// The text with decimals of both scripts in digits only.
pub fn in_one_script(text: &str, language: Language) -> String {
    if language.script() != Script::Ideographic || !text.contains(POINTS) {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut written = chars.clone();
    for at in (0..chars.len()).filter(|at| POINTS.contains(&chars[*at])) {
        let before = chars[..at].iter().rev().take_while(|c| digit(**c).is_some()).count();
        let after = chars[at + 1..].iter().take_while(|c| digit(**c).is_some()).count();
        let own = [&chars[at - before..at], &chars[at + 1..at + 1 + after]].concat();
        if before > 0 && after > 0 && own.iter().any(char::is_ascii_digit) {
            written[at] = '.';
            for place in at - before..at + 1 + after {
                written[place] = digit(chars[place]).unwrap_or(written[place]);
            }
        }
    }
    written.into_iter().collect()
}

/// Whether digits or Chinese numerals stand in the text. Number words of other languages are left to `facts`.
pub fn any(text: &str) -> bool {
    text.chars().any(|c| digit(c).is_some() || LARGER.contains(c))
}

/// The value of a Chinese numeral below ten.
pub fn value(c: char) -> Option<u8> {
    match c {
        '两' | '兩' => Some(2),
        '〇' => Some(0),
        _ => NUMERALS.iter().position(|numeral| *numeral == c).and_then(|value| u8::try_from(value).ok()),
    }
}

fn digit(c: char) -> Option<char> {
    let value = NUMERALS.iter().position(|numeral| *numeral == c);
    c.is_ascii_digit().then_some(c).or_else(|| char::from_digit(value? as u32, 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_decimals_of_both_scripts_are_rewritten() {
        let cases = [
            ("树干宽一点2米", "树干宽1.2米"),
            ("高1点二米", "高1.2米"),
            ("一点二米", "一点二米"),
            ("下午3点到", "下午3点到"),
            ("三点", "三点"),
            ("点2", "点2"),
        ];
        for (text, wanted) in cases {
            assert_eq!(in_one_script(text, Language::ZH), wanted);
        }
        assert_eq!(in_one_script("一点2", Language::EN), "一点2");
    }

    #[test]
    fn numerals_have_values() {
        assert_eq!(
            ['〇', '两', '兩', '九', '十', '塔', '5'].map(value),
            [Some(0), Some(2), Some(2), Some(9), None, None, None]
        );
    }

    proptest! {
        #[test]
        fn the_length_stays(text in "[一二点點0-9米.]{0,12}") {
            prop_assert_eq!(in_one_script(&text, Language::ZH).chars().count(), text.chars().count());
        }
    }
}
