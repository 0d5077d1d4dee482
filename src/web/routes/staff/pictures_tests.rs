//! Pictures and plans as an editor meets them, by page and by program, and what visitors see of them.

use serde_json::json;

use crate::domain::{Deed, Role, Scope};
use crate::web::testing::{Answer, House, form_of};

const STOP: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap";
const PICTURES: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap/pictures";

async fn desk() -> (House, String) {
    let house = House::with_guides().await;
    house.person("lan", Scope::House, Role::Editor).await;
    let session = house.session("lan").await;
    (house, session)
}

async fn get(house: &House, session: &str, address: &str) -> Answer {
    house.get(address).signed(session).header("accept", "text/html").send().await
}

async fn send(house: &House, session: &str, address: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    house.form(address, &fields).signed(session).header("accept", "text/html").send().await
}

fn png(shade: u8) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(30, 20, image::Rgb([shade.wrapping_mul(60), 90, 40]));
    image::DynamicImage::from(picture).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

async fn add(house: &House, session: &str, address: &str, shade: u8, alt: &str) -> Answer {
    let fields = [("alt.vi", alt), ("alt.en", ""), ("credit", "Lan"), ("licence", "CC BY 4.0")];
    let ask = house.upload_with(address, "picture", &png(shade), &fields);
    ask.signed(session).header("accept", "text/html").send().await
}

async fn cover(house: &House) -> Option<String> {
    let stop = house.store.stop(&"hai-ngon-thap".parse().unwrap()).await.unwrap().unwrap();
    stop.cover.map(|hash| hash.to_string())
}

#[tokio::test]
async fn the_first_picture_is_the_cover_and_every_one_is_described() {
    let (house, session) = desk().await;
    let nothing = add(&house, &session, PICTURES, 1, " ").await;
    assert!(nothing.status == 422 && nothing.body.contains("id=\"alt-vi-fault\""), "{}", nothing.body);
    assert!(nothing.body.contains("value=\"CC BY 4.0\""), "what was typed is still there");
    let first = add(&house, &session, PICTURES, 1, "Hai ngọn tháp").await;
    assert_eq!(first.header("location"), format!("{PICTURES}?done=added"), "{}", first.body);
    add(&house, &session, PICTURES, 2, "Chim thần <b>Garuda</b>").await;
    let before = cover(&house).await.unwrap();
    let page = get(&house, &session, PICTURES).await;
    assert!(page.body.contains("tiếng Anh") && !page.body.contains("<b>Garuda"), "what is missing is listed");
    let ids: Vec<&str> = page.body.split("id=\"picture-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids[0..2].len(), 2);
    let mut move_it = form_of(&page, &format!("{PICTURES}/{}/move", ids[1]));
    move_it.push(("to".to_owned(), "first".to_owned()));
    let stale = move_it.clone();
    let address = format!("{PICTURES}/{}/move", ids[1]);
    assert_eq!(send(&house, &session, &address, &move_it).await.status, 303);
    assert_ne!(cover(&house).await.unwrap(), before, "the cover went with the order");
    assert_eq!(send(&house, &session, &address, &stale).await.status, 409, "made on an order that is no more");
    // Visitors see both, described; one without words in their language in a language it has.
    let visitors = house.get("/en/stops/hai-ngon-thap").send().await.body;
    assert!(
        visitors.contains("alt=\"Hai ngọn tháp\" lang=\"vi\"") && visitors.contains("Lan · CC BY 4.0"),
        "{visitors}"
    );
    let own = house.get(&format!("/images/{before}-480.jpg")).send().await;
    assert_eq!(own.status, 200);
    // Taken away, it is public no more, and the other one is the cover.
    let page = get(&house, &session, PICTURES).await;
    let remove = format!("{PICTURES}/{}/remove", ids[1]);
    assert_eq!(send(&house, &session, &remove, &form_of(&page, &remove)).await.status, 303);
    assert_eq!(cover(&house).await.unwrap(), before);
    let deeds = house.store.audit(None, 4).await.unwrap();
    let deeds: Vec<&Deed> = deeds.iter().map(|entry| &entry.deed).collect();
    assert_eq!(deeds, [&Deed::PictureRemoved, &Deed::PicturesOrdered, &Deed::PictureAdded, &Deed::PictureAdded]);
}

#[tokio::test]
async fn of_two_who_describe_a_picture_neither_loses_a_word() {
    let (house, session) = desk().await;
    add(&house, &session, PICTURES, 1, "Hai ngọn tháp").await;
    let page = get(&house, &session, PICTURES).await;
    let id = page.body.split("id=\"picture-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let address = format!("{PICTURES}/{id}");
    let (mut first, mut second) = (form_of(&page, &address), form_of(&page, &address));
    first.iter_mut().find(|(name, _)| name == "alt.en").unwrap().1 = "Two towers".to_owned();
    second.iter_mut().find(|(name, _)| name == "credit").unwrap().1 = "Minh".to_owned();
    assert_eq!(send(&house, &session, &address, &first).await.status, 303);
    let late = send(&house, &session, &address, &second).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Two towers") && late.body.contains("value=\"Minh\""), "{}", late.body);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_words_and_nobody_else_adds_one() {
    let (house, session) = desk().await;
    let mut bomb = png(1);
    bomb[16..20].copy_from_slice(&40_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&40_000_u32.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    for (bytes, told) in [(bomb, "40000 × 40000"), (b"<svg/>".to_vec(), "JPEG"), (png(1)[..60].to_vec(), "hỏng")] {
        let ask = house.upload_with(PICTURES, "picture", &bytes, &[("alt.vi", "Ảnh")]);
        let refused = ask.signed(&session).header("accept", "text/html").send().await;
        assert!(refused.status == 422 && refused.body.contains(told), "{told}: {}", refused.body);
        assert!(refused.body.contains("value=\"Ảnh\""), "{told}");
    }
    let huge = vec![0; crate::web::photograph::LARGEST + (1 << 20)];
    let ask = house.upload_with(PICTURES, "picture", &huge, &[("alt.vi", "Ảnh")]);
    let refused = ask.signed(&session).header("accept", "text/html").send().await;
    assert_eq!(refused.status, 413);
    assert!(refused.body.contains("<html"), "a page says so: {}", refused.body);
    house.person("viewer", Scope::House, Role::Viewer).await;
    let viewer = house.session("viewer").await;
    assert_eq!(add(&house, &viewer, PICTURES, 1, "Ảnh").await.status, 403);
    assert_eq!(get(&house, &viewer, PICTURES).await.status, 200);
    assert_eq!(get(&house, &session, "/staff/sites/thap-doi/stops/nowhere/pictures").await.status, 404);
    assert!(house.store.pictures_of(crate::domain::Depicted::Stop(crate::domain::StopId(1))).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_program_adds_describes_and_orders_pictures() {
    let (house, session) = desk().await;
    let api = "/api/v1/staff/sites/thap-doi/pictures";
    let bare = house.upload_with(api, "picture", &png(7), &[("credit", "Lan")]).signed(&session).send().await;
    assert!(bare.status == 422 && bare.body.contains("alt.vi"), "{}", bare.body);
    let made = house.upload_with(api, "picture", &png(7), &[("alt.vi", "Cổng")]).signed(&session).send().await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (id, tag) = (made.json()["id"].as_i64().unwrap(), made.header("etag").to_owned());
    let list = house.get(api).signed(&session).send().await;
    let all: Vec<i64> =
        list.json()["pictures"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert_eq!((all.len(), all[1]), (2, id), "behind the cover that was there");
    let own = format!("{api}/{id}");
    let caption = json!({ "alt": { "vi": "Cổng chính" } });
    let put = |tag: &str| house.json("PUT", &own, &caption).signed(&session).header("if-match", tag).send();
    assert_eq!(put("").await.status, 428);
    assert_eq!(put(&tag).await.status, 200);
    assert_eq!(put(&tag).await.status, 412);
    let order = |order: serde_json::Value| {
        let body = json!({ "pictures": order });
        house.json("PUT", api, &body).signed(&session).header("if-match", list.header("etag"))
    };
    assert_eq!(order(json!([id])).send().await.status, 422);
    assert_eq!(order(json!([id, all[0]])).send().await.status, 204);
    assert_eq!(
        house.get("/api/v1/sites/thap-doi/pictures").send().await.json()["pictures"][0]["alt"]["vi"],
        "Cổng chính"
    );
    let site = house.store.site(&"thap-doi".parse().unwrap()).await.unwrap().unwrap();
    assert_ne!(site.cover, Some(house.cover));
}

#[tokio::test]
async fn a_form_open_while_pictures_change_is_not_overtaken() {
    let (house, session) = desk().await;
    let address = format!("{STOP}/edit");
    let page = get(&house, &session, &address).await;
    add(&house, &session, PICTURES, 1, "Hai ngọn tháp").await;
    assert_eq!(send(&house, &session, &address, &form_of(&page, &address)).await.status, 303);
    assert!(cover(&house).await.is_some(), "a form without a picture leaves the picture");
}

#[tokio::test]
async fn stops_are_put_on_a_plan_and_visitors_find_them_there() {
    let (house, session) = desk().await;
    let plans = "/staff/sites/thap-doi/plans";
    let ask = house.upload_with(plans, "picture", &png(9), &[("name.vi", "Tầng một"), ("name.en", "First floor")]);
    let made = ask.signed(&session).header("accept", "text/html").send().await;
    let address = made.header("location").split('?').next().unwrap().to_owned();
    assert!(address.starts_with(plans), "{}", made.body);
    let page = get(&house, &session, &address).await;
    let mut all = form_of(&page, &address);
    let set = |all: &mut Vec<(String, String)>, name: &str, value: &str| {
        all.iter_mut().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no field {name}")).1 = value.to_owned();
    };
    set(&mut all, "mark.bia-da.x", "120");
    let refused = send(&house, &session, &address, &all).await;
    assert!(refused.status == 422 && refused.body.contains("value=\"120\""), "{}", refused.body);
    set(&mut all, "mark.bia-da.x", "25,5");
    set(&mut all, "mark.bia-da.y", "50");
    let stale = all.clone();
    assert_eq!(send(&house, &session, &address, &all).await.status, 303);
    let late = send(&house, &session, &address, &stale).await;
    assert_eq!(late.status, 409, "it was made on a plan without the stop");
    let visitors = house.get("/en/sites/thap-doi").send().await.body;
    assert!(
        visitors.contains("First floor")
            && visitors.contains("href=\"/en/stops/bia-da\" transform=\"translate(7.65 10)\""),
        "{visitors}"
    );
    let api = format!("/api/v1{address}");
    let list = house.get("/api/v1/staff/sites/thap-doi/plans").signed(&session).send().await.json();
    assert_eq!(list["plans"][0]["plan"]["marks"]["bia-da"]["x"], 25.5);
    let etag = list["plans"][0]["etag"].as_str().unwrap();
    let gone = house.json("DELETE", &api, &json!({})).signed(&session).header("if-match", etag).send().await;
    assert_eq!(gone.status, 204, "{}", gone.body);
    assert_eq!(house.store.verify_audit(None).await.unwrap().fault, None);
}
