//! What the interface gives, as its readers see it. Kept apart from the domain, so that the one can change without
//! breaking the other.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{ContentHash, Edition, Names, Period, Place, Site, SourceOfFacts, Stop};
use crate::store::Published;
use crate::web::pictures::WIDTHS;
use crate::web::reading::Library;

/// Words by language (BCP 47).
pub type Worded = BTreeMap<String, String>;

pub(super) fn worded(names: &Names) -> Worded {
    names.0.iter().map(|(language, words)| (language.tag().to_owned(), words.clone())).collect()
}

/// When something was made or happened, in years of the common era; before it, negative.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Period)]
pub struct PeriodView {
    pub from: i32,
    pub to: i32,
    /// As a curator writes it, in the collection's own language.
    pub label: String,
}

/// Where something is, in WGS 84 degrees.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Place)]
pub struct PlaceView {
    pub latitude: f64,
    pub longitude: f64,
    pub address: String,
}

/// Where facts come from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn period(period: &Period) -> PeriodView {
    PeriodView { from: period.from, to: period.to, label: period.label.clone() }
}

fn place(place: &Place) -> PlaceView {
    PlaceView { latitude: place.latitude, longitude: place.longitude, address: place.address.clone() }
}

fn sources(sources: &[SourceOfFacts]) -> Vec<SourceView> {
    let view = |source: &SourceOfFacts| SourceView {
        title: source.title.clone(),
        author: source.author.clone(),
        publisher: source.publisher.clone(),
        year: source.year,
        note: source.note.clone(),
    };
    sources.iter().map(view).collect()
}

fn cover(hash: Option<ContentHash>) -> Option<CoverView> {
    let hash = hash?;
    let urls = WIDTHS.iter().map(|width| (width.to_string(), format!("/images/{hash}-{width}.jpg"))).collect();
    Some(CoverView { sha256: hash.to_string(), urls })
}

/// A cover picture.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cover)]
pub struct CoverView {
    /// Of the picture as it was handed in.
    pub sha256: String,
    /// Addresses by width in pixels.
    pub urls: BTreeMap<String, String>,
}

/// A place that is looked after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Site)]
pub struct SiteView {
    pub slug: String,
    pub url: String,
    pub names: Worded,
    pub summary: Worded,
    /// One word of the collection's own list, such as `tower` or `museum`.
    pub kind: String,
    pub themes: Vec<String>,
    pub period: Option<PeriodView>,
    pub place: Option<PlaceView>,
    pub sources: Vec<SourceView>,
    pub cover: Option<CoverView>,
    /// Slugs, in their order.
    pub stops: Vec<String>,
}

impl SiteView {
    #[must_use]
    pub fn of(library: &Library, site: &Site) -> Self {
        Self {
            slug: site.slug.to_string(),
            url: format!("/api/v1/sites/{}", site.slug),
            names: worded(&site.names),
            summary: worded(&site.summary),
            kind: site.kind.clone(),
            themes: site.themes.clone(),
            period: site.period.as_ref().map(period),
            place: site.place.as_ref().map(place),
            sources: sources(&site.sources),
            cover: cover(site.cover),
            stops: library.stops_of(site).map(|stop| stop.slug.to_string()).collect(),
        }
    }
}

/// All sites, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sites {
    pub sites: Vec<SiteView>,
}

/// A published guide in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuideLink {
    /// BCP 47.
    pub language: String,
    pub title: String,
    pub duration_ms: u64,
    /// The guide's own JSON.
    pub url: String,
    /// Its page for visitors.
    pub page: String,
    /// False only for a recording of a person.
    pub synthetic: bool,
    /// True where a machine wrote the words and no person approved them.
    pub machine_translated: bool,
}

/// Where a visitor scans a code and listens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stop)]
pub struct StopView {
    pub slug: String,
    pub url: String,
    /// The code on its label.
    pub code: String,
    /// The address in that code: leads to the page in the visitor's language.
    pub label: String,
    /// The slug of its site.
    pub site: String,
    pub names: Worded,
    pub kind: String,
    pub themes: Vec<String>,
    pub period: Option<PeriodView>,
    pub place: Option<PlaceView>,
    pub sources: Vec<SourceView>,
    pub cover: Option<CoverView>,
    /// What is published, in the order of the language picker.
    pub guides: Vec<GuideLink>,
}

impl StopView {
    /// # Errors
    /// Where the stop's site is not there.
    pub fn of(library: &Library, stop: &Stop) -> crate::web::error::Result<Self> {
        let guides = library.editions_of(&stop.slug).iter();
        let guides = guides.map(|edition| GuideLink {
            language: edition.language.tag().to_owned(),
            title: edition.title.clone(),
            duration_ms: edition.duration.0,
            url: format!("/api/v1/stops/{}/guides/{}", stop.slug, edition.language),
            page: format!("/{}/stops/{}", edition.language, stop.slug),
            synthetic: edition.synthetic,
            machine_translated: edition.machine_translated,
        });
        Ok(Self {
            slug: stop.slug.to_string(),
            url: format!("/api/v1/stops/{}", stop.slug),
            code: stop.code.to_string(),
            label: format!("/q/{}", stop.code),
            site: library.site_of(stop)?.slug.to_string(),
            names: worded(&stop.names),
            kind: stop.kind.clone(),
            themes: stop.themes.clone(),
            period: stop.period.as_ref().map(period),
            place: stop.place.as_ref().map(place),
            sources: sources(&stop.sources),
            cover: cover(stop.cover),
            guides: guides.collect(),
        })
    }
}

/// All stops, site by site, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stops {
    pub stops: Vec<StopView>,
}

/// Sites and stops that fit a query.
#[derive(Debug, Serialize, ToSchema)]
pub struct Matches {
    pub sites: Vec<SiteView>,
    pub stops: Vec<StopView>,
}

/// A sentence with the milliseconds between which it is heard.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentenceView {
    /// From 0.
    pub paragraph: u32,
    pub text: String,
    pub start_ms: u64,
    pub end_ms: u64,
}

/// One encoding of the sound. Its address never means other bytes.
#[derive(Debug, Serialize, ToSchema)]
pub struct SoundView {
    pub url: String,
    pub media_type: String,
    pub bytes: u64,
    pub sha256: String,
}

/// What spoke.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoiceView {
    pub engine: String,
    pub model: String,
    pub voice: String,
    /// False only for a recording of a person.
    pub synthetic: bool,
    /// True where no neural voice speaks the language and a simple one stands in.
    pub last_resort: bool,
}

/// How a machine came to the words.
#[derive(Debug, Serialize, ToSchema)]
pub struct TranslationView {
    pub engine: String,
    /// Languages passed through, source first.
    pub route: Vec<String>,
    /// True where a person approved every sentence.
    pub approved: bool,
}

/// What came of hearing the clips back before they were published.
#[derive(Debug, Serialize, ToSchema)]
pub struct HearingView {
    pub engine: String,
    pub model: String,
    /// The version of the thresholds and normalisers that judged.
    pub rules: String,
    pub sentences: u32,
    /// Sentences that were heard to say their text.
    pub passed: u32,
    /// Sentences that a person heard and let pass.
    pub by_people: u32,
    /// Sentences that nobody judged: the recogniser is too weak for the language.
    pub not_judged: u32,
    /// Mean word error rate; absent in languages written without spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wer: Option<f64>,
    /// Mean character error rate.
    pub cer: f64,
}

/// The published guide of a stop in one language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Guide)]
pub struct GuideView {
    /// The slug of its stop.
    pub stop: String,
    pub code: String,
    pub language: String,
    /// Counts the editions of this guide from 1.
    pub edition: u32,
    /// Of the frozen edition.
    pub sha256: String,
    /// RFC 3339.
    pub published_at: String,
    pub page: String,
    pub title: String,
    pub duration_ms: u64,
    /// LUFS, after EBU R 128.
    pub loudness: f64,
    pub sentences: Vec<SentenceView>,
    pub audio: Vec<SoundView>,
    /// WebVTT.
    pub captions: String,
    pub voice: VoiceView,
    /// Absent where a person wrote the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translation: Option<TranslationView>,
    /// Absent where nobody listened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hearing: Option<HearingView>,
}

impl GuideView {
    #[must_use]
    pub fn of(published: &Published) -> Self {
        let edition: &Edition = &published.edition;
        let sentences = edition.sentences.iter().map(|one| SentenceView {
            paragraph: one.paragraph,
            text: one.text.clone(),
            start_ms: one.start.0,
            end_ms: one.end.0,
        });
        let audio = edition.audio.iter().map(|file| SoundView {
            url: format!("/audio/{}.{}", file.hash, file.format.extension()),
            media_type: file.format.media_type().to_owned(),
            bytes: file.bytes,
            sha256: file.hash.to_string(),
        });
        let translation = edition.translation.as_ref().map(|mark| TranslationView {
            engine: mark.engine.clone(),
            route: mark.route.iter().map(|language| language.tag().to_owned()).collect(),
            approved: mark.approved,
        });
        Self {
            stop: edition.stop.to_string(),
            code: edition.code.to_string(),
            language: edition.language.tag().to_owned(),
            edition: published.number,
            sha256: published.hash.to_string(),
            published_at: published.published_at.rfc3339(),
            page: format!("/{}/stops/{}", edition.language, edition.stop),
            title: edition.title.clone(),
            duration_ms: edition.duration.0,
            loudness: edition.loudness.0,
            sentences: sentences.collect(),
            audio: audio.collect(),
            captions: format!("/captions/{}.vtt", edition.captions),
            voice: VoiceView {
                engine: edition.voice.engine.clone(),
                model: edition.voice.model.clone(),
                voice: edition.voice.voice.clone(),
                synthetic: edition.voice.synthetic,
                last_resort: edition.voice.last_resort,
            },
            translation,
            hearing: edition.hearing.as_ref().map(|heard| HearingView {
                engine: heard.listener.engine.clone(),
                model: heard.listener.model.clone(),
                rules: heard.listener.rules.clone(),
                sentences: heard.sentences,
                passed: heard.passed,
                by_people: heard.by_people,
                not_judged: heard.not_judged,
                wer: heard.wer,
                cer: heard.cer,
            }),
        }
    }
}
