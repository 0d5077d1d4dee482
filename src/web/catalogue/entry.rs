//! A site, relic or stop as staff give it, and what of it is at fault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::faults::{Fault, Flaw};
use crate::domain::{
    ContentHash, Language, Names, Period, Place, Relic, RelicId, Site, SiteId, Slug, SourceOfFacts, Stop, StopCode,
};
use crate::store::{NewRelic, NewSite, NewStop};
use crate::text::narration::is_unseen;

/// The most characters of a name, a kind, a theme, an address, and of a description or note.
pub(super) const NAME: usize = 200;
pub(super) const WORD: usize = 60;
pub(super) const LONG: usize = 4_000;
const MOST: usize = 40;

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Site,
    Relic,
    Stop,
}

/// A site, relic or stop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// Its name in addresses, given once: `thap-doi`. In a change it is that of the address.
    pub slug: String,
    /// Names by language: `{"vi": "Tháp Đôi"}`. The one in the collection's source language is needed.
    pub names: BTreeMap<String, String>,
    /// One word of the collection's own list: `tower`, `museum`, `stele`.
    pub kind: String,
    /// Order in lists, smallest first. Not for relics.
    pub position: i64,
    /// Stops only: the code on the label, `TD1`.
    pub code: String,
    /// Stops only: the slug of the relic it is about; empty for the whole site.
    pub relic: String,
    /// Relics only.
    pub material: String,
    pub period: Option<PeriodEntry>,
    /// Not for relics.
    pub place: Option<PlaceEntry>,
    /// Not for relics.
    pub themes: Vec<String>,
    pub sources: Vec<SourceEntry>,
    /// Sites only: a short description by language, shown and not spoken.
    pub summary: BTreeMap<String, String>,
}

/// Years of the common era; negative before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodEntry {
    pub from: i32,
    pub to: i32,
    /// As a curator writes it: `cuối thế kỷ XII`.
    pub label: String,
}

/// WGS 84 degrees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceEntry {
    pub latitude: f64,
    pub longitude: f64,
    #[serde(default)]
    pub address: String,
}

/// Where facts come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    pub title: String,
    #[serde(default)]
    pub author: String,
    #[serde(default)]
    pub publisher: String,
    #[serde(default)]
    pub year: Option<i32>,
    /// Which facts it bears out.
    #[serde(default)]
    pub note: String,
}

pub(super) fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim().nfc().collect()
}

pub(super) fn some(text: &str) -> Option<String> {
    let text = tidy(text);
    (!text.is_empty()).then_some(text)
}

fn given(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

pub(super) fn names_of(given: &BTreeMap<String, String>) -> Names {
    let parsed = given.iter().filter_map(|(tag, name)| Some((tag.parse::<Language>().ok()?, some(name)?)));
    Names(parsed.collect())
}

pub(super) fn entries_of(names: &Names) -> BTreeMap<String, String> {
    names.0.iter().map(|(language, name)| (language.tag().to_owned(), name.clone())).collect()
}

/// A field whose text is longer than it may be, or holds what nobody sees.
pub(super) fn too_long((field, text, limit): (String, &str, usize)) -> Option<Fault> {
    if text.chars().count() > limit {
        return Some(Fault { field, flaw: Flaw::Long(limit) });
    }
    let hidden = |c: char| is_unseen(c) && c != '\r';
    text.chars().any(hidden).then_some(Fault { field, flaw: Flaw::Unseen })
}

impl From<&Site> for Entry {
    fn from(site: &Site) -> Self {
        Self {
            slug: site.slug.to_string(),
            names: entries_of(&site.names),
            kind: site.kind.clone(),
            position: site.position,
            period: site.period.as_ref().map(Into::into),
            place: site.place.as_ref().map(Into::into),
            themes: site.themes.clone(),
            sources: site.sources.iter().map(Into::into).collect(),
            summary: entries_of(&site.summary),
            ..Self::default()
        }
    }
}

impl From<&Relic> for Entry {
    fn from(relic: &Relic) -> Self {
        Self {
            slug: relic.slug.to_string(),
            names: entries_of(&relic.names),
            kind: relic.kind.clone(),
            period: relic.period.as_ref().map(Into::into),
            material: given(relic.material.as_ref()),
            sources: relic.sources.iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

impl From<&Period> for PeriodEntry {
    fn from(period: &Period) -> Self {
        Self { from: period.from, to: period.to, label: period.label.clone() }
    }
}

impl From<&Place> for PlaceEntry {
    fn from(place: &Place) -> Self {
        Self { latitude: place.latitude, longitude: place.longitude, address: place.address.clone() }
    }
}

impl From<&SourceOfFacts> for SourceEntry {
    fn from(source: &SourceOfFacts) -> Self {
        Self {
            title: source.title.clone(),
            author: given(source.author.as_ref()),
            publisher: given(source.publisher.as_ref()),
            year: source.year,
            note: given(source.note.as_ref()),
        }
    }
}

impl Entry {
    /// A stop's, whose relic stands in it by number.
    #[must_use]
    pub fn of_stop(stop: &Stop, relics: &[Relic]) -> Self {
        let relic = relics.iter().find(|relic| Some(relic.id) == stop.relic);
        Self {
            slug: stop.slug.to_string(),
            names: entries_of(&stop.names),
            kind: stop.kind.clone(),
            position: stop.position,
            code: stop.code.to_string(),
            relic: relic.map(|relic| relic.slug.to_string()).unwrap_or_default(),
            period: stop.period.as_ref().map(Into::into),
            place: stop.place.as_ref().map(Into::into),
            themes: stop.themes.clone(),
            sources: stop.sources.iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Everything that keeps it from being kept as what `kind` says.
    #[must_use]
    pub fn faults(&self, kind: Kind, source: Language, relics: &[Relic]) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: String, flaw| faults.push(Fault { field, flaw });
        if self.slug.parse::<Slug>().is_err() {
            fault("slug".to_owned(), Flaw::Slug);
        }
        if kind == Kind::Stop && self.code.trim().parse::<StopCode>().is_err() {
            fault("code".to_owned(), Flaw::Code);
        }
        if !names_of(&self.names).0.contains_key(&source) {
            fault(format!("name.{source}"), Flaw::Missing);
        }
        for (list, what) in [(&self.names, "name"), (&self.summary, "summary")] {
            for tag in list.keys().filter(|tag| tag.parse::<Language>().is_err()) {
                fault(format!("{what}.{}", tag.chars().take(40).collect::<String>()), Flaw::Language);
            }
        }
        if kind == Kind::Site && !names_of(&self.summary).0.contains_key(&source) {
            fault(format!("summary.{source}"), Flaw::Missing);
        }
        if tidy(&self.kind).is_empty() {
            fault("kind".to_owned(), Flaw::Missing);
        }
        if !self.relic.is_empty() && !relics.iter().any(|relic| relic.slug.as_str() == self.relic) {
            fault("relic".to_owned(), Flaw::Relic);
        }
        if self.period.as_ref().is_some_and(|period| period.from > period.to) {
            fault("period.to".to_owned(), Flaw::Backward);
        }
        if let Some(place) = &self.place {
            if !(-90.0..=90.0).contains(&place.latitude) {
                fault("place.latitude".to_owned(), Flaw::Latitude);
            }
            if !(-180.0..=180.0).contains(&place.longitude) {
                fault("place.longitude".to_owned(), Flaw::Longitude);
            }
        }
        for (number, source) in self.sources.iter().enumerate().filter(|(_, source)| source.title.trim().is_empty()) {
            let _ = source;
            fault(format!("source.{number}.title"), Flaw::Missing);
        }
        for (field, count) in [("themes", self.themes.len()), ("source.0.title", self.sources.len())] {
            if count > MOST {
                fault(field.to_owned(), Flaw::Many(MOST));
            }
        }
        faults.extend(self.lengths());
        faults
    }

    fn lengths(&self) -> Vec<Fault> {
        let mut texts: Vec<(String, &str, usize)> = vec![
            ("kind".to_owned(), &self.kind, WORD),
            ("material".to_owned(), &self.material, NAME),
            ("slug".to_owned(), &self.slug, 80),
        ];
        texts.extend(self.names.iter().map(|(tag, name)| (format!("name.{tag}"), name.as_str(), NAME)));
        texts.extend(self.summary.iter().map(|(tag, text)| (format!("summary.{tag}"), text.as_str(), LONG)));
        texts.extend(self.period.iter().map(|period| ("period.label".to_owned(), period.label.as_str(), NAME)));
        texts.extend(self.place.iter().map(|place| ("place.address".to_owned(), place.address.as_str(), NAME)));
        texts.extend(self.themes.iter().map(|theme| ("themes".to_owned(), theme.as_str(), WORD)));
        for (n, source) in self.sources.iter().enumerate() {
            texts.push((format!("source.{n}.title"), &source.title, NAME));
            texts.push((format!("source.{n}.author"), &source.author, NAME));
            texts.push((format!("source.{n}.publisher"), &source.publisher, NAME));
            texts.push((format!("source.{n}.note"), &source.note, LONG));
        }
        texts.into_iter().filter_map(too_long).collect()
    }

    fn period(&self) -> Option<Period> {
        let period = self.period.as_ref()?;
        Some(Period { from: period.from, to: period.to, label: tidy(&period.label) })
    }

    fn place(&self) -> Option<Place> {
        let place = self.place.as_ref()?;
        Some(Place { latitude: place.latitude, longitude: place.longitude, address: tidy(&place.address) })
    }

    fn themes(&self) -> Vec<String> {
        self.themes.iter().filter_map(|theme| some(theme)).collect()
    }

    fn sources(&self) -> Vec<SourceOfFacts> {
        let source = |source: &SourceEntry| SourceOfFacts {
            title: tidy(&source.title),
            author: some(&source.author),
            publisher: some(&source.publisher),
            year: source.year,
            note: some(&source.note),
        };
        self.sources.iter().map(source).collect()
    }

    /// `None` where the slug is none.
    #[must_use]
    pub fn site(&self, cover: Option<ContentHash>) -> Option<NewSite> {
        Some(NewSite {
            slug: self.slug.parse().ok()?,
            names: names_of(&self.names),
            kind: tidy(&self.kind),
            period: self.period(),
            place: self.place(),
            themes: self.themes(),
            sources: self.sources(),
            summary: names_of(&self.summary),
            cover,
            position: self.position,
        })
    }

    /// `None` where the slug is none.
    #[must_use]
    pub fn relic(&self, site: SiteId) -> Option<NewRelic> {
        Some(NewRelic {
            site,
            slug: self.slug.parse().ok()?,
            names: names_of(&self.names),
            kind: tidy(&self.kind),
            period: self.period(),
            material: some(&self.material),
            sources: self.sources(),
        })
    }

    /// `None` where the slug or the code is none.
    #[must_use]
    pub fn stop(&self, site: SiteId, relic: Option<RelicId>, cover: Option<ContentHash>) -> Option<NewStop> {
        Some(NewStop {
            site,
            relic,
            slug: self.slug.parse().ok()?,
            code: self.code.trim().parse().ok()?,
            names: names_of(&self.names),
            kind: tidy(&self.kind),
            period: self.period(),
            place: self.place(),
            themes: self.themes(),
            sources: self.sources(),
            cover,
            position: self.position,
        })
    }
}
