//! The page of the device, without a socket.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

use super::shop::{Direct, Shop};
use super::*;
use crate::domain::bundle::BLOCK;
use crate::kiosk::player::Player;

struct Page {
    folder: tempfile::TempDir,
    router: axum::Router,
}

fn open(shop: &Shop, synced: bool) -> Page {
    let folder = tempfile::tempdir().unwrap();
    let holding = Holding::open(Folder::open(folder.path()).unwrap()).unwrap();
    holding.set_identity(&identity(shop, "http://x")).unwrap();
    if synced {
        sync_with(&holding, &Direct::new(shop), shop).unwrap();
    }
    let router = Player::new(holding, Arc::new(shop.clock())).router();
    Page { folder, router }
}

impl Page {
    async fn ask(&self, method: &str, path: &str, range: &str, body: &str) -> (u16, String, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path);
        if !range.is_empty() {
            request = request.header("range", range);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let field = response.headers().get("content-range").map_or("", |value| value.to_str().unwrap()).to_owned();
        (status, field, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    async fn bundle(&self) -> serde_json::Value {
        serde_json::from_slice(&self.ask("GET", "/bundle", "", "").await.2).unwrap()
    }
}

#[tokio::test]
async fn the_page_shows_and_plays_what_is_held() {
    let shop = Shop::new(3, 300_000);
    let page = open(&shop, true);
    for path in ["/", "/player.js", "/player.css"] {
        assert_eq!(page.ask("GET", path, "", "").await.0, 200, "{path}");
    }
    let bundle = page.bundle().await;
    assert_eq!((bundle["version"].as_u64(), bundle["old"].as_bool()), (Some(1), Some(false)));
    assert_eq!(bundle["languages"][0]["name"], "Tiếng Việt");
    let audio = bundle["stops"][1]["guides"]["vi"]["audio"].as_str().unwrap();
    let truth = shop.truth(audio.parse().unwrap());
    let path = format!("/files/{audio}");
    assert_eq!(page.ask("GET", &path, "", "").await.2, truth);
    // What an iPhone asks first, and a part that lies across blocks.
    for (from, last) in [(0, 1), (BLOCK as usize - 3, BLOCK as usize + 3)] {
        let (status, field, bytes) = page.ask("GET", &path, &format!("bytes={from}-{last}"), "").await;
        assert_eq!((status, field), (206, format!("bytes {from}-{last}/{}", truth.len())));
        assert_eq!(bytes, truth[from..=last]);
    }
    assert_eq!(page.ask("GET", &path, "bytes=99999999-", "").await.0, 416);
    for path in ["/files/x", "/files/../device.json", "/device.json", &format!("/files/{}", "a".repeat(64))] {
        assert_eq!(page.ask("GET", path, "", "").await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_damaged_block_is_not_played_and_is_reported() {
    let shop = Shop::new(1, 300_000);
    let page = open(&shop, true);
    let bundle = page.bundle().await;
    let audio = bundle["stops"][0]["guides"]["vi"]["audio"].as_str().unwrap();
    let path = page.folder.path().join("files").join(audio);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[70_000] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(page.ask("GET", &format!("/files/{audio}"), "bytes=0-99", "").await.0, 206);
    assert_eq!(page.ask("GET", &format!("/files/{audio}"), "bytes=70000-70001", "").await.0, 503);
    assert_eq!(std::fs::read_dir(page.folder.path().join("outbox")).unwrap().count(), 1);
}

#[tokio::test]
async fn plays_are_noted_and_an_old_or_empty_bundle_is_told() {
    let mut shop = Shop::new(1, 5_000);
    let empty = open(&shop, false);
    assert_eq!(empty.ask("GET", "/bundle", "", "").await.0, 404);
    shop.now += shop.valid_for + 1;
    let page = {
        let before = Shop::new(1, 5_000);
        let mut page = open(&before, true);
        let holding = Holding::open(Folder::open(page.folder.path()).unwrap()).unwrap();
        page.router = Player::new(holding, Arc::new(shop.clock())).router();
        page
    };
    assert_eq!(page.bundle().await["old"], true);
    let play = r#"{"stop":"S00","language":"vi","seconds":40}"#;
    assert_eq!(page.ask("POST", "/played", "", play).await.0, 204);
    assert_eq!(page.ask("POST", "/played", "", "{}").await.0, 422);
    assert_eq!(std::fs::read_dir(page.folder.path().join("outbox")).unwrap().count(), 1);
}
