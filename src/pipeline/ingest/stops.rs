//! A stop's folder, read: `stop.md` with the stop itself and its narration, and `stop.<lang>.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::front_matter::Document;
use super::heads::{StopHead, TextHead, fault_of};
use super::reading::{Reader, is_ours, language_of};
use super::{Refusal, body, pictures};
use crate::domain::{Caption, Language, Slug, TextState};

/// A stop's folder. `stop` is `None` where `stop.md` was refused; its texts may still belong to a stop known before.
#[derive(Debug)]
pub(super) struct StopFiles {
    pub slug: Slug,
    pub stop: Option<GoodStop>,
    pub texts: BTreeMap<Language, GoodText>,
}

#[derive(Debug)]
pub(super) struct GoodStop {
    pub file: PathBuf,
    pub head: StopHead,
    /// The line of `stop.md` that gives the code.
    pub code_line: usize,
    pub cover: Option<Bytes>,
    /// `None` where no pictures are described.
    pub pictures: Option<Vec<(Bytes, Caption)>>,
    /// Those of the relic it is about.
    pub relic_pictures: Option<Vec<(Bytes, Caption)>>,
}

#[derive(Debug)]
pub(super) struct GoodText {
    pub file: PathBuf,
    pub title: String,
    pub author: String,
    pub state: TextState,
    pub paragraphs: Vec<Vec<String>>,
}

/// Reads a stop's folder; `None` where its name is no slug or it cannot be listed.
pub(super) fn read_stop(
    reader: &Reader,
    path: &Path,
    name: &str,
    source: Language,
    refused: &mut Vec<Refusal>,
) -> Option<StopFiles> {
    let mut keep = |refusal| refused.push(refusal);
    let slug = name.parse::<Slug>().map_err(|error| keep(Refusal::file(path, error.to_string()))).ok()?;
    let (_, files) = reader.entries(path).map_err(&mut keep).ok()?;
    let mut texts = BTreeMap::new();
    let mut stop = None;
    match read_stop_head(reader, path, &files, source) {
        Ok((good, text)) => {
            stop = Some(good);
            texts.insert(source, text);
        }
        Err(refusal) => keep(refusal),
    }
    for name in files.iter().filter(|name| is_ours(name) && *name != "stop.md") {
        match read_translation(reader, &path.join(name), name, source) {
            Ok((language, text)) => {
                texts.insert(language, text);
            }
            Err(refusal) => keep(refusal),
        }
    }
    Some(StopFiles { slug, stop, texts })
}

fn read_stop_head(
    reader: &Reader,
    path: &Path,
    files: &[String],
    source: Language,
) -> Result<(GoodStop, GoodText), Refusal> {
    let file = path.join("stop.md");
    let text = reader.text(&file)?;
    let document = Document::split(&file, &text)?;
    let head: StopHead = document.head()?;
    let relic = head.relic.as_ref();
    let periods = [head.period.as_ref(), relic.and_then(|relic| relic.period.as_ref())];
    let fault = fault_of(&head.names, source, head.place.as_ref(), &periods)
        .or_else(|| relic.and_then(|relic| fault_of(&relic.names, source, None, &[])));
    if let Some(why) = fault {
        return Err(Refusal::file(&file, why));
    }
    let spoken = TextHead { title: head.title.clone(), author: head.author.clone(), state: head.state };
    let text = good_text(&file, &document, &spoken, source)?;
    let cover = pictures::cover(reader, path, head.cover.as_deref(), files)?;
    let code_line = document.line_of(&head.code.span());
    let pictures = pictures::described(reader, path, &head.pictures, files)?;
    let relic_pictures = match &head.relic {
        Some(relic) => pictures::described(reader, path, &relic.pictures, files)?,
        None => None,
    };
    let cover = cover.filter(|_| pictures.is_none());
    Ok((GoodStop { file: file.clone(), head, code_line, cover, pictures, relic_pictures }, text))
}

fn read_translation(
    reader: &Reader,
    file: &Path,
    name: &str,
    source: Language,
) -> Result<(Language, GoodText), Refusal> {
    let language = language_of(file, name, "stop.", ".md")?;
    if language == source {
        return Err(Refusal::file(file, "is in the source language, which stop.md has already"));
    }
    let text = reader.text(file)?;
    let document = Document::split(file, &text)?;
    let head: TextHead = document.head()?;
    Ok((language, good_text(file, &document, &head, language)?))
}

fn good_text(file: &Path, document: &Document<'_>, head: &TextHead, language: Language) -> Result<GoodText, Refusal> {
    for (name, value) in [("title", &head.title), ("author", &head.author)] {
        if value.get_ref().trim().is_empty() {
            return Err(Refusal::line(file, document.line_of(&value.span()), format!("`{name}` is empty")));
        }
        if value.get_ref().contains('\n') {
            let why = format!("`{name}` must be one line");
            return Err(Refusal::line(file, document.line_of(&value.span()), why));
        }
    }
    Ok(GoodText {
        file: file.to_owned(),
        title: head.title.get_ref().trim().to_owned(),
        author: head.author.get_ref().trim().to_owned(),
        state: head.state,
        paragraphs: body::sentences(file, document.body, document.body_line, language)?,
    })
}
