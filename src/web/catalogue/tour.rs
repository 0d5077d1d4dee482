//! A tour as staff give it, and what of it is at fault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{LONG, NAME, entries_of, names_of, too_long};
use super::faults::{Fault, Flaw};
use crate::domain::{Language, Site, Slug, Stop, Tour, TourStop};

/// The most stops of a tour.
const MOST_STOPS: usize = 60;
/// A week of minutes, and the length of the country in metres.
const LONGEST_MINUTES: u32 = 7 * 24 * 60;
const LONGEST_METRES: u32 = 3_000_000;

/// A way through stops.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TourEntry {
    /// Its name in addresses, given once: `mot-ngay-thap-cham`. In a change it is that of the address.
    pub slug: String,
    /// The slug of the site it keeps to; empty where it leads through several.
    pub site: String,
    /// Names by language. The one in the collection's source language is needed.
    pub names: BTreeMap<String, String>,
    /// A short description by language, shown and not spoken.
    pub summary: BTreeMap<String, String>,
    /// What it takes, ways and listening together.
    pub minutes: Option<u32>,
    /// To walk or drive.
    pub metres: Option<u32>,
    /// Whether visitors see it.
    pub open: bool,
    /// Order in lists, smallest first.
    pub position: i64,
    /// In the order of the way; no stop twice.
    pub stops: Vec<TourStopEntry>,
}

/// A stop on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TourStopEntry {
    /// The stop's slug.
    pub stop: String,
    /// The way to it from the stop before, by language; for the first one, where the tour begins.
    pub hint: BTreeMap<String, String>,
}

/// What a tour is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    pub source: Language,
    pub sites: &'a [Site],
    pub stops: &'a [Stop],
}

impl<'a> Around<'a> {
    fn site(&self, slug: &str) -> Option<&'a Site> {
        self.sites.iter().find(|site| site.slug.as_str() == slug)
    }

    fn stop(&self, slug: &str) -> Option<&'a Stop> {
        self.stops.iter().find(|stop| stop.slug.as_str() == slug)
    }
}

impl TourEntry {
    /// As the store holds it. Stops that are gone are left out.
    #[must_use]
    pub fn of(tour: &Tour, around: &Around<'_>) -> Self {
        let stop = |one: &TourStop| {
            let stop = around.stops.iter().find(|stop| stop.id == one.stop)?;
            Some(TourStopEntry { stop: stop.slug.to_string(), hint: entries_of(&one.hint) })
        };
        let site = around.sites.iter().find(|site| Some(site.id) == tour.site);
        Self {
            slug: tour.slug.to_string(),
            site: site.map(|site| site.slug.to_string()).unwrap_or_default(),
            names: entries_of(&tour.names),
            summary: entries_of(&tour.summary),
            minutes: tour.minutes,
            metres: tour.metres,
            open: tour.open,
            position: tour.position,
            stops: tour.stops.iter().filter_map(stop).collect(),
        }
    }

    /// Everything that keeps it from being kept.
    #[must_use]
    pub fn faults(&self, around: &Around<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, flaw| faults.push(Fault::new(field, flaw));
        if self.slug.parse::<Slug>().is_err() {
            fault("slug", Flaw::Slug);
        }
        if !names_of(&self.names).0.contains_key(&around.source) {
            fault(&format!("name.{}", around.source), Flaw::Missing);
        }
        for (list, what) in [(&self.names, "name"), (&self.summary, "summary")] {
            for tag in list.keys().filter(|tag| tag.parse::<Language>().is_err()) {
                fault(&format!("{what}.{}", tag.chars().take(40).collect::<String>()), Flaw::Language);
            }
        }
        let site = around.site(&self.site);
        if !self.site.is_empty() && site.is_none() {
            fault("site", Flaw::Site);
        }
        for (field, value, most) in
            [("minutes", self.minutes, LONGEST_MINUTES), ("metres", self.metres, LONGEST_METRES)]
        {
            if value.is_some_and(|value| !(1..=most).contains(&value)) {
                fault(field, Flaw::Number);
            }
        }
        if self.stops.len() > MOST_STOPS {
            fault("stop.0.code", Flaw::Many(MOST_STOPS));
        }
        if self.open && self.stops.is_empty() {
            fault("stop.0.code", Flaw::Missing);
        }
        for (n, one) in self.stops.iter().enumerate() {
            let field = format!("stop.{n}.code");
            match around.stop(&one.stop) {
                None => fault(&field, Flaw::Stop),
                Some(stop) if site.is_some_and(|site| site.id != stop.site) => fault(&field, Flaw::Elsewhere),
                Some(_) if self.stops[..n].iter().any(|before| before.stop == one.stop) => fault(&field, Flaw::Twice),
                Some(_) => {}
            }
            for tag in one.hint.keys().filter(|tag| tag.parse::<Language>().is_err()) {
                fault(&format!("stop.{n}.hint.{}", tag.chars().take(40).collect::<String>()), Flaw::Language);
            }
        }
        faults.extend(self.lengths());
        faults
    }

    fn lengths(&self) -> Vec<Fault> {
        let mut texts: Vec<(String, &str, usize)> = Vec::new();
        texts.extend(self.names.iter().map(|(tag, name)| (format!("name.{tag}"), name.as_str(), NAME)));
        texts.extend(self.summary.iter().map(|(tag, text)| (format!("summary.{tag}"), text.as_str(), LONG)));
        for (n, one) in self.stops.iter().enumerate() {
            let hints = one.hint.iter();
            texts.extend(hints.map(|(tag, text)| (format!("stop.{n}.hint.{tag}"), text.as_str(), LONG)));
        }
        texts.into_iter().filter_map(too_long).collect()
    }

    /// `None` where something of it is at fault.
    #[must_use]
    pub fn tour(&self, around: &Around<'_>) -> Option<Tour> {
        let site = if self.site.is_empty() { None } else { Some(around.site(&self.site)?.id) };
        let stop = |one: &TourStopEntry| Some(TourStop { stop: around.stop(&one.stop)?.id, hint: names_of(&one.hint) });
        Some(Tour {
            slug: self.slug.parse().ok()?,
            site,
            names: names_of(&self.names),
            summary: names_of(&self.summary),
            minutes: self.minutes,
            metres: self.metres,
            open: self.open,
            position: self.position,
            stops: self.stops.iter().map(stop).collect::<Option<_>>()?,
        })
    }
}
