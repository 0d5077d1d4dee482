//! What devices send and are sent, as the interface describes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::bundle::PublicKey;
use crate::domain::device::{DeviceToken, Fault, Heartbeat, Inventory, LONGEST_WORDS, Play};
use crate::domain::{ContentHash, Language, StopCode, Timestamp};
use crate::web::error::{Result, WebError};

/// A code that a person typed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EnrolBody {
    /// Six letters; small ones, spaces and hyphens are forgiven.
    #[schema(example = "ACDEFH")]
    pub code: String,
}

/// What a device keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolView {
    /// The device's name.
    pub device: String,
    /// Shown at every request from now on; 64 hexadecimal digits.
    #[schema(value_type = String)]
    pub token: DeviceToken,
    /// The Ed25519 key that the device trusts from now on; 64 hexadecimal digits.
    #[schema(value_type = String)]
    pub key: PublicKey,
    /// Every manifest of this device names it.
    #[schema(value_type = String)]
    pub scope: ContentHash,
}

/// A sign of life.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HeartbeatBody {
    /// Of the bundle that is played; 0 where there is none yet.
    pub version: u64,
    /// A name and a version, `maker-model/1.0`.
    pub client: String,
    /// Bytes.
    #[serde(default)]
    pub disk_free: Option<u64>,
    /// Hundredths.
    #[serde(default)]
    #[schema(maximum = 100)]
    pub battery: Option<u8>,
    /// What the device's clock shows, in milliseconds since 1970 in UTC.
    #[schema(value_type = i64)]
    pub clock: Timestamp,
    #[serde(default)]
    #[schema(max_length = 300)]
    pub last_error: Option<String>,
}

/// The answer to a sign of life.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeartbeatView {
    /// The newest version: a device that plays an older one syncs.
    pub version: u64,
    /// Takes the place of the device's token; the old one holds until this one is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub token: Option<DeviceToken>,
    /// Staff ask for a sync now, at whatever hour, and for all files to be read again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sync: bool,
}

/// What a device found when it read all its files again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InventoryBody {
    pub version: u64,
    /// Files read.
    pub files: u64,
    /// SHA-256 of the hashes computed, each in hexadecimal digits with a line feed, in the order of the manifest; 64 noughts
    /// for a file that cannot be read.
    #[schema(value_type = String)]
    pub digest: ContentHash,
    /// The first hundred that should be there and are not, or are others.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub broken: Vec<ContentHash>,
}

/// Whether the inventory is that of the newest manifest.
#[derive(Debug, Serialize, ToSchema)]
pub struct InventoryView {
    pub matches: bool,
}

/// Guides that were played.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlaysBody {
    #[schema(max_items = 50)]
    pub plays: Vec<PlayBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PlayBody {
    /// 32 hexadecimal digits of the device's choice: what is sent twice under one id counts once.
    pub id: String,
    /// The code on the stop's label.
    #[schema(value_type = String)]
    pub stop: StopCode,
    /// BCP 47.
    #[schema(value_type = String)]
    pub language: Language,
    /// Milliseconds since 1970 in UTC.
    #[schema(value_type = i64)]
    pub started_at: Timestamp,
    pub seconds: u32,
}

/// What went wrong.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FaultsBody {
    #[schema(max_items = 10)]
    pub faults: Vec<FaultBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct FaultBody {
    /// As of a play.
    pub id: String,
    /// One word, such as `disk`, `network`, `manifest`, `file`, `clock`, `player`.
    #[schema(max_length = 20)]
    pub kind: String,
    #[schema(max_length = 300)]
    pub detail: String,
    /// Milliseconds since 1970 in UTC.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// What was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptView {
    pub new: u64,
    /// Was here before.
    pub known: u64,
}

fn short(what: &str, text: String, most: usize) -> Result<String> {
    if text.chars().count() <= most && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    Err(WebError::BadReport(format!("`{what}` has at most {most} letters, in one line")))
}

impl TryFrom<HeartbeatBody> for Heartbeat {
    type Error = WebError;

    fn try_from(body: HeartbeatBody) -> Result<Self> {
        if body.battery.is_some_and(|battery| battery > 100) {
            return Err(WebError::BadReport("`battery` counts hundredths, at most 100".to_owned()));
        }
        let last_error = body.last_error.map(|error| short("last_error", error, LONGEST_WORDS)).transpose()?;
        let client = short("client", body.client, 60)?;
        let HeartbeatBody { version, disk_free, battery, clock, .. } = body;
        Ok(Self { version, client, disk_free, battery, clock, last_error })
    }
}

impl TryFrom<InventoryBody> for Inventory {
    type Error = WebError;

    fn try_from(body: InventoryBody) -> Result<Self> {
        let InventoryBody { version, files, digest, broken } = body;
        if broken.len() > 100 {
            return Err(WebError::BadReport("`broken` names at most 100 files".to_owned()));
        }
        Ok(Self { version, files, digest, broken })
    }
}

impl TryFrom<PlayBody> for Play {
    type Error = WebError;

    fn try_from(body: PlayBody) -> Result<Self> {
        super::check_id(&body.id)?;
        let PlayBody { id, stop, language, started_at, seconds } = body;
        Ok(Self { id, stop, language, started_at, seconds })
    }
}

impl TryFrom<FaultBody> for Fault {
    type Error = WebError;

    fn try_from(body: FaultBody) -> Result<Self> {
        super::check_id(&body.id)?;
        let (kind, detail) = (short("kind", body.kind, 20)?, short("detail", body.detail, LONGEST_WORDS)?);
        Ok(Self { id: body.id, kind, detail, at: body.at })
    }
}
