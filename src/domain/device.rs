//! Devices: who they are, and what they tell of themselves. These are also the bodies a device sends.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use super::bundle::Scope;
use super::{ContentHash, DeviceId, Language, StopCode, Timestamp};

/// Letters of a code: none that is taken for another when it is read from a screen or said aloud.
pub const CODE_LETTERS: &[u8; 20] = b"ACDEFHJKLMNPRTUVWXYZ";
/// Plays in one message.
pub const MOST_PLAYS: usize = 50;
/// Faults in one message.
pub const MOST_FAULTS: usize = 10;
/// Milliseconds after which a device that says nothing is red.
pub const SILENT_AFTER: i64 = 15 * 60_000;
/// Letters of what a device says in its own words.
pub const LONGEST_WORDS: usize = 300;

/// What a person types to enrol a device: six letters, good once.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode(String);

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no enrolment code: six letters are expected, as `device add` printed them")]
pub struct CodeError;

impl EnrolCode {
    /// The code of six random bytes. A byte past the last whole round of letters gives `None`: ask again with others.
    #[must_use]
    pub fn from_random(bytes: [u8; 6]) -> Option<Self> {
        let round = CODE_LETTERS.len();
        let letter = |byte: u8| {
            let byte = usize::from(byte);
            (byte < 256 / round * round).then(|| char::from(CODE_LETTERS[byte % round]))
        };
        bytes.into_iter().map(letter).collect::<Option<String>>().map(Self)
    }

    #[must_use]
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(format!("kiosk code {}", self.0).as_bytes())
    }
}

impl fmt::Display for EnrolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EnrolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolCode")
    }
}

impl FromStr for EnrolCode {
    type Err = CodeError;

    /// Small letters, spaces and hyphens are forgiven.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).take(7).collect();
        let code = plain.to_ascii_uppercase();
        let good = code.len() == 6 && code.bytes().all(|letter| CODE_LETTERS.contains(&letter));
        if good { Ok(Self(code)) } else { Err(CodeError) }
    }
}

/// What a device shows at every request: 64 hexadecimal digits of 32 random bytes.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DeviceToken(String);

impl DeviceToken {
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(format!("kiosk token {}", self.0).as_bytes())
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken")
    }
}

impl FromStr for DeviceToken {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        text.parse::<ContentHash>().map(|_| Self(text.to_owned())).map_err(|_| CodeError)
    }
}

impl<'de> Deserialize<'de> for DeviceToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A device as the database knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    pub id: DeviceId,
    pub name: String,
    pub scope: Scope,
    pub added_at: Timestamp,
    pub enrolled_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// When its token was made; an old one is replaced.
    pub token_given_at: Option<Timestamp>,
    pub heartbeat: Option<Heartbeat>,
    pub seen_at: Option<Timestamp>,
    pub inventory: Option<Inventory>,
    pub inventory_at: Option<Timestamp>,
}

/// How a device says that it lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// Of the bundle it plays; 0 where it has none yet.
    pub version: u64,
    /// Of the program: a name and a number.
    pub client: String,
    /// Bytes free where the bundle lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_free: Option<u64>,
    /// Hundredths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<u8>,
    /// What the device's own clock shows.
    pub clock: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// What a device found when it read all its files again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    pub version: u64,
    /// Files read.
    pub files: u64,
    /// SHA-256 over the hashes computed, one a line, in the order of the manifest; a file that cannot be read gives a
    /// line of 64 noughts.
    pub digest: ContentHash,
    /// The first files that were missing or other than they should be, by the hash they should have.
    #[serde(default)]
    pub broken: Vec<ContentHash>,
}

/// A guide that was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Play {
    /// The device's own name for it, 32 hexadecimal digits: sent twice, it counts once.
    pub id: String,
    pub stop: StopCode,
    pub language: Language,
    pub started_at: Timestamp,
    pub seconds: u32,
}

/// Something that went wrong on a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// As of a play.
    pub id: String,
    /// One word: `disk`, `network`, `manifest`, `file`, `clock`, `player`.
    pub kind: String,
    pub detail: String,
    pub at: Timestamp,
}

/// Whether a text is a device's own name for something it reports.
#[must_use]
pub fn is_report_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// How a device looks to staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceHealth {
    /// Waits for its code to be typed.
    Waiting,
    /// The files it read again are those of the newest manifest.
    Green,
    /// It lives, and has not proved the newest manifest yet.
    Amber,
    /// It is silent, or its files are not what they should be.
    Red,
    Revoked,
}

impl Device {
    /// `newest` is the version and inventory digest of the manifest it should hold; silence counts after `patience`
    /// milliseconds. Green only on the word of the hashes.
    #[must_use]
    pub fn health(&self, newest: Option<(u64, ContentHash)>, now: Timestamp, patience: i64) -> DeviceHealth {
        if self.revoked_at.is_some() {
            return DeviceHealth::Revoked;
        }
        if self.enrolled_at.is_none() {
            return DeviceHealth::Waiting;
        }
        let silent = self.seen_at.is_none_or(|seen| seen.plus_millis(patience) < now);
        let broken = self.inventory.as_ref().is_some_and(|inventory| !inventory.broken.is_empty());
        if silent || broken {
            return DeviceHealth::Red;
        }
        let held = self.inventory.as_ref().map(|inventory| (inventory.version, inventory.digest));
        match (held, newest) {
            (Some(held), Some(newest)) if held == newest => DeviceHealth::Green,
            (Some(held), Some(newest)) if held.0 == newest.0 => DeviceHealth::Red,
            _ => DeviceHealth::Amber,
        }
    }
}

/// The languages of a scope as a list, for messages.
#[must_use]
pub fn tags(languages: &BTreeSet<Language>) -> String {
    if languages.is_empty() {
        return "all".to_owned();
    }
    languages.iter().map(|language| language.tag()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AudioFormat;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = EnrolCode::from_random([0, 1, 2, 3, 4, 219]).unwrap();
        assert_eq!(code.to_string(), "ACDEFZ");
        for typed in ["ACDEFZ", "acdefz", " acd-efz "] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for bad in ["", "ACDEF", "ACDEFZZ", "ACDEFO", "ACDEF1", "ắcdefz"] {
            assert_eq!(bad.parse::<EnrolCode>(), Err(CodeError), "{bad}");
        }
        // 240 and above would make the first letters likelier than the others.
        assert_eq!(EnrolCode::from_random([0, 0, 0, 0, 0, 240]), None);
        assert!(!format!("{code:?}").contains("ACDEFZ"));
    }

    #[test]
    fn green_only_on_the_word_of_the_hashes() {
        let newest = (7, ContentHash::of(b"all"));
        let inventory = |version, digest: &[u8], broken: bool| {
            let broken = if broken { vec![ContentHash::of(b"x")] } else { Vec::new() };
            Some(Inventory { version, files: 1, digest: ContentHash::of(digest), broken })
        };
        let device = |seen: i64, inventory| Device {
            id: DeviceId(1),
            name: "lobby".to_owned(),
            scope: Scope { sites: BTreeSet::new(), languages: BTreeSet::new(), audio: AudioFormat::Mp3 },
            added_at: Timestamp(0),
            enrolled_at: Some(Timestamp(0)),
            revoked_at: None,
            token_given_at: None,
            heartbeat: None,
            seen_at: Some(Timestamp(seen)),
            inventory,
            inventory_at: None,
        };
        for (seen, inventory, expected) in [
            (100, inventory(7, b"all", false), DeviceHealth::Green),
            (100, inventory(6, b"all", false), DeviceHealth::Amber),
            (100, None, DeviceHealth::Amber),
            (100, inventory(7, b"other", false), DeviceHealth::Red),
            (100, inventory(7, b"other", true), DeviceHealth::Red),
            (0, inventory(7, b"all", false), DeviceHealth::Red),
        ] {
            let device = device(seen, inventory);
            assert_eq!(device.health(Some(newest), Timestamp(110), 50), expected, "{device:?}");
        }
    }

    proptest! {
        #[test]
        fn any_typing_is_read_or_refused(text in "\\PC{0,12}") {
            if let Ok(code) = text.parse::<EnrolCode>() {
                prop_assert_eq!(code.to_string().len(), 6);
            }
            prop_assert!(!is_report_id(&text));
        }
    }
}
