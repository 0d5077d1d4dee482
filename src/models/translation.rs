//! What a translation model translates, as its manifest says it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::Language;

/// The kinds of translation models, in the order in which they are preferred for the same pair of languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Bergamot students, made for one pair: the best quality for the time they take.
    Bergamot,
    /// Marian models for one pair, or from one language to several.
    OpusMt,
    /// One network for a hundred languages.
    M2m100,
    /// The same, made smaller.
    Small100,
    /// The network of M2M100 for two hundred languages.
    Nllb,
    /// T5 for four hundred languages: the largest by far.
    Madlad,
}

impl Family {
    /// The engine's name in manifests and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bergamot => "bergamot",
            Self::OpusMt => "opus-mt",
            Self::M2m100 => "m2m100",
            Self::Small100 => "small100",
            Self::Nllb => "nllb",
            Self::Madlad => "madlad",
        }
    }
}

/// What a model translates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    pub family: Family,
    pub pairs: Pairs,
    /// Whether a Bergamot student comes with a shortlist (`lex.bin`).
    #[serde(default = "with_shortlist")]
    pub shortlist: bool,
}

fn with_shortlist() -> bool {
    true
}

/// Pairs of a source and a target language, by their BCP 47 tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// `"all"`: from each of the manifest's languages to each other.
    All,
    These(Vec<[Language; 2]>),
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::These(pairs) => pairs.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Word(String),
            Pairs(Vec<[String; 2]>),
        }
        let language = |tag: &String| tag.parse::<Language>().map_err(serde::de::Error::custom);
        match Written::deserialize(deserializer)? {
            Written::Word(word) if word == "all" => Ok(Self::All),
            Written::Word(word) => {
                Err(serde::de::Error::custom(format!("pairs are `all` or a list of pairs, not `{word}`")))
            }
            Written::Pairs(pairs) => {
                let pairs = pairs.iter().map(|[from, to]| Ok([language(from)?, language(to)?]));
                Ok(Self::These(pairs.collect::<Result<_, _>>()?))
            }
        }
    }
}

impl Translation {
    /// Every pair, given the manifest's languages.
    #[must_use]
    pub fn pairs(&self, languages: &[String]) -> Vec<[Language; 2]> {
        match &self.pairs {
            Pairs::These(pairs) => pairs.clone(),
            Pairs::All => {
                let known: Vec<Language> = languages.iter().filter_map(|tag| tag.parse().ok()).collect();
                let to_others =
                    |from: &Language| known.iter().filter(|to| *to != from).map(|to| [*from, *to]).collect();
                known.iter().flat_map(|from| -> Vec<_> { to_others(from) }).collect()
            }
        }
    }

    /// What is wrong with it, if anything.
    pub(super) fn contradiction(&self, languages: &[String]) -> Option<String> {
        let pairs = self.pairs(languages);
        if pairs.is_empty() {
            return Some("it translates no pair of languages".to_owned());
        }
        if let Some([from, _]) = pairs.iter().find(|[from, to]| from == to) {
            return Some(format!("it translates `{from}` to itself"));
        }
        let unlisted = pairs.iter().flatten().find(|language| !languages.iter().any(|tag| tag == language.tag()))?;
        Some(format!("it translates `{unlisted}`, which is none of its languages"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Translation, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn pairs_are_listed_or_all() {
        let languages = ["vi", "en", "fr", "sw"].map(str::to_owned);
        let listed = read("family = 'opus-mt'\npairs = [['vi', 'en']]").unwrap();
        assert_eq!((listed.family, listed.pairs(&languages)), (Family::OpusMt, vec![[Language::VI, Language::EN]]));
        assert_eq!(listed.contradiction(&languages), None);
        let all = read("family = 'm2m100'\npairs = 'all'").unwrap();
        assert_eq!(all.pairs(&languages).len(), 6, "what the program has no name for is left out");
        assert_eq!(read(&toml::to_string(&all).unwrap()).unwrap(), all);
        assert_eq!(read(&toml::to_string(&listed).unwrap()).unwrap(), listed);
    }

    #[test]
    fn contradictions_are_named() {
        let of = |text: &str| read(text).unwrap().contradiction(&["vi".to_owned(), "en".to_owned()]).unwrap();
        assert!(of("family = 'bergamot'\npairs = [['vi', 'vi']]").contains("to itself"));
        assert!(of("family = 'bergamot'\npairs = [['vi', 'fr']]").contains("`fr`"));
        assert!(of("family = 'bergamot'\npairs = []").contains("no pair"));
        for wrong in ["family = 'bergamot'\npairs = 'some'", "family = 'bergamot'\npairs = [['vi', 'xx']]"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
