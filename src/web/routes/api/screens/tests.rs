//! A screen as its browser meets it: playlist, proofs of play, notices.

use serde_json::json;

use crate::domain::screen::{Plan, ScreenCode};
use crate::domain::{Actor, Language, Names, Timestamp};
use crate::web::testing::House;

async fn screen(house: &House, more: &str) -> ScreenCode {
    let plan: Plan = toml::from_str(&format!("name = \"bus\"\nlanguages = [\"vi\", \"en\"]\n{more}")).unwrap();
    plan.check().unwrap();
    house.store.put_screen(&Actor::shell(), &ScreenCode::from_random([7; 10]), &plan).await.unwrap()
}

#[tokio::test]
async fn a_playlist_holds_what_is_published_in_the_screens_languages() {
    let house = House::with_guides().await;
    let code = screen(&house, "seconds = 0.2").await;
    let address = format!("/api/v1/screens/{code}/playlist");
    let answer = house.get(&address).header("host", "guide.example").send().await;
    assert_eq!(answer.status, 200);
    let list = answer.json();
    let slides = list["slides"].as_array().unwrap();
    let ids: Vec<&str> = slides.iter().map(|slide| slide["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["hai-ngon-thap-vi", "hai-ngon-thap-en", "chim-than-garuda-vi"]);
    assert_eq!((&slides[0]["millis"], &slides[0]["line"]), (&json!(200), &json!("Hai ngọn tháp gạch.")));
    assert_eq!(slides[0]["mark"], "");
    assert_eq!(slides[1]["mark"], "Translated by machine. Nobody has checked this text yet.");
    assert!(slides.iter().all(|slide| slide["audio"].is_null() && slide["lines"] == json!([])));
    // Every file a slide names is served; the second stop's cover is no picture, and its site's stands in.
    for slide in slides {
        let picture = house.get(slide["picture"].as_str().unwrap()).send().await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/jpeg"));
    }
    // A phone reads the square as the stop's address.
    let side = slides[0]["qr"]["side"].as_u64().unwrap();
    let expected =
        qrcode::QrCode::with_error_correction_level("http://guide.example/q/TD1", qrcode::EcLevel::M).unwrap();
    assert_eq!(side as usize, expected.width() + 8);
    let dark = expected.to_colors().iter().filter(|color| **color == qrcode::Color::Dark).count();
    assert_eq!(slides[0]["qr"]["path"].as_str().unwrap().matches('M').count(), dark);
}

#[tokio::test]
async fn the_tag_is_strong_and_changes_with_the_playlist_only() {
    let house = House::with_guides().await;
    let code = screen(&house, "").await;
    let address = format!("/api/v1/screens/{code}/playlist");
    let first = house.get(&address).header("accept-encoding", "gzip").send().await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && first.header("content-encoding").is_empty(), "{tag}");
    house.clock.advance_millis(60_000);
    let again = house.get(&address).header("if-none-match", &tag).send().await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", tag.as_str()));
    house.store.withdraw(&"hai-ngon-thap".parse().unwrap(), Language::EN).await.unwrap();
    let changed = house.get(&address).header("if-none-match", &tag).send().await;
    assert_eq!(changed.status, 200);
    assert!(!changed.body.contains("hai-ngon-thap-en"));
}

#[tokio::test]
async fn a_screen_that_sounds_has_captions() {
    let house = House::with_guides().await;
    let code = screen(&house, "sound = true\nseconds = 2").await;
    let list = house.get(&format!("/api/v1/screens/{code}/playlist")).send().await.json();
    let slide = &list["slides"][0];
    assert_eq!(slide["audio"], format!("/audio/{}.mp3", house.mp3));
    assert_eq!((slide["lines"].as_array().unwrap().len(), &slide["lines"][1]["start"]), (3, &json!(2500)));
    assert_eq!(slide["millis"], 9_900);
    assert_eq!(list["slides"][1]["mark"].as_str().unwrap().matches("synthetic voice").count(), 1);
}

#[tokio::test]
async fn shows_choose_stops_and_say_when() {
    let house = House::with_guides().await;
    let more = "[[show]]\nstops = [\"chim-than-garuda\"]\nwhen = { days = [6, 7] }\n[[show]]\nsites = [\"phu-cat\"]";
    let code = screen(&house, more).await;
    let list = house.get(&format!("/api/v1/screens/{code}/playlist")).send().await.json();
    assert_eq!(list["slides"].as_array().unwrap().len(), 1);
    assert_eq!((&list["slides"][0]["shows"], &list["shows"][0]["days"]), (&json!([0]), &json!([6, 7])));
}

#[tokio::test]
async fn a_notice_goes_to_its_screen_until_it_is_over() {
    let house = House::with_guides().await;
    let code = screen(&house, "").await;
    let text = Names([(Language::VI, "Bão số 9: tháp đóng cửa.".to_owned())].into());
    let until = Timestamp(1_795_392_000_000 + 60_000);
    house.store.give_notice(&Actor::shell(), None, &text, (Timestamp(0), until), "Lan").await.unwrap();
    let other = ScreenCode::from_random([1; 10]);
    assert!(
        house
            .store
            .give_notice(&Actor::shell(), Some(&other), &text, (Timestamp(0), until), "Lan")
            .await
            .unwrap_err()
            .to_string()
            .contains("screen")
    );
    assert!(house.store.give_notice(&Actor::shell(), None, &text, (Timestamp(0), until), " ").await.is_err());
    let address = format!("/api/v1/screens/{code}/playlist");
    let list = house.get(&address).send().await.json();
    assert_eq!(list["notices"][0]["text"], json!([{ "lang": "vi", "text": "Bão số 9: tháp đóng cửa." }]));
    assert_eq!(list["notices"][0]["until"], until.0);
    house.clock.advance_millis(60_000);
    assert_eq!(house.get(&address).send().await.json()["notices"], json!([]));
}

#[tokio::test]
async fn plays_count_once_and_bad_ones_are_refused_whole() {
    let house = House::with_guides().await;
    let code = screen(&house, "").await;
    let address = format!("/api/v1/screens/{code}/plays");
    let play = |id: u8, times: u32| json!({ "id": format!("{id:032x}"), "stop": "hai-ngon-thap", "language": "vi", "began_at": 5, "times": times, "shown_millis": 200 });
    let send = async |plays: serde_json::Value| house.json("POST", &address, &json!({ "plays": plays })).send().await;
    assert_eq!(send(json!([play(1, 2), play(2, 3)])).await.json(), json!({ "new": 2, "known": 0 }));
    assert_eq!(send(json!([play(1, 2), play(3, 1)])).await.json(), json!({ "new": 1, "known": 1 }));
    let mut odd = play(4, 1);
    odd["id"] = json!("../x");
    let mut long = play(5, 1);
    long["shown_millis"] = json!(u64::MAX);
    let many: Vec<_> = (0..101).map(|n| play(n, 1)).collect();
    for bad in [json!([play(6, 1), odd]), json!([long]), json!([play(7, 0)]), json!(many), json!([{}]), json!(3)] {
        let answer = send(bad.clone()).await;
        assert!([413, 422].contains(&answer.status), "{}: {bad}", answer.status);
    }
    let shown = house.store.shown_by(&code).await.unwrap();
    assert_eq!((shown.times, shown.millis), (6, 600));
}

#[tokio::test]
async fn a_retired_screen_is_gone() {
    let house = House::with_guides().await;
    let code = screen(&house, "").await;
    assert!(house.store.retire_screen(&Actor::shell(), &code).await.unwrap());
    assert!(!house.store.retire_screen(&Actor::shell(), &code).await.unwrap());
    let page = format!("/screens/{code}");
    for address in [page.as_str(), &format!("/api/v1{page}/playlist"), "/screens/x", "/screens/AAAAAAAAAA"] {
        assert_eq!(house.get(address).send().await.status, 404, "{address}");
    }
    // Its plan may be kept again, and it goes on under the code that its browser knows.
    assert_eq!(screen(&house, "").await, code);
    assert_eq!(house.get(&page).send().await.status, 200);
}
