//! `/api/v1/staff/notices`: what goes before everything else on screens.

use std::collections::BTreeMap;

use axum::extract::{Path, State as Here};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals::{NotChanged, NotRead};
use super::{done, json};
use crate::domain::screen::ScreenCode;
use crate::domain::{Language, Permission, Scope, Timestamp};
use crate::store::GivenNotice;
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::notices::{endable, must};
use crate::web::screening::{Stock, notice_text, notice_time};
use crate::web::state::State;
use crate::web::workplace::{Manage, May, See, Sent};

/// A notice that is not over.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenNoticeView {
    pub id: i64,
    /// The code of its screen; absent where it is for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// By language.
    pub text: BTreeMap<String, String>,
    /// Milliseconds since 1970.
    pub from: i64,
    pub until: i64,
    pub given_by: String,
}

/// Notices.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeList {
    pub notices: Vec<GivenNoticeView>,
}

/// A notice to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeBody {
    /// The code of a screen; absent for all of them.
    #[serde(default)]
    screen: Option<String>,
    /// By language, at most 300 letters in each.
    text: BTreeMap<String, String>,
    /// Milliseconds since 1970; absent: at once.
    #[serde(default)]
    from: Option<i64>,
    /// 1 to 720.
    hours: u32,
}

fn view(given: GivenNotice) -> GivenNoticeView {
    let text = given.notice.text.0.into_iter().map(|(language, text)| (language.to_string(), text));
    GivenNoticeView {
        id: given.notice.id,
        screen: given.screen.map(|code| code.to_string()),
        text: text.collect(),
        from: given.notice.from.0,
        until: given.notice.until.0,
        given_by: given.given_by,
    }
}

/// The notices on the screens one may look at, also those that have not begun.
#[utoipa::path(get, path = "/api/v1/staff/notices", operation_id = "listNotices", tag = "staff",
    responses((status = 200, description = "The oldest first", body = NoticeList), NotRead))]
pub async fn list(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let stock = Stock::read(&state).await?;
    let screens = state.store.screens().await?;
    let seen = |given: &GivenNotice| {
        let screen = |code: &ScreenCode| screens.iter().find(|screen| screen.code == *code);
        given
            .screen
            .as_ref()
            .is_none_or(|code| screen(code).is_some_and(|screen| stock.may(&may, Permission::See, &screen.plan)))
    };
    let given = state.store.given_notices().await?;
    json(&NoticeList { notices: given.into_iter().filter(seen).map(view).collect() })
}

/// Gives a notice.
#[utoipa::path(post, path = "/api/v1/staff/notices", operation_id = "giveNotice", tag = "staff",
    request_body = NoticeBody,
    responses((status = 201, description = "The notice", body = GivenNoticeView), NotChanged))]
pub async fn give(Here(state): Here<State>, may: May<Manage>, Sent(body): Sent<NoticeBody>) -> Result<Response> {
    let to = must(&state, &may, body.screen.as_deref().unwrap_or("")).await?;
    let mut typed = Vec::new();
    for (tag, text) in body.text {
        let language: Language = tag.parse().map_err(|_| WebError::UnknownLanguage(tag.chars().take(40).collect()))?;
        typed.push((language, text));
    }
    let unfit = |why: &str| WebError::Unfit(why.to_owned());
    let text = notice_text(typed).map_err(unfit)?;
    let span = notice_time(body.from.map(Timestamp), body.hours, state.clock.now()).map_err(unfit)?;
    let id = state.store.give_notice(&may.actor(), to.as_ref(), &text, span, &may.person.name).await?;
    let given = state.store.given_notices().await?.into_iter().find(|given| given.notice.id == id);
    let given = given.ok_or_else(|| WebError::Contradiction(format!("notice {id} is not there")))?;
    Ok((StatusCode::CREATED, json(&view(given))?).into_response())
}

/// Withdraws a notice.
#[utoipa::path(delete, path = "/api/v1/staff/notices/{notice}", operation_id = "endNotice", tag = "staff",
    params(("notice" = i64, Path, description = "The notice's number")),
    responses((status = 204, description = "It is over"), NotChanged))]
pub async fn end(Here(state): Here<State>, may: May<Manage>, Path(number): Path<i64>) -> Result<Response> {
    endable(&state, &may, number).await?;
    state.store.end_notices(&may.actor(), Some(number)).await?;
    Ok(done())
}

/// Only whoever looks after the whole house does something to all of it.
pub(super) fn house(may: &May<Manage>) -> Result<()> {
    Ok(may.must(Permission::Manage, Scope::House)?)
}
