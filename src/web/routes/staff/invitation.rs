//! `/staff/invitation?key=`: where an invitation's link leads. The key stands behind the `?`, which no log holds.

use axum::extract::{Extension, Form, Query, State as Here};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{said, see};
use crate::domain::Language;
use crate::people::{Acceptance, Visitor};
use crate::web::error::{Result, WebError};
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::invitation::{Form as Shown, render};
use crate::web::views::staff::sign_in;
use crate::web::workplace::{Given, give, language, plain_http, staff_page};

type Fields = Vec<(String, String)>;

pub async fn get(Here(state): Here<State>, headers: HeaderMap, Query(asked): Query<Fields>) -> Result<Response> {
    let lang = asked.field("lang").parse::<Language>().unwrap_or_else(|_| language(&state, None, &headers));
    let token = asked.field("key");
    match state.people.invited(token).await {
        Ok(invitation) => {
            let shown = Shown { token, ..Shown::default() };
            Ok(staff_page(StatusCode::OK, render(&state, lang, &invitation, shown, None).await?))
        }
        Err(error) => gone(&state, lang, error),
    }
}

/// A link that leads nowhere any more may be that of somebody who has an account: they are shown the sign-in.
fn gone(state: &State, lang: Language, error: crate::people::PeopleError) -> Result<Response> {
    let (status, why) = said(state.desk.of(lang), error)?;
    let shown = sign_in::Form { told: sign_in::Told::Wrong(why), ..Default::default() };
    Ok(staff_page(status, sign_in::render(state, lang, &shown)?))
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
    let token = form.field("token");
    let given = Acceptance {
        token,
        login: form.field("login"),
        name: form.field("name"),
        language: lang,
        password: form.field("password"),
    };
    match state.people.accept(&visitor, &given).await {
        Ok(session) => {
            let mut response = see("/staff/");
            put(&mut response, header::SET_COOKIE, &give(session.reveal()));
            Ok(response)
        }
        Err(error) => {
            let Ok(invitation) = state.people.invited(token).await else { return gone(&state, lang, error) };
            let (status, why) = said(state.desk.of(lang), error)?;
            let shown = Shown { token, name: form.field("name"), login: form.field("login") };
            Ok(staff_page(status, render(&state, lang, &invitation, shown, Some(why)).await?))
        }
    }
}
