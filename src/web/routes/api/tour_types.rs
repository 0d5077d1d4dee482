//! Tours as readers of the interface see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::types::{Worded, worded};
use crate::domain::{Tour, TourStop};
use crate::web::reading::Library;

/// A stop on the way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TourStep)]
pub struct TourStopView {
    /// Its slug.
    pub stop: String,
    /// The way to it from the stop before; for the first one, where the tour begins.
    pub hint: Worded,
}

/// Stops in an order to walk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tour)]
pub struct TourView {
    pub slug: String,
    pub url: String,
    /// The slug of the site it keeps to; absent where it leads through several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    pub names: Worded,
    pub summary: Worded,
    /// What it takes, ways and listening together.
    pub minutes: Option<u32>,
    /// To walk or drive.
    pub metres: Option<u32>,
    pub stops: Vec<TourStopView>,
}

impl TourView {
    #[must_use]
    pub fn of(library: &Library, tour: &Tour) -> Self {
        let stop = |one: &TourStop| {
            let stop = library.stop_by_id(one.stop)?;
            Some(TourStopView { stop: stop.slug.to_string(), hint: worded(&one.hint) })
        };
        let site = library.sites.iter().find(|site| Some(site.id) == tour.site);
        Self {
            slug: tour.slug.to_string(),
            url: format!("/api/v1/tours/{}", tour.slug),
            site: site.map(|site| site.slug.to_string()),
            names: worded(&tour.names),
            summary: worded(&tour.summary),
            minutes: tour.minutes,
            metres: tour.metres,
            stops: tour.stops.iter().filter_map(stop).collect(),
        }
    }
}

/// All tours, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tours {
    pub tours: Vec<TourView>,
}
