//! `/staff/`: the overview.

use axum::extract::State as Here;
use axum::http::StatusCode;
use axum::response::Response;

use super::see;
use crate::web::error::Result;
use crate::web::state::State;
use crate::web::views::staff::home;
use crate::web::workplace::{May, Nothing, staff_page};

pub async fn get(Here(state): Here<State>, may: May<Nothing>) -> Result<Response> {
    Ok(staff_page(StatusCode::OK, home::render(&state, may.lang(), &may).await?))
}

pub async fn with_slash() -> Response {
    see("/staff/")
}
