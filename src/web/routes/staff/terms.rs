//! `/staff/words`: the collection's own words for themes, kinds and ages; naming them, and merging two that mean the same.
//!
//! They stand in every site's things, so only editors of the whole house change them.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::entry::languages;
use super::see;
use crate::domain::{Language, Permission, Scope, Term, TermList};
use crate::people::Signed;
use crate::store::KeptEntry;
use crate::web::catalogue::{Fault, Flaw, TermEntry, read_term, tag};
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::terms::{Matter, Shelf, form as render, list};
use crate::web::workplace::{Edit, Given, May, See, staff_page};

type Fields = Vec<(String, String)>;

/// Every word: those with names, and those that stand somewhere without any.
pub(in crate::web::routes) async fn shelves(state: &State) -> Result<Vec<Shelf>> {
    let terms = state.store.terms().await?;
    let mut shelves = Vec::new();
    for list in TermList::ALL {
        let mut used = state.store.words_in_use(list).await?;
        let named = terms.iter().filter(|term| term.list == list);
        let mut words: Vec<_> =
            named.map(|term| (term.clone(), true, used.remove(&term.word).unwrap_or_default())).collect();
        words.extend(used.into_iter().map(|(word, n)| {
            let bare = Term { list, word, names: Default::default(), years: None, position: i64::MAX };
            (bare, false, n)
        }));
        shelves.push(Shelf { list, words });
    }
    Ok(shelves)
}

pub(in crate::web::routes) fn must(signed: &Signed) -> Result<()> {
    Ok(signed.must(Permission::Edit, Scope::House)?)
}

pub(in crate::web::routes) fn list_of(word: &str) -> Result<TermList> {
    word.parse().map_err(|_| WebError::NoAddress)
}

/// What stands of a word; `None` where it has no names.
pub(in crate::web::routes) async fn standing(state: &State, list: TermList, word: &str) -> Result<Option<Term>> {
    Ok(state.store.terms().await?.into_iter().find(|term| term.list == list && term.word == word))
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = state.desk.of(may.lang());
    let good = match asked.field("done") {
        "saved" => Some(words.entry.saved.clone()),
        "merged" => Some(words.terms.merged.clone()),
        _ => None,
    };
    let shelves = shelves(&state).await?;
    Ok(staff_page(StatusCode::OK, list(&state, &may, &shelves, Note { bad: None, good })?))
}

/// A form on its way to somebody.
#[derive(Clone, Copy)]
struct Shown<'a> {
    list: TermList,
    entry: &'a TermEntry,
    typed: &'a [(String, String)],
    is_new: bool,
    tag: &'a str,
    faults: &'a [Fault],
    theirs: Option<&'a TermEntry>,
}

async fn show(
    state: &State,
    signed: &Signed,
    (status, note): (StatusCode, Note),
    shown: Shown<'_>,
) -> Result<Response> {
    let source: Language = source_language(state).await?;
    let shelves = shelves(state).await?;
    let others = shelves.into_iter().filter(|shelf| shelf.list == shown.list).flat_map(|shelf| shelf.words);
    let others: Vec<Term> = others.map(|(term, ..)| term).filter(|term| term.word != shown.entry.word).collect();
    let matter = Matter {
        signed,
        list: shown.list,
        entry: shown.entry,
        typed: shown.typed,
        is_new: shown.is_new,
        tag: shown.tag,
        source,
        languages: &languages(state, source).await?,
        faults: shown.faults,
        theirs: shown.theirs,
        others: &others,
    };
    Ok(staff_page(status, render(state, &matter, note)?))
}

pub async fn new(Here(state): Here<State>, may: May<Edit>, Path(named): Path<String>) -> Result<Response> {
    must(&may)?;
    let entry = TermEntry::default();
    let list = list_of(&named)?;
    let shown = Shown { list, entry: &entry, typed: &[], is_new: true, tag: "", faults: &[], theirs: None };
    show(&state, &may, (StatusCode::OK, Note::default()), shown).await
}

pub async fn edit(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((named, word)): Path<(String, String)>,
) -> Result<Response> {
    must(&may)?;
    let list = list_of(&named)?;
    let held = standing(&state, list, &word).await?;
    let entry = match &held {
        Some(term) => TermEntry::from(term),
        None if state.store.words_in_use(list).await?.contains_key(&word) => TermEntry { word, ..TermEntry::default() },
        None => return Err(WebError::NoAddress),
    };
    let tag = held.as_ref().map(tag).transpose()?.unwrap_or_default();
    let shown = Shown { list, entry: &entry, typed: &[], is_new: false, tag: &tag, faults: &[], theirs: None };
    show(&state, &may, (StatusCode::OK, Note::default()), shown).await
}

pub async fn add(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(named): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    must(&may)?;
    let list = list_of(&named)?;
    let (entry, mut faults) = read_term(&form);
    if faults.is_empty() {
        faults = entry.faults(list, source_language(&state).await?);
    }
    if faults.is_empty() {
        match state.store.keep_term(&may.actor(), &entry.term(list), None).await? {
            KeptEntry::Done(_) => return Ok(see("/staff/words?done=saved")),
            KeptEntry::Overtaken => faults.push(Fault::new("word", Flaw::Twice)),
        }
    }
    let shown = Shown { list, entry: &entry, typed: &form, is_new: true, tag: "", faults: &faults, theirs: None };
    show(&state, &may, (StatusCode::UNPROCESSABLE_ENTITY, Note::default()), shown).await
}

pub async fn save(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((named, word)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    must(&may)?;
    let list = list_of(&named)?;
    let (mut entry, mut faults) = read_term(&form);
    entry.word.clone_from(&word);
    if faults.is_empty() {
        faults = entry.faults(list, source_language(&state).await?);
    }
    let base = standing(&state, list, &word).await?;
    let shown = Shown {
        list,
        entry: &entry,
        typed: &form,
        is_new: false,
        tag: form.field("tag"),
        faults: &faults,
        theirs: None,
    };
    if !faults.is_empty() {
        return show(&state, &may, (StatusCode::UNPROCESSABLE_ENTITY, Note::default()), shown).await;
    }
    let present = base.as_ref().map(tag).transpose()?.unwrap_or_default();
    if present == form.field("tag")
        && let KeptEntry::Done(_) = state.store.keep_term(&may.actor(), &entry.term(list), base.as_ref()).await?
    {
        return Ok(see("/staff/words?done=saved"));
    }
    let now = standing(&state, list, &word).await?;
    let theirs = now.as_ref().map(TermEntry::from).unwrap_or_else(|| TermEntry { word, ..TermEntry::default() });
    let tag = now.as_ref().map(tag).transpose()?.unwrap_or_default();
    show(&state, &may, (StatusCode::CONFLICT, Note::default()), Shown { tag: &tag, theirs: Some(&theirs), ..shown })
        .await
}

/// Writes another word wherever this one stands.
pub async fn merge(
    Here(state): Here<State>,
    may: May<Edit>,
    Path((named, word)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    must(&may)?;
    let list = list_of(&named)?;
    merge_into(&state, &may, list, &word, form.field("into")).await?;
    Ok(see("/staff/words?done=merged"))
}

/// Merges two words of a list, both of which must be there; ages stand nowhere and are only taken off the list.
pub(in crate::web::routes) async fn merge_into(
    state: &State,
    may: &May<Edit>,
    list: TermList,
    word: &str,
    into: &str,
) -> Result<u64> {
    let there = |wanted: &str, shelves: &[Shelf]| {
        let own = shelves.iter().find(|shelf| shelf.list == list);
        own.is_some_and(|shelf| shelf.words.iter().any(|(term, ..)| term.word == wanted))
    };
    let shelves = shelves(state).await?;
    if !there(word, &shelves) {
        return Err(WebError::NoAddress);
    }
    if into == word || !there(into, &shelves) {
        return Err(WebError::Unfit("`into` is no other word of this list".to_owned()));
    }
    Ok(state.store.merge_terms(&may.actor(), list, word, into).await?)
}
