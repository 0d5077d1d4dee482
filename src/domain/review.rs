//! How much of a translation a person reads before it is public: the rule of a site for a language, and the lot that each
//! sentence draws for a spot check.
//!
//! Invariants: a lot comes of the languages and the source sentence alone, so nobody chooses which sentences are read, and
//! neither another translation nor another place draws anew; a larger share adds sentences and never exchanges them.

use serde::{Deserialize, Serialize};

use super::{HashBuilder, Language, Timestamp};

/// What must be read before a translation is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum ReviewRule {
    /// Every sentence is approved by a person.
    Every,
    /// Those that are drawn, at least one in each text, and those that a person wrote.
    Spot { share: Share },
    /// Nothing must be read; the public page says that a machine translated.
    Machine,
}

/// Sentences of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Share(u8);

/// A number that is no share for a spot check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a spot check reads 1 to 99 sentences of a hundred")]
pub struct ShareError;

impl Share {
    /// # Errors
    /// Where it is not between 1 and 99.
    pub fn new(percent: i64) -> Result<Self, ShareError> {
        u8::try_from(percent).ok().filter(|percent| (1..100).contains(percent)).map(Self).ok_or(ShareError)
    }

    #[must_use]
    pub fn percent(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(i64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl ReviewRule {
    /// As it is stored and written in the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Spot { .. } => "spot",
            Self::Machine => "machine",
        }
    }

    /// Of a spot check.
    #[must_use]
    pub fn share(self) -> Option<Share> {
        match self {
            Self::Spot { share } => Some(share),
            Self::Every | Self::Machine => None,
        }
    }

    /// By its word, and its share where it has one.
    #[must_use]
    pub fn of(word: &str, share: Option<i64>) -> Option<Self> {
        match (word, share) {
            ("every", None) => Some(Self::Every),
            ("machine", None) => Some(Self::Machine),
            ("spot", Some(share)) => Share::new(share).ok().map(|share| Self::Spot { share }),
            _ => None,
        }
    }
}

/// The rule that holds at a site for a language, and who set it; nobody where it is the collection's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRule {
    pub language: Language,
    pub rule: ReviewRule,
    pub set: Option<(String, Timestamp)>,
}

/// The lot a source sentence draws for its translation into a language, below `LOTS`: it is read where it is less than
/// the share.
#[must_use]
pub fn lot(to: Language, source: &str) -> u32 {
    let hash = HashBuilder::new("spot check 1").with("to", to.tag()).with("source", source).finish();
    u32::try_from(hash.number().rem_euclid(i64::from(LOTS))).unwrap_or(0)
}

/// Lots are 0 to 9,999: hundredths of a percent.
pub const LOTS: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_fair_and_do_not_depend_on_who_asks() {
        let sources: Vec<String> = (0..4_000).map(|n| format!("Câu số {n}.")).collect();
        let drawn = |to, share: u32| sources.iter().filter(|one| lot(to, one) < share * 100).count();
        let tenth = drawn(Language::EN, 10);
        assert!((330..470).contains(&tenth), "{tenth} of 4000 is not about a tenth");
        assert!(sources.iter().all(|one| lot(Language::EN, one) == lot(Language::EN, one)));
        assert!(sources.iter().any(|one| lot(Language::EN, one) != lot(Language::JA, one)));
    }

    #[test]
    fn a_rule_reads_back_what_it_writes() {
        let spot = ReviewRule::Spot { share: Share::new(20).unwrap() };
        for rule in [ReviewRule::Every, spot, ReviewRule::Machine] {
            let share = rule.share().map(|share| i64::from(share.percent()));
            assert_eq!(ReviewRule::of(rule.word(), share), Some(rule));
            assert_eq!(serde_json::from_value::<ReviewRule>(serde_json::to_value(rule).unwrap()).unwrap(), rule);
        }
        for (word, share) in [("spot", None), ("spot", Some(0)), ("spot", Some(100)), ("every", Some(5)), ("", None)] {
            assert_eq!(ReviewRule::of(word, share), None, "{word} {share:?}");
        }
        assert!(serde_json::from_str::<ReviewRule>(r#"{"rule":"spot","share":0}"#).is_err());
    }
}
