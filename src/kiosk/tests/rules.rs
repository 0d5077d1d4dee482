//! Deltas, rollback, expiry, keys, inventory and reports: the rules, without a network between.

use super::shop::{Direct, START, Shop};
use super::*;
use crate::domain::bundle::{KeyError, SignedError};
use crate::domain::{Clock as _, FixedClock, Language, Timestamp};

struct Device {
    folder: tempfile::TempDir,
    holding: Holding<Folder>,
}

fn device(shop: &Shop) -> Device {
    let folder = tempfile::tempdir().unwrap();
    let holding = Holding::open(Folder::open(&folder.path().join("kiosk")).unwrap()).unwrap();
    holding.set_identity(&identity(shop, "http://x")).unwrap();
    Device { folder, holding }
}

impl Device {
    fn sync(&self, shop: &Shop) -> Result<Synced> {
        sync_with(&self.holding, &Direct::new(shop), shop)
    }

    fn path(&self, inside: &str) -> std::path::PathBuf {
        self.folder.path().join("kiosk").join(inside)
    }
}

#[test]
fn an_edit_of_one_sentence_costs_only_the_changed_files() {
    let mut shop = Shop::new(40, 60_000);
    let device = device(&shop);
    let first = device.sync(&shop).unwrap();
    assert_eq!((first.version, first.files, first.new), (1, 120, true));
    assert_eq!(device.sync(&shop).unwrap(), Synced { version: 1, ..Synced::default() });
    shop.edit(17);
    let link = Direct::new(&shop);
    let second = sync_with(&device.holding, &link, &shop).unwrap();
    assert_eq!((second.version, second.files), (2, 3));
    assert_eq!(link.moved(), shop.needed(1));
    assert!(link.moved() < second.bytes + 8_000, "the manifest came as a delta");
    assert_eq!(whole(&device.holding, &shop), 2);
    // The version before stays whole; the one before that goes.
    shop.edit(17);
    assert_eq!(device.sync(&shop).unwrap().removed, 4);
    assert_eq!(device.holding.disk.list("files".as_ref()).unwrap().len(), 123);
}

#[test]
fn an_old_manifest_is_not_played_again() {
    let mut shop = Shop::new(3, 5_000);
    let device = device(&shop);
    let replayed = shop.clone();
    shop.edit(0);
    device.sync(&shop).unwrap();
    let refused = device.sync(&replayed).unwrap_err();
    assert!(matches!(refused, KioskError::Rollback { offered: 1, held: 2 }), "{refused}");
    // The same number for other contents.
    let mut other = replayed.clone();
    other.edit(1);
    assert!(matches!(device.sync(&other).unwrap_err(), KioskError::TwoOfOne(2)));
    assert_eq!(whole(&device.holding, &shop), 2);
}

#[test]
fn a_manifest_of_another_scope_or_key_is_refused() {
    let mut shop = Shop::new(3, 5_000);
    let device = device(&shop);
    let mut manifest = shop.manifest(9);
    manifest.scope = crate::domain::ContentHash::of(b"other");
    let mut other = shop.clone();
    other.versions = vec![other.sign(&manifest)];
    assert!(matches!(device.sync(&other).unwrap_err(), KioskError::Scope { .. }));
    let mut forged = shop.clone();
    forged.versions[0].key = "0123456789abcdef".to_owned();
    let refused = device.sync(&forged).unwrap_err();
    assert!(matches!(refused, KioskError::Manifest(SignedError::Key(KeyError::Untrusted(_)))), "{refused}");
    assert!(device.holding.playing().unwrap().is_none());

    // The key is rotated: the device follows, and an older key is then a stranger's.
    device.sync(&shop).unwrap();
    let old_key = shop.clone();
    shop.rotate();
    shop.edit(1);
    device.sync(&shop).unwrap();
    assert_ne!(device.holding.identity().unwrap().trust.0, shop.first_key());
    let mut stolen = old_key;
    for stop in 0..5 {
        stolen.edit(stop);
    }
    assert!(matches!(device.sync(&stolen).unwrap_err(), KioskError::Manifest(SignedError::Key(_))));
    // The same version under a new key is the same bundle.
    shop.rotate();
    let again = shop.manifest(2);
    let last = shop.versions.len() - 1;
    shop.versions[last] = shop.sign(&again);
    device.sync(&shop).unwrap();
    assert_eq!(whole(&device.holding, &shop), 2);
}

#[test]
fn a_device_enrolled_for_other_guides_begins_anew_with_the_files_it_has() {
    let mut shop = Shop::new(3, 5_000);
    let device = device(&shop);
    shop.edit(0);
    device.sync(&shop).unwrap();
    let mut other = Shop { scope: "other", ..shop.clone() };
    other.versions.clear();
    other.edit(1);
    device.holding.set_identity(&identity(&other, "http://x")).unwrap();
    let synced = device.sync(&other).unwrap();
    assert_eq!((synced.version, synced.files), (1, 3));
    assert_eq!(whole(&device.holding, &other), 1);
    assert!(matches!(device.sync(&shop).unwrap_err(), KioskError::Scope { .. }));
}

#[test]
fn time_only_moves_forward() {
    let mut shop = Shop::new(2, 5_000);
    let device = device(&shop);
    let old = shop.clone();
    device.sync(&shop).unwrap();
    let until = Timestamp(START + shop.valid_for);
    let playing = device.holding.playing().unwrap().unwrap();
    // The battery of the clock is dead: it shows 1970, and the device knows better.
    assert_eq!(device.holding.time(Timestamp(0), Some(&playing)).unwrap(), Timestamp(START));
    // Weeks pass without a network.
    device.holding.remember_time(Timestamp(START + 86_400_000), &playing).unwrap();
    assert_eq!(device.holding.time(Timestamp(5), Some(&playing)).unwrap(), Timestamp(START + 86_400_000));
    // The clock jumps to 2100: the bundle counts as old, and no later time is believed.
    let jump = FixedClock::at(Timestamp(4_102_444_800_000));
    device.holding.remember_time(jump.now(), &playing).unwrap();
    assert_eq!(device.holding.proved_time().unwrap(), until.plus_millis(1));
    // A manifest that ran out is refused, a new one mends it.
    let mut late = old;
    late.now = until.0 + 2;
    let fresh = self::device(&shop);
    assert!(matches!(fresh.sync(&late).unwrap_err(), KioskError::Expired { .. }));
    shop.now = until.0 + 10;
    shop.edit(0);
    device.sync(&shop).unwrap();
    assert_eq!(whole(&device.holding, &shop), 2);
}

#[test]
fn a_flipped_bit_is_never_played_is_found_and_heals() {
    let shop = Shop::new(4, 200_000);
    let device = device(&shop);
    device.sync(&shop).unwrap();
    let playing = device.holding.playing().unwrap().unwrap();
    let file = playing.manifest.files.iter().max_by_key(|file| file.size).unwrap().clone();
    let path = device.path(&format!("files/{}", file.sha256));
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 4;
    std::fs::write(&path, &bytes).unwrap();
    let played = device.holding.play(&playing.manifest, file.sha256, at as u64, at as u64 + 1);
    assert!(matches!(played, Err(KioskError::Rotten(_))), "not one wrong byte");
    assert_eq!(device.holding.play(&playing.manifest, file.sha256, 0, 100).unwrap(), shop.truth(file.sha256)[..100]);
    let link = Direct::new(&shop);
    let inventory = device.holding.report_inventory(&link).unwrap();
    assert_eq!(inventory.broken, [file.sha256]);
    assert_ne!(inventory.digest, playing.manifest.inventory());
    assert_eq!(device.sync(&shop).unwrap().files, 1);
    assert_eq!(device.holding.inventory().unwrap().digest, playing.manifest.inventory());
    assert_eq!(whole(&device.holding, &shop), 1);
}

#[test]
fn damaged_pointers_and_manifests_are_survived() {
    let mut shop = Shop::new(3, 5_000);
    let device = device(&shop);
    device.sync(&shop).unwrap();
    shop.edit(1);
    device.sync(&shop).unwrap();
    std::fs::write(device.path("manifests/2.json"), "{}").unwrap();
    assert_eq!(whole(&device.holding, &shop), 1, "the last good version");
    assert_eq!(device.sync(&shop).unwrap().version, 2);
    assert_eq!(whole(&device.holding, &shop), 2);
    std::fs::write(device.path("current"), "?").unwrap();
    assert_eq!(whole(&device.holding, &shop), 2);
    device.sync(&shop).unwrap();
    std::fs::write(device.path("time"), "?").unwrap();
    device.sync(&shop).unwrap();
}

#[test]
fn secrets_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::new(1, 5_000);
    let device = device(&shop);
    let mode = |path| std::fs::metadata(device.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("device.json"), mode("")), (0o600, 0o700));
}

#[test]
fn plays_are_sent_once_even_where_the_answer_is_lost() {
    let shop = Shop::new(1, 5_000);
    let device = device(&shop);
    device.sync(&shop).unwrap();
    for n in 0..120 {
        device.holding.note_play("S00".parse().unwrap(), Language::VI, Timestamp(n), 30).unwrap();
    }
    device.holding.note_fault(&KioskError::NoBundle, &FixedClock::at(Timestamp(START))).unwrap();
    let deaf = Direct { deaf: true, ..Direct::new(&shop) };
    assert!(device.holding.send_reports(&deaf).is_err());
    let mute = Direct { mute: true, ..Direct::new(&shop) };
    assert!(device.holding.send_reports(&mute).is_err());
    let link = Direct::new(&shop);
    let sent = device.holding.send_reports(&link).unwrap();
    assert_eq!(sent, Sent { plays: 120, faults: 1 });
    let ids = |link: &Direct<'_>| -> Vec<String> {
        let posted = link.posted.borrow();
        let plays = posted.iter().filter_map(|(_, body)| body["plays"].as_array());
        plays.flatten().map(|play| play["id"].as_str().unwrap().to_owned()).collect()
    };
    let (lost, came) = (ids(&mute), ids(&link));
    assert!(!lost.is_empty() && lost.iter().all(|id| came.contains(id)), "the same names as before");
    assert_eq!(came.iter().collect::<std::collections::BTreeSet<_>>().len(), 120);
    assert_eq!(device.holding.send_reports(&link).unwrap(), Sent::default());
}

#[test]
fn outside_the_hours_nothing_is_fetched() {
    let shop = Shop::new(1, 5_000);
    let device = device(&shop);
    let (link, waiter) = (Direct::new(&shop), NoTime::default());
    for (hours, fetched) in [("1-5", false), ("22-3", true)] {
        let limits = Limits { hours: Some(hours.parse().unwrap()), bandwidth: Some(1_000) };
        // Midnight.
        let done = device.holding.sync(&Means { link: &link, clock: &shop.clock(), waiter: &waiter, limits });
        assert_eq!(done.is_ok(), fetched, "{done:?}");
    }
    assert!(waiter.elapsed().as_secs() >= shop.needed(0) / 1_000 - 1, "{:?}", waiter.elapsed());
}
