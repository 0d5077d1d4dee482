//! Speech recognition by whisper.cpp through whisper-rs.
//!
//! Results repeat: temperature 0, no fallback to sampling, no text carried from one 30-second window to the next, a
//! fresh state for each call (whisper.cpp draws the candidates of its beams at random, from a generator that lives in
//! the state). So one recognizer, its weights in memory once, may hear many sounds at the same time. Weights are one
//! GGML file, `ggml-*.bin`, in a folder of its own.
//!
//! Threads of one call wait for each other by spinning, hundreds of times a second: where processors are shared with
//! other work, many calls of one thread are far faster than one call of many.

mod whole;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperState};

use crate::audio::Sound;
use crate::domain::{HashBuilder, Hertz, Language, Milliseconds};
use crate::neural::layers::resample;
use crate::ports::{Cancel, EngineError, EngineIdentity, HeardSegment, Recognizer, Transcript};
use words::Token;

const ENGINE: &str = "whisper";

/// Goes into the fingerprint; raised when the settings below or the assembly of words change what is heard.
const VERSION: &str = "3";

/// The rate Whisper hears at.
const RATE: Hertz = Hertz(16_000);

/// whisper.cpp gives up on less than this; shorter sounds are followed by silence.
const SHORTEST: Milliseconds = Milliseconds(1_100);

/// What Whisper sees at once.
const WINDOW: Milliseconds = Milliseconds(30_000);

/// Samples a position of the encoder stands for, and the positions of a whole window.
const POSITION: usize = 320;
const POSITIONS: usize = 1_500;
/// So many more than the sound has: Whisper wants to see it end in silence.
const SILENCE: usize = 64;
/// Positions are taken by as many: a multiplication is fastest where they fill its registers.
const STEP: usize = 16;

const BEAMS: i32 = 5;

/// How the words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Search {
    /// Several beginnings of the sentence at a time.
    Wide,
    /// The likeliest token each time.
    Straight,
}

impl Search {
    fn strategy(self) -> SamplingStrategy {
        match self {
            Self::Wide => SamplingStrategy::BeamSearch { beam_size: BEAMS, patience: -1.0 },
            Self::Straight => SamplingStrategy::Greedy { best_of: 1 },
        }
    }
}

/// Hears speech in the languages Whisper knows, which are all of the table.
pub struct WhisperRecognizer {
    context: WhisperContext,
    identity: EngineIdentity,
    threads: usize,
}

impl WhisperRecognizer {
    /// Loads the weights in `folder`. `threads` do not change what is heard.
    ///
    /// # Errors
    /// `Unavailable` where there are no weights or they cannot be loaded.
    pub fn load(folder: &Path, threads: usize) -> Result<Self, EngineError> {
        whisper_rs::install_logging_hooks();
        let file = weights_in(folder)?;
        let bytes = fs::read(&file).map_err(|error| EngineError::failed(ENGINE, error))?;
        whole::check(&bytes).map_err(|what| broken_weights(&file, what))?;
        let fingerprint = HashBuilder::new("whisper")
            .with("version", VERSION)
            .with("beams", BEAMS.to_le_bytes())
            .with("weights", &bytes)
            .finish();
        let context = WhisperContext::new_from_buffer_with_params(&bytes, WhisperContextParameters::default())
            .map_err(|error| broken_weights(&file, error))?;
        let model = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let identity = EngineIdentity { engine: ENGINE.to_owned(), model, fingerprint };
        Ok(Self { context, identity, threads: threads.max(1) })
    }

    fn hear(
        &self,
        sound: &Sound,
        language: Language,
        search: Search,
        cancel: &Cancel,
    ) -> Result<Transcript, EngineError> {
        let samples = heard_samples(&sound.samples, sound.rate, cancel)?;
        let state = self.run(&samples, language, search, cancel)?;
        let mut segments = self.segments(&state, language, sound.duration());
        let text = segments.iter().map(|segment| segment.text.as_str()).collect::<String>().trim().to_owned();
        for segment in &mut segments {
            segment.text = segment.text.trim().to_owned();
        }
        Ok(Transcript { text, segments })
    }

    fn run(
        &self,
        samples: &[f32],
        language: Language,
        search: Search,
        cancel: &Cancel,
    ) -> Result<WhisperState, EngineError> {
        let failed = |error: WhisperError| EngineError::failed(ENGINE, error);
        let mut state = self.context.create_state().map_err(failed)?;
        let mut params = FullParams::new(search.strategy());
        params.set_language(Some(language.tag()));
        params.set_n_threads(i32::try_from(self.threads).unwrap_or(i32::MAX));
        params.set_temperature(0.0);
        params.set_temperature_inc(0.0);
        params.set_no_context(true);
        params.set_n_max_text_ctx(0);
        params.set_token_timestamps(true);
        params.set_suppress_nst(true);
        params.set_audio_ctx(i32::try_from(positions(samples.len())).unwrap_or(0));
        params.set_print_special(false);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_timestamps(false);
        let wish = cancel.clone();
        // whisper-rs 0.16 hands its callback a pointer to a boxed `dyn FnMut`, whatever the closure's own type is: only
        // a closure that is such a box itself is called rightly.
        let stop: Box<dyn FnMut() -> bool> = Box::new(move || wish.is_cancelled());
        params.set_abort_callback_safe::<_, Box<dyn FnMut() -> bool>>(stop);
        let outcome = state.full(params, samples);
        cancel.check()?;
        outcome.map_err(failed)?;
        Ok(state)
    }

    /// The segments a finished state holds; times end where the sound does.
    fn segments(&self, state: &WhisperState, language: Language, end: Milliseconds) -> Vec<HeardSegment> {
        let text_ends = self.context.token_eot();
        state
            .as_iter()
            .filter_map(|segment| {
                let tokens: Vec<Token<'_>> = (0..segment.n_tokens())
                    .filter_map(|at| segment.get_token(at))
                    .filter(|token| token.token_id() < text_ends)
                    .filter_map(|token| {
                        let data = token.token_data();
                        let (start, end) = (moment(data.t0, end), moment(data.t1, end));
                        Some(Token { bytes: token.to_bytes().ok()?, start, end, probability: data.p })
                    })
                    .collect();
                let (text, words) = words::assemble(&tokens, language.script());
                let (start, end) = (moment(segment.start_timestamp(), end), moment(segment.end_timestamp(), end));
                (!text.trim().is_empty()).then_some(HeardSegment { text, start, end, words })
            })
            .collect()
    }
}

/// How many positions of the encoder a sound needs: computing the silence up to a whole window would cost a short clip
/// several times what its speech costs.
fn positions(samples: usize) -> usize {
    (samples.div_ceil(POSITION) + SILENCE).next_multiple_of(STEP).min(POSITIONS)
}

/// whisper.cpp counts in hundredths of a second.
fn moment(hundredths: i64, end: Milliseconds) -> Milliseconds {
    Milliseconds(u64::try_from(hundredths).unwrap_or(0) * 10).min(end)
}

fn bad_rate(error: resample::RateError) -> EngineError {
    EngineError::BadInput { engine: ENGINE.to_owned(), what: error.to_string() }
}

fn broken_weights(file: &Path, what: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable {
        engine: ENGINE.to_owned(),
        what: format!("{} cannot be loaded: {what}", file.display()),
        remedy: "run `thuyetminh models check`".to_owned(),
    }
}

fn weights_in(folder: &Path) -> Result<PathBuf, EngineError> {
    let is_weights = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("ggml-") && name.ends_with(".bin")
    };
    let entries = fs::read_dir(folder).ok();
    let mut found: Vec<PathBuf> = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.retain(is_weights);
    found.sort();
    found.into_iter().next().ok_or_else(|| EngineError::Unavailable {
        engine: ENGINE.to_owned(),
        what: format!("no ggml-*.bin in {}", folder.display()),
        remedy: "run `thuyetminh models pull whisper-base`".to_owned(),
    })
}

impl Recognizer for WhisperRecognizer {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn recognize(&self, sound: &Sound, language: Language, cancel: &Cancel) -> Result<Transcript, EngineError> {
        self.hear(sound, language, Search::Wide, cancel)
    }

    fn recognize_quickly(&self, sound: &Sound, language: Language, cancel: &Cancel) -> Result<Transcript, EngineError> {
        self.hear(sound, language, Search::Straight, cancel)
    }

    fn detect(&self, sound: &Sound, cancel: &Cancel) -> Result<(Language, f32), EngineError> {
        let failed = |error: WhisperError| EngineError::failed(ENGINE, error);
        let one_only = || EngineError::Unavailable {
            engine: ENGINE.to_owned(),
            what: format!("{} hears one language only", self.identity.model),
            remedy: "say which language is spoken, or run `thuyetminh models pull whisper-base`".to_owned(),
        };
        if !self.context.is_multilingual() {
            return Err(one_only());
        }
        let beginning = &sound.samples[..sound.samples.len().min(sound.rate.samples(WINDOW))];
        let samples = heard_samples(beginning, sound.rate, cancel)?;
        let mut state = self.context.create_state().map_err(failed)?;
        state.pcm_to_mel(&samples, self.threads).map_err(failed)?;
        let (_, probabilities) = state.lang_detect(0, self.threads).map_err(failed)?;
        let probability = |language: Language| {
            let number = whisper_rs::get_lang_id(language.tag())?;
            Some((language, *probabilities.get(usize::try_from(number).ok()?)?))
        };
        let known = Language::all().filter_map(probability);
        known.max_by(|a, b| a.1.total_cmp(&b.1)).ok_or_else(one_only)
    }
}

/// The samples as Whisper hears them: at its rate, and never shorter than it takes.
fn heard_samples(samples: &[f32], rate: Hertz, cancel: &Cancel) -> Result<Vec<f32>, EngineError> {
    if samples.is_empty() || rate.0 == 0 {
        return Err(EngineError::BadInput { engine: ENGINE.to_owned(), what: "the sound is empty".to_owned() });
    }
    cancel.check()?;
    let mut samples = resample::to_rate(samples, rate, RATE).map_err(bad_rate)?;
    samples.resize(samples.len().max(RATE.samples(SHORTEST)), 0.0);
    Ok(samples)
}

/// For `src/fuzzed.rs`: a file of weights, and tokens that may end inside a character.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile(bytes: &[u8]) {
    let _ = whole::check(bytes);
    let token = |bytes| Token { bytes, start: Milliseconds(0), end: Milliseconds(1), probability: 1.0 };
    let tokens: Vec<Token<'_>> = bytes.chunks(2).map(token).collect();
    for script in [crate::domain::Script::Alphabetic, crate::domain::Script::Ideographic] {
        let (text, _) = words::assemble(&tokens, script);
        assert_eq!(text, String::from_utf8_lossy(bytes), "bytes are lost");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoder_sees_the_whole_sound_and_never_more_than_a_window() {
        for samples in [17_600, 160_000, 400_000, 448_000, 480_000, 5_000_000] {
            let positions = positions(samples);
            assert!(positions * POSITION >= samples.min(POSITIONS * POSITION) && positions <= POSITIONS, "{samples}");
        }
        assert_eq!(positions(16_000 * 5), 320);
    }

    #[test]
    fn missing_weights_are_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let error = WhisperRecognizer::load(folder.path(), 1).err().unwrap().to_string();
        assert!(error.contains("ggml-*.bin") && error.contains("models pull whisper-base"), "{error}");
    }

    #[test]
    fn weights_that_are_cut_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ggml-cut.bin"), [0x6c, 0x6d, 0x67, 0x67, 1, 2]).unwrap();
        let error = WhisperRecognizer::load(folder.path(), 1).err().unwrap().to_string();
        assert!(error.contains("ggml-cut.bin cannot be loaded"), "{error}");
    }
}
