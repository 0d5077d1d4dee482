//! `/staff/account/second-factor`: set up, confirmed, taken away; new recovery codes.

use axum::extract::{Form, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::account::{house, page, refused};
use super::see;
use crate::people::Signed;
use crate::web::error::Result;
use crate::web::state::State;
use crate::web::views::staff::account::{Note, codes as codes_page};
use crate::web::workplace::{Given, May, Nothing, staff_page};

type Fields = Vec<(String, String)>;

pub async fn offer(Here(state): Here<State>, may: May<Nothing>, Form(form): Form<Fields>) -> Result<Response> {
    match state.people.offer_second_factor(&may, &house(&state).await?, form.field("current")).await {
        Ok(_) => page(&state, &may, StatusCode::OK, Note::default()).await,
        Err(error) => refused(&state, &may, error).await,
    }
}

pub async fn confirm(Here(state): Here<State>, may: May<Nothing>, Form(form): Form<Fields>) -> Result<Response> {
    match state.people.confirm_second_factor(&may, form.field("code")).await {
        Ok(codes) => shown_once(&state, &may, &codes),
        Err(error) => refused(&state, &may, error).await,
    }
}

pub async fn remove(Here(state): Here<State>, may: May<Nothing>, Form(form): Form<Fields>) -> Result<Response> {
    match state.people.remove_second_factor(&may, form.field("current")).await {
        Ok(()) => Ok(see("/staff/account?done=removed")),
        Err(error) => refused(&state, &may, error).await,
    }
}

pub async fn codes(Here(state): Here<State>, may: May<Nothing>, Form(form): Form<Fields>) -> Result<Response> {
    match state.people.new_recovery_codes(&may, form.field("current")).await {
        Ok(codes) => shown_once(&state, &may, &codes),
        Err(error) => refused(&state, &may, error).await,
    }
}

fn shown_once(state: &State, signed: &Signed, codes: &[String]) -> Result<Response> {
    Ok(staff_page(StatusCode::OK, codes_page(state, signed.person.language, signed, codes)?))
}
