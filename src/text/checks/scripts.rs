//! Letters that a language is not written in. Latin names may stand in any text, and a word in another script in
//! brackets or copied from the source is a quotation.

use super::limits;
use super::tokens::Text;
use crate::domain::{Finding, FindingKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    Latin,
    Cyrillic,
    Greek,
    Han,
    Kana,
    Hangul,
    Other,
}

pub(super) fn letters(c: char) -> Option<Letters> {
    if !c.is_alphabetic() {
        return None;
    }
    Some(match c {
        'A'..='Z'
        | 'a'..='z'
        | 'ª'
        | 'º'
        | '\u{c0}'..='\u{24f}'
        | '\u{250}'..='\u{2ff}'
        | '\u{1e00}'..='\u{1eff}'
        | 'Ａ'..='ｚ' => Letters::Latin,
        '\u{400}'..='\u{52f}' => Letters::Cyrillic,
        '\u{370}'..='\u{3ff}' => Letters::Greek,
        '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Letters::Kana,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => Letters::Hangul,
        '々' | '〇' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Letters::Han,
        '\u{2070}'..='\u{218f}' => return None,
        _ => Letters::Other,
    })
}

/// The scripts a language is written in; Latin names stand in every language's texts.
pub(super) fn own(tag: &str) -> &'static [Letters] {
    match tag {
        "ru" => &[Letters::Cyrillic, Letters::Latin],
        "ja" => &[Letters::Kana, Letters::Han, Letters::Latin],
        "zh" => &[Letters::Han, Letters::Latin],
        "ko" => &[Letters::Hangul, Letters::Latin],
        _ => &[Letters::Latin],
    }
}

/// Letters of the wrong script: the first stretch of them.
pub(super) fn script(source: &Text<'_>, target: &Text<'_>) -> Option<Finding> {
    let wrong = |c: char| letters(c).is_some_and(|script| !own(target.language.tag()).contains(&script));
    let mut depth = 0_usize;
    let mut at = 0;
    while at < target.chars.len() {
        let c = target.chars[at];
        depth = match c {
            '(' | '（' | '[' | '「' | '“' | '«' | '《' => depth + 1,
            ')' | '）' | ']' | '」' | '”' | '»' | '》' => depth.saturating_sub(1),
            _ => depth,
        };
        if !wrong(c) {
            at += 1;
            continue;
        }
        let end = at + target.chars[at..].iter().take_while(|c| wrong(**c) || **c == 'ー').count();
        let text: String = target.chars[at..end].iter().collect();
        let quoted = depth > 0 || target.chars.get(at.wrapping_sub(1)).is_some_and(|c| matches!(c, '"' | '\''));
        if end - at >= limits::FOREIGN_LETTERS && !(quoted && end - at <= 12) {
            let copied = source.raw.contains(&text);
            let kind = if copied { FindingKind::SourceLeft } else { FindingKind::Script };
            let what = if copied {
                "is left in the script of the source"
            } else {
                "is in letters that the language does not use"
            };
            let message = format!("`{text}` {what}");
            return Some(Finding {
                kind,
                source: None,
                target: Some(target.span(at, end)),
                accepted: Vec::new(),
                message,
            });
        }
        at = end;
    }
    mostly_latin(target)
}

/// A Russian, Japanese, Chinese or Korean text that is Latin for the most part.
fn mostly_latin(target: &Text<'_>) -> Option<Finding> {
    let main = own(target.language.tag())[0];
    if main == Letters::Latin {
        return None;
    }
    let (mut own_letters, mut latin) = (0, 0);
    for c in &target.chars {
        match letters(*c) {
            Some(Letters::Latin) => latin += 1,
            Some(_) => own_letters += 1,
            None => {}
        }
    }
    let message = "the translation is in Latin letters for the most part".to_owned();
    (latin > 24 && latin > 6 * own_letters).then(|| Finding {
        kind: FindingKind::Script,
        source: None,
        target: Some(target.span(0, target.chars.len())),
        accepted: Vec::new(),
        message,
    })
}
