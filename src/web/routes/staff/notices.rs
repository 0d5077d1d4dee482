//! `/staff/screens/notices`: what goes before everything else on screens, given and withdrawn.

use axum::extract::{Form, Path, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::{screens, see};
use crate::domain::screen::ScreenCode;
use crate::domain::{Permission, Scope, Timestamp};
use crate::people::Signed;
use crate::web::error::{Result, WebError};
use crate::web::screening::{Fields, Stock, notice_text, notice_time, take};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::workplace::{Given, Manage, May, See};

/// Whether somebody may speak on a screen, or on all of them.
pub(in crate::web::routes) async fn must(state: &State, signed: &Signed, screen: &str) -> Result<Option<ScreenCode>> {
    if screen.is_empty() {
        signed.must(Permission::Manage, Scope::House)?;
        return Ok(None);
    }
    Ok(Some(take(state, &Stock::read(state).await?, signed, screen).await?.code))
}

/// A moment as a form gives it, by the clock on the wall: `2026-11-30T18:00`.
fn moment(text: &str) -> Option<Timestamp> {
    let form = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let local = time::PrimitiveDateTime::parse(text, form).ok()?;
    Some(Timestamp(local.assume_offset(time::macros::offset!(+7)).unix_timestamp().checked_mul(1000)?))
}

pub async fn give(
    Here(state): Here<State>,
    may: May<Manage>,
    see_too: May<See>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let to = must(&state, &may, fields.field("screen")).await?;
    let words = &state.desk.of(may.lang()).screens;
    let typed = fields.iter().filter_map(|(name, value)| {
        let language = name.strip_prefix("text.")?.parse().ok()?;
        Some((language, value.clone()))
    });
    let refuse = async |bad: String| {
        let note = Note { bad: Some(bad), good: None };
        screens::page(&state, &see_too, &fields, StatusCode::UNPROCESSABLE_ENTITY, note).await
    };
    let Ok(text) = notice_text(typed) else { return refuse(words.bad_notice.clone()).await };
    let begins = match fields.field("begins") {
        "" => None,
        typed => match moment(typed) {
            Some(at) => Some(at),
            None => return refuse(words.bad_begin.clone()).await,
        },
    };
    let hours = fields.field("hours").parse().unwrap_or(0);
    let Ok(span) = notice_time(begins, hours, state.clock.now()) else { return refuse(words.bad_hours.clone()).await };
    state.store.give_notice(&may.actor(), to.as_ref(), &text, span, &may.person.name).await?;
    Ok(see("/staff/screens?done=notice"))
}

/// The notice of an address, as far as somebody may end it.
pub(in crate::web::routes) async fn endable(state: &State, signed: &Signed, number: i64) -> Result<()> {
    let given = state.store.given_notices().await?.into_iter().find(|given| given.notice.id == number);
    let given = given.ok_or(WebError::NoAddress)?;
    must(state, signed, given.screen.as_ref().map_or("", ScreenCode::as_str)).await.map(|_| ())
}

pub async fn end(Here(state): Here<State>, may: May<Manage>, Path(number): Path<i64>) -> Result<Response> {
    endable(&state, &may, number).await?;
    state.store.end_notices(&may.actor(), Some(number)).await?;
    Ok(see("/staff/screens?done=ended"))
}
