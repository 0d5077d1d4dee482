//! Where a bus is by the clock: the trip it is on, and the stop it comes to next.

use super::{Call, Day, Degrees, Timetable, metres};

/// Seconds before its first stop for which a bus that waits there is taken to be on its trip.
pub const WAITS_BEFORE: u32 = 900;
const DAY: i64 = 86_400_000;
/// How many stops ahead a bus tells of.
const AHEAD: usize = 2;

/// A trip under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ride {
    /// Index in the timetable's trips.
    pub trip: usize,
    /// Index in the trip's calls: the stop that comes next.
    pub next: usize,
}

impl Timetable {
    /// The ride of a bus that makes some of these trips, at a moment in milliseconds of the local clock; `None` where
    /// none of them is under way.
    ///
    /// Where several are under way at once, the one that began last counts, since nothing else is known of the bus: name
    /// the trip, or let the bus tell its position. A bus waits at its first stop for [`WAITS_BEFORE`].
    #[must_use]
    pub fn ride(&self, trips: &[usize], local: i64) -> Option<Ride> {
        let today = Day::of_local(local);
        let second = u32::try_from(local.rem_euclid(DAY) / 1000).unwrap_or(0);
        // What began yesterday may still be under way, and what begins after midnight may be waited for.
        let moments = [(today.plus(-1), Some(second + 86_400)), (today, Some(second)), (today.plus(1), None)];
        let mut under_way: Option<(i64, usize, u32)> = None;
        let mut waiting: Option<(i64, usize)> = None;
        for (day, at) in moments {
            for trip in trips {
                let own = &self.trips[*trip];
                if !self.services[own.service].runs_on(day) {
                    continue;
                }
                let begins = i64::from(day.0) * 86_400 + i64::from(own.begins());
                match at {
                    Some(at) if own.begins() <= at && at < own.ends() => {
                        if under_way.is_none_or(|(best, ..)| begins > best) {
                            under_way = Some((begins, *trip, at));
                        }
                    }
                    _ => {
                        let left = begins - local.div_euclid(1000);
                        let soon = (1..=i64::from(WAITS_BEFORE)).contains(&left);
                        if soon && waiting.is_none_or(|(best, _)| begins < best) {
                            waiting = Some((begins, *trip));
                        }
                    }
                }
            }
        }
        if let Some((_, trip, at)) = under_way {
            let next = self.trips[trip].calls.iter().position(|call| call.arrives > at);
            return next.map(|next| Ride { trip, next });
        }
        waiting.map(|(_, trip)| Ride { trip, next: 0 })
    }

    /// The calls a bus is about to make: the next one, and the one after it.
    #[must_use]
    pub fn ahead(&self, ride: Ride) -> &[Call] {
        let calls = &self.trips[ride.trip].calls;
        &calls[ride.next.min(calls.len())..(ride.next + AHEAD).min(calls.len())]
    }

    /// The call of a trip whose stop lies nearest to a point.
    #[must_use]
    pub fn nearest_call(&self, trip: usize, place: Degrees) -> Option<usize> {
        let far = |call: &Call| metres(self.stops[call.stop].place, place);
        let calls = self.trips[trip].calls.iter().enumerate();
        calls.min_by(|one, other| far(one.1).total_cmp(&far(other.1))).map(|(at, _)| at)
    }
}
