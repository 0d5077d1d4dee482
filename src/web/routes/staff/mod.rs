//! `/staff/`: the workplace. One file a page with the changes it takes.
//!
//! An address stands in `open` only where it signs somebody in; everything else is guarded.

mod account;
mod audit;
pub(super) mod bulk;
pub(super) mod clips;
pub(super) mod collection;
#[cfg(test)]
mod collection_tests;
#[cfg(test)]
mod device_tests;
pub(super) mod devices;
mod entry;
#[cfg(test)]
mod entry_tests;
mod find;
#[cfg(test)]
mod find_tests;
pub(super) mod hearing;
#[cfg(test)]
mod hearing_tests;
mod home;
mod invitation;
mod labels;
pub(super) mod lexicon;
pub(super) mod notices;
mod numbers;
#[cfg(test)]
mod outward_tests;
pub(super) mod own_voice;
#[cfg(test)]
mod own_voice_tests;
mod people;
mod person;
mod pictures;
#[cfg(test)]
mod pictures_tests;
pub(super) mod plans;
pub(super) mod publishing;
pub(super) mod recording;
pub(super) mod recordings;
#[cfg(test)]
mod recordings_tests;
mod review;
pub(super) mod review_rules;
mod review_sentence;
#[cfg(test)]
mod review_sentence_tests;
#[cfg(test)]
mod review_tests;
#[cfg(test)]
mod rights_tests;
pub(super) mod saying;
#[cfg(test)]
mod saying_tests;
mod screens;
#[cfg(test)]
mod screens_tests;
mod second_factor;
mod sign_in;
pub(super) mod stop;
pub(super) mod terms;
#[cfg(test)]
mod tests;
pub(super) mod timetables;
pub(super) mod tours;
#[cfg(test)]
mod tours_tests;
pub(super) mod work;
#[cfg(test)]
mod work_tests;

pub(super) use account::house;
pub(super) use labels::as_pdf;
pub(super) use numbers::as_csv;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::domain::{Language, Permission, Scope, Site};
use crate::people::{PeopleError, Signed};
use crate::pipeline::recordings::LARGEST_SENTENCE;
use crate::web::error::{Result, WebError};
use crate::web::limits::limited;
use crate::web::photograph;
use crate::web::recordings::{AROUND, LARGEST};
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::frame::Place;
use crate::web::views::staff::words::Words;
use crate::web::views::staff::{places, says};
use crate::web::workplace::{entrance, guard, staff_page};

/// The largest form: a long narration many times over.
const LARGEST_FORM: usize = 512 << 10;
/// A photograph and the form around it.
const LARGEST_PICTURE: usize = photograph::LARGEST + (64 << 10);
/// A timetable and the form around it.
const LARGEST_ARCHIVE_FORM: usize = crate::pipeline::gtfs::LARGEST_ARCHIVE as usize + (64 << 10);
/// A recording and the form around it.
const LARGEST_RECORDING: usize = (LARGEST + AROUND) as usize;
/// A sentence that somebody says, and the form around it.
const LARGEST_SPOKEN: usize = (LARGEST_SENTENCE + AROUND) as usize;
/// A sign-in carries such a form on, in longer names.
const LARGEST_SIGN_IN: usize = 2 * LARGEST_FORM;

/// Every page of the workplace, behind its gates.
pub fn all(state: &State) -> Router<State> {
    let open = Router::new()
        .route("/staff/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/staff/second-factor", post(sign_in::second))
        .route("/staff/invitation", get(invitation::get).post(invitation::post));
    let open = limited(open, LARGEST_SIGN_IN, LARGEST_SIGN_IN);
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
        .route("/staff/collection", get(find::get))
        .route("/staff/devices", get(devices::get).post(devices::add))
        .route("/staff/devices/{id}", get(devices::show))
        .route("/staff/devices/{id}/sync", post(devices::sync))
        .route("/staff/devices/{id}/retire", post(devices::retire))
        .route("/staff/screens", get(screens::get))
        .route("/staff/screens/new", get(screens::blank).post(screens::add))
        .route("/staff/screens/notices", post(notices::give))
        .route("/staff/screens/notices/{notice}/end", post(notices::end))
        .route("/staff/screens/timetables/{timetable}/remove", post(timetables::remove))
        .route("/staff/screens/{screen}", get(screens::get_one).post(screens::save))
        .route("/staff/screens/{screen}/retire", post(screens::retire))
        .route("/staff/screens/{screen}/clips/{stop}/{language}", get(clips::get))
        .route("/staff/screens/{screen}/plays", get(screens::plays))
        .route("/staff/screens/{screen}/plays.csv", get(screens::plays_csv))
        .route("/staff/collection/new", get(entry::new_site).post(entry::add_site))
        .route("/staff/sites/{site}/plans/{plan}", get(plans::edit).post(plans::save))
        .route("/staff/sites/{site}/plans/{plan}/remove", post(plans::remove))
        .route("/staff/sites/{site}/bulk", post(bulk::post))
        .route("/staff/words", get(terms::get))
        .route("/staff/words/{list}/new", get(terms::new).post(terms::add))
        .route("/staff/words/{list}/{word}", get(terms::edit).post(terms::save))
        .route("/staff/words/{list}/{word}/merge", post(terms::merge))
        .route("/staff/tours", get(tours::get))
        .route("/staff/tours/new", get(tours::new).post(tours::add))
        .route("/staff/tours/{tour}", get(tours::edit).post(tours::save))
        .route("/staff/tours/{tour}/remove", post(tours::remove))
        .route("/staff/sites/{site}/edit", get(entry::edit_site).post(entry::save_site))
        .route("/staff/sites/{site}/relics/new", get(entry::new_relic).post(entry::add_relic))
        .route("/staff/sites/{site}/relics/{relic}", get(entry::edit_relic).post(entry::save_relic))
        .route("/staff/sites/{site}/stops/{stop}/edit", get(entry::edit_stop).post(entry::save_stop))
        .route("/staff/sites/{site}", get(collection::site))
        .route("/staff/sites/{site}/stops", post(collection::add))
        .route("/staff/sites/{site}/stops/{stop}", get(stop::get))
        .route("/staff/sites/{site}/stops/{stop}/narration", post(stop::narration))
        .route("/staff/sites/{site}/stops/{stop}/versions/{number}", get(stop::versions))
        .route("/staff/labels", get(labels::choose))
        .route("/staff/sites/{site}/labels", get(labels::get).post(labels::print))
        .route("/staff/sites/{site}/codes/{code}", post(labels::code))
        .route("/staff/publishing", get(publishing::choose))
        .route("/staff/sites/{site}/publishing", get(publishing::get).post(publishing::by_hand))
        .route("/staff/sites/{site}/publishing/{stop}/{language}", get(publishing::guide).post(publishing::change))
        .route("/staff/numbers", get(numbers::choose))
        .route("/staff/sites/{site}/numbers", get(numbers::get))
        .route("/staff/sites/{site}/numbers.csv", get(numbers::csv))
        .route("/staff/work", get(work::get))
        .route("/staff/work/events", get(work::events))
        .route("/staff/sites/{site}/work/{job}/retry", get(work::back).post(work::retry))
        .route("/staff/sites/{site}/work/{job}/cancel", get(work::back).post(work::cancel))
        .route("/staff/review", get(review::list))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}", get(review::get))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/sentence", get(review::back).post(review::sentence))
        .route("/staff/sites/{site}/review-rules", get(review_rules::get).post(review_rules::save))
        .route(
            "/staff/sites/{site}/stops/{stop}/review/{lang}/approve-sentence",
            get(review::back).post(review_sentence::approve),
        )
        .route(
            "/staff/sites/{site}/stops/{stop}/review/{lang}/comment",
            get(review::back).post(review_sentence::comment),
        )
        .route(
            "/staff/sites/{site}/stops/{stop}/review/{lang}/resolve",
            get(review::back).post(review_sentence::resolve),
        )
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/memory/{ordinal}", get(review_sentence::memory))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/waive", get(review::back).post(review::waive))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/approve", get(review::back).post(review::approve))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/accept", get(review::back).post(review::accept))
        .route("/staff/sites/{site}/stops/{stop}/review/{lang}/clips/{ordinal}", get(review::clip))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}", get(hearing::get))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/decide", get(hearing::back).post(hearing::decide))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/clips/{ordinal}", get(hearing::clip))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/preview", get(hearing::back).post(saying::preview))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/word", get(hearing::back).post(saying::word))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/manner", get(hearing::back).post(saying::manner))
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/remake", get(hearing::back).post(saying::remake))
        .route("/staff/recordings/{recording}", get(recording::get))
        .route("/staff/recordings/{recording}/sound", get(recordings::sound))
        .route("/staff/recordings/{recording}/lines", post(recording::lines))
        .route("/staff/recordings/{recording}/hear", post(recording::hear))
        .route("/staff/recordings/{recording}/cut", post(recording::cut))
        .route("/staff/recordings/{recording}/passages", post(recording::passages))
        .route("/staff/recordings/{recording}/text", post(recording::text))
        .route("/staff/sites/{site}/stops/{stop}/recordings", get(recordings::of_stop).post(recordings::narration))
        .route(
            "/staff/sites/{site}/stops/{stop}/hearing/{lang}/take-back",
            get(hearing::back).post(own_voice::take_back),
        )
        .route("/staff/lexicon", get(lexicon::choose))
        .route("/staff/lexicon/{lang}", get(lexicon::get).post(lexicon::save))
        .route("/staff/lexicon/{lang}/preview", post(lexicon::preview));
    let guarded = limited(guarded, LARGEST_FORM, LARGEST_FORM).route_layer(from_fn_with_state(state.clone(), guard));
    let mut uploads = Router::new().route("/staff/sites/{site}/plans", get(plans::get).post(plans::add));
    for thing in ["", "/relics/{relic}", "/stops/{stop}"] {
        let pictures = format!("/staff/sites/{{site}}{thing}/pictures");
        uploads = uploads
            .route(&pictures, get(pictures::get).post(pictures::add))
            .route(&format!("{pictures}/{{picture}}"), post(pictures::save))
            .route(&format!("{pictures}/{{picture}}/move"), post(pictures::shift))
            .route(&format!("{pictures}/{{picture}}/remove"), post(pictures::remove));
    }
    let uploads =
        limited(uploads, LARGEST_PICTURE, 2 * LARGEST_PICTURE).route_layer(from_fn_with_state(state.clone(), guard));
    let timetables = Router::new().route("/staff/screens/timetables", get(timetables::get).post(timetables::put));
    let timetables = limited(timetables, LARGEST_ARCHIVE_FORM, 2 * LARGEST_ARCHIVE_FORM)
        .route_layer(from_fn_with_state(state.clone(), guard));
    let long = Router::new().route("/staff/recordings", get(recordings::list).post(recordings::add));
    let long =
        limited(long, LARGEST_RECORDING, LARGEST_RECORDING).route_layer(from_fn_with_state(state.clone(), guard));
    let spoken = Router::new()
        .route("/staff/sites/{site}/stops/{stop}/hearing/{lang}/recording", get(hearing::back).post(own_voice::record));
    let spoken = limited(spoken, LARGEST_SPOKEN, LARGEST_SPOKEN).route_layer(from_fn_with_state(state.clone(), guard));
    open.merge(guarded)
        .merge(uploads)
        .merge(timetables)
        .merge(long)
        .merge(spoken)
        .route_layer(from_fn_with_state(state.clone(), entrance))
}

/// Where somebody is sent who has done something: the page is asked for anew, so that reloading it does nothing twice.
fn see(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    put(&mut response, header::LOCATION, address);
    response
}

/// Leads to a page of the one site where somebody holds a permission, or lets them choose among several.
async fn choose_site(
    state: &State,
    signed: &Signed,
    lang: Language,
    (permission, what): (Permission, &str),
    place: Place,
    heading: &str,
) -> Result<Response> {
    let sites = places::elsewhere(&state.store.sites().await?, signed, permission, what, lang);
    match sites.as_slice() {
        [only] => Ok(see(&only.href)),
        _ => Ok(staff_page(StatusCode::OK, places::render(state, lang, signed, place, heading, sites)?)),
    }
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
