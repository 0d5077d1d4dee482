//! One's own account: name and language, password, second factor, and where one is signed in.

use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

use super::moment::Moment;
use crate::domain::Language;
use crate::people::password::SHORTEST;
use crate::people::{Offered, Signed};
use crate::store::Session;
use crate::web::State;
use crate::web::error::{Result, WebError};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::{fill, words};

words! {
    /// The words of one's own account.
    Strings: heading, profile, name, language, save, saved, password, current, new, password_hint, change, changed,
    second_factor, second_lead, second_on, codes_left, set_up, scan, type_in, qr, confirm_code, confirm, cancel_hint,
    remove, removed, new_codes, codes_heading, codes_lead, codes_done, sessions, sessions_lead, here, seen, since,
    address, end, ended, everywhere, browser, unknown_browser
}

/// What an account page shows beside what is always there.
#[derive(Clone, Debug, Default)]
pub struct Note {
    pub bad: Option<String>,
    pub good: Option<String>,
}

/// One row of the list of sessions.
struct Row<'a> {
    id: i64,
    agent: &'a str,
    address: &'a str,
    since: Moment,
    seen: Moment,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct Account<'a> {
    page: Frame<'a>,
    person: &'a crate::domain::Person,
    languages: [(Language, bool); 2],
    hint: String,
    codes_left: String,
    offered: Option<(Offered, Drawing)>,
    sessions: Vec<Row<'a>>,
    bad: Option<String>,
    good: Option<String>,
}

/// A QR code as a path of unit squares, with the quiet zone of four modules that ISO 18004 asks for.
pub struct Drawing {
    pub side: usize,
    pub path: String,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sessions: &'a [Session],
    pub offered: Option<Offered>,
    pub recovery_codes: u64,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: Matter<'_>, note: Note) -> Result<String> {
    let words = &state.desk.of(lang).account;
    let person = &matter.signed.person;
    let row = |session| row(session, matter.signed, words);
    let offered = matter.offered.map(|offered| drawing(&offered.uri).map(|drawing| (offered, drawing))).transpose()?;
    let view = Account {
        page: Frame::new(state, lang, Some(matter.signed), Place::Account, &words.heading),
        person,
        languages: crate::web::workplace::SPOKEN.map(|language| (language, language == person.language)),
        hint: fill(&words.password_hint, &[("n", &SHORTEST.to_string())]),
        codes_left: fill(&words.codes_left, &[("n", &matter.recovery_codes.to_string())]),
        offered,
        sessions: matter.sessions.iter().map(row).collect(),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

fn row<'a>(session: &'a Session, signed: &Signed, words: &'a Strings) -> Row<'a> {
    Row {
        id: session.id.0,
        agent: if session.agent.is_empty() { &words.unknown_browser } else { &session.agent },
        address: &session.address,
        since: session.made_at.into(),
        seen: session.seen_at.into(),
        here: session.id == signed.session,
    }
}

/// Draws the address a device scans.
fn drawing(uri: &str) -> Result<Drawing> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(uri, EcLevel::M)
        .map_err(|error| WebError::Contradiction(format!("the second factor does not fit a QR code: {error}")))?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
        }
    }
    Ok(Drawing { side: width + 2 * QUIET, path })
}

#[derive(Template)]
#[template(path = "staff/codes.html")]
struct Codes<'a> {
    page: Frame<'a>,
    codes: &'a [String],
}

/// Recovery codes, the one time they are shown.
///
/// # Errors
/// Where the page cannot be written.
pub fn codes(state: &State, lang: Language, signed: &Signed, codes: &[String]) -> Result<String> {
    let heading = &state.desk.of(lang).account.codes_heading;
    let page = Frame::new(state, lang, Some(signed), Place::Account, heading);
    Ok(Codes { page, codes }.render()?)
}
