//! The voice of last resort: espeak-ng speaks where no neural voice knows the language.
//!
//! Each utterance is one child: text on standard input, WAV on standard output, 22 050 Hz.

use std::sync::Arc;

use super::{ENGINE, program, release};
use crate::audio::Sound;
use crate::domain::{HashBuilder, Hertz, Language, VoiceMark};
use crate::neural::layers::program::Program;
use crate::ports::{Cancel, EngineError, EngineIdentity, SpeechSink, Synthesizer};
use crate::text::SpokenText;

/// How much slower a sentence that was not understood is spoken again, in percent of the usual speed.
const SLOWER: [u32; 2] = [88, 76];
/// espeak-ng's own limit.
const SLOWEST: u32 = 80;

/// Speaks one language by rules.
pub struct EspeakVoice {
    language: Language,
    program: Program,
    identity: EngineIdentity,
    /// Words a minute, as espeak-ng counts them.
    speed: String,
    words_a_minute: u32,
}

impl EspeakVoice {
    /// Words a minute at which Vietnamese is understood best by rule-made speech.
    pub const SLOW: u32 = 130;

    /// # Errors
    /// `Unavailable` where the program is missing.
    pub fn new(language: Language, words_per_minute: u32) -> Result<Self, EngineError> {
        let program = program();
        let release = release(&program)?;
        let speed = words_per_minute.to_string();
        let fingerprint = HashBuilder::new("espeak-ng voice 1")
            .with("release", &release)
            .with("language", language.tag())
            .with("speed", &speed)
            .finish();
        let identity = EngineIdentity { engine: ENGINE.to_owned(), model: format!("espeak-ng-{release}"), fingerprint };
        Ok(Self { language, program, identity, speed, words_a_minute: words_per_minute })
    }

    /// espeak-ng's own name for the language's voice.
    fn voice(&self) -> &'static str {
        match self.language.tag() {
            "zh" => "cmn",
            "pt" => "pt-br",
            "en" => "en-gb",
            tag => tag,
        }
    }

    fn speak(&self, utterance: &SpokenText, cancel: &Cancel) -> Result<Sound, EngineError> {
        // Double brackets would be read as phonemes, line ends as the end of a sentence.
        let text = utterance.written().replace('[', "(").replace(']', ")").replace(['\n', '\r'], " ");
        if utterance.language != self.language || !text.chars().any(char::is_alphanumeric) {
            let what = format!("the {} voice cannot speak `{text}` ({})", self.language, utterance.language);
            return Err(EngineError::BadInput { engine: ENGINE.to_owned(), what });
        }
        let arguments = ["-v", self.voice(), "-s", &self.speed, "-b", "1", "--stdin", "--stdout"];
        let wav = self.program.run(&arguments, text.as_bytes(), cancel)?;
        read_wav(&wav).ok_or_else(|| EngineError::failed(ENGINE, format!("no 16-bit mono WAV came back for `{text}`")))
    }
}

impl Synthesizer for EspeakVoice {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn language(&self) -> Language {
        self.language
    }

    fn mark(&self) -> VoiceMark {
        VoiceMark {
            engine: self.identity.engine.clone(),
            model: self.identity.model.clone(),
            voice: self.voice().to_owned(),
            synthetic: true,
            last_resort: true,
        }
    }

    fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        let share = *SLOWER.get(usize::from(take).checked_sub(1)?)?;
        let (language, program, identity) = (self.language, self.program.clone(), self.identity.clone());
        let speed = (self.words_a_minute * share / 100).max(SLOWEST).to_string();
        Some(Arc::new(Self { language, program, identity, speed, words_a_minute: self.words_a_minute }))
    }

    fn synthesize(
        &self,
        utterances: &[SpokenText],
        cancel: &Cancel,
        sink: &mut SpeechSink<'_>,
    ) -> Result<(), EngineError> {
        for (place, utterance) in utterances.iter().enumerate() {
            cancel.check()?;
            sink(place, self.speak(utterance, cancel)?)?;
        }
        Ok(())
    }
}

/// 16-bit mono samples of a WAV whose length fields may lie, as those of a stream do: the data is all that follows.
fn read_wav(wav: &[u8]) -> Option<Sound> {
    let word = |at: usize| Some(u16::from_le_bytes(wav.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_le_bytes(wav.get(at..at + 4)?.try_into().ok()?));
    if wav.get(..4)? != b"RIFF" || wav.get(8..16)? != b"WAVEfmt " {
        return None;
    }
    let (channels, rate, bits) = (word(22)?, long(24)?, word(34)?);
    let data = 20 + long(16)? as usize;
    if wav.get(data..data + 4)? != b"data" || channels != 1 || bits != 16 {
        return None;
    }
    let declared = long(data + 4)? as usize;
    let bytes = &wav[data + 8..];
    let bytes = &bytes[..declared.min(bytes.len())];
    let samples: Vec<f32> =
        bytes.chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0).collect();
    (!samples.is_empty()).then(|| Sound::new(Hertz(rate), samples))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speak(texts: &[&str]) -> Result<Vec<Sound>, EngineError> {
        let voice = EspeakVoice::new(Language::VI, EspeakVoice::SLOW).unwrap();
        let utterances: Vec<SpokenText> = texts.iter().map(|text| SpokenText::words(Language::VI, *text)).collect();
        let mut sounds = Vec::new();
        voice.synthesize(&utterances, &Cancel::new(), &mut |place, sound| {
            assert_eq!(place, sounds.len());
            sounds.push(sound);
            Ok(())
        })?;
        Ok(sounds)
    }

    #[test]
    fn it_speaks_and_says_the_same_again() {
        let sounds = speak(&["Xin chào các bạn.", "Tháp Đôi ở Quy Nhơn.", "Xin chào các bạn."]).unwrap();
        assert_eq!(sounds[0], sounds[2]);
        assert_eq!(sounds[0].rate, Hertz(22_050));
        assert!(sounds[0].duration().seconds() > 0.5);
        assert!(sounds[0].samples.iter().any(|sample| sample.abs() > 0.05));
    }

    #[test]
    fn silence_and_other_languages_are_refused() {
        assert!(matches!(speak(&["…"]), Err(EngineError::BadInput { .. })));
        let voice = EspeakVoice::new(Language::VI, EspeakVoice::SLOW).unwrap();
        let english = [SpokenText::words(Language::EN, "Hello")];
        assert!(voice.synthesize(&english, &Cancel::new(), &mut |_, _| Ok(())).is_err());
        assert!(voice.mark().last_resort && voice.mark().synthetic);
    }
}
