//! A person's narration of a stop, from the recording to a published edition.
//!
//! Invariants: while a recording is chosen for a stop and language it is what is published, and no synthetic voice; its
//! voice is marked as a person's; its captions are words that a person read.

use super::describe::read_by_a_person;
use super::{RecordingError, decode, original};
use crate::audio::{self, Captions, Cue, Decoder, Mastered, Tags, Tape};
use crate::domain::{
    AudioFile, AudioFormat, ContentHash, Edition, EditionSentence, HashBuilder, Hertz, Language, RecordedSentence,
    Recording, Stop, VoiceMark,
};
use crate::pipeline::error::MakeError;
use crate::pipeline::publish::{Published, files_are_there, hundredths};
use crate::pipeline::workshop::{Progress, Stage, Workshop};

/// The house rate: that of the neural voices, so that a guide sounds alike whoever speaks.
const RATE: Hertz = Hertz(24_000);

/// What a person's edition is made from.
struct Spoken {
    recording: Recording,
    sentences: Vec<RecordedSentence>,
    title: String,
    album: String,
}

impl Spoken {
    fn mark(&self) -> VoiceMark {
        VoiceMark {
            engine: "person".to_owned(),
            model: "recording".to_owned(),
            voice: self.recording.speaker.clone(),
            synthetic: false,
            last_resort: false,
        }
    }

    /// Over everything that decides the bytes of the edition.
    fn recipe(&self, stop: &Stop, settings: &audio::Settings) -> ContentHash {
        let start = HashBuilder::new("human edition 1")
            .with("stop", stop.slug.as_str())
            .with("code", stop.code.as_str())
            .with("language", self.recording.language.tag())
            .with("title", &self.title)
            .with("album", &self.album)
            .with("settings", settings.key().to_string())
            .with("original", self.recording.original.to_string())
            .with("speaker", &self.recording.speaker);
        let with_sentence = |hash: HashBuilder, sentence: &RecordedSentence| {
            hash.with("paragraph", sentence.paragraph.to_le_bytes())
                .with("start", sentence.start.0.to_le_bytes())
                .with("end", sentence.end.0.to_le_bytes())
                .with("sentence", sentence.text())
        };
        self.sentences.iter().fold(start, with_sentence).finish()
    }

    /// Stands where a synthetic edition has the key of a spoken sentence.
    fn clip(&self, sentence: &RecordedSentence) -> ContentHash {
        HashBuilder::new("recorded sentence 1")
            .with("original", self.recording.original.to_string())
            .with("start", sentence.start.0.to_le_bytes())
            .with("end", sentence.end.0.to_le_bytes())
            .finish()
    }
}

/// Publishes the person's narration of a stop where one is chosen; `None` where none is.
pub(in crate::pipeline) async fn bring_up_to_date(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    progress: &dyn Progress,
) -> Result<Option<Published>, MakeError> {
    let Some(narration) = workshop.store.narration(stop.id, language).await? else { return Ok(None) };
    let gone = || {
        RecordingError::Store(crate::store::StoreError::Gone {
            what: "recording",
            name: narration.recording.to_string(),
        })
    };
    let recording = workshop.store.recording(narration.recording).await?.ok_or_else(gone)?;
    let sentences = read_by_a_person(&workshop.store, &recording, None).await?;
    let site = workshop.store.site_by_id(stop.site).await?;
    let title = match workshop.store.text(stop.id, language).await? {
        Some((text, _)) => text.title,
        None => stop.names.best(language).to_owned(),
    };
    let album = site.map_or_else(String::new, |site| site.names.best(language).to_owned());
    let spoken = Spoken { recording, sentences, title, album };
    let recipe = spoken.recipe(stop, &workshop.sound);
    if let Some(current) = workshop.store.current_edition(&stop.slug, language).await?
        && current.edition.recipe == recipe
        && files_are_there(workshop, &current.edition).await?
    {
        return Ok(Some(Published::UpToDate(current.number)));
    }
    progress.stage(Stage::Finish);
    let mastered = mastered(workshop, &spoken).await?;
    let edition = edition(workshop, stop, &spoken, mastered, recipe).await?;
    Ok(Some(workshop.store.publish(&edition).await?.into()))
}

async fn mastered(workshop: &Workshop, spoken: &Spoken) -> Result<Mastered, RecordingError> {
    let file = original(&workshop.blobs, &spoken.recording).await?;
    let (recording, settings) = (spoken.recording.clone(), workshop.sound.clone());
    let tags = Tags {
        title: spoken.title.clone(),
        language: recording.language,
        album: spoken.album.clone(),
        mark: spoken.mark(),
        people: Vec::new(),
    };
    let mastering = tokio::task::spawn_blocking(move || {
        let folder = std::env::temp_dir();
        let mut tape = Tape::new(&folder, RATE)?;
        decode(&Decoder::default(), file, &recording, RATE, |piece| tape.push(piece).map_err(RecordingError::Audio))?;
        Ok::<_, RecordingError>(audio::master(&mut tape, &settings, &tags, &folder)?)
    });
    mastering.await?
}

async fn edition(
    workshop: &Workshop,
    stop: &Stop,
    spoken: &Spoken,
    mut mastered: Mastered,
    recipe: ContentHash,
) -> Result<Edition, MakeError> {
    let language = spoken.recording.language;
    let cues = spoken
        .sentences
        .iter()
        .map(|sentence| Cue::new((sentence.start, sentence.end), sentence.text(), language))
        .collect();
    let captions = Captions { language, cues }.write()?;
    let mut files = Vec::new();
    let encoded = [
        (AudioFormat::Mp3, std::mem::take(&mut mastered.mp3)),
        (AudioFormat::Opus, std::mem::take(&mut mastered.opus)),
    ];
    for (format, bytes) in encoded {
        let length = bytes.len() as u64;
        files.push(AudioFile { format, hash: workshop.blobs.put(bytes).await?, bytes: length });
    }
    let sentences = spoken.sentences.iter().map(|sentence| EditionSentence {
        paragraph: sentence.paragraph,
        text: sentence.text().to_owned(),
        start: sentence.start,
        end: sentence.end,
        clip: spoken.clip(sentence),
        voice: None,
    });
    Ok(Edition {
        stop: stop.slug.clone(),
        code: stop.code.clone(),
        language,
        title: spoken.title.clone(),
        sentences: sentences.collect(),
        duration: mastered.duration,
        loudness: hundredths(mastered.loudness.integrated),
        audio: files,
        captions: workshop.blobs.put(captions.into_bytes()).await?,
        master: workshop.blobs.put_file(&mastered.master()).await?,
        voice: spoken.mark(),
        translation: None,
        hearing: None,
        recipe,
    })
}
