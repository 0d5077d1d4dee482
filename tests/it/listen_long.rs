//! A recording heard through the voice detector: no words in silence, times of the recording, the language found.

use std::path::Path;

use thuyetminh::audio::Sound;
use thuyetminh::domain::{Hertz, Language};
use thuyetminh::models::Weights;
use thuyetminh::neural::silero::SileroDetector;
use thuyetminh::neural::whisper::WhisperRecognizer;
use thuyetminh::pipeline::listen::{Heard, Listening};
use thuyetminh::ports::{Cancel, EngineError, Recognizer};

const SAID: &str =
    "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.";

fn engines() -> (WhisperRecognizer, SileroDetector) {
    let root = std::env::var("THUYETMINH_WEIGHTS").unwrap_or_else(|_| "models/weights".to_owned());
    let weights = Weights::open(root).unwrap();
    let whisper = WhisperRecognizer::load(&weights.locate("whisper-base").unwrap(), 2).unwrap();
    (whisper, SileroDetector::load(&weights.locate("silero-vad").unwrap()).unwrap())
}

/// Eleven seconds of speech at 16 kHz, where the test data are at hand.
fn speech() -> Option<Vec<f32>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/speech/jfk.wav");
    let Ok(reader) = hound::WavReader::open(&path) else {
        println!("{} is not here: left out", path.display());
        return None;
    };
    Some(reader.into_samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32768.0).collect())
}

fn heard(samples: &[f32], language: Option<Language>, piece: usize) -> Heard {
    let (recognizer, detector) = engines();
    let mut listening = Listening::begin(&recognizer, &detector, Hertz(16_000), language).unwrap();
    for piece in samples.chunks(piece) {
        listening.take(piece, &Cancel::new()).unwrap();
    }
    listening.finish(&Cancel::new()).unwrap()
}

#[test]
fn speech_is_heard_exactly_and_its_language_found() {
    let Some(samples) = speech() else { return };
    let heard = heard(&samples, None, 4_000);
    assert_eq!(heard.transcript.text, SAID);
    assert_eq!(heard.language, Some(Language::EN));
    assert!(heard.probability.unwrap() > 0.5, "{:?}", heard.probability);
}

#[test]
fn nothing_is_heard_where_nobody_speaks() {
    let silence = heard(&vec![0.0; 16_000 * 40], None, 16_000);
    assert_eq!((silence.transcript.text.as_str(), silence.transcript.segments.len()), ("", 0));
    assert_eq!(silence.language, None);
    assert_eq!(heard(&[], Some(Language::VI), 1).language, Some(Language::VI));
}

#[test]
fn speech_far_apart_keeps_its_times() {
    let Some(samples) = speech() else { return };
    let mut long = vec![0.0; 16_000 * 60];
    long.extend_from_slice(&samples);
    long.extend(vec![0.0; 16_000 * 100]);
    long.extend_from_slice(&samples);
    let heard = heard(&long, Some(Language::EN), 16_000 * 7);
    assert_eq!(heard.transcript.text.matches("fellow Americans").count(), 2, "{}", heard.transcript.text);
    let words: Vec<_> = heard.transcript.segments.iter().flat_map(|segment| &segment.words).collect();
    assert!(words.windows(2).all(|pair| pair[0].start <= pair[1].start), "{words:?}");
    let within = |moment: u64| (60_000..71_100).contains(&moment) || (171_000..182_100).contains(&moment);
    assert!(words.iter().all(|word| within(word.start.0) && within(word.end.0)), "{words:?}");
    for segment in &heard.transcript.segments {
        assert!(segment.end.0 - segment.start.0 < 12_000, "{segment:?}");
    }
}

#[test]
fn the_language_of_a_sound_is_told_and_none_of_no_sound() {
    let Some(samples) = speech() else { return };
    let (recognizer, _) = engines();
    let (language, probability) = recognizer.detect(&Sound::new(Hertz(16_000), samples), &Cancel::new()).unwrap();
    assert!(language == Language::EN && (0.5..=1.0).contains(&probability), "{language:?} {probability}");
    let empty = recognizer.detect(&Sound::new(Hertz(16_000), Vec::new()), &Cancel::new());
    assert!(matches!(empty, Err(EngineError::BadInput { .. })));
}

#[test]
fn a_wish_to_stop_is_heard() {
    let (recognizer, detector) = engines();
    let mut listening = Listening::begin(&recognizer, &detector, Hertz(16_000), None).unwrap();
    let stopped = Cancel::new();
    stopped.cancel();
    assert!(matches!(listening.take(&[0.0; 100], &stopped), Err(EngineError::Cancelled)));
}
