//! Buses on screens: the part of a timetable that a screen goes by, what lies near its stops, and where its bus is now.
//!
//! Timetables are read once and kept in memory until another is put in. Vehicle positions are asked for behind the
//! answers, at most every [`ASKED_EVERY`]; a position is believed for [`BELIEVED_FOR`] after the bus told it. Past that
//! the timetable counts again, on the screen itself too, and staff are told why.

#[cfg(test)]
mod tests;
mod view;

pub use view::BusView;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::bus::{Ride, Timetable};
use crate::domain::screen::{Bus, Plan};
use crate::domain::{Slug, Timestamp};
use crate::pipeline::gtfs::{Sighting, fetch, sightings};
use crate::web::error::Result;
use crate::web::state::State;

/// Milliseconds between two questions for positions.
const ASKED_EVERY: i64 = 15_000;
/// Milliseconds for which a bus is where it said it was.
pub const BELIEVED_FOR: i64 = 90_000;
/// Of one route on one screen: some hundred kilobytes.
const MOST_CALLS: usize = 20_000;

/// Where a bus said it was.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveView {
    pub trip: String,
    /// Place of the next call in the trip's `calls`.
    pub next: usize,
    /// Milliseconds since 1970; past it the timetable counts.
    pub until: i64,
}

/// Why the timetable counts and no position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPosition {
    /// The timetable has no address for positions, or the plan names no vehicle.
    NotAsked,
    /// They are not there yet: ask again in a moment.
    Waiting,
    Fault(String),
    /// Nobody of this name was seen on the route.
    NotSeen,
    /// It was seen, so many seconds ago.
    Old(i64),
}

/// Why a screen's bus cannot be followed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusFault {
    NoTimetable,
    NoRoute,
    NoTrip,
    /// More calls than a screen is given: name the trip.
    TooMany,
}

/// A bus as staff see it.
#[derive(Debug)]
pub struct Whereabouts {
    pub route: String,
    /// Head sign and next stop; `None` where no trip is under way.
    pub next: Option<(String, String)>,
    /// Seconds since the bus told it; else why the timetable is gone by.
    pub by: std::result::Result<i64, NoPosition>,
}

#[derive(Debug, Default)]
pub struct Buses {
    tables: Mutex<HashMap<Slug, Arc<Kept>>>,
    live: Mutex<HashMap<Slug, Live>>,
}

#[derive(Debug)]
struct Kept {
    kept_at: Timestamp,
    table: Timetable,
    positions: Option<String>,
}

#[derive(Debug, Default)]
struct Live {
    seen: Arc<Vec<Sighting>>,
    fault: Option<String>,
    /// When they were last asked for, and for which address.
    asked: Option<(Timestamp, String)>,
    answered: bool,
}

/// A screen's route in its timetable.
struct Line {
    kept: Arc<Kept>,
    route: usize,
    trips: Vec<usize>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Buses {
    async fn kept(&self, state: &State, name: &Slug) -> Result<Option<Arc<Kept>>> {
        let heads = state.store.timetable_heads().await?;
        let Some(head) = heads.into_iter().find(|head| head.name == *name) else { return Ok(None) };
        if let Some(kept) = lock(&self.tables).get(name)
            && kept.kept_at == head.kept_at
        {
            return Ok(Some(kept.clone()));
        }
        let Some((head, table)) = state.store.timetable(name).await? else { return Ok(None) };
        let kept = Arc::new(Kept { kept_at: head.kept_at, table, positions: head.positions });
        lock(&self.tables).insert(name.clone(), kept.clone());
        Ok(Some(kept))
    }

    async fn line(&self, state: &State, bus: &Bus) -> Result<std::result::Result<Line, BusFault>> {
        let Some(kept) = self.kept(state, &bus.timetable).await? else { return Ok(Err(BusFault::NoTimetable)) };
        let Some(route) = kept.table.route(&bus.route) else { return Ok(Err(BusFault::NoRoute)) };
        let trips = kept.table.trips_of(route, bus.trip.as_deref());
        let calls: usize = trips.iter().map(|trip| kept.table.trips[*trip].calls.len()).sum();
        Ok(match trips.is_empty() {
            true => Err(BusFault::NoTrip),
            false if calls > MOST_CALLS => Err(BusFault::TooMany),
            false => Ok(Line { kept, route, trips }),
        })
    }

    /// What keeps a plan's bus from being followed; `None` where nothing does, or it has none.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn fault(&self, state: &State, plan: &Plan) -> Result<Option<BusFault>> {
        match &plan.bus {
            Some(bus) => Ok(self.line(state, bus).await?.err()),
            None => Ok(None),
        }
    }

    /// The routes of a timetable: their ids and names.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn routes(&self, state: &State, name: &Slug) -> Result<Vec<(String, String)>> {
        let Some(kept) = self.kept(state, name).await? else { return Ok(Vec::new()) };
        Ok(kept.table.routes.iter().map(|route| (route.id.clone(), route.name())).collect())
    }

    /// Where the bus of a plan said it was, as far as that is believed.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn live(&self, state: &State, plan: &Plan) -> Result<Option<LiveView>> {
        let Some(bus) = &plan.bus else { return Ok(None) };
        let Ok(line) = self.line(state, bus).await? else { return Ok(None) };
        Ok(self.sighting(state, bus, &line).ok().map(|(ride, at)| LiveView {
            trip: line.kept.table.trips[ride.trip].id.clone(),
            next: ride.next,
            until: at.0.saturating_add(BELIEVED_FOR),
        }))
    }

    /// Where the bus of a plan is, for staff.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn whereabouts(
        &self,
        state: &State,
        plan: &Plan,
    ) -> Result<Option<std::result::Result<Whereabouts, BusFault>>> {
        let Some(bus) = &plan.bus else { return Ok(None) };
        let line = match self.line(state, bus).await? {
            Ok(line) => line,
            Err(fault) => return Ok(Some(Err(fault))),
        };
        let table = &line.kept.table;
        let now = state.clock.now();
        let sighting = self.sighting(state, bus, &line);
        let ride = match &sighting {
            Ok((ride, _)) => Some(*ride),
            Err(_) => table.ride(&line.trips, local(plan, now)),
        };
        let next = ride.and_then(|ride| {
            let call = table.ahead(ride).first()?;
            Some((table.trips[ride.trip].headsign.clone(), table.stops[call.stop].name.clone()))
        });
        let by = sighting.map(|(_, at)| (now.0 - at.0).max(0) / 1000);
        Ok(Some(Ok(Whereabouts { route: table.routes[line.route].name(), next, by })))
    }

    /// The ride a bus said it is on, and when it said so.
    fn sighting(&self, state: &State, bus: &Bus, line: &Line) -> std::result::Result<(Ride, Timestamp), NoPosition> {
        let (Some(address), Some(vehicle)) = (&line.kept.positions, &bus.vehicle) else {
            return Err(NoPosition::NotAsked);
        };
        let seen = self.seen(state, &bus.timetable, address)?;
        let own = |seen: &&Sighting| seen.names.iter().any(|name| name == vehicle);
        let newest = seen.iter().filter(own).max_by_key(|seen| seen.at).ok_or(NoPosition::NotSeen)?;
        let at = Timestamp(i64::try_from(newest.at).unwrap_or(i64::MAX).saturating_mul(1000));
        let now = state.clock.now();
        // A clock that is ahead must not keep a bus where it was.
        if now.0 < at.0.saturating_sub(BELIEVED_FOR) || at.0.saturating_add(BELIEVED_FOR) <= now.0 {
            return Err(NoPosition::Old((now.0 - at.0) / 1000));
        }
        let ride = newest.ride(&line.kept.table, &line.trips).ok_or(NoPosition::NotSeen)?;
        Ok((ride, at))
    }

    /// The buses that were seen last; they are asked for again where that is long ago, and nobody waits for it.
    fn seen(&self, state: &State, name: &Slug, address: &str) -> std::result::Result<Arc<Vec<Sighting>>, NoPosition> {
        let now = state.clock.now();
        let mut all = lock(&self.live);
        let live = all.entry(name.clone()).or_default();
        let due = match &live.asked {
            Some((at, of)) => of != address || at.plus_millis(ASKED_EVERY) <= now || now < *at,
            None => true,
        };
        if due {
            if live.asked.as_ref().is_none_or(|(_, of)| of != address) {
                *live = Live::default();
            }
            live.asked = Some((now, address.to_owned()));
            tokio::spawn(ask(state.clone(), name.clone(), address.to_owned()));
        }
        match &live.fault {
            Some(fault) => Err(NoPosition::Fault(fault.clone())),
            None if !live.answered => Err(NoPosition::Waiting),
            None => Ok(live.seen.clone()),
        }
    }
}

/// Asks for positions and keeps what came, or why nothing did.
async fn ask(state: State, name: Slug, address: String) {
    let from = address.clone();
    let read = tokio::task::spawn_blocking(move || fetch(&from).and_then(|bytes| sightings(&bytes))).await;
    let mut all = lock(&state.buses.live);
    let Some(live) = all.get_mut(&name).filter(|live| live.asked.as_ref().is_some_and(|(_, of)| *of == address)) else {
        return;
    };
    live.answered = true;
    match read {
        Ok(Ok(seen)) => (live.seen, live.fault) = (Arc::new(seen), None),
        Ok(Err(error)) => {
            tracing::warn!(timetable = name.as_str(), %error, "no vehicle positions");
            live.fault = Some(error.to_string());
        }
        Err(error) => live.fault = Some(error.to_string()),
    }
}

/// Milliseconds by the screen's own clock.
fn local(plan: &Plan, now: Timestamp) -> i64 {
    now.0.saturating_add(i64::from(plan.utc_offset_minutes) * 60_000)
}
