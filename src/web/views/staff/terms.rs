//! The collection's own words for themes, kinds and ages: how often each stands somewhere, its names, and merging.

use askama::Template;

use crate::domain::{Language, Permission, Scope, Term, TermList};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{Fault, TermEntry, term_cells};
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::entry::wrong;
use crate::web::views::staff::fields::{Form, Group, Sheet, groups, shown};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::Choice;
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of the collection's lists of words.
    Strings: heading, lead, themes, kinds, ages, themes_lead, kinds_lead, ages_lead, word, word_hint, name, used, years,
    from, to, unnamed, nothing, new_theme, new_kind, new_age, edit, merge, merge_lead, into, merged, back
}

/// The words of one list: each with whether it has names, and how many things bear it.
pub struct Shelf {
    pub list: TermList,
    pub words: Vec<(Term, bool, u32)>,
}

struct Row {
    href: String,
    word: String,
    name: Said,
    named: bool,
    years: String,
    used: u32,
}

struct Section<'a> {
    list: TermList,
    heading: &'a str,
    lead: &'a str,
    new: &'a str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/terms.html")]
struct List<'a> {
    page: Frame<'a>,
    sections: Vec<Section<'a>>,
    edits: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// A word as it can stand in an address.
pub(super) fn encoded(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    word.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn words_of(words: &Strings, list: TermList) -> (&str, &str, &str) {
    match list {
        TermList::Theme => (&words.themes, &words.themes_lead, &words.new_theme),
        TermList::Kind => (&words.kinds, &words.kinds_lead, &words.new_kind),
        TermList::Age => (&words.ages, &words.ages_lead, &words.new_age),
    }
}

/// # Errors
/// Where the page cannot be written.
pub fn list(state: &State, signed: &Signed, shelves: &[Shelf], note: Note) -> Result<String> {
    let lang = signed.person.language;
    let words = &state.desk.of(lang).terms;
    let row = |(term, named, used): &(Term, bool, u32)| Row {
        href: format!("/staff/words/{}/{}", term.list, encoded(&term.word)),
        word: term.word.clone(),
        name: Said::name(&term.names, lang),
        named: *named,
        years: term.years.map(|years| format!("{} – {}", years.from, years.to)).unwrap_or_default(),
        used: *used,
    };
    let section = |shelf: &Shelf| {
        let (heading, lead, new) = words_of(words, shelf.list);
        Section { list: shelf.list, heading, lead, new, rows: shelf.words.iter().map(row).collect() }
    };
    let view = List {
        page: Frame::new(state, lang, Some(signed), Place::Collection, &words.heading),
        sections: shelves.iter().map(section).collect(),
        edits: signed.person.grants.may(Permission::Edit, Scope::House),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

#[derive(Template)]
#[template(path = "staff/term.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    action: String,
    tag: &'a str,
    groups: Vec<Group>,
    /// Words it could be merged into; empty where there is none.
    into: Vec<Choice>,
    bad: Option<String>,
    good: Option<String>,
}

/// What the form of a word is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub list: TermList,
    pub entry: &'a TermEntry,
    /// What somebody typed, where the form is shown again.
    pub typed: &'a [(String, String)],
    pub is_new: bool,
    pub tag: &'a str,
    pub source: Language,
    pub languages: &'a [Language],
    pub faults: &'a [Fault],
    pub theirs: Option<&'a TermEntry>,
    /// The other words of the list.
    pub others: &'a [Term],
}

/// # Errors
/// Where the page cannot be written.
pub fn form(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let (_, _, new) = words_of(&words.terms, matter.list);
    let heading = if matter.is_new { new.to_owned() } else { format!("{}: {}", words.terms.edit, matter.entry.word) };
    let theirs = matter.theirs.map(|entry| term_cells(entry, matter.list, matter.languages));
    let sheet = Sheet {
        words,
        lang,
        source: matter.source,
        cells: shown(matter.typed, || term_cells(matter.entry, matter.list, matter.languages), theirs.as_deref()),
        theirs,
        faults: matter.faults,
        is_new: matter.is_new,
        needed: &["word", "years.from", "years.to"],
        picks: Vec::new(),
        rows: Vec::new(),
    };
    let choice = |term: &Term| Choice {
        value: term.word.clone(),
        label: if term.names.0.is_empty() { Said::own(&term.word) } else { Said::name(&term.names, lang) },
        chosen: false,
    };
    let own = format!("/staff/words/{}", matter.list);
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &heading),
        heading,
        action: if matter.is_new { format!("{own}/new") } else { format!("{own}/{}", encoded(&matter.entry.word)) },
        tag: matter.tag,
        groups: groups(&sheet),
        into: if matter.is_new { Vec::new() } else { matter.others.iter().map(choice).collect() },
        bad: note.bad.or_else(|| wrong(&words.entry, matter.theirs.is_some(), matter.faults)),
        good: note.good,
    };
    Ok(view.render()?)
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn any_word_can_stand_in_an_address() {
        assert_eq!(encoded("champa"), "champa");
        assert_eq!(encoded("Chăm Pa/1"), "Ch%C4%83m%20Pa%2F1");
    }
}
