//! How sentences of a language are read aloud in this museum: its lexicon first, then its names, then the language's
//! own rules.

use super::error::MakeError;
use crate::domain::Language;
use crate::store::Store;
use crate::text::{Lexicon, NameReader, SpokenText, spoken};

/// The rules for one language.
pub struct Reading {
    language: Language,
    lexicon: Lexicon,
    names: NameReader,
}

impl Reading {
    /// With the museum's lexicon and glossary.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of(store: &Store, language: Language) -> Result<Self, MakeError> {
        let lexicon = Lexicon::new(&store.lexicon(language).await?, language);
        let names = NameReader::new(language, &store.glossary().await?);
        Ok(Self { language, lexicon, names })
    }

    /// Without a museum: the language's own rules, and names that show by their letters that they are Vietnamese.
    #[must_use]
    pub fn plain(language: Language) -> Self {
        Self { language, lexicon: Lexicon::new(&[], language), names: NameReader::new(language, &[]) }
    }

    #[must_use]
    pub fn read(&self, sentence: &str) -> SpokenText {
        spoken(sentence, self.language, &self.lexicon, &self.names)
    }
}
