//! `…/review/{lang}/…`: what is done to a single sentence of a translation: approved, talked about, looked up in the
//! memory. Mending it, which the whole page is about, is in `review`.

use axum::extract::{Form, Path, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::review::{Address, Fields, address, anchor, page, refusal};
use super::see;
use crate::pipeline::review::ask_for_guide;
use crate::store::Reviewed;
use crate::web::error::{Result, WebError};
use crate::web::reviewing::{Reviewing, place};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::memory;
use crate::web::workplace::{Edit, Given, MayAt, Needs, Review, See, staff_page};

/// Back to the page with what keeps the change from being made.
async fn refused<P: Needs>(state: &State, at: &MayAt<P>, of: &Reviewing, why: String) -> Result<Response> {
    page(state, at, of, StatusCode::CONFLICT, (Note { bad: Some(why), good: None }, None)).await
}

/// Approves one sentence as it was read, and leads on to the next that is asked for.
pub async fn approve(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let (ordinal, language) = (place(form.field("ordinal"))?, of.text.language);
    let was = form.field("was").replace("\r\n", "\n");
    let own = &state.desk.of(at.may.lang()).review;
    match state.store.approve_sentence(&at.may.actor(), &of.stop, (language, ordinal), &was).await {
        Ok(Reviewed::Done) => {
            let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
            if of.left() == 0 {
                ask_for_guide(&state.store, &of.stop, language).await?;
            }
            Ok(see(&format!("{}?done=read#{}", address(&at, &of), anchor(next(&of, ordinal)))))
        }
        Ok(Reviewed::Changed { .. }) => {
            let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
            refused(&state, &at, &of, own.changed.clone()).await
        }
        Err(error) => refused(&state, &at, &of, refusal(own, error)?).await,
    }
}

/// The place after this one that is asked for next; this one where none is.
fn next(of: &Reviewing, ordinal: Option<u32>) -> Option<u32> {
    let mut later = of.units().skip_while(|unit| unit.ordinal != ordinal).skip(1);
    later.find(|unit| of.standing(unit.id).asked).map_or(ordinal, |unit| unit.ordinal)
}

pub async fn comment(
    Here(state): Here<State>,
    at: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let ordinal = place(form.field("ordinal"))?;
    let body = form.field("body").replace("\r\n", "\n");
    match state.store.comment(&at.may.actor(), &of.stop, &of.text, ordinal, &body).await {
        Ok(Some(_)) => Ok(see(&format!("{}?done=commented#{}", address(&at, &of), anchor(ordinal)))),
        Ok(None) => Err(WebError::NoAddress),
        Err(error) => {
            let why = refusal(&state.desk.of(at.may.lang()).review, error)?;
            refused(&state, &at, &of, why).await
        }
    }
}

pub async fn resolve(
    Here(state): Here<State>,
    at: MayAt<Edit>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let id = form.field("comment").parse().map_err(|_| WebError::Unfit("`comment` is its number".to_owned()))?;
    state.store.resolve_comment(&at.may.actor(), &of.stop, &of.text, id).await?;
    let ordinal = of.comments.iter().find(|comment| comment.id == id).and_then(|comment| comment.ordinal);
    Ok(see(&format!("{}?done=resolved#{}", address(&at, &of), anchor(ordinal))))
}

/// What the memory knows for a sentence: asked for one by one, since looking takes longer than all the rest of the page.
pub async fn memory(
    Here(state): Here<State>,
    at: MayAt<See>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, String)>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let ordinal = place(&ordinal)?;
    let offers = of.offers(&state, ordinal).await?;
    let back = format!("{}#{}", address(&at, &of), anchor(ordinal));
    let html = memory::render(&state, at.may.lang(), &at.may, (&of, ordinal), &offers, back)?;
    Ok(staff_page(StatusCode::OK, html))
}
