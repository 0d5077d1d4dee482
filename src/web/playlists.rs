//! Playlists: a screen's plan, met with what is published, as slides that a browser can show without asking further.
//!
//! Only published editions become slides, so nothing is on a screen that is not on the pages; a machine's text and a
//! synthetic voice are marked as there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::screen::{Notice, Plan, ScreenCode, When};
use crate::domain::{AudioFormat, ContentHash, Edition, Site, Stop, Timestamp};
use crate::store::EditionSummary;
use crate::web::buses::BusView;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::cover::Cover;
use crate::web::views::words::Said;

/// Read from the back of a bus.
const LONGEST_LINE: usize = 180;
/// As many editions as a large house has.
const MOST_TOLD: usize = 4000;
/// Milliseconds between two notes on the disk that a screen was heard of.
const WRITTEN_EVERY: i64 = 300_000;
/// After the last word, in milliseconds.
const BREATH: u64 = 1500;

/// What a screen plays, and goes on playing while it hears nothing new.
#[derive(Debug, Serialize, ToSchema)]
pub struct Playlist {
    pub code: String,
    /// How far the screen's local clock is ahead of UTC.
    pub utc_offset_minutes: i32,
    /// Of the page that plays it: another one means that the page is to be loaded anew.
    pub page: String,
    /// In place of everything else while they last; the one with the greatest id is shown.
    pub notices: Vec<NoticeView>,
    /// When each show plays. Where none does, every slide does.
    #[schema(value_type = Vec<Object>)]
    pub shows: Vec<When>,
    pub slides: Vec<Slide>,
    /// The timetable of the bus the screen rides on, for two weeks: what lies near the next two stops goes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bus: Option<BusView>,
}

/// A notice to everybody before the screen.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    pub id: i64,
    /// Milliseconds since 1970, UTC.
    pub from: i64,
    pub until: i64,
    pub text: Vec<Words>,
}

/// Words in one language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Words {
    pub lang: String,
    pub text: String,
}

/// One guide in one language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Slide {
    pub id: String,
    pub stop: String,
    pub lang: String,
    pub title: String,
    pub site: String,
    /// The guide's first sentence.
    pub line: String,
    /// What a machine had to do with it; empty where nothing.
    pub mark: String,
    /// The stop's code, for who cannot scan.
    pub code: String,
    /// Address of the picture.
    pub picture: Option<String>,
    #[schema(value_type = Qr)]
    #[serde(serialize_with = "shared")]
    pub qr: Arc<Qr>,
    /// How long it stays.
    pub millis: u64,
    /// Numbers of the shows it belongs to, counted from 0.
    pub shows: Vec<usize>,
    /// Address of the sound, where the screen is to sound.
    pub audio: Option<String>,
    /// Its captions.
    pub lines: Vec<Line>,
}

fn shared<S: serde::Serializer>(qr: &Arc<Qr>, to: S) -> std::result::Result<S::Ok, S::Error> {
    qr.as_ref().serialize(to)
}

/// A code that leads to the stop.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Qr {
    /// Of the square, quiet zone and all, in modules.
    pub side: usize,
    /// The dark modules as an SVG path.
    pub path: String,
    /// Row by row, whether a module is dark; for films.
    #[serde(skip)]
    pub dark: Vec<bool>,
}

/// A caption.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Line {
    /// Milliseconds from the beginning of the sound.
    pub start: u64,
    pub text: String,
}

/// What a slide takes from an edition.
#[derive(Debug)]
struct Told {
    line: String,
    lines: Vec<Line>,
    audio: Option<String>,
    millis: u64,
    approved_machine: bool,
}

/// What was taken from editions already: an edition never changes, and screens ask every few seconds.
#[derive(Debug, Default)]
pub struct Shelf {
    told: Mutex<HashMap<ContentHash, Arc<Told>>>,
    /// Codes by the address they lead to: to draw one takes as long as all the rest of a slide many times over.
    drawn: Mutex<HashMap<String, Arc<Qr>>>,
    /// When each screen last asked for its playlist, and when that was last written down.
    heard: Mutex<HashMap<ScreenCode, (Timestamp, Timestamp)>>,
}

impl Shelf {
    /// Notes that a screen asks; whether that is to be written down.
    pub fn hear(&self, code: &ScreenCode, now: Timestamp) -> bool {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = heard.get(code).map(|(_, written)| *written);
        let write = known.is_none_or(|written| written.plus_millis(WRITTEN_EVERY) <= now);
        heard.insert(code.clone(), (now, known.filter(|_| !write).unwrap_or(now)));
        write
    }

    /// When a screen last asked, as far as this process knows.
    #[must_use]
    pub fn heard(&self, code: &ScreenCode) -> Option<Timestamp> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).get(code).map(|(at, _)| *at)
    }

    async fn told(&self, state: &State, summary: &EditionSummary) -> Result<Option<Arc<Told>>> {
        if let Some(told) = self.told.lock().unwrap_or_else(PoisonError::into_inner).get(&summary.hash) {
            return Ok(Some(told.clone()));
        }
        let Some(published) = state.store.current_edition(&summary.stop, summary.language).await? else {
            return Ok(None);
        };
        let told = Arc::new(Told::of(&published.edition));
        put_on(&self.told, published.hash, told.clone());
        Ok(Some(told))
    }

    fn code(&self, address: String) -> Result<Arc<Qr>> {
        if let Some(qr) = self.drawn.lock().unwrap_or_else(PoisonError::into_inner).get(&address) {
            return Ok(qr.clone());
        }
        let qr = Arc::new(draw(&address)?);
        put_on(&self.drawn, address, qr.clone());
        Ok(qr)
    }
}

/// A shelf that is full is emptied: what is still wanted comes back with the next playlist.
fn put_on<K: Eq + std::hash::Hash, V>(shelf: &Mutex<HashMap<K, V>>, key: K, value: V) {
    let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    if shelf.len() >= MOST_TOLD {
        shelf.clear();
    }
    shelf.insert(key, value);
}

impl Told {
    fn of(edition: &Edition) -> Self {
        let lines = edition.sentences.iter().map(|one| Line { start: one.start.0, text: one.text.clone() });
        let mp3 = edition.audio.iter().find(|file| file.format == AudioFormat::Mp3);
        Self {
            line: edition.sentences.first().map(|first| shorten(&first.text)).unwrap_or_default(),
            lines: lines.collect(),
            audio: mp3.map(|file| format!("/audio/{}.mp3", file.hash)),
            millis: edition.duration.0 + BREATH,
            approved_machine: edition.translation.as_ref().is_some_and(|mark| mark.approved),
        }
    }
}

/// At most `LONGEST_LINE` letters, cut between words where there are spaces.
fn shorten(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST_LINE) else { return text.to_owned() };
    let kept = &text[..end];
    let kept = kept.rfind(' ').map_or(kept, |space| &kept[..space]);
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':']))
}

/// # Errors
/// Where the store does not answer or contradicts itself.
pub async fn compose(
    state: &State,
    code: &ScreenCode,
    plan: &Plan,
    notices: &[Notice],
    origin: &str,
) -> Result<Playlist> {
    let library = state.library().await?;
    let mut slides = Vec::new();
    for stop in &library.stops {
        let site = library.site_of(stop)?;
        let Some(shows) = shows_of(plan, site, stop) else { continue };
        let spoken = plan.languages.iter().filter_map(|language| library.edition(&stop.slug, *language));
        let spoken: Vec<_> = spoken.collect();
        if spoken.is_empty() {
            continue;
        }
        let qr = state.screens.code(format!("{origin}/q/{}", stop.code))?;
        let cover = Cover::first_of(state, [stop.cover, site.cover], Said::own("")).await;
        let picture = cover.map(|cover| cover.card("").0);
        for summary in spoken {
            let Some(told) = state.screens.told(state, summary).await? else { continue };
            slides.push(slide(state, plan, site, summary, &told, &shows, picture.clone(), qr.clone()));
        }
    }
    Ok(Playlist {
        code: code.to_string(),
        utc_offset_minutes: plan.utc_offset_minutes,
        page: state.assets.screen_version.clone(),
        notices: notices.iter().map(notice).collect(),
        shows: plan.shows.iter().map(|show| show.when.clone()).collect(),
        slides,
        bus: state.buses.view(state, plan, &library).await?,
    })
}

/// The shows of the plan that a stop belongs to; `None` where the plan leaves it out.
fn shows_of(plan: &Plan, site: &Site, stop: &Stop) -> Option<Vec<usize>> {
    let names = |show: &crate::domain::screen::Show| show.sites.contains(&site.slug) || show.stops.contains(&stop.slug);
    let shows: Vec<usize> = (0..plan.shows.len()).filter(|at| names(&plan.shows[*at])).collect();
    (plan.shows.is_empty() || !shows.is_empty()).then_some(shows)
}

#[expect(clippy::too_many_arguments, reason = "a slide is made of all of these, in one place")]
fn slide(
    state: &State,
    plan: &Plan,
    site: &Site,
    summary: &EditionSummary,
    told: &Told,
    shows: &[usize],
    picture: Option<String>,
    qr: Arc<Qr>,
) -> Slide {
    let language = summary.language;
    let words = state.phrasebook.of(language);
    let mut marks = Vec::new();
    if summary.machine_translated {
        marks.push(words.machine_translation.as_str());
    } else if told.approved_machine {
        marks.push(words.machine_translation_approved.as_str());
    }
    let audio = told.audio.clone().filter(|_| plan.sound);
    if audio.is_some() && summary.synthetic {
        marks.push(if summary.last_resort { &words.last_resort_voice } else { &words.synthetic_voice });
    }
    // The plan is checked when it is kept: its seconds are few and finite.
    let silent = (plan.seconds * 1000.0).round() as u64;
    Slide {
        id: format!("{}-{language}", summary.stop),
        stop: summary.stop.to_string(),
        lang: language.to_string(),
        title: summary.title.clone(),
        site: site.names.best(language).to_owned(),
        line: told.line.clone(),
        mark: marks.join(" "),
        code: summary.code.to_string(),
        picture,
        qr,
        millis: if audio.is_some() { told.millis.max(silent) } else { silent },
        shows: shows.to_vec(),
        lines: if audio.is_some() { told.lines.clone() } else { Vec::new() },
        audio,
    }
}

fn notice(notice: &Notice) -> NoticeView {
    let (Timestamp(from), Timestamp(until)) = (notice.from, notice.until);
    let text = notice.text.0.iter().map(|(lang, text)| Words { lang: lang.to_string(), text: text.clone() });
    NoticeView { id: notice.id, from, until, text: text.collect() }
}

fn draw(address: &str) -> Result<Qr> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|error| WebError::Contradiction(format!("`{address}` does not fit a QR code: {error}")))?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let (mut path, mut dark) = (String::new(), vec![false; side * side]);
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            dark[(at / width + QUIET) * side + at % width + QUIET] = true;
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
        }
    }
    Ok(Qr { side, path, dark })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_short_and_begins_as_its_sentence(text in "[\\p{L} ,]{0,400}") {
            let line = shorten(&text);
            prop_assert!(line.chars().count() <= LONGEST_LINE + 1);
            prop_assert!(text.starts_with(line.strip_suffix('…').unwrap_or(&line)));
        }
    }
}
