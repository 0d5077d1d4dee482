//! Screens as staff keep them: a plan by form, its screen by its own word, notices, proof of play, timetables.

use serde_json::json;

use crate::domain::{Role, Scope};
use crate::web::testing::{House, form_of, plain};

const PAGE: (&str, &str) = ("accept", "text/html");

/// A minimal timetable as a zip archive, passing the towers of the house.
fn archive() -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        ("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\na,Bến xe,13.7695,109.2177\nb,Tháp Đôi,13.7862,109.2111\n"),
        ("routes.txt", "route_id,route_short_name,route_long_name\nT1,T1,Quy Nhơn - Diêu Trì\n"),
        ("trips.txt", "route_id,service_id,trip_id,trip_headsign\nT1,all,x,Diêu Trì\n"),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nx,6:50:00,6:50:00,a,1\nx,7:30:00,7:30:00,b,2\n",
        ),
        ("calendar_dates.txt", "service_id,date,exception_type\nall,20261123,1\n"),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn house() -> (House, String) {
    let (house, _) = House::with_sites().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let session = house.session("first").await;
    (house, session)
}

#[tokio::test]
async fn a_screen_is_made_by_form_and_turns_green_by_its_own_word() {
    let (house, session) = house().await;
    let look = async |address: &str| house.get(address).header(PAGE.0, PAGE.1).signed(&session).send().await;
    let send = async |address: &str, fields: &[(&str, &str)]| house.form(address, fields).signed(&session).send().await;
    let blank = look("/staff/screens/new").await;
    let mut fields = form_of(&blank, "/staff/screens/new");
    fields.iter_mut().find(|(name, _)| name == "name").unwrap().1 = "sảnh <A>".to_owned();
    fields.push(("show.0.site".to_owned(), "thap-doi".to_owned()));
    fields.push(("show.0.day".to_owned(), "6".to_owned()));
    let as_sent = |fields: &[(String, String)]| fields.to_vec();
    let sent = as_sent(&fields);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let added = send("/staff/screens/new", &sent).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let address = added.header("location").split('?').next().unwrap().to_owned();
    let code = address.rsplit('/').next().unwrap().to_owned();
    // Twice under one name is refused, with what was typed kept.
    let again = send("/staff/screens/new", &sent).await;
    assert!(again.status == 409 && again.body.contains("sảnh &#60;A&#62;"), "{}", again.body);

    assert!(look("/staff/screens").await.body.contains("tag waiting"));
    let page = look(&address).await;
    assert!(page.header("content-security-policy").contains("frame-src 'self'"));
    assert!(page.body.contains(&format!("src=\"/screens/{code}?preview\"")));
    // The preview in the workplace is no word of the screen's.
    house.get(&format!("/api/v1/screens/{code}/playlist?preview")).send().await;
    assert!(look("/staff/screens").await.body.contains("tag waiting"));
    house.get(&format!("/api/v1/screens/{code}/playlist")).send().await;
    let dark = look("/staff/screens").await.body;
    assert!(dark.contains("tag amber") && dark.contains("hãy đến xem"), "{dark}");
    let now = crate::domain::Clock::now(&*house.clock).0;
    let play = json!({ "plays": [{ "id": "0".repeat(32), "stop": "hai-ngon-thap", "language": "en", "began_at": now, "times": 3, "shown_millis": 36_000 }] });
    house.json("POST", &format!("/api/v1/screens/{code}/plays"), &play).send().await;
    let green = look("/staff/screens").await.body;
    assert!(green.contains("tag green") && green.contains("Hai ngọn tháp"), "{green}");
    house.clock.advance_millis(4 * 60_000);
    assert!(look("/staff/screens").await.body.contains("tag amber"));
    house.clock.advance_millis(12 * 60_000);
    assert!(look("/staff/screens").await.body.contains("tag red"));

    let plays = look(&format!("{address}/plays")).await.body;
    assert!(plays.contains("2026-11-23") && plays.contains("<td class=\"number\">3</td><td class=\"number\">0.6</td>"));
    let csv = house.get(&format!("{address}/plays.csv")).signed(&session).send().await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let line = "2026-11-23,hai-ngon-thap,TD1,Hai ngọn tháp,en,3,36.0\r\n";
    assert!(csv.body.ends_with(line), "{}", csv.body);

    assert_eq!(send(&format!("{address}/retire"), &[]).await.status, 303);
    assert_eq!(house.get(&format!("/screens/{code}")).send().await.status, 404);
    assert!(look("/staff/screens").await.body.contains("tag retired"));
    assert_eq!(send(&address, &sent).await.status, 404, "nobody changes a screen that is retired");
    assert_eq!(house.store.verify_audit(None).await.unwrap().fault, None);
}

#[tokio::test]
async fn a_plan_is_changed_on_what_it_was_read_as() {
    let (house, session) = house().await;
    let send = async |address: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        house.form(address, &fields).signed(&session).send().await
    };
    let blank = house.get("/staff/screens/new").header(PAGE.0, PAGE.1).signed(&session).send().await;
    let mut fields = form_of(&blank, "/staff/screens/new");
    fields.iter_mut().find(|(name, _)| name == "name").unwrap().1 = "hall".to_owned();
    let address = send("/staff/screens/new", &fields).await.header("location").split('?').next().unwrap().to_owned();
    let page = house.get(&address).header(PAGE.0, PAGE.1).signed(&session).send().await;
    let read = form_of(&page, &address);
    let with = |name: &str, value: &str| {
        let mut changed = read.clone();
        changed.iter_mut().find(|(own, _)| own == name).unwrap().1 = value.to_owned();
        changed
    };
    assert_eq!(send(&address, &with("seconds", "7")).await.status, 303);
    let late = send(&address, &with("seconds", "9")).await;
    assert!(late.status == 409 && late.body.contains("value=\"9\""), "{}", late.body);
    // Saved once more it holds, since now it was made on what is there.
    assert_eq!(send(&address, &form_of(&late, &address)).await.status, 303);
    for (name, value, words) in [
        ("seconds", "0", "0.1 đến 1800"),
        ("seconds", "nhanh", "Không đọc được nhanh"),
        ("name", " ", "1 đến 60 chữ"),
        ("show.0.stops", "TD9", "Suất 1: ở đây không có TD9"),
        ("show.0.from", "7h", "Suất 1: 7h không phải là giờ"),
        ("show.0.first_day", "2026-12-01", "Suất 1 không nêu"),
        ("route", "quy-nhon/T1", "Không còn lịch chạy xe"),
    ] {
        let refused = send(&address, &with(name, value)).await;
        let body = plain(&refused.body);
        assert!(refused.status == 422 && body.contains(words), "{name}={value}: {} {body}", refused.status);
    }
}

#[tokio::test]
async fn a_notice_is_given_begins_and_is_withdrawn() {
    let (house, session) = house().await;
    let send = async |address: &str, fields: &[(&str, &str)]| house.form(address, fields).signed(&session).send().await;
    let notice =
        [("screen", ""), ("begins", ""), ("hours", "2"), ("text.vi", " Bão số 9:  tháp đóng cửa. "), ("text.en", "")];
    assert_eq!(send("/staff/screens/notices", &notice).await.status, 303);
    let later = [("screen", ""), ("begins", "2026-11-23T18:00"), ("hours", "1"), ("text.en", "Fire drill")];
    assert_eq!(send("/staff/screens/notices", &later).await.status, 303);
    let given = house.store.given_notices().await.unwrap();
    // 18:00 in Indochina is eleven hours after the house's midnight in UTC.
    let now = crate::domain::Clock::now(&*house.clock).0;
    let begins: Vec<i64> = given.iter().map(|given| (given.notice.from.0 - now) / 3_600_000).collect();
    assert_eq!((begins, given[0].given_by.as_str()), (vec![0, 11], "first"));
    let list = house.get("/staff/screens").header(PAGE.0, PAGE.1).signed(&session).send().await.body;
    assert!(list.contains("Bão số 9: tháp đóng cửa.") && list.contains("lang=\"en\">Fire drill"), "{list}");
    for bad in [
        [("screen", ""), ("hours", "2"), ("begins", ""), ("text.vi", " ")],
        [("screen", ""), ("hours", "0"), ("begins", ""), ("text.vi", "x")],
        [("screen", ""), ("hours", "2"), ("begins", "mai"), ("text.vi", "x")],
        [("screen", ""), ("hours", "2"), ("begins", "2027-11-23T18:00"), ("text.vi", "x")],
    ] {
        assert_eq!(send("/staff/screens/notices", &bad).await.status, 422, "{bad:?}");
    }
    let end = format!("/staff/screens/notices/{}/end", given[0].notice.id);
    assert_eq!(send(&end, &[]).await.status, 303);
    assert_eq!(send(&end, &[]).await.status, 404, "it is over");
    assert_eq!(house.store.given_notices().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_timetable_is_put_in_and_a_screen_follows_its_bus() {
    let (house, session) = house().await;
    let put = async |bytes: &[u8], fields: &[(&str, &str)]| {
        house.upload_with("/staff/screens/timetables", "archive", bytes, fields).signed(&session).send().await
    };
    let named = [("name", "quy-nhon"), ("positions", "")];
    assert_eq!(put(&archive(), &named).await.status, 303);
    for (bytes, fields, words) in [
        (archive(), [("name", "Quy Nhơn"), ("positions", "")], "chữ thường a-z"),
        (archive(), [("name", "a"), ("positions", "file:/etc/passwd")], "bắt đầu bằng https://"),
        (b"PK".to_vec(), named, "no zip archive"),
        (Vec::new(), named, "Hãy chọn tệp nén"),
    ] {
        let refused = put(&bytes, &fields).await;
        assert!(refused.status == 422 && plain(&refused.body).contains(words), "{words}: {}", refused.body);
    }
    let list = house.get("/staff/screens/timetables").header(PAGE.0, PAGE.1).signed(&session).send().await.body;
    assert!(list.contains("1 tuyến, 2 trạm, 1 chuyến") && list.contains("2026-11-23"), "{list}");
    let plan = [("name", "xe"), ("language", "vi"), ("seconds", "12"), ("route", "quy-nhon/T1")];
    let added = house.form("/staff/screens/new", &plan).signed(&session).send().await;
    let address = added.header("location").split('?').next().unwrap().to_owned();
    let page = house.get(&address).header(PAGE.0, PAGE.1).signed(&session).send().await.body;
    assert!(page.contains("T1 · Quy Nhơn - Diêu Trì, đi Diêu Trì. Trạm tới: Tháp Đôi. Theo lịch chạy xe:"), "{page}");
    assert_eq!(house.form("/staff/screens/timetables/quy-nhon/remove", &[]).signed(&session).send().await.status, 303);
    let page = house.get(&address).header(PAGE.0, PAGE.1).signed(&session).send().await.body;
    assert!(page.contains("Không còn lịch chạy xe"), "{page}");
}

#[tokio::test]
async fn a_screen_belongs_to_whoever_looks_after_what_it_shows() {
    let (house, sites) = House::with_sites().await;
    house.person("keeper", Scope::Site(sites[0]), Role::Administrator).await;
    house.person("viewer", Scope::Site(sites[1]), Role::Viewer).await;
    let (keeper, viewer) = (house.session("keeper").await, house.session("viewer").await);
    let plan = |site: &'static str| [("name", site), ("language", "vi"), ("seconds", "12"), ("show.0.site", site)];
    let add = async |session: &str, fields: &[(&str, &str)]| {
        house.form("/staff/screens/new", fields).signed(session).send().await
    };
    let own = add(&keeper, &plan("thap-doi")).await;
    assert_eq!(own.status, 303, "{}", own.body);
    assert_eq!(add(&keeper, &plan("phu-cat")).await.status, 403);
    assert_eq!(add(&keeper, &[("name", "all"), ("language", "vi"), ("seconds", "12")]).await.status, 403);
    assert_eq!(add(&viewer, &plan("phu-cat")).await.status, 403);
    let address = own.header("location").split('?').next().unwrap().to_owned();
    let code = address.rsplit('/').next().unwrap();
    for (session, expected) in [(&keeper, 200), (&viewer, 403)] {
        assert_eq!(house.get(&address).signed(session).send().await.status, expected);
        assert_eq!(house.get(&format!("{address}/plays")).signed(session).send().await.status, expected);
    }
    assert!(!house.get("/staff/screens").signed(&viewer).send().await.body.contains(code));
    // Nobody gives a screen away to a site that is not theirs, or speaks on all screens.
    assert_eq!(house.form(&address, &plan("phu-cat")).signed(&keeper).send().await.status, 403);
    let notice = |screen| [("screen", screen), ("hours", "1"), ("text.vi", "x")];
    let give =
        async |fields: &[(&str, &str)]| house.form("/staff/screens/notices", fields).signed(&keeper).send().await;
    assert_eq!(give(&notice("")).await.status, 403);
    assert_eq!(give(&notice(code)).await.status, 303);
    let put = house.upload_with("/staff/screens/timetables", "archive", &archive(), &[("name", "a")]);
    assert_eq!(put.signed(&keeper).send().await.status, 403, "timetables are the house's");
    assert_eq!(house.form(&format!("{address}/retire"), &[]).signed(&viewer).send().await.status, 403);
    assert_eq!(house.form(&format!("{address}/retire"), &[]).signed(&keeper).send().await.status, 303);
}
