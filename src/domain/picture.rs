//! Pictures of sites, relics and stops, and plans of sites with their stops on them.

use serde::{Deserialize, Serialize};

use super::{ContentHash, Names, PictureId, PlanId, RelicId, SiteId, StopId};

/// What a picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depicted {
    Site(SiteId),
    Relic(RelicId),
    Stop(StopId),
}

/// A picture in its place among those of one thing; the first is the cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub id: PictureId,
    pub of: Depicted,
    pub hash: ContentHash,
    /// What is to be seen on it, per language, for those who cannot see it.
    pub alt: Names,
    /// Who made it; may be empty.
    pub credit: String,
    /// Under what terms it is shown; may be empty.
    pub licence: String,
}

/// What is said of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caption {
    pub alt: Names,
    pub credit: String,
    pub licence: String,
}

impl Picture {
    #[must_use]
    pub fn caption(&self) -> Caption {
        Caption { alt: self.alt.clone(), credit: self.credit.clone(), licence: self.licence.clone() }
    }
}

/// A drawing of a floor or a ground, and where its site's stops are on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub id: PlanId,
    pub site: SiteId,
    pub names: Names,
    pub hash: ContentHash,
    pub marks: Vec<PlanMark>,
}

/// A stop on a plan: parts of its width from the left and of its height from the top, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanMark {
    pub stop: StopId,
    pub x: f64,
    pub y: f64,
}
