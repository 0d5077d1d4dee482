//! A tour's folder, read: `tour.md` with its stops and its description, and `tour.<lang>.md` with that in other languages.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::front_matter::Document;
use super::heads::fault_of;
use super::import::{CONFLICT, Decision, Importer, change_of, list_hash};
use super::reading::{Reader, is_ours, language_of};
use super::{Change, IngestError, ItemKind, Refusal, body};
use crate::domain::{Language, Names, Slug, Tour, TourStop};

/// `tour.md`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TourHead {
    pub position: i64,
    /// The site it keeps to; left out where it leads through several.
    #[serde(default)]
    pub site: Option<Slug>,
    #[serde(default)]
    pub minutes: Option<u32>,
    #[serde(default)]
    pub metres: Option<u32>,
    /// Whether visitors see it.
    pub open: bool,
    pub names: Names,
    #[serde(default)]
    pub stops: Vec<TourStopHead>,
}

/// `[[stops]]` of a tour.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TourStopHead {
    pub stop: Slug,
    #[serde(default)]
    pub hint: Names,
}

#[derive(Debug)]
pub(super) struct TourFiles {
    pub slug: Slug,
    pub file: PathBuf,
    pub head: TourHead,
    pub summary: Names,
}

/// Reads a tour's folder; `None` where something of it is refused.
pub(super) fn read_tour(
    reader: &Reader,
    path: &Path,
    name: &str,
    source: Language,
    refused: &mut Vec<Refusal>,
) -> Option<TourFiles> {
    let mut keep = |refusal| refused.push(refusal);
    let slug = name.parse::<Slug>().map_err(|error| keep(Refusal::file(path, error.to_string()))).ok()?;
    let (_, files) = reader.entries(path).map_err(&mut keep).ok()?;
    let file = path.join("tour.md");
    let (head, text) = read_head(reader, &file, source).map_err(&mut keep).ok()?;
    let mut summary = Names(text.map(|text| (source, text)).into_iter().collect());
    for name in files.iter().filter(|name| is_ours(name) && *name != "tour.md") {
        match read_summary(reader, &path.join(name), name, source) {
            Ok((language, text)) => {
                summary.0.insert(language, text);
            }
            Err(refusal) => keep(refusal),
        }
    }
    Some(TourFiles { slug, file, head, summary })
}

fn read_head(reader: &Reader, file: &Path, source: Language) -> Result<(TourHead, Option<String>), Refusal> {
    let text = reader.text(file)?;
    let document = Document::split(file, &text)?;
    let head: TourHead = document.head()?;
    if let Some(why) = fault_of(&head.names, source, None, &[]) {
        return Err(Refusal::file(file, why));
    }
    if head.minutes == Some(0) || head.metres == Some(0) {
        return Err(Refusal::file(file, "takes no time or has no length: leave `minutes` or `metres` out instead"));
    }
    for (n, one) in head.stops.iter().enumerate() {
        if head.stops[..n].iter().any(|before| before.stop == one.stop) {
            return Err(Refusal::file(file, format!("goes to the stop `{}` twice", one.stop)));
        }
    }
    let described = !document.body.trim().is_empty();
    let summary = described.then(|| body::description(file, document.body, document.body_line)).transpose()?;
    Ok((head, summary))
}

fn read_summary(reader: &Reader, file: &Path, name: &str, source: Language) -> Result<(Language, String), Refusal> {
    let language = language_of(file, name, "tour.", ".md")?;
    if language == source {
        return Err(Refusal::file(file, "is in the source language, which tour.md has already"));
    }
    Ok((language, body::description(file, &reader.text(file)?, 1)?))
}

impl Importer<'_> {
    /// Brings a tour in, once the stops are there. What staff made of it since the last import stays.
    pub(super) async fn tour(&mut self, files: &TourFiles) -> Result<(), IngestError> {
        let Some(tour) = self.resolved(files).await? else { return Ok(()) };
        let item = format!("tour/{}", tour.slug);
        let stored = self.store.tour(&tour.slug).await?;
        let stored = stored.map(|stored| list_hash(&[stored])).transpose()?;
        let file = list_hash(std::slice::from_ref(&tour))?;
        let change = match self.decide(&item, file, stored).await? {
            Decision::Conflict => {
                self.report.refused.push(Refusal::file(&files.file, CONFLICT));
                return Ok(());
            }
            Decision::Keep => Change::Kept,
            Decision::Same => Change::Unchanged,
            Decision::Write => change_of(self.store.upsert_tour(&tour).await?),
        };
        if change != Change::Kept {
            self.store.set_imported(&item, file).await?;
        }
        self.report.note(ItemKind::Tour, tour.slug.to_string(), change);
        Ok(())
    }

    /// The tour with the numbers of its site and stops; `None` where one is not there, which is told.
    async fn resolved(&mut self, files: &TourFiles) -> Result<Option<Tour>, IngestError> {
        let head = files.head.clone();
        let mut missing = None;
        let site = match &head.site {
            Some(slug) => self.store.site(slug).await?.map(|site| site.id).or_else(|| {
                missing = Some(format!("keeps to the site `{slug}`, which is not there"));
                None
            }),
            None => None,
        };
        let mut stops = Vec::new();
        for one in head.stops {
            match self.store.stop(&one.stop).await? {
                Some(stop) if site.is_some_and(|site| site != stop.site) => {
                    missing = Some(format!("goes to `{}`, a stop of another site than the tour keeps to", one.stop));
                }
                Some(stop) => stops.push(TourStop { stop: stop.id, hint: one.hint }),
                None => missing = Some(format!("goes to the stop `{}`, which is not there", one.stop)),
            }
        }
        if let Some(why) = missing {
            self.report.refused.push(Refusal::file(&files.file, why));
            return Ok(None);
        }
        Ok(Some(Tour {
            slug: files.slug.clone(),
            site,
            names: head.names,
            summary: files.summary.clone(),
            minutes: head.minutes,
            metres: head.metres,
            open: head.open,
            position: head.position,
            stops,
        }))
    }
}
