//! The front matter of each kind of file, as the collection's format has it. Unknown keys are errors: a misspelt key
//! never passes for one left out.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::plans::PlanHead;
use crate::domain::{Language, Names, Period, Place, Slug, SourceOfFacts, StopCode, TextState};
use crate::store::{Collection, Policy};

/// `collection.toml`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CollectionHead {
    pub slug: Slug,
    pub source_language: Language,
    pub guide_languages: Vec<Language>,
    pub names: Names,
    #[serde(default)]
    pub policy: Policy,
}

impl From<CollectionHead> for Collection {
    fn from(head: CollectionHead) -> Self {
        Self {
            slug: head.slug,
            names: head.names,
            source_language: head.source_language,
            guide_languages: head.guide_languages,
            policy: head.policy,
        }
    }
}

impl From<Collection> for CollectionHead {
    fn from(collection: Collection) -> Self {
        Self {
            slug: collection.slug,
            names: collection.names,
            source_language: collection.source_language,
            guide_languages: collection.guide_languages,
            policy: collection.policy,
        }
    }
}

/// `site.md`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteHead {
    pub position: i64,
    pub kind: String,
    #[serde(default)]
    pub themes: Vec<String>,
    #[serde(default)]
    pub cover: Option<String>,
    pub names: Names,
    #[serde(default)]
    pub period: Option<Period>,
    #[serde(default)]
    pub place: Option<Place>,
    #[serde(default)]
    pub sources: Vec<SourceOfFacts>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureHead>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<PlanHead>,
}

/// `stop.md`: the stop, and the head of its text in the source language.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopHead {
    pub code: Spanned<StopCode>,
    pub position: i64,
    pub title: Spanned<String>,
    pub author: Spanned<String>,
    pub state: TextState,
    pub kind: String,
    #[serde(default)]
    pub themes: Vec<String>,
    #[serde(default)]
    pub cover: Option<String>,
    pub names: Names,
    #[serde(default)]
    pub period: Option<Period>,
    #[serde(default)]
    pub place: Option<Place>,
    #[serde(default)]
    pub relic: Option<RelicHead>,
    #[serde(default)]
    pub sources: Vec<SourceOfFacts>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureHead>,
}

/// `[[pictures]]`: in their order, the first of a site or stop is its cover. Where there are none, `cover` stands alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PictureHead {
    /// A name in the same folder.
    pub file: String,
    /// What is to be seen on it, by language.
    #[serde(default)]
    pub alt: Names,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub credit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub licence: String,
}

/// `[relic]` of a stop about one relic of its site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelicHead {
    pub slug: Slug,
    pub kind: String,
    #[serde(default)]
    pub material: Option<String>,
    pub names: Names,
    #[serde(default)]
    pub period: Option<Period>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceOfFacts>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureHead>,
}

/// `stop.<lang>.md`, and `site.<lang>.md` where it has a head.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextHead {
    pub title: Spanned<String>,
    pub author: Spanned<String>,
    pub state: TextState,
}

/// What is wrong with a place or a period, which types alone do not tell.
pub(super) fn fault_of(
    names: &Names,
    source: Language,
    place: Option<&Place>,
    periods: &[Option<&Period>],
) -> Option<String> {
    if names.0.get(&source).is_none_or(|name| name.trim().is_empty()) {
        return Some(format!("[names] has no name in {source}, the collection's source language"));
    }
    if let Some((language, _)) = names.0.iter().find(|(_, name)| name.trim().is_empty()) {
        return Some(format!("[names] has an empty name in {language}: leave it out instead"));
    }
    if place.is_some_and(|p| !(-90.0..=90.0).contains(&p.latitude) || !(-180.0..=180.0).contains(&p.longitude)) {
        return Some("[place] is not on Earth: latitude lies from -90 to 90, longitude from -180 to 180".to_owned());
    }
    let backward = periods.iter().flatten().find(|period| period.from > period.to)?;
    Some(format!("the period ends ({}) before it begins ({})", backward.to, backward.from))
}
