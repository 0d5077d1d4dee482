//! One stop at the desk: what it is, its narration, the versions of that, and two people's words side by side where both
//! wrote at once.

use askama::Template;
use similar::{ChangeTag, TextDiff};

use super::moment::Moment;
use crate::domain::{Author, Language, Permission, Scope, Site, Stop, TextState};
use crate::people::Signed;
use crate::store::TextVersion;
use crate::text::narration::{LONGEST, Markup, NarrationError, body_of};
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of one stop.
    Strings: narration, title, body, body_hint, save, approve, saved, saved_draft, unchanged, machine_text, by,
    no_text, overtaken, theirs, yours, changes, versions, version, at, who, state, look, restore, restore_lead, same,
    kept_here, languages, hear, review, cover, cover_none, visitors, heading_found,
    list_found, table_found, link_found, sign_found, unseen_found, empty, long, no_title
}

/// The narration in the form: what stands, or what somebody typed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub title: String,
    pub body: String,
    /// The hash of the text it is based on; empty where there was none.
    pub base: String,
}

/// What stands, where it is another text than the draft was based on.
pub struct Theirs {
    pub who: String,
    pub at: Moment,
    pub title: String,
    pub body: String,
}

/// One row of the list of versions.
struct VersionRow<'a> {
    number: u32,
    who: &'a str,
    at: Moment,
    state: TextState,
}

/// A stretch of words, and whether it went, came or stayed.
pub struct Stretch {
    pub text: String,
    pub gone: bool,
    pub new: bool,
}

/// The words that differ, stretch by stretch.
#[must_use]
pub fn compare(before: &str, after: &str) -> Vec<Stretch> {
    let diff = TextDiff::configure().diff_unicode_words(before, after);
    let mut stretches: Vec<Stretch> = Vec::new();
    for change in diff.iter_all_changes() {
        let (gone, new) = (change.tag() == ChangeTag::Delete, change.tag() == ChangeTag::Insert);
        match stretches.last_mut() {
            Some(last) if (last.gone, last.new) == (gone, new) => last.text.push_str(change.value()),
            _ => stretches.push(Stretch { text: change.value().to_owned(), gone, new }),
        }
    }
    stretches
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub site: &'a Site,
    pub stop: &'a Stop,
    /// The language narrations are written in.
    pub source: Language,
    pub draft: Draft,
    /// Who wrote what stands, and how far it has come.
    pub author: Option<(&'a Author, TextState)>,
    pub theirs: Option<Theirs>,
    pub versions: &'a [TextVersion],
    /// The languages in which the stop has a text.
    pub languages: &'a [Language],
}

#[derive(Template)]
#[template(path = "staff/stop.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    site_name: Said,
    stop: &'a Stop,
    name: Said,
    source: Language,
    draft: Draft,
    by: String,
    hint: String,
    theirs: Option<(Theirs, Vec<Stretch>)>,
    versions: Vec<VersionRow<'a>>,
    /// Each language with its own name, and whether its text is a translation.
    languages: Vec<(Language, &'static str, bool)>,
    edits: bool,
    reviews: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let scope = Scope::Site(matter.site.id);
    let may = |permission| matter.signed.person.grants.may(permission, scope);
    let name = Said::name(&matter.stop.names, lang);
    let by = match &matter.author {
        Some((Author::Person { name }, _)) => fill(&words.stop.by, &[("who", name)]),
        Some((Author::Machine { .. }, _)) => words.stop.machine_text.clone(),
        None => words.stop.no_text.clone(),
    };
    let theirs = matter.theirs.map(|theirs| {
        let stretches = compare(&theirs.body, &matter.draft.body);
        (theirs, stretches)
    });
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &name.text),
        site: matter.site,
        site_name: Said::name(&matter.site.names, lang),
        stop: matter.stop,
        name,
        source: matter.source,
        draft: matter.draft,
        by,
        hint: fill(&words.stop.body_hint, &[("n", &LONGEST.to_string())]),
        theirs,
        versions: matter.versions.iter().map(version_row).collect(),
        languages: matter.languages.iter().map(|one| (*one, one.endonym(), *one != matter.source)).collect(),
        edits: may(Permission::Edit),
        reviews: may(Permission::Review),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

fn version_row(version: &TextVersion) -> VersionRow<'_> {
    VersionRow { number: version.number, who: who(&version.author), at: version.at.into(), state: version.state }
}

/// Who wrote a version: only people's are kept.
fn who(author: &Author) -> &str {
    match author {
        Author::Person { name } => name,
        Author::Machine { engine, .. } => engine,
    }
}

#[derive(Template)]
#[template(path = "staff/version.html")]
struct VersionPage<'a> {
    page: Frame<'a>,
    site: &'a Site,
    stop: &'a Stop,
    name: Said,
    heading: String,
    who: &'a str,
    at: Moment,
    title: &'a str,
    stretches: Vec<Stretch>,
    same: bool,
    /// The version as a draft that can be saved again.
    draft: Draft,
    source: Language,
    edits: bool,
}

/// A version beside what stands.
///
/// # Errors
/// Where the page cannot be written.
pub fn version(state: &State, matter: &Matter<'_>, version: &TextVersion) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let body = typed(version.sentences.iter().map(|s| (s.paragraph, s.content.as_str())), matter.source);
    let heading = fill(&words.stop.version, &[("n", &version.number.to_string())]);
    let view = VersionPage {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &heading),
        site: matter.site,
        stop: matter.stop,
        name: Said::name(&matter.stop.names, lang),
        heading,
        who: who(&version.author),
        at: version.at.into(),
        title: &version.title,
        stretches: compare(&body, &matter.draft.body),
        same: body == matter.draft.body && version.title == matter.draft.title,
        draft: Draft { title: version.title.clone(), body, base: matter.draft.base.clone() },
        source: matter.source,
        edits: matter.signed.person.grants.may(Permission::Edit, Scope::Site(matter.site.id)),
    };
    Ok(view.render()?)
}

/// Sentences as somebody types them.
#[must_use]
pub fn typed<'a>(sentences: impl IntoIterator<Item = (u32, &'a str)>, language: Language) -> String {
    body_of(sentences, language).trim_end().to_owned()
}

/// What is wrong with a narration, and the way out.
#[must_use]
pub fn says(words: &Words, error: &NarrationError) -> String {
    let own = &words.stop;
    let at = |text: &str, line: &usize| fill(text, &[("line", &line.to_string())]);
    match error {
        NarrationError::Markup { line, markup } => {
            let text = match markup {
                Markup::Heading => &own.heading_found,
                Markup::List => &own.list_found,
                Markup::Table => &own.table_found,
                Markup::Link => &own.link_found,
                Markup::Sign => &own.sign_found,
            };
            at(text, line)
        }
        NarrationError::Unseen { line, .. } => at(&own.unseen_found, line),
        NarrationError::Empty => own.empty.clone(),
        NarrationError::Long { characters } => {
            fill(&own.long, &[("n", &characters.to_string()), ("most", &LONGEST.to_string())])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_that_differ_are_marked() {
        let stretches = compare("Tháp xây năm 1471 bằng gạch.", "Tháp xây năm 1417 bằng gạch.");
        let marked: Vec<_> =
            stretches.iter().filter(|s| s.gone || s.new).map(|s| (s.text.as_str(), s.gone, s.new)).collect();
        assert_eq!(marked, [("1471", true, false), ("1417", false, true)]);
        assert!(compare("như cũ", "như cũ").iter().all(|s| !s.gone && !s.new));
    }
}
