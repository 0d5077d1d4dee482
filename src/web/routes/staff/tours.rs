//! `/staff/tours`: the tours of the collection; making, changing and taking one away.
//!
//! A tour of one site is changed by that site's editors, one through several by those of the whole house.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::entry::languages;
use super::see;
use crate::domain::{Language, Permission, Scope, Site, Stop, Tour};
use crate::people::Signed;
use crate::web::catalogue::{Around, Fault, Outcome, TourEntry, keep_tour, read_tour, tag};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::tours::{Matter, form as render, list};
use crate::web::workplace::{Edit, Given, May, See, staff_page};

type Fields = Vec<(String, String)>;

/// The order of a first tour, and what lies between it and the next.
const STEP: i64 = 1;

/// What a tour is made of and shown with.
pub(in crate::web::routes) struct Ground {
    pub source: Language,
    pub sites: Vec<Site>,
    pub stops: Vec<Stop>,
}

impl Ground {
    pub async fn read(state: &State) -> Result<Self> {
        let (sites, stops) = tokio::try_join!(state.store.sites(), state.store.stops())?;
        Ok(Self { source: source_language(state).await?, sites, stops })
    }

    pub fn around(&self) -> Around<'_> {
        Around { source: self.source, sites: &self.sites, stops: &self.stops }
    }
}

/// Refuses where somebody may not change what belongs to this site; an empty or unknown one is the whole house's.
pub(in crate::web::routes) fn must_edit(signed: &Signed, ground: &Ground, site: &str) -> Result<()> {
    let site = ground.sites.iter().find(|own| own.slug.as_str() == site);
    Ok(signed.must(Permission::Edit, site.map_or(Scope::House, |site| Scope::Site(site.id)))?)
}

pub(in crate::web::routes) fn scope_of(tour: &Tour) -> Scope {
    tour.site.map_or(Scope::House, Scope::Site)
}

/// The tour of an address, whose editor this is.
pub(in crate::web::routes) async fn own(state: &State, signed: &Signed, slug: &str) -> Result<Tour> {
    let slug = slug.parse().map_err(|_| WebError::NoAddress)?;
    let tour = state.store.tour(&slug).await?.ok_or(WebError::NoAddress)?;
    signed.must(Permission::Edit, scope_of(&tour))?;
    Ok(tour)
}

/// Those that go through something one may see.
pub(in crate::web::routes) async fn seen(state: &State, may: &May<See>) -> Result<Vec<Tour>> {
    let stops = state.store.stops().await?;
    let open = |tour: &Tour| match tour.site {
        Some(site) => may.at(site).is_ok(),
        None => {
            let own = |one: &crate::domain::TourStop| {
                stops.iter().any(|stop| stop.id == one.stop && may.at(stop.site).is_ok())
            };
            tour.stops.is_empty() || tour.stops.iter().any(own)
        }
    };
    let mut tours = state.store.tours().await?;
    tours.retain(open);
    Ok(tours)
}

/// A form on its way to somebody.
struct Shown<'a> {
    entry: &'a TourEntry,
    typed: &'a [(String, String)],
    is_new: bool,
    tag: &'a str,
    faults: &'a [Fault],
    theirs: Option<&'a TourEntry>,
}

async fn show(
    state: &State,
    signed: &Signed,
    ground: &Ground,
    (status, note): (StatusCode, Note),
    shown: Shown<'_>,
) -> Result<Response> {
    let action =
        if shown.is_new { "/staff/tours/new".to_owned() } else { format!("/staff/tours/{}", shown.entry.slug) };
    let matter = Matter {
        signed,
        around: &ground.around(),
        languages: &languages(state, ground.source).await?,
        entry: shown.entry,
        typed: shown.typed,
        is_new: shown.is_new,
        tag: shown.tag,
        action: &action,
        faults: shown.faults,
        theirs: shown.theirs,
    };
    Ok(staff_page(status, render(state, &matter, note)?))
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = state.desk.of(may.lang());
    let good = match asked.field("done") {
        "saved" => Some(words.entry.saved.clone()),
        "removed" => Some(words.tour.removed.clone()),
        _ => None,
    };
    let tours = seen(&state, &may).await?;
    let sites = state.store.sites().await?;
    Ok(staff_page(StatusCode::OK, list(&state, &may, &tours, &sites, Note { bad: None, good })?))
}

pub async fn new(Here(state): Here<State>, may: May<Edit>) -> Result<Response> {
    let ground = Ground::read(&state).await?;
    let last = state.store.tours().await?.iter().map(|tour| tour.position).max().unwrap_or_default();
    let entry = TourEntry { position: last.saturating_add(STEP), ..TourEntry::default() };
    let shown = Shown { entry: &entry, typed: &[], is_new: true, tag: "", faults: &[], theirs: None };
    show(&state, &may, &ground, (StatusCode::OK, Note::default()), shown).await
}

pub async fn add(Here(state): Here<State>, may: May<Edit>, Form(form): Form<Fields>) -> Result<Response> {
    let ground = Ground::read(&state).await?;
    let (entry, mut faults) = read_tour(&form, &ground.stops);
    must_edit(&may, &ground, &entry.site)?;
    if faults.is_empty() {
        match keep_tour(&state, &may.actor(), &ground.around(), &entry, None).await? {
            Outcome::Kept => return Ok(see(&format!("/staff/tours/{}?done=saved", entry.slug))),
            Outcome::Faulty(found) => faults = found,
            Outcome::Overtaken => return Err(WebError::Overtaken),
        }
    }
    let shown = Shown { entry: &entry, typed: &form, is_new: true, tag: "", faults: &faults, theirs: None };
    show(&state, &may, &ground, (StatusCode::UNPROCESSABLE_ENTITY, Note::default()), shown).await
}

pub async fn edit(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(slug): Path<String>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let tour = own(&state, &may, &slug).await?;
    let ground = Ground::read(&state).await?;
    let saved = asked.field("done") == "saved";
    let note = Note { bad: None, good: saved.then(|| state.desk.of(may.lang()).entry.saved.clone()) };
    let (entry, tag) = (TourEntry::of(&tour, &ground.around()), tag(&tour)?);
    let shown = Shown { entry: &entry, typed: &[], is_new: false, tag: &tag, faults: &[], theirs: None };
    show(&state, &may, &ground, (StatusCode::OK, note), shown).await
}

pub async fn save(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(slug): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let tour = own(&state, &may, &slug).await?;
    let ground = Ground::read(&state).await?;
    let (mut entry, mut faults) = read_tour(&form, &ground.stops);
    entry.slug = tour.slug.to_string();
    must_edit(&may, &ground, &entry.site)?;
    if faults.is_empty() {
        let before = Some((&tour, form.field("tag")));
        match keep_tour(&state, &may.actor(), &ground.around(), &entry, before).await? {
            Outcome::Kept => return Ok(see(&format!("/staff/tours/{}?done=saved", entry.slug))),
            Outcome::Faulty(found) => faults = found,
            Outcome::Overtaken => return overtaken(&state, &may, &ground, &entry, &form).await,
        }
    }
    let shown =
        Shown { entry: &entry, typed: &form, is_new: false, tag: form.field("tag"), faults: &faults, theirs: None };
    show(&state, &may, &ground, (StatusCode::UNPROCESSABLE_ENTITY, Note::default()), shown).await
}

/// Somebody else was first: both are shown, and saving again is based on theirs.
async fn overtaken(
    state: &State,
    signed: &Signed,
    ground: &Ground,
    entry: &TourEntry,
    form: &[(String, String)],
) -> Result<Response> {
    let now = own(state, signed, &entry.slug).await?;
    let (theirs, tag) = (TourEntry::of(&now, &ground.around()), tag(&now)?);
    let shown = Shown { entry, typed: form, is_new: false, tag: &tag, faults: &[], theirs: Some(&theirs) };
    show(state, signed, ground, (StatusCode::CONFLICT, Note::default()), shown).await
}

pub async fn remove(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(slug): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let tour = own(&state, &may, &slug).await?;
    if tag(&tour)? == form.field("tag") && state.store.remove_tour(&may.actor(), &tour).await? {
        return Ok(see("/staff/tours?done=removed"));
    }
    let ground = Ground::read(&state).await?;
    let now = own(&state, &may, &slug).await?;
    overtaken(&state, &may, &ground, &TourEntry::of(&now, &ground.around()), &[]).await
}
