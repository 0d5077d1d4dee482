//! What mecab says of a sentence: words with their class and pronunciation.

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub surface: String,
    /// `名詞`, `助詞`, `記号` ...
    pub class: String,
    /// `数`, `接尾`, `接続助詞` ...
    pub kind: String,
    /// Pronunciation in katakana, long vowels as ー; empty where the dictionary has none.
    pub kana: String,
}

/// The sentences of mecab's output, each ended by its line `EOS`.
pub(super) fn sentences(output: &str) -> Vec<Vec<Word>> {
    let mut sentences = Vec::new();
    let mut words = Vec::new();
    for line in output.lines() {
        if line == "EOS" {
            sentences.push(std::mem::take(&mut words));
        } else if let Some((surface, features)) = line.split_once('\t') {
            words.push(word(surface, features));
        }
    }
    sentences
}

/// Fields of the NAIST dictionary: class, kinds 1-3, inflection, form, base, reading, pronunciation, accent, chaining.
fn word(surface: &str, features: &str) -> Word {
    let fields: Vec<&str> = features.split(',').collect();
    let field = |place: usize| fields.get(place).copied().unwrap_or("*");
    // ’ marks a vowel that may fall silent; the voice decides that by itself.
    let said: String = field(8).chars().filter(|c| *c != '’' && *c != '\'').collect();
    let kana = match said.as_str() {
        "*" if surface.chars().all(is_kana) => katakana(surface),
        "*" => String::new(),
        _ => said,
    };
    Word { surface: surface.to_owned(), class: field(0).to_owned(), kind: field(1).to_owned(), kana }
}

pub(super) fn is_kana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c) || ('ァ'..='ー').contains(&c)
}

/// Hiragana as katakana; anything else as it is.
pub(super) fn katakana(text: &str) -> String {
    text.chars()
        .map(|c| if ('ぁ'..='ゖ').contains(&c) { char::from_u32(c as u32 + 0x60).unwrap_or(c) } else { c })
        .collect()
}

/// Puts together what is written and said as one word: `立っ` and `て`, `まし` and `た`, `い` and `ます`.
pub(super) fn merged(words: Vec<Word>) -> Vec<Word> {
    let mut merged: Vec<Word> = Vec::new();
    for word in words {
        let joins = merged.last().is_some_and(|last| {
            let te = word.kind == "接続助詞" && matches!(word.surface.as_str(), "て" | "で") && last.class == "動詞";
            let past = word.class == "助動詞" && word.surface == "た" && last.class == "助動詞";
            let polite = word.class == "助動詞"
                && word.surface.starts_with("ま")
                && last.class == "動詞"
                && last.kind == "非自立";
            te || past || polite
        });
        match merged.last_mut() {
            Some(last) if joins => {
                last.surface.push_str(&word.surface);
                last.kana.push_str(&word.kana);
            }
            _ => merged.push(word),
        }
    }
    merged
}
