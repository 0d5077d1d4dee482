//! `/staff/sites/{site}/stops/{stop}`: one stop, its narration and the versions of that.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::see;
use crate::domain::{Author, JobKind, Language, Permission, Scope, Sentence, Site, Stop, Text, TextState};
use crate::people::{PeopleError, Signed};
use crate::store::{NewText, Revised, TextChange, hash_of};
use crate::text::narration::read_narration;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::stop::{Draft, Matter, Theirs, render, says, typed, version};
use crate::web::workplace::{Edit, Given, MayAt, See, staff_page};

type Fields = Vec<(String, String)>;
type Place = Path<(String, String)>;

/// The most characters of a title.
pub(in crate::web::routes) const LONGEST_TITLE: usize = 200;

/// A stop with what stands of its narration.
pub(in crate::web::routes) struct Open {
    pub stop: Stop,
    pub source: Language,
    pub text: Option<(Text, Vec<Sentence>)>,
}

impl Open {
    /// The stop of an address; a stop of another site is not found.
    pub async fn read(state: &State, site: &Site, slug: &str) -> Result<Self> {
        let unknown = || WebError::UnknownStop(slug.chars().take(80).collect());
        let stop = state.store.stop(&slug.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
        if stop.site != site.id {
            return Err(unknown());
        }
        let source = source_language(state).await?;
        let text = state.store.text(stop.id, source).await?;
        Ok(Self { stop, source, text })
    }

    fn draft(&self) -> Draft {
        let Some((text, sentences)) = &self.text else { return Draft::default() };
        Draft {
            title: text.title.clone(),
            body: typed(sentences.iter().map(|s| (s.paragraph, s.content.as_str())), self.source),
            base: hash_of(text, sentences).to_string(),
        }
    }

    fn theirs(&self) -> Option<Theirs> {
        let (text, _) = self.text.as_ref()?;
        let who = match &text.author {
            Author::Person { name } => name.clone(),
            Author::Machine { engine, .. } => engine.clone(),
        };
        let Draft { title, body, .. } = self.draft();
        Some(Theirs { who, at: text.changed_at.into(), title, body })
    }
}

/// What the page shows instead of what stands.
#[derive(Default)]
pub(super) struct Instead {
    pub draft: Option<Draft>,
    pub theirs: Option<Theirs>,
}

pub(super) async fn page(
    state: &State,
    signed: &Signed,
    site: &Site,
    open: &Open,
    instead: Instead,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let versions = state.store.text_versions(open.stop.id, open.source).await?;
    let languages = state.store.languages_of(open.stop.id).await?;
    let matter = Matter {
        signed,
        site,
        stop: &open.stop,
        source: open.source,
        draft: instead.draft.unwrap_or_else(|| open.draft()),
        author: open.text.as_ref().map(|(text, _)| (&text.author, text.state)),
        theirs: instead.theirs,
        versions: &versions,
        languages: &languages,
    };
    Ok(staff_page(status, render(state, matter, note)?))
}

pub async fn get(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug)): Place,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let words = state.desk.of(here.may.lang());
    let good = match asked.field("done") {
        "saved" => Some(words.stop.saved.clone()),
        "draft" => Some(words.stop.saved_draft.clone()),
        "unchanged" => Some(words.stop.unchanged.clone()),
        "added" => Some(words.collection.added.clone()),
        _ => None,
    };
    let note = Note { bad: None, good };
    page(&state, &here.may, &here.site, &open, Instead::default(), (StatusCode::OK, note)).await
}

pub async fn narration(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let draft = Draft {
        title: form.field("title").trim().to_owned(),
        body: form.field("body").replace("\r\n", "\n"),
        base: form.field("base").to_owned(),
    };
    let words = state.desk.of(here.may.lang());
    let refuse = |why: String, draft| (why, Instead { draft: Some(draft), ..Instead::default() });
    let (why, instead) = match read_narration(&draft.body, open.source) {
        Err(error) => refuse(says(words, &error), draft),
        Ok(_) if draft.title.is_empty() || draft.title.chars().count() > LONGEST_TITLE => {
            refuse(words.stop.no_title.clone(), draft)
        }
        Ok(paragraphs) => {
            let new = NewText {
                stop: open.stop.id,
                language: open.source,
                title: draft.title.clone(),
                author: Author::Person { name: here.may.person.name.clone() },
                state: wanted_state(&here, form.field("state"))?,
                made_from: None,
                sentences: NewText::sentences_of(paragraphs),
            };
            let base = match draft.base.as_str() {
                "" => None,
                hash => Some(hash.parse().map_err(|_| WebError::Unfit("`base` is no hash of a text".to_owned()))?),
            };
            match state.store.revise_text(&here.may.actor(), &open.stop, &new, base).await? {
                Revised::Kept(change) => return kept(&state, &here.site, &open.stop, new.state, change).await,
                Revised::Overtaken => return overtaken(&state, &here, &slug, draft).await,
            }
        }
    };
    let note = Note { bad: Some(why), good: None };
    page(&state, &here.may, &here.site, &open, instead, (StatusCode::UNPROCESSABLE_ENTITY, note)).await
}

/// Approving is a reviewer's; a draft is every editor's.
pub(in crate::web::routes) fn wanted_state(here: &MayAt<Edit>, word: &str) -> Result<TextState> {
    match word {
        "draft" => Ok(TextState::Draft),
        "approved" if here.may.person.grants.may(Permission::Review, Scope::Site(here.site.id)) => {
            Ok(TextState::Approved)
        }
        "approved" => Err(PeopleError::Forbidden(Permission::Review).into()),
        _ => Err(WebError::Unfit("`state` is draft or approved".to_owned())),
    }
}

/// What was kept is spoken, where it may be; the person sees the page anew.
async fn kept(state: &State, site: &Site, stop: &Stop, text: TextState, change: TextChange) -> Result<Response> {
    let done = match (change, text) {
        (TextChange::Unchanged, _) => "unchanged",
        (_, TextState::Draft) => "draft",
        (_, TextState::Approved) => "saved",
    };
    if done == "saved" {
        make_guides(state, stop).await?;
    }
    Ok(see(&format!("/staff/sites/{}/stops/{}?done={done}", site.slug, stop.slug)))
}

/// Asks for the guides of a stop to be brought up to date in every language of the collection.
pub(in crate::web::routes) async fn make_guides(state: &State, stop: &Stop) -> Result<()> {
    let Some(collection) = state.store.collection().await? else { return Ok(()) };
    for language in collection.guide_languages {
        state.store.enqueue(&JobKind::MakeGuide { stop: stop.slug.clone(), language }, 0).await?;
    }
    Ok(())
}

/// Somebody else was first: both texts are shown, and saving again is based on theirs.
async fn overtaken(state: &State, here: &MayAt<Edit>, slug: &str, draft: Draft) -> Result<Response> {
    let open = Open::read(state, &here.site, slug).await?;
    let note = Note { bad: Some(state.desk.of(here.may.lang()).stop.overtaken.clone()), good: None };
    let draft = Draft { base: open.draft().base, ..draft };
    let instead = Instead { draft: Some(draft), theirs: open.theirs() };
    page(state, &here.may, &here.site, &open, instead, (StatusCode::CONFLICT, note)).await
}

pub async fn versions(
    Here(state): Here<State>,
    here: MayAt<See>,
    Path((_, slug, number)): Path<(String, String, u32)>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let versions = state.store.text_versions(open.stop.id, open.source).await?;
    let wanted = versions.iter().find(|version| version.number == number).ok_or(WebError::NoAddress)?;
    let matter = Matter {
        signed: &here.may,
        site: &here.site,
        stop: &open.stop,
        source: open.source,
        draft: open.draft(),
        author: None,
        theirs: None,
        versions: &versions,
        languages: &[],
    };
    Ok(staff_page(StatusCode::OK, version(&state, &matter, wanted)?))
}
