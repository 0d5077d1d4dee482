//! Feeds as operators make them, and as nobody should.

use std::io::Write;

use proptest::prelude::*;

use super::positions::message;
use super::*;
use crate::domain::bus::{Degrees, Ride, Timetable};

const STOPS: &str = "\u{feff}stop_id,stop_name,stop_lat,stop_lon\ns1,\"Bến xe, Quy Nhơn\",13.7695,109.2177\ns2,Tháp Đôi,13.7860,109.2110\ns3,Diêu Trì,13.8060,109.1460\n";
const ROUTES: &str = "route_id,route_short_name,route_long_name,route_type\nT1,T1,Quy Nhơn - Diêu Trì,3\n";
const TRIPS: &str = "route_id,service_id,trip_id,trip_headsign\nT1,week,T1-1,Diêu Trì\n";
const CALLS: &str = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1-1,7:00:00,7:00:00,s1,1\nT1-1,,,s2,5\nT1-1,7:30:00,7:30:00,s3,9\n";
const CALENDAR: &str = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nweek,1,1,1,1,1,0,0,20261101,20270131\n";

fn files() -> Vec<(&'static str, String)> {
    [
        ("stops.txt", STOPS),
        ("routes.txt", ROUTES),
        ("trips.txt", TRIPS),
        ("stop_times.txt", CALLS),
        ("calendar.txt", CALENDAR),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.to_owned()))
    .collect()
}

fn zipped(files: &[(&'static str, String)], folder: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(format!("{folder}{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read_zip(files: &[(&'static str, String)]) -> Result<Timetable> {
    read(&mut Source::zip(&zipped(files, "")).unwrap())
}

/// What is said of a feed in which one file is another.
fn said(name: &'static str, text: &str) -> String {
    let mut files = files();
    files.retain(|(own, _)| *own != name);
    files.push((name, text.to_owned()));
    read_zip(&files).unwrap_err().to_string()
}

#[test]
fn a_feed_is_read_from_an_archive_and_from_a_folder() {
    let table = read_zip(&files()).unwrap();
    assert_eq!(
        (table.stops[0].name.as_str(), table.routes[0].name().as_str()),
        ("Bến xe, Quy Nhơn", "T1 · Quy Nhơn - Diêu Trì")
    );
    let times: Vec<u32> = table.trips[0].calls.iter().map(|call| call.arrives / 60).collect();
    assert_eq!(times, [420, 435, 450], "what is left out lies between what is known");
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    assert_eq!(read(&mut Source::Folder(folder.path())).unwrap(), table);
    let inside = zipped(&files(), "quy-nhon/");
    assert_eq!(read(&mut Source::zip(&inside).unwrap()).unwrap(), table);
}

#[test]
fn days_may_be_listed_one_by_one() {
    let mut files = files();
    files.retain(|(name, _)| *name != "calendar.txt");
    assert!(read_zip(&files).unwrap_err().to_string().contains("neither calendar.txt"));
    files.push(("calendar_dates.txt", "service_id,date,exception_type\nweek,20261201,1\nweek,20261130,1\n".to_owned()));
    let service = read_zip(&files).unwrap().services.remove(0);
    let days: Vec<String> = service.added.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-11-30", "2026-12-01"]);
    assert!(service.runs_on(service.added[1]) && !service.runs_on(service.added[1].plus(1)));
}

#[test]
fn what_runs_every_so_many_minutes_becomes_trips() {
    let mut files = files();
    let every = "trip_id,start_time,end_time,headway_secs\nT1-1,06:00:00,07:00:00,1200\n";
    files.push(("frequencies.txt", every.to_owned()));
    let table = read_zip(&files).unwrap();
    let begins: Vec<(&str, u32)> = table.trips.iter().map(|trip| (trip.id.as_str(), trip.begins())).collect();
    assert_eq!(begins, [("T1-1@06:00:00", 21_600), ("T1-1@06:20:00", 22_800), ("T1-1@06:40:00", 24_000)]);
    assert_eq!(table.trips[2].ends(), 24_000 + 1_800);
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    for (name, text, words) in [
        (
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon\ns1,A,13,109\ns1,B,13,109\n",
            "stops.txt, line 3: the stop `s1` is there twice",
        ),
        (
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon\ns1,A,130,109\n",
            "stops.txt, line 2: `stop_lat` and `stop_lon` are no place",
        ),
        (
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon\ns1,\"A\nB\",13,x\n",
            "stops.txt, line 2: `x` cannot be `stop_lon`",
        ),
        ("stops.txt", "stop_id,stop_name\ns1,A\n", "stops.txt has no column `stop_lat`"),
        ("routes.txt", "route_id\nT1\n", "routes.txt, line 2: a route needs"),
        ("trips.txt", "route_id,service_id,trip_id\nT9,week,a\n", "trips.txt, line 2: there is no route `T9`"),
        ("trips.txt", "route_id,service_id,trip_id\nT1,never,a\n", "trips.txt, line 2: there is no service `never`"),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1-1,7:00,7:00,s1,1\n",
            "line 2: `7:00` in `arrival_time` is no time",
        ),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1-1,8:00:00,8:00:00,s1,1\nT1-1,7:00:00,7:00:00,s2,2\n",
            "line 3: the bus arrives before it left",
        ),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1-1,8:00:00,8:00:00,s1,1\nT1-1,,,s2,2\n",
            "line 3: the last call of a trip needs a time",
        ),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1-1,8:00:00,8:00:00,s1,1\nT1-1,9:00:00,9:00:00,s2,1\n",
            "twice in its trip",
        ),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1-1,8:00:00,8:00:00,s1,1\n",
            "no trip of the feed makes two calls",
        ),
        (
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nweek,1,1,1,1,1,0,0,20270101,20261231\n",
            "calendar.txt, line 2: `end_date` lies before",
        ),
        (
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nweek,1,1,1,1,1,0,0,20270101,20261301\n",
            "`20261301` cannot be `end_date`",
        ),
        (
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs\nT1-1,00:00:00,99:00:00,1\n",
            "frequencies.txt, line 2: this makes more than",
        ),
    ] {
        let error = said(name, text);
        assert!(error.contains(words), "{error}");
    }
    let mut lacking = files();
    lacking.retain(|(name, _)| *name != "stop_times.txt");
    assert!(read_zip(&lacking).unwrap_err().to_string().starts_with("stop_times.txt is not in the feed"));
    assert!(Source::zip(b"PK no").unwrap_err().to_string().contains("no zip archive"));
}

#[test]
fn a_bus_is_found_by_what_it_says() {
    let table = read_zip(&files()).unwrap();
    let at = |sequence, place| {
        let bytes = message("77B-012.34", "T1-1", 1_000, sequence, place);
        let seen = sightings(&bytes).unwrap().remove(0);
        assert_eq!((seen.names.as_slice(), seen.at), (["77B-012.34".to_owned()].as_slice(), 1_000));
        seen.ride(&table, &[0])
    };
    assert_eq!(at(Some(5), None), Some(Ride { trip: 0, next: 1 }));
    assert_eq!(at(None, Some(Degrees { latitude: 13.8, longitude: 109.15 })), Some(Ride { trip: 0, next: 2 }));
    assert_eq!(at(None, None), None);
    let other = sightings(&message("b", "T9", 1, Some(1), None)).unwrap().remove(0);
    assert_eq!(other.ride(&table, &[0]), None);
    assert!(sightings(b"\xff\xff\xff").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in a file, a feed is read or refused, and what is read holds together.
    #[test]
    fn a_damaged_feed_is_refused_or_whole(
        which in 0usize..5, cut in 0usize..400, noise in "[\\x20-\\x7e,\"\n\r]{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut files = files();
        let text = &mut files[which].1;
        let at = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= cut).last().unwrap_or(0);
        text.replace_range(at..at, &noise);
        if let Ok(table) = read_zip(&files) {
            for trip in &table.trips {
                prop_assert!(trip.route < table.routes.len() && trip.service < table.services.len());
                prop_assert!(trip.calls.len() > 1 && trip.calls.iter().all(|call| call.stop < table.stops.len()));
                prop_assert!(trip.calls.windows(2).all(|two| two[0].leaves <= two[1].arrives));
            }
        }
        if let Ok(mut source) = Source::zip(&bytes) {
            let _ = read(&mut source);
        }
        let _ = sightings(&bytes);
    }
}
