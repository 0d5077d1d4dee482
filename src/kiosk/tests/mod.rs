//! The client against everything that happens to devices: bad networks, bad servers, bad disks, and no power.

mod kill;
mod network;
mod page;
mod power;
mod rules;
mod shop;

use std::cell::Cell;
use std::time::Duration;

use self::shop::Shop;
use super::*;
use crate::domain::device::DeviceToken;

/// Waits without waiting.
#[derive(Default)]
struct NoTime(Cell<Duration>);

impl Waiter for NoTime {
    fn wait(&self, time: Duration) {
        self.0.set(self.0.get() + time);
    }

    fn elapsed(&self) -> Duration {
        self.0.get()
    }
}

/// Numbers that look like chance and are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below.max(1)
    }
}

fn identity(shop: &Shop, server: &str) -> Identity {
    Identity {
        server: server.to_owned(),
        device: "lobby".to_owned(),
        token: DeviceToken::from_random([7; 32]),
        trust: crate::domain::bundle::Trust(shop.first_key()),
        scope: shop.scope(),
    }
}

fn sync_with<D: Disk>(holding: &Holding<D>, link: &dyn Link, shop: &Shop) -> Result<Synced> {
    let waiter = NoTime::default();
    let clock = shop.clock();
    holding.sync(&Means { link, clock: &clock, waiter: &waiter, limits: Limits::default() })
}

/// Every file of the bundle that is played, against the truth; gives the version.
fn whole<D: Disk>(holding: &Holding<D>, shop: &Shop) -> u64 {
    let playing = holding.playing().unwrap().expect("a bundle is always there");
    for file in &playing.manifest.files {
        let bytes = holding.play(&playing.manifest, file.sha256, 0, file.size).unwrap();
        assert!(bytes == shop.truth(file.sha256), "{} of version {}", file.sha256, playing.manifest.version);
    }
    playing.manifest.version
}

/// A moderate count in every run, the full one where `KIOSK_FULL` is set.
fn count(moderate: usize, full: usize) -> usize {
    if std::env::var_os("KIOSK_FULL").is_some() { full } else { moderate }
}
