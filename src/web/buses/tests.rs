//! A bus that drives past the towers, seen from its screen: by the timetable, by its own word, and when that grows old.

use serde_json::json;

use super::BELIEVED_FOR;
use crate::domain::Actor;
use crate::domain::bus::Degrees;
use crate::domain::screen::{Plan, ScreenCode};
use crate::pipeline::gtfs::{Source, file_address, message, read};
use crate::web::testing::House;

/// The house's clock stands at 2026-11-23, a Monday, 0:00 UTC: 7:00 in Indochina.
const FILES: [(&str, &str); 5] = [
    (
        "stops.txt",
        "stop_id,stop_name,stop_lat,stop_lon\ns1,Bến xe,13.7695,109.2177\ns2,Tháp Đôi,13.7862,109.2111\ns3,Diêu Trì,13.8060,109.1460\n",
    ),
    ("routes.txt", "route_id,route_short_name,route_long_name\nT1,T1,Quy Nhơn - Diêu Trì\nT2,T2,\n"),
    ("trips.txt", "route_id,service_id,trip_id,trip_headsign\nT1,week,a,Diêu Trì\nT1,old,b,Diêu Trì\n"),
    (
        "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\na,6:50:00,6:50:00,s1,1\na,7:10:00,7:10:00,s2,2\na,7:30:00,7:30:00,s3,3\nb,6:55:00,6:55:00,s1,1\nb,7:30:00,7:30:00,s3,2\n",
    ),
    (
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nweek,1,1,1,1,1,0,0,20261101,20261231\nold,1,1,1,1,1,1,1,20250101,20251231\n",
    ),
];

async fn house_with_bus(positions: Option<&std::path::Path>, more: &str) -> (House, ScreenCode) {
    let house = House::with_guides().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let table = read(&mut Source::Folder(folder.path())).unwrap();
    let address = positions.map(file_address);
    let name = "quy-nhon".parse().unwrap();
    house.store.put_timetable(&Actor::shell(), &name, &table, address.as_deref()).await.unwrap();
    let text = format!(
        "name = \"bus\"\nlanguages = [\"vi\", \"en\"]\n[bus]\ntimetable = \"quy-nhon\"\nroute = \"T1\"\n{more}"
    );
    let plan: Plan = toml::from_str(&text).unwrap();
    plan.check().unwrap();
    let code = house.store.put_screen(&Actor::shell(), &ScreenCode::from_random([7; 10]), &plan).await.unwrap();
    (house, code)
}

#[tokio::test]
async fn a_screen_is_given_its_route_and_what_lies_on_it() {
    let (house, code) = house_with_bus(None, "").await;
    let answer = house.get(&format!("/api/v1/screens/{code}/playlist")).send().await;
    let bus = &answer.json()["bus"];
    assert_eq!((&bus["route"], &bus["live"]), (&json!("T1 · Quy Nhơn - Diêu Trì"), &json!(false)));
    let trips = bus["trips"].as_array().unwrap();
    assert_eq!(trips.len(), 1, "last year's trip is not sent");
    assert_eq!(trips[0]["calls"], json!([[0, 24_600, 24_600], [1, 25_800, 25_800], [2, 27_000, 27_000]]));
    assert_eq!(bus["stops"][1]["name"], "Tháp Đôi");
    assert_eq!(bus["stops"][1]["near"], json!(["hai-ngon-thap", "chim-than-garuda", "bia-da"]));
    assert_eq!(bus["stops"][0]["near"], json!([]));
    assert_eq!(bus["words"][0], json!({ "lang": "vi", "next": "Trạm tới", "minutes": "{minutes} phút" }));
    // A day later it is still the same playlist: screens do not fetch it anew for nothing.
    let tag = answer.header("etag").to_owned();
    house.clock.advance_millis(86_400_000);
    let again = house.get(&format!("/api/v1/screens/{code}/playlist")).header("if-none-match", &tag).send().await;
    assert_eq!(again.status, 304);
    // Without a timetable the screen plays on as any other.
    assert!(house.store.remove_timetable(&Actor::shell(), &"quy-nhon".parse().unwrap()).await.unwrap());
    let list = house.get(&format!("/api/v1/screens/{code}/playlist")).send().await.json();
    assert!(list["bus"].is_null() && !list["slides"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_word_of_the_bus_is_believed_while_it_is_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("positions.pb");
    let (house, code) = house_with_bus(Some(&file), "vehicle = \"77B-012.34\"").await;
    let address = format!("/api/v1/screens/{code}/bus");
    let now = crate::domain::Clock::now(&*house.clock).0 / 1000;
    let place = Degrees { latitude: 13.80, longitude: 109.15 };
    std::fs::write(&file, message("77B-012.34", "a", now as u64 - 10, None, Some(place))).unwrap();
    let ask = async || house.get(&address).send().await.json()["live"].clone();
    assert_eq!(ask().await, json!(null), "nobody waits for an operator");
    let mut live = ask().await;
    for _ in 0..200 {
        if !live.is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        live = ask().await;
    }
    let until = (now - 10) * 1000 + BELIEVED_FOR;
    assert_eq!(live, json!({ "trip": "a", "next": 2, "until": until }));
    house.clock.advance_millis(BELIEVED_FOR - 10_001);
    assert_eq!(ask().await, live);
    house.clock.advance_millis(1);
    assert_eq!(ask().await, json!(null), "what is old is not believed");
}

#[tokio::test]
async fn no_network_is_waited_for_and_no_stranger_is_told() {
    let missing = std::path::Path::new("/nowhere/positions.pb");
    let (house, code) = house_with_bus(Some(missing), "vehicle = \"x\"").await;
    for _ in 0..3 {
        let answer = house.get(&format!("/api/v1/screens/{code}/bus")).send().await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "live": null })));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(house.get("/api/v1/screens/AAAAAAAAAA/bus").send().await.status, 404);
}
