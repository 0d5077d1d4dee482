//! Where buses are: the vehicle positions of GTFS Realtime, of which these few fields are read.

use prost::Message;

use crate::domain::bus::{Degrees, Ride, Timetable};

/// Of an answer; a thousand buses take a tenth of it.
pub const LARGEST_POSITIONS: u64 = 2 << 20;
const MOST_VEHICLES: usize = 10_000;
/// Of an id.
const LONGEST: usize = 300;

/// Why positions were not taken.
#[derive(Debug, thiserror::Error)]
pub enum PositionsError {
    #[error("this is no GTFS Realtime message: {0}")]
    Unread(#[from] prost::DecodeError),
    #[error("the message tells of more than {MOST_VEHICLES} vehicles")]
    Many,
    #[error("{address} gives no positions: {why}")]
    Unreached { address: String, why: String },
    #[error("the message is larger than {} MB", LARGEST_POSITIONS >> 20)]
    Large,
}

/// A bus that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// Its id, its label and its plate: staff name a bus by any of them.
    pub names: Vec<String>,
    pub trip: String,
    /// Seconds since 1970, UTC.
    pub at: u64,
    pub place: Option<Degrees>,
    stop: Option<String>,
    sequence: Option<u32>,
    stopped: bool,
}

#[derive(Clone, PartialEq, Message)]
struct Feed {
    #[prost(message, optional, tag = "1")]
    header: Option<Header>,
    #[prost(message, repeated, tag = "2")]
    entities: Vec<Entity>,
}

#[derive(Clone, PartialEq, Message)]
struct Header {
    #[prost(uint64, optional, tag = "3")]
    timestamp: Option<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct Entity {
    #[prost(bool, optional, tag = "2")]
    deleted: Option<bool>,
    #[prost(message, optional, tag = "4")]
    vehicle: Option<Vehicle>,
}

#[derive(Clone, PartialEq, Message)]
struct Vehicle {
    #[prost(message, optional, tag = "1")]
    trip: Option<TripName>,
    #[prost(message, optional, tag = "2")]
    position: Option<Point>,
    #[prost(uint32, optional, tag = "3")]
    sequence: Option<u32>,
    /// 0 comes in, 1 stands at the stop, 2 is on its way to it.
    #[prost(int32, optional, tag = "4")]
    status: Option<i32>,
    #[prost(uint64, optional, tag = "5")]
    timestamp: Option<u64>,
    #[prost(string, optional, tag = "7")]
    stop: Option<String>,
    #[prost(message, optional, tag = "8")]
    vehicle: Option<VehicleName>,
}

#[derive(Clone, PartialEq, Message)]
struct TripName {
    #[prost(string, optional, tag = "1")]
    trip: Option<String>,
    #[prost(string, optional, tag = "2")]
    start_time: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct Point {
    #[prost(float, optional, tag = "1")]
    latitude: Option<f32>,
    #[prost(float, optional, tag = "2")]
    longitude: Option<f32>,
}

#[derive(Clone, PartialEq, Message)]
struct VehicleName {
    #[prost(string, optional, tag = "1")]
    id: Option<String>,
    #[prost(string, optional, tag = "2")]
    label: Option<String>,
    #[prost(string, optional, tag = "3")]
    plate: Option<String>,
}

/// The buses of a message that say which trip they are on, and when they said it.
///
/// # Errors
/// `PositionsError`.
pub fn sightings(bytes: &[u8]) -> Result<Vec<Sighting>, PositionsError> {
    let feed = Feed::decode(bytes)?;
    if feed.entities.len() > MOST_VEHICLES {
        return Err(PositionsError::Many);
    }
    let told = feed.header.and_then(|header| header.timestamp);
    let seen = feed.entities.into_iter().filter(|entity| entity.deleted != Some(true));
    Ok(seen.filter_map(|entity| sighting(entity.vehicle?, told)).collect())
}

fn sighting(vehicle: Vehicle, told: Option<u64>) -> Option<Sighting> {
    let short = |text: &String| !text.is_empty() && text.len() <= LONGEST;
    let trip = vehicle.trip?;
    let id = trip.trip.filter(short)?;
    // A trip that runs every so many minutes is named with the time at which it began.
    let trip = trip.start_time.filter(short).map_or(id.clone(), |time| format!("{id}@{time:0>8}"));
    let names = vehicle.vehicle.map(|name| [name.id, name.label, name.plate]).into_iter().flatten();
    let place = vehicle.position.and_then(|point| {
        let place = Degrees { latitude: point.latitude?.into(), longitude: point.longitude?.into() };
        place.is_on_earth().then_some(place)
    });
    Some(Sighting {
        names: names.flatten().filter(short).collect(),
        trip,
        at: vehicle.timestamp.or(told)?,
        place,
        stop: vehicle.stop.filter(short),
        sequence: vehicle.sequence,
        stopped: vehicle.status == Some(1),
    })
}

impl Sighting {
    /// The ride this bus is on, as far as it is one of these trips of the timetable.
    #[must_use]
    pub fn ride(&self, table: &Timetable, trips: &[usize]) -> Option<Ride> {
        let plain = self.trip.split('@').next().unwrap_or(&self.trip);
        let named = |id: &str| trips.iter().copied().find(|trip| table.trips[*trip].id == id);
        let trip = named(&self.trip).or_else(|| named(plain))?;
        let calls = &table.trips[trip].calls;
        let by_number = self.sequence.and_then(|number| calls.iter().position(|call| call.sequence == number));
        let by_stop = || {
            let stop = self.stop.as_deref()?;
            calls.iter().position(|call| table.stops[call.stop].id == stop)
        };
        let by_place = || table.nearest_call(trip, self.place?);
        let at = by_number.or_else(by_stop).or_else(by_place)?;
        // At its last stop a bus tells of that one.
        let next = if self.stopped { (at + 1).min(calls.len() - 1) } else { at };
        Some(Ride { trip, next })
    }
}

/// A message of one bus, for tests.
#[cfg(test)]
pub(crate) fn message(vehicle: &str, trip: &str, at: u64, sequence: Option<u32>, place: Option<Degrees>) -> Vec<u8> {
    let position =
        place.map(|place| Point { latitude: Some(place.latitude as f32), longitude: Some(place.longitude as f32) });
    let vehicle = Vehicle {
        trip: Some(TripName { trip: Some(trip.to_owned()), start_time: None }),
        position,
        sequence,
        status: None,
        timestamp: Some(at),
        stop: None,
        vehicle: Some(VehicleName { id: None, label: None, plate: Some(vehicle.to_owned()) }),
    };
    let entities = vec![Entity { deleted: None, vehicle: Some(vehicle) }];
    Feed { header: Some(Header { timestamp: Some(at) }), entities }.encode_to_vec()
}
