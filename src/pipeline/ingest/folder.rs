//! A collection's folder, read: everything good in it, and everything refused. No database is looked at.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;

use super::front_matter::{Document, whole_file};
use super::heads::{CollectionHead, SiteHead, TextHead, fault_of};
use super::reading::{Reader, is_ours, language_of};
use super::stops::{StopFiles, read_stop};
use super::tours::{TourFiles, read_tour};
use super::{IngestError, Refusal, body, glossary, lexicon, pictures, plans, words};
use crate::domain::{Caption, GlossaryEntry, Ground, Language, LexiconEntry, Names, Slug, Term};
use crate::store::Collection;

/// The file with what lies beneath the maps.
pub(super) const GROUND: &str = "map.geojson";

/// What a folder describes.
#[derive(Debug)]
pub struct Folder {
    pub(super) collection: Collection,
    pub(super) glossary: Option<Vec<GlossaryEntry>>,
    pub(super) lexicons: BTreeMap<Language, Vec<LexiconEntry>>,
    pub(super) sites: Vec<SiteFiles>,
    pub(super) tours: Vec<TourFiles>,
    /// The names of themes, kinds and ages.
    pub(super) words: Vec<Term>,
    /// What lies beneath the maps, as GeoJSON.
    pub(super) ground: Option<String>,
    pub(super) refused: Vec<Refusal>,
}

/// A site's folder. `site` is `None` where `site.md` was refused; its stops may still belong to a site known before.
#[derive(Debug)]
pub(super) struct SiteFiles {
    pub slug: Slug,
    pub site: Option<GoodSite>,
    pub stops: Vec<StopFiles>,
}

#[derive(Debug)]
pub(super) struct GoodSite {
    pub head: SiteHead,
    pub summary: Names,
    pub cover: Option<Bytes>,
    /// `None` where no pictures are described.
    pub pictures: Option<Vec<(Bytes, Caption)>>,
    /// The drawings of its plans.
    pub drawings: Vec<Bytes>,
}

impl Folder {
    /// Reads a folder as a collection.
    ///
    /// # Errors
    /// `NoCollection` where there is no usable `collection.toml`: without its languages nothing else can be read.
    pub fn read(root: &Path) -> Result<Self, IngestError> {
        let reader = Reader { root: root.to_owned() };
        let no_collection = |why: String| IngestError::NoCollection { path: root.to_owned(), why };
        let file = Path::new("collection.toml");
        let head: CollectionHead = reader
            .text(file)
            .and_then(|text| whole_file(file, &text))
            .map_err(|refusal| no_collection(refusal.to_string()))?;
        if !head.guide_languages.contains(&head.source_language) {
            return Err(no_collection(format!("guide_languages must hold source_language, {}", head.source_language)));
        }
        let mut folder = Self {
            collection: head.into(),
            glossary: None,
            lexicons: BTreeMap::new(),
            sites: Vec::new(),
            tours: Vec::new(),
            words: Vec::new(),
            ground: None,
            refused: Vec::new(),
        };
        let (folders, files) = reader.entries(Path::new("")).map_err(|refusal| no_collection(refusal.to_string()))?;
        folder.read_lists(&reader, &files);
        let sites = Path::new("sites");
        let (names, _) = reader.entries(sites).map_err(|refusal| no_collection(refusal.to_string()))?;
        for name in names {
            folder.read_site(&reader, &sites.join(&name), &name);
        }
        refuse_twins(&mut folder.sites, &mut folder.refused);
        if folders.iter().any(|name| name == "tours") {
            folder.read_tours(&reader);
        }
        Ok(folder)
    }

    fn read_lists(&mut self, reader: &Reader, files: &[String]) {
        for name in files {
            let file = Path::new(name);
            if name == "glossary.tsv" {
                let read = reader.text(file).map_err(|refusal| vec![refusal]);
                match read.and_then(|text| glossary::parse(file, &text)) {
                    Ok(entries) => self.glossary = Some(entries),
                    Err(refusals) => self.refused.extend(refusals),
                }
            } else if name == words::WORDS {
                let source = self.collection.source_language;
                let read = reader.text(file).and_then(|text| words::parse(file, &text, source));
                self.words = self.keep(read).unwrap_or_default();
            } else if name == GROUND {
                let read = reader.text(file).and_then(|text| match Ground::from_geojson(&text) {
                    Ok(_) => Ok(text),
                    Err(error) => Err(Refusal::file(file, error.to_string())),
                });
                self.ground = self.keep(read);
            } else if name.ends_with(".pls") {
                let read = language_of(file, name, "lexicon.", ".pls").and_then(|language| {
                    let text = reader.text(file)?;
                    lexicon::parse(file, &text, language).map(|entries| (language, entries))
                });
                self.keep(read).map(|(language, entries)| self.lexicons.insert(language, entries));
            } else if name != "collection.toml" && is_ours(name) && name != "README.md" {
                self.refused.push(Refusal::file(file, "is no file of a collection"));
            }
        }
    }

    fn read_tours(&mut self, reader: &Reader) {
        let tours = Path::new("tours");
        let Some((names, _)) = self.keep(reader.entries(tours)) else { return };
        for name in names {
            let source = self.collection.source_language;
            self.tours.extend(read_tour(reader, &tours.join(&name), &name, source, &mut self.refused));
        }
    }

    fn read_site(&mut self, reader: &Reader, path: &Path, name: &str) {
        let Some(slug) = self.keep(name.parse::<Slug>().map_err(|error| Refusal::file(path, error.to_string()))) else {
            return;
        };
        let Some((folders, files)) = self.keep(reader.entries(path)) else { return };
        let site = read_site_head(reader, path, &files, self.collection.source_language);
        let mut site = self.keep(site);
        for name in files.iter().filter(|name| is_ours(name) && *name != "site.md") {
            let read = read_summary(reader, &path.join(name), name, self.collection.source_language);
            if let (Some((language, heading, text)), Some(site)) = (self.keep(read).flatten(), &mut site) {
                site.summary.0.insert(language, text);
                if let Some(heading) = heading {
                    site.head.names.0.entry(language).or_insert(heading);
                }
            }
        }
        let mut stops = Vec::new();
        for name in folders {
            stops.extend(read_stop(
                reader,
                &path.join(&name),
                &name,
                self.collection.source_language,
                &mut self.refused,
            ));
        }
        self.sites.push(SiteFiles { slug, site, stops });
    }

    fn keep<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.refused.push(refusal)).ok()
    }
}

fn read_site_head(reader: &Reader, path: &Path, files: &[String], source: Language) -> Result<GoodSite, Refusal> {
    let file = path.join("site.md");
    let text = reader.text(&file)?;
    let document = Document::split(&file, &text)?;
    let head: SiteHead = document.head()?;
    if let Some(why) = fault_of(&head.names, source, head.place.as_ref(), &[head.period.as_ref()]) {
        return Err(Refusal::file(&file, why));
    }
    let summary = body::description(&file, document.body, document.body_line)?;
    let cover = pictures::cover(reader, path, head.cover.as_deref(), files)?;
    let pictures = pictures::described(reader, path, &head.pictures, files)?;
    let drawings = plans::drawings(reader, path, &head.plans, files)?;
    Ok(GoodSite {
        head,
        summary: Names([(source, summary)].into()),
        cover: cover.filter(|_| pictures.is_none()),
        pictures,
        drawings,
    })
}

/// `site.<lang>.md`: the description in another language, and a name where its head has a title. A draft is no
/// description yet: `None`.
fn read_summary(
    reader: &Reader,
    file: &Path,
    name: &str,
    source: Language,
) -> Result<Option<(Language, Option<String>, String)>, Refusal> {
    let language = language_of(file, name, "site.", ".md")?;
    if language == source {
        return Err(Refusal::file(file, "is in the source language, which site.md has already"));
    }
    let text = reader.text(file)?;
    if !text.starts_with(super::front_matter::FENCE) {
        return Ok(Some((language, None, body::description(file, &text, 1)?)));
    }
    let document = Document::split(file, &text)?;
    let head: TextHead = document.head()?;
    let description = body::description(file, document.body, document.body_line)?;
    let approved = head.state == crate::domain::TextState::Approved;
    Ok(approved.then(|| (language, Some(head.title.into_inner()), description)))
}

/// Of stops that claim one code or one slug, and of relics described in two ways, the first by path stays; the others
/// are refused with the file they collide with.
fn refuse_twins(sites: &mut [SiteFiles], refused: &mut Vec<Refusal>) {
    let mut codes = BTreeMap::new();
    let mut slugs: BTreeMap<Slug, Slug> = BTreeMap::new();
    for site in sites {
        let mut relics = BTreeMap::new();
        for files in &mut site.stops {
            let Some(stop) = &files.stop else { continue };
            let head = &stop.head;
            let mut twin = None;
            if let Some(first) = codes.get(head.code.get_ref()) {
                twin =
                    Some((Some(stop.code_line), format!("code {} is given by {first} already", head.code.get_ref())));
            } else if let Some(first) = slugs.get(&files.slug) {
                twin =
                    Some((None, format!("a stop `{}` lies in site {first} already: rename this folder", files.slug)));
            } else if let Some(relic) = &head.relic {
                let (known, first) = relics.entry(relic.slug.clone()).or_insert((relic.clone(), stop.file.clone()));
                if known != relic {
                    let why = format!("relic `{}` is described otherwise in {}", relic.slug, first.display());
                    twin = Some((None, why));
                }
            }
            if let Some((line, why)) = twin {
                refused.push(Refusal { file: stop.file.clone(), line, why });
                let file = stop.file.clone();
                files.stop = None;
                // The narration stands in the refused file, and goes with it. Under a slug that is another stop's, the
                // translations would become that stop's.
                let slug_is_anothers = slugs.contains_key(&files.slug);
                files.texts.retain(|_, text| !slug_is_anothers && text.file != file);
            } else {
                codes.insert(head.code.get_ref().clone(), stop.file.display().to_string());
                slugs.insert(files.slug.clone(), site.slug.clone());
            }
        }
    }
}
