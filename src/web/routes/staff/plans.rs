//! `/staff/sites/{site}/plans`: drawings of a site's floors and grounds, with its stops on them.

use axum::extract::{Form, Multipart, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::entry::languages;
use super::see;
use crate::domain::{Language, Plan, Site, Stop};
use crate::web::catalogue::{Fault, PlanEntry, read_plan, tag};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::uploads::Upload;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::pictures::refusal;
use crate::web::views::staff::plans::{ListMatter, Matter, list, render};
use crate::web::workplace::{Edit, Given, MayAt, Needs, See, staff_page};

type Fields = Vec<(String, String)>;

/// The plan of an address, and the stops of its site.
pub(in crate::web::routes) async fn of_address(state: &State, site: &Site, number: i64) -> Result<(Plan, Vec<Stop>)> {
    let plans = state.store.plans_of(site.id).await?;
    let plan = plans.into_iter().find(|plan| plan.id.0 == number).ok_or(WebError::NoAddress)?;
    Ok((plan, state.store.stops_of(site.id).await?))
}

/// Whether there is a name in the language names are needed in.
fn nameless(form: &[(String, String)], source: Language) -> bool {
    let wanted = format!("name.{source}");
    !form.iter().any(|(name, value)| *name == wanted && !value.trim().is_empty() && value.chars().count() <= 200)
}

async fn show_list<P: Needs>(
    state: &State,
    here: &MayAt<P>,
    (status, note): (StatusCode, Note),
    typed: &[(String, String)],
) -> Result<Response> {
    let source = source_language(state).await?;
    let matter = ListMatter {
        signed: &here.may,
        site: &here.site,
        plans: &state.store.plans_of(here.site.id).await?,
        source,
        languages: &languages(state, source).await?,
        typed,
        nameless: !typed.is_empty() && nameless(typed, source),
    };
    Ok(staff_page(status, list(state, &matter, note)?))
}

pub async fn get(Here(state): Here<State>, here: MayAt<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = &state.desk.of(here.may.lang()).plan;
    let good = (asked.field("done") == "removed").then(|| words.removed.clone());
    show_list(&state, &here, (StatusCode::OK, Note { bad: None, good }), &[]).await
}

pub async fn add(Here(state): Here<State>, here: MayAt<Edit>, parts: Multipart) -> Result<Response> {
    let upload = Upload::read(parts).await?;
    let source = source_language(&state).await?;
    let words = state.desk.of(here.may.lang());
    let bad = match upload.picture {
        None => words.picture.no_file.clone(),
        Some(Err(error)) => refusal(words, &error),
        Some(Ok(_)) if nameless(&upload.fields, source) => words.picture.again.clone(),
        Some(Ok(bytes)) => {
            let hash = state.blobs.put(bytes).await?;
            let names = read_plan(&upload.fields, &[]).0.names();
            let id = state.store.add_plan(&here.may.actor(), here.site.id, &names, hash).await?;
            return Ok(see(&format!("/staff/sites/{}/plans/{id}?done=added", here.site.slug)));
        }
    };
    let note = Note { bad: Some(bad), good: None };
    show_list(&state, &here, (StatusCode::UNPROCESSABLE_ENTITY, note), &upload.fields).await
}

/// A plan's form on its way to somebody.
struct Shown<'a> {
    plan: &'a Plan,
    stops: &'a [Stop],
    typed: &'a [(String, String)],
    faults: &'a [Fault],
    theirs: Option<&'a PlanEntry>,
    tag: String,
}

async fn show<P: Needs>(
    state: &State,
    here: &MayAt<P>,
    (status, note): (StatusCode, Note),
    shown: Shown<'_>,
) -> Result<Response> {
    let source = source_language(state).await?;
    let size = state.pictures.size(&state.blobs, shown.plan.hash).await?;
    let lost = || WebError::Contradiction(format!("the drawing of plan {} is not there", shown.plan.id));
    let matter = Matter {
        signed: &here.may,
        site: &here.site,
        plan: shown.plan,
        size: size.ok_or_else(lost)?,
        stops: shown.stops,
        typed: shown.typed,
        faults: shown.faults,
        theirs: shown.theirs,
        tag: &shown.tag,
        source,
        languages: &languages(state, source).await?,
    };
    Ok(staff_page(status, render(state, &matter, note)?))
}

pub async fn edit(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, number)): Path<(String, i64)>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let (plan, stops) = of_address(&state, &here.site, number).await?;
    let words = state.desk.of(here.may.lang());
    let good = match asked.field("done") {
        "added" => Some(words.plan.added.clone()),
        "saved" => Some(words.entry.saved.clone()),
        _ => None,
    };
    let shown = Shown { plan: &plan, stops: &stops, typed: &[], faults: &[], theirs: None, tag: tag(&plan)? };
    show(&state, &here, (StatusCode::OK, Note { bad: None, good }), shown).await
}

pub async fn save(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, i64)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (plan, stops) = of_address(&state, &here.site, number).await?;
    let (entry, mut faults) = read_plan(&form, &stops);
    if faults.is_empty() {
        faults = entry.faults(source_language(&state).await?, &stops);
    }
    let tag_sent = form.field("tag").to_owned();
    if !faults.is_empty() {
        let shown = Shown { plan: &plan, stops: &stops, typed: &form, faults: &faults, theirs: None, tag: tag_sent };
        return show(&state, &here, (StatusCode::UNPROCESSABLE_ENTITY, Note::default()), shown).await;
    }
    let names = entry.names();
    if tag(&plan)? == tag_sent && state.store.keep_plan(&here.may.actor(), &plan, &names, &entry.marks(&stops)).await? {
        return Ok(see(&format!("/staff/sites/{}/plans/{number}?done=saved", here.site.slug)));
    }
    let (now, stops) = of_address(&state, &here.site, number).await?;
    let theirs = PlanEntry::of(&now, &stops);
    let shown = Shown { plan: &now, stops: &stops, typed: &form, faults: &[], theirs: Some(&theirs), tag: tag(&now)? };
    show(&state, &here, (StatusCode::CONFLICT, Note::default()), shown).await
}

pub async fn remove(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, number)): Path<(String, i64)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (plan, stops) = of_address(&state, &here.site, number).await?;
    if tag(&plan)? == form.field("tag") && state.store.remove_plan(&here.may.actor(), &plan).await? {
        return Ok(see(&format!("/staff/sites/{}/plans?done=removed", here.site.slug)));
    }
    let theirs = PlanEntry::of(&plan, &stops);
    let shown = Shown { plan: &plan, stops: &stops, typed: &[], faults: &[], theirs: Some(&theirs), tag: tag(&plan)? };
    show(&state, &here, (StatusCode::CONFLICT, Note::default()), shown).await
}
