//! What languages put on names: plural marks, cases, particles.
//!
//! A list is generous, since a name is only looked for where it was found in the source; it never lets one word be
//! taken for a longer one that only begins like it.

use crate::domain::Language;

/// Cases and numbers of Russian nouns and adjectives.
const RUSSIAN: &str =
    "а у ом е ы и ов ам ами ах я ю ем ём ой ей ью ого его ому ему ым им ые ие ых их ыми ими ая яя ую ое ее ь й ый";

const GERMAN: &str = "s es n en e er em ern";

/// Particles that stand after a noun, and the copula.
const KOREAN: &str = "은 는 이 가 을 를 의 에 에서 에게 에는 에서는 에도 로 으로 로는 으로는 로서 으로서 와 과 와의 과의 도 만 \
                      까지 부터 처럼 보다 이나 나 께서 한테 이라는 라는 이라고 라고 이며 며 인 이다 입니다 이었다 였다 들 들은 들의";

/// What Korean joins to a name before the particle: a statue, a god, a king, a citadel, a tower, a river, a people,
/// a dynasty, a town, an army.
const KOREAN_NOUNS: [&str; 12] = ["상", "신", "왕", "성", "탑", "강", "족", "조", "시", "군", "대", "식"];

/// Whether `word` is `form` with an ending of the language.
pub(super) fn may_end(form: &str, word: &str, language: Language) -> bool {
    let long = form.chars().count() > 2;
    match language.tag() {
        "ru" => long && is_russian(form, word),
        "ko" => ends(form, word, KOREAN) || is_joined_to_noun(form, word),
        _ if !long => false,
        "de" => ends(form, word, GERMAN),
        "en" | "fr" | "es" => ends(form, word, "s es"),
        "pt" => ends(form, word, "s es") || changes(form, word, &[("m", "ns"), ("l", "is"), ("ão", "ões")]),
        "it" => changes(form, word, &[("io", "i"), ("o", "i"), ("a", "e"), ("e", "i")]),
        _ => false,
    }
}

/// `endings` are parted by spaces.
fn ends(form: &str, word: &str, endings: &str) -> bool {
    word.strip_prefix(form).is_some_and(|ending| endings.split(' ').any(|one| one == ending))
}

fn is_joined_to_noun(form: &str, word: &str) -> bool {
    let rest = word.strip_prefix(form).filter(|_| form.chars().count() > 1);
    rest.and_then(|rest| KOREAN_NOUNS.iter().find_map(|noun| rest.strip_prefix(noun)))
        .is_some_and(|particle| particle.is_empty() || KOREAN.split(' ').any(|one| one == particle))
}

fn changes(form: &str, word: &str, changes: &[(&str, &str)]) -> bool {
    changes.iter().any(|(from, to)| {
        form.strip_suffix(from).is_some_and(|stem| !stem.is_empty() && word.strip_suffix(to) == Some(stem))
    })
}

/// A Russian name keeps its stem: the form without its last vowel, soft sign or `й`.
fn is_russian(form: &str, word: &str) -> bool {
    let stem = form.trim_end_matches(['а', 'я', 'о', 'е', 'ё', 'ы', 'и', 'ь', 'й', 'у', 'ю']);
    let stem = if form.chars().count() - stem.chars().count() > 2 { form } else { stem };
    stem.chars().count() > 1 && (word == stem || ends(stem, word, RUSSIAN))
}
