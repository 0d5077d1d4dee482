//! `/staff/lexicon/{lang}`: how words are said in a language, with a preview before anything is kept.
//!
//! The words stand in every site's guides, so only editors of the whole house change them.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::source_language;
use super::saying::spoken;
use super::see;
use super::terms::must;
use crate::domain::{Language, LexiconEntry, Pronunciation};
use crate::people::Signed;
use crate::pipeline::studio::change_lexicon;
use crate::text::Lexicon;
use crate::web::catalogue::tag;
use crate::web::error::{Result, WebError};
use crate::web::saying;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::lexicon::{Asked, Matter, render};
use crate::web::views::strings::fill;
use crate::web::workplace::{Edit, Given, May, See, sound_page};

type Fields = Vec<(String, String)>;

pub(in crate::web::routes) fn language_of(lang: &str) -> Result<Language> {
    lang.parse().map_err(|_| WebError::UnknownLanguage(lang.chars().take(40).collect()))
}

/// Names the state of an entry; empty where there is none.
pub(in crate::web::routes) fn tag_of(said: Option<&Pronunciation>) -> Result<String> {
    Ok(said.map(tag).transpose()?.unwrap_or_default())
}

/// The languages that are spoken here or have a lexicon.
async fn languages(state: &State) -> Result<Vec<Language>> {
    let mut languages = state.store.lexicon_languages().await?;
    if let Some(collection) = state.store.collection().await? {
        languages.extend(collection.guide_languages);
    }
    languages.push(source_language(state).await?);
    languages.sort_unstable();
    languages.dedup();
    Ok(languages)
}

async fn page(
    state: &State,
    signed: &Signed,
    language: Language,
    asked: Asked,
    (status, note): (StatusCode, Note),
) -> Result<Response> {
    let entries = state.store.lexicon(language).await?;
    let languages = languages(state).await?;
    let matter = Matter { signed, language, languages: &languages, entries: &entries, asked };
    Ok(sound_page(status, render(state, &matter, note)?))
}

pub async fn choose(Here(state): Here<State>, _may: May<See>) -> Result<Response> {
    Ok(see(&format!("/staff/lexicon/{}", source_language(&state).await?)))
}

pub async fn get(
    Here(state): Here<State>,
    may: May<See>,
    Path(lang): Path<String>,
    Query(asked): Query<Fields>,
) -> Result<Response> {
    let language = language_of(&lang)?;
    let own = &state.desk.of(may.lang()).lexicon;
    let good = match asked.field("done") {
        "saved" => Some(fill(&own.saved, &[("n", asked.field("n"))])),
        "removed" => Some(own.removed.clone()),
        _ => None,
    };
    let word = asked.field("word");
    let shown = match state.store.pronunciation(language, word).await? {
        Some(said) => Asked::standing(word, &said, tag_of(Some(&said))?, sentence_with(&state, language, word).await?),
        None => Asked { word: word.chars().take(saying::LONGEST_WORD).collect(), ..Asked::default() },
    };
    page(&state, &may, language, shown, (StatusCode::OK, Note { bad: None, good })).await
}

/// The first sentence of the collection that holds a word; the word itself where none does.
async fn sentence_with(state: &State, language: Language, word: &str) -> Result<String> {
    let entry =
        LexiconEntry { language, grapheme: word.to_owned(), pronunciation: Pronunciation::Alias(word.to_owned()) };
    let lexicon = Lexicon::new(&[entry], language);
    let texts = state.store.sentences_in(language).await?;
    let found = texts.into_values().flatten().find(|sentence| lexicon.touches(sentence));
    Ok(found.unwrap_or_else(|| word.to_owned()))
}

/// Keeps how a word is said, or has it said as usual again.
pub async fn save(
    Here(state): Here<State>,
    may: May<Edit>,
    Path(lang): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    must(&may)?;
    let language = language_of(&lang)?;
    let words = state.desk.of(may.lang());
    let asked = Asked::typed(&form);
    let entry = match saying::entry(language, (&asked.word, &asked.kind, &asked.said)) {
        Ok(entry) => entry,
        Err(flaw) => {
            let bad = Some(crate::web::views::staff::saying::flaw(&words.saying, flaw).to_owned());
            let note = (StatusCode::UNPROCESSABLE_ENTITY, Note { bad, good: None });
            return page(&state, &may, language, asked, note).await;
        }
    };
    let standing = state.store.pronunciation(language, &entry.grapheme).await?;
    let said = match form.field("do") {
        "save" => Some(&entry.pronunciation),
        "remove" => None,
        _ => return Err(WebError::Unfit("`do` is save or remove".to_owned())),
    };
    let seen = tag_of(standing.as_ref())? == asked.tag;
    let changed = match seen {
        true => {
            let word = (language, entry.grapheme.as_str());
            change_lexicon(&state.store, &may.actor(), word, said, standing.as_ref()).await?
        }
        false => None,
    };
    let done = if said.is_some() { "saved" } else { "removed" };
    match changed {
        Some(n) => Ok(see(&format!("/staff/lexicon/{language}?done={done}&n={n}"))),
        None => {
            // What was typed stays in the form, now made on what stands.
            let now = state.store.pronunciation(language, &entry.grapheme).await?;
            let how = now.as_ref().map_or_else(|| words.lexicon.usual.clone(), |said| written(said).to_owned());
            let bad = Some(fill(&words.lexicon.overtaken, &[("word", &entry.grapheme), ("said", &how)]));
            let asked = Asked { tag: tag_of(now.as_ref())?, ..asked };
            page(&state, &may, language, asked, (StatusCode::CONFLICT, Note { bad, good: None })).await
        }
    }
}

fn written(said: &Pronunciation) -> &str {
    match said {
        Pronunciation::Alias(words) => words,
        Pronunciation::Ipa(ipa) => ipa,
    }
}

/// Speaks a sentence with an entry that is not kept.
pub async fn preview(
    Here(state): Here<State>,
    _may: May<Edit>,
    Path(lang): Path<String>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let language = language_of(&lang)?;
    let sentence = match form.field("sentence").trim() {
        "" => sentence_with(&state, language, form.field("word").trim()).await?,
        sentence => sentence.to_owned(),
    };
    spoken(&state, language, &form, saying::sentence(&sentence)?).await
}
