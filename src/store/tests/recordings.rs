//! Recordings: known once, corrected by people only, and whose voice is public.

use super::*;
use crate::domain::{Actor, ContentHash, Milliseconds, RecordedSentence, Recording, RecordingId, RecordingState};
use crate::ports::EngineIdentity;

fn new() -> NewRecording {
    NewRecording {
        original: ContentHash::of(b"a recording"),
        media_type: "audio/flac".into(),
        name: "lời kể.flac".into(),
        bytes: 11,
        duration: Milliseconds(10_000),
        language: Language::VI,
        speaker: "Lan".into(),
        note: Some("CC BY 4.0".into()),
        stop: None,
    }
}

fn heard(spans: &[(u64, u64, &str)]) -> Vec<RecordedSentence> {
    let sentence = |((start, end, text), ordinal): (&(u64, u64, &str), u32)| RecordedSentence {
        ordinal,
        paragraph: 0,
        start: Milliseconds(*start),
        end: Milliseconds(*end),
        heard: (*text).into(),
        corrected: None,
        corrected_by: None,
    };
    spans.iter().zip(0..).map(sentence).collect()
}

fn listener() -> EngineIdentity {
    EngineIdentity { engine: "whisper".into(), model: "base".into(), fingerprint: ContentHash::of(b"w") }
}

fn correction(ordinal: u32, start: u64, end: u64, text: &str) -> Correction {
    Correction { ordinal, start: Milliseconds(start), end: Milliseconds(end), text: text.into() }
}

async fn transcribed(bench: &Bench) -> Recording {
    let (recording, _) = bench.store.add_recording(&an(), &new()).await.unwrap();
    let sentences = heard(&[(0, 2000, "Tháp đôi."), (2000, 5000, "Hai ngọn.")]);
    bench.store.put_transcript(recording.id, &sentences, &listener()).await.unwrap();
    recording
}

fn an() -> Actor {
    Actor::named("An")
}

#[tokio::test]
async fn one_file_is_one_recording() {
    let bench = Bench::new().await;
    let (first, made) = bench.store.add_recording(&an(), &new()).await.unwrap();
    assert!(made && first.state == RecordingState::Kept && first.made_at == START);
    let again = NewRecording { speaker: "Somebody else".into(), ..new() };
    assert_eq!(bench.store.add_recording(&an(), &again).await.unwrap(), (first.clone(), false));
    assert_eq!(bench.store.recordings().await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(bench.store.recording(first.id).await.unwrap(), Some(first));
    assert_eq!(bench.store.recording(RecordingId(99)).await.unwrap(), None);
    let nameless = NewRecording { speaker: " ".into(), original: ContentHash::of(b"b"), ..new() };
    assert!(bench.store.add_recording(&an(), &nameless).await.is_err());
}

#[tokio::test]
async fn it_is_corrected_when_every_sentence_was_read_and_no_machine_writes_over_that() {
    let bench = Bench::new().await;
    let id = transcribed(&bench).await.id;
    let state = async || bench.store.recording(id).await.unwrap().unwrap().state;
    assert_eq!(state().await, RecordingState::Transcribed);
    let first = [correction(0, 100, 2000, " Tháp Đôi. ")];
    assert_eq!(bench.store.correct_recording(&an(), id, &first).await.unwrap(), 1);
    assert_eq!(state().await, RecordingState::Transcribed);
    let error = bench.store.put_transcript(id, &heard(&[(0, 9, "x")]), &listener()).await.unwrap_err().to_string();
    assert!(error.contains("somebody corrected recording"), "{error}");
    assert_eq!(bench.store.correct_recording(&an(), id, &[correction(1, 2000, 5000, "")]).await.unwrap(), 0);
    assert_eq!(state().await, RecordingState::Corrected);
    let sentences = bench.store.recorded_sentences(id).await.unwrap();
    assert_eq!((sentences[0].text(), sentences[0].start.0, sentences[1].text()), ("Tháp Đôi.", 100, ""));
    assert_eq!(sentences[0].heard, "Tháp đôi.");
    assert_eq!(sentences[0].corrected_by.as_deref(), Some("An"));
}

#[tokio::test]
async fn corrections_that_contradict_themselves_change_nothing() {
    let bench = Bench::new().await;
    let id = transcribed(&bench).await.id;
    let before = bench.store.recorded_sentences(id).await.unwrap();
    for wrong in [correction(0, 0, 3000, "It runs into the next."), correction(7, 0, 1, "There is none.")] {
        let both = [correction(1, 2500, 5000, "Good."), wrong];
        assert!(bench.store.correct_recording(&an(), id, &both).await.is_err());
    }
    assert!(matches!(bench.store.correct_recording(&Actor::named(" "), id, &[]).await, Err(StoreError::Nameless)));
    assert_eq!(bench.store.recorded_sentences(id).await.unwrap(), before);
}

#[tokio::test]
async fn only_what_a_person_read_narrates_and_its_voice_alone_is_public() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    let id = transcribed(&bench).await.id;
    let error = bench.store.narrate(&an(), stop, id).await.unwrap_err().to_string();
    assert!(error.contains("recording correct"), "{error}");
    let both = [correction(0, 0, 2000, "Một."), correction(1, 2000, 5000, "Hai.")];
    bench.store.correct_recording(&an(), id, &both).await.unwrap();
    assert!(matches!(bench.store.narrate(&an(), StopId(77), id).await, Err(StoreError::Missing { .. })));

    let synthetic = super::editions::edition(Language::VI, "synthetic");
    let mut person = super::editions::edition(Language::VI, "person");
    person.voice.synthetic = false;
    assert!(matches!(bench.store.publish(&person).await, Err(StoreError::OtherVoice { .. })));
    bench.store.publish(&synthetic).await.unwrap();

    let narration = bench.store.narrate(&an(), stop, id).await.unwrap();
    assert_eq!(bench.store.narration(stop, Language::VI).await.unwrap(), Some(narration));
    assert_eq!(bench.store.narration(stop, Language::EN).await.unwrap(), None);
    assert!(matches!(bench.store.publish(&synthetic).await, Err(StoreError::OtherVoice { .. })));
    bench.store.publish(&person).await.unwrap();
    let captions = person.captions;
    assert!(bench.store.published_file(captions).await.unwrap().is_some());

    assert!(bench.store.end_narration(&an(), stop, Language::VI).await.unwrap());
    assert!(!bench.store.end_narration(&an(), stop, Language::VI).await.unwrap());
    assert_eq!(bench.store.current_edition(&person.stop, Language::VI).await.unwrap(), None);
    assert_eq!(bench.store.published_file(captions).await.unwrap(), None, "consent that was taken back counts");
    assert!(bench.store.published_file(synthetic.captions).await.unwrap().is_some());
    bench.store.publish(&synthetic).await.unwrap();
}

#[tokio::test]
async fn passages_are_kept_in_order_or_not_at_all() {
    let bench = Bench::new().await;
    let id = transcribed(&bench).await.id;
    let passage = |ordinal, start, end| crate::domain::Passage {
        ordinal,
        start: Milliseconds(start),
        end: Milliseconds(end),
        speaker: Some("Lan".into()),
        title: None,
    };
    let kept = [passage(0, 0, 2000), passage(1, 2000, 9000)];
    bench.store.put_passages(None, id, &kept).await.unwrap();
    assert!(bench.store.put_passages(None, id, &[passage(0, 5, 5)]).await.is_err());
    assert_eq!(bench.store.passages(id).await.unwrap(), kept);
    assert!(bench.store.put_passages(None, RecordingId(5), &kept).await.is_err());
}
