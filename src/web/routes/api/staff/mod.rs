//! `/api/v1/staff/`: the workplace for programs. They sign in as people do, keep the cookie, and send `Origin` with every
//! change.

mod account;
mod audit;
mod bulk;
mod changes;
mod clips;
mod collection;
#[cfg(test)]
mod collection_tests;
mod devices;
mod hearing;
mod invitations;
mod labels;
mod lexicon;
mod narration;
mod notices;
mod numbers;
mod own_voice;
mod people;
mod pictures;
mod plans;
mod publishing;
mod recording_types;
mod recordings;
mod refusals;
mod review;
mod review_rules;
mod review_types;
mod saying;
mod screens;
#[cfg(test)]
mod screens_tests;
mod second_factor;
mod session;
mod terms;
#[cfg(test)]
mod tests;
mod timetables;
mod tours;
pub mod types;
mod waiting;
mod work;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use serde::Serialize;
use utoipa::OpenApi;

use crate::domain::{Scope, Site};
use crate::pipeline::recordings::LARGEST_SENTENCE;
use crate::web::error::{Result, WebError};
use crate::web::limits::limited;
use crate::web::photograph;
use crate::web::recordings::{AROUND, LARGEST};
use crate::web::state::State;
use crate::web::workplace::{entrance, guard};

const LARGEST_BODY: usize = 512 << 10;
/// A picture and the form around it.
const LARGEST_PICTURE: usize = photograph::LARGEST + (64 << 10);

/// A timetable.
const LARGEST_ARCHIVE: usize = crate::pipeline::gtfs::LARGEST_ARCHIVE as usize;
/// A recording and the form around it.
const LARGEST_RECORDING: usize = (LARGEST + AROUND) as usize;

/// A sentence that somebody says, and the form around it.
const LARGEST_SPOKEN: usize = (LARGEST_SENTENCE + AROUND) as usize;

/// Every address of the workplace for programs, behind its gates.
pub fn all(state: &State) -> Router<State> {
    let open = Router::new()
        .route("/api/v1/staff/invitations/accept", post(invitations::accept))
        .route("/api/v1/staff/session", post(session::sign_in));
    let guarded = Router::new()
        .route("/api/v1/staff/session", get(session::get).delete(session::sign_out))
        .route("/api/v1/staff/sessions", get(session::list).delete(session::everywhere))
        .route("/api/v1/staff/sessions/{id}", delete(session::end))
        .route("/api/v1/staff/account", put(account::save))
        .route("/api/v1/staff/account/password", put(account::password))
        .route("/api/v1/staff/account/second-factor", post(second_factor::offer).put(second_factor::confirm))
        .route("/api/v1/staff/account/second-factor/remove", post(second_factor::remove))
        .route("/api/v1/staff/account/recovery-codes", post(second_factor::codes))
        .route("/api/v1/staff/people", get(people::list))
        .route("/api/v1/staff/people/{id}", get(people::get))
        .route("/api/v1/staff/people/{id}/roles", put(people::roles))
        .route("/api/v1/staff/people/{id}/account", put(people::account))
        .route("/api/v1/staff/sites/{site}/people", get(people::at_site))
        .route("/api/v1/staff/invitations", get(invitations::list).post(invitations::invite))
        .route("/api/v1/staff/invitations/{id}", delete(invitations::withdraw))
        .route("/api/v1/staff/audit", get(audit::get))
        .route("/api/v1/staff/sites/{site}/labels", get(labels::list).post(labels::print))
        .route("/api/v1/staff/sites/{site}/codes/{code}", put(labels::code))
        .route(
            "/api/v1/staff/sites/{site}/publishing",
            get(publishing::list).put(publishing::by_hand).post(changes::publish_many),
        )
        .route("/api/v1/staff/sites/{site}/publishing/{stop}/{language}/changes", get(changes::get))
        .route("/api/v1/staff/waiting", get(waiting::get))
        .route(
            "/api/v1/staff/sites/{site}/publishing/{stop}/{language}",
            get(publishing::history).post(publishing::publish).delete(publishing::take_back),
        )
        .route("/api/v1/staff/sites/{site}/publishing/{stop}/{language}/plan", delete(publishing::unplan))
        .route("/api/v1/staff/sites/{site}/numbers", get(numbers::get))
        .route("/api/v1/staff/sites/{site}/numbers.csv", get(numbers::csv))
        .route("/api/v1/staff/sites/{site}/order", get(bulk::get).put(bulk::order))
        .route("/api/v1/staff/sites/{site}/bulk", post(bulk::change))
        .route("/api/v1/staff/devices", get(devices::list).post(devices::add))
        .route("/api/v1/staff/devices/{device}", get(devices::get).delete(devices::retire))
        .route("/api/v1/staff/devices/{device}/sync", post(devices::sync))
        .route("/api/v1/staff/screens", get(screens::list).post(screens::add))
        .route("/api/v1/staff/screens/{screen}", get(screens::get).put(screens::save).delete(screens::retire))
        .route("/api/v1/staff/screens/{screen}/clips/{stop}/{language}", get(clips::get))
        .route("/api/v1/staff/screens/{screen}/plays", get(screens::plays))
        .route("/api/v1/staff/screens/{screen}/plays.csv", get(screens::plays_csv))
        .route("/api/v1/staff/notices", get(notices::list).post(notices::give))
        .route("/api/v1/staff/notices/{notice}", delete(notices::end))
        .route("/api/v1/staff/timetables", get(timetables::list))
        .route("/api/v1/staff/words", get(terms::list))
        .route("/api/v1/staff/words/{list}/{word}", put(terms::save))
        .route("/api/v1/staff/words/{list}/{word}/merge", post(terms::merge))
        .route("/api/v1/staff/tours", get(tours::list).post(tours::add))
        .route("/api/v1/staff/tours/{tour}", get(tours::get).put(tours::save).delete(tours::remove))
        .route("/api/v1/staff/sites/{site}/review", get(review::list))
        .route("/api/v1/staff/sites/{site}/review-rules", get(review_rules::get).put(review_rules::set))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/review/{language}", get(review::get))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/approve", post(review::approve))
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/findings/{finding}/waive",
            post(review::waive),
        )
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/comments/{comment}/resolve",
            post(review::resolve),
        )
        .route("/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}", put(review::mend))
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}/approve",
            post(review::approve_sentence),
        )
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}/memory",
            get(review::memory),
        )
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/review/{language}/sentences/{place}/comments",
            post(review::comment),
        )
        .route("/api/v1/staff/work", get(work::get))
        .route("/api/v1/staff/work/events", get(work::events))
        .route("/api/v1/staff/sites/{site}/work/{job}", delete(work::cancel))
        .route("/api/v1/staff/sites/{site}/work/{job}/retry", post(work::retry))
        .route("/api/v1/staff/search", get(collection::find))
        .route("/api/v1/staff/sites", get(collection::sites).post(collection::add_site))
        .route("/api/v1/staff/sites/{site}", get(collection::site).put(collection::save_site))
        .route("/api/v1/staff/sites/{site}/relics", post(collection::add_relic))
        .route("/api/v1/staff/sites/{site}/relics/{relic}", get(collection::relic).put(collection::save_relic))
        .route("/api/v1/staff/sites/{site}/stops", post(collection::add_stop))
        .route("/api/v1/staff/sites/{site}/stops/{stop}", get(collection::stop).put(collection::save_stop))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/narration", get(narration::get).put(narration::write))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/narration/versions", get(narration::versions))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}", get(hearing::get))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/clips/{ordinal}", get(hearing::clip))
        .route("/api/v1/staff/recordings/{recording}", get(recordings::get))
        .route("/api/v1/staff/recordings/{recording}/sound", get(recordings::sound))
        .route("/api/v1/staff/recordings/{recording}/hear", post(recordings::hear))
        .route("/api/v1/staff/recordings/{recording}/lines", get(recordings::lines).put(recordings::correct))
        .route(
            "/api/v1/staff/recordings/{recording}/passages",
            get(recordings::passages).put(recordings::save_passages),
        )
        .route("/api/v1/staff/recordings/{recording}/cut", post(recordings::cut))
        .route("/api/v1/staff/recordings/{recording}/text", post(recordings::text))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/narrators/{language}", put(recordings::narrate))
        .route("/api/v1/staff/lexicon/{language}", get(lexicon::get))
        .route("/api/v1/staff/previews/{language}", post(lexicon::preview))
        .route("/api/v1/staff/lexicon/{language}/{word}", put(lexicon::save).delete(lexicon::remove))
        .route("/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/manner", put(saying::guide))
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/manner",
            put(saying::sentence),
        )
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/remake",
            post(saying::remake),
        )
        .route(
            "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/decision",
            put(hearing::decide),
        )
        .route_layer(from_fn_with_state(state.clone(), guard));
    let mut uploads = Router::new()
        .route("/api/v1/staff/sites/{site}/plans", get(plans::list).post(plans::add))
        .route("/api/v1/staff/sites/{site}/plans/{plan}", put(plans::save).delete(plans::remove));
    for thing in ["", "/relics/{relic}", "/stops/{stop}"] {
        let pictures = format!("/api/v1/staff/sites/{{site}}{thing}/pictures");
        uploads = uploads
            .route(&pictures, get(pictures::list).post(pictures::add).put(pictures::order))
            .route(&format!("{pictures}/{{picture}}"), put(pictures::save).delete(pictures::remove));
    }
    let uploads =
        limited(uploads, LARGEST_PICTURE, 2 * LARGEST_PICTURE).route_layer(from_fn_with_state(state.clone(), guard));
    let timetables =
        Router::new().route("/api/v1/staff/timetables/{timetable}", put(timetables::put).delete(timetables::remove));
    let timetables =
        limited(timetables, LARGEST_ARCHIVE, 2 * LARGEST_ARCHIVE).route_layer(from_fn_with_state(state.clone(), guard));
    let spoken = Router::new().route(
        "/api/v1/staff/sites/{site}/stops/{stop}/hearing/{language}/sentences/{ordinal}/recording",
        post(own_voice::record).delete(own_voice::take_back),
    );
    let spoken = limited(spoken, LARGEST_SPOKEN, LARGEST_SPOKEN).route_layer(from_fn_with_state(state.clone(), guard));
    let long = Router::new().route("/api/v1/staff/recordings", get(recordings::list).post(recordings::add));
    let long =
        limited(long, LARGEST_RECORDING, LARGEST_RECORDING).route_layer(from_fn_with_state(state.clone(), guard));
    limited(open.merge(guarded), LARGEST_BODY, LARGEST_BODY)
        .merge(uploads)
        .merge(timetables)
        .merge(long)
        .merge(spoken)
        .route_layer(from_fn_with_state(state.clone(), entrance))
}

#[derive(OpenApi)]
#[openapi(
    paths(
        session::sign_in,
        session::get,
        session::sign_out,
        session::list,
        session::everywhere,
        session::end,
        account::save,
        account::password,
        second_factor::offer,
        second_factor::confirm,
        second_factor::remove,
        second_factor::codes,
        people::list,
        people::get,
        people::roles,
        people::account,
        people::at_site,
        invitations::list,
        invitations::invite,
        invitations::withdraw,
        invitations::accept,
        audit::get,
        labels::list,
        labels::print,
        labels::code,
        publishing::list,
        publishing::by_hand,
        publishing::history,
        publishing::publish,
        publishing::take_back,
        publishing::unplan,
        numbers::get,
        numbers::csv,
        collection::find,
        collection::sites,
        collection::add_site,
        collection::site,
        collection::save_site,
        collection::add_relic,
        collection::relic,
        collection::save_relic,
        collection::add_stop,
        collection::stop,
        collection::save_stop,
        narration::get,
        narration::write,
        narration::versions,
        own_voice::record,
        own_voice::take_back,
        recordings::list,
        recordings::add,
        recordings::get,
        recordings::sound,
        recordings::hear,
        recordings::lines,
        recordings::correct,
        recordings::passages,
        recordings::save_passages,
        recordings::cut,
        recordings::text,
        recordings::narrate,
        lexicon::get,
        lexicon::save,
        lexicon::remove,
        lexicon::preview,
        saying::guide,
        saying::sentence,
        saying::remake,
        hearing::get,
        hearing::clip,
        hearing::decide,
        tours::list,
        tours::add,
        tours::get,
        tours::save,
        tours::remove,
        terms::list,
        terms::save,
        terms::merge,
        pictures::list,
        pictures::add,
        pictures::save,
        pictures::remove,
        pictures::order,
        bulk::get,
        bulk::order,
        bulk::change,
        plans::list,
        plans::add,
        plans::save,
        plans::remove,
        changes::get,
        changes::publish_many,
        waiting::get,
        review::list,
        review::get,
        review::mend,
        review::approve_sentence,
        review::approve,
        review::waive,
        review::memory,
        review::comment,
        review::resolve,
        review_rules::get,
        review_rules::set,
        work::get,
        work::events,
        work::retry,
        work::cancel,
        devices::list,
        devices::get,
        devices::add,
        devices::sync,
        devices::retire,
        screens::list,
        screens::get,
        screens::add,
        screens::save,
        screens::retire,
        clips::get,
        screens::plays,
        screens::plays_csv,
        notices::list,
        notices::give,
        notices::end,
        timetables::list,
        timetables::put,
        timetables::remove,
    ),
    tags((name = "staff", description = "The workplace: for people who are signed in. Changes need `Origin`")),
)]
struct Workplace;

/// What the workplace adds to the description of the interface.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Workplace::openapi()
}

/// JSON that no cache keeps: the entrance sees to that.
fn json(value: &impl Serialize) -> Result<Response> {
    let body = serde_json::to_vec(value)?;
    Ok(([(axum::http::header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Done, with nothing to say.
fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// The place a request names by the slug of a site; `None` for the whole house.
fn scope(sites: &[Site], slug: Option<&str>) -> Result<Scope> {
    let Some(slug) = slug else { return Ok(Scope::House) };
    let site = sites.iter().find(|site| site.slug.as_str() == slug);
    site.map(|site| Scope::Site(site.id)).ok_or_else(|| WebError::UnknownSite(slug.chars().take(80).collect()))
}
