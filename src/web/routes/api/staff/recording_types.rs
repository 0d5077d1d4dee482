//! The shapes in which programs read and change recordings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{JobKind, JobState, Milliseconds, Passage, RecordedSentence, Recording};
use crate::store::Correction;
use crate::web::error::{Result, WebError};
use crate::web::recordings::Places;
use crate::web::state::State;

/// How far a machine has come with a recording.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordingWork)]
pub struct WorkView {
    /// `waiting`, `running`, `done` or `dead`.
    pub state: &'static str,
    /// How far it has been heard, in milliseconds.
    pub heard_to: u64,
    /// Why it failed, in the program's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A recording.
#[derive(Serialize, ToSchema)]
#[schema(as = Recording)]
pub struct RecordingView {
    pub id: i64,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// In milliseconds.
    pub duration: u64,
    pub language: String,
    pub speaker: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The slug of the stop it was handed in for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<String>,
    /// `kept`, `transcribed` or `corrected`.
    pub state: &'static str,
    /// RFC 3339.
    pub made_at: String,
    /// Absent where nobody asked for it to be heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<WorkView>,
}

/// Recordings, the latest first.
#[derive(Serialize, ToSchema)]
pub struct RecordingList {
    pub recordings: Vec<RecordingView>,
}

/// # Errors
/// Those of the store.
pub async fn view(state: &State, recording: &Recording, places: &Places) -> Result<RecordingView> {
    let job = state.store.last_job(&JobKind::HearRecording { recording: recording.id }).await?;
    let work = match job {
        None => None,
        Some(job) => Some(WorkView {
            state: match job.state {
                JobState::Waiting => "waiting",
                JobState::Running => "running",
                JobState::Done => "done",
                JobState::Dead => "dead",
            },
            heard_to: state.store.heard_to(recording.id).await?.0,
            error: job.last_error,
        }),
    };
    Ok(RecordingView {
        id: recording.id.0,
        name: recording.name.clone(),
        media_type: recording.media_type.clone(),
        bytes: recording.bytes,
        duration: recording.duration.0,
        language: recording.language.tag().to_owned(),
        speaker: recording.speaker.clone(),
        note: recording.note.clone(),
        stop: recording.stop.and_then(|id| places.stop(id)).map(|stop| stop.slug.to_string()),
        state: recording.state.name(),
        made_at: recording.made_at.rfc3339(),
        work,
    })
}

/// A line as it was heard and as a person says it was said.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordedLine)]
pub struct LineView {
    /// In milliseconds from the beginning.
    pub start: u64,
    pub end: u64,
    pub heard: String,
    /// Absent before anybody read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_by: Option<String>,
}

/// The lines of a recording in order.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordedLines)]
pub struct LinesView {
    pub lines: Vec<LineView>,
}

impl LinesView {
    #[must_use]
    pub fn of(lines: &[RecordedSentence]) -> Self {
        let view = |line: &RecordedSentence| LineView {
            start: line.start.0,
            end: line.end.0,
            heard: line.heard.clone(),
            corrected: line.corrected.clone(),
            corrected_by: line.corrected_by.clone(),
        };
        Self { lines: lines.iter().map(view).collect() }
    }
}

/// A line as it was said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CorrectedLine)]
pub struct LineBody {
    pub start: u64,
    pub end: u64,
    /// Empty where nothing was said.
    pub text: String,
}

/// Every line of a recording in its order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CorrectedLines)]
pub struct LinesBody {
    pub lines: Vec<LineBody>,
}

impl LinesBody {
    /// # Errors
    /// `Unfit` where there are not as many as stand, or none.
    pub fn corrections(self, standing: usize) -> Result<Vec<Correction>> {
        if self.lines.is_empty() || self.lines.len() != standing {
            return Err(WebError::Unfit(format!("`lines` holds every line of the recording: {standing}")));
        }
        let correction = |(line, ordinal): (LineBody, u32)| Correction {
            ordinal,
            start: Milliseconds(line.start),
            end: Milliseconds(line.end),
            text: line.text,
        };
        Ok(self.lines.into_iter().zip(0..).map(correction).collect())
    }
}

/// A part of a long recording.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Passage)]
pub struct PassageBody {
    /// In milliseconds from the beginning.
    pub start: u64,
    pub end: u64,
    /// At most 200 characters.
    pub speaker: Option<String>,
    /// At most 200 characters.
    pub title: Option<String>,
}

/// The passages of a recording in order.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Passages)]
pub struct PassagesBody {
    pub passages: Vec<PassageBody>,
}

impl PassagesBody {
    #[must_use]
    pub fn of(passages: &[Passage]) -> Self {
        let body = |passage: &Passage| PassageBody {
            start: passage.start.0,
            end: passage.end.0,
            speaker: passage.speaker.clone(),
            title: passage.title.clone(),
        };
        Self { passages: passages.iter().map(body).collect() }
    }

    /// # Errors
    /// `Unfit` for a name or title that is too long.
    pub fn passages(self) -> Result<Vec<Passage>> {
        let fits = |text: &Option<String>| text.as_ref().is_none_or(|text| text.chars().count() <= 200);
        if !self.passages.iter().all(|passage| fits(&passage.speaker) && fits(&passage.title)) {
            return Err(WebError::Unfit("`speaker` and `title` have at most 200 characters".to_owned()));
        }
        let passage = |(body, ordinal): (PassageBody, u32)| Passage {
            ordinal,
            start: Milliseconds(body.start),
            end: Milliseconds(body.end),
            speaker: body.speaker,
            title: body.title,
        };
        Ok(self.passages.into_iter().zip(0..).map(passage).collect())
    }
}

/// What parts passages.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Cutting)]
pub struct CutBody {
    /// Seconds, 0.3 to 60.
    pub silence: f64,
}

/// What becomes of the words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TextFromRecording)]
pub struct TextBody {
    /// The slug of the stop.
    pub stop: String,
    /// From 0; absent for the whole recording.
    pub passage: Option<u32>,
    /// Absent for the title that stands.
    pub title: Option<String>,
    /// Take the place of a text that a person wrote.
    #[serde(default)]
    pub replace: bool,
}

/// Whose voice narrates.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Narrator)]
pub struct NarrationBody {
    /// The number of a recording that somebody has read to its end; absent for a synthetic voice.
    pub recording: Option<i64>,
}
