//! Numbers written as one word: German `einundzwanzigsten`, `zweitausendfünfhundert`, Italian `millesettecentosettantuno`,
//! and words that begin with one: `dreistöckig`, `трёхъярусный`.

use super::sentence::Sentence;
use super::words::{Piece, Words};

/// Longest word that is taken apart.
const LONGEST: usize = 60;
/// Attempts before a word is given up: no word of a text needs more.
const MOST_STEPS: usize = 2_000;

/// Longest number that a German word is looked at for: `vierundzwanzig`.
const LONGEST_OPENING: usize = 18;

/// Endings of ordinals, the longest first.
const GERMAN_ORDINALS: [&str; 10] = ["sten", "ster", "stes", "stem", "ste", "ten", "ter", "tes", "tem", "te"];
const ITALIAN_ORDINALS: [&str; 4] = ["esimo", "esima", "esimi", "esime"];

/// The value of the word that begins here, whether it is an ordinal, and its end.
pub(super) fn compound(sentence: &Sentence, words: &Words, at: usize) -> Option<(i64, bool, usize)> {
    let end = sentence.word_end(at);
    if !(4..=LONGEST).contains(&(end - at)) {
        return None;
    }
    let word = sentence.text(at, end);
    let endings: &[&str] = match sentence.language.tag() {
        "de" => &GERMAN_ORDINALS,
        "it" => &ITALIAN_ORDINALS,
        _ => return None,
    };
    let whole = |text: &str| value_of(text, words);
    if let Some(value) = whole(&word) {
        return Some((value, false, end));
    }
    endings.iter().find_map(|ending| {
        let stem = word.strip_suffix(ending)?;
        let vowels = ["", "i", "e", "o", "a", "ici"];
        let value = vowels.iter().find_map(|vowel| whole(&format!("{stem}{vowel}")))?;
        Some((value, true, end))
    })
}

/// Italian writes the name of a century, `il Quattrocento`, with a capital in the middle of a sentence.
pub(super) fn names_century(sentence: &Sentence, value: i64, at: usize) -> bool {
    sentence.language.tag() == "it"
        && (200..=900).contains(&value)
        && value % 100 == 0
        && sentence.written.get(at).is_some_and(|c| c.is_uppercase())
        && sentence.before(sentence.skip_back(at)).is_some_and(|c| c == '\'' || c.is_lowercase())
}

/// German `zweieinhalb`, `dreieinhalben`: the whole before the half, and the end of the word.
pub(super) fn and_half(sentence: &Sentence, words: &Words, at: usize) -> Option<(i64, usize)> {
    let end = sentence.word_end(at);
    if sentence.language.tag() != "de" || !(9..=LONGEST).contains(&(end - at)) {
        return None;
    }
    let word = sentence.text(at, end);
    let stem = ["einhalb", "einhalbe", "einhalben"].iter().find_map(|half| word.strip_suffix(half))?;
    Some((value_of(stem, words)?, end))
}

fn value_of(text: &str, words: &Words) -> Option<i64> {
    let chars: Vec<char> = text.chars().collect();
    let mut steps = 0;
    pieces(&chars, words, &mut Vec::new(), &mut steps)
}

/// Takes the word apart, the longest piece first, until the pieces make a number.
fn pieces(rest: &[char], words: &Words, taken: &mut Vec<Piece>, steps: &mut usize) -> Option<i64> {
    *steps += 1;
    if *steps > MOST_STEPS {
        return None;
    }
    if rest.is_empty() {
        return evaluate(taken);
    }
    for length in (2..=rest.len().min(12)).rev() {
        let Some(word) = words.numbers.exact(&rest[..length]).filter(|word| !word.ordinal) else { continue };
        taken.push(word.piece);
        let found = pieces(&rest[length..], words, taken, steps);
        taken.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

/// `ein-und-zwanzig` puts the ones first; everything else falls from large to small.
fn evaluate(pieces: &[Piece]) -> Option<i64> {
    let (mut total, mut group) = (0_i64, 0_i64);
    let mut ones_first = None;
    for (place, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Add(value @ 1..10) if pieces.get(place + 1) == Some(&Piece::And) => ones_first = Some(value),
            Piece::And if ones_first.is_some() || group > 0 || total > 0 => {}
            Piece::Add(value @ (20 | 30 | 40 | 50 | 60 | 70 | 80 | 90)) if group % 100 == 0 => {
                group += value + ones_first.take().unwrap_or(0);
            }
            Piece::Add(10) if (3..10).contains(&(group % 100)) => group += 10,
            Piece::Add(value @ 1..10) if group % 10 == 0 && group % 100 != 10 => group += value,
            Piece::Add(value @ 10..20) if group % 100 == 0 => group += value,
            Piece::Times(100) if group < 20 => group = group.max(1) * 100,
            Piece::Times(1_000) if total == 0 => {
                total = group.max(1) * 1_000;
                group = 0;
            }
            _ => return None,
        }
    }
    ones_first.is_none().then(|| total + group).filter(|value| *value > 0)
}

/// What Russian puts before a noun of counted parts, the longest first: `трёхъярусный`, `сорокалетний`.
const RUSSIAN: [(&str, i64); 44] = [
    ("тысячелетн", 1_000),
    ("столетн", 100),
    ("двухсот", 200),
    ("трёхсот", 300),
    ("трехсот", 300),
    ("четырёхсот", 400),
    ("четырехсот", 400),
    ("пятисот", 500),
    ("шестисот", 600),
    ("семисот", 700),
    ("восьмисот", 800),
    ("девятисот", 900),
    ("двух", 2),
    ("дву", 2),
    ("трёх", 3),
    ("трех", 3),
    ("четырёх", 4),
    ("четырех", 4),
    ("пятидесяти", 50),
    ("шестидесяти", 60),
    ("семидесяти", 70),
    ("восьмидесяти", 80),
    ("девяносто", 90),
    ("одиннадцати", 11),
    ("двенадцати", 12),
    ("тринадцати", 13),
    ("четырнадцати", 14),
    ("пятнадцати", 15),
    ("шестнадцати", 16),
    ("семнадцати", 17),
    ("восемнадцати", 18),
    ("девятнадцати", 19),
    ("тысячи", 1_000),
    ("одно", 1),
    ("сорока", 40),
    ("двадцати", 20),
    ("тридцати", 30),
    ("пяти", 5),
    ("шести", 6),
    ("семи", 7),
    ("восьми", 8),
    ("девяти", 9),
    ("десяти", 10),
    ("сто", 100),
];

/// The number a longer word begins with, and the end of that word: `dreistöckig`.
pub(super) fn opening(sentence: &Sentence, words: &Words, at: usize) -> Option<(i64, usize)> {
    let end = sentence.word_end(at);
    if end - at < 6 || end - at > LONGEST {
        return None;
    }
    let word = &sentence.chars[at..end];
    match sentence.language.tag() {
        "de" => {
            let longest = LONGEST_OPENING.min(word.len() - 3);
            (3..=longest).rev().find_map(|length| {
                let opening: String = word[..length].iter().collect();
                let article = words.numbers.exact(&word[..length]).is_some_and(|word| word.ordinal || word.optional);
                (!article).then(|| value_of(&opening, words)).flatten().map(|value| (value, end))
            })
        }
        // `quarantenne`: forty years old.
        "it" => {
            let text = sentence.text(at, end);
            let stem = text.strip_suffix("enne").or_else(|| text.strip_suffix("enni"))?;
            let value = ["a", "i"].iter().find_map(|vowel| value_of(&format!("{stem}{vowel}"), words))?;
            Some((value, end))
        }
        "ru" => {
            let text = sentence.text(at, end);
            RUSSIAN.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, value)| (*value, end))
        }
        _ => None,
    }
}
