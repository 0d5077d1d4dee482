//! A form with a picture in it: its fields as text, and the picture drawn anew. What it is refused for is said in words,
//! and the text that came with it is not lost.

use axum::extract::Multipart;
use bytes::Bytes;

use crate::web::error::{Result, WebError};
use crate::web::photograph::{PhotographError, tidy};

/// A form that was read.
pub struct Upload {
    pub fields: Vec<(String, String)>,
    /// `None` where no file was chosen.
    pub picture: Option<std::result::Result<Bytes, PhotographError>>,
}

impl Upload {
    /// Reads the parts of a form; the file is the part `picture`.
    ///
    /// # Errors
    /// Where the body is no such form, or a field of it is no text.
    pub async fn read(mut parts: Multipart) -> Result<Self> {
        let unfit = |error: axum::extract::multipart::MultipartError| WebError::Unreadable {
            status: error.status(),
            why: error.body_text(),
        };
        let mut fields = Vec::new();
        let mut raw = None;
        while let Some(part) = parts.next_field().await.map_err(unfit)? {
            match part.name().map(str::to_owned) {
                Some(name) if name == "picture" => {
                    let bytes = part.bytes().await.map_err(unfit)?;
                    raw = (!bytes.is_empty()).then_some(bytes);
                }
                Some(name) => fields.push((name, part.text().await.map_err(unfit)?)),
                None => {}
            }
        }
        let picture = match raw {
            Some(bytes) => {
                let drawn = tokio::task::spawn_blocking(move || tidy(&bytes)).await;
                Some(drawn.map_err(|error| WebError::Contradiction(error.to_string()))?)
            }
            None => None,
        };
        Ok(Self { fields, picture })
    }
}
