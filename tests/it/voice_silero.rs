//! Silero VAD against the reference implementation: the same probabilities, the same stretches of speech, however the
//! sound arrives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thuyetminh::audio::Sound;
use thuyetminh::domain::{Hertz, Milliseconds};
use thuyetminh::models::Weights;
use thuyetminh::neural::silero::SileroDetector;
use thuyetminh::ports::{Cancel, SpeechRules, Stretch, VoiceDetector};

const MILLISECOND: u64 = 16;

#[derive(Deserialize)]
struct Recording {
    samples: usize,
    probabilities: Vec<f32>,
    stretches: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    rules: (f64, f64, u64, u64, u64, Option<u64>),
    found: Vec<[u64; 2]>,
}

fn detector() -> SileroDetector {
    let root = std::env::var("THUYETMINH_WEIGHTS").unwrap_or_else(|_| "models/weights".to_owned());
    SileroDetector::load(&Weights::open(root).unwrap().locate("silero-vad").unwrap()).unwrap()
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/silero")
}

fn wav(path: &Path) -> Option<Sound> {
    let reader = hound::WavReader::open(path).ok()?;
    let rate = Hertz(reader.spec().sample_rate);
    let samples = reader.into_samples::<i16>().map(|sample| f32::from(sample.unwrap()) / 32768.0).collect();
    Some(Sound::new(rate, samples))
}

/// The shipped clip, and of the recordings of the fixture those that are at hand.
fn recordings() -> Vec<(String, Sound, Recording)> {
    let text = std::fs::read_to_string(golden().join("recordings.json")).unwrap();
    let recordings: BTreeMap<String, Recording> = serde_json::from_str(&text).unwrap();
    let at_hand = recordings.into_iter().filter_map(|(name, recording)| {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(&name);
        let path = if name == "silero/clip.wav" { golden().join("clip.wav") } else { data };
        let Some(sound) = wav(&path) else {
            println!("{name} is not here: left out");
            return None;
        };
        assert_eq!(sound.samples.len(), recording.samples, "{name} is another recording");
        Some((name, sound, recording))
    });
    at_hand.collect()
}

/// Three seconds of speech, shipped.
fn clip() -> Sound {
    wav(&golden().join("clip.wav")).unwrap()
}

fn rules(
    (threshold, leave, shortest, silence, padding, longest): (f64, f64, u64, u64, u64, Option<u64>),
) -> SpeechRules {
    let [shortest, silence, padding] = [shortest, silence, padding].map(Milliseconds);
    SpeechRules {
        threshold,
        leave,
        shortest,
        silence,
        padding,
        longest: longest.map(Milliseconds),
        ..SpeechRules::default()
    }
}

#[test]
fn probabilities_and_stretches_are_those_of_the_reference() {
    let detector = detector();
    let recordings = recordings();
    assert!(!recordings.is_empty());
    for (name, sound, recording) in recordings {
        let ours = detector.probabilities(&sound.samples).unwrap();
        assert_eq!(ours.len(), recording.probabilities.len(), "{name}");
        let differences = ours.iter().zip(&recording.probabilities).map(|(a, b)| (a - b).abs());
        let worst = differences.fold(0.0_f32, f32::max);
        println!("{name}: {} windows, probabilities differ by at most {worst:e}", ours.len());
        assert!(worst < 1e-4, "{name}: {worst}");
        for Found { rules: given, found } in recording.stretches {
            let stretch = |[start, end]: &[u64; 2]| Stretch {
                start: Milliseconds(start / MILLISECOND),
                end: Milliseconds(end.div_ceil(MILLISECOND)),
            };
            let expected: Vec<Stretch> = found.iter().map(stretch).collect();
            assert_eq!(detector.speech(&sound, &rules(given), &Cancel::new()).unwrap(), expected, "{name} {given:?}");
        }
    }
}

#[test]
fn however_a_sound_arrives_the_stretches_are_the_same() {
    let detector = detector();
    let sound = clip();
    let whole = detector.speech(&sound, &SpeechRules::default(), &Cancel::new()).unwrap();
    assert!(!whole.is_empty());
    for size in [1, 100, 511, 513, 40_000] {
        let mut listener = detector.listen(sound.rate, &SpeechRules::default()).unwrap();
        let mut stretches = Vec::new();
        for piece in sound.samples.chunks(size) {
            let settled = listener.settled();
            let certain = listener.hear(piece).unwrap();
            assert!(certain.iter().all(|stretch| stretch.start >= settled));
            stretches.extend(certain);
        }
        stretches.extend(listener.finish().unwrap());
        assert_eq!(stretches, whole, "pieces of {size}");
    }
}

#[test]
fn a_sound_of_another_rate_has_its_speech_at_the_same_moments() {
    let detector = detector();
    let sound = clip();
    let expected = detector.speech(&sound, &SpeechRules::default(), &Cancel::new()).unwrap();
    // Every sample three times, smoothed: the same sound at 48 kHz.
    let at = |index: usize| sound.samples[index.min(sound.samples.len() - 1)];
    let between = |n: usize| at(n / 3) + (at(n / 3 + 1) - at(n / 3)) * (n % 3) as f32 / 3.0;
    let fast = Sound::new(Hertz(48_000), (0..sound.samples.len() * 3).map(between).collect());
    let found = detector.speech(&fast, &SpeechRules::default(), &Cancel::new()).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!(found.start.0.abs_diff(expected.start.0) <= 64 && found.end.0.abs_diff(expected.end.0) <= 64);
    }
}

#[test]
fn nobody_speaks_in_silence_or_noise() {
    let detector = detector();
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state) / f64::from(u32::MAX) - 0.5) as f32 * 0.2
    };
    let noisy = Sound::new(Hertz(16_000), (0..160_000).map(|_| noise()).collect());
    let silent = Sound::new(Hertz(16_000), vec![0.0; 160_000]);
    for sound in [noisy, silent, Sound::new(Hertz(16_000), Vec::new())] {
        assert_eq!(detector.speech(&sound, &SpeechRules::default(), &Cancel::new()).unwrap(), []);
    }
    let stopped = Cancel::new();
    stopped.cancel();
    assert!(detector.speech(&clip(), &SpeechRules::default(), &stopped).is_err());
    assert!(detector.listen(Hertz(0), &SpeechRules::default()).is_err());
}
