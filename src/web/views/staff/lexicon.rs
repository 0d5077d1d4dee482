//! The lexicon of a language: how its words are said, and one of them on its way.

use askama::Template;

use crate::domain::{Language, LexiconEntry, Permission, Pronunciation, Scope};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::terms::encoded;
use crate::web::views::strings::{fill, words};
use crate::web::workplace::Given;

words! {
    /// The words of the lexicon.
    Strings: heading, lead, link, languages, nothing, word, said, kind, change, new, sentence, sentence_hint, save,
    remove, saved, removed, overtaken, usual, back
}

/// An entry as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub word: String,
    /// `alias` or `ipa`.
    pub kind: String,
    pub said: String,
    pub sentence: String,
    /// Names the state of the entry that was seen; empty where there was none.
    pub tag: String,
}

fn parts(said: &Pronunciation) -> (&'static str, &str) {
    match said {
        Pronunciation::Alias(words) => ("alias", words),
        Pronunciation::Ipa(ipa) => ("ipa", ipa),
    }
}

impl Asked {
    /// An entry that stands.
    #[must_use]
    pub fn standing(word: &str, said: &Pronunciation, tag: String, sentence: String) -> Self {
        let (kind, said) = parts(said);
        Self { word: word.to_owned(), kind: kind.to_owned(), said: said.to_owned(), sentence, tag }
    }

    /// An entry as it was typed.
    #[must_use]
    pub fn typed(form: &Vec<(String, String)>) -> Self {
        let field = |name| form.field(name).to_owned();
        Self {
            word: field("word"),
            kind: field("kind"),
            said: field("said"),
            sentence: field("sentence"),
            tag: field("tag"),
        }
    }
}

struct Row {
    href: String,
    word: String,
    is_ipa: bool,
    said: String,
}

#[derive(Template)]
#[template(path = "staff/lexicon.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    here: String,
    tag: Language,
    /// Address, name and whether it is this one.
    languages: Vec<(String, &'static str, Language, bool)>,
    rows: Vec<Row>,
    asked: Asked,
    /// Whether the form holds an entry that stands.
    stands: bool,
    edits: bool,
    speaks: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub language: Language,
    pub languages: &'a [Language],
    pub entries: &'a [LexiconEntry],
    pub asked: Asked,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let own = &state.desk.of(lang).lexicon;
    let name = if lang == Language::EN { matter.language.endonym() } else { matter.language.vietnamese_name() };
    let heading = fill(&own.heading, &[("language", name)]);
    let language = |language: &Language| {
        (format!("/staff/lexicon/{language}"), language.endonym(), *language, *language == matter.language)
    };
    let row = |entry: &LexiconEntry| {
        let (kind, said) = parts(&entry.pronunciation);
        let href = format!("/staff/lexicon/{}?word={}", matter.language, encoded(&entry.grapheme));
        Row { href, word: entry.grapheme.clone(), is_ipa: kind == "ipa", said: said.to_owned() }
    };
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Lexicon, &heading),
        heading,
        here: format!("/staff/lexicon/{}", matter.language),
        tag: matter.language,
        languages: matter.languages.iter().map(language).collect(),
        rows: matter.entries.iter().map(row).collect(),
        asked: matter.asked.clone(),
        stands: !matter.asked.tag.is_empty(),
        edits: matter.signed.person.grants.may(Permission::Edit, Scope::House),
        speaks: state.studio.is_some(),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}
