//! A sentence less, and nothing in the translation that could have joined two.
//!
//! Who makes one sentence of two needs a word or a mark for it: `and`, `which`, a semicolon, a comma that is followed by
//! more than a few words. Where the translation has none of these, a sentence was left out, however the lengths look.
//! Only languages whose joining words are listed are judged; Chinese, Japanese, Korean and Vietnamese join by a comma or
//! by nothing.

use super::tokens::Text;
use crate::text::split_sentences;

/// Words before a comma that only opens a sentence (`À midi, …`), and after one that adds a few words.
const OPENING: usize = 4;
const CLOSING: usize = 2;

fn joining_words(tag: &str) -> Option<&'static [&'static str]> {
    Some(match tag {
        "en" => &[
            "and", "but", "or", "while", "whereas", "when", "where", "which", "who", "whose", "whom", "that", "as",
            "because", "since", "so", "then", "until", "before", "after", "although", "though", "if", "with", "for",
        ],
        "fr" => &[
            "et", "mais", "ou", "où", "qui", "que", "qu", "dont", "quand", "lorsque", "lorsqu", "puis", "car", "comme",
            "tandis", "alors", "avant", "après", "parce", "puisque", "si", "donc", "avec", "pour", "laquelle",
            "lequel",
        ],
        "es" => &[
            "y", "e", "o", "u", "pero", "sino", "que", "quien", "quienes", "cuyo", "cuya", "donde", "cuando", "como",
            "mientras", "porque", "pues", "luego", "antes", "después", "aunque", "si", "con", "para",
        ],
        "pt" => &[
            "e", "ou", "mas", "que", "quem", "cujo", "cuja", "onde", "quando", "como", "enquanto", "porque", "pois",
            "depois", "antes", "embora", "se", "com", "para",
        ],
        "it" => &[
            "e", "ed", "o", "ma", "che", "chi", "cui", "dove", "quando", "come", "mentre", "perché", "poi", "quindi",
            "dopo", "prima", "benché", "se", "con", "per",
        ],
        "de" => &[
            "und", "oder", "aber", "sondern", "dass", "welche", "welcher", "welches", "wo", "wenn", "als", "während",
            "weil", "da", "denn", "dann", "bevor", "nachdem", "obwohl", "mit", "sowie", "um",
        ],
        "ru" => &[
            "и",
            "а",
            "но",
            "или",
            "что",
            "чтобы",
            "который",
            "которая",
            "которое",
            "которые",
            "которого",
            "которой",
            "которых",
            "где",
            "когда",
            "как",
            "пока",
            "потому",
            "так",
            "затем",
            "до",
            "после",
            "хотя",
            "если",
            "с",
        ],
        _ => return None,
    })
}

/// Whether something in a sentence could have joined two; `None` where its language is not judged.
fn joins(sentence: &Text<'_>) -> Option<bool> {
    let words = joining_words(sentence.language.tag())?;
    // The word that opens a sentence leads nothing on.
    let word = sentence.tokens.iter().skip(1).any(|token| words.contains(&token.text.as_str()));
    let mark = sentence.chars.iter().enumerate().any(|(at, mark)| match mark {
        ';' | ':' | '–' | '—' | '…' | '(' => true,
        ',' => {
            let before = sentence.tokens.iter().filter(|token| token.end <= at).count();
            let after = sentence.tokens.len() - before;
            before > OPENING && after > CLOSING
        }
        _ => false,
    });
    Some(word || mark)
}

/// No sentence of the text could hold two of another language.
pub(super) fn nothing_joined(text: &Text<'_>) -> bool {
    joining_words(text.language.tag()).is_some()
        && split_sentences(text.raw, text.language)
            .iter()
            .all(|sentence| joins(&Text::new(sentence, text.language)) == Some(false))
}
