//! `…/pictures` of a site, relic or stop, as the pages do it: added, described, put in order, taken away.

use axum::extract::{Multipart, State as Here};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::collection::{made_on, tagged};
use super::done;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{Picture, PictureId};
use crate::web::catalogue::{CaptionEntry, read_caption, tag};
use crate::web::error::{Result, WebError};
use crate::web::galleries::Gallery;
use crate::web::routes::staff::collection::source_language;
use crate::web::state::State;
use crate::web::uploads::Upload;
use crate::web::workplace::{Edit, See, Sent};

/// A picture as staff see it.
#[derive(Serialize, ToSchema)]
pub struct StaffPicture {
    pub id: i64,
    /// Of the picture as it is kept.
    pub sha256: String,
    pub caption: CaptionEntry,
    /// What a change of it or its removal names in `If-Match`.
    pub etag: String,
}

/// Pictures in their order; the first is the cover.
#[derive(Serialize, ToSchema)]
pub struct StaffPictures {
    pub pictures: Vec<StaffPicture>,
}

/// A picture and what is said of it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used: the parts of the form are read one by one")]
pub struct PictureForm {
    /// JPEG or PNG, at most 12 MB.
    #[schema(value_type = String, format = Binary)]
    picture: Vec<u8>,
    /// What is to be seen on it, in the language after the point: `alt.vi`, `alt.en` and so on.
    #[schema(rename = "alt.vi")]
    alt: String,
    credit: String,
    licence: String,
}

/// An order of pictures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PictureOrder {
    /// The number of each picture, once.
    pub pictures: Vec<i64>,
}

fn view(picture: &Picture) -> Result<StaffPicture> {
    Ok(StaffPicture {
        id: picture.id.0,
        sha256: picture.hash.to_string(),
        caption: CaptionEntry::from(&picture.caption()),
        etag: format!("\"{}\"", tag(picture)?),
    })
}

fn unfit(faults: &[crate::web::catalogue::Fault]) -> WebError {
    WebError::Unfit(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// The pictures, with the `ETag` of their order.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/stops/{stop}/pictures", operation_id = "listPictures", tag = "staff",
    description = "The same below `/sites/{site}` and `/sites/{site}/relics/{relic}`, as for every call here.",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap")),
    responses((status = 200, description = "In their order, with the `ETag` of that", body = StaffPictures), NotRead))]
pub async fn list(gallery: Gallery<See>) -> Result<Response> {
    let pictures = gallery.pictures.iter().map(view).collect::<Result<_>>()?;
    tagged(StatusCode::OK, &StaffPictures { pictures }, &gallery.order_tag()?)
}

/// Adds a picture behind the others.
#[utoipa::path(post, path = "/api/v1/staff/sites/{site}/stops/{stop}/pictures", operation_id = "addPicture", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap")),
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The picture, with its `ETag`", body = StaffPicture), NotChanged))]
pub async fn add(Here(state): Here<State>, gallery: Gallery<Edit>, parts: Multipart) -> Result<Response> {
    let upload = Upload::read(parts).await?;
    let entry = read_caption(&upload.fields);
    let faults = entry.faults(source_language(&state).await?);
    if !faults.is_empty() {
        return Err(unfit(&faults));
    }
    let bytes = match upload.picture {
        None => return Err(WebError::Unfit("the form has no file `picture`".to_owned())),
        Some(Err(error)) => return Err(WebError::Unfit(error.to_string())),
        Some(Ok(bytes)) => bytes,
    };
    let hash = state.blobs.put(bytes).await?;
    let id = state.store.add_picture(&gallery.may.actor(), gallery.of, hash, &entry.caption()).await?;
    shown(&state, &gallery, id, StatusCode::CREATED).await
}

async fn shown(state: &State, gallery: &Gallery<Edit>, id: PictureId, status: StatusCode) -> Result<Response> {
    let pictures = state.store.pictures_of(gallery.of).await?;
    let picture = pictures.iter().find(|picture| picture.id == id).ok_or(WebError::NoAddress)?;
    tagged(status, &view(picture)?, &tag(picture)?)
}

/// Writes what is said of a picture.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/pictures/{picture}", operation_id = "describePicture",
    tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("picture" = i64, Path, description = "The picture's number"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the picture")),
    request_body = CaptionEntry,
    responses((status = 200, description = "The picture as it stands now", body = StaffPicture), NotChanged))]
pub async fn save(
    Here(state): Here<State>,
    gallery: Gallery<Edit>,
    headers: HeaderMap,
    Sent(entry): Sent<CaptionEntry>,
) -> Result<Response> {
    let picture = gallery.picture()?;
    made_on(&headers, &tag(picture)?)?;
    let faults = entry.faults(source_language(&state).await?);
    if !faults.is_empty() {
        return Err(unfit(&faults));
    }
    match state.store.caption_picture(&gallery.may.actor(), picture, &entry.caption()).await? {
        true => shown(&state, &gallery, picture.id, StatusCode::OK).await,
        false => Err(WebError::Overtaken),
    }
}

/// Takes a picture away.
#[utoipa::path(delete, path = "/api/v1/staff/sites/{site}/stops/{stop}/pictures/{picture}", operation_id = "removePicture",
    tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("picture" = i64, Path, description = "The picture's number"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the picture")),
    responses((status = 204, description = "It is gone"), NotChanged))]
pub async fn remove(Here(state): Here<State>, gallery: Gallery<Edit>, headers: HeaderMap) -> Result<Response> {
    let picture = gallery.picture()?;
    made_on(&headers, &tag(picture)?)?;
    let gone = state.store.remove_picture(&gallery.may.actor(), picture).await?;
    if gone { Ok(done()) } else { Err(WebError::Overtaken) }
}

/// Puts the pictures in an order; the first is the cover.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/stops/{stop}/pictures", operation_id = "orderPictures", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi"),
        ("stop" = String, Path, description = "The stop's slug", example = "hai-ngon-thap"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the list")),
    request_body = PictureOrder,
    responses((status = 204, description = "They stand so"), NotChanged))]
pub async fn order(
    Here(state): Here<State>,
    gallery: Gallery<Edit>,
    headers: HeaderMap,
    Sent(wanted): Sent<PictureOrder>,
) -> Result<Response> {
    made_on(&headers, &gallery.order_tag()?)?;
    let base = gallery.order();
    let order: Vec<PictureId> = wanted.pictures.into_iter().map(PictureId).collect();
    let mut sorted = (base.clone(), order.clone());
    sorted.0.sort();
    sorted.1.sort();
    if sorted.0 != sorted.1 {
        return Err(WebError::Unfit("`pictures` names each picture that is there, once".to_owned()));
    }
    let kept = state.store.order_pictures(&gallery.may.actor(), gallery.of, &base, &order).await?;
    if kept { Ok(done()) } else { Err(WebError::Overtaken) }
}
