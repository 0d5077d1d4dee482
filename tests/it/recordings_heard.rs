//! A real voice through the real model: compressed as people compress it, handed in, and heard sentence by sentence.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use thuyetminh::audio::Decoder;
use thuyetminh::domain::{Actor, Language};
use thuyetminh::models::Weights;
use thuyetminh::neural::silero::SileroDetector;
use thuyetminh::neural::whisper::WhisperRecognizer;
use thuyetminh::pipeline::recordings::{HandedIn, take_recording, transcribe};
use thuyetminh::ports::Cancel;

use crate::workshop::Bench;

#[tokio::test]
async fn speech_that_was_compressed_is_heard_with_the_times_of_its_sentences() {
    let speech = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/speech/jfk.wav");
    if !speech.is_file() {
        println!("skipped: {} is not there", speech.display());
        return;
    }
    let bench = Bench::new().await;
    let path = bench.folder.path().join("speech.webm");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(&speech)
        .args(["-c:a", "libopus", "-b:a", "24k"])
        .arg(&path)
        .status();
    assert!(made.unwrap().success());
    let (store, blobs, decoder) = (&bench.workshop.store, &bench.workshop.blobs, Decoder::default());
    let about = HandedIn {
        name: "speech.webm".into(),
        language: Language::EN,
        speaker: "J. F. Kennedy".into(),
        note: Some("public domain".into()),
        stop: None,
    };
    let recording = take_recording(&Actor::named("An"), store, blobs, &decoder, &path, &about).await.unwrap().recording;
    let folder = Weights::open(crate::weights()).unwrap().locate("whisper-base").unwrap();
    let listener = Arc::new(WhisperRecognizer::load(&folder, 2).unwrap());
    let detector = Weights::open(crate::weights()).unwrap().locate("silero-vad").unwrap();
    let detector = Arc::new(SileroDetector::load(&detector).unwrap());
    let heard =
        transcribe(store, blobs, &decoder, (listener, detector), &recording, &Cancel::new(), |_| {}).await.unwrap();
    let text: String = heard.iter().map(|sentence| sentence.heard.as_str()).collect::<Vec<_>>().join(" ");
    assert!(text.starts_with("And so, my fellow Americans, ask not what your country can do for you"), "{text}");
    assert!(heard.iter().all(|sentence| sentence.end <= recording.duration && sentence.start < sentence.end));
    assert_eq!(store.recorded_sentences(recording.id).await.unwrap(), heard);
}
