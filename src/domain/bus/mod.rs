//! Buses: a timetable as GTFS gives it, where a bus is by the clock, and which stops of the house it is about to pass.
//! Plain data and the rules over it.
//!
//! Invariants: every index in a [`Timetable`] points at something (`pipeline/gtfs` sees to it); a trip's calls are in the
//! order in which they are made and their times never go back. `web/assets/bus.js` follows the rule of
//! [`Timetable::ride`] without a network.

mod days;
mod near;
mod ride;

pub use days::{Day, Service};
pub use near::{Degrees, metres};
pub use ride::{Ride, WAITS_BEFORE};

use serde::{Deserialize, Serialize};

/// What one operator's buses do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timetable {
    pub stops: Vec<BusStop>,
    pub routes: Vec<Route>,
    pub services: Vec<Service>,
    pub trips: Vec<Trip>,
}

/// Where a bus stops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BusStop {
    pub id: String,
    pub name: String,
    pub place: Degrees,
}

/// A line of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub id: String,
    /// `T1`; may be empty where the long one is not.
    pub short: String,
    /// `Quy Nhơn - Diêu Trì`.
    pub long: String,
}

impl Route {
    /// As passengers call it.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = [self.short.as_str(), self.long.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// One run of a bus from its first stop to its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    pub id: String,
    /// Index in `routes`.
    pub route: usize,
    /// Index in `services`.
    pub service: usize,
    /// What stands on the front of the bus.
    pub headsign: String,
    /// At least two.
    pub calls: Vec<Call>,
}

/// A bus at a stop. Seconds since the day's midnight, past 86,400 after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Index in `stops`.
    pub stop: usize,
    /// As the operator numbers it: vehicle positions name it.
    pub sequence: u32,
    pub arrives: u32,
    pub leaves: u32,
}

impl Trip {
    #[must_use]
    pub fn begins(&self) -> u32 {
        self.calls.first().map_or(0, |call| call.leaves)
    }

    #[must_use]
    pub fn ends(&self) -> u32 {
        self.calls.last().map_or(0, |call| call.arrives)
    }
}

impl Timetable {
    /// The route of this id.
    #[must_use]
    pub fn route(&self, id: &str) -> Option<usize> {
        self.routes.iter().position(|route| route.id == id)
    }

    /// The trips of a route, or the one trip that is named, by their place in `trips`.
    #[must_use]
    pub fn trips_of(&self, route: usize, trip: Option<&str>) -> Vec<usize> {
        let is = |at: &usize| self.trips[*at].route == route && trip.is_none_or(|id| self.trips[*at].id == id);
        (0..self.trips.len()).filter(is).collect()
    }
}

#[cfg(test)]
mod tests;
