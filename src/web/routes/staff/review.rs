//! `/staff/review` and `/staff/sites/{site}/stops/{stop}/review/{lang}`: translations that wait, and one under review.

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::see;
use crate::domain::{ContentHash, Language, Permission, Scope, Sentence, Stop, Text, TextState};
use crate::pipeline::MakeError;
use crate::pipeline::review::{Correction, ask_for_guide, mend};
use crate::store::{Context, Reviewed, StoreError};
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::review::{Kept, Matter, Strings, render};
use crate::web::views::staff::reviews::{self, Waiting};
use crate::web::workplace::{Edit, Given, May, MayAt, Needs, Review, See, staff_page};

type Fields = Vec<(String, String)>;
type Address = Path<(String, String, String)>;

/// Likeness in percent from which on the memory's sentences are offered.
const OFFER_FROM: u8 = 75;
const OFFERS: usize = 4;

pub async fn list(Here(state): Here<State>, may: May<See>) -> Result<Response> {
    let mut sites = Vec::new();
    let found = state.store.findings(None).await?;
    for site in state.store.sites().await? {
        if !may.person.grants.may(Permission::See, Scope::Site(site.id)) {
            continue;
        }
        let mut waiting = Vec::new();
        for stop in state.store.stops_of(site.id).await? {
            for language in state.store.languages_of(stop.id).await? {
                let Some((text, _)) = state.store.text(stop.id, language).await? else { continue };
                let here = |one: &&_| {
                    let one: &crate::store::StoredFinding = one;
                    one.stop == stop.slug && one.language == language && one.waiver.is_none()
                };
                let open = found.iter().filter(here).count();
                if text.made_from.is_some() && (open > 0 || text.state == TextState::Draft) {
                    waiting.push(Waiting { stop: stop.clone(), text, open });
                }
            }
        }
        if !waiting.is_empty() {
            sites.push((site, waiting));
        }
    }
    Ok(staff_page(StatusCode::OK, reviews::render(&state, may.lang(), &may, &sites)?))
}

/// The text an address names.
struct Place {
    stop: Stop,
    text: Text,
    sentences: Vec<Sentence>,
}

impl Place {
    async fn of<P: Needs>(state: &State, at: &MayAt<P>, (_, stop, lang): &(String, String, String)) -> Result<Self> {
        let unknown = || WebError::UnknownStop(stop.chars().take(80).collect());
        let language: Language =
            lang.parse().map_err(|_| WebError::UnknownLanguage(lang.chars().take(40).collect()))?;
        let slug = stop.parse().map_err(|_| unknown())?;
        let found = state.store.stop(&slug).await?.filter(|found| found.site == at.site.id).ok_or_else(unknown)?;
        let (text, sentences) = state.store.text(found.id, language).await?.ok_or(WebError::NoAddress)?;
        Ok(Self { stop: found, text, sentences })
    }

    fn address<P: Needs>(&self, at: &MayAt<P>) -> String {
        format!("/staff/sites/{}/stops/{}/review/{}", at.site.slug, self.stop.slug, self.text.language)
    }
}

async fn page<P: Needs>(
    state: &State,
    at: &MayAt<P>,
    place: &Place,
    status: StatusCode,
    (note, kept): (Note, Option<Kept>),
) -> Result<Response> {
    let store = &state.store;
    let (text, language) = (&place.text, place.text.language);
    let checks = store.checks_of(text.id).await?;
    let findings = store.findings_of(text.id).await?;
    let mut hearings = store.guide_hearings(Some(&place.stop.slug)).await?;
    hearings.retain(|clip| clip.language == language);
    let sources: HashMap<_, _> = checks.iter().map(|check| (check.sentence, check.source.clone())).collect();
    let source_at = |at: usize| sources.get(&Some(place.sentences.get(at)?.id)).cloned();
    let mut offers = HashMap::new();
    for check in &checks {
        let ordinal = place.sentences.iter().position(|sentence| Some(sentence.id) == check.sentence);
        let context = ordinal.map_or_else(Context::default, |at| Context {
            previous: at.checked_sub(1).and_then(source_at),
            next: source_at(at + 1),
        });
        let pair = (check.source_language, language);
        let matches = store.matches(&check.source, pair, &context, OFFER_FROM, OFFERS).await?;
        offers.insert(check.sentence, matches);
    }
    let mut clips = Vec::new();
    for sentence in &place.sentences {
        if blob(state, place, sentence.ordinal).await?.is_some() {
            clips.push(sentence.ordinal);
        }
    }
    let matter = Matter {
        signed: &at.may,
        site: &at.site,
        stop: &place.stop,
        text,
        sentences: &place.sentences,
        approver: store.approver(text.id).await?,
        checks: &checks,
        findings: &findings,
        hearings: &hearings,
        clips: &clips,
        offers: &offers,
        kept,
    };
    Ok(staff_page(status, render(state, at.may.lang(), &matter, note)?))
}

/// The WAV that says a sentence as it stands: the one that was heard back, else the one in the public edition.
async fn blob(state: &State, place: &Place, ordinal: u32) -> Result<Option<ContentHash>> {
    let Some(sentence) = place.sentences.get(ordinal as usize) else { return Ok(None) };
    let language = place.text.language;
    let heard = state.store.guide_hearings(Some(&place.stop.slug)).await?;
    let own = |clip: &&crate::store::GuideHearing| {
        clip.language == language && clip.ordinal == ordinal && clip.sentence == sentence.content
    };
    if let Some(clip) = heard.iter().find(own) {
        return Ok(Some(clip.blob));
    }
    let Some(published) = state.store.current_edition(&place.stop.slug, language).await? else { return Ok(None) };
    let said = published.edition.sentences.iter().find(|one| one.text == sentence.content);
    let Some(said) = said else { return Ok(None) };
    Ok(state.store.clip(said.clip).await?.map(|clip| clip.blob))
}

pub async fn get(
    Here(state): Here<State>,
    at: MayAt<See>,
    Path(address): Address,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let place = Place::of(&state, &at, &address).await?;
    let own = &state.desk.of(at.may.lang()).review;
    let good = match asked.field("done") {
        "saved" => Some(own.saved.clone()),
        "waived" => Some(own.waived.clone()),
        "approved" => Some(own.done_approved.clone()),
        "accepted" => Some(own.done_accepted.clone()),
        _ => None,
    };
    page(&state, &at, &place, StatusCode::OK, (Note { bad: None, good }, None)).await
}

/// Whoever reloads the answer to a change is led to the page.
pub async fn back(at: MayAt<See>, Path((_, stop, lang)): Address) -> Result<Response> {
    let slug: crate::domain::Slug = stop.parse().map_err(|_| WebError::UnknownStop(stop.chars().take(80).collect()))?;
    let language: Language = lang.parse().map_err(|_| WebError::UnknownLanguage(lang.chars().take(40).collect()))?;
    Ok(see(&format!("/staff/sites/{}/stops/{slug}/review/{language}", at.site.slug)))
}

pub async fn sentence(
    Here(state): Here<State>,
    at: MayAt<Edit>,
    Path(address): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let place = Place::of(&state, &at, &address).await?;
    let ordinal = match form.field("ordinal") {
        "" => None,
        text => Some(text.parse().map_err(|_| WebError::Unfit("`ordinal` is the place of a sentence".to_owned()))?),
    };
    // Browsers send the ends of lines as CR LF.
    let (was, words) = (form.field("was").replace("\r\n", "\n"), form.field("words").replace("\r\n", "\n"));
    let given = Correction { language: place.text.language, ordinal, was: &was, to: &words };
    let own = &state.desk.of(at.may.lang()).review;
    let why = match mend(&state.store, &at.may.actor(), &place.stop, given).await {
        Ok(Reviewed::Done) => return Ok(see(&format!("{}?done=saved", place.address(&at)))),
        Ok(Reviewed::Changed { now: Some(_) }) => own.conflict.clone(),
        Ok(Reviewed::Changed { now: None }) => own.gone.clone(),
        Err(MakeError::Store(error)) => refusal(own, error)?,
        Err(error) => return Err(error.into()),
    };
    let place = Place::of(&state, &at, &address).await?;
    let kept = Some(Kept { ordinal, words });
    page(&state, &at, &place, StatusCode::CONFLICT, (Note { bad: Some(why), good: None }, kept)).await
}

/// What keeps a change from being made, to whoever asked for it; whatever they cannot mend stays an error.
fn refusal(own: &Strings, error: StoreError) -> Result<String> {
    Ok(match error {
        StoreError::BadText { .. } | StoreError::BadSegment { .. } => own.empty.clone(),
        StoreError::BadWaiver { .. } | StoreError::BadAcceptance { .. } => own.reason_missing.clone(),
        StoreError::Unchecked { .. } => own.unchecked.clone(),
        StoreError::OpenFindings { more, .. } => {
            crate::web::views::strings::fill(&own.open_findings, &[("n", &(more + 1).to_string())])
        }
        error => return Err(error.into()),
    })
}

/// Leads on where all went well, and asks for the guide; else says why not.
async fn settle<P: Needs>(
    state: &State,
    at: &MayAt<P>,
    place: &Place,
    done: &str,
    result: std::result::Result<(), StoreError>,
) -> Result<Response> {
    match result {
        Ok(()) => {
            ask_for_guide(&state.store, &place.stop, place.text.language).await?;
            Ok(see(&format!("{}?done={done}", place.address(at))))
        }
        Err(error) => {
            let why = refusal(&state.desk.of(at.may.lang()).review, error)?;
            page(state, at, place, StatusCode::CONFLICT, (Note { bad: Some(why), good: None }, None)).await
        }
    }
}

pub async fn waive(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path(address): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let place = Place::of(&state, &at, &address).await?;
    let findings = state.store.findings_of(place.text.id).await?;
    // Only what stands in this very text: a reviewer of one site lets nothing pass at another.
    let found = findings.iter().find(|found| found.id.to_string() == form.field("finding"));
    let found = found.ok_or(WebError::NoAddress)?;
    let result = state.store.review_waive(&at.may.actor(), &place.stop, found, form.field("reason")).await;
    settle(&state, &at, &place, "waived", result).await
}

pub async fn approve(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path(address): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let place = Place::of(&state, &at, &address).await?;
    let seen = form.field("seen").parse();
    let seen = seen.map_err(|_| WebError::Unfit("`seen` is the hash of the text that was read".to_owned()))?;
    let language = place.text.language;
    let result = match state.store.review_approve(&at.may.actor(), &place.stop, language, seen).await {
        Ok(Reviewed::Done) => Ok(()),
        Ok(Reviewed::Changed { .. }) => {
            let bad = Some(state.desk.of(at.may.lang()).review.changed.clone());
            return page(&state, &at, &place, StatusCode::CONFLICT, (Note { bad, good: None }, None)).await;
        }
        Err(error) => Err(error),
    };
    settle(&state, &at, &place, "approved", result).await
}

pub async fn accept(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path(address): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let place = Place::of(&state, &at, &address).await?;
    let language = place.text.language;
    let clips = state.store.guide_hearings(Some(&place.stop.slug)).await?;
    let clip = clips.iter().find(|clip| clip.language == language && clip.id.to_string() == form.field("clip"));
    let clip = clip.ok_or(WebError::NoAddress)?;
    let spot = (language, clip.ordinal);
    let reason = form.field("reason");
    let result = state.store.review_accept(&at.may.actor(), &place.stop, spot, clip.id, reason).await;
    settle(&state, &at, &place, "accepted", result).await
}

/// The sound of one sentence, in ranges.
pub async fn clip(
    Here(state): Here<State>,
    at: MayAt<See>,
    Path((site, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let place = Place::of(&state, &at, &(site, stop, lang)).await?;
    let hash = blob(&state, &place, ordinal).await?.ok_or(WebError::NoFile)?;
    let length = state.blobs.size(hash).await?.ok_or(WebError::NoFile)?;
    let bytes = Bytestore::Blob(&state.blobs, hash);
    Ok(serve(&method, &headers, &File { tag: hash.to_string(), media_type: "audio/wav", length, bytes }))
}
