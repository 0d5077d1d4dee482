//! The clips of a text: every sentence spoken once, kept under the hash of what made it as soon as it is spoken.

use std::sync::Arc;

use super::cast::{Part, Speaker};
use super::error::MakeError;
use super::workshop::{self, Progress, Stage, Workshop};
use crate::audio::{Sound, wav};
use crate::domain::{ContentHash, HashBuilder, VoiceMark};
use crate::ports::{Cancel, EngineError, Synthesizer};
use crate::store::Clip;
use crate::text::SpokenText;

/// How much work the clips of a text were.
#[derive(Debug)]
pub(super) struct Spoken {
    pub synthesized: usize,
    pub reused: usize,
}

/// Which clip a spoken text is in a voice. Two sentences that sound alike share one.
pub(super) fn clip_key(voice: &dyn Synthesizer, spoken: &SpokenText) -> Result<ContentHash, MakeError> {
    let spoken = serde_json::to_vec(spoken).map_err(|error| EngineError::failed("spoken text", error))?;
    let mark = voice.mark();
    Ok(HashBuilder::new("clip 1")
        .with("engine", voice.identity().fingerprint.to_string())
        .with("model", &mark.model)
        .with("voice", &mark.voice)
        .with("spoken", spoken)
        .finish())
}

/// What one voice still has to say.
type Lines = (Arc<dyn Synthesizer>, Vec<(ContentHash, SpokenText)>);

/// Sees to it that every sentence has its clip.
pub(super) async fn clips_of(
    workshop: &Workshop,
    parts: &[Part],
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Spoken, MakeError> {
    let mut missing: Vec<Lines> = Vec::new();
    let mut synthesized = 0;
    for part in parts {
        let Speaker::Voice(voice) = &part.by else { continue };
        let waiting = missing.iter().flat_map(|(_, lines)| lines).any(|(other, _)| *other == part.key);
        if waiting || is_kept(workshop, part.key).await? {
            continue;
        }
        synthesized += 1;
        let line = (part.key, part.spoken.clone());
        match missing.iter_mut().find(|(other, _)| Arc::ptr_eq(other, voice)) {
            Some((_, lines)) => lines.push(line),
            None => missing.push((voice.clone(), vec![line])),
        }
    }
    if synthesized > 0 {
        let characters: usize = parts.iter().map(|part| part.content.chars().count()).sum();
        progress.stage(Stage::Speak { sentences: synthesized, characters });
        for (voice, lines) in missing {
            synthesize(workshop, &voice, lines, cancel, progress).await?;
        }
    }
    Ok(Spoken { reused: parts.len() - synthesized, synthesized })
}

/// A clip whose file has gone from the blobs counts as never made.
pub(super) async fn is_kept(workshop: &Workshop, key: ContentHash) -> Result<bool, MakeError> {
    let Some(clip) = workshop.store.clip(key).await? else { return Ok(false) };
    Ok(workshop.blobs.size(clip.blob).await?.is_some())
}

pub(super) async fn synthesize(
    workshop: &Workshop,
    voice: &Arc<dyn Synthesizer>,
    missing: Vec<(ContentHash, SpokenText)>,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<(), MakeError> {
    let (keys, utterances): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
    // Of one: the voice waits for the disk rather than running ahead of what is safe.
    let (finished, arriving) = tokio::sync::mpsc::channel::<(usize, Sound)>(1);
    let (speaker, cancel) = (voice.clone(), cancel.clone());
    let speaking = workshop::on_a_thread(move || {
        let mut sink = |index, sound| finished.blocking_send((index, sound)).map_err(|_| EngineError::Cancelled);
        speaker.synthesize(&utterances, &cancel, &mut sink)
    });
    let keeping = async {
        // Owned here, so that a failure to keep one ends the channel and with it the speaking.
        let mut arriving = arriving;
        let mut kept = 0;
        while let Some((index, sound)) = arriving.recv().await {
            let key = *keys.get(index).ok_or_else(|| MakeError::short(&voice.identity().engine))?;
            keep(workshop, &**voice, key, &sound).await?;
            kept += 1;
            progress.sentence_spoken(sound.duration());
        }
        Ok::<_, MakeError>(kept)
    };
    let (spoken, kept) = tokio::join!(speaking, keeping);
    let kept = kept?;
    spoken?;
    if kept == keys.len() { Ok(()) } else { Err(MakeError::short(&voice.identity().engine)) }
}

async fn keep(workshop: &Workshop, voice: &dyn Synthesizer, key: ContentHash, sound: &Sound) -> Result<(), MakeError> {
    let clip = clip_of(workshop, key, voice.mark(), sound).await?;
    Ok(workshop.store.put_clip(&clip).await?)
}

/// A sound kept with the blobs, and its clip, which is not put down yet.
pub(super) async fn clip_of(
    workshop: &Workshop,
    key: ContentHash,
    mark: VoiceMark,
    sound: &Sound,
) -> Result<Clip, MakeError> {
    Ok(Clip {
        key,
        blob: workshop.blobs.put(wav::write(sound)?).await?,
        rate: sound.rate,
        samples: sound.samples.len() as u64,
        mark,
        take: 0,
        made_at: workshop.clock.now(),
    })
}
