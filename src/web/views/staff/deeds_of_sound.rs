//! What people did with the sound of guides, as the record says it.

use crate::domain::{Deed, Manner, Pronunciation};
use crate::web::views::strings::{fill, words};

words! {
    /// The words of the record for what is done with sound.
    Strings: clip_held, manner_of_sentence, manner_of_guide, usual, voice, speed, pause, remade, spoken, taken_back,
    lexicon_alias, lexicon_ipa, lexicon_removed, recording_added, recording_corrected, passages_changed, narration_chosen,
    narration_withdrawn
}

/// Empty for a deed of another kind.
pub fn say(deed: &Deed, own: &Strings) -> String {
    let place = |ordinal: &u32| (ordinal + 1).to_string();
    match deed {
        Deed::ClipHeld { language, ordinal, reason } => {
            fill(&own.clip_held, &[("language", language.tag()), ("n", &place(ordinal)), ("reason", reason)])
        }
        Deed::MannerSet { language, ordinal: Some(ordinal), manner } => {
            let manner = said(manner, own);
            fill(&own.manner_of_sentence, &[("language", language.tag()), ("n", &place(ordinal)), ("manner", &manner)])
        }
        Deed::MannerSet { language, ordinal: None, manner } => {
            fill(&own.manner_of_guide, &[("language", language.tag()), ("manner", &said(manner, own))])
        }
        Deed::SentenceRemade { language, ordinal } => {
            fill(&own.remade, &[("language", language.tag()), ("n", &place(ordinal))])
        }
        Deed::SentenceSpoken { language, ordinal, speaker } => {
            fill(&own.spoken, &[("language", language.tag()), ("n", &place(ordinal)), ("name", speaker)])
        }
        Deed::SpokenSentenceTakenBack { language, ordinal } => {
            fill(&own.taken_back, &[("language", language.tag()), ("n", &place(ordinal))])
        }
        Deed::LexiconChanged { language, said } => match said {
            Some(Pronunciation::Alias(words)) => {
                fill(&own.lexicon_alias, &[("language", language.tag()), ("said", words)])
            }
            Some(Pronunciation::Ipa(ipa)) => fill(&own.lexicon_ipa, &[("language", language.tag()), ("said", ipa)]),
            None => fill(&own.lexicon_removed, &[("language", language.tag())]),
        },
        Deed::RecordingAdded { language, speaker } => {
            fill(&own.recording_added, &[("language", language.tag()), ("name", speaker)])
        }
        Deed::RecordingCorrected { sentences } => fill(&own.recording_corrected, &[("n", &sentences.to_string())]),
        Deed::PassagesChanged { passages } => fill(&own.passages_changed, &[("n", &passages.to_string())]),
        Deed::NarrationChosen { language, recording } => {
            fill(&own.narration_chosen, &[("language", language.tag()), ("n", &recording.to_string())])
        }
        Deed::NarrationWithdrawn { language } => fill(&own.narration_withdrawn, &[("language", language.tag())]),
        _ => String::new(),
    }
}

fn said(manner: &Manner, own: &Strings) -> String {
    let voice = manner.voice.as_ref().map(|voice| fill(&own.voice, &[("voice", voice)]));
    let speed = manner.speed.map(|speed| fill(&own.speed, &[("n", &speed.to_string())]));
    let pause = manner.pause.map(|pause| fill(&own.pause, &[("n", &pause.0.to_string())]));
    let parts: Vec<String> = [voice, speed, pause].into_iter().flatten().collect();
    if parts.is_empty() { own.usual.clone() } else { parts.join(", ") }
}
