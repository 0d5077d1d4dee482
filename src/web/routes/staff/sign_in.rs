//! `/staff/sign-in`, `/staff/second-factor`, `/staff/sign-out`: in and out.

use axum::extract::{Extension, Form, Query, State as Here};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{said, see};
use crate::domain::Language;
use crate::people::{SignIn, Token, Visitor};
use crate::web::error::{Result, WebError};
use crate::web::languages::remember;
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::sign_in::{Form as Shown, Told, render, resume, second as second_page};
use crate::web::workplace::{Carried, Given, May, Nothing, forget, give, language, plain_http, staff_page};

type Fields = Vec<(String, String)>;

pub async fn get(Here(state): Here<State>, headers: HeaderMap, Query(asked): Query<Fields>) -> Result<Response> {
    let carried = Carried::to(asked.field("to"));
    let chosen: Option<Language> = asked.field("lang").parse().ok();
    let lang = chosen.unwrap_or_else(|| language(&state, None, &headers));
    let plain = plain_http(&headers, state.settings.public_url.as_deref());
    let mut response = staff_page(StatusCode::OK, render(&state, lang, &Shown { carried, plain, ..Shown::default() })?);
    if let Some(chosen) = chosen {
        put(&mut response, header::SET_COOKIE, &remember(chosen, crate::web::routes::is_secure(&state)));
    }
    Ok(response)
}

pub async fn post(
    Here(state): Here<State>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let lang = language(&state, None, &headers);
    if plain_http(&headers, state.settings.public_url.as_deref()) {
        return Err(WebError::PlainHttp);
    }
    let carried = Carried::read(&form);
    match state.people.sign_in(&visitor, form.field("login"), form.field("password")).await {
        Ok(SignIn::Done(token)) => welcome(&state, lang, &carried, &token),
        Ok(SignIn::SecondFactor(token)) => {
            Ok(staff_page(StatusCode::OK, second_page(&state, lang, &carried, token.reveal(), None)?))
        }
        Err(error) => {
            let (status, why) = said(state.desk.of(lang), error)?;
            let login = form.field("login").chars().take(100).collect();
            let shown = Shown { carried, login, told: Told::Wrong(why), plain: false };
            Ok(staff_page(status, render(&state, lang, &shown)?))
        }
    }
}

pub async fn second(
    Here(state): Here<State>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let lang = language(&state, None, &headers);
    let carried = Carried::read(&form);
    let challenge = form.field("challenge");
    match state.people.second_factor(&visitor, challenge, form.field("code")).await {
        Ok(token) => welcome(&state, lang, &carried, &token),
        Err(error) => {
            let over = matches!(error, crate::people::PeopleError::ChallengeOver);
            let (status, why) = said(state.desk.of(lang), error)?;
            let page = if over {
                render(&state, lang, &Shown { carried, told: Told::Wrong(why), ..Shown::default() })?
            } else {
                second_page(&state, lang, &carried, challenge, Some(why))?
            };
            Ok(staff_page(status, page))
        }
    }
}

/// Gives the session, and leads to where somebody wanted to go, or back to what they had written.
fn welcome(state: &State, lang: Language, carried: &Carried, token: &Token) -> Result<Response> {
    let mut response = match &carried.fields {
        Some(fields) => staff_page(StatusCode::OK, resume(state, lang, &carried.to, fields)?),
        None => see(&carried.to),
    };
    put(&mut response, header::SET_COOKIE, &give(token.reveal()));
    Ok(response)
}

pub async fn out(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    state.people.end_session(&may, may.session).await?;
    let mut response = see("/staff/sign-in");
    put(&mut response, header::SET_COOKIE, &forget());
    Ok(response)
}
