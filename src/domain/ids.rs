//! Identifiers as types: a relic's number is never taken for a site's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

row_id! {
    /// Row of `sites`.
    SiteId,
    /// Row of `relics`.
    RelicId,
    /// Row of `stops`.
    StopId,
    /// Row of `texts`.
    TextId,
    /// Row of `sentences`.
    SentenceId,
    /// Row of `findings`.
    FindingId,
    /// Row of `editions`.
    EditionId,
    /// Row of `jobs`.
    JobId,
    /// Row of `recordings`.
    RecordingId,
    /// Row of `devices`.
    DeviceId,
    /// Row of `people`.
    PersonId,
    /// Row of `sessions`.
    SessionId,
    /// Row of `invitations`.
    InvitationId,
    /// Row of `pictures`.
    PictureId,
    /// Row of `plans`.
    PlanId,
    /// Row of `audit`, counted from 1 without a gap.
    AuditId,
}

/// Why a name for addresses or labels was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("`{0}` is not a slug: use lower-case letters a-z, digits and single hyphens, at most 80, as in `thap-doi`")]
    Slug(String),
    #[error("`{0}` is not a stop code: use 2 to 12 capitals A-Z and digits, as in `TD1`")]
    StopCode(String),
    #[error("`{0}` is not a name to sign in with: use 3 to 100 of a-z, digits and . _ - + @, as in `lan@museum.vn`")]
    Login(String),
}

macro_rules! checked_name {
    ($(#[$doc:meta])* $name:ident, $error:path, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err($error(text.chars().take(80).collect())) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

checked_name!(
    /// The name of a site or stop in addresses: `thap-doi`.
    Slug,
    IdError::Slug,
    |text| {
        !text.is_empty()
            && text.len() <= 80
            && text.split('-').all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    }
);

checked_name!(
    /// The short permanent code on a stop's label. Capitals and digits only: a QR code holds them in its compact
    /// alphanumeric mode (ISO 18004).
    StopCode,
    IdError::StopCode,
    |text| (2..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
);

checked_name!(
    /// The name a person signs in with, in lower case: an address of mail, or a short name.
    Login,
    IdError::Login,
    |text| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-+@".contains(&b);
        (3..=100).contains(&text.len()) && text.bytes().all(plain)
    }
);

impl Login {
    /// Takes what somebody typed: without the spaces around it, in lower case.
    ///
    /// # Errors
    /// `IdError::Login`.
    pub fn typed(text: &str) -> Result<Self, IdError> {
        text.trim().to_lowercase().parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_and_codes_refuse_what_an_address_cannot_hold() {
        assert!("thap-doi-2".parse::<Slug>().is_ok());
        for bad in ["", "-", "a--b", "Tháp", "a_b", "../etc", &"a".repeat(81)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad}");
        }
        assert!("TD1".parse::<StopCode>().is_ok());
        for bad in ["", "T", "td1", "TD-1", "TDTDTDTDTDTDT"] {
            assert!(bad.parse::<StopCode>().is_err(), "{bad}");
        }
        assert_eq!(Login::typed(" Lan@Museum.VN ").unwrap().as_str(), "lan@museum.vn");
        for bad in ["", "an", "lan nguyen", "lần@museum.vn", "a\n@b", "<b>@c", &"a".repeat(101)] {
            assert!(Login::typed(bad).is_err(), "{bad}");
        }
    }
}
