//! How a word or a sentence is to be said, as forms and programs ask for it: read, with what does not fit named.

use crate::domain::{Language, LexiconEntry, Manner, Milliseconds, Pronunciation};
use crate::web::error::{Result, WebError};
use crate::web::workplace::Given;

/// The most characters of a word and of how it is said.
pub const LONGEST_WORD: usize = 100;
/// The most characters of a sentence that is spoken as a preview.
pub const LONGEST_SENTENCE: usize = 1_000;

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Word,
    Said,
    Kind,
}

impl Flaw {
    /// For programs.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Word => "`word` has 1 to 100 characters, a letter among them, in one line",
            Self::Said => "`said` has 1 to 100 characters, a letter among them, in one line",
            Self::Kind => "`kind` is alias or ipa",
        }
    }
}

impl From<Flaw> for WebError {
    fn from(flaw: Flaw) -> Self {
        Self::Unfit(flaw.says().to_owned())
    }
}

fn line(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = text.chars().count() <= LONGEST_WORD && text.chars().any(char::is_alphanumeric);
    (fits && !text.chars().any(char::is_control)).then_some(text)
}

/// An entry of a lexicon.
///
/// # Errors
/// The first thing that does not fit.
pub fn entry(language: Language, (word, kind, said): (&str, &str, &str)) -> std::result::Result<LexiconEntry, Flaw> {
    let grapheme = line(word).ok_or(Flaw::Word)?;
    let said = line(said).ok_or(Flaw::Said)?;
    let pronunciation = match kind {
        "alias" => Pronunciation::Alias(said),
        "ipa" => Pronunciation::Ipa(said),
        _ => return Err(Flaw::Kind),
    };
    Ok(LexiconEntry { language, grapheme, pronunciation })
}

/// An entry of a form; `None` where its word is left empty.
///
/// # Errors
/// The first thing that does not fit.
pub fn maybe_entry(
    language: Language,
    form: &Vec<(String, String)>,
) -> std::result::Result<Option<LexiconEntry>, Flaw> {
    if form.field("word").trim().is_empty() && form.field("said").trim().is_empty() {
        return Ok(None);
    }
    entry(language, (form.field("word"), form.field("kind"), form.field("said"))).map(Some)
}

/// The manner of a form: empty fields mean the usual.
///
/// # Errors
/// `Unfit` for a number that is none, or out of bounds.
pub fn manner(form: &Vec<(String, String)>) -> Result<Manner> {
    fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<Option<T>> {
        let unfit = || WebError::Unfit(format!("`{name}` is a whole number, or left empty"));
        Some(text.trim()).filter(|text| !text.is_empty()).map(|text| text.parse().map_err(|_| unfit())).transpose()
    }
    let manner = Manner {
        voice: Some(form.field("voice").trim().to_owned()).filter(|voice| !voice.is_empty()),
        speed: number("speed", form.field("speed"))?.filter(|speed| *speed != 100),
        pause: number("pause", form.field("pause"))?.map(Milliseconds),
    };
    sound(manner)
}

/// A manner within its bounds.
///
/// # Errors
/// `Unfit` where it is not.
pub fn sound(manner: Manner) -> Result<Manner> {
    if manner.is_sound() {
        return Ok(manner);
    }
    let (slowest, fastest) = (Manner::SPEEDS.start(), Manner::SPEEDS.end());
    let pause = Manner::LONGEST_PAUSE.0;
    Err(WebError::Unfit(format!("`speed` lies between {slowest} and {fastest} percent, `pause` below {pause} ms")))
}

/// The sentence of a preview.
///
/// # Errors
/// `Unfit` for none, or one that is too long.
pub fn sentence(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_SENTENCE {
        return Err(WebError::Unfit(format!("`sentence` has 1 to {LONGEST_SENTENCE} characters")));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let said = entry(Language::EN, (" Bình  Định ", "ipa", "ɓïŋ ɗïŋ")).unwrap();
        assert_eq!((said.grapheme.as_str(), said.pronunciation), ("Bình Định", Pronunciation::Ipa("ɓïŋ ɗïŋ".into())));
        assert_eq!(entry(Language::EN, ("...", "ipa", "a")), Err(Flaw::Word));
        assert_eq!(entry(Language::EN, ("a", "ipa", &"a".repeat(101))), Err(Flaw::Said));
        assert_eq!(entry(Language::EN, ("a", "x", "a")), Err(Flaw::Kind));
        assert_eq!(maybe_entry(Language::EN, &form(&[("word", " "), ("kind", "alias")])), Ok(None));
        assert!(maybe_entry(Language::EN, &form(&[("word", "a"), ("kind", "alias")])).is_err());
    }

    #[test]
    fn a_manner_is_read_within_its_bounds() {
        let read = manner(&form(&[("voice", " "), ("speed", "90"), ("pause", "")])).unwrap();
        assert_eq!(read, Manner { voice: None, speed: Some(90), pause: None });
        assert!(manner(&form(&[("speed", "100")])).unwrap().is_usual());
        for bad in [("speed", "20"), ("speed", "fast"), ("pause", "60000"), ("pause", "-1")] {
            assert!(manner(&form(&[bad])).is_err(), "{bad:?}");
        }
        assert!(sentence("  ").is_err() && sentence("Tháp.").is_ok());
    }
}
