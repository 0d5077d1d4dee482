//! From the clips of a text to a published edition.
//!
//! Invariants: an edition is published only where the museum's policy or a person stands behind its words and its
//! voice; the same recipe is never finished twice; publishing is the store's one atomic pointer move, and comes after
//! every file of the edition is on the disk.

use super::HeardClip;
use super::cast::{Cast, Speaker};
use super::error::MakeError;
use super::recordings;
use super::report::{HeldBack, Outcome};
use super::workshop::{self, Progress, Stage, Workshop};
use crate::audio::{self, ClipOfSentence, Finished, Tags, wav};
use crate::domain::{
    AudioFile, AudioFormat, Author, ContentHash, Edition, EditionSentence, HashBuilder, HearingSummary, Language, Lufs,
    ReviewRule, Sentence, Stop, Text, TextState, TranslationMark, Verdict, VoiceMark,
};
use crate::store::{Policy, Publication, StoredFinding};

/// Everything an edition is made from.
pub(super) struct Ingredients<'a> {
    pub stop: &'a Stop,
    /// The name of the site in the guide's language.
    pub site_name: &'a str,
    pub text: &'a Text,
    pub sentences: &'a [Sentence],
    /// Who says each sentence, and in which clip.
    pub cast: &'a Cast,
    /// `None` where nobody listened.
    pub hearing: Option<HearingSummary>,
}

/// What became of an edition.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Published {
    UpToDate(u32),
    New(u32),
    /// Made, and kept for a person to publish.
    Waits,
}

impl From<Publication> for Published {
    fn from(publication: Publication) -> Self {
        match publication {
            Publication::Unchanged { number, .. } => Self::UpToDate(number),
            Publication::Published { number, .. } => Self::New(number),
            Publication::Waits { .. } => Self::Waits,
        }
    }
}

impl From<Published> for Outcome {
    fn from(published: Published) -> Self {
        match published {
            Published::UpToDate(edition) => Self::UpToDate { edition },
            Published::New(edition) => Self::Published { edition },
            Published::Waits => Self::HeldBack { reason: HeldBack::WaitsForPerson },
        }
    }
}

impl Ingredients<'_> {
    fn language(&self) -> Language {
        self.text.language
    }

    fn translation(&self) -> Option<TranslationMark> {
        match &self.text.author {
            Author::Person { .. } => None,
            Author::Machine { engine, route } => Some(TranslationMark {
                engine: engine.clone(),
                route: route.clone(),
                approved: self.text.state == TextState::Approved,
            }),
        }
    }

    fn tags(&self) -> Tags {
        Tags {
            title: self.text.title.clone(),
            language: self.language(),
            album: self.site_name.to_owned(),
            mark: self.cast.voice.clone(),
            people: self.cast.people(),
        }
    }

    /// Over everything that decides the bytes of the edition.
    fn recipe(&self, settings: &audio::Settings) -> Result<ContentHash, MakeError> {
        let json = |value: serde_json::Result<Vec<u8>>| value.map_err(MakeError::Unwritable);
        let start = HashBuilder::new("edition 1")
            .with("stop", self.stop.slug.as_str())
            .with("code", self.stop.code.as_str())
            .with("language", self.language().tag())
            .with("title", &self.text.title)
            .with("album", self.site_name)
            .with("settings", settings.key().to_string())
            .with("voice", json(serde_json::to_vec(&self.cast.voice))?)
            .with("translation", json(serde_json::to_vec(&self.translation()))?)
            .with("hearing", json(serde_json::to_vec(&self.hearing))?);
        let mut hash = start;
        for (sentence, part) in self.sentences.iter().zip(&self.cast.parts) {
            hash = hash
                .with("paragraph", sentence.paragraph.to_le_bytes())
                .with("sentence", &sentence.content)
                .with("clip", part.key.to_string());
            if let Some(voice) = part.own_voice(&self.cast.voice) {
                hash = hash.with("own voice", json(serde_json::to_vec(&voice))?);
            }
            if let Some(pause) = part.pause {
                hash = hash.with("pause", pause.0.to_le_bytes());
            }
        }
        Ok(hash.finish())
    }
}

/// What the rule of a site leaves to be read of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    pub rule: ReviewRule,
    /// Sentences.
    pub left: u64,
}

impl Unread {
    /// By the rule of the stop's site for the language, else the collection's.
    pub(super) async fn of(workshop: &Workshop, stop: &Stop, text: &Text) -> Result<Self, MakeError> {
        let own = workshop.store.review_rule(stop.site, text.language).await?;
        let rule = own.unwrap_or_else(|| workshop.policy.review_rule());
        Ok(Self { rule, left: workshop.store.left_to_read(text.id, rule).await? })
    }

    /// Why a draft by a machine stays back; `None` where the rule is met.
    pub(super) fn reason(self) -> Option<HeldBack> {
        match self.rule {
            ReviewRule::Every => Some(HeldBack::MachineTranslation),
            ReviewRule::Spot { .. } if self.left > 0 => Some(HeldBack::SentencesToRead),
            ReviewRule::Spot { .. } | ReviewRule::Machine => None,
        }
    }
}

/// Why an edition of these may not be published; `None` where it may. No policy lets open findings pass: only a person
/// does, finding by finding.
pub(super) fn held_back(
    policy: &Policy,
    text: &Text,
    open: &[StoredFinding],
    reading: Unread,
    voice: &VoiceMark,
) -> Option<HeldBack> {
    let approved = text.state == TextState::Approved;
    if !approved && text.author.is_person() {
        return Some(HeldBack::NotApproved);
    }
    if !open.is_empty() {
        return Some(HeldBack::OpenFindings);
    }
    if !approved && let Some(reason) = reading.reason() {
        return Some(reason);
    }
    if voice.last_resort && !policy.publish_last_resort_voice {
        return Some(HeldBack::LastResortVoice);
    }
    None
}

/// Why clips that wait for a person may not be published; `None` where they may. No policy lets a clip pass that was
/// heard to be wrong.
pub(super) fn unheard(policy: &Policy, waiting: &[HeardClip], anybody_listened: bool) -> Option<HeldBack> {
    if waiting.iter().any(|clip| clip.waits(Verdict::Hold)) {
        return Some(HeldBack::ClipsHeld);
    }
    let unheard = !anybody_listened || !waiting.is_empty();
    (unheard && !policy.publish_unheard_speech).then_some(HeldBack::SpeechUnheard)
}

/// Finishes the sound and publishes, unless the current edition has the same recipe.
pub(super) async fn publish(
    workshop: &Workshop,
    from: &Ingredients<'_>,
    progress: &dyn Progress,
) -> Result<Published, MakeError> {
    let recipe = from.recipe(&workshop.sound)?;
    if let Some(current) = workshop.store.current_edition(&from.stop.slug, from.language()).await?
        && current.edition.recipe == recipe
        && files_are_there(workshop, &current.edition).await?
    {
        return Ok(Published::UpToDate(current.number));
    }
    if let Some(waiting) = workshop.store.waiting_edition(&from.stop.slug, from.language()).await?
        && waiting.edition.recipe == recipe
        && files_are_there(workshop, &waiting.edition).await?
    {
        return Ok(Published::Waits);
    }
    progress.stage(Stage::Finish);
    let finished = finish(workshop, from).await?;
    let edition = keep_files(workshop, from, finished, recipe).await?;
    Ok(workshop.store.publish(&edition).await?.into())
}

/// An edition whose files were lost is made again, whatever its recipe says.
pub(super) async fn files_are_there(workshop: &Workshop, edition: &Edition) -> Result<bool, MakeError> {
    let audio = edition.audio.iter().map(|file| file.hash);
    for hash in audio.chain([edition.captions, edition.master]) {
        if workshop.blobs.size(hash).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A meter is not truer than that, and an edition's JSON must give back exactly what was written.
pub(super) fn hundredths(loudness: Lufs) -> Lufs {
    Lufs((loudness.0 * 100.0).round() / 100.0)
}

async fn finish(workshop: &Workshop, from: &Ingredients<'_>) -> Result<Finished, MakeError> {
    let mut clips: Vec<ClipOfSentence> = Vec::with_capacity(from.sentences.len());
    for (sentence, part) in from.sentences.iter().zip(&from.cast.parts) {
        let lost = || MakeError::LostClip { key: part.key };
        let clip = workshop.store.clip(part.key).await?.ok_or_else(lost)?;
        let bytes = workshop.blobs.get(clip.blob).await?.ok_or_else(lost)?;
        let (paragraph, text, pause) = (sentence.paragraph, sentence.content.clone(), part.pause);
        clips.push(ClipOfSentence { sound: wav::read(&bytes)?, paragraph, text, pause });
    }
    at_one_rate(workshop, from, &mut clips).await?;
    let (settings, tags, is_mixed) = (workshop.sound.clone(), from.tags(), from.cast.is_mixed());
    let finished = workshop::on_a_thread(move || {
        if is_mixed {
            for clip in &mut clips {
                // What is too short to be measured stays as it is.
                if let Ok((level, _)) = audio::normalize(&clip.sound, &settings.target) {
                    clip.sound = level;
                }
            }
        }
        Ok(audio::finish(&clips, &settings, &tags))
    });
    finished.await?.map_err(MakeError::from)
}

/// A person's sentence is read again from its file where the voice around it has another rate.
async fn at_one_rate(
    workshop: &Workshop,
    from: &Ingredients<'_>,
    clips: &mut [ClipOfSentence],
) -> Result<(), MakeError> {
    let parts = &from.cast.parts;
    let voice = parts.iter().zip(&*clips).find(|(part, _)| matches!(part.by, Speaker::Voice(_)));
    let Some(rate) = voice.map(|(_, clip)| clip.sound.rate) else { return Ok(()) };
    for (part, clip) in parts.iter().zip(clips) {
        if let Speaker::Person(_, original) = &part.by
            && clip.sound.rate != rate
        {
            clip.sound = recordings::spoken_at(&workshop.blobs, *original, rate).await?;
        }
    }
    Ok(())
}

async fn keep_files(
    workshop: &Workshop,
    from: &Ingredients<'_>,
    finished: Finished,
    recipe: ContentHash,
) -> Result<Edition, MakeError> {
    let mut files = Vec::new();
    for (format, bytes) in [(AudioFormat::Mp3, finished.mp3), (AudioFormat::Opus, finished.opus)] {
        let length = bytes.len() as u64;
        files.push(AudioFile { format, hash: workshop.blobs.put(bytes).await?, bytes: length });
    }
    let spans = finished.cues.iter().zip(from.sentences.iter().zip(&from.cast.parts));
    Ok(Edition {
        stop: from.stop.slug.clone(),
        code: from.stop.code.clone(),
        language: from.language(),
        title: from.text.title.clone(),
        sentences: spans
            .map(|((start, end), (sentence, part))| EditionSentence {
                paragraph: sentence.paragraph,
                text: sentence.content.clone(),
                start: *start,
                end: *end,
                clip: part.key,
                voice: part.own_voice(&from.cast.voice),
            })
            .collect(),
        duration: finished.duration,
        loudness: hundredths(finished.loudness.integrated),
        audio: files,
        captions: workshop.blobs.put(finished.vtt.into_bytes()).await?,
        master: workshop.blobs.put(finished.master_wav).await?,
        voice: from.cast.voice.clone(),
        translation: from.translation(),
        hearing: from.hearing.clone(),
        recipe,
    })
}
