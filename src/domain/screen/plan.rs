//! The plan of a screen, as its keeper writes it in a file, and the notices that go before it.

use serde::{Deserialize, Serialize};

use super::{When, WhenError};
use crate::domain::{Language, Names, Slug, Timestamp};

/// Half an hour; a slide that stays longer is a poster.
const LONGEST: f64 = 1800.0;
/// Quicker than this no browser shows anything.
const SHORTEST: f64 = 0.1;
const MOST_LANGUAGES: usize = 3;
const MOST_SHOWS: usize = 200;
const LONGEST_NAME: usize = 60;
/// Of an id in a timetable, in bytes.
const LONGEST_ID: usize = 300;

/// A plan that cannot be followed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    #[error("a screen's name has 1 to {LONGEST_NAME} letters in one line")]
    Name,
    #[error(
        "a screen speaks 1 to {MOST_LANGUAGES} languages in turn, each named once, as in languages = [\"vi\", \"en\"]"
    )]
    Languages,
    #[error("{0} seconds is no time for a slide: use {SHORTEST} to {LONGEST}")]
    Seconds(f64),
    #[error("{0} minutes is no distance from UTC: use -720 to 840, as in utc_offset_minutes = 420")]
    Offset(i32),
    #[error("a plan has at most {MOST_SHOWS} shows")]
    Shows,
    #[error("show {show} names neither a site nor a stop")]
    NamesNothing { show: usize },
    #[error("a bus needs its route as the timetable names it, and looks for towers 50 to 5000 metres from its stops")]
    Bus,
    #[error("show {show}: {source}")]
    When { show: usize, source: WhenError },
}

/// What one screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// As staff call it: `bus 51B-123.45`.
    pub name: String,
    /// Each slide comes in these, one after the other.
    pub languages: Vec<Language>,
    /// How long a silent slide stays.
    #[serde(default = "twelve")]
    pub seconds: f64,
    /// Whether guides are heard, with captions. Most buses want it silent.
    #[serde(default)]
    pub sound: bool,
    /// How far the local clock is ahead of UTC.
    #[serde(default = "indochina")]
    pub utc_offset_minutes: i32,
    /// Empty: every stop of the house, always.
    #[serde(default, rename = "show")]
    pub shows: Vec<Show>,
    /// Where the screen rides on a bus, or hangs at its stop: it tells of the next stops, and first of what lies near them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<Bus>,
}

/// Which bus a screen rides on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    /// The name of a timetable of the house.
    pub timetable: Slug,
    /// The route's id in it.
    pub route: String,
    /// The one trip it makes; else any of the route's.
    #[serde(default)]
    pub trip: Option<String>,
    /// Its id, label or plate among vehicle positions.
    #[serde(default)]
    pub vehicle: Option<String>,
    /// How far from a bus stop something is that the bus passes there.
    #[serde(default = "near")]
    pub near_metres: u32,
}

fn near() -> u32 {
    600
}

fn twelve() -> f64 {
    12.0
}

fn indochina() -> i32 {
    420
}

/// Some stops, and when they play.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// Every stop of these sites.
    #[serde(default)]
    pub sites: Vec<Slug>,
    #[serde(default)]
    pub stops: Vec<Slug>,
    #[serde(default)]
    pub when: When,
}

impl Plan {
    /// # Errors
    /// `PlanError` for the first thing that is wrong; shows are counted from 1.
    pub fn check(&self) -> Result<(), PlanError> {
        let letters = self.name.chars().count();
        if self.name.trim().is_empty() || letters > LONGEST_NAME || self.name.chars().any(char::is_control) {
            return Err(PlanError::Name);
        }
        let repeated = self.languages.iter().enumerate().any(|(at, language)| self.languages[..at].contains(language));
        if self.languages.is_empty() || self.languages.len() > MOST_LANGUAGES || repeated {
            return Err(PlanError::Languages);
        }
        if !(SHORTEST..=LONGEST).contains(&self.seconds) {
            return Err(PlanError::Seconds(self.seconds));
        }
        if !(-720..=840).contains(&self.utc_offset_minutes) {
            return Err(PlanError::Offset(self.utc_offset_minutes));
        }
        if self.shows.len() > MOST_SHOWS {
            return Err(PlanError::Shows);
        }
        if let Some(bus) = &self.bus {
            let names = [Some(&bus.route), bus.trip.as_ref(), bus.vehicle.as_ref()];
            let fits = |name: &String| !name.trim().is_empty() && name.len() <= LONGEST_ID;
            if !names.into_iter().flatten().all(fits) || !(50..=5000).contains(&bus.near_metres) {
                return Err(PlanError::Bus);
            }
        }
        for (at, show) in self.shows.iter().enumerate() {
            if show.sites.is_empty() && show.stops.is_empty() {
                return Err(PlanError::NamesNothing { show: at + 1 });
            }
            show.when.check().map_err(|source| PlanError::When { show: at + 1, source })?;
        }
        Ok(())
    }

    /// The shows that play at this moment, by their place in the plan; all of them where the timetable has a gap.
    #[must_use]
    pub fn playing(&self, now: Timestamp) -> Vec<usize> {
        let holds = |at: &usize| self.shows[*at].when.holds(now, self.utc_offset_minutes);
        let due: Vec<usize> = (0..self.shows.len()).filter(holds).collect();
        if due.is_empty() { (0..self.shows.len()).collect() } else { due }
    }
}

/// What goes before everything else: an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: i64,
    /// The words, in the languages they were given in.
    pub text: Names,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// The notice that is shown at this moment in place of everything else: the newest that has begun and is not over.
#[must_use]
pub fn shown_notice(notices: &[Notice], now: Timestamp) -> Option<&Notice> {
    notices.iter().filter(|notice| notice.from <= now && now < notice.until).max_by_key(|notice| notice.id)
}

/// Proof of play: how often and how long a slide was on the screen within some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// 32 lower-case hexadecimal digits of the screen's own choice: sent twice, it counts once.
    pub id: String,
    pub stop: Slug,
    pub language: Language,
    /// When the first of them began.
    pub began_at: Timestamp,
    pub times: u32,
    pub shown_millis: u64,
}
