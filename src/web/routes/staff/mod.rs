//! `/staff/`: the workplace. One file a page with the changes it takes.
//!
//! An address stands in `open` only where it signs somebody in; everything else is guarded.

mod account;
mod audit;
mod home;
mod invitation;
mod people;
mod person;
mod review;
#[cfg(test)]
mod review_tests;
mod second_factor;
mod sign_in;
#[cfg(test)]
mod tests;

pub(super) use account::house;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::limit::RequestBodyLimitLayer;

use crate::domain::{Scope, Site};
use crate::people::PeopleError;
use crate::web::error::{Result, WebError};
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::says;
use crate::web::views::staff::words::Words;
use crate::web::workplace::{entrance, guard};

/// The largest form: a long narration many times over.
const LARGEST_FORM: usize = 512 << 10;
/// A sign-in carries such a form on, in longer names.
const LARGEST_SIGN_IN: usize = 2 * LARGEST_FORM;

/// Every page of the workplace, behind its gates.
pub fn all(state: &State) -> Router<State> {
    let open = Router::new()
        .route("/staff/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/staff/second-factor", post(sign_in::second))
        .route("/staff/invitation", get(invitation::get).post(invitation::post))
        .layer(RequestBodyLimitLayer::new(LARGEST_SIGN_IN))
        .layer(DefaultBodyLimit::max(LARGEST_SIGN_IN));
    let guarded = Router::new()
        .route("/staff", get(home::with_slash))
        .route("/staff/", get(home::get))
        .route("/staff/sign-out", post(sign_in::out))
        .route("/staff/account", get(account::get).post(account::save))
        .route("/staff/account/password", post(account::password))
        .route("/staff/account/second-factor", post(second_factor::offer))
        .route("/staff/account/second-factor/confirm", post(second_factor::confirm))
        .route("/staff/account/second-factor/remove", post(second_factor::remove))
        .route("/staff/account/recovery-codes", post(second_factor::codes))
        .route("/staff/account/sessions/{id}/end", post(account::end))
        .route("/staff/account/sign-out-everywhere", post(account::everywhere))
        .route("/staff/people", get(people::get))
        .route("/staff/people/invitations", post(people::invite))
        .route("/staff/people/invitations/{id}/withdraw", post(people::withdraw))
        .route("/staff/people/{id}", get(person::get))
        .route("/staff/people/{id}/roles", post(person::roles))
        .route("/staff/people/{id}/account", post(person::account))
        .route("/staff/sites/{site}/people", get(people::at_site))
        .route("/staff/audit", get(audit::get))
        .route("/staff/review", get(review::list))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}", get(review::get))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/sentence", get(review::back).post(review::sentence))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/waive", get(review::back).post(review::waive))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/approve", get(review::back).post(review::approve))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/accept", get(review::back).post(review::accept))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/clips/{ordinal}", get(review::clip))
        .layer(RequestBodyLimitLayer::new(LARGEST_FORM))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .route_layer(from_fn_with_state(state.clone(), guard));
    open.merge(guarded).route_layer(from_fn_with_state(state.clone(), entrance))
}

/// Where somebody is sent who has done something: the page is asked for anew, so that reloading it does nothing twice.
fn see(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    put(&mut response, header::LOCATION, address);
    response
}

/// What is wrong, for the page to say; whatever nobody there can mend stays an error.
fn said(words: &Words, error: PeopleError) -> Result<(StatusCode, String)> {
    match says::refusal(words, &error) {
        Some(text) => {
            let problem = crate::web::problem::Problem::from(WebError::from(error));
            Ok((problem.kind.status(), text))
        }
        None => Err(error.into()),
    }
}

/// The place a form names by the slug of a site; empty for the whole house.
fn scope(sites: &[Site], slug: &str) -> Result<Scope> {
    if slug.is_empty() {
        return Ok(Scope::House);
    }
    let site = sites.iter().find(|site| site.slug.as_str() == slug);
    site.map(|site| Scope::Site(site.id)).ok_or_else(|| WebError::UnknownSite(slug.chars().take(80).collect()))
}
