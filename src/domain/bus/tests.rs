//! Where a bus is: days, midnight, trips that overlap.

use proptest::prelude::*;

use super::*;

/// 2026-11-30, a Monday.
const MONDAY: Day = Day(20_787);

fn at(day: Day, clock: &str) -> i64 {
    let (hours, minutes) = clock.split_once(':').unwrap();
    let minutes = hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap();
    i64::from(day.0) * 86_400_000 + minutes * 60_000
}

fn trip(id: &str, service: usize, minutes: &[u32]) -> Trip {
    let call = |(stop, minute): (usize, &u32)| Call {
        stop,
        sequence: stop as u32 * 10,
        arrives: minute * 60,
        leaves: minute * 60 + 30,
    };
    Trip {
        id: id.to_owned(),
        route: 0,
        service,
        headsign: String::new(),
        calls: minutes.iter().enumerate().map(call).collect(),
    }
}

fn timetable(trips: Vec<Trip>) -> Timetable {
    let stop = |n: i32| BusStop {
        id: format!("s{n}"),
        name: format!("Stop {n}"),
        place: Degrees { latitude: 13.78 + f64::from(n) * 0.01, longitude: 109.2 },
    };
    let service = |id: &str, weekdays: &[u8]| Service {
        id: id.to_owned(),
        weekdays: weekdays.to_vec(),
        first: MONDAY,
        last: MONDAY.plus(30),
        added: Vec::new(),
        removed: Vec::new(),
    };
    Timetable {
        stops: (0..4).map(stop).collect(),
        routes: vec![Route { id: "T1".to_owned(), short: "T1".to_owned(), long: "Quy Nhơn - Diêu Trì".to_owned() }],
        services: vec![service("week", &[1, 2, 3, 4, 5]), service("saturday", &[6])],
        trips,
    }
}

#[test]
fn days_are_read_and_counted() {
    assert_eq!("20261130".parse::<Day>().unwrap(), MONDAY);
    assert_eq!((MONDAY.weekday(), MONDAY.plus(6).weekday(), MONDAY.to_string().as_str()), (1, 7, "2026-11-30"));
    for bad in ["2026-11-30", "20261131", "20260001", "", "２０２６"] {
        assert!(bad.parse::<Day>().is_err(), "{bad}");
    }
}

#[test]
fn a_service_runs_on_its_days_with_what_was_added_and_without_what_was_taken() {
    let mut service = timetable(Vec::new()).services.remove(0);
    service.added = vec![MONDAY.plus(-5), MONDAY.plus(5)];
    service.removed = vec![MONDAY.plus(1)];
    let days: Vec<i32> = (-6..8).filter(|day| service.runs_on(MONDAY.plus(*day))).collect();
    assert_eq!(days, [-5, 0, 2, 3, 4, 5, 7]);
    assert_eq!(service.ends(), Some(MONDAY.plus(30)));
}

#[test]
fn the_next_stop_goes_by_the_clock() {
    // 7:00 to 7:30; 7:20 to 7:50, which overlaps it; Friday's last bus, over midnight.
    let table = timetable(vec![
        trip("a", 0, &[420, 430, 440, 450]),
        trip("b", 0, &[440, 450, 460, 470]),
        trip("late", 0, &[1430, 1450, 1460]),
    ]);
    let all = [0, 1, 2];
    let ride = |day: Day, clock: &str| table.ride(&all, at(day, clock)).map(|ride| (ride.trip, ride.next));
    assert_eq!(ride(MONDAY, "6:30"), None);
    assert_eq!(ride(MONDAY, "6:50"), Some((0, 0)), "it waits at its first stop");
    assert_eq!(ride(MONDAY, "7:05"), Some((0, 1)));
    assert_eq!(ride(MONDAY, "7:10"), Some((0, 2)), "a bus that is at a stop tells of the one after it");
    assert_eq!(ride(MONDAY, "7:25"), Some((1, 1)), "the one that began last");
    assert_eq!(table.ride(&[0], at(MONDAY, "7:25")).map(|ride| ride.next), Some(3), "the one that is named");
    assert_eq!(ride(MONDAY, "8:00"), None);
    let friday = MONDAY.plus(4);
    assert_eq!(ride(friday.plus(1), "0:12"), Some((2, 2)), "on Saturday, on Friday's trip");
    assert_eq!(ride(MONDAY, "0:12"), None, "Sunday had none");
    assert_eq!(ride(MONDAY.plus(-3), "7:05"), None, "before the first day");
    let ahead = table.ahead(Ride { trip: 0, next: 2 });
    assert_eq!(ahead.iter().map(|call| call.stop).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(table.ahead(Ride { trip: 0, next: 3 }).len(), 1);
}

#[test]
fn the_first_bus_after_midnight_is_waited_for_before_it() {
    let table = timetable(vec![trip("early", 0, &[5, 20])]);
    assert_eq!(table.ride(&[0], at(MONDAY, "23:55")).map(|ride| ride.next), Some(0));
    assert_eq!(table.ride(&[0], at(MONDAY.plus(4), "23:55")), None, "there is none on Saturday");
}

#[test]
fn distances_are_those_of_a_map() {
    let tower = Degrees { latitude: 13.7859, longitude: 109.2108 };
    let station = Degrees { latitude: 13.7747, longitude: 109.2217 };
    let far = metres(tower, station);
    assert!((1_700.0..1_730.0).contains(&far), "{far}");
    assert_eq!(metres(tower, tower), 0.0);
    let table = timetable(vec![trip("a", 0, &[420, 430, 440, 450])]);
    assert_eq!(table.nearest_call(0, Degrees { latitude: 13.801, longitude: 109.2 }), Some(2));
}

proptest! {
    /// Whatever the clock, a ride is one of the trips that were asked for, on its way to a call it has not made.
    #[test]
    fn a_ride_is_under_way_or_about_to_be(
        minutes in prop::collection::vec(prop::collection::vec(0u32..2000, 2..6), 1..6), local in -90_000_000i64..4_000_000_000,
    ) {
        let trips = minutes.into_iter().enumerate().map(|(n, mut minutes)| {
            minutes.sort_unstable();
            trip(&n.to_string(), n % 2, &minutes)
        });
        let table = timetable(trips.collect());
        let all: Vec<usize> = (0..table.trips.len()).collect();
        let local = at(MONDAY, "0:00") + local;
        if let Some(ride) = table.ride(&all, local) {
            let own = &table.trips[ride.trip];
            prop_assert!(ride.next < own.calls.len());
            let fits = |day: Day| {
                let second = (local - at(day, "0:00")).div_euclid(1000);
                let begins = i64::from(own.begins());
                table.services[own.service].runs_on(day)
                    && second < i64::from(own.ends().max(own.begins()))
                    && begins - second <= i64::from(WAITS_BEFORE)
                    && (ride.next == 0 || second < i64::from(own.calls[ride.next].arrives))
            };
            let today = Day::of_local(local);
            prop_assert!([-1, 0, 1].iter().any(|step| fits(today.plus(*step))));
        }
    }
}
