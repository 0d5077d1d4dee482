//! `…/pictures` of a site, relic or stop: adding one with its description, describing, putting in order, taking away.

use axum::extract::{Form, Multipart, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::entry::languages;
use super::see;
use crate::domain::PictureId;
use crate::web::catalogue::{CaptionEntry, read_caption, tag};
use crate::web::error::{Result, WebError};
use crate::web::galleries::Gallery;
use crate::web::state::State;
use crate::web::uploads::Upload;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::pictures::{Instead, Matter, refusal, render};
use crate::web::workplace::{Edit, Given, Needs, See, staff_page};

type Fields = Vec<(String, String)>;

fn home<P: Needs>(gallery: &Gallery<P>, done: &str) -> Response {
    see(&format!("/staff/{}/pictures?done={done}", gallery.thing))
}

async fn show<P: Needs>(
    state: &State,
    gallery: &Gallery<P>,
    (status, note): (StatusCode, Note),
    instead: Instead<'_>,
) -> Result<Response> {
    let source = source_language(state).await?;
    let matter = Matter {
        signed: &gallery.may,
        site: &gallery.site,
        thing: &gallery.thing,
        names: &gallery.names,
        pictures: &gallery.pictures,
        order: gallery.order_tag()?,
        source,
        languages: &languages(state, source).await?,
        instead,
    };
    Ok(staff_page(status, render(state, &matter, note)?))
}

pub async fn get(Here(state): Here<State>, gallery: Gallery<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = &state.desk.of(gallery.may.lang()).picture;
    let good = match asked.field("done") {
        "added" => Some(words.added.clone()),
        "saved" => Some(words.saved.clone()),
        "removed" => Some(words.removed.clone()),
        "moved" => Some(words.moved.clone()),
        _ => None,
    };
    show(&state, &gallery, (StatusCode::OK, Note { bad: None, good }), Instead::Nothing).await
}

pub async fn add(Here(state): Here<State>, gallery: Gallery<Edit>, parts: Multipart) -> Result<Response> {
    let upload = Upload::read(parts).await?;
    let entry = read_caption(&upload.fields);
    let faults = entry.faults(source_language(&state).await?);
    let words = state.desk.of(gallery.may.lang());
    let why = match upload.picture {
        None => Some(words.picture.no_file.clone()),
        Some(Err(error)) => {
            tracing::info!(target: "thuyetminh::web", thing = gallery.thing, %error, "a picture was refused");
            Some(refusal(words, &error))
        }
        Some(Ok(bytes)) if faults.is_empty() => {
            let hash = state.blobs.put(bytes).await?;
            state.store.add_picture(&gallery.may.actor(), gallery.of, hash, &entry.caption()).await?;
            return Ok(home(&gallery, "added"));
        }
        Some(Ok(_)) => None,
    };
    let bad = why.unwrap_or_else(|| words.picture.again.clone());
    let what = (StatusCode::UNPROCESSABLE_ENTITY, Note { bad: Some(bad), good: None });
    show(&state, &gallery, what, Instead::New { typed: &upload.fields, faults: &faults }).await
}

pub async fn save(Here(state): Here<State>, gallery: Gallery<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let picture = gallery.picture()?;
    let entry = read_caption(&form);
    let faults = entry.faults(source_language(&state).await?);
    let own = |faults, theirs| Instead::Own { picture: picture.id, typed: &form, faults, theirs };
    if !faults.is_empty() {
        let bad = Some(state.desk.of(gallery.may.lang()).entry.mend.clone());
        let what = (StatusCode::UNPROCESSABLE_ENTITY, Note { bad, good: None });
        return show(&state, &gallery, what, own(&faults, None)).await;
    }
    let on_present = tag(picture)? == form.field("tag");
    if on_present && state.store.caption_picture(&gallery.may.actor(), picture, &entry.caption()).await? {
        return Ok(home(&gallery, "saved"));
    }
    let now = state.store.pictures_of(gallery.of).await?;
    let now = now.into_iter().find(|one| one.id == picture.id).ok_or(WebError::NoAddress)?;
    let theirs = CaptionEntry::from(&now.caption());
    let bad = Some(state.desk.of(gallery.may.lang()).entry.overtaken_entry.clone());
    show(&state, &gallery, (StatusCode::CONFLICT, Note { bad, good: None }), own(&[], Some(&theirs))).await
}

/// The order with one picture moved, or `None` where the word says nothing that can be done.
fn moved(order: &[PictureId], which: PictureId, to: &str) -> Option<Vec<PictureId>> {
    let at = order.iter().position(|id| *id == which)?;
    let target = match to {
        "first" => 0,
        "earlier" => at.checked_sub(1)?,
        "later" if at + 1 < order.len() => at + 1,
        _ => return None,
    };
    let mut order = order.to_vec();
    let id = order.remove(at);
    order.insert(target, id);
    Some(order)
}

pub async fn shift(Here(state): Here<State>, gallery: Gallery<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let picture = gallery.picture()?;
    let base = gallery.order();
    let Some(order) = moved(&base, picture.id, form.field("to")) else { return Ok(home(&gallery, "moved")) };
    let on_present = gallery.order_tag()? == form.field("order");
    if on_present && state.store.order_pictures(&gallery.may.actor(), gallery.of, &base, &order).await? {
        return Ok(home(&gallery, "moved"));
    }
    overtaken(&state, &gallery).await
}

pub async fn remove(Here(state): Here<State>, gallery: Gallery<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let picture = gallery.picture()?;
    let on_present = tag(picture)? == form.field("tag");
    if on_present && state.store.remove_picture(&gallery.may.actor(), picture).await? {
        return Ok(home(&gallery, "removed"));
    }
    overtaken(&state, &gallery).await
}

/// Somebody else was first, and nothing was typed that could be lost: what stands now is shown.
async fn overtaken(state: &State, gallery: &Gallery<Edit>) -> Result<Response> {
    let bad = Some(state.desk.of(gallery.may.lang()).picture.overtaken.clone());
    show(state, gallery, (StatusCode::CONFLICT, Note { bad, good: None }), Instead::Nothing).await
}
