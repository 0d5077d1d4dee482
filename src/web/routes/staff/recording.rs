//! `/staff/recordings/{id}`: one recording. Its lines read and corrected, its passages named, its words made a text.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::recordings::unread;
use super::see;
use super::stop::make_guides;
use crate::domain::{JobKind, Milliseconds, Passage, Permission, RecordedSentence, Recording, Scope};
use crate::people::Signed;
use crate::pipeline::recordings::{Description, RecordingError, describe, read_clock};
use crate::store::{Correction, StoreError};
use crate::web::catalogue::tag;
use crate::web::error::{Result, WebError};
use crate::web::recordings::{Places, found, stop_of};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::recording::{Matter, render};
use crate::web::views::strings::fill;
use crate::web::workplace::{Edit, Given, May, Needs, Review, See, sound_page};

type Fields = Vec<(String, String)>;

/// Lines on one page: more are slow to load and easy to lose one's place in.
pub(in crate::web::routes) const LINES: usize = 40;
/// A silence that parts passages, in seconds.
const SILENCES: std::ops::RangeInclusive<f64> = 0.3..=60.0;

/// Names the state of a recording's lines.
pub(in crate::web::routes) fn tag_of_lines(lines: &[RecordedSentence]) -> Result<String> {
    tag(&lines)
}

/// Names the state of its passages.
pub(in crate::web::routes) fn tag_of_passages(passages: &[Passage]) -> Result<String> {
    tag(&passages)
}

fn home(recording: &Recording, done: &str) -> Response {
    see(&format!("/staff/recordings/{}?done={done}", recording.id))
}

async fn page(
    state: &State,
    signed: &Signed,
    (recording, places): (&Recording, &Places),
    at: usize,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let lines = state.store.recorded_sentences(recording.id).await?;
    let passages = state.store.passages(recording.id).await?;
    let hearing = JobKind::HearRecording { recording: recording.id };
    let pages = lines.len().div_ceil(LINES).max(1);
    let at = at.min(pages - 1);
    let shown = &lines[at * LINES..((at + 1) * LINES).min(lines.len())];
    let matter = Matter {
        signed,
        recording,
        places,
        unread: lines.iter().filter(|line| line.corrected.is_none()).count(),
        lines: shown,
        tag: tag_of_lines(shown)?,
        pages,
        at,
        passages: &passages,
        passages_tag: tag_of_passages(&passages)?,
        job: state.store.last_job(&hearing).await?,
        heard_to: state.store.heard_to(recording.id).await?,
        scope: places.scope(recording),
    };
    Ok(sound_page(status, render(state, &matter, note)?))
}

pub async fn get(
    Here(state): Here<State>,
    may: May<See>,
    Path(id): Path<i64>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::See)).await?;
    let own = &state.desk.of(may.lang()).recording;
    let good = match asked.field("done") {
        "added" => Some(own.added.clone()),
        "known" => Some(own.known.clone()),
        "read" => Some(own.read.clone()),
        "passages" => Some(own.passages_kept.clone()),
        "cutting" => Some(own.cutting.clone()),
        "hearing" => Some(own.asked.clone()),
        "described" => Some(own.described.clone()),
        _ => None,
    };
    let at = asked.field("page").parse::<usize>().unwrap_or(1).saturating_sub(1);
    page(&state, &may, (&recording, &places), at, (StatusCode::OK, Note { bad: None, good })).await
}

/// What keeps a change from being made, on the page again.
async fn refused<P: Needs>(
    state: &State,
    may: &May<P>,
    (recording, places): (&Recording, &Places),
    at: usize,
    error: WebError,
) -> Result<Response> {
    let own = &state.desk.of(may.lang()).recording;
    let (status, why) = match error {
        WebError::Overtaken => (StatusCode::CONFLICT, own.overtaken.clone()),
        WebError::Unfit(_) => (StatusCode::UNPROCESSABLE_ENTITY, own.unfit.clone()),
        WebError::Recording(RecordingError::Unread { unread, .. }) => {
            (StatusCode::CONFLICT, fill(&own.unread, &[("n", &unread.to_string())]))
        }
        WebError::Recording(RecordingError::NothingSaid { .. }) => (StatusCode::CONFLICT, own.nothing_said.clone()),
        WebError::Recording(RecordingError::TextStands { title, .. }) => {
            (StatusCode::CONFLICT, fill(&own.text_stands, &[("title", &title)]))
        }
        error => return Err(error),
    };
    page(state, &may.signed, (recording, places), at, (status, Note { bad: Some(why), good: None })).await
}

/// The lines of a form: `start-3`, `end-3` and `text-3` for the fourth.
fn corrections(form: &Fields) -> Result<Vec<Correction>> {
    let unfit = || WebError::Unfit("a line has a start, an end behind it, and its words".to_owned());
    let mut corrections = Vec::new();
    for (name, start) in form {
        let Some(ordinal) = name.strip_prefix("start-") else { continue };
        let field = |what: &str| form.field(&format!("{what}-{ordinal}"));
        let clock = |text: &str| read_clock(text.trim()).ok_or_else(unfit);
        let (start, end) = (clock(start)?, clock(field("end"))?);
        let ordinal = ordinal.parse().map_err(|_| unfit())?;
        corrections.push(Correction { ordinal, start, end, text: field("text").replace(['\r', '\n'], " ") });
    }
    if corrections.is_empty() { Err(unfit()) } else { Ok(corrections) }
}

/// Keeps what a person says was said, if the lines still say what they read.
///
/// # Errors
/// `Overtaken`; `Unfit` where times are out of order; those of the store.
pub(in crate::web::routes) async fn correct(
    state: &State,
    signed: &Signed,
    recording: &Recording,
    corrections: &[Correction],
    seen: &str,
) -> Result<usize> {
    let lines = state.store.recorded_sentences(recording.id).await?;
    let shown: Vec<RecordedSentence> = corrections
        .iter()
        .map(|correction| lines.get(correction.ordinal as usize).cloned().ok_or(WebError::Overtaken))
        .collect::<Result<_>>()?;
    if tag_of_lines(&shown)? != seen {
        return Err(WebError::Overtaken);
    }
    match state.store.correct_recording(&signed.actor(), recording.id, corrections).await {
        Ok(unread) => Ok(unread),
        Err(StoreError::Unwritable { why, .. }) => Err(WebError::Unfit(why)),
        Err(error) => Err(error.into()),
    }
}

pub async fn lines(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::Edit)).await?;
    let at = form.field("page").parse::<usize>().unwrap_or(1).saturating_sub(1);
    let kept = match corrections(&form) {
        Ok(given) => correct(&state, &may, &recording, &given, form.field("tag")).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(0) => Ok(home(&recording, "read")),
        Ok(_) => Ok(see(&format!("/staff/recordings/{id}?done=read&page={}#lines", at + 2))),
        Err(error) => refused(&state, &may, (&recording, &places), at, error).await,
    }
}

/// Asks for the recording to be heard (again).
pub async fn hear(Here(state): Here<State>, may: May<Edit>, Path(id): Path<i64>) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::Edit)).await?;
    match ask_to_hear(&state, &recording).await {
        Ok(()) => Ok(home(&recording, "hearing")),
        Err(error) => refused(&state, &may, (&recording, &places), 0, error).await,
    }
}

/// # Errors
/// `Overtaken` where a person read a line already: a machine never writes over that.
pub(in crate::web::routes) async fn ask_to_hear(state: &State, recording: &Recording) -> Result<()> {
    let lines = state.store.recorded_sentences(recording.id).await?;
    if unread(state, recording.id).await? < lines.len() {
        return Err(WebError::Overtaken);
    }
    state.store.note_heard_to(recording.id, Milliseconds(0)).await?;
    state.store.enqueue(&JobKind::HearRecording { recording: recording.id }, 0).await?;
    Ok(())
}

/// Asks for the recording to be cut at silences, in place of the passages before.
pub async fn cut(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::Edit)).await?;
    match silence(form.field("silence").trim().replace(',', ".").parse().unwrap_or(f64::NAN)) {
        Ok(silence) => {
            state.store.enqueue(&JobKind::CutRecording { recording: recording.id, silence }, 0).await?;
            Ok(home(&recording, "cutting"))
        }
        Err(error) => refused(&state, &may, (&recording, &places), 0, error).await,
    }
}

/// A silence from its seconds.
///
/// # Errors
/// `Unfit` out of bounds.
pub(in crate::web::routes) fn silence(seconds: f64) -> Result<Milliseconds> {
    if SILENCES.contains(&seconds) {
        return Ok(Milliseconds((seconds * 1000.0).round() as u64));
    }
    Err(WebError::Unfit(format!("`silence` has {} to {} seconds", SILENCES.start(), SILENCES.end())))
}

/// The passages of a form: `start-0`, `end-0`, `speaker-0`, `title-0`; one whose times are emptied is taken out.
fn passages_of(form: &Fields) -> Result<Vec<Passage>> {
    let unfit = || WebError::Unfit("a passage has a start, and an end behind it".to_owned());
    let mut passages = Vec::new();
    for (name, start) in form {
        let Some(place) = name.strip_prefix("start-") else { continue };
        let field = |what: &str| form.field(&format!("{what}-{place}")).trim();
        if start.trim().is_empty() && field("end").is_empty() {
            continue;
        }
        let maybe = |text: &str| Some(text.chars().take(200).collect::<String>()).filter(|text| !text.is_empty());
        passages.push(Passage {
            ordinal: u32::try_from(passages.len()).map_err(|_| unfit())?,
            start: read_clock(start.trim()).ok_or_else(unfit)?,
            end: read_clock(field("end")).ok_or_else(unfit)?,
            speaker: maybe(field("speaker")),
            title: maybe(field("title")),
        });
    }
    Ok(passages)
}

/// Keeps passages, if those that stand are still what was seen.
///
/// # Errors
/// `Overtaken`; `Unfit` where they are out of order; those of the store.
pub(in crate::web::routes) async fn keep_passages(
    state: &State,
    signed: &Signed,
    recording: &Recording,
    passages: &[Passage],
    seen: &str,
) -> Result<()> {
    if tag_of_passages(&state.store.passages(recording.id).await?)? != seen {
        return Err(WebError::Overtaken);
    }
    if passages.iter().any(|passage| passage.end > recording.duration) {
        return Err(WebError::Unfit("a passage ends after the recording".to_owned()));
    }
    match state.store.put_passages(Some(&signed.actor()), recording.id, passages).await {
        Err(StoreError::Unwritable { why, .. }) => Err(WebError::Unfit(why)),
        kept => Ok(kept?),
    }
}

pub async fn passages(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::Edit)).await?;
    let kept = match passages_of(&form) {
        Ok(passages) => keep_passages(&state, &may, &recording, &passages, form.field("tag")).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => Ok(home(&recording, "passages")),
        Err(error) => refused(&state, &may, (&recording, &places), 0, error).await,
    }
}

/// Makes the words of a recording, or of a passage, what a stop says.
///
/// # Errors
/// `Forbidden` at the stop's site; those of the recording.
pub(in crate::web::routes) async fn make_text(
    state: &State,
    signed: &Signed,
    recording: &Recording,
    slug: &str,
    how: &Description,
) -> Result<()> {
    let (site, stop) = stop_of(state, slug).await?;
    signed.must(Permission::Review, Scope::Site(site.id))?;
    describe(&state.store, &signed.actor(), recording, &stop, how).await?;
    make_guides(state, &stop).await
}

pub async fn text(
    Here(state): Here<State>,
    may: May<Review>,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let (recording, places) = found(&state, &may, (id, Permission::See)).await?;
    let passage = match form.field("passage") {
        "" => None,
        number => Some(number.parse().map_err(|_| WebError::Unfit("`passage` is a number".to_owned()))?),
    };
    let title = Some(form.field("title").trim().to_owned()).filter(|title| !title.is_empty());
    let how = Description { passage, title, replace: form.field("replace") == "yes" };
    match make_text(&state, &may, &recording, form.field("stop"), &how).await {
        Ok(()) => Ok(home(&recording, "described")),
        Err(error) => refused(&state, &may, (&recording, &places), 0, error).await,
    }
}
