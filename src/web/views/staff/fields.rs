//! The fields of the collection's forms: what stands in them, what is wrong with them, and what somebody else made of them
//! meanwhile. Sites, relics, stops, tours, pictures, plans and words share them.

use crate::domain::Language;
use crate::web::catalogue::{CODE, Cell, Fault, Flaw};
use crate::web::views::staff::entry::Strings;
use crate::web::views::staff::people::Choice;
use crate::web::views::staff::words::Words;
use crate::web::views::strings::fill;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Line,
    Paragraphs,
    Pick,
    Tick,
}

pub struct Field {
    pub id: String,
    pub name: String,
    pub label: String,
    pub value: String,
    pub lang: Option<&'static str>,
    pub form: Form,
    pub hint: Option<String>,
    pub fault: Option<String>,
    /// What somebody else made of it.
    pub theirs: Option<String>,
    pub required: bool,
    pub fixed: bool,
    pub choices: Vec<Choice>,
    /// The list of values to choose from while typing.
    pub list: Option<&'static str>,
    /// Whether its number says where its row stands.
    pub orders: bool,
}

impl Field {
    /// What describes it to a reader by ear.
    #[must_use]
    pub fn described(&self) -> Option<String> {
        let part = match (self.fault.is_some(), self.hint.is_some()) {
            (true, _) => "fault",
            (false, true) => "hint",
            (false, false) => return None,
        };
        Some(format!("{}-{part}", self.id))
    }
}

/// Fields under one heading.
pub struct Group {
    pub legend: String,
    pub fields: Vec<Field>,
    /// Those of further languages, which stay folded until they are wanted.
    pub more: Vec<Field>,
    /// Whether it is one row of many in an order.
    pub row: bool,
    /// Whether it says where something is.
    pub place: bool,
}

impl Group {
    /// Whether something in the folded part must be seen.
    #[must_use]
    pub fn unfolded(&self) -> bool {
        self.more.iter().any(|field| field.fault.is_some() || field.theirs.is_some())
    }
}

/// What the fields are made from.
pub struct Sheet<'a> {
    pub words: &'a Words,
    pub lang: Language,
    /// The language that names are needed in.
    pub source: Language,
    pub cells: Vec<Cell>,
    /// What stands now, where somebody else changed it meanwhile.
    pub theirs: Option<Vec<Cell>>,
    pub faults: &'a [Fault],
    pub is_new: bool,
    /// The fields that cannot be left empty, beside the slug and the name.
    pub needed: &'a [&'a str],
    /// What can be picked, by field.
    pub picks: Vec<(&'static str, Vec<Choice>)>,
    /// Names of numbered rows, by their beginning: `stop.0`.
    pub rows: Vec<(String, String)>,
}

/// The cells of a form: as they were typed where they were, so that what is no number stays too; and those that only the
/// other change has.
#[must_use]
pub fn shown(typed: &[(String, String)], fresh: impl FnOnce() -> Vec<Cell>, theirs: Option<&[Cell]>) -> Vec<Cell> {
    if typed.is_empty() {
        return fresh();
    }
    let typed = typed.iter().filter(|(name, _)| name != "tag");
    let mut shown: Vec<Cell> = typed.map(|(name, value)| Cell { name: name.clone(), value: value.clone() }).collect();
    for other in theirs.unwrap_or_default().iter().filter(|other| !other.value.is_empty()) {
        if !shown.iter().any(|cell| cell.name == other.name) {
            shown.push(Cell { name: other.name.clone(), value: String::new() });
        }
    }
    shown
}

/// The fields in groups, in the order of their cells.
#[must_use]
pub fn groups(sheet: &Sheet<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for cell in &sheet.cells {
        let legend = legend(sheet, &cell.name);
        let folded = cell.name.starts_with("stop.") && own(&cell.name).is_some_and(|own| own != sheet.source);
        let field = field(sheet, cell);
        let group = match groups.last_mut() {
            Some(group) if group.legend == legend => group,
            _ => {
                let row = cell.name.starts_with("stop.");
                let place = cell.name.starts_with("place.");
                groups.push(Group { legend, fields: Vec::new(), more: Vec::new(), row, place });
                let last = groups.len() - 1;
                &mut groups[last]
            }
        };
        if folded { group.more.push(field) } else { group.fields.push(field) }
    }
    groups
}

fn field(sheet: &Sheet<'_>, cell: &Cell) -> Field {
    let words = &sheet.words.entry;
    let name = cell.name.as_str();
    let other = sheet.theirs.as_ref().map(|theirs| theirs.iter().find(|other| other.name == name));
    let other = other.map(|other| other.map(|other| other.value.clone()).unwrap_or_default());
    let fault = sheet.faults.iter().find(|fault| fault.field == name || (fault.field == "code" && name == CODE));
    let own = own(name);
    let choices = sheet.picks.iter().find(|(field, _)| *field == name).map(|(_, choices)| choices.clone());
    let form = match name {
        _ if choices.is_some() => Form::Pick,
        "open" => Form::Tick,
        _ if name.starts_with("summary.") || name.contains(".hint.") || name.ends_with(".note") => Form::Paragraphs,
        _ => Form::Line,
    };
    Field {
        id: name.replace('.', "-"),
        label: label(sheet, name, own),
        lang: own.filter(|own| *own != sheet.lang).map(Language::tag),
        form,
        hint: hint(sheet.words, name).cloned(),
        fault: fault.map(|fault| said(words, &fault.flaw)),
        theirs: other.filter(|other| *other != cell.value),
        required: name == "slug" || name == format!("name.{}", sheet.source) || sheet.needed.contains(&name),
        fixed: (name == "slug" || name == "word") && !sheet.is_new,
        choices: choices.unwrap_or_default(),
        list: if name.starts_with("stop.") && name.ends_with(".code") { Some("codes") } else { list(name) },
        orders: name.starts_with("stop.") && name.ends_with(".place"),
        value: cell.value.clone(),
        name: cell.name.clone(),
    }
}

fn list(name: &str) -> Option<&'static str> {
    match name {
        "kind" => Some("kinds"),
        "themes" => Some("themes-known"),
        _ => None,
    }
}

/// The language a field is written in.
fn own(name: &str) -> Option<Language> {
    let tag = ["name.", "summary.", "alt."].iter().find_map(|prefix| name.strip_prefix(prefix));
    let tag = tag.or_else(|| Some(name.split_once(".hint.")?.1));
    tag.and_then(Language::lookup)
}

fn legend(sheet: &Sheet<'_>, name: &str) -> String {
    let words = &sheet.words.entry;
    let row = || name.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let number = || {
        let number: usize = name.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or_default();
        (number + 1).to_string()
    };
    match name.split('.').next().unwrap_or_default() {
        "name" => words.names.clone(),
        "summary" => words.summary.clone(),
        "alt" => sheet.words.picture.alt_heading.clone(),
        "period" => words.period.clone(),
        "place" => words.place.clone(),
        "source" => fill(&words.source, &[("n", &number())]),
        "stop" => {
            let row = row();
            let named = sheet.rows.iter().find(|(own, _)| *own == row).map(|(_, name)| name);
            match named {
                Some(name) => format!("{}. {name}", number()),
                None => fill(&sheet.words.tour.row, &[("n", &number())]),
            }
        }
        _ => words.features.clone(),
    }
}

fn label(sheet: &Sheet<'_>, name: &str, own: Option<Language>) -> String {
    let words = &sheet.words.entry;
    let called = own.map_or("", |own| if sheet.lang == Language::VI { own.vietnamese_name() } else { own.endonym() });
    let with = |text: &str| fill(text, &[("language", called)]);
    match name {
        "slug" => words.slug.clone(),
        CODE => words.code.clone(),
        "relic" => words.about_relic.clone(),
        "kind" => words.kind.clone(),
        "material" => words.material.clone(),
        "position" => words.position.clone(),
        "themes" => words.themes.clone(),
        "period.from" => words.period_from.clone(),
        "period.to" => words.period_to.clone(),
        "period.label" => words.period_label.clone(),
        "place.latitude" => words.latitude.clone(),
        "place.longitude" => words.longitude.clone(),
        "place.address" => words.address.clone(),
        "site" => sheet.words.tour.site.clone(),
        "minutes" => sheet.words.tour.minutes.clone(),
        "metres" => sheet.words.tour.metres.clone(),
        "open" => sheet.words.tour.open.clone(),
        "word" => sheet.words.terms.word.clone(),
        "years.from" => sheet.words.terms.from.clone(),
        "years.to" => sheet.words.terms.to.clone(),
        "credit" => sheet.words.picture.credit.clone(),
        "licence" => sheet.words.picture.licence.clone(),
        name if name.starts_with("name.") => with(&words.name_in),
        name if name.starts_with("summary.") => with(&words.summary_in),
        name if name.starts_with("alt.") => with(&sheet.words.picture.alt_in),
        name if name.contains(".hint.") => with(&sheet.words.tour.hint_in),
        name => match name.rsplit('.').next().unwrap_or_default() {
            "author" => words.source_author.clone(),
            "publisher" => words.source_publisher.clone(),
            "year" => words.source_year.clone(),
            "note" => words.source_note.clone(),
            "code" => sheet.words.tour.stop.clone(),
            "place" => sheet.words.tour.place.clone(),
            _ => words.source_title.clone(),
        },
    }
}

fn hint<'a>(words: &'a Words, name: &str) -> Option<&'a String> {
    match name {
        "slug" => Some(&words.entry.slug_hint),
        CODE => Some(&words.entry.code_hint),
        "kind" => Some(&words.entry.kind_hint),
        "themes" => Some(&words.entry.themes_hint),
        "period.from" => Some(&words.entry.year_hint),
        "place.latitude" => Some(&words.entry.place_hint),
        "site" => Some(&words.tour.site_hint),
        "stop.0.code" => Some(&words.tour.stop_hint),
        "licence" => Some(&words.picture.licence_hint),
        "word" => Some(&words.terms.word_hint),
        "years.from" => Some(&words.entry.year_hint),
        _ => None,
    }
}

/// What is wrong with a field.
#[must_use]
pub fn said(words: &Strings, flaw: &Flaw) -> String {
    let number = |text: &str, n: usize| fill(text, &[("n", &n.to_string())]);
    match flaw {
        Flaw::Missing => words.missing.clone(),
        Flaw::Long(limit) => number(&words.long, *limit),
        Flaw::Many(limit) => number(&words.many, *limit),
        Flaw::Slug => words.bad_slug.clone(),
        Flaw::Code => words.bad_code.clone(),
        Flaw::Taken(holder) => fill(&words.taken, &[("holder", holder)]),
        Flaw::Number => words.number.clone(),
        Flaw::Latitude => words.bad_latitude.clone(),
        Flaw::Longitude => words.bad_longitude.clone(),
        Flaw::Backward => words.backward.clone(),
        Flaw::Language => words.bad_language.clone(),
        Flaw::Relic => words.bad_relic.clone(),
        Flaw::Site => words.bad_site.clone(),
        Flaw::Stop => words.bad_stop.clone(),
        Flaw::Elsewhere => words.elsewhere.clone(),
        Flaw::Twice => words.twice.clone(),
        Flaw::Hundredth => words.bad_hundredth.clone(),
        Flaw::Word => words.bad_word.clone(),
        Flaw::Unseen => words.unseen.clone(),
    }
}
