//! What people recorded: a list, a form to hand a file in, and, for one stop, whose voice narrates it.

use askama::Template;

use crate::audio::DecodeError;
use crate::domain::{Language, Permission, Recording, RecordingState, Scope, Site, Stop};
use crate::people::Signed;
use crate::store::Narration;
use crate::web::State;
use crate::web::error::Result;
use crate::web::recordings::{LARGEST, Places};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::moment::Moment;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the recordings.
    Strings: heading, of_stop, lead, nothing, name, speaker, language, length, state, stop, at, kept, transcribed,
    corrected, add, add_lead, file, file_hint, too_large_here, note, note_hint, speaker_hint, no_stop, send, sending,
    chosen, withdrawn, narration, narration_lead, synthetic, choose, unread, incomplete, empty, not_sound, truncated,
    no_sound, silent, too_long, too_large, damaged, too_much, all
}

/// How far a recording has come, in words.
#[must_use]
pub fn state_of(own: &Strings, state: RecordingState) -> &str {
    match state {
        RecordingState::Kept => &own.kept,
        RecordingState::Transcribed => &own.transcribed,
        RecordingState::Corrected => &own.corrected,
    }
}

/// `1:02:03`.
#[must_use]
pub fn long_clock(length: crate::domain::Milliseconds) -> String {
    let seconds = length.0 / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// What is wrong with a file, and the way out; `None` where it is the house that failed.
#[must_use]
pub fn refusal(own: &Strings, error: &DecodeError) -> Option<String> {
    Some(match error {
        DecodeError::Empty { .. } => own.empty.clone(),
        DecodeError::NotSound { .. } | DecodeError::NoFile { .. } => own.not_sound.clone(),
        DecodeError::Truncated { .. } => own.truncated.clone(),
        DecodeError::NoSound { .. } => own.no_sound.clone(),
        DecodeError::Silent { .. } => own.silent.clone(),
        DecodeError::TooLong { limit, .. } => fill(&own.too_long, &[("n", &(limit.0 / 60_000).to_string())]),
        DecodeError::TooLarge { limit, .. } => fill(&own.too_large, &[("mb", &(limit >> 20).to_string())]),
        DecodeError::Damaged { .. } => own.damaged.clone(),
        DecodeError::TooMuchWork { .. } => own.too_much.clone(),
        DecodeError::Unreadable { .. } | DecodeError::ProgramMissing { .. } | DecodeError::ProgramFailed { .. } => {
            return None;
        }
    })
}

/// Whose voice narrates a stop in a language.
pub struct Narrated {
    pub language: Language,
    /// `None` where a synthetic voice does.
    pub narration: Option<Narration>,
}

struct Row {
    id: i64,
    name: String,
    speaker: String,
    language: &'static str,
    length: String,
    state: String,
    waits: bool,
    stop: Option<Said>,
    at: Moment,
}

struct Choice {
    tag: Language,
    language: &'static str,
    /// Number, what it is called, and whether it narrates.
    recordings: Vec<(i64, String, bool)>,
    synthetic: bool,
}

#[derive(Template)]
#[template(path = "staff/recordings.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    /// Address and name of the stop whose page this is.
    of_stop: Option<(String, Said)>,
    here: String,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    chooses: bool,
    /// Stops a file may be handed in for, and whether it may be for none.
    stops: Vec<(String, Said, bool)>,
    for_none: bool,
    languages: Vec<(Language, &'static str)>,
    me: &'a str,
    largest: u64,
    file_hint: String,
    too_large_here: String,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub places: &'a Places,
    pub recordings: &'a [Recording],
    pub languages: &'a [Language],
    /// The stop whose page this is.
    pub at: Option<(&'a Site, &'a Stop)>,
    pub narrated: Vec<Narrated>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let own = &state.desk.of(lang).recordings;
    let grants = &matter.signed.person.grants;
    let may = |permission, scope| grants.may(permission, scope);
    let heading = match matter.at {
        Some((_, stop)) => fill(&own.of_stop, &[("stop", stop.names.best(lang))]),
        None => own.heading.clone(),
    };
    let stops = matter.places.stops.iter().filter(|stop| match matter.at {
        Some((_, own)) => stop.id == own.id && may(Permission::Edit, Scope::Site(stop.site)),
        None => may(Permission::Edit, Scope::Site(stop.site)),
    });
    let mb = (LARGEST >> 20).to_string();
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Recordings, &heading),
        heading,
        of_stop: matter.at.map(|(site, stop)| {
            (format!("/staff/sites/{}/stops/{}", site.slug, stop.slug), Said::name(&stop.names, lang))
        }),
        here: match matter.at {
            Some((site, stop)) => format!("/staff/sites/{}/stops/{}/recordings", site.slug, stop.slug),
            None => "/staff/recordings".to_owned(),
        },
        rows: matter.recordings.iter().map(|recording| row(own, matter, recording, lang)).collect(),
        choices: matter.narrated.iter().map(|narrated| choice(matter, narrated)).collect(),
        chooses: matter.at.is_some_and(|(site, _)| may(Permission::Publish, Scope::Site(site.id))),
        stops: stops.map(|stop| (stop.slug.to_string(), Said::name(&stop.names, lang), matter.at.is_some())).collect(),
        for_none: matter.at.is_none() && may(Permission::Edit, Scope::House),
        languages: matter.languages.iter().map(|language| (*language, language.endonym())).collect(),
        me: &matter.signed.person.name,
        largest: LARGEST,
        file_hint: fill(&own.file_hint, &[("mb", &mb)]),
        too_large_here: fill(&own.too_large_here, &[("mb", &mb)]),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

fn row(own: &Strings, matter: &Matter<'_>, recording: &Recording, lang: Language) -> Row {
    let stop = recording.stop.and_then(|id| matter.places.stop(id));
    Row {
        id: recording.id.0,
        name: recording.name.clone(),
        speaker: recording.speaker.clone(),
        language: recording.language.endonym(),
        length: long_clock(recording.duration),
        state: state_of(own, recording.state).to_owned(),
        waits: recording.state != RecordingState::Corrected,
        stop: stop.map(|stop| Said::name(&stop.names, lang)),
        at: recording.made_at.into(),
    }
}

/// What may be chosen in a language: what somebody has read from beginning to end.
fn choice(matter: &Matter<'_>, narrated: &Narrated) -> Choice {
    let chosen = narrated.narration.as_ref().map(|narration| narration.recording);
    let fits = |recording: &&Recording| {
        let read = recording.state == RecordingState::Corrected;
        recording.language == narrated.language && (read || chosen == Some(recording.id))
    };
    let shown = |recording: &Recording| {
        let name = format!("{} · {} ({})", recording.speaker, recording.name, long_clock(recording.duration));
        (recording.id.0, name, chosen == Some(recording.id))
    };
    Choice {
        tag: narrated.language,
        language: narrated.language.endonym(),
        recordings: matter.recordings.iter().filter(fits).map(shown).collect(),
        synthetic: chosen.is_none(),
    }
}
