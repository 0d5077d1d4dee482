//! Tours: stops in an order to walk, with hints for the way between them.

use serde::{Deserialize, Serialize};

use super::{Names, SiteId, Slug, StopId};

/// A way through stops, of one site or of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tour {
    /// Names it for ever.
    pub slug: Slug,
    /// The site it keeps to; `None` where it leads through several, and the whole house looks after it.
    pub site: Option<SiteId>,
    pub names: Names,
    /// A short description per language, shown and not spoken.
    pub summary: Names,
    /// What it takes, ways and listening together.
    pub minutes: Option<u32>,
    /// To walk or drive.
    pub metres: Option<u32>,
    /// Whether visitors see it.
    pub open: bool,
    /// Order in lists, smallest first.
    pub position: i64,
    /// In the order of the way; no stop is there twice.
    pub stops: Vec<TourStop>,
}

/// A stop on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TourStop {
    pub stop: StopId,
    /// The way to it from the stop before, per language; for the first one, where the tour begins.
    pub hint: Names,
}

impl Tour {
    /// The places of the stops before and after this one.
    #[must_use]
    pub fn beside(&self, stop: StopId) -> Option<(Option<&TourStop>, Option<&TourStop>)> {
        let at = self.stops.iter().position(|one| one.stop == stop)?;
        Some((at.checked_sub(1).and_then(|before| self.stops.get(before)), self.stops.get(at + 1)))
    }
}
