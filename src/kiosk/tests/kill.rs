//! The process itself is killed, at any moment, by the signal that nothing can catch.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use super::shop::Shop;
use super::*;
use crate::domain::SystemClock;

const FOLDER: &str = "KIOSK_TEST_FOLDER";
/// What the victim leaves when it begins to sync: a machine takes its own time to start a program.
const BEGUN: &str = "begun";

/// Starts a victim and waits until it begins to sync.
fn start(root: &Path) -> Child {
    // There is none before the first.
    let _ = std::fs::remove_file(root.join(BEGUN));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kiosk::tests::kill::victim", "--test-threads=1"])
        .env(FOLDER, root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while !root.join(BEGUN).exists() {
        assert!(since.elapsed() < Duration::from_secs(60), "the victim does not begin");
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

/// The one that is killed: a sync of the folder that the environment names, slow enough to be hit anywhere.
#[test]
fn victim() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let holding = Holding::open(Folder::open(folder.as_ref()).unwrap()).unwrap();
    let server = holding.identity().unwrap().server;
    let link = Http::new(&server, None, Duration::from_secs(5)).unwrap();
    let limits = Limits { bandwidth: Some(1_000_000), hours: None };
    std::fs::write(Path::new(&folder).join(BEGUN), "").unwrap();
    let waiter = RealTime::default();
    holding.sync(&Means { link: &link, clock: &SystemClock, waiter: &waiter, limits }).unwrap();
}

#[test]
fn a_killed_process_leaves_a_whole_bundle() {
    // Files of several blocks: what came of one is written block by block.
    let mut shop = Shop::new(6, 300_000);
    shop.valid_for = 100 * 365 * 86_400_000;
    shop.publish();
    let shop = Arc::new(RwLock::new(shop));
    let server = format!("http://{}", super::network::serve(shop.clone()));
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("kiosk");
    let holding = Holding::open(Folder::open(&root).unwrap()).unwrap();
    holding.set_identity(&identity(&shop.read().unwrap(), &server)).unwrap();
    let mut dice = Dice(23);
    let (mut killed, mut switched, mut ended) = (0, 0, 0);
    let first = shop.read().unwrap().clone();
    let link = Http::new(&server, None, Duration::from_secs(5)).unwrap();
    sync_with(&holding, &link, &first).unwrap();
    let wanted = count(10, 300) as u64;
    // How long a sync takes that nobody disturbs.
    shop.write().unwrap().edit(0);
    let mut child = start(&root);
    let began = Instant::now();
    child.wait().unwrap();
    // One that was killed leaves the next one more to fetch.
    let longest = began.elapsed().as_millis() as u64 * 2;
    let mut on_the_way = 0;
    // A sync that ended before it was hit does not count.
    while killed < wanted {
        shop.write().unwrap().edit(dice.roll(6) as usize);
        let mut child = start(&root);
        std::thread::sleep(Duration::from_millis(dice.roll(longest)));
        let in_time = child.try_wait().unwrap().is_none() && child.kill().is_ok();
        child.wait().unwrap();
        let staged = std::fs::read_dir(root.join("staging")).map_or(0, Iterator::count);
        let now = shop.read().unwrap().clone();
        let new = whole(&holding, &now) == now.version();
        if in_time {
            killed += 1;
            on_the_way += u64::from(staged > 0);
            switched += u64::from(new);
        } else {
            assert!(new, "a sync that ended by itself has switched");
            ended += 1;
        }
    }
    let now = shop.read().unwrap().clone();
    sync_with(&holding, &link, &now).unwrap();
    assert_eq!(whole(&holding, &now), now.version());
    println!("{killed} killed ({on_the_way} with files on the way, {switched} after the switch), {ended} ended before");
    if wanted >= 100 {
        assert!(on_the_way * 4 > wanted && ended > 0, "the kills do not hit the whole of a sync");
    }
}
