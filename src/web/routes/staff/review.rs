//! `/staff/review` and `/staff/sites/{site}/stops/{stop}/review/{lang}`: translations that wait, and one under review as a
//! whole. What is done to a single sentence is in `review_sentence`.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::see;
use crate::domain::{ContentHash, Language, Permission, Scope, Site};
use crate::pipeline::MakeError;
use crate::pipeline::review::{Correction, ask_for_guide, mend};
use crate::store::{GuideHearing, Published, ReviewFilter, Reviewed, StoreError};
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::reviewing::{Reviewing, place};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::review::{Kept, Matter, Strings, render};
use crate::web::views::staff::reviews::{self, PAGE, Wanted};
use crate::web::workplace::{Edit, Given, May, MayAt, Needs, Review, See, staff_page};

pub(super) type Fields = Vec<(String, String)>;
pub(super) type Address = Path<(String, String, String)>;

/// The translations that wait, a page of one site or of all; `site`, `lang`, `show` and `from` say which.
pub async fn list(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let sees = |site: &Site| may.person.grants.may(Permission::See, Scope::Site(site.id));
    let sites: Vec<Site> = state.store.sites().await?.into_iter().filter(sees).collect();
    let ids = sites.iter().map(|site| site.id).collect::<Vec<_>>();
    let counts = state.store.review_counts(&ids).await?;
    let wanted = Wanted {
        site: sites.iter().find(|site| site.slug.as_str() == asked.field("site")).map(|site| site.id),
        language: asked.field("lang").parse().ok(),
        all: asked.field("show") == "all",
        from: asked.field("from").parse().unwrap_or(0),
    };
    // Without a choice the first site where something waits: a house is too large for one page.
    let first = || {
        counts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(site, _)| *site)
            .min_by_key(|id| ids.iter().position(|own| own == id))
    };
    let shown = wanted.site.or_else(first);
    let filter = ReviewFilter { sites: shown.into_iter().collect(), language: wanted.language, all: wanted.all };
    let rows = state.store.reviews(&filter, (wanted.from, PAGE + 1)).await?;
    let matter = reviews::Matter { signed: &may, sites: &sites, counts: &counts, shown, wanted, rows: &rows };
    Ok(staff_page(StatusCode::OK, reviews::render(&state, may.lang(), &matter)?))
}

/// The address of a translation under review.
pub(super) fn address<P: Needs>(at: &MayAt<P>, of: &Reviewing) -> String {
    format!("/staff/sites/{}/stops/{}/review/{}", at.site.slug, of.stop.slug, of.text.language)
}

/// The page of a translation, with something to tell.
pub(super) async fn page<P: Needs>(
    state: &State,
    at: &MayAt<P>,
    of: &Reviewing,
    status: StatusCode,
    (note, kept): (Note, Option<Kept>),
) -> Result<Response> {
    let sounds = Sounds::of(state, of).await?;
    let clips: Vec<u32> = sounds.places(state, of).await?;
    let matter = Matter { signed: &at.may, site: &at.site, of, hearings: &sounds.hearings, clips: &clips, kept };
    Ok(staff_page(status, render(state, at.may.lang(), &matter, note)?))
}

/// What says the sentences of a text: the clips that were heard back, and the public edition.
struct Sounds {
    hearings: Vec<GuideHearing>,
    public: Option<Published>,
}

impl Sounds {
    async fn of(state: &State, of: &Reviewing) -> Result<Self> {
        let (stop, language) = (&of.stop.slug, of.text.language);
        let (hearings, public) = tokio::try_join!(
            state.store.guide_hearings(Some(stop), Some(language)),
            state.store.current_edition(stop, language)
        )?;
        Ok(Self { hearings, public })
    }

    /// The WAV that says a sentence as it stands: the one that was heard back, else the one in the public edition.
    async fn blob(&self, state: &State, of: &Reviewing, ordinal: u32) -> Result<Option<ContentHash>> {
        let Some(sentence) = of.sentences.get(ordinal as usize) else { return Ok(None) };
        let own = |clip: &&GuideHearing| clip.ordinal == ordinal && clip.sentence == sentence.content;
        if let Some(clip) = self.hearings.iter().find(own) {
            return Ok(Some(clip.blob));
        }
        let edition = self.public.as_ref().map(|public| &public.edition);
        let said = edition.and_then(|edition| edition.sentences.iter().find(|one| one.text == sentence.content));
        let Some(said) = said else { return Ok(None) };
        Ok(state.store.clip(said.clip).await?.map(|clip| clip.blob))
    }

    async fn places(&self, state: &State, of: &Reviewing) -> Result<Vec<u32>> {
        let mut places = Vec::new();
        for sentence in &of.sentences {
            if self.blob(state, of, sentence.ordinal).await?.is_some() {
                places.push(sentence.ordinal);
            }
        }
        Ok(places)
    }
}

pub async fn get(
    Here(state): Here<State>,
    at: MayAt<See>,
    Path((_, stop, lang)): Address,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let own = &state.desk.of(at.may.lang()).review;
    let good = match asked.field("done") {
        "saved" => Some(own.saved.clone()),
        "waived" => Some(own.waived.clone()),
        "approved" => Some(own.done_approved.clone()),
        "accepted" => Some(own.done_accepted.clone()),
        "read" => Some(own.done_read.clone()),
        "commented" => Some(own.done_commented.clone()),
        "resolved" => Some(own.done_resolved.clone()),
        _ => None,
    };
    page(&state, &at, &of, StatusCode::OK, (Note { bad: None, good }, None)).await
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
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let ordinal = place(form.field("ordinal"))?;
    // Browsers send the ends of lines as CR LF.
    let (was, words) = (form.field("was").replace("\r\n", "\n"), form.field("words").replace("\r\n", "\n"));
    let given = Correction { language: of.text.language, ordinal, was: &was, to: &words };
    let own = &state.desk.of(at.may.lang()).review;
    let why = match mend(&state.store, &at.may.actor(), &of.stop, given).await {
        Ok(Reviewed::Done) => return Ok(see(&format!("{}?done=saved#{}", address(&at, &of), anchor(ordinal)))),
        Ok(Reviewed::Changed { now: Some(_) }) => own.conflict.clone(),
        Ok(Reviewed::Changed { now: None }) => own.gone.clone(),
        Err(MakeError::Store(error)) => refusal(own, error)?,
        Err(error) => return Err(error.into()),
    };
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let kept = Some(Kept { ordinal, words });
    page(&state, &at, &of, StatusCode::CONFLICT, (Note { bad: Some(why), good: None }, kept)).await
}

/// Where a sentence stands on the page.
pub(super) fn anchor(ordinal: Option<u32>) -> String {
    ordinal.map_or_else(|| "s0".to_owned(), |at| format!("s{}", at + 1))
}

/// What keeps a change from being made, to whoever asked for it; whatever they cannot mend stays an error.
pub(super) fn refusal(own: &Strings, error: StoreError) -> Result<String> {
    Ok(match error {
        StoreError::BadText { .. } | StoreError::BadSegment { .. } => own.empty.clone(),
        StoreError::BadWaiver { .. } | StoreError::BadAcceptance { .. } => own.reason_missing.clone(),
        StoreError::Unchecked { .. } => own.unchecked.clone(),
        StoreError::OpenFindings { more, .. } => {
            crate::web::views::strings::fill(&own.open_findings, &[("n", &(more + 1).to_string())])
        }
        StoreError::BadComment { longest } => {
            crate::web::views::strings::fill(&own.comment_bad, &[("n", &longest.to_string())])
        }
        error => return Err(error.into()),
    })
}

/// Leads on where all went well, and asks for the guide; else says why not.
pub(super) async fn settle<P: Needs>(
    state: &State,
    at: &MayAt<P>,
    of: &Reviewing,
    done: &str,
    result: std::result::Result<(), StoreError>,
) -> Result<Response> {
    match result {
        Ok(()) => {
            ask_for_guide(&state.store, &of.stop, of.text.language).await?;
            Ok(see(&format!("{}?done={done}", address(at, of))))
        }
        Err(error) => {
            let why = refusal(&state.desk.of(at.may.lang()).review, error)?;
            page(state, at, of, StatusCode::CONFLICT, (Note { bad: Some(why), good: None }, None)).await
        }
    }
}

pub async fn waive(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    // Only what stands in this very text: a reviewer of one site lets nothing pass at another.
    let found = of.findings.iter().find(|found| found.id.to_string() == form.field("finding"));
    let found = found.ok_or(WebError::NoAddress)?;
    let result = state.store.review_waive(&at.may.actor(), &of.stop, found, form.field("reason")).await;
    settle(&state, &at, &of, "waived", result).await
}

pub async fn approve(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let seen = form.field("seen").parse();
    let seen = seen.map_err(|_| WebError::Unfit("`seen` is the hash of the text that was read".to_owned()))?;
    let language = of.text.language;
    let result = match state.store.review_approve(&at.may.actor(), &of.stop, language, seen).await {
        Ok(Reviewed::Done) => Ok(()),
        Ok(Reviewed::Changed { .. }) => {
            let bad = Some(state.desk.of(at.may.lang()).review.changed.clone());
            return page(&state, &at, &of, StatusCode::CONFLICT, (Note { bad, good: None }, None)).await;
        }
        Err(error) => Err(error),
    };
    settle(&state, &at, &of, "approved", result).await
}

pub async fn accept(
    Here(state): Here<State>,
    at: MayAt<Review>,
    Path((_, stop, lang)): Address,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let language = of.text.language;
    let clips = state.store.guide_hearings(Some(&of.stop.slug), Some(language)).await?;
    let clip = clips.iter().find(|clip| clip.id.to_string() == form.field("clip"));
    let clip = clip.ok_or(WebError::NoAddress)?;
    let spot = (language, clip.ordinal);
    let reason = form.field("reason");
    let result = state.store.review_accept(&at.may.actor(), &of.stop, spot, clip.id, reason).await;
    settle(&state, &at, &of, "accepted", result).await
}

/// The sound of one sentence, in ranges.
pub async fn clip(
    Here(state): Here<State>,
    at: MayAt<See>,
    Path((_, stop, lang, ordinal)): Path<(String, String, String, u32)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let of = Reviewing::of(&state, &at.site, &stop, &lang).await?;
    let hash = Sounds::of(&state, &of).await?.blob(&state, &of, ordinal).await?.ok_or(WebError::NoFile)?;
    let length = state.blobs.size(hash).await?.ok_or(WebError::NoFile)?;
    let bytes = Bytestore::Blob(&state.blobs, hash);
    Ok(serve(&method, &headers, &File { tag: hash.to_string(), media_type: "audio/wav", length, bytes }))
}
