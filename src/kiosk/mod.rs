//! The reference client, floor 5: a device that always plays a whole, true bundle, over whatever network it has.
//!
//! It loads no models and needs no database: a folder, a server's address and a token. `holding` is the folder, `sync` brings
//! it up to date through `fetch`, `inventory` reads it again, `reports` tells the house, `player` shows and plays. What other
//! makers need to know stands in `docs/kiosk-protocol.md`.
//!
//! Invariants: nothing unverified is ever played; the bundle that is played stays whole and playable through any failure,
//! until a newer one has taken its place in one step; time is passed in.

mod disk;
mod error;
mod fetch;
mod holding;
mod inventory;
mod link;
mod pace;
pub mod player;
mod reports;
mod sync;

pub use disk::{Disk, Folder};
pub use error::{KioskError, Result};
pub use holding::{Current, Held, Holding, Identity, Playing};
pub use link::{Fields, Http, Link, Reply};
pub use pace::{Hours, Limits, RealTime, Waiter};
pub use reports::Sent;
pub use sync::{Means, Synced};

/// What this client calls itself.
pub const CLIENT_NAME: &str = concat!("thuyetminh-kiosk/", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
mod tests;
