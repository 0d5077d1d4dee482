//! Bundles: what a device is to play, as one signed list of files, stops and start data.
//!
//! A server and a device share these rules, and `docs/kiosk-protocol.md` gives them to other makers:
//! - a manifest is signed over its canonical form, so that one byte changed anywhere in it is found;
//! - versions of one scope only grow, and a device never goes back to a smaller one;
//! - every file is named by its SHA-256 and cut into blocks that have hashes of their own, so that a damaged block
//!   is fetched again and not the whole file.

mod canonical;
mod delta;
mod key;
mod manifest;
mod signed;

pub use canonical::{CanonicalError, canonical};
pub use delta::{Delta, DeltaError};
pub use key::{Endorsement, KeyError, PublicKey, Secret, Trust};
pub use manifest::{
    BLOCK, BundleFile, BundleGuide, BundleSite, BundleStop, CLIENT, FORMAT, FileRole, Manifest, ManifestError, Scope,
    blocks_of,
};
pub use signed::{SignedError, SignedManifest};

#[cfg(test)]
mod tests;
