//! A person's recording on its way: handed in, heard, corrected, narrating, described; and what is refused.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use thuyetminh::audio::mark::{self, Container};
use thuyetminh::audio::{Captions, Decoder, Sound};
use thuyetminh::domain::{Actor, AudioFormat, ContentHash, Hertz, Language, Milliseconds, Recording, RecordingState};
use thuyetminh::pipeline::recordings::{
    Description, HandedIn, RecordingError, Silences, Taken, cut_passages, describe, read_lines, take_recording,
    transcribe, write_lines,
};
use thuyetminh::pipeline::{GuideReport, MakeError, Outcome, make_guide};
use thuyetminh::ports::{
    Cancel, EngineError, EngineIdentity, HeardSegment, HeardWord, Recognizer, SpeechRules, Stretch, Transcript,
    VoiceDetector, VoiceListener,
};

use crate::workshop::{Bench, Quiet};

/// Hears the same words in every window, one every half second from its beginning, and remembers how long each was.
struct Listener {
    words: Vec<&'static str>,
    windows: Mutex<Vec<Milliseconds>>,
    identity: EngineIdentity,
}

impl Listener {
    fn of(text: &'static str) -> Arc<Self> {
        let identity =
            EngineIdentity { engine: "listener".into(), model: "test".into(), fingerprint: ContentHash::of(b"l") };
        Arc::new(Self { words: text.split(' ').collect(), windows: Mutex::default(), identity })
    }
}

impl Recognizer for Listener {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn recognize(&self, sound: &Sound, _: Language, cancel: &Cancel) -> Result<Transcript, EngineError> {
        cancel.check()?;
        self.windows.lock().unwrap().push(sound.duration());
        let words: Vec<HeardWord> = self
            .words
            .iter()
            .zip(0_u64..)
            .map(|(text, place)| HeardWord {
                text: (*text).to_owned(),
                start: Milliseconds(place * 500),
                end: Milliseconds(place * 500 + 450),
                probability: 0.9,
            })
            .collect();
        let end = words.last().map_or(Milliseconds(0), |word| word.end);
        let segment = HeardSegment { text: self.words.join(" "), start: Milliseconds(0), end, words };
        Ok(Transcript { text: segment.text.clone(), segments: vec![segment] })
    }

    fn recognize_quickly(&self, sound: &Sound, language: Language, cancel: &Cancel) -> Result<Transcript, EngineError> {
        self.recognize(sound, language, cancel)
    }
}

/// Takes every second in which anything sounds for speech.
struct Loud {
    identity: EngineIdentity,
}

impl Default for Loud {
    fn default() -> Self {
        let identity =
            EngineIdentity { engine: "loud".into(), model: "test".into(), fingerprint: ContentHash::of(b"loud") };
        Self { identity }
    }
}

impl VoiceDetector for Loud {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn listen(&self, rate: Hertz, _: &SpeechRules) -> Result<Box<dyn VoiceListener + '_>, EngineError> {
        Ok(Box::new(Seconds { rate, heard: 0, since: None, waiting: Vec::new() }))
    }
}

struct Seconds {
    rate: Hertz,
    heard: usize,
    since: Option<usize>,
    waiting: Vec<f32>,
}

impl Seconds {
    fn end(&mut self) -> Option<Stretch> {
        let start = self.rate.duration(self.since.take()?);
        Some(Stretch { start, end: self.rate.duration(self.heard) })
    }
}

impl VoiceListener for Seconds {
    fn hear(&mut self, samples: &[f32]) -> Result<Vec<Stretch>, EngineError> {
        self.waiting.extend_from_slice(samples);
        let (second, mut stretches) = (self.rate.0 as usize, Vec::new());
        while self.waiting.len() >= second {
            let loud = self.waiting.drain(..second).any(|sample| sample.abs() > 0.01);
            if loud {
                self.since.get_or_insert(self.heard);
            } else {
                stretches.extend(self.end());
            }
            self.heard += second;
        }
        Ok(stretches)
    }

    fn settled(&self) -> Milliseconds {
        self.rate.duration(self.since.unwrap_or(self.heard))
    }

    fn finish(&mut self) -> Result<Vec<Stretch>, EngineError> {
        self.heard += self.waiting.len();
        Ok(self.end().into_iter().collect())
    }
}

/// A sound as loud and soft as speech, written by ffmpeg in whatever form the name asks for.
fn recorded(folder: &Path, name: &str, sound: &str) -> PathBuf {
    let path = folder.join(name);
    let ended = Command::new("ffmpeg").args(["-v", "error", "-y", "-f", "lavfi", "-i", sound]).arg(&path).output();
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    path
}

const SIX_SECONDS: &str = "aevalsrc='0.05*sin(220*2*PI*t)*abs(sin(2*PI*t))':d=6:s=44100";

async fn hand_in(bench: &Bench, path: &Path, language: Language) -> Result<Taken, RecordingError> {
    let about = HandedIn {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        language,
        speaker: "Nguyễn Thị Lan".into(),
        note: Some("CC BY 4.0, consent of 2026".into()),
        stop: None,
    };
    let workshop = &bench.workshop;
    take_recording(&Actor::named("An"), &workshop.store, &workshop.blobs, &Decoder::default(), path, &about).await
}

async fn heard(bench: &Bench, recording: &Recording, listener: Arc<Listener>) {
    let (store, blobs) = (&bench.workshop.store, &bench.workshop.blobs);
    let cancel = Cancel::new();
    transcribe(store, blobs, &Decoder::default(), (listener, Arc::new(Loud::default())), recording, &cancel, |_| {})
        .await
        .unwrap();
}

/// A person reads the lines and mends them.
async fn corrected(bench: &Bench, recording: &Recording, wrong: &str, right: &str) {
    let store = &bench.workshop.store;
    let lines = write_lines(&store.recorded_sentences(recording.id).await.unwrap()).replace(wrong, right);
    let corrections = read_lines(&lines).unwrap();
    assert_eq!(store.correct_recording(&Actor::named("An"), recording.id, &corrections).await.unwrap(), 0);
}

async fn make(bench: &Bench, language: Language) -> Result<GuideReport, MakeError> {
    make_guide(&bench.workshop, &bench.stop, language, &Cancel::new(), &Quiet).await
}

fn files_in(folder: &Path) -> usize {
    let inside = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        if path.is_dir() { files_in(&path) } else { 1 }
    };
    std::fs::read_dir(folder).unwrap().map(inside).sum()
}

#[tokio::test]
async fn a_persons_voice_wins_until_it_is_withdrawn() {
    let bench = Bench::new().await;
    make(&bench, Language::VI).await.unwrap();
    bench.counts.take();
    let path = recorded(bench.folder.path(), "lời kể.m4a", SIX_SECONDS);
    let taken = hand_in(&bench, &path, Language::VI).await.unwrap();
    assert!(taken.new && taken.warning.is_none() && taken.recording.state == RecordingState::Kept);
    assert_eq!(taken.recording.media_type, "audio/mp4");
    let recording = taken.recording;
    assert_eq!(
        bench.workshop.blobs.get(recording.original).await.unwrap().unwrap(),
        std::fs::read(&path).unwrap(),
        "the original is kept as it came"
    );
    heard(&bench, &recording, Listener::of("Tháp đoi có hai ngọn. Tháp bắc cao hơn.")).await;
    let store = &bench.workshop.store;
    assert!(store.narrate(&Actor::named("An"), bench.stop.id, recording.id).await.is_err(), "nobody has read it");
    corrected(&bench, &recording, "Tháp đoi", "Tháp Đôi").await;
    store.narrate(&Actor::named("An"), bench.stop.id, recording.id).await.unwrap();

    assert_eq!(make(&bench, Language::VI).await.unwrap().outcome, Outcome::Published { edition: 2 });
    assert_eq!(bench.counts.take(), (0, 0), "no engine is asked");
    let edition = store.current_edition(&bench.stop.slug, Language::VI).await.unwrap().unwrap().edition;
    assert!(!edition.voice.synthetic && !edition.voice.last_resort && edition.translation.is_none());
    assert_eq!(edition.voice.voice, "Nguyễn Thị Lan");
    assert_eq!(edition.title, "Title in vi");
    assert!((edition.loudness.0 + 16.0).abs() <= 1.0, "{:?}", edition.loudness);
    assert!((5990..6100).contains(&edition.duration.0), "{:?}", edition.duration);
    let blob = async |hash| bench.workshop.blobs.get(hash).await.unwrap().unwrap();
    for file in &edition.audio {
        let container = if file.format == AudioFormat::Mp3 { Container::Mp3 } else { Container::Opus };
        let bytes = blob(file.hash).await;
        assert_eq!(mark::read(&bytes, container).unwrap(), None);
        assert_eq!(bytes.len() as u64, file.bytes);
    }
    assert_eq!(mark::read(&blob(edition.master).await, Container::Wav).unwrap(), None);
    let captions = Captions::parse(std::str::from_utf8(&blob(edition.captions).await).unwrap()).unwrap();
    assert_eq!(captions.cues[0].lines.join(" "), "Tháp Đôi có hai ngọn.");
    assert_eq!((captions.cues[1].start.0, captions.cues.len()), (2500, 2));

    assert_eq!(make(&bench, Language::VI).await.unwrap().outcome, Outcome::UpToDate { edition: 2 });
    corrected(&bench, &recording, "cao hơn.", "cao hơn một chút.").await;
    assert_eq!(make(&bench, Language::VI).await.unwrap().outcome, Outcome::Published { edition: 3 });
    assert_eq!(make(&bench, Language::EN).await.unwrap().synthesized, 3, "other languages are as they were");

    assert!(store.end_narration(&Actor::named("An"), bench.stop.id, Language::VI).await.unwrap());
    assert_eq!(store.current_edition(&bench.stop.slug, Language::VI).await.unwrap(), None);
    make(&bench, Language::VI).await.unwrap();
    let edition = store.current_edition(&bench.stop.slug, Language::VI).await.unwrap().unwrap().edition;
    assert!(edition.voice.synthetic);
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    let bench = Bench::new().await;
    let folder = bench.folder.path();
    let whole = std::fs::read(recorded(folder, "a.flac", SIX_SECONDS)).unwrap();
    let bad: [(&str, &[u8]); 4] = [
        ("empty.wav", b""),
        ("letter.mp3", "Kính gửi bảo tàng".as_bytes()),
        ("cut.flac", &whole[..whole.len() / 2]),
        ("noise.opus", b"OggS\0\x02OpusHead and nothing that follows"),
    ];
    for (name, bytes) in bad {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = hand_in(&bench, &path, Language::VI).await.unwrap_err().to_string();
        assert!(error.starts_with(name), "{error}");
    }
    assert_eq!(files_in(&folder.join("blobs")), 0);
    assert_eq!(bench.workshop.store.recordings().await.unwrap(), []);
}

#[tokio::test]
async fn a_file_with_a_wrong_name_is_taken_for_what_it_is_and_only_once() {
    let bench = Bench::new().await;
    let path = bench.folder.path().join("a.wav");
    std::fs::rename(recorded(bench.folder.path(), "a.mp3", SIX_SECONDS), &path).unwrap();
    let taken = hand_in(&bench, &path, Language::VI).await.unwrap();
    assert!(taken.warning.unwrap().contains("it was read as the MP3 it is"));
    let again = hand_in(&bench, &path, Language::VI).await.unwrap();
    assert_eq!((again.new, again.recording.id), (false, taken.recording.id));
}

#[tokio::test]
async fn a_long_recording_is_heard_in_windows_and_its_times_go_on() {
    let bench = Bench::new().await;
    let long = "aevalsrc='0.1*sin(220*2*PI*t)*lt(mod(t,10),9)':d=660:s=16000";
    let path = recorded(bench.folder.path(), "long.flac", long);
    let recording = hand_in(&bench, &path, Language::VI).await.unwrap().recording;
    let listener = Listener::of("Một hai ba.");
    heard(&bench, &recording, listener.clone()).await;
    let windows = listener.windows.lock().unwrap().clone();
    assert_eq!(windows.len(), 22, "three stretches of nine seconds each");
    assert!(windows.iter().all(|window| window.0 <= 28_000), "{windows:?}");
    let sentences = bench.workshop.store.recorded_sentences(recording.id).await.unwrap();
    let starts: Vec<u64> = sentences.iter().map(|sentence| sentence.start.0).collect();
    assert_eq!(starts.len(), 22);
    assert!(starts.iter().zip(0..).all(|(start, place)| start.abs_diff(place * 30_000) <= 20), "{starts:?}");
}

#[tokio::test]
async fn passages_become_texts_with_the_recording_as_their_source() {
    let bench = Bench::new().await;
    let (store, blobs) = (&bench.workshop.store, &bench.workshop.blobs);
    // Ten seconds of speech, five of silence, ten of speech.
    let two = "aevalsrc='0.1*sin(220*2*PI*t)*abs(sin(2*PI*t))*(lt(t,10)+gt(t,15))':d=25:s=16000";
    let path = recorded(bench.folder.path(), "kể chuyện.opus", two);
    let recording = hand_in(&bench, &path, Language::VI).await.unwrap().recording;
    let mut passages = cut_passages(store, blobs, &Decoder::default(), &recording, Silences::default()).await.unwrap();
    assert_eq!(passages.len(), 2, "{passages:?}");
    assert!(passages[1].start.0.abs_diff(15_000) < 400, "{passages:?}");
    passages[0].speaker = Some("Ông Tám".into());
    passages[0].title = Some("Ngày xưa".into());
    store.put_passages(None, recording.id, &passages).await.unwrap();

    heard(&bench, &recording, Listener::of("Ngày xưa có lễ. Ai cũng đi.")).await;
    let how = Description { passage: Some(0), replace: true, ..Description::default() };
    let error = describe(store, &Actor::named("An"), &recording, &bench.stop, &how).await.unwrap_err();
    assert!(matches!(error, RecordingError::Unread { unread: 2, .. }), "{error}");
    corrected(&bench, &recording, "có lễ", "có lễ hội").await;
    let careful = Description { replace: false, ..how.clone() };
    let error = describe(store, &Actor::named("An"), &recording, &bench.stop, &careful).await.unwrap_err().to_string();
    assert!(error.contains("--replace"), "{error}");
    describe(store, &Actor::named("An"), &recording, &bench.stop, &how).await.unwrap();
    describe(store, &Actor::named("An"), &recording, &bench.stop, &careful).await.unwrap();
    let (text, sentences) = store.text(bench.stop.id, Language::VI).await.unwrap().unwrap();
    assert!(text.author.is_person() && text.made_from.is_none());
    let said: Vec<&str> = sentences.iter().map(|sentence| sentence.content.as_str()).collect();
    assert_eq!(said, ["Ngày xưa có lễ hội.", "Ai cũng đi."]);
    let stop = store.stop(&bench.stop.slug).await.unwrap().unwrap();
    assert_eq!(stop.sources.len(), 1);
    assert_eq!(stop.sources[0].author.as_deref(), Some("Ông Tám"));
    assert!(stop.sources[0].note.as_deref().unwrap().contains("recording 1, 0:00:00 to 0:00:10"), "{stop:?}");
    let empty = Description { passage: Some(1), ..how.clone() };
    let error = describe(store, &Actor::named("An"), &recording, &bench.stop, &empty).await.unwrap_err();
    assert!(matches!(error, RecordingError::NothingSaid { .. }), "{error}");
    let none = Description { passage: Some(7), ..how };
    let error = describe(store, &Actor::named("An"), &recording, &bench.stop, &none).await.unwrap_err();
    assert!(matches!(error, RecordingError::NoPassage { passage: 8, .. }), "{error}");
}
