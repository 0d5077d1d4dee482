//! Devices and the versions of their bundles against their promises.

use std::collections::BTreeSet;

use super::*;
use crate::domain::bundle::Scope;
use crate::domain::device::{DeviceToken, EnrolCode, Fault, Heartbeat, Inventory, Play};
use crate::domain::{AudioFormat, ContentHash, Milliseconds};

const HOUR: Milliseconds = Milliseconds(3_600_000);

fn scope() -> Scope {
    Scope { sites: BTreeSet::new(), languages: [Language::VI].into(), audio: AudioFormat::Opus }
}

fn code(n: u8) -> EnrolCode {
    EnrolCode::from_random([n; 6]).unwrap()
}

fn token(n: u8) -> DeviceToken {
    DeviceToken::from_random([n; 32])
}

impl Bench {
    async fn enrolled(&self, name: &str, n: u8) -> crate::domain::device::Device {
        self.store.add_device(&crate::domain::Actor::shell(), name, &scope(), &code(n), HOUR).await.unwrap();
        match self.store.enrol_device(&code(n), &token(n)).await.unwrap() {
            Enrolment::Enrolled(device) => *device,
            Enrolment::Unknown => panic!("the code was not taken"),
        }
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_time() {
    let bench = Bench::new().await;
    let device = bench.enrolled("lobby", 1).await;
    assert_eq!((device.name.as_str(), device.scope.clone()), ("lobby", scope()));
    assert_eq!(bench.store.enrol_device(&code(1), &token(9)).await.unwrap(), Enrolment::Unknown);
    assert_eq!(bench.store.device_of(token(1).hash()).await.unwrap().unwrap().id, device.id);
    assert_eq!(bench.store.device_of(token(9).hash()).await.unwrap(), None);

    bench.store.add_device(&crate::domain::Actor::shell(), "gate", &scope(), &code(2), HOUR).await.unwrap();
    bench.clock.advance_millis(3_600_000);
    assert_eq!(bench.store.enrol_device(&code(2), &token(2)).await.unwrap(), Enrolment::Unknown);
    // A new code for the same device.
    bench.store.add_device(&crate::domain::Actor::shell(), "gate", &scope(), &code(3), HOUR).await.unwrap();
    assert!(matches!(bench.store.enrol_device(&code(3), &token(3)).await.unwrap(), Enrolment::Enrolled(_)));

    let taken =
        bench.store.add_device(&crate::domain::Actor::shell(), "gate", &scope(), &code(4), HOUR).await.unwrap_err();
    assert!(matches!(taken, StoreError::DeviceTaken { .. }), "{taken}");
    let elsewhere = Scope { sites: [slug("nowhere")].into(), ..scope() };
    let missing =
        bench.store.add_device(&crate::domain::Actor::shell(), "x", &elsewhere, &code(5), HOUR).await.unwrap_err();
    assert!(missing.to_string().contains("`nowhere`"), "{missing}");
}

#[tokio::test]
async fn neither_code_nor_token_lies_in_the_database() {
    let bench = Bench::new().await;
    bench.enrolled("lobby", 1).await;
    bench.store.add_device(&crate::domain::Actor::shell(), "gate", &scope(), &code(2), HOUR).await.unwrap();
    bench.store.close().await;
    let bytes = std::fs::read(bench.folder.path().join("store.db")).unwrap();
    for secret in [token(1).as_str().to_owned(), code(2).to_string()] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[tokio::test]
async fn a_token_is_replaced_when_the_new_one_is_used() {
    let bench = Bench::new().await;
    let device = bench.enrolled("lobby", 1).await;
    assert!(bench.store.offer_token(device.id, &token(2)).await.unwrap());
    // The answer that brought it was lost: the old one still holds.
    assert!(bench.store.device_of(token(1).hash()).await.unwrap().is_some());
    assert!(bench.store.device_of(token(2).hash()).await.unwrap().is_some());
    assert_eq!(bench.store.device_of(token(1).hash()).await.unwrap(), None);
}

#[tokio::test]
async fn a_revoked_device_is_nobody() {
    let bench = Bench::new().await;
    let device = bench.enrolled("lobby", 1).await;
    bench.store.offer_token(device.id, &token(2)).await.unwrap();
    assert!(bench.store.revoke_device(&crate::domain::Actor::shell(), "lobby").await.unwrap());
    assert!(
        !bench.store.revoke_device(&crate::domain::Actor::shell(), "lobby").await.unwrap()
            && !bench.store.revoke_device(&crate::domain::Actor::shell(), "x").await.unwrap()
    );
    for n in [1, 2] {
        assert_eq!(bench.store.device_of(token(n).hash()).await.unwrap(), None);
    }
    assert!(!bench.store.offer_token(device.id, &token(3)).await.unwrap());
    // It may be enrolled afresh.
    bench.store.add_device(&crate::domain::Actor::shell(), "lobby", &scope(), &code(4), HOUR).await.unwrap();
    assert!(matches!(bench.store.enrol_device(&code(4), &token(4)).await.unwrap(), Enrolment::Enrolled(_)));
}

#[tokio::test]
async fn what_a_device_tells_is_kept_once() {
    let bench = Bench::new().await;
    let device = bench.enrolled("lobby", 1).await;
    let play = |n: u8| Play {
        id: format!("{n:032x}"),
        stop: "TD1".parse().unwrap(),
        language: Language::VI,
        started_at: START,
        seconds: 40,
    };
    let fault = Fault { id: "a".repeat(32), kind: "disk".to_owned(), detail: "full".to_owned(), at: START };
    assert_eq!(bench.store.put_plays(device.id, &[play(1), play(2)]).await.unwrap(), Kept { new: 2, known: 0 });
    assert_eq!(bench.store.put_plays(device.id, &[play(2), play(3)]).await.unwrap(), Kept { new: 1, known: 1 });
    for new in [1, 0] {
        assert_eq!(bench.store.put_faults(device.id, std::slice::from_ref(&fault)).await.unwrap().new, new);
    }
    assert_eq!(bench.store.reports_of(device.id, 10).await.unwrap(), (3, vec![fault]));

    let beat = Heartbeat {
        version: 4,
        client: "reference 1".to_owned(),
        disk_free: Some(7),
        battery: None,
        clock: START,
        last_error: None,
    };
    let later = START.plus_millis(5);
    bench.store.put_heartbeats(&[(device.id, beat.clone(), later)]).await.unwrap();
    let inventory =
        Inventory { version: 4, files: 2, digest: ContentHash::of(b"x"), broken: vec![ContentHash::of(b"y")] };
    bench.store.put_inventory(device.id, &inventory).await.unwrap();
    let found = bench.store.devices().await.unwrap().remove(0);
    assert_eq!((found.heartbeat, found.inventory), (Some(beat), Some(inventory)));
}

#[tokio::test]
async fn versions_grow_with_contents_and_before_they_run_out() {
    let bench = Bench::new().await;
    let (one, two) = (ContentHash::of(b"scope one"), ContentHash::of(b"scope two"));
    let (day, fourteen) = (Milliseconds(86_400_000), Milliseconds(14 * 86_400_000));
    let number = async |scope, contents: &[u8]| {
        bench.store.bundle_version(scope, ContentHash::of(contents), fourteen, day).await.unwrap()
    };
    let first = number(one, b"a").await;
    assert_eq!(first.version, 1);
    bench.clock.advance_millis(86_400_000);
    assert_eq!(number(one, b"a").await, first, "the same contents are the same version with the same times");
    assert_eq!(number(one, b"b").await.version, 2);
    assert_eq!(number(one, b"a").await.version, 3, "never back to an older number");
    assert_eq!(number(two, b"a").await.version, 1);
    bench.clock.advance_millis(13 * 86_400_000);
    let renewed = number(one, b"a").await;
    assert_eq!((renewed.version, renewed.issued_at), (4, START.plus_millis(14 * 86_400_000)));
}

#[tokio::test]
async fn every_change_of_the_public_is_seen() {
    let bench = Bench::new().await;
    let empty = bench.store.public_changes().await.unwrap();
    assert_eq!(bench.store.public_changes().await.unwrap(), empty);
    bench.stop().await;
    let with_stop = bench.store.public_changes().await.unwrap();
    assert!(with_stop > empty);
    let cut = CutFile { size: 70_000, blocks: vec![ContentHash::of(b"1"), ContentHash::of(b"2")] };
    bench.store.put_cut_files(&[(ContentHash::of(b"f"), cut.clone())]).await.unwrap();
    assert_eq!(bench.store.cut_file(ContentHash::of(b"f")).await.unwrap(), Some(cut));
    assert_eq!(bench.store.cut_file(ContentHash::of(b"g")).await.unwrap(), None);
}
