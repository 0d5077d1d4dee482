//! Whisper on real speech: heard exactly, with times, the same every time, longer than its window, and stoppable.

use std::path::{Path, PathBuf};

use thuyetminh::audio::Sound;
use thuyetminh::domain::{Hertz, Language};
use thuyetminh::models::Weights;
use thuyetminh::neural::whisper::WhisperRecognizer;
use thuyetminh::ports::{Cancel, EngineError, Recognizer};

const SAID: &str =
    "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.";

fn recognizer(threads: usize) -> WhisperRecognizer {
    let root = std::env::var("THUYETMINH_WEIGHTS").unwrap_or_else(|_| "models/weights".to_owned());
    let folder = Weights::open(root).unwrap().locate("whisper-base").unwrap();
    WhisperRecognizer::load(&folder, threads).unwrap()
}

/// Eleven seconds of speech at 16 kHz, where the test data are at hand.
fn speech() -> Option<(PathBuf, Sound)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/speech/jfk.wav");
    let reader = hound::WavReader::open(&path).ok()?;
    let rate = Hertz(reader.spec().sample_rate);
    let samples = reader.into_samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32768.0).collect();
    Some((path, Sound::new(rate, samples)))
}

#[test]
fn speech_is_heard_exactly_with_the_times_of_its_words() {
    let Some((_, sound)) = speech() else { return };
    let one = recognizer(1).recognize(&sound, Language::EN, &Cancel::new()).unwrap();
    assert_eq!(one.text, SAID);
    let words: Vec<_> = one.segments.iter().flat_map(|segment| &segment.words).collect();
    assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "), SAID);
    assert!(words.windows(2).all(|pair| pair[0].start <= pair[1].start), "{words:?}");
    assert!(words.iter().all(|word| word.end <= sound.duration() && (0.0..=1.0).contains(&word.probability)));
    let country = words.last().unwrap();
    assert!(country.start.0 > 8_000, "{country:?}");

    let two = recognizer(2).recognize(&sound, Language::EN, &Cancel::new()).unwrap();
    assert_eq!(one, two, "threads change what is heard");
}

#[test]
fn a_sound_longer_than_one_window_is_heard_to_its_end() {
    let Some((_, sound)) = speech() else { return };
    let mut samples = Vec::new();
    for _ in 0..4 {
        samples.extend_from_slice(&sound.samples);
        samples.extend(vec![0.0; 16_000]);
    }
    let long = Sound::new(sound.rate, samples);
    let heard = recognizer(2).recognize(&long, Language::EN, &Cancel::new()).unwrap();
    assert_eq!(heard.text.matches("fellow Americans").count(), 4, "{}", heard.text);
    assert!(heard.segments.last().unwrap().start.0 > 33_000);
}

#[test]
fn an_empty_sound_and_a_wish_to_stop_are_errors() {
    let Some((_, sound)) = speech() else { return };
    let recognizer = recognizer(1);
    let empty = recognizer.recognize(&Sound::new(Hertz(16_000), Vec::new()), Language::EN, &Cancel::new());
    assert!(matches!(empty, Err(EngineError::BadInput { .. })));

    let cancel = Cancel::new();
    let wish = cancel.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(50));
        wish.cancel();
    });
    let stopped = recognizer.recognize(&sound, Language::EN, &cancel);
    stopper.join().unwrap();
    assert!(matches!(stopped, Err(EngineError::Cancelled)));
}
