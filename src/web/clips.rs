//! A slide of a screen as a film of its own, for closed systems that play files and no pages.
//!
//! One film is made at a time: an encoder takes a processor for some seconds, and visitors come first.

use bytes::Bytes;
use image::RgbImage;

use crate::audio::{FilmMaker, Tags};
use crate::domain::screen::Plan;
use crate::domain::{ContentHash, Edition, Language, Milliseconds, Slug};
use crate::labels::Typefaces;
use crate::slides::{self, Modules};
use crate::store::Screen;
use crate::web::error::{Result, WebError};
use crate::web::pictures::PictureFormat;
use crate::web::playlists::{Slide, compose};
use crate::web::state::State;

/// Makes films, one after the other.
#[derive(Debug)]
pub struct Films(tokio::sync::Semaphore);

impl Default for Films {
    fn default() -> Self {
        Self(tokio::sync::Semaphore::new(1))
    }
}

/// The slides of a screen, as its playlist has them.
///
/// # Errors
/// Where the store does not answer or contradicts itself.
pub async fn slides_of(state: &State, screen: &Screen, origin: &str) -> Result<Vec<Slide>> {
    Ok(compose(state, &screen.code, &screen.plan, &[], origin).await?.slides)
}

/// The film of one slide: with its sound where the screen sounds, else silent for as long as the slide stays.
///
/// # Errors
/// `NoGuide` where the screen has no such slide; `TooManyFilms` while another one is made; what keeps it from being drawn.
pub async fn film(state: &State, screen: &Screen, stop: &Slug, language: Language, origin: &str) -> Result<Bytes> {
    let slides = slides_of(state, screen, origin).await?;
    let is = |slide: &&Slide| slide.stop == stop.as_str() && slide.lang == language.tag();
    let slide = slides.iter().find(is).ok_or_else(|| WebError::NoGuide {
        stop: stop.clone(),
        language,
        published: screen.plan.languages.clone(),
    })?;
    let picture = match &slide.picture {
        Some(address) => picture(state, address).await?,
        None => None,
    };
    let sound = match slide.audio.as_deref().and_then(hash_of) {
        Some(hash) => Some(state.blobs.get(hash).await?.ok_or(WebError::NoFile)?),
        None => None,
    };
    let published = state.store.current_edition(stop, language).await?.ok_or(WebError::NoFile)?;
    let mut voice = published.edition.voice.clone();
    // A film without its voice is nobody's speech.
    voice.synthetic &= sound.is_some();
    let people = if voice.synthetic { people_of(&published.edition) } else { Vec::new() };
    let tags = Tags { title: slide.title.clone(), language, album: slide.site.clone(), mark: voice, people };
    let length = length(&screen.plan, slide);
    let drawn = still(slide, language, picture);
    let _turn = state.films.0.try_acquire().map_err(|_| WebError::TooManyFilms)?;
    let made = tokio::task::spawn_blocking(move || make(&drawn, sound.as_deref(), length, &tags)).await;
    made.map_err(|error| WebError::Contradiction(error.to_string()))?
}

/// The people who say a part of a guide that is synthetic otherwise, each once.
fn people_of(edition: &Edition) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for voice in edition.sentences.iter().filter_map(|sentence| sentence.voice.as_ref()) {
        if !voice.synthetic && !people.contains(&voice.voice) {
            people.push(voice.voice.clone());
        }
    }
    people
}

fn length(plan: &Plan, slide: &Slide) -> Milliseconds {
    let silent = (plan.seconds * 1000.0).round() as u64;
    Milliseconds(slide.millis.max(silent))
}

/// The slide as it is drawn.
fn still(slide: &Slide, language: Language, picture: Option<RgbImage>) -> slides::Slide {
    slides::Slide {
        language,
        place: slide.site.clone(),
        title: slide.title.clone(),
        line: slide.line.clone(),
        mark: slide.mark.clone(),
        code: slide.code.clone(),
        qr: Modules { side: slide.qr.side, dark: slide.qr.dark.clone() },
        picture,
    }
}

/// The hash in the address of a file: `/audio/HASH.mp3`, `/images/HASH-1200.jpg`.
fn hash_of(address: &str) -> Option<ContentHash> {
    address.rsplit('/').next()?.get(..64)?.parse().ok()
}

async fn picture(state: &State, address: &str) -> Result<Option<RgbImage>> {
    let Some(hash) = hash_of(address) else { return Ok(None) };
    let Some(bytes) = state.pictures.resized(&state.blobs, hash, 1200, PictureFormat::Jpg).await? else {
        return Ok(None);
    };
    let read = tokio::task::spawn_blocking(move || image::load_from_memory(&bytes).map(|image| image.to_rgb8())).await;
    let read = read.map_err(|error| WebError::Contradiction(error.to_string()))?;
    read.map(Some).map_err(|error| WebError::Contradiction(format!("the picture of a slide cannot be read: {error}")))
}

fn make(slide: &slides::Slide, sound: Option<&[u8]>, length: Milliseconds, tags: &Tags) -> Result<Bytes> {
    let folder = tempfile::tempdir().map_err(crate::audio::AudioError::from)?;
    let place = |name: &str| folder.path().join(name);
    let still = slides::draw(slide, &mut Typefaces::of_the_system())?;
    let bad = |error: image::ImageError| WebError::Contradiction(format!("a slide cannot be kept: {error}"));
    still.save(place("slide.png")).map_err(bad)?;
    if let Some(bytes) = sound {
        std::fs::write(place("sound.mp3"), bytes).map_err(crate::audio::AudioError::from)?;
    }
    let (heard, out) = (sound.map(|_| place("sound.mp3")), place("slide.mp4"));
    FilmMaker::default().film(&place("slide.png"), heard.as_deref(), length, tags, &out)?;
    Ok(std::fs::read(out).map_err(crate::audio::AudioError::from)?.into())
}
