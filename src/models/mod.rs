//! Weights by manifest, floor 3: fetched, verified, converted once.
//!
//! What may be pulled is written in `models/*.toml` at the root of the repository and embedded in the binary, so that
//! it runs from anywhere. What has been pulled lies in one folder per manifest:
//!
//! ```text
//! models/weights/
//!   .lock               held while a pull works here
//!   .fetched/           packages that are verified and not converted yet
//!   .partial/           work in progress; may be deleted whenever nothing is being pulled
//!   whisper-base/       what the engine loads, and receipt.json
//! ```
//!
//! Invariant: every file takes its name by a rename after its bytes were verified and synced, and the receipt comes
//! last. A folder without a receipt that fits its manifest is not there, as far as [`Weights::locate`] is concerned.

mod archive;
mod catalogue;
mod client;
mod convert;
mod disk;
mod error;
mod manifest;
mod package;
mod pull;
mod receipt;
mod translation;
mod weights;

pub use catalogue::Catalogue;
pub use client::Clients;
pub use convert::{ConvertError, Step};
pub use error::ModelsError;
pub use manifest::{FileSpec, Licence, Manifest};
pub use package::{Package, Pin, SourceRef};
pub use pull::{Pulled, Puller};
pub use receipt::{Receipt, ReceiptFile};
pub use translation::{Family, Pairs, Translation};
pub use weights::{BrokenFile, State, Weights};

/// A package in either form, and the files that are converted, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile(bytes: &[u8]) {
    convert::read_hostile(bytes);
    let Ok(folder) = tempfile::tempdir() else { return };
    for name in ["package.tgz", "package.zip"] {
        let (archive, place) = (folder.path().join(name), folder.path().join("member"));
        if std::fs::write(&archive, bytes).is_ok() {
            let wanted = archive::Wanted { member: "a".to_owned(), place, size: Some(8), sha256: None };
            let _ = archive::extract(&archive, &[wanted]);
        }
    }
}
