//! Finding Vietnamese names in a text of another language, and giving each its sound.
//!
//! A word is Vietnamese where it has letters that the text's own language does not (`Nhơn` in a French text) and is a
//! possible Vietnamese syllable; capitalised syllables beside it belong to the name (`Hồ Phi Phúc`). Names whose
//! letters give nothing away (`Quang Trung`, `Dao Duy Tu`) come from the glossary. Invariant: a name is a run of whole
//! words; a word that is no Vietnamese syllable is never part of one.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::ipa::syllable_ipa;
use super::syllable::{Syllable, parse};
use crate::domain::{GlossaryEntry, Language};

/// Where a name was found (a range of characters), and its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundName {
    pub from: usize,
    pub to: usize,
    pub ipa: String,
}

/// Reads Vietnamese names aloud in one other language.
#[derive(Clone, Debug)]
pub struct NameReader {
    language: Language,
    /// First word, to the names that begin with it, the longest first.
    names: HashMap<String, Vec<Name>>,
}

#[derive(Clone, Debug)]
struct Name {
    words: Vec<String>,
    syllables: Vec<Syllable>,
}

struct Word {
    from: usize,
    to: usize,
    text: String,
    syllable: Option<Syllable>,
}

/// Small words that open a sentence with a capital and look like Vietnamese syllables.
fn opens_sentences(language: Language) -> &'static [&'static str] {
    match language.tag() {
        "en" => &[
            "The", "A", "An", "At", "In", "On", "To", "Of", "So", "No", "Do", "He", "She", "Me", "We", "By", "My",
            "Can", "Than", "Then", "It", "Its", "But", "Up", "Am", "Go", "Both",
        ],
        "fr" => &[
            "À", "A", "La", "Le", "De", "Et", "Un", "Au", "Son", "Sa", "Ta", "Tu", "Ce", "Se", "Si", "On", "Ni", "Non",
            "Ma", "Mon", "Ton", "Ne", "En", "Y", "Ô", "Où", "Ou", "Du", "Tout", "Dans", "Sous", "Qui", "Que", "Quand",
            "Mais", "Car",
        ],
        "pt" => &[
            "O", "A", "E", "É", "No", "Na", "Do", "Da", "De", "Em", "Um", "Com", "Se", "Ao", "À", "Tem", "Sem", "Tu",
            "Que", "Quem", "Há", "Não", "Nem", "Até", "Ou", "Mas", "São", "Vão",
        ],
        "es" => &[
            "La", "Lo", "De", "En", "Un", "Con", "Su", "Se", "Sé", "Si", "Sí", "Y", "A", "Tu", "Tú", "Te", "Me", "Ni",
            "No", "O", "Da", "Son", "Que", "Qué", "Han", "Ha", "Muy", "Tan",
        ],
        "it" => &[
            "La", "Lo", "Le", "I", "Un", "Di", "Da", "A", "In", "Con", "Su", "Si", "Sì", "Se", "Ma", "Che", "Chi", "E",
            "È", "Ha", "Ho", "Non", "Ne", "Tu", "Tra", "Qui", "O", "Ai", "Un",
        ],
        _ => &[],
    }
}

/// Letters with marks that the language writes itself, so that they prove nothing.
fn own_letters(language: Language) -> &'static str {
    match language.tag() {
        "en" => "éèêàâôñüöäç",
        "fr" => "àâäçéèêëîïôöùûüÿœæñ",
        "pt" => "àáâãçéêíñóôõúü",
        "es" => "áéíñóúü",
        "it" => "àèéìíîòóùú",
        _ => "",
    }
}

fn unaccented(text: &str) -> String {
    text.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        })
        .collect()
}

impl NameReader {
    /// A reader for texts in `language`; the glossary gives names whose letters do not show that they are Vietnamese.
    #[must_use]
    pub fn new(language: Language, glossary: &[GlossaryEntry]) -> Self {
        let mut reader = Self { language, names: HashMap::new() };
        for entry in glossary {
            for form in std::iter::once(&entry.term).chain(&entry.forms) {
                reader.add(form, form);
                reader.add(&unaccented(form), form);
            }
            for rendering in entry.renderings.get(&language).into_iter().flatten() {
                // `Binh Dinh` is said like the term it stands for; `Twin Towers` is no syllables at all.
                let spoken = if unaccented(rendering) == unaccented(&entry.term) { &entry.term } else { rendering };
                let (mine, theirs) = (rendering.split(' ').count(), spoken.split(' ').count());
                if mine == theirs && spoken == &entry.term {
                    reader.insert(rendering, spoken);
                }
            }
        }
        for names in reader.names.values_mut() {
            names.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
        }
        reader
    }

    /// Adds a form of a name when it cannot be mistaken: two words at least, marked or each with a capital.
    fn add(&mut self, written: &str, spoken: &str) {
        let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let words = written.split(' ').count();
        if words > 1 && (!written.is_ascii() || written.split(' ').all(capital)) {
            self.insert(written, spoken);
        }
    }

    fn insert(&mut self, written: &str, spoken: &str) {
        let Some(syllables) = spoken.split(' ').map(parse).collect::<Option<Vec<_>>>() else { return };
        let words: Vec<String> = written.split(' ').map(str::to_owned).collect();
        let names = self.names.entry(words[0].clone()).or_default();
        if !names.iter().any(|name| name.words == words) {
            names.push(Name { words, syllables });
        }
    }

    /// Whether the word has letters only Vietnamese writes.
    pub(crate) fn is_foreign(&self, word: &str) -> bool {
        let own = own_letters(self.language);
        let small: String = word.nfc().flat_map(char::to_lowercase).collect();
        // `Bánh`: Spanish has á, but no word that ends so.
        let shaped = ["nh", "ng", "ch"].iter().any(|end| small.ends_with(end)) || small.starts_with("ng");
        small.chars().any(|c| is_vietnamese_letter(c) && (shaped || !own.contains(c)))
    }

    /// Every name in order, none overlapping. None in a Vietnamese text, where every word is at home.
    pub(crate) fn find(&self, text: &[char]) -> Vec<FoundName> {
        let mut words = words(text);
        let mut kind = self.kinds(&mut words);
        self.grow(text, &words, &mut kind);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            if !kind[at] {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            while end < words.len() && kind[end] && adjacent(text, &words[end - 1], &words[end]) {
                end += 1;
            }
            if let Some(ipa) = self.ipa(&words[at..end]) {
                found.push(FoundName { from: words[at].from, to: words[end - 1].to, ipa });
            }
            at = end;
        }
        found
    }

    /// Which words are names by themselves or by the glossary; the glossary's own syllables replace what was parsed.
    fn kinds(&self, words: &mut [Word]) -> Vec<bool> {
        let mut kind: Vec<bool> = words.iter().map(|w| w.syllable.is_some() && self.is_foreign(&w.text)).collect();
        let mut at = 0;
        while at < words.len() {
            let name = self.names.get(&words[at].text).and_then(|names| {
                names.iter().find(|name| {
                    let end = at + name.words.len();
                    end <= words.len()
                        && words[at..end].iter().zip(&name.words).all(|(word, wanted)| word.text == *wanted)
                })
            });
            let Some(name) = name else {
                at += 1;
                continue;
            };
            for (offset, syllable) in name.syllables.iter().enumerate() {
                words[at + offset].syllable = Some(syllable.clone());
                kind[at + offset] = true;
            }
            at += name.words.len();
        }
        kind
    }

    /// Lets names take in the capitalised syllables beside them.
    fn grow(&self, text: &[char], words: &[Word], kind: &mut [bool]) {
        let capital = |w: &Word| w.text.chars().next().is_some_and(char::is_uppercase);
        // English has hardly a marked word of its own, so `bài` before `chòi` belongs to it.
        let marked = |w: &Word| self.language == Language::EN && !w.text.is_ascii();
        let fits = |w: &Word| (capital(w) || marked(w)) && w.syllable.is_some();
        for at in 1..words.len() {
            if kind[at - 1] && !kind[at] && fits(&words[at]) && adjacent(text, &words[at - 1], &words[at]) {
                kind[at] = true;
            }
        }
        let openers = opens_sentences(self.language);
        for at in (1..words.len()).rev() {
            let before = &words[at - 1];
            if kind[at] && !kind[at - 1] && fits(before) && adjacent(text, before, &words[at]) {
                kind[at - 1] = capital(&words[at]) == capital(before) && !openers.contains(&before.text.as_str());
            }
        }
    }

    fn ipa(&self, words: &[Word]) -> Option<String> {
        let last = words.len() - 1;
        let syllables = words.iter().enumerate().map(|(place, word)| {
            let stress = if place == last { "ˈ" } else { "ˌ" };
            syllable_ipa(word.syllable.as_ref()?, stress, self.language)
        });
        syllables.collect::<Option<Vec<_>>>().map(|all| all.join(" "))
    }
}

/// A small letter of Vietnamese that carries a mark.
fn is_vietnamese_letter(c: char) -> bool {
    const MARKS: &str = "\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31b}\u{323}";
    let mut parts = c.nfd();
    let vowel = parts.next().is_some_and(|base| "aeiouy".contains(base));
    c == 'đ' || (!c.is_ascii() && vowel && parts.all(|mark| MARKS.contains(mark)))
}

/// The word without what only Vietnamese writes, for voices that would spell such letters out.
pub(crate) fn plain_letters(word: &str) -> String {
    unaccented(word)
}

fn words(text: &[char]) -> Vec<Word> {
    let letter = |c: char| c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !letter(text[at]) {
            at += 1;
            continue;
        }
        let to = at + text[at..].iter().take_while(|c| letter(**c)).count();
        let word: String = text[at..to].iter().collect::<String>().nfc().collect();
        found.push(Word { from: at, to, syllable: parse(&word), text: word });
        at = to;
    }
    found
}

/// One space or hyphen between the two words.
fn adjacent(text: &[char], left: &Word, right: &Word) -> bool {
    right.from == left.to + 1 && (text[left.to] == '-' || text[left.to].is_whitespace())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn entry(term: &str, english: &[&str]) -> GlossaryEntry {
        let renderings = BTreeMap::from([(Language::EN, english.iter().map(|r| (*r).to_owned()).collect())]);
        GlossaryEntry { term: term.to_owned(), forms: Vec::new(), renderings, note: None }
    }

    fn names(text: &str, language: Language) -> Vec<String> {
        let glossary = [
            entry("Quang Trung", &[]),
            entry("Đào Duy Từ", &["Đào Duy Từ", "Dao Duy Tu"]),
            entry("Chăm", &["Cham"]),
            entry("Tháp Đôi", &["Twin Towers"]),
            entry("Côn", &[]),
        ];
        let chars: Vec<char> = text.chars().collect();
        let reader = NameReader::new(language, &glossary);
        reader.find(&chars).into_iter().map(|name| chars[name.from..name.to].iter().collect()).collect()
    }

    #[test]
    fn names_are_found_whole() {
        assert_eq!(
            names("In Quy Nhơn, Hồ Phi Phúc met the King Quang Trung.", Language::EN),
            ["Quy Nhơn", "Hồ Phi Phúc", "Quang Trung"]
        );
        assert_eq!(
            names("The Tây Sơn brothers saw bài chòi and Dao Duy Tu.", Language::EN),
            ["Tây Sơn", "bài chòi", "Dao Duy Tu"]
        );
        assert_eq!(
            names("À Đà Nẵng, la forêt est là, près de Huế et de Mỹ Sơn.", Language::FR),
            ["Đà Nẵng", "Huế", "Mỹ Sơn"]
        );
        assert_eq!(names("São três irmãos de Quy Nhơn até São Paulo.", Language::PT), ["Quy Nhơn"]);
        assert_eq!(names("Con una torre de Bánh Ít, el rey Gia Long.", Language::ES), ["Bánh Ít"]);
        assert_eq!(names("Cham towers, Champa, Shiva, Twin Towers, café.", Language::EN), ["Cham"]);
    }

    #[test]
    fn unaccented_names_sound_like_the_name() {
        let glossary = [entry("Đào Duy Từ", &["Dao Duy Tu"])];
        let reader = NameReader::new(Language::EN, &glossary);
        let ipa = |text: &str| reader.find(&text.chars().collect::<Vec<_>>()).remove(0).ipa;
        assert_eq!(ipa("Dao Duy Tu"), ipa("Đào Duy Từ"));
    }
}
