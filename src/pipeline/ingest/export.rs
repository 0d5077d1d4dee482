//! The store's content written as a folder that [`super::import`] reads back without a change. Machines' texts are not
//! written: in this format every text is a person's.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use toml::Spanned;

use super::folder::GROUND;
use super::front_matter::FENCE;
use super::heads::{CollectionHead, PictureHead, RelicHead, SiteHead, StopHead, TextHead};
use super::import::GROUND_SETTING;
use super::plans::head_of;
use super::tours::{TourHead, TourStopHead};
use super::words::WORDS;
use super::{IngestError, glossary, lexicon, words};
use crate::blobs::Blobs;
use crate::domain::{Author, Caption, ContentHash, Depicted, Language, Relic, Sentence, Site, Stop, Text};
use crate::store::Store;
use crate::text::narration;

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    pub sites: usize,
    pub stops: usize,
    pub texts: usize,
    pub tours: usize,
    pub pictures: usize,
    /// Machines' texts that stay in the database only.
    pub machine_texts_left_out: usize,
}

/// Writes the collection into `root`, which must be new or empty.
///
/// # Errors
/// `NotEmpty`, `NothingToExport`, `Unwritable` for content the format cannot hold, `Write`, and failures of the store
/// or the blobs.
pub async fn export(store: &Store, blobs: &Blobs, root: &Path) -> Result<ExportReport, IngestError> {
    let Some(collection) = store.collection().await? else { return Err(IngestError::NothingToExport) };
    let mut exporter =
        Exporter { store, blobs, source: collection.source_language, root, report: ExportReport::default() };
    exporter.claim_folder()?;
    exporter.write(Path::new("collection.toml"), toml_of("the collection", &CollectionHead::from(collection))?)?;
    let entries = store.glossary().await?;
    if !entries.is_empty() {
        exporter.write(Path::new("glossary.tsv"), glossary::format(&entries)?)?;
    }
    for language in store.lexicon_languages().await? {
        let file = format!("lexicon.{language}.pls");
        exporter.write(Path::new(&file), lexicon::format(language, &store.lexicon(language).await?))?;
    }
    for site in store.sites().await? {
        exporter.site(site).await?;
    }
    exporter.tours().await?;
    exporter.ground().await?;
    let words = store.terms().await?;
    if !words.is_empty() {
        exporter.write(Path::new(WORDS), words::format(words)?)?;
    }
    Ok(exporter.report)
}

struct Exporter<'a> {
    store: &'a Store,
    blobs: &'a Blobs,
    source: Language,
    root: &'a Path,
    report: ExportReport,
}

impl Exporter<'_> {
    fn claim_folder(&self) -> Result<(), IngestError> {
        let failed = |source| IngestError::Write { path: self.root.to_owned(), source };
        fs::create_dir_all(self.root).map_err(failed)?;
        let mut entries = fs::read_dir(self.root).map_err(failed)?;
        if entries.next().is_some() { Err(IngestError::NotEmpty { path: self.root.to_owned() }) } else { Ok(()) }
    }

    fn write(&self, file: &Path, content: impl AsRef<[u8]>) -> Result<(), IngestError> {
        let path = self.root.join(file);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, content));
        written.map_err(|source| IngestError::Write { path, source })
    }

    async fn site(&mut self, site: Site) -> Result<(), IngestError> {
        let folder = PathBuf::from("sites").join(site.slug.as_str());
        let what = format!("site `{}`", site.slug);
        let (cover, pictures) = self.pictures(&folder, Depicted::Site(site.id), "picture").await?;
        let stops = self.store.stops_of(site.id).await?;
        let mut plans = Vec::new();
        for (plan, number) in self.store.plans_of(site.id).await?.into_iter().zip(1..) {
            let file = self.picture(&folder, plan.hash, &format!("plan-{number}")).await?;
            plans.push(head_of(plan, file, &stops));
        }
        let head = SiteHead {
            position: site.position,
            kind: site.kind,
            themes: site.themes,
            cover,
            names: site.names,
            period: site.period,
            place: site.place,
            sources: site.sources,
            pictures,
            plans,
        };
        let Some(summary) = site.summary.0.get(&self.source) else {
            return Err(IngestError::Unwritable { what, why: format!("it has no description in {}", self.source) });
        };
        self.write(&folder.join("site.md"), document(&what, &head, summary)?)?;
        for (language, summary) in site.summary.0.iter().filter(|(language, _)| **language != self.source) {
            self.write(&folder.join(format!("site.{language}.md")), format!("{summary}\n"))?;
        }
        let relics = self.store.relics_of(site.id).await?;
        for stop in stops {
            let relic = relics.iter().find(|relic| Some(relic.id) == stop.relic).cloned();
            self.stop(&folder, stop, relic).await?;
        }
        self.report.sites += 1;
        Ok(())
    }

    async fn stop(&mut self, site: &Path, stop: Stop, relic: Option<Relic>) -> Result<(), IngestError> {
        let folder = site.join(stop.slug.as_str());
        let what = format!("stop `{}`", stop.slug);
        let mut texts = Vec::new();
        for language in self.store.languages_of(stop.id).await? {
            if let Some((text, sentences)) = self.store.text(stop.id, language).await? {
                match text_head(&text) {
                    Some(head) => texts.push((language, head, sentences)),
                    None => self.report.machine_texts_left_out += 1,
                }
            }
        }
        let Some(at) = texts.iter().position(|(language, ..)| *language == self.source) else {
            return Err(IngestError::Unwritable { what, why: format!("no person wrote its text in {}", self.source) });
        };
        let (_, spoken, sentences) = texts.swap_remove(at);
        let pictures = self.pictures(&folder, Depicted::Stop(stop.id), "picture").await?;
        let of_relic = match &relic {
            Some(relic) => self.pictures(&folder, Depicted::Relic(relic.id), "relic").await?.1,
            None => Vec::new(),
        };
        let head = stop_head(stop, relic, spoken, pictures, of_relic);
        self.write(&folder.join("stop.md"), document(&what, &head, &body_of(&sentences, self.source))?)?;
        for (language, head, sentences) in &texts {
            let content = document(&what, head, &body_of(sentences, *language))?;
            self.write(&folder.join(format!("stop.{language}.md")), content)?;
        }
        self.report.stops += 1;
        self.report.texts += 1 + texts.len();
        Ok(())
    }

    async fn ground(&self) -> Result<(), IngestError> {
        let Some(named) = self.store.setting(GROUND_SETTING).await? else { return Ok(()) };
        let lost = |why: String| IngestError::Unwritable { what: "the ground of the maps".to_owned(), why };
        let hash: ContentHash = named.parse().map_err(|error: crate::domain::HashError| lost(error.to_string()))?;
        let bytes = self.blobs.get(hash).await?.ok_or_else(|| lost(format!("blob {hash} is not there")))?;
        self.write(Path::new(GROUND), bytes)
    }

    async fn tours(&mut self) -> Result<(), IngestError> {
        let (sites, stops) = (self.store.sites().await?, self.store.stops().await?);
        for tour in self.store.tours().await? {
            let folder = PathBuf::from("tours").join(tour.slug.as_str());
            let what = format!("tour `{}`", tour.slug);
            let stop = |one: crate::domain::TourStop| {
                let stop = stops.iter().find(|stop| stop.id == one.stop)?;
                Some(TourStopHead { stop: stop.slug.clone(), hint: one.hint })
            };
            let head = TourHead {
                position: tour.position,
                site: sites.iter().find(|site| Some(site.id) == tour.site).map(|site| site.slug.clone()),
                minutes: tour.minutes,
                metres: tour.metres,
                open: tour.open,
                names: tour.names,
                stops: tour.stops.into_iter().filter_map(stop).collect(),
            };
            let own = tour.summary.0.get(&self.source).map_or("", String::as_str);
            self.write(&folder.join("tour.md"), document(&what, &head, own)?)?;
            for (language, summary) in tour.summary.0.iter().filter(|(language, _)| **language != self.source) {
                self.write(&folder.join(format!("tour.{language}.md")), format!("{summary}\n"))?;
            }
            self.report.tours += 1;
        }
        Ok(())
    }

    /// Writes the pictures of a thing and describes them. A single one that nobody described is a cover and no more; a
    /// relic has no cover.
    async fn pictures(
        &mut self,
        folder: &Path,
        of: Depicted,
        stem: &str,
    ) -> Result<(Option<String>, Vec<PictureHead>), IngestError> {
        let pictures = self.store.pictures_of(of).await?;
        if let ([only], true) = (pictures.as_slice(), !matches!(of, Depicted::Relic(_)))
            && only.caption() == Caption::default()
        {
            return Ok((Some(self.picture(folder, only.hash, "cover").await?), Vec::new()));
        }
        let mut heads = Vec::new();
        for (picture, number) in pictures.into_iter().zip(1..) {
            let file = self.picture(folder, picture.hash, &format!("{stem}-{number}")).await?;
            heads.push(PictureHead { file, alt: picture.alt, credit: picture.credit, licence: picture.licence });
        }
        Ok((None, heads))
    }

    /// Writes a picture and gives its file's name.
    async fn picture(&mut self, folder: &Path, hash: ContentHash, stem: &str) -> Result<String, IngestError> {
        let missing = || IngestError::Unwritable {
            what: format!("a picture in {}", folder.display()),
            why: format!("blob {hash} is not there"),
        };
        let bytes = self.blobs.get(hash).await?.ok_or_else(missing)?;
        let name = format!("{stem}.{}", if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" });
        self.write(&folder.join(&name), &bytes)?;
        self.report.pictures += 1;
        Ok(name)
    }
}

fn stop_head(
    stop: Stop,
    relic: Option<Relic>,
    spoken: TextHead,
    (cover, pictures): (Option<String>, Vec<PictureHead>),
    of_relic: Vec<PictureHead>,
) -> StopHead {
    StopHead {
        code: Spanned::new(0..0, stop.code),
        position: stop.position,
        title: spoken.title,
        author: spoken.author,
        state: spoken.state,
        kind: stop.kind,
        themes: stop.themes,
        cover,
        names: stop.names,
        period: stop.period,
        place: stop.place,
        relic: relic.map(|relic| RelicHead {
            slug: relic.slug,
            kind: relic.kind,
            material: relic.material,
            names: relic.names,
            period: relic.period,
            sources: relic.sources,
            pictures: of_relic,
        }),
        sources: stop.sources,
        pictures,
    }
}

/// `None` for a machine's text.
fn text_head(text: &Text) -> Option<TextHead> {
    let Author::Person { name } = &text.author else { return None };
    Some(TextHead {
        title: Spanned::new(0..0, text.title.clone()),
        author: Spanned::new(0..0, name.clone()),
        state: text.state,
    })
}

fn body_of(sentences: &[Sentence], language: Language) -> String {
    narration::body_of(sentences.iter().map(|s| (s.paragraph, s.content.as_str())), language)
}

fn document<T: Serialize>(what: &str, head: &T, body: &str) -> Result<String, IngestError> {
    Ok(format!("{FENCE}\n{}{FENCE}\n\n{}\n", toml_of(what, head)?, body.trim_end()))
}

fn toml_of<T: Serialize>(what: &str, value: &T) -> Result<String, IngestError> {
    toml::to_string(value).map_err(|error| IngestError::Unwritable { what: what.to_owned(), why: error.to_string() })
}
