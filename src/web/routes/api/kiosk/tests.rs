//! Devices against the small house of the web's tests.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::domain::bundle::{Delta, Manifest, Scope, SignedManifest, Trust};
use crate::domain::device::EnrolCode;
use crate::domain::{AudioFormat, ContentHash, Language, Milliseconds};
use crate::web::testing::{Answer, House};

struct Device {
    house: House,
    token: String,
    trust: Trust,
}

fn code(n: u8) -> EnrolCode {
    EnrolCode::from_random([n; 6]).unwrap()
}

async fn enrol(house: &House, name: &str, n: u8) -> Answer {
    let scope = Scope { sites: BTreeSet::new(), languages: BTreeSet::new(), audio: AudioFormat::Mp3 };
    house
        .store
        .add_device(&crate::domain::Actor::shell(), name, &scope, &code(n), Milliseconds(3_600_000))
        .await
        .unwrap();
    house.ask("POST", "/api/v1/kiosk/enrol").json(&json!({"code": code(n).to_string().to_lowercase()})).send().await
}

impl Device {
    async fn new() -> Self {
        let house = House::with_guides().await;
        let answer = enrol(&house, "lobby", 1).await.json();
        let token = answer["token"].as_str().unwrap().to_owned();
        Self { house, token, trust: Trust(answer["key"].as_str().unwrap().parse().unwrap()) }
    }

    async fn get(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut ask = self.house.get(path).header("authorization", &format!("Bearer {}", self.token));
        for (name, value) in fields {
            ask = ask.header(name, value);
        }
        ask.send().await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.house.ask("POST", path).header("authorization", &bearer).json(body).send().await
    }

    async fn manifest(&self) -> (Answer, Manifest) {
        let answer = self.get("/api/v1/kiosk/manifest", &[]).await;
        let (manifest, _) = SignedManifest::parse(&answer.bytes).unwrap().verify(&self.trust).unwrap();
        (answer, manifest)
    }

    /// Another edition of a stop is published.
    async fn edit(&self, title: &str) {
        let mut edition = self.house.edition("hai-ngon-thap", "TD1", Language::VI);
        edition.title = title.to_owned();
        self.house.store.publish(&edition).await.unwrap();
        self.house.clock.advance_millis(2_000);
    }
}

#[tokio::test]
async fn a_device_enrols_and_fetches_everything_it_is_to_hold() {
    let device = Device::new().await;
    let (answer, manifest) = device.manifest().await;
    assert_eq!(answer.header("etag"), format!("\"{}\"", ContentHash::of(&answer.bytes)));
    assert_eq!((answer.status, manifest.version, manifest.stops.len()), (200, 1, 2));
    for file in &manifest.files {
        let answer = device.get(&format!("/api/v1/kiosk/files/{}", file.sha256), &[("accept-encoding", "gzip")]).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, ""), "{file:?}");
        assert_eq!((ContentHash::of(&answer.bytes), answer.bytes.len() as u64), (file.sha256, file.size));
        let (etag, from) = (format!("\"{}\"", file.sha256), file.size - 1);
        let range = format!("bytes={from}-");
        let path = format!("/api/v1/kiosk/files/{}", file.sha256);
        let part = device.get(&path, &[("range", &range), ("if-range", &etag)]).await;
        assert_eq!((part.status, part.bytes.as_slice()), (206, &answer.bytes[from as usize..]));
        let stale = device.get(&path, &[("range", &range), ("if-range", "\"other\"")]).await;
        assert_eq!((stale.status, stale.bytes.len() as u64), (200, file.size));
    }
    for hidden in [device.house.master, device.house.unpublished] {
        assert_eq!(device.get(&format!("/api/v1/kiosk/files/{hidden}"), &[]).await.status, 404);
    }
}

#[tokio::test]
async fn an_unchanged_manifest_is_304_and_a_changed_one_a_delta() {
    let device = Device::new().await;
    let (first, _) = device.manifest().await;
    let tag = first.header("etag").to_owned();
    let same = device.get("/api/v1/kiosk/manifest?have=1", &[("if-none-match", &tag)]).await;
    assert_eq!((same.status, same.bytes.len(), same.header("etag")), (304, 0, tag.as_str()));
    device.edit("Hai ngọn tháp gạch").await;
    let answer = device.get("/api/v1/kiosk/manifest?have=1", &[("if-none-match", &tag)]).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (200, ""));
    let delta: Delta = serde_json::from_slice(&answer.bytes).unwrap();
    let built = delta.apply(&SignedManifest::parse(&first.bytes).unwrap()).unwrap();
    let (manifest, _) = built.verify(&device.trust).unwrap();
    assert_eq!(manifest.version, 2);
    assert_eq!(built.to_bytes().unwrap(), device.manifest().await.0.bytes);
    let unknown = device.get("/api/v1/kiosk/manifest?have=77", &[]).await;
    assert_eq!(SignedManifest::parse(&unknown.bytes).unwrap(), built, "a version nobody remembers is answered whole");
}

#[tokio::test]
async fn a_revoked_token_is_good_for_less_than_a_minute() {
    let device = Device::new().await;
    assert_eq!(device.manifest().await.0.status, 200);
    device.house.store.revoke_device(&crate::domain::Actor::shell(), "lobby").await.unwrap();
    device.house.clock.advance_millis(30_000);
    let answer = device.get("/api/v1/kiosk/manifest", &[]).await;
    assert_eq!((answer.status, answer.json()["type"].as_str()), (401, Some("/api/#unknown-device")));
    for authorization in ["", "Bearer x", "Basic abc", &format!("Bearer {}", "a".repeat(64))] {
        let answer = device.house.get("/api/v1/kiosk/manifest").header("authorization", authorization).send().await;
        assert_eq!(answer.status, 401, "{authorization}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn codes_are_good_once_and_cannot_be_guessed_in_a_row() {
    let house = House::with_guides().await;
    assert_eq!(enrol(&house, "lobby", 1).await.status, 200);
    let try_code =
        async |code: &str| house.ask("POST", "/api/v1/kiosk/enrol").json(&json!({"code": code})).send().await.status;
    let mut refused = 0;
    while try_code(&code(1).to_string()).await == 403 {
        refused += 1;
    }
    assert_eq!(refused, 10);
    assert_eq!(enrol(&house, "gate", 2).await.status, 429, "the right one too, for a while");
    house.clock.advance_millis(60_000);
    assert_eq!(try_code(&code(2).to_string()).await, 200);
    assert_eq!(try_code("no code").await, 403);
    let answer = house.ask("POST", "/api/v1/kiosk/enrol").json(&json!({"kode": "x"})).send().await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn what_a_device_reports_is_kept() {
    let device = Device::new().await;
    let (_, manifest) = device.manifest().await;
    let beat = json!({"version": 1, "client": "test/1", "clock": 5, "battery": 80, "disk_free": 1000});
    let answer = device.post("/api/v1/kiosk/heartbeat", &beat).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"version": 1})));
    let play = json!({"id": "a".repeat(32), "stop": "TD1", "language": "vi", "started_at": 7, "seconds": 40});
    for kept in [json!({"new": 1, "known": 0}), json!({"new": 0, "known": 1})] {
        assert_eq!(device.post("/api/v1/kiosk/plays", &json!({"plays": [play]})).await.json(), kept);
    }
    let fault = json!({"id": "b".repeat(32), "kind": "disk", "detail": "full", "at": 9});
    assert_eq!(device.post("/api/v1/kiosk/faults", &json!({"faults": [fault]})).await.json()["new"], 1);
    let inventory = |digest: ContentHash| json!({"version": 1, "files": manifest.files.len(), "digest": digest});
    for (digest, matches) in [(manifest.inventory(), true), (ContentHash::of(b"x"), false)] {
        let answer = device.post("/api/v1/kiosk/inventory", &inventory(digest)).await;
        assert_eq!(answer.json()["matches"], matches);
    }
    // The writer puts heartbeats on the disk once a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let known = device.house.store.devices().await.unwrap().remove(0);
    assert_eq!(known.heartbeat.unwrap().battery, Some(80));
    assert_eq!(device.house.store.reports_of(known.id, 5).await.unwrap().0, 1);
}

#[tokio::test]
async fn a_report_that_is_not_understood_is_refused_with_the_reason() {
    let device = Device::new().await;
    let play = json!({"id": "short", "stop": "TD1", "language": "vi", "started_at": 7, "seconds": 40});
    let many: Vec<Value> = (0..51)
        .map(|n| json!({"id": format!("{n:032x}"), "stop": "TD1", "language": "vi", "started_at": 7, "seconds": 4}))
        .collect();
    for (path, body, reason) in [
        ("plays", json!({"plays": [play]}), "32 lower-case"),
        ("plays", json!({"plays": many}), "at most 50"),
        ("plays", json!({}), "missing field `plays`"),
        ("heartbeat", json!({"version": 1, "client": "x", "clock": 5, "battery": 101}), "`battery`"),
        ("heartbeat", json!({"version": 1, "client": "x\ny", "clock": 5}), "`client`"),
        (
            "faults",
            json!({"faults": [{"id": "c".repeat(32), "kind": "x", "detail": "d".repeat(301), "at": 1}]}),
            "`detail`",
        ),
        ("inventory", json!({"version": 1, "files": 1, "digest": "x"}), "SHA-256"),
    ] {
        let answer = device.post(&format!("/api/v1/kiosk/{path}"), &body).await;
        assert_eq!(answer.status, 422, "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(reason), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_token_is_renewed_after_a_month_and_the_old_one_ends_when_the_new_one_is_used() {
    let mut device = Device::new().await;
    device.house.clock.advance_millis(31 * 24 * 3_600_000);
    let beat = json!({"version": 1, "client": "test/1", "clock": 5});
    let answer = device.post("/api/v1/kiosk/heartbeat", &beat).await.json();
    let new = answer["token"].as_str().expect("a new token").to_owned();
    assert_eq!(device.get("/api/v1/kiosk/manifest", &[]).await.status, 200, "the old one still holds");
    let old = std::mem::replace(&mut device.token, new);
    assert_eq!(device.get("/api/v1/kiosk/manifest", &[]).await.status, 200);
    device.house.clock.advance_millis(30_000);
    assert_eq!(device.get("/api/v1/kiosk/manifest", &[]).await.status, 200);
    device.token = old;
    assert_eq!(device.get("/api/v1/kiosk/manifest", &[]).await.status, 401);
}
