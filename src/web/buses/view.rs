//! The part of a timetable that a screen is given: its route for some days, and what of the house lies near its stops.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Buses, local};
use crate::domain::bus::{Day, Degrees, metres};
use crate::domain::screen::Plan;
use crate::domain::{Language, Site, Stop};
use crate::web::error::Result;
use crate::web::reading::Library;
use crate::web::state::State;

/// Days ahead that a screen is given, and goes by without a network.
const DAYS_AHEAD: i32 = 14;

/// What a screen goes by on a bus.
#[derive(Debug, Serialize, ToSchema)]
pub struct BusView {
    /// The route, as passengers call it.
    pub route: String,
    /// `true`: ask `/api/v1/screens/{code}/bus` where the bus is.
    pub live: bool,
    pub stops: Vec<BusStopView>,
    pub services: Vec<ServiceView>,
    pub trips: Vec<TripView>,
    /// What stands before the next stop, in each language of the screen.
    pub words: Vec<BusWords>,
}

/// Words of the strip in one language; `minutes` has `{minutes}` in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BusWords {
    pub lang: String,
    pub next: String,
    pub minutes: String,
}

/// A stop of the bus.
#[derive(Debug, Serialize, ToSchema)]
pub struct BusStopView {
    pub name: String,
    /// Slugs of the house's stops near it, the nearest first.
    pub near: Vec<String>,
}

/// Days, counted from 1970-01-01 in the screen's local time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceView {
    /// Monday is 1.
    pub weekdays: Vec<u8>,
    pub first: i32,
    pub last: i32,
    pub added: Vec<i32>,
    pub removed: Vec<i32>,
}

/// One run of the bus.
#[derive(Debug, Serialize, ToSchema)]
pub struct TripView {
    pub id: String,
    pub headsign: String,
    /// Its place in `services`.
    pub service: usize,
    /// For each call: its place in `stops`, and the seconds since midnight at which the bus arrives and leaves.
    pub calls: Vec<(usize, u32, u32)>,
}

impl Buses {
    /// What a screen goes by; `None` where its plan has no bus that can be followed.
    ///
    /// # Errors
    /// Where the store does not answer or contradicts itself.
    pub async fn view(&self, state: &State, plan: &Plan, library: &Library) -> Result<Option<BusView>> {
        let Some(bus) = &plan.bus else { return Ok(None) };
        let Ok(line) = self.line(state, bus).await? else { return Ok(None) };
        let table = &line.kept.table;
        let today = Day::of_local(local(plan, state.clock.now()));
        let soon = |trip: &&usize| {
            let service = &table.services[table.trips[**trip].service];
            (-1..=DAYS_AHEAD).any(|step| service.runs_on(today.plus(step)))
        };
        let places = places(library)?;
        let (mut stops, mut services) = (Places::default(), Places::default());
        let trips = line.trips.iter().filter(soon).map(|trip| {
            let trip = &table.trips[*trip];
            let calls = trip.calls.iter().map(|call| (stops.place(call.stop), call.arrives, call.leaves));
            TripView {
                calls: calls.collect(),
                id: trip.id.clone(),
                headsign: trip.headsign.clone(),
                service: services.place(trip.service),
            }
        });
        let trips = trips.collect();
        let stop = |at: &usize| {
            let stop = &table.stops[*at];
            BusStopView { name: stop.name.clone(), near: near(stop.place, &places, f64::from(bus.near_metres)) }
        };
        let words = |language: &Language| {
            let own = state.phrasebook.of(*language);
            BusWords { lang: language.to_string(), next: own.next_stop.clone(), minutes: own.minutes.clone() }
        };
        let days = |days: &[Day]| days.iter().map(|day| day.0).collect();
        let service = |at: &usize| {
            let service = &table.services[*at];
            ServiceView {
                weekdays: service.weekdays.clone(),
                first: service.first.0,
                last: service.last.0,
                added: days(&service.added),
                removed: days(&service.removed),
            }
        };
        Ok(Some(BusView {
            route: table.routes[line.route].name(),
            live: line.kept.positions.is_some() && bus.vehicle.is_some(),
            stops: stops.order.iter().map(stop).collect(),
            services: services.order.iter().map(service).collect(),
            trips,
            words: plan.languages.iter().map(words).collect(),
        }))
    }
}

/// Where each stop of the house is: its own place, or its site's.
fn places(library: &Library) -> Result<Vec<(&Stop, Degrees)>> {
    let mut found = Vec::new();
    for stop in &library.stops {
        let site: &Site = library.site_of(stop)?;
        if let Some(place) = stop.place.as_ref().or(site.place.as_ref()) {
            found.push((stop, Degrees { latitude: place.latitude, longitude: place.longitude }));
        }
    }
    Ok(found)
}

fn near(of: Degrees, places: &[(&Stop, Degrees)], most: f64) -> Vec<String> {
    let with_distance = places.iter().map(|(stop, place)| (metres(of, *place), stop));
    let mut near: Vec<_> = with_distance.filter(|(far, _)| *far <= most).collect();
    near.sort_by(|one, other| one.0.total_cmp(&other.0));
    near.into_iter().map(|(_, stop)| stop.slug.to_string()).collect()
}

/// Gives things of a timetable places in a shorter list, in the order in which they come.
#[derive(Default)]
struct Places {
    order: Vec<usize>,
    of: HashMap<usize, usize>,
}

impl Places {
    fn place(&mut self, at: usize) -> usize {
        *self.of.entry(at).or_insert_with(|| {
            self.order.push(at);
            self.order.len() - 1
        })
    }
}
