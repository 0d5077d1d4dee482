//! How much may be left over before a clip is held, for each recogniser's model and language, and what was measured.
//!
//! The only place with such numbers. A pair that is not in the table was not measured, and its clips are not judged.

use crate::domain::Language;

/// Goes with every hearing; raised when a limit, a normaliser, a rule or the manner of hearing changes.
pub const RULES: &str = "5";

/// What a model can be trusted with in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// It was not measured, or cannot be trusted with anything.
    None,
    /// It tells that a clip is silent, garbled, in another language or of another text; single words it does not.
    Gross,
    /// It tells single words.
    Words,
}

/// Limits for one model and language. Distances are in steps of sound (see `sounds`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub ability: Ability,
    /// Share of the whole text's sounds that may differ; beyond it nothing was understood.
    pub unintelligible: f32,
    /// Divided by the number of words and added to `unintelligible`: the fewer words, the more they differ by chance.
    pub of_few_words: f32,
    /// Steps of a stretch that may be missing, with nothing heard in its place.
    pub missing: f32,
    /// Steps of a stretch that may be heard though the text lacks it.
    pub added: f32,
    /// Steps by which words may be heard as others, where they also differ by more than `alike`.
    pub changed: f32,
    /// Share of its sounds by which a stretch may differ and still be the same words, ill spelled.
    pub alike: f32,
    /// Share of its sounds by which a name may differ and still be the same name.
    pub name: f32,
}

const UNMEASURED: Limits = Limits {
    ability: Ability::None,
    unintelligible: 0.5,
    of_few_words: 0.0,
    missing: 2.5,
    added: 2.5,
    changed: 3.0,
    alike: 0.4,
    name: 0.5,
};

struct Row {
    model: &'static str,
    language: &'static str,
    limits: Limits,
}

const fn row(model: &'static str, language: &'static str, limits: Limits) -> Row {
    Row { model, language, limits }
}

const TABLE: [Row; 8] = [
    row("whisper-base", "en", Limits { ability: Ability::Words, ..UNMEASURED }),
    row("whisper-base", "fr", Limits { ability: Ability::Words, ..UNMEASURED }),
    row("whisper-base", "es", Limits { ability: Ability::Words, ..UNMEASURED }),
    row("whisper-base", "it", Limits { ability: Ability::Words, ..UNMEASURED }),
    row("whisper-base", "pt", Limits { ability: Ability::Words, ..UNMEASURED }),
    row("whisper-base", "ja", Limits { ability: Ability::Words, changed: 4.5, name: 0.4, ..UNMEASURED }),
    row("whisper-base", "zh", Limits { ability: Ability::Words, changed: 5.0, ..UNMEASURED }),
    // Clean clips of espeak-ng lay .14 to .62 apart (.62 of 7 words, .37 at most from 14 words on; one in twenty-five sent
    // Whisper into a loop), other texts, other languages and garbage .67 to 1.96.
    row(
        "whisper-base",
        "vi",
        Limits { ability: Ability::Gross, unintelligible: 0.45, of_few_words: 1.5, ..UNMEASURED },
    ),
];

pub(super) fn limits(model: &str, language: Language) -> Limits {
    TABLE.iter().find(|row| row.model == model && row.language == language.tag()).map_or(UNMEASURED, |row| row.limits)
}

/// What `model` (the name of its manifest: `whisper-base`) can be trusted with in `language`.
#[must_use]
pub fn ability(model: &str, language: Language) -> Ability {
    limits(model, language).ability
}

/// The models that were measured and can tell single words of the language; empty where none was found good enough.
#[must_use]
pub fn able_models(language: Language) -> Vec<&'static str> {
    TABLE
        .iter()
        .filter(|row| row.language == language.tag() && row.limits.ability == Ability::Words)
        .map(|row| row.model)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_language_and_its_limits_make_sense() {
        for row in &TABLE {
            assert!(row.language.parse::<Language>().is_ok(), "{}", row.language);
            let limits = row.limits;
            assert!(
                limits.ability > Ability::None && limits.unintelligible < 1.0 && limits.alike < limits.unintelligible
            );
        }
        assert_eq!(ability("whisper-of-tomorrow", Language::EN), Ability::None);
        assert!(able_models(Language::EN).contains(&"whisper-base"));
        assert!(!able_models(Language::VI).contains(&"whisper-base"));
    }
}
