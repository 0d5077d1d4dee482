//! What people recorded, at the desk: a file taken in as it comes, piece by piece, and who may see and change it.
//!
//! Invariants: no more of a file is held in memory than one piece; who may not hand it in is refused before it is read,
//! and a file that is refused leaves nothing behind.

use std::io::Write as _;
use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use tempfile::NamedTempFile;

use crate::audio::DecodeError;
use crate::domain::{Language, Permission, Recording, RecordingId, Scope, Site, Stop, StopId};
use crate::people::Signed;
use crate::pipeline::recordings::{HandedIn, RecordingError};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::workplace::Given;

/// Of a file: that of the decoder, said before it is read.
pub const LARGEST: u64 = 2 << 30;
/// What stands around the file in a form.
pub const AROUND: u64 = 1 << 20;
/// A sender that is silent for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most bytes of a field that is no file.
const LONGEST_FIELD: usize = 4 << 10;

type Fields = Vec<(String, String)>;

/// A file that lies on the disk until it is let go of.
pub struct Received {
    pub file: NamedTempFile,
    /// As its owner knows it.
    pub name: String,
}

fn unfit(error: &MultipartError) -> WebError {
    WebError::Unreadable { status: error.status(), why: error.body_text() }
}

/// Reads the fields of a form and takes its file in, once `may` has looked at the fields.
///
/// # Errors
/// Those of `may`; `Unfit` where the form has no file, or fields after it; `Recording` for one that is too large;
/// `Unreadable`.
pub async fn receive<T>(
    mut parts: Multipart,
    most: u64,
    may: impl AsyncFnOnce(&Fields) -> Result<T>,
) -> Result<(T, Received)> {
    let mut fields = Fields::new();
    loop {
        let part = parts.next_field().await.map_err(|error| unfit(&error))?;
        let part = part.ok_or_else(|| WebError::Unfit("`file` is needed, after the other fields".to_owned()))?;
        match part.name().map(str::to_owned) {
            Some(name) if name == "file" => {
                let allowed = may(&fields).await?;
                return Ok((allowed, stream(part, most).await?));
            }
            Some(name) => {
                let text = part.text().await.map_err(|error| unfit(&error))?;
                if text.len() > LONGEST_FIELD {
                    return Err(WebError::Unfit(format!("`{name}` has at most {LONGEST_FIELD} bytes")));
                }
                fields.push((name, text));
            }
            None => {}
        }
    }
}

/// Writes a file to the disk as it comes.
async fn stream(mut part: Field<'_>, most: u64) -> Result<Received> {
    let name: String = part.file_name().unwrap_or("recording").chars().filter(|c| !c.is_control()).take(200).collect();
    let failed = |error| WebError::Recording(RecordingError::TemporaryFile(error));
    let mut file = NamedTempFile::new().map_err(failed)?;
    let mut bytes: u64 = 0;
    loop {
        let silent = |_| WebError::Unreadable {
            status: axum::http::StatusCode::REQUEST_TIMEOUT,
            why: format!("nothing of the file came for {} s", PATIENCE.as_secs()),
        };
        let piece = tokio::time::timeout(PATIENCE, part.chunk()).await.map_err(silent)?;
        let Some(piece) = piece.map_err(|error| unfit(&error))? else { break };
        bytes += piece.len() as u64;
        if bytes > most {
            let error = DecodeError::TooLarge { file: name, bytes, limit: most };
            return Err(WebError::Recording(error.into()));
        }
        file = tokio::task::spawn_blocking(move || file.write_all(&piece).map(|()| file))
            .await
            .map_err(|error| WebError::Contradiction(error.to_string()))?
            .map_err(failed)?;
    }
    Ok(Received { file, name })
}

/// What somebody says about a file they hand in, in the fields before it; refuses who may not hand it in there.
///
/// # Errors
/// `Unfit` names the field; `UnknownStop`; `Forbidden`.
pub async fn about(state: &State, signed: &Signed, fields: &Fields) -> Result<HandedIn> {
    let stop = match fields.field("stop").trim() {
        "" => None,
        slug => Some(stop_of(state, slug).await?),
    };
    let scope = stop.as_ref().map_or(Scope::House, |(site, _)| Scope::Site(site.id));
    signed.must(Permission::Edit, scope)?;
    let language: Language = fields
        .field("language")
        .parse()
        .map_err(|_| WebError::Unfit("`language` is the tag of a language spoken here".to_owned()))?;
    Ok(HandedIn {
        name: String::new(),
        language,
        speaker: speaker(fields)?,
        note: Some(fields.field("note").trim().to_owned()).filter(|note| !note.is_empty()),
        stop: stop.as_ref().map(|(_, stop)| stop.id),
    })
}

/// Who speaks, from a form.
///
/// # Errors
/// `Unfit` without a name.
pub fn speaker(fields: &Fields) -> Result<String> {
    let speaker = fields.field("speaker").split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !speaker.is_empty() && speaker.chars().count() <= 100;
    if fits {
        Ok(speaker)
    } else {
        Err(WebError::Unfit("`speaker` names who speaks, in 1 to 100 characters".to_owned()))
    }
}

/// A stop by its slug, with its site.
///
/// # Errors
/// `UnknownStop`.
pub async fn stop_of(state: &State, slug: &str) -> Result<(Site, Stop)> {
    let unknown = || WebError::UnknownStop(slug.chars().take(80).collect());
    let stop = state.store.stop(&slug.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    let site = state.store.site_by_id(stop.site).await?.ok_or_else(unknown)?;
    Ok((site, stop))
}

/// Where each stop lies.
pub struct Places {
    pub sites: Vec<Site>,
    pub stops: Vec<Stop>,
}

impl Places {
    /// # Errors
    /// Those of the store.
    pub async fn read(state: &State) -> Result<Self> {
        Ok(Self { sites: state.store.sites().await?, stops: state.store.stops().await? })
    }

    #[must_use]
    pub fn stop(&self, id: StopId) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.id == id)
    }

    #[must_use]
    pub fn site(&self, stop: &Stop) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == stop.site)
    }

    /// Where rights to a recording are held: at the site of the stop it was handed in for, else in the house.
    #[must_use]
    pub fn scope(&self, recording: &Recording) -> Scope {
        let stop = recording.stop.and_then(|id| self.stop(id));
        stop.map_or(Scope::House, |stop| Scope::Site(stop.site))
    }
}

/// The recording that an address names, for whoever may do `permission` with it.
///
/// # Errors
/// `NoAddress`, `Forbidden`.
pub async fn found(state: &State, signed: &Signed, (id, permission): (i64, Permission)) -> Result<(Recording, Places)> {
    let recording = state.store.recording(RecordingId(id)).await?.ok_or(WebError::NoAddress)?;
    let places = Places::read(state).await?;
    signed.must(permission, places.scope(&recording))?;
    Ok((recording, places))
}
