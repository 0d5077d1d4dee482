//! A timetable from the files of a feed.

use std::collections::{BTreeMap, HashMap};

use super::rows::{Row, Rows};
use super::{GtfsError, MOST_CALLS, MOST_ROUTES, MOST_STOPS, MOST_TRIPS, Result, Source};
use crate::domain::bus::{BusStop, Call, Day, Degrees, Route, Service, Timetable, Trip};

const STOPS: &str = "stops.txt";
const ROUTES: &str = "routes.txt";
const TRIPS: &str = "trips.txt";
const CALLS: &str = "stop_times.txt";
const CALENDAR: &str = "calendar.txt";
const DATES: &str = "calendar_dates.txt";
const FREQUENCIES: &str = "frequencies.txt";

const MOST_DATES: usize = 200_000;
const MOST_FREQUENCIES: usize = 20_000;
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

type Index = HashMap<String, usize>;

/// A call on its way in: times may be left out between two that are known.
struct Loose {
    sequence: u32,
    stop: usize,
    times: Option<(u32, u32)>,
}

/// Reads a feed whole.
///
/// # Errors
/// `GtfsError` for the first thing that is wrong.
pub fn read(source: &mut Source<'_>) -> Result<Timetable> {
    let (stops, stop_at) = stops(&needed(source, STOPS)?)?;
    let (routes, route_at) = routes(&needed(source, ROUTES)?)?;
    let (services, service_at) = services(source)?;
    let (mut trips, trip_at) = trips(&needed(source, TRIPS)?, &route_at, &service_at)?;
    calls(&needed(source, CALLS)?, &stop_at, &trip_at, &mut trips)?;
    if let Some(bytes) = source.file(FREQUENCIES)? {
        repeat(&bytes, &trip_at, &mut trips)?;
    }
    trips.retain(|trip| trip.calls.len() > 1);
    if trips.is_empty() {
        return Err(GtfsError::Empty);
    }
    Ok(Timetable { stops, routes, services, trips })
}

fn needed(source: &mut Source<'_>, name: &'static str) -> Result<Vec<u8>> {
    source.file(name)?.ok_or(GtfsError::Lacks(name))
}

fn stops(bytes: &[u8]) -> Result<(Vec<BusStop>, Index)> {
    let (mut found, mut index) = (Vec::new(), Index::new());
    Rows::new(STOPS, bytes)?.each(MOST_STOPS, |row| {
        // Entrances and the like have places of their own and no bus; a station may lack one.
        if row.maybe("stop_lat").is_empty() && !matches!(row.maybe("location_type"), "" | "0") {
            return Ok(());
        }
        let id = row.text("stop_id")?;
        let place = Degrees { latitude: row.parsed("stop_lat")?, longitude: row.parsed("stop_lon")? };
        if !place.is_on_earth() {
            return Err(row.wrong("`stop_lat` and `stop_lon` are no place on earth".to_owned()));
        }
        add(row, "stop", id, found.len(), &mut index)?;
        found.push(BusStop { id: id.to_owned(), name: row.words("stop_name"), place });
        Ok(())
    })?;
    Ok((found, index))
}

fn routes(bytes: &[u8]) -> Result<(Vec<Route>, Index)> {
    let (mut found, mut index) = (Vec::new(), Index::new());
    Rows::new(ROUTES, bytes)?.each(MOST_ROUTES, |row| {
        let id = row.text("route_id")?;
        let (short, long) = (row.words("route_short_name"), row.words("route_long_name"));
        if short.is_empty() && long.is_empty() {
            return Err(row.wrong("a route needs `route_short_name` or `route_long_name`".to_owned()));
        }
        add(row, "route", id, found.len(), &mut index)?;
        found.push(Route { id: id.to_owned(), short, long });
        Ok(())
    })?;
    Ok((found, index))
}

fn services(source: &mut Source<'_>) -> Result<(Vec<Service>, Index)> {
    let (mut found, mut index) = (Vec::new(), Index::new());
    let (calendar, dates) = (source.file(CALENDAR)?, source.file(DATES)?);
    if calendar.is_none() && dates.is_none() {
        return Err(GtfsError::NoCalendar);
    }
    if let Some(bytes) = calendar {
        Rows::new(CALENDAR, &bytes)?.each(MOST_TRIPS, |row| {
            let id = row.text("service_id")?;
            let mut weekdays = Vec::new();
            for (name, number) in WEEKDAYS.into_iter().zip(1..) {
                match row.text(name)? {
                    "1" => weekdays.push(number),
                    "0" => {}
                    _ => return Err(row.wrong(format!("`{name}` is 1 or 0"))),
                }
            }
            let (first, last) = (row.parsed("start_date")?, row.parsed("end_date")?);
            if last < first {
                return Err(row.wrong("`end_date` lies before `start_date`".to_owned()));
            }
            add(row, "service", id, found.len(), &mut index)?;
            let (added, removed) = (Vec::new(), Vec::new());
            found.push(Service { id: id.to_owned(), weekdays, first, last, added, removed });
            Ok(())
        })?;
    }
    if let Some(bytes) = dates {
        Rows::new(DATES, &bytes)?.each(MOST_DATES, |row| {
            let id = row.text("service_id")?;
            let day: Day = row.parsed("date")?;
            let at = *index.entry(id.to_owned()).or_insert_with(|| {
                let (added, removed, weekdays) = (Vec::new(), Vec::new(), Vec::new());
                found.push(Service { id: id.to_owned(), weekdays, first: day, last: day, added, removed });
                found.len() - 1
            });
            match row.text("exception_type")? {
                "1" => found[at].added.push(day),
                "2" => found[at].removed.push(day),
                _ => return Err(row.wrong("`exception_type` is 1 (added) or 2 (removed)".to_owned())),
            }
            Ok(())
        })?;
    }
    for service in &mut found {
        for days in [&mut service.added, &mut service.removed] {
            days.sort_unstable();
            days.dedup();
        }
    }
    Ok((found, index))
}

fn trips(bytes: &[u8], routes: &Index, services: &Index) -> Result<(Vec<Trip>, Index)> {
    let (mut found, mut index) = (Vec::new(), Index::new());
    Rows::new(TRIPS, bytes)?.each(MOST_TRIPS, |row| {
        let id = row.text("trip_id")?;
        let (route, service) = (row.text("route_id")?, row.text("service_id")?);
        add(row, "trip", id, found.len(), &mut index)?;
        found.push(Trip {
            id: id.to_owned(),
            route: *routes.get(route).ok_or_else(|| row.unknown("route", route))?,
            service: *services.get(service).ok_or_else(|| row.unknown("service", service))?,
            headsign: row.words("trip_headsign"),
            calls: Vec::new(),
        });
        Ok(())
    })?;
    Ok((found, index))
}

fn calls(bytes: &[u8], stops: &Index, trips: &Index, into: &mut [Trip]) -> Result<()> {
    let mut loose: BTreeMap<usize, Vec<(Loose, u64)>> = BTreeMap::new();
    Rows::new(CALLS, bytes)?.each(MOST_CALLS, |row| {
        let (trip, stop) = (row.text("trip_id")?, row.text("stop_id")?);
        let at = *trips.get(trip).ok_or_else(|| row.unknown("trip", trip))?;
        let stop = *stops.get(stop).ok_or_else(|| row.unknown("stop", stop))?;
        let (arrives, leaves) = (row.clock("arrival_time")?, row.clock("departure_time")?);
        let times = match (arrives.or(leaves), leaves.or(arrives)) {
            (Some(arrives), Some(leaves)) if leaves < arrives => {
                return Err(row.wrong("the bus leaves before it arrives".to_owned()));
            }
            (Some(arrives), Some(leaves)) => Some((arrives, leaves)),
            _ => None,
        };
        let call = Loose { sequence: row.parsed("stop_sequence")?, stop, times };
        loose.entry(at).or_default().push((call, row.line()));
        Ok(())
    })?;
    for (trip, mut calls) in loose {
        calls.sort_by_key(|(call, _)| call.sequence);
        into[trip].calls = timed(&calls)?;
    }
    Ok(())
}

/// Gives every call its times: those that are left out lie evenly between the ones that are known.
fn timed(calls: &[(Loose, u64)]) -> Result<Vec<Call>> {
    let wrong = |line: u64, why: &str| GtfsError::Line { file: CALLS, line, why: why.to_owned() };
    let mut done: Vec<Call> = Vec::with_capacity(calls.len());
    for (at, (call, line)) in calls.iter().enumerate() {
        if at > 0 && calls[at - 1].0.sequence == call.sequence {
            return Err(wrong(*line, "this `stop_sequence` is there twice in its trip"));
        }
        let before = done.last().map(|call| call.leaves);
        let (arrives, leaves) = match (call.times, before) {
            (Some(times), _) => times,
            (None, None) => return Err(wrong(*line, "the first call of a trip needs a time")),
            (None, Some(before)) => {
                let known = calls[at..].iter().zip(1..).find_map(|((call, _), steps)| Some((call.times?.0, steps)));
                let Some((after, steps)) = known else {
                    return Err(wrong(*line, "the last call of a trip needs a time"));
                };
                let moment = before + after.saturating_sub(before) / steps;
                (moment, moment)
            }
        };
        if before.is_some_and(|before| arrives < before) {
            return Err(wrong(*line, "the bus arrives before it left the stop before"));
        }
        done.push(Call { stop: call.stop, sequence: call.sequence, arrives, leaves });
    }
    Ok(done)
}

/// Trips that run every so many minutes become trips of their own, each named after its time.
fn repeat(bytes: &[u8], index: &Index, trips: &mut Vec<Trip>) -> Result<()> {
    let mut patterns = Vec::new();
    let mut calls: usize = trips.iter().map(|trip| trip.calls.len()).sum();
    Rows::new(FREQUENCIES, bytes)?.each(MOST_FREQUENCIES, |row| {
        let id = row.text("trip_id")?;
        let at = *index.get(id).ok_or_else(|| row.unknown("trip", id))?;
        let (Some(first), Some(end)) = (row.clock("start_time")?, row.clock("end_time")?) else {
            return Err(row.wrong("`start_time` and `end_time` are needed".to_owned()));
        };
        let every: u32 = row.parsed("headway_secs")?;
        if every == 0 {
            return Err(row.wrong("`headway_secs` begins at 1".to_owned()));
        }
        patterns.push(at);
        for begins in (first..end).step_by(every as usize) {
            let pattern = &trips[at];
            calls += pattern.calls.len();
            if trips.len() >= MOST_TRIPS || calls > MOST_CALLS {
                return Err(row.wrong(format!("this makes more than {MOST_TRIPS} trips or {MOST_CALLS} calls")));
            }
            let zero = pattern.begins();
            let moved = |call: &Call| Call {
                arrives: (call.arrives + begins).saturating_sub(zero),
                leaves: (call.leaves + begins).saturating_sub(zero),
                ..*call
            };
            let id = format!("{}@{:02}:{:02}:{:02}", pattern.id, begins / 3600, begins / 60 % 60, begins % 60);
            let trip = Trip { id, calls: pattern.calls.iter().map(moved).collect(), ..pattern.clone() };
            trips.push(trip);
        }
        Ok(())
    })?;
    // The pattern itself is no trip.
    for at in patterns {
        trips[at].calls.clear();
    }
    Ok(())
}

fn add(row: &Row<'_>, what: &str, id: &str, at: usize, index: &mut Index) -> Result<()> {
    match index.insert(id.to_owned(), at) {
        None => Ok(()),
        Some(_) => Err(row.twice(what, id)),
    }
}
