//! The page of the device, without a socket.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

use super::shop::{Direct, Shop};
use super::*;
use crate::domain::bundle::BLOCK;
use crate::kiosk::player::{Entrance, Player};

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

/// A house that answers one enrolment, and then no more.
fn house(shop: &Shop) -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let key = shop.first_key();
    let body = serde_json::json!({ "device": "hall", "token": "7".repeat(64), "key": key, "scope": shop.scope() });
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut piece = [0; 1024];
        while !String::from_utf8_lossy(&asked).contains("ACDEFH") {
            let read = stream.read(&mut piece).unwrap();
            asked.extend_from_slice(&piece[..read]);
        }
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    });
    address
}

#[tokio::test]
async fn a_new_device_takes_its_code_on_its_own_page_and_only_once() {
    let shop = Shop::new(1, 5_000);
    let folder = tempfile::tempdir().unwrap();
    let holding = Holding::open(Folder::open(folder.path()).unwrap()).unwrap();
    let patience = Duration::from_secs(5);
    let entrance = Entrance { dir: folder.path().to_owned(), server: None, patience };
    let router = Player::with_entrance(holding, Arc::new(shop.clock()), entrance).router();
    let page = Page { folder, router };
    let standing = async || -> serde_json::Value {
        serde_json::from_slice(&page.ask("GET", "/entrance", "", "").await.2).unwrap()
    };
    assert_eq!(standing().await, serde_json::json!({ "enrolled": false, "server": null }));
    let address = house(&shop);
    let body = |server: &str, code: &str| serde_json::json!({ "server": server, "code": code }).to_string();
    for (body, status) in [
        ("x".to_owned(), 422),
        (body(&address, "123456"), 403),
        (body("http://127.0.0.1:1", "ACDEFH"), 502),
        (body("ftp://x", "ACDEFH"), 503),
    ] {
        assert_eq!(page.ask("POST", "/entrance", "", &body).await.0, status, "{body}");
    }
    let (status, _, bytes) = page.ask("POST", "/entrance", "", &body(&address, "acd-efh")).await;
    assert_eq!((status, String::from_utf8_lossy(&bytes).as_ref()), (200, r#"{"device":"hall"}"#));
    assert_eq!(standing().await["enrolled"], true);
    assert_eq!(page.ask("POST", "/entrance", "", &body(&address, "ACDEFH")).await.0, 409);
    // A page without an entrance has none.
    assert_eq!(open(&shop, false).ask("GET", "/entrance", "", "").await.0, 404);
}
