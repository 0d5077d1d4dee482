//! A device that belongs to no house yet: its own page takes the six letters that staff gave out, and enrols it.
//!
//! Invariant: only a folder without a device is enrolled here. Whoever stands before a kiosk cannot give it to another
//! house.

use std::path::PathBuf;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::domain::device::EnrolCode;
use crate::kiosk::{Folder, Holding, Http, KioskError, Result};

/// How a device comes into a house.
#[derive(Clone, Debug)]
pub struct Entrance {
    pub dir: PathBuf,
    /// The house, where the page is not to ask for it.
    pub server: Option<String>,
    /// How long the house may take to answer.
    pub patience: Duration,
}

/// What the page asks for.
#[derive(Debug, Serialize)]
struct Standing<'a> {
    enrolled: bool,
    server: Option<&'a str>,
}

/// What was typed.
#[derive(Debug, Deserialize)]
struct Typed {
    #[serde(default)]
    server: String,
    code: String,
}

#[derive(Debug, Serialize)]
struct Entered {
    device: String,
}

/// Whether the folder belongs to a device already; one that cannot be read does.
fn enrolled(dir: &std::path::Path) -> bool {
    let holding = || Holding::open(Folder::open(dir).map_err(KioskError::disk("opening", dir))?);
    match holding().and_then(|holding| holding.identity()) {
        Err(KioskError::NotEnrolled) => false,
        Ok(_) | Err(_) => true,
    }
}

impl Entrance {
    pub(super) fn standing(&self) -> Response {
        axum::Json(Standing { enrolled: enrolled(&self.dir), server: self.server.as_deref() }).into_response()
    }

    /// Enrols the device, off the page's own threads.
    pub(super) async fn enter(self, body: Bytes) -> Response {
        let Ok(typed) = serde_json::from_slice::<Typed>(&body) else {
            return StatusCode::UNPROCESSABLE_ENTITY.into_response();
        };
        let entered = tokio::task::spawn_blocking(move || self.enrol(&typed)).await;
        match entered {
            Ok(Ok(device)) => axum::Json(Entered { device }).into_response(),
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the device was not enrolled");
                let status = match error {
                    KioskError::Code => StatusCode::FORBIDDEN,
                    KioskError::Taken => StatusCode::CONFLICT,
                    KioskError::Network(_) | KioskError::Refused { .. } => StatusCode::BAD_GATEWAY,
                    _ => StatusCode::SERVICE_UNAVAILABLE,
                };
                (status, error.to_string()).into_response()
            }
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }

    fn enrol(&self, typed: &Typed) -> Result<String> {
        let code: EnrolCode = typed.code.parse().map_err(|_| KioskError::Code)?;
        let folder = Folder::open(&self.dir).map_err(KioskError::disk("opening", &self.dir))?;
        // A sync that is under way is that of a device that is enrolled.
        let lock = folder.lock().map_err(KioskError::disk("locking", &self.dir))?;
        if lock.is_none() || enrolled(&self.dir) {
            return Err(KioskError::Taken);
        }
        let server = self.server.as_deref().unwrap_or(&typed.server).trim();
        let link = Http::new(server, None, self.patience)?;
        Ok(Holding::open(folder)?.enrol(server, &code, &link)?.device)
    }
}
