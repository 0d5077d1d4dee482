//! The collection for programs: made, read, changed on what was read, and refused in words.

use serde_json::json;

use crate::domain::{Deed, Role, Scope};
use crate::web::testing::House;

const SITE: &str = "/api/v1/staff/sites/thap-doi";
const STOP: &str = "/api/v1/staff/sites/thap-doi/stops/hai-ngon-thap";

async fn desk() -> (House, String) {
    let house = House::with_guides().await;
    house.person("lan", Scope::House, Role::Reviewer).await;
    let session = house.session("lan").await;
    (house, session)
}

#[tokio::test]
async fn a_site_a_relic_and_a_stop_are_made_read_and_changed() {
    let (house, session) = desk().await;
    let post =
        async |address: &str, body: serde_json::Value| house.json("POST", address, &body).signed(&session).send().await;
    let site = json!({ "slug": "banh-it", "names": { "vi": "Tháp Bánh Ít" }, "kind": "tower",
        "summary": { "vi": "Bốn ngọn tháp." }, "place": { "latitude": 13.87, "longitude": 109.13 } });
    assert_eq!(post("/api/v1/staff/sites", site.clone()).await.status, 201);
    let again = post("/api/v1/staff/sites", site).await;
    assert!(again.status == 422 && again.body.contains("banh-it"), "{}", again.body);
    let relic = json!({ "slug": "bia", "names": { "vi": "Bia đá" }, "kind": "stele", "material": "đá" });
    assert_eq!(post("/api/v1/staff/sites/banh-it/relics", relic).await.status, 201);
    let stop = json!({ "slug": "cong", "code": "BI1", "relic": "bia", "names": { "vi": "Cổng" }, "kind": "gate",
        "sources": [{ "title": "Sách", "year": 1909 }] });
    let made = post("/api/v1/staff/sites/banh-it/stops", stop.clone()).await;
    assert_eq!((made.status, made.json()["relic"].as_str()), (201, Some("bia")), "{}", made.body);
    let mut other = stop;
    other["slug"] = json!("khac");
    let taken = post("/api/v1/staff/sites/banh-it/stops", other).await;
    assert!(taken.status == 422 && taken.body.contains("cong"), "{}", taken.body);
    let whole = house.get("/api/v1/staff/sites/banh-it").signed(&session).send().await;
    let read = whole.json();
    assert_eq!((read["stops"][0]["code"].as_str(), read["relics"][0]["material"].as_str()), (Some("BI1"), Some("đá")));
    let mut entry = read["stops"][0].clone();
    entry["names"]["en"] = json!("The gate");
    let address = "/api/v1/staff/sites/banh-it/stops/cong";
    let put = async |tag: &str| {
        house.json("PUT", address, &entry).header("if-match", tag).signed(&session).send().await.status
    };
    assert_eq!(put("").await, 428);
    assert_eq!(put("\"0000\"").await, 412);
    assert_eq!(put(made.header("etag")).await, 200);
    assert_eq!(put(made.header("etag")).await, 412, "it is another stop now");
    let record = house.store.audit(None, 20).await.unwrap();
    for deed in [Deed::SiteAdded, Deed::RelicAdded, Deed::StopAdded, Deed::StopChanged] {
        assert_eq!(record.iter().filter(|entry| entry.deed == deed).count(), 1, "{deed:?}");
    }
    let found = house.get("/api/v1/staff/search?q=banh%20it").signed(&session).send().await.json();
    assert_eq!(
        (found["findings"][0]["what"].as_str(), found["findings"][0]["site"].as_str()),
        (Some("site"), Some("banh-it"))
    );
}

#[tokio::test]
async fn what_does_not_fit_is_named_with_its_limit() {
    let (house, session) = desk().await;
    let long = "ệ".repeat(201);
    for (body, named) in [
        (json!({}), "`slug`"),
        (json!({ "slug": "Tháp", "names": { "vi": "a" }, "kind": "b", "summary": { "vi": "c" } }), "`slug`"),
        (json!({ "slug": "a", "names": { "vi": long }, "kind": "b", "summary": { "vi": "c" } }), "200"),
        (json!({ "slug": "a", "names": { "xx": "a" }, "kind": "b" }), "`name.xx`"),
        (json!({ "slug": "a", "names": { "vi": "a\u{202e}b" }, "kind": "b" }), "nobody can see"),
        (json!({ "slug": "a", "names": { "vi": "a" }, "place": { "latitude": 91, "longitude": 0 } }), "-90 to 90"),
        (
            json!({ "slug": "a", "names": { "vi": "a" }, "period": { "from": 2, "to": 1, "label": "" } }),
            "before it begins",
        ),
        (json!({ "slug": "a", "colour": "red" }), "colour"),
    ] {
        let answer = house.json("POST", "/api/v1/staff/sites", &body).signed(&session).send().await;
        assert!(answer.status == 422 && answer.body.contains(named), "{body}: {} {}", answer.status, answer.body);
    }
    assert_eq!(house.store.sites().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_narration_is_written_on_what_was_read() {
    let (house, session) = desk().await;
    let address = format!("{STOP}/narration");
    assert_eq!(house.get(&address).signed(&session).send().await.status, 404);
    // Three hundred words.
    let body = "Tháp Đôi đứng bên sông, gạch đỏ dưới nắng. ".repeat(34);
    let put = async |body: &str, state: &str, tag: &str| {
        let text = json!({ "title": "Tháp Đôi", "body": body, "state": state });
        house.json("PUT", &address, &text).header("if-match", tag).signed(&session).send().await
    };
    assert_eq!(put(&body, "draft", "").await.status, 428);
    let first = put(&body, "draft", "\"none\"").await;
    assert_eq!((first.status, first.json()["author"].as_str()), (200, Some("lan")), "{}", first.body);
    assert_eq!(put("Ngắn.", "draft", "\"none\"").await.status, 412);
    let long = put(&"a".repeat(60_001), "draft", first.header("etag")).await;
    assert!(long.status == 422 && long.body.contains("60000"), "{}", long.body);
    let script = put("<script>alert(1)</script>", "draft", first.header("etag")).await;
    assert_eq!(script.status, 422);
    assert_eq!(put("Ngắn.", "approved", first.header("etag")).await.status, 200);
    let versions = house.get(&format!("{address}/versions")).signed(&session).send().await.json();
    let numbers: Vec<i64> =
        versions["versions"].as_array().unwrap().iter().map(|v| v["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [2, 1]);
    assert!(versions["versions"][1]["body"].as_str().unwrap().starts_with("Tháp Đôi đứng bên sông"));
}

#[tokio::test]
async fn each_role_may_do_what_the_table_says() {
    let (house, [here, _]) = House::with_sites().await;
    for role in [Role::Viewer, Role::Editor] {
        house.person(role.word(), Scope::House, role).await;
    }
    house.person("here", Scope::Site(here), Role::Editor).await;
    // viewer, editor, editor of the first site
    for (method, address, expected) in [
        ("GET", "/api/v1/staff/sites", [200, 200, 200]),
        ("POST", "/api/v1/staff/sites", [403, 422, 403]),
        ("GET", SITE, [200, 200, 200]),
        ("PUT", SITE, [403, 428, 428]),
        ("GET", "/api/v1/staff/sites/phu-cat", [200, 200, 403]),
        ("PUT", "/api/v1/staff/sites/phu-cat", [403, 428, 403]),
        ("POST", "/api/v1/staff/sites/phu-cat/stops", [403, 422, 403]),
        ("POST", "/api/v1/staff/sites/thap-doi/relics", [403, 422, 422]),
        ("PUT", STOP, [403, 428, 428]),
        ("GET", STOP, [200, 200, 200]),
        // A stop of another site is not there.
        ("GET", "/api/v1/staff/sites/phu-cat/stops/hai-ngon-thap", [404, 404, 403]),
        ("GET", "/api/v1/staff/search?q=thap", [200, 200, 200]),
    ] {
        for (login, expected) in ["viewer", "editor", "here"].iter().zip(expected) {
            let session = house.session(login).await;
            let ask = if method == "GET" { house.get(address) } else { house.json(method, address, &json!({})) };
            let answer = ask.signed(&session).send().await;
            assert_eq!(answer.status, expected, "{login} {method} {address}\n{}", answer.body);
        }
    }
    let session = house.session("here").await;
    let seen = house.get("/api/v1/staff/sites").signed(&session).send().await.json();
    assert_eq!(seen["entries"].as_array().unwrap().len(), 1, "only what one may see is listed");
}
