//! Kokoro against onnxruntime: the same length, melody and sound on sentences in three languages.
//!
//! `tests/golden/kokoro/golden.jsonl` is made by `scripts/reference-kokoro.py golden` from `sentences.tsv`.

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thuyetminh::neural::kokoro::{Kokoro, KokoroError, Options};
use thuyetminh::ports::Cancel;

#[derive(Deserialize)]
struct Case {
    language: String,
    voice: String,
    speed: f32,
    phonemes: String,
    /// At 24 kHz.
    samples: usize,
    /// Hertz, one value a frame of 25 ms.
    pitch: Vec<f64>,
    /// Log power in 24 bands, one row a frame.
    spectrum: Vec<Vec<f64>>,
}

fn folder() -> PathBuf {
    let weights = std::env::var_os("THUYETMINH_WEIGHTS").map_or_else(|| PathBuf::from("models/weights"), PathBuf::from);
    Path::new(env!("CARGO_MANIFEST_DIR")).join(weights).join("kokoro")
}

fn load(threads: usize) -> Kokoro {
    let folder = folder();
    assert!(folder.exists(), "{} is missing: run `thuyetminh models pull default`", folder.display());
    Kokoro::load(&folder, Options { threads }).unwrap()
}

/// Pearson's correlation.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (am, bm) = (mean(a), mean(b));
    let product =
        |x: &[f64], xm: f64, y: &[f64], ym: f64| -> f64 { x.iter().zip(y).map(|(x, y)| (x - xm) * (y - ym)).sum() };
    product(a, am, b, bm) / (product(a, am, a, am) * product(b, bm, b, bm)).sqrt()
}

/// As `coarse_spectrum` of `scripts/reference-kokoro.py`.
fn coarse_spectrum(audio: &[f32]) -> Vec<Vec<f64>> {
    const SIZE: usize = 1024;
    const HOP: usize = 600;
    const BANDS: usize = 24;
    let turns: Vec<(f64, f64)> = (0..SIZE).map(|n| (TAU * n as f64 / SIZE as f64).sin_cos()).collect();
    let mel = |bin: usize| 2595.0 * (1.0 + bin as f64 * 24_000.0 / SIZE as f64 / 700.0).log10();
    let band = |bin: usize| ((mel(bin) / mel(SIZE / 2) * BANDS as f64) as usize).min(BANDS - 1);
    let frame = |at: usize| {
        let windowed: Vec<f64> = (0..SIZE).map(|n| f64::from(audio[at + n]) * (0.5 - 0.5 * turns[n].1)).collect();
        let mut sums = [0.0; BANDS];
        for bin in 0..=SIZE / 2 {
            let (mut real, mut imaginary) = (0.0, 0.0);
            for (n, x) in windowed.iter().enumerate() {
                let (sin, cos) = turns[bin * n % SIZE];
                real += x * cos;
                imaginary += x * sin;
            }
            sums[band(bin)] += real * real + imaginary * imaginary;
        }
        sums.iter().map(|sum| (sum + 1e-4).log10()).collect()
    };
    (0..=audio.len() - SIZE).step_by(HOP).map(frame).collect()
}

#[test]
fn it_speaks_as_onnxruntime_does() {
    let model = load(2);
    let golden =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/kokoro/golden.jsonl")).unwrap();
    let cases: Vec<Case> = golden.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), 10);
    for case in cases {
        let name = format!("{} {} `{}`", case.language, case.voice, case.phonemes);
        let voice = model.voice(&case.voice).unwrap();
        let spoken = model.utter(&case.phonemes, &voice, case.speed, &Cancel::new()).unwrap();
        assert_eq!(spoken.sound.samples.len(), case.samples, "{name}");
        let pitch: Vec<f64> = spoken.pitch.iter().step_by(2).map(|hertz| f64::from(*hertz)).collect();
        let melody = correlation(&pitch, &case.pitch);
        let spectrum = coarse_spectrum(&spoken.sound.samples);
        assert_eq!(spectrum.len(), case.spectrum.len(), "{name}");
        let sound = correlation(&spectrum.concat(), &case.spectrum.concat());
        println!("{name}: pitch {melody:.6}, spectrum {sound:.6}");
        assert!(melody >= 0.999, "{name}: pitch {melody}");
        assert!(sound >= 0.995, "{name}: spectrum {sound}");
    }
}

#[test]
fn the_same_words_always_give_the_same_samples() {
    let (one, two) = (load(1), load(2));
    let speak = |model: &Kokoro, phonemes: &str| {
        model.speak(phonemes, &model.voice("af_heart").unwrap(), 1.0, &Cancel::new()).unwrap().samples
    };
    let first = speak(&one, "jˈɛs.");
    assert!(first.iter().all(|sample| sample.is_finite() && sample.abs() <= 1.0));
    speak(&one, "nˈO.");
    assert_eq!(first, speak(&one, "jˈɛs."));
    assert_eq!(first, speak(&two, "jˈɛs."));
}

#[test]
fn what_cannot_be_spoken_is_said() {
    let model = load(2);
    let voice = model.voice("af_heart").unwrap();
    let error = |phonemes: &str, speed: f32| model.speak(phonemes, &voice, speed, &Cancel::new()).unwrap_err();
    assert!(matches!(error("jɛs ǂ", 1.0), KokoroError::UnknownPhonemes { .. }));
    assert!(matches!(error(" ", 1.0), KokoroError::Nothing));
    assert!(matches!(error("jɛs", 0.0), KokoroError::Speed(_)));
    let stopped = Cancel::new();
    stopped.cancel();
    assert!(matches!(model.speak("jɛs", &voice, 1.0, &stopped).unwrap_err(), KokoroError::Cancelled));
    let missing = model.voice("af_nobody").err().unwrap().to_string();
    assert!(missing.contains("af_nobody") && missing.contains("af_heart"), "{missing}");
}
