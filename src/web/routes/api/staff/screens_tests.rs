//! Screens, notices, timetables and devices as programs keep them.

use serde_json::{Value, json};

use crate::domain::{Role, Scope};
use crate::web::testing::{Answer, House};

struct Desk {
    house: House,
    session: String,
}

impl Desk {
    async fn new() -> Self {
        let (house, _) = House::with_sites().await;
        house.person("first", Scope::House, Role::Administrator).await;
        let session = house.session("first").await;
        Self { house, session }
    }

    async fn ask(&self, method: &str, address: &str, body: &Value) -> Answer {
        let ask = self.house.json(method, &format!("/api/v1/staff/{address}"), body);
        ask.signed(&self.session).send().await
    }

    async fn change(&self, address: &str, etag: &str, body: &Value) -> Answer {
        let ask = self.house.json("PUT", &format!("/api/v1/staff/{address}"), body).header("if-match", etag);
        ask.signed(&self.session).send().await
    }
}

#[tokio::test]
async fn a_screen_lives_through_the_interface() {
    let desk = Desk::new().await;
    let plan = json!({ "name": "bus", "languages": ["vi", "en"], "show": [{ "sites": ["thap-doi"] }] });
    let added = desk.ask("POST", "screens", &plan).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let (code, etag) = (added.json()["code"].as_str().unwrap().to_owned(), added.header("etag").to_owned());
    assert_eq!((&added.json()["state"], added.json()["etag"].as_str().unwrap()), (&json!("waiting"), etag.as_str()));
    let address = format!("screens/{code}");
    for (body, status) in [
        (plan.clone(), 422),
        (json!({ "name": "x", "languages": [] }), 422),
        (json!({ "name": "x", "languages": ["vi"], "show": [{ "stops": ["nowhere"] }] }), 422),
        (json!({ "name": "x", "languages": ["vi"], "bus": { "timetable": "a", "route": "T1" } }), 422),
    ] {
        assert_eq!(desk.ask("POST", "screens", &body).await.status, status, "{body}");
    }
    let changed = json!({ "name": "bus", "languages": ["en"], "seconds": 5.0 });
    assert_eq!(desk.ask("PUT", &address, &changed).await.status, 428);
    let saved = desk.change(&address, &etag, &changed).await;
    assert_eq!((saved.status, &saved.json()["plan"]["seconds"]), (200, &json!(5.0)));
    assert_eq!(desk.change(&address, &etag, &changed).await.status, 412, "the tag is an old one");
    assert_eq!(desk.ask("GET", "screens", &json!({})).await.json()["screens"].as_array().unwrap().len(), 1);
    let plays = desk.ask("GET", &format!("{address}/plays"), &json!({})).await.json();
    assert_eq!(plays, json!({ "from": "2026-10-27", "to": "2026-11-23", "shown": [] }));
    assert_eq!(desk.ask("DELETE", &address, &json!({})).await.status, 204);
    assert_eq!(desk.ask("GET", &address, &json!({})).await.json()["state"], "retired");
    assert_eq!(desk.ask("DELETE", &address, &json!({})).await.status, 404);
}

#[tokio::test]
async fn notices_and_devices_live_through_the_interface() {
    let desk = Desk::new().await;
    let notice = json!({ "text": { "vi": "Bão", "en": "Storm" }, "hours": 2 });
    let given = desk.ask("POST", "notices", &notice).await;
    assert_eq!((given.status, &given.json()["text"]["en"]), (201, &json!("Storm")), "{}", given.body);
    for bad in [
        json!({ "text": {}, "hours": 2 }),
        json!({ "text": { "vi": "x" }, "hours": 0 }),
        json!({ "text": { "vi": "x".repeat(301) }, "hours": 1 }),
    ] {
        assert_eq!(desk.ask("POST", "notices", &bad).await.status, 422, "{bad}");
    }
    let end = format!("notices/{}", given.json()["id"]);
    assert_eq!(desk.ask("DELETE", &end, &json!({})).await.status, 204);
    assert_eq!(desk.ask("GET", "notices", &json!({})).await.json(), json!({ "notices": [] }));

    let added =
        desk.ask("POST", "devices", &json!({ "name": "hall", "sites": ["thap-doi"], "languages": ["vi"] })).await;
    assert_eq!((added.status, added.json()["code"].as_str().unwrap().len()), (201, 6));
    assert_eq!(desk.ask("POST", "devices", &json!({ "name": "", "sites": [] })).await.status, 422);
    assert_eq!(desk.ask("POST", "devices", &json!({ "name": "x", "sites": ["nowhere"] })).await.status, 404);
    let code = json!({ "code": added.json()["code"] });
    assert_eq!(desk.house.ask("POST", "/api/v1/kiosk/enrol").json(&code).send().await.status, 200);
    assert_eq!(desk.ask("POST", "devices", &json!({ "name": "hall" })).await.status, 422, "it is enrolled");
    let address = format!("devices/{}", added.json()["id"]);
    let device = desk.ask("GET", &address, &json!({})).await.json();
    assert_eq!((&device["name"], &device["languages"], &device["newest"]), (&json!("hall"), &json!(["vi"]), &json!(1)));
    assert_eq!(desk.ask("POST", &format!("{address}/sync"), &json!({})).await.status, 204);
    assert_eq!(desk.ask("DELETE", &address, &json!({})).await.status, 204);
    assert_eq!(desk.ask("GET", "devices", &json!({})).await.json()["devices"][0]["state"], "retired");
}

#[tokio::test]
async fn a_timetable_is_put_in_by_a_program() {
    let desk = Desk::new().await;
    let put = desk.ask("PUT", "timetables/quy-nhon", &json!({})).await;
    assert!(put.status == 422 && put.body.contains("no zip archive"), "{}", put.body);
    assert_eq!(desk.ask("PUT", "timetables/Quy%20Nhon", &json!({})).await.status, 422);
    assert_eq!(desk.ask("DELETE", "timetables/quy-nhon", &json!({})).await.status, 404);
    assert_eq!(desk.ask("GET", "timetables", &json!({})).await.json(), json!({ "timetables": [] }));
}
