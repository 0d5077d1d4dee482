//! `/staff/sites/{site}/publishing`: what waits, published now or at a time, taken back, restored.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::{choose_site, see};
use crate::domain::{EditionId, Language, Permission, Stop};
use crate::pipeline::changes::{changes, reach};
use crate::pipeline::publishing::{PublishError, planned_time, publish_edition, publish_ready, standings};
use crate::store::StoreError;
use crate::web::error::{Result, WebError};
use crate::web::problem::Problem;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::Place;
use crate::web::views::staff::guide::{Compared, render as render_guide};
use crate::web::views::staff::publishing::{self, Matter, render};
use crate::web::views::strings::fill;
use crate::web::workplace::{Given, May, MayAt, Publish, staff_page};

type Fields = Vec<(String, String)>;

/// The choice of a site; straight on where there is only one.
pub async fn choose(Here(state): Here<State>, may: May<Publish>) -> Result<Response> {
    let heading = &state.desk.of(may.lang()).publishing.heading;
    choose_site(&state, &may, may.lang(), (Permission::Publish, "publishing"), Place::Publishing, heading).await
}

fn done(state: &State, lang: Language, word: &str) -> Option<String> {
    let own = &state.desk.of(lang).publishing;
    let text = match word {
        "published" => &own.done_published,
        "planned" => &own.done_planned,
        "unplanned" => &own.done_unplanned,
        "taken" => &own.done_taken,
        "saved" => &own.done_saved,
        _ => return None,
    };
    Some(text.clone())
}

pub async fn get(Here(state): Here<State>, here: MayAt<Publish>, Query(asked): Query<Fields>) -> Result<Response> {
    let note = Note { bad: None, good: done(&state, here.may.lang(), asked.field("done")) };
    let from = asked.field("from").parse().unwrap_or(0);
    list(&state, &here, StatusCode::OK, (asked.field("show") == "all", from), note).await
}

async fn list(
    state: &State,
    here: &MayAt<Publish>,
    status: StatusCode,
    (all, from): (bool, usize),
    note: Note,
) -> Result<Response> {
    let store = &state.store;
    let site = here.site.id;
    let (guides, stops, sites, by_hand) =
        tokio::try_join!(standings(store, site), store.stops_of(site), store.sites(), store.publishes_by_hand(site))?;
    let matter = Matter {
        signed: &here.may,
        sites: &sites,
        site: &here.site,
        stops: &stops,
        guides: &guides,
        by_hand,
        all,
        from,
    };
    Ok(staff_page(status, render(state, here.may.lang(), &matter, note)?))
}

/// What concerns the whole site: everything that waits is published, or who publishes is decided.
pub async fn by_hand(Here(state): Here<State>, here: MayAt<Publish>, Form(form): Form<Fields>) -> Result<Response> {
    let actor = here.may.actor();
    let word = match (form.field("do"), form.field("on")) {
        ("by-hand", on @ ("yes" | "no")) => {
            state.store.set_publishing_by_hand(&actor, here.site.id, &here.site.slug, on == "yes").await?;
            "saved"
        }
        ("publish-all", _) => {
            publish_ready(&state.store, &state.blobs, &actor, here.site.id, |_| true).await?;
            "published"
        }
        _ => return Err(WebError::Unfit("`do` is publish-all, or by-hand with `on` as yes or no".to_owned())),
    };
    Ok(see(&format!("/staff/sites/{}/publishing?done={word}", here.site.slug)))
}

/// The stop and language an address names, of this site.
pub(in crate::web::routes) async fn named(
    state: &State,
    here: &MayAt<Publish>,
    stop: &str,
    language: &str,
) -> Result<(Stop, Language)> {
    let stops = state.store.stops_of(here.site.id).await?;
    let unknown = || WebError::UnknownStop(stop.chars().take(80).collect());
    let found = stops.into_iter().find(|own| own.slug.as_str() == stop).ok_or_else(unknown)?;
    let language = language.parse().map_err(|_| WebError::UnknownLanguage(language.chars().take(40).collect()))?;
    Ok((found, language))
}

type Guide = Path<(String, String, String)>;

pub async fn guide(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Guide,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    let note = Note { bad: None, good: done(&state, here.may.lang(), asked.field("done")) };
    let wanted = asked.field("edition").parse().ok().map(EditionId);
    one(&state, &here, (&stop, language, wanted), StatusCode::OK, note).await
}

async fn one(
    state: &State,
    here: &MayAt<Publish>,
    (stop, language, wanted): (&Stop, Language, Option<EditionId>),
    status: StatusCode,
    note: Note,
) -> Result<Response> {
    let guides = standings(&state.store, here.site.id).await?;
    let unknown = || WebError::UnknownLanguage(language.tag().to_owned());
    let guide = publishing::one(guides, stop.id, language).ok_or_else(unknown)?;
    let editions = state.store.editions_of(stop.id, language).await?;
    let compared = compared(state, here, (stop, language), publishing::shown(&guide, wanted)).await?;
    let html = render_guide(state, (&here.may, &here.site, stop), (&guide, editions), compared.as_ref(), note)?;
    Ok(staff_page(status, html))
}

/// What publishing an edition would change, for whom; `None` where there is none that waits or is asked for.
pub(in crate::web::routes) async fn compared(
    state: &State,
    here: &MayAt<Publish>,
    (stop, language): (&Stop, Language),
    id: Option<EditionId>,
) -> Result<Option<Compared>> {
    let Some(id) = id else { return Ok(None) };
    let store = &state.store;
    let (found, public, devices) = tokio::try_join!(
        store.edition(stop.id, language, id),
        store.current_edition(&stop.slug, language),
        store.devices()
    )?;
    let Some(found) = found else { return Ok(None) };
    let public = public.map(|public| public.edition);
    Ok(Some(Compared {
        id,
        number: found.number,
        sentences: found.edition.sentences.len(),
        changes: changes(public.as_ref(), &found.edition),
        reach: reach(&devices, &here.site.slug, language, public.as_ref(), &found.edition),
    }))
}

pub async fn change(
    Here(state): Here<State>,
    here: MayAt<Publish>,
    Path((_, stop, language)): Guide,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (stop, language) = named(&state, &here, &stop, &language).await?;
    match changed(&state, &here, (&stop, language), &form).await {
        Ok(word) => {
            let place = format!("/staff/sites/{}/publishing/{}/{language}", here.site.slug, stop.slug);
            Ok(see(&format!("{place}?done={word}")))
        }
        Err(error) => {
            let own = &state.desk.of(here.may.lang()).publishing;
            let bad = match &error {
                WebError::Publish(PublishError::LostFile { file }) => {
                    fill(&own.lost_file, &[("file", &file.to_string())])
                }
                WebError::Publish(PublishError::Store(StoreError::OtherVoice { .. })) => own.other_voice.clone(),
                WebError::Unfit(_) if form.field("do") == "plan" => own.bad_time.clone(),
                _ => return Err(error),
            };
            let status = Problem::from(error).kind.status();
            one(&state, &here, (&stop, language, None), status, Note { bad: Some(bad), good: None }).await
        }
    }
}

async fn changed(
    state: &State,
    here: &MayAt<Publish>,
    (stop, language): (&Stop, Language),
    form: &Fields,
) -> Result<&'static str> {
    let actor = here.may.actor();
    let edition = || {
        let number = form.field("edition").parse().map(EditionId);
        number.map_err(|_| WebError::Unfit("`edition` is the number of an edition".to_owned()))
    };
    Ok(match form.field("do") {
        "publish" => {
            publish_edition(&state.store, &state.blobs, &actor, (&stop.slug, language), edition()?).await?;
            "published"
        }
        "plan" => {
            let at = planned_time(form.field("at")).filter(|at| *at > state.clock.now());
            let at = at.ok_or_else(|| WebError::Unfit("`at` is a time to come: 2026-11-24T08:30".to_owned()))?;
            state.store.plan_edition(&actor, &stop.slug, language, edition()?, at).await?;
            "planned"
        }
        "unplan" => {
            state.store.unplan_edition(&actor, &stop.slug, language).await?;
            "unplanned"
        }
        "take-back" => {
            state.store.take_back(&actor, &stop.slug, language).await?;
            "taken"
        }
        _ => return Err(WebError::Unfit("`do` is publish, plan, unplan or take-back".to_owned())),
    })
}
