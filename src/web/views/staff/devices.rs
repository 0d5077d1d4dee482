//! The devices of the house: which of them play what they should, by the hashes they read on their own disks.

use askama::Template;

use super::moment::Moment;
use crate::domain::device::{Device, DeviceHealth, Fault, Play};
use crate::domain::{Language, Site, Timestamp};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the devices.
    Strings: heading, lead, none, name, state, seen, version, never, waiting, green, amber, red, retired, why_waiting,
    why_green, why_broken, why_silent, why_other, why_behind, why_unread, says, every_site, add, add_lead, new_name,
    new_name_hint, where_, sound, mp3, opus, make, code_heading, code_lead, code_then, taken, bad_name, sync, sync_lead,
    asked, retire, retire_lead, gone, back, disk, battery, clock, client, plays, plays_none, played_at, stop, language,
    seconds, faults, faults_none, fault, detail, manage
}

/// A device and how it stands.
pub struct Known<'a> {
    pub device: &'a Device,
    pub health: DeviceHealth,
    /// The version it should hold.
    pub newest: Option<u64>,
    /// Whether the person may ask it to sync and retire it.
    pub manages: bool,
}

struct Row<'a> {
    id: i64,
    name: &'a str,
    class: &'static str,
    health: &'a str,
    why: String,
    seen: Option<Moment>,
    version: u64,
}

/// The devices that play one site, or all of them.
struct Group<'a> {
    place: Said,
    rows: Vec<Row<'a>>,
}

fn health(words: &Words, health: DeviceHealth) -> (&'static str, &str) {
    let own = &words.devices;
    match health {
        DeviceHealth::Waiting => ("waiting", &own.waiting),
        DeviceHealth::Green => ("green", &own.green),
        DeviceHealth::Amber => ("amber", &own.amber),
        DeviceHealth::Red => ("red", &own.red),
        DeviceHealth::Revoked => ("retired", &own.retired),
    }
}

/// Why a device has its colour.
fn why(words: &Words, known: &Known<'_>, now: Timestamp) -> String {
    let own = &words.devices;
    let device = known.device;
    let plays = device.heartbeat.as_ref().map_or(0, |beat| beat.version).to_string();
    let broken = device.inventory.as_ref().map_or(0, |inventory| inventory.broken.len());
    let silent = device.seen_at.is_none_or(|seen| seen.plus_millis(crate::domain::device::SILENT_AFTER) < now);
    let mut text = match known.health {
        DeviceHealth::Waiting => own.why_waiting.clone(),
        DeviceHealth::Revoked => String::new(),
        DeviceHealth::Green => fill(&own.why_green, &[("version", &plays)]),
        _ if broken > 0 => fill(&own.why_broken, &[("n", &broken.to_string())]),
        DeviceHealth::Red if silent => own.why_silent.clone(),
        DeviceHealth::Red => own.why_other.clone(),
        DeviceHealth::Amber => match known.newest.map(|newest| newest.to_string()) {
            Some(newest) if newest != plays => fill(&own.why_behind, &[("version", &plays), ("newest", &newest)]),
            _ => own.why_unread.clone(),
        },
    };
    if let Some(error) = device.heartbeat.as_ref().and_then(|beat| beat.last_error.as_deref()) {
        text = format!("{text} {}", fill(&own.says, &[("error", error)]));
    }
    text
}

fn row<'a>(words: &'a Words, known: &Known<'a>, now: Timestamp) -> Row<'a> {
    let (class, health) = health(words, known.health);
    Row {
        id: known.device.id.0,
        name: &known.device.name,
        class,
        health,
        why: why(words, known, now),
        seen: known.device.seen_at.map(Moment::from),
        version: known.device.heartbeat.as_ref().map_or(0, |beat| beat.version),
    }
}

/// What was typed for a new device.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub name: String,
}

#[derive(Template)]
#[template(path = "staff/devices.html")]
struct Devices<'a> {
    page: Frame<'a>,
    groups: Vec<Group<'a>>,
    /// Where somebody may add a device; empty where they may not.
    places: Vec<Choice>,
    typed: Typed,
    bad: Option<String>,
    good: Option<String>,
}

/// What the list is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub sites: &'a [Site],
    pub devices: &'a [Known<'a>],
    pub places: Vec<Choice>,
    pub now: Timestamp,
}

/// # Errors
/// Where the page cannot be written.
pub fn list(state: &State, matter: Matter<'_>, typed: Typed, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let mut groups = Vec::new();
    let everywhere = matter.devices.iter().filter(|known| known.device.scope.sites.is_empty());
    let rows: Vec<_> = everywhere.map(|known| row(words, known, matter.now)).collect();
    if !rows.is_empty() {
        groups.push(Group { place: Said::own(words.devices.every_site.clone()), rows });
    }
    for site in matter.sites {
        let here = matter.devices.iter().filter(|known| known.device.scope.sites.contains(&site.slug));
        let rows: Vec<_> = here.map(|known| row(words, known, matter.now)).collect();
        if !rows.is_empty() {
            groups.push(Group { place: Said::name(&site.names, lang), rows });
        }
    }
    let view = Devices {
        page: Frame::new(state, lang, Some(matter.signed), Place::Devices, &words.devices.heading),
        groups,
        places: matter.places,
        typed,
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

#[derive(Template)]
#[template(path = "staff/device.html")]
struct One<'a> {
    page: Frame<'a>,
    row: Row<'a>,
    device: &'a Device,
    clock: Option<Moment>,
    /// Gigabytes with one digit.
    disk: Option<String>,
    plays: Vec<(Moment, &'a Play)>,
    faults: Vec<(Moment, &'a Fault)>,
    manages: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// One device: what it says of itself, what it played, what went wrong.
///
/// # Errors
/// Where the page cannot be written.
pub fn one(
    state: &State,
    signed: &Signed,
    known: &Known<'_>,
    (plays, faults): (&[Play], &[Fault]),
    note: Note,
) -> Result<String> {
    let lang: Language = signed.person.language;
    let words = state.desk.of(lang);
    let beat = known.device.heartbeat.as_ref();
    let gigabytes = |bytes: u64| format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10);
    let view = One {
        page: Frame::new(state, lang, Some(signed), Place::Devices, &known.device.name),
        row: row(words, known, state.clock.now()),
        device: known.device,
        clock: beat.map(|beat| beat.clock.into()),
        disk: beat.and_then(|beat| beat.disk_free).map(gigabytes),
        plays: plays.iter().map(|play| (play.started_at.into(), play)).collect(),
        faults: faults.iter().map(|fault| (fault.at.into(), fault)).collect(),
        manages: known.manages,
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

#[derive(Template)]
#[template(path = "staff/device-code.html")]
struct CodePage<'a> {
    page: Frame<'a>,
    name: &'a str,
    code: String,
    command: String,
}

/// The code that enrols a device, the one time it is shown.
///
/// # Errors
/// Where the page cannot be written.
pub fn code(state: &State, signed: &Signed, name: &str, code: String, origin: &str) -> Result<String> {
    let lang = signed.person.language;
    let page = Frame::new(state, lang, Some(signed), Place::Devices, &state.desk.of(lang).devices.code_heading);
    let command = format!("thuyetminh kiosk enrol --server {origin} --dir /var/lib/kiosk --code {code}");
    Ok(CodePage { page, name, code, command }.render()?)
}
