//! What a museum looks after: sites, the relics in them, and the stops where a visitor listens.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ContentHash, Language, RelicId, SiteId, Slug, StopCode, StopId};

/// A name in several languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(pub BTreeMap<Language, String>);

impl Names {
    /// The name in this language, else in English, else in Vietnamese, else any: a page never lacks a heading.
    #[must_use]
    pub fn best(&self, language: Language) -> &str {
        [language, Language::EN, Language::VI]
            .iter()
            .find_map(|l| self.0.get(l))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// Where something is, in WGS 84 degrees, with an address a driver understands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
    pub address: String,
}

/// When something was made or happened, in years of the common era (negative: before it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    pub from: i32,
    pub to: i32,
    /// As a curator writes it: `cuối thế kỷ XII`.
    pub label: String,
}

/// Where a text's facts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceOfFacts {
    pub title: String,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub publisher: Option<String>,
    #[serde(default)]
    pub year: Option<i32>,
    /// Which facts of the text this source bears out, or where it differs from the others.
    #[serde(default)]
    pub note: Option<String>,
}

/// A place that is looked after: a tower group, a temple, a museum, or a living art without walls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    pub id: SiteId,
    pub slug: Slug,
    pub names: Names,
    /// One word of the collection's own list: `tower`, `museum`, `temple`, `performing-art` ...
    pub kind: String,
    pub period: Option<Period>,
    pub place: Option<Place>,
    pub themes: Vec<String>,
    pub sources: Vec<SourceOfFacts>,
    /// A short description per language, not spoken.
    pub summary: Names,
    /// The cover picture, by hash.
    pub cover: Option<ContentHash>,
    /// Order in lists, smallest first.
    pub position: i64,
}

/// A thing in a site: a tower of a group, a statue, a stele.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relic {
    pub id: RelicId,
    pub site: SiteId,
    pub slug: Slug,
    pub names: Names,
    pub kind: String,
    pub period: Option<Period>,
    pub material: Option<String>,
    pub sources: Vec<SourceOfFacts>,
}

/// Where a visitor scans a code and listens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    pub id: StopId,
    pub site: SiteId,
    /// The relic this stop is about; `None` where it is about the whole site.
    pub relic: Option<RelicId>,
    pub slug: Slug,
    pub code: StopCode,
    pub names: Names,
    pub kind: String,
    pub period: Option<Period>,
    pub place: Option<Place>,
    pub themes: Vec<String>,
    pub sources: Vec<SourceOfFacts>,
    pub cover: Option<ContentHash>,
    /// Order within the site, smallest first.
    pub position: i64,
}
