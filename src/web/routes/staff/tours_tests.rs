//! Tours as an editor meets them, by page and by program.

use serde_json::json;

use crate::domain::{Deed, Language, Role, Scope};
use crate::web::testing::{Answer, House, form_of};

const TOUR: &str = "/staff/tours/quanh-thap";

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

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    let field = fields.iter_mut().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no field {name}"));
    field.1 = value.to_owned();
}

async fn order(house: &House) -> Vec<String> {
    let tour = house.get("/api/v1/tours/quanh-thap").send().await.json();
    tour["stops"].as_array().unwrap().iter().map(|one| one["stop"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_tour_is_put_in_another_order_and_a_stop_joins_it() {
    let (house, session) = desk().await;
    let page = get(&house, &session, TOUR).await;
    let mut all = form_of(&page, TOUR);
    let before = house.store.audit(None, 50).await.unwrap().len();
    assert_eq!(send(&house, &session, TOUR, &all).await.status, 303);
    assert_eq!(house.store.audit(None, 50).await.unwrap().len(), before, "sent back untouched, nothing changes");
    set(&mut all, "stop.0.place", "9");
    set(&mut all, "stop.2.code", "td3");
    set(&mut all, "stop.2.hint.vi", "<b>Rẽ</b> phải");
    let saved = send(&house, &session, TOUR, &all).await;
    assert_eq!(saved.header("location"), format!("{TOUR}?done=saved"), "{}", saved.body);
    assert_eq!(order(&house).await, ["hai-ngon-thap", "bia-da", "chim-than-garuda"]);
    let visitors = house.get("/vi/tours/quanh-thap").send().await.body;
    assert!(!visitors.contains("<b>Rẽ") && visitors.contains("Rẽ"), "{visitors}");
    assert!(matches!(house.store.audit(None, 1).await.unwrap()[0].deed, Deed::TourChanged));
    // What is wrong is said at its field, and what was typed stays.
    let mut all = form_of(&get(&house, &session, TOUR).await, TOUR);
    set(&mut all, "stop.1.code", "ZZ9");
    set(&mut all, "minutes", "một giờ");
    let refused = send(&house, &session, TOUR, &all).await;
    assert_eq!(refused.status, 422);
    for text in ["value=\"ZZ9\"", "id=\"stop-1-code-fault\"", "value=\"một giờ\"", "id=\"minutes-fault\""] {
        assert!(refused.body.contains(text), "{text}: {}", refused.body);
    }
}

#[tokio::test]
async fn of_two_changes_of_a_tour_both_are_shown_and_it_is_not_taken_away_unseen() {
    let (house, session) = desk().await;
    let page = get(&house, &session, TOUR).await;
    let (mut first, mut second) = (form_of(&page, TOUR), form_of(&page, TOUR));
    set(&mut first, "name.vi", "Một vòng tháp");
    set(&mut second, "stop.1.hint.vi", "Lối sau");
    assert_eq!(send(&house, &session, TOUR, &first).await.status, 303);
    let late = send(&house, &session, TOUR, &second).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Một vòng tháp") && late.body.contains("Lối sau"), "{}", late.body);
    let stale = page.hidden().into_iter().filter(|(name, _)| name == "tag").collect::<Vec<_>>();
    assert_eq!(send(&house, &session, &format!("{TOUR}/remove"), &stale).await.status, 409);
    assert_eq!(send(&house, &session, TOUR, &form_of(&late, TOUR)).await.status, 303);
    let now = get(&house, &session, TOUR).await.hidden();
    let now: Vec<_> = now.into_iter().filter(|(name, _)| name == "tag").collect();
    let gone = send(&house, &session, &format!("{TOUR}/remove"), &now).await;
    assert_eq!(gone.header("location"), "/staff/tours?done=removed");
    assert_eq!(house.store.tours().await.unwrap(), []);
    assert_eq!(house.store.stops().await.unwrap().len(), 3, "its stops stay");
}

#[tokio::test]
async fn a_tour_belongs_to_its_site_or_to_the_house() {
    let (house, [here, there]) = House::with_sites().await;
    house.person("here", Scope::Site(here), Role::Editor).await;
    house.person("there", Scope::Site(there), Role::Editor).await;
    house.person("viewer", Scope::House, Role::Viewer).await;
    let (own, other) = (house.session("here").await, house.session("there").await);
    assert_eq!(get(&house, &own, TOUR).await.status, 200);
    assert_eq!(get(&house, &other, TOUR).await.status, 403);
    assert_eq!(get(&house, &house.session("viewer").await, TOUR).await.status, 403);
    let mut all = form_of(&get(&house, &own, TOUR).await, TOUR);
    set(&mut all, "site", "");
    assert_eq!(send(&house, &own, TOUR, &all).await.status, 403, "nobody gives the house what is not theirs to give");
    let api = "/api/v1/staff/tours";
    let through = json!({ "slug": "qua-hai-noi", "names": { "vi": "Qua hai nơi" }, "stops": [{ "stop": "bia-da" }] });
    assert_eq!(house.json("POST", api, &through).signed(&own).send().await.status, 403);
    let mut of_site = through.clone();
    of_site["site"] = "phu-cat".into();
    let wrong = house.json("POST", api, &of_site).signed(&other).send().await;
    assert!(wrong.status == 422 && wrong.body.contains("stop.0.code"), "{}", wrong.body);
}

#[tokio::test]
async fn a_program_makes_changes_and_takes_away_a_tour() {
    let (house, session) = desk().await;
    let api = "/api/v1/staff/tours";
    let body = json!({ "slug": "ngan", "site": "thap-doi", "names": { "vi": "Đi nhanh" }, "open": true,
        "stops": [{ "stop": "bia-da", "hint": { "vi": "Ngay cổng" } }] });
    let made = house.json("POST", api, &body).signed(&session).send().await;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = house.json("POST", api, &body).signed(&session).send().await;
    assert!(again.status == 422 && again.body.contains("ngan"), "{}", again.body);
    let address = format!("{api}/ngan");
    let tag = made.header("etag").to_owned();
    let put = |tag: &str, body| house.json("PUT", &address, body).signed(&session).header("if-match", tag).send();
    assert_eq!(put("", &body).await.status, 428);
    let mut changed = body.clone();
    changed["stops"] = json!([{ "stop": "hai-ngon-thap" }, { "stop": "bia-da" }]);
    assert_eq!(put(&tag, &changed).await.status, 200);
    assert_eq!(put(&tag, &body).await.status, 412);
    let tour = house.store.tour(&"ngan".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((tour.stops.len(), tour.names.best(Language::VI)), (2, "Đi nhanh"));
    let remove = |tag: &str| house.json("DELETE", &address, &json!({})).signed(&session).header("if-match", tag).send();
    assert_eq!(remove(&tag).await.status, 412);
    let now = house.get(&address).signed(&session).send().await;
    assert_eq!(remove(now.header("etag")).await.status, 204);
    assert_eq!(house.get(&address).signed(&session).send().await.status, 404);
    assert_eq!(house.store.verify_audit(None).await.unwrap().fault, None);
}
