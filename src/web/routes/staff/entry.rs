//! Making and changing sites, relics and stops: forms that keep what was typed until it fits.

use axum::extract::{Form, Path, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::see;
use super::stop::Open;
use crate::domain::{Language, Permission, Relic, Scope, Site, TermList};
use crate::people::Signed;
use crate::web::catalogue::{
    Entry, Fault, Kind, Outcome, keep_relic, keep_site, keep_stop, read, tag, tag_of_site, tag_of_stop,
};
use crate::web::error::{Result, WebError};
use crate::web::grounds::Grounds;
use crate::web::state::State;
use crate::web::views::staff::entry::{Matter, render};
use crate::web::workplace::{Edit, Given, May, MayAt, staff_page};

type Fields = Vec<(String, String)>;

/// A form on its way to somebody.
struct Shown<'a> {
    kind: Kind,
    site: Option<&'a Site>,
    entry: &'a Entry,
    typed: &'a [(String, String)],
    is_new: bool,
    tag: &'a str,
    action: &'a str,
    faults: &'a [Fault],
    theirs: Option<&'a Entry>,
}

async fn show(state: &State, signed: &Signed, status: StatusCode, shown: Shown<'_>) -> Result<Response> {
    let source = source_language(state).await?;
    let relics = match shown.site {
        Some(site) => state.store.relics_of(site.id).await?,
        None => Vec::new(),
    };
    let stops = match shown.site {
        Some(site) => state.store.stops_of(site.id).await?,
        None => Vec::new(),
    };
    let ground = Grounds::get(state).await?;
    let matter = Matter {
        signed,
        ground: ground.as_deref(),
        stops: &stops,
        kinds: kinds(state, signed.person.language).await?,
        kind: shown.kind,
        site: shown.site,
        relics: &relics,
        entry: shown.entry,
        typed: shown.typed,
        is_new: shown.is_new,
        tag: shown.tag,
        action: shown.action,
        source,
        languages: &languages(state, source).await?,
        faults: shown.faults,
        theirs: shown.theirs,
    };
    Ok(staff_page(status, render(state, &matter)?))
}

/// The page after a change: onward where it is kept, else the form again with what was typed.
async fn after(
    state: &State,
    signed: &Signed,
    outcome: Outcome,
    to: &str,
    now: Option<(Entry, String)>,
    shown: Shown<'_>,
) -> Result<Response> {
    match outcome {
        Outcome::Kept => Ok(see(&format!("{to}?done=saved"))),
        Outcome::Faulty(faults) => {
            show(state, signed, StatusCode::UNPROCESSABLE_ENTITY, Shown { faults: &faults, ..shown }).await
        }
        Outcome::Overtaken => {
            let Some((theirs, tag)) = now else { return Err(WebError::NoAddress) };
            show(state, signed, StatusCode::CONFLICT, Shown { theirs: Some(&theirs), tag: &tag, ..shown }).await
        }
    }
}

/// The kinds that stand somewhere, with their names, to choose from while typing.
async fn kinds(state: &State, lang: Language) -> Result<Vec<(String, String)>> {
    let terms = state.store.terms().await?;
    let named = |word: &str| {
        let term = terms.iter().find(|term| term.list == TermList::Kind && term.word == word);
        term.map(|term| term.names.best(lang).to_owned()).unwrap_or_default()
    };
    let used = state.store.words_in_use(TermList::Kind).await?;
    Ok(used.into_keys().map(|word| (word.clone(), named(&word))).collect())
}

/// The languages names are asked for in: the source, English, and those of the guides.
pub(in crate::web::routes) async fn languages(state: &State, source: Language) -> Result<Vec<Language>> {
    let guides = state.store.collection().await?.map(|held| held.guide_languages).unwrap_or_default();
    Ok(Language::all().filter(|l| *l == source || *l == Language::EN || guides.contains(l)).collect())
}

fn next(positions: impl Iterator<Item = i64>) -> i64 {
    positions.max().unwrap_or_default().saturating_add(1)
}

pub async fn new_site(Here(state): Here<State>, may: May<Edit>) -> Result<Response> {
    may.signed.must(Permission::Edit, Scope::House)?;
    let position = next(state.store.sites().await?.iter().map(|site| site.position));
    let entry = Entry { position, ..Entry::default() };
    show(&state, &may, StatusCode::OK, fresh(Kind::Site, None, &entry, "/staff/collection/new", &[])).await
}

fn fresh<'a>(kind: Kind, site: Option<&'a Site>, entry: &'a Entry, action: &'a str, faults: &'a [Fault]) -> Shown<'a> {
    Shown { kind, site, entry, typed: &[], is_new: true, tag: "", action, faults, theirs: None }
}

pub async fn add_site(Here(state): Here<State>, may: May<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    may.signed.must(Permission::Edit, Scope::House)?;
    let (entry, faults) = read(&form);
    let outcome = match faults.is_empty() {
        true => keep_site(&state, &may.actor(), source_language(&state).await?, &entry, None).await?,
        false => Outcome::Faulty(faults),
    };
    let to = format!("/staff/sites/{}", entry.slug);
    let shown = fresh(Kind::Site, None, &entry, "/staff/collection/new", &[]);
    after(&state, &may, outcome, &to, None, Shown { typed: &form, ..shown }).await
}

pub async fn edit_site(Here(state): Here<State>, here: MayAt<Edit>) -> Result<Response> {
    let (entry, tag) = (Entry::from(&here.site), tag_of_site(&here.site)?);
    let action = format!("/staff/sites/{}/edit", here.site.slug);
    let shown = Shown { is_new: false, tag: &tag, ..fresh(Kind::Site, Some(&here.site), &entry, &action, &[]) };
    show(&state, &here.may, StatusCode::OK, shown).await
}

pub async fn save_site(Here(state): Here<State>, here: MayAt<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let (mut entry, faults) = read(&form);
    entry.slug = here.site.slug.to_string();
    let outcome = match faults.is_empty() {
        true => {
            let before = Some((&here.site, form.field("tag")));
            keep_site(&state, &here.may.actor(), source_language(&state).await?, &entry, before).await?
        }
        false => Outcome::Faulty(faults),
    };
    let now = state.store.site(&here.site.slug).await?;
    let now = now.as_ref().map(|site| Ok::<_, WebError>((Entry::from(site), tag_of_site(site)?))).transpose()?;
    let to = format!("/staff/sites/{}", here.site.slug);
    let action = format!("{to}/edit");
    let shown = fresh(Kind::Site, Some(&here.site), &entry, &action, &[]);
    after(&state, &here.may, outcome, &to, now, Shown { is_new: false, tag: form.field("tag"), typed: &form, ..shown })
        .await
}

async fn relic_of(state: &State, site: &Site, slug: &str) -> Result<Relic> {
    let relics = state.store.relics_of(site.id).await?;
    relics.into_iter().find(|relic| relic.slug.as_str() == slug).ok_or(WebError::NoAddress)
}

pub async fn new_relic(Here(state): Here<State>, here: MayAt<Edit>) -> Result<Response> {
    let entry = Entry::default();
    let action = format!("/staff/sites/{}/relics/new", here.site.slug);
    show(&state, &here.may, StatusCode::OK, fresh(Kind::Relic, Some(&here.site), &entry, &action, &[])).await
}

pub async fn add_relic(Here(state): Here<State>, here: MayAt<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let (entry, faults) = read(&form);
    let outcome = match faults.is_empty() {
        true => keep_relic(&state, &here.may.actor(), source_language(&state).await?, &here.site, &entry, None).await?,
        false => Outcome::Faulty(faults),
    };
    let to = format!("/staff/sites/{}", here.site.slug);
    let action = format!("{to}/relics/new");
    let shown = fresh(Kind::Relic, Some(&here.site), &entry, &action, &[]);
    after(&state, &here.may, outcome, &to, None, Shown { typed: &form, ..shown }).await
}

pub async fn edit_relic(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    let relic = relic_of(&state, &here.site, &slug).await?;
    let (entry, tag) = (Entry::from(&relic), tag(&relic)?);
    let action = format!("/staff/sites/{}/relics/{}", here.site.slug, relic.slug);
    let shown = Shown { is_new: false, tag: &tag, ..fresh(Kind::Relic, Some(&here.site), &entry, &action, &[]) };
    show(&state, &here.may, StatusCode::OK, shown).await
}

pub async fn save_relic(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let relic = relic_of(&state, &here.site, &slug).await?;
    let (mut entry, faults) = read(&form);
    entry.slug = relic.slug.to_string();
    let outcome = match faults.is_empty() {
        true => {
            let before = Some((&relic, form.field("tag")));
            keep_relic(&state, &here.may.actor(), source_language(&state).await?, &here.site, &entry, before).await?
        }
        false => Outcome::Faulty(faults),
    };
    let now = relic_of(&state, &here.site, &slug).await?;
    let now = Some((Entry::from(&now), tag(&now)?));
    let to = format!("/staff/sites/{}", here.site.slug);
    let action = format!("{to}/relics/{}", relic.slug);
    let shown = fresh(Kind::Relic, Some(&here.site), &entry, &action, &[]);
    after(&state, &here.may, outcome, &to, now, Shown { is_new: false, tag: form.field("tag"), typed: &form, ..shown })
        .await
}

pub async fn edit_stop(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    let stop = Open::read(&state, &here.site, &slug).await?.stop;
    let relics = state.store.relics_of(here.site.id).await?;
    let (entry, tag) = (Entry::of_stop(&stop, &relics), tag_of_stop(&stop)?);
    let action = format!("/staff/sites/{}/stops/{}/edit", here.site.slug, stop.slug);
    let shown = Shown { is_new: false, tag: &tag, ..fresh(Kind::Stop, Some(&here.site), &entry, &action, &[]) };
    show(&state, &here.may, StatusCode::OK, shown).await
}

pub async fn save_stop(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let stop = Open::read(&state, &here.site, &slug).await?.stop;
    let (mut entry, faults) = read(&form);
    entry.slug = stop.slug.to_string();
    let outcome = match faults.is_empty() {
        true => {
            let before = Some((&stop, form.field("tag")));
            keep_stop(&state, &here.may.actor(), source_language(&state).await?, &here.site, &entry, before).await?
        }
        false => Outcome::Faulty(faults),
    };
    let now = Open::read(&state, &here.site, &slug).await?.stop;
    let relics = state.store.relics_of(here.site.id).await?;
    let now = Some((Entry::of_stop(&now, &relics), tag_of_stop(&now)?));
    let to = format!("/staff/sites/{}/stops/{}", here.site.slug, stop.slug);
    let action = format!("{to}/edit");
    let shown = fresh(Kind::Stop, Some(&here.site), &entry, &action, &[]);
    after(&state, &here.may, outcome, &to, now, Shown { is_new: false, tag: form.field("tag"), typed: &form, ..shown })
        .await
}
