//! Devices as staff see them, while a device of this house enrols, syncs, rots, and is retired.

use serde_json::{Value, json};

use crate::domain::bundle::{Manifest, SignedManifest};
use crate::domain::{Role, Scope};
use crate::web::testing::{Answer, House};

/// What stands in the page between a tag and the next.
fn after<'a>(page: &'a str, mark: &str) -> &'a str {
    page.split(mark).nth(1).unwrap_or_default().split('<').next().unwrap()
}

async fn post(house: &House, token: &str, what: &str, body: &Value) -> Answer {
    let ask = house.ask("POST", &format!("/api/v1/kiosk/{what}")).header("authorization", &format!("Bearer {token}"));
    ask.json(body).send().await
}

#[tokio::test]
async fn green_stands_only_on_the_word_of_the_hashes() {
    let (house, _) = House::with_sites().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let session = house.session("first").await;
    let look =
        async |address: &str| house.get(address).signed(&session).header("accept", "text/html").send().await.body;
    let form = async |address: &str, fields: &[(&str, &str)]| house.form(address, fields).signed(&session).send().await;

    let added = form("/staff/devices", &[("name", "Sảnh <trái>"), ("site", ""), ("audio", "mp3")]).await;
    let code = after(&added.body, "<p class=\"enrol\">").to_owned();
    assert!(added.status == 200 && code.len() == 6, "{}", added.body);
    let list = look("/staff/devices").await;
    assert!(list.contains("tag waiting") && list.contains("Sảnh &#60;trái&#62;"), "{list}");
    assert!(!list.contains(&code), "the code is shown once");

    let enrolled = house.ask("POST", "/api/v1/kiosk/enrol").json(&json!({ "code": code })).send().await.json();
    let token = enrolled["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let answer = house.get("/api/v1/kiosk/manifest").header("authorization", &bearer).send().await;
    let signed = SignedManifest::parse(&answer.bytes).unwrap();
    let manifest: Manifest = serde_json::from_value(signed.manifest).unwrap();
    let now = crate::domain::Clock::now(&*house.clock).0;
    let beat = json!({ "version": manifest.version, "client": "test/1", "clock": now });
    let first = post(&house, &token, "heartbeat", &beat).await.json();
    assert_eq!(first["sync"], Value::Null, "nobody asked for a sync");
    let inventory = |digest: String, broken: Value| json!({ "version": manifest.version, "files": manifest.files.len(), "digest": digest, "broken": broken });
    assert!(!look("/staff/devices").await.contains("tag green"), "a heartbeat alone proves nothing");
    let rotten = json!([manifest.files[0].sha256]);
    post(&house, &token, "inventory", &inventory("0".repeat(64), rotten)).await;
    let red = look("/staff/devices").await;
    assert!(red.contains("tag red") && red.contains("1 tệp bị hỏng"), "{red}");
    post(&house, &token, "inventory", &inventory(manifest.inventory().to_string(), json!([]))).await;
    assert!(look("/staff/devices").await.contains("tag green"));

    let address = format!("/staff/devices/{}", after(&red, "<a href=\"/staff/devices/").split('"').next().unwrap());
    assert_eq!(form(&format!("{address}/sync"), &[]).await.status, 303);
    assert_eq!(post(&house, &token, "heartbeat", &beat).await.json()["sync"], true);
    assert_eq!(post(&house, &token, "heartbeat", &beat).await.json()["sync"], Value::Null, "it is told once");
    let play = json!({ "plays": [{ "id": "0".repeat(32), "stop": "TD1", "language": "vi", "started_at": now, "seconds": 41 }] });
    post(&house, &token, "plays", &play).await;
    assert!(look(&address).await.contains(">41<"));

    house.clock.advance_millis(16 * 60_000);
    assert!(look("/staff/devices").await.contains("Một khắc nay không lên tiếng"));
    assert_eq!(form(&format!("{address}/retire"), &[]).await.status, 303);
    house.clock.advance_millis(60_000);
    assert_eq!(post(&house, &token, "heartbeat", &beat).await.status, 401);
    assert_eq!(house.store.verify_audit(None).await.unwrap().fault, None);
}
