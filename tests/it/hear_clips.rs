//! Clips are heard back before a guide goes out: once, again where they fail, and by a person where nothing helps.

use std::sync::{Arc, Mutex};

use thuyetminh::audio::Sound;
use thuyetminh::domain::{
    ContentHash, Hearing, HearingFinding, HearingKind, Language, Listener, Milliseconds, Verdict,
};
use thuyetminh::pipeline::{Ear, GuideReport, HeldBack, Outcome, make_guide};
use thuyetminh::ports::{Cancel, EngineError};
use thuyetminh::text::hearing::Meant;

use crate::workshop::{Bench, CountingEngines, Quiet};

/// Passes everything but sentences that hold a word, until their sound is so much longer than whole seconds.
struct Picky {
    word: &'static str,
    passes_from_take: u32,
    weak: bool,
    rules: &'static str,
    heard: Mutex<Vec<String>>,
    listener: Listener,
}

impl Picky {
    fn new(word: &'static str, passes_from_take: u32) -> Self {
        let listener = Listener { engine: "picky".into(), model: "picky-1".into(), rules: "1".into() };
        Self { word, passes_from_take, weak: false, rules: "1", heard: Mutex::default(), listener }
    }

    fn take(&self) -> Vec<String> {
        self.heard.lock().unwrap().drain(..).collect()
    }
}

impl Ear for Picky {
    fn listener(&self) -> &Listener {
        &self.listener
    }
    fn fingerprint(&self) -> ContentHash {
        ContentHash::of(self.rules.as_bytes())
    }
    fn side_by_side(&self) -> usize {
        2
    }
    fn hear(&self, sound: &Sound, meant: &Meant<'_>, _: &Cancel) -> Result<Hearing, EngineError> {
        self.heard.lock().unwrap().push(meant.written.to_owned());
        let take = (sound.samples.len() % 24_000 / 2_400) as u32;
        let bad = meant.written.contains(self.word) && take < self.passes_from_take;
        let finding = HearingFinding {
            kind: HearingKind::Missing,
            expected: self.word.into(),
            heard: String::new(),
            at: Some([Milliseconds(500), Milliseconds(900)]),
            message: format!("`{}` is missing", self.word),
        };
        let verdict = match () {
            () if self.weak => Verdict::NotJudged,
            () if bad => Verdict::Hold,
            () => Verdict::Pass,
        };
        Ok(Hearing {
            verdict,
            wer: Some(if bad { 0.25 } else { 0.0 }),
            cer: 0.0,
            longest_divergent_run: usize::from(bad),
            heard: meant.written.to_lowercase(),
            words: Vec::new(),
            findings: if bad { vec![finding] } else { vec![] },
            listener: self.listener.clone(),
        })
    }
}

async fn listening(ear: Picky) -> (Bench, Arc<Picky>) {
    let (mut bench, ear) = (Bench::new().await, Arc::new(ear));
    listen(&mut bench, &ear);
    (bench, ear)
}

fn listen(bench: &mut Bench, ear: &Arc<Picky>) {
    let mut engines = CountingEngines::new(bench.counts.clone(), "tone 1");
    engines.ear = Some(ear.clone());
    bench.workshop.engines = Arc::new(engines);
    bench.workshop.policy.publish_unheard_speech = false;
}

async fn make(bench: &Bench) -> GuideReport {
    make_guide(&bench.workshop, &bench.stop, Language::EN, &Cancel::new(), &Quiet).await.unwrap()
}

#[tokio::test]
async fn every_clip_is_heard_once_and_the_edition_says_so() {
    let (bench, ear) = listening(Picky::new("nothing of the kind", 0)).await;
    let report = make(&bench).await;
    assert_eq!((report.outcome, report.heard, report.spoken_again), (Outcome::Published { edition: 1 }, 3, 0));
    assert_eq!(ear.take().len(), 3);
    let report = make(&bench).await;
    assert_eq!((report.outcome, report.heard, report.hearings_reused), (Outcome::UpToDate { edition: 1 }, 0, 3));
    assert!(ear.take().is_empty());
    let edition = bench.workshop.store.current_edition(&bench.stop.slug, Language::EN).await.unwrap().unwrap().edition;
    let heard = edition.hearing.unwrap();
    assert_eq!((heard.sentences, heard.passed, heard.not_judged, heard.wer), (3, 3, 0, Some(0.0)));
    assert_eq!(heard.listener.model, "picky-1");
    bench.write(Language::EN, &crate::workshop::EN.replace("taller", "larger")).await;
    make(&bench).await;
    assert_eq!(ear.take(), ["The northern one is larger."], "one sentence, one hearing");
}

#[tokio::test]
async fn a_clip_that_fails_is_made_again_and_the_attempt_that_passes_stays() {
    let (bench, ear) = listening(Picky::new("taller", 2)).await;
    let report = make(&bench).await;
    assert_eq!((report.outcome, report.heard, report.spoken_again), (Outcome::Published { edition: 1 }, 5, 2));
    assert_eq!(ear.take().iter().filter(|text| text.contains("taller")).count(), 3);
    assert_eq!(bench.counts.take(), (0, 5), "three sentences, one of them three times");
    let report = make(&bench).await;
    assert_eq!((report.outcome, report.heard), (Outcome::UpToDate { edition: 1 }, 0));
    assert_eq!(bench.counts.take(), (0, 0));
}

#[tokio::test]
async fn what_still_fails_waits_for_a_person_with_the_spot() {
    let (bench, ear) = listening(Picky::new("taller", 9)).await;
    let report = make(&bench).await;
    assert_eq!(report.outcome, Outcome::HeldBack { reason: HeldBack::ClipsHeld });
    assert_eq!(report.spoken_again, 2);
    assert_eq!(report.held.len(), 1);
    let finding = &report.held[0].hearing.findings[0];
    assert_eq!((finding.at, report.held[0].sentence), (Some([Milliseconds(500), Milliseconds(900)]), 1));
    assert!(bench.workshop.store.current_editions().await.unwrap().is_empty(), "nothing wrong is public");
    ear.take();
    bench.counts.take();
    make(&bench).await;
    assert_eq!((ear.take().len(), bench.counts.take()), (0, (0, 0)), "what failed is not tried for ever");

    let store = &bench.workshop.store;
    let clips = store.guide_hearings(Some(&bench.stop.slug), None).await.unwrap();
    assert_eq!(clips.len(), 3);
    let held = clips.iter().find(|clip| clip.hearing.verdict == Verdict::Hold).unwrap();
    for (by, reason) in [("", "fine"), ("An", " ")] {
        assert!(store.accept_clip(held.id, by, reason).await.unwrap_err().to_string().contains("say who heard it"));
    }
    assert!(store.accept_clip(9_999, "An", "fine").await.unwrap_err().to_string().contains("9999"));
    store.accept_clip(held.id, "An", "it says so, softly").await.unwrap();
    assert_eq!(make(&bench).await.outcome, Outcome::Published { edition: 1 });
    let edition = store.current_edition(&bench.stop.slug, Language::EN).await.unwrap().unwrap().edition;
    let heard = edition.hearing.unwrap();
    assert_eq!((heard.passed, heard.by_people), (2, 1));
}

#[tokio::test]
async fn what_nobody_can_judge_needs_a_person_or_the_policy() {
    let (mut bench, _) = listening(Picky { weak: true, ..Picky::new("nothing", 0) }).await;
    let report = make(&bench).await;
    assert_eq!(report.outcome, Outcome::HeldBack { reason: HeldBack::SpeechUnheard });
    assert_eq!(report.held.len(), 3);
    bench.workshop.policy.publish_unheard_speech = true;
    assert_eq!(make(&bench).await.outcome, Outcome::Published { edition: 1 });
    let edition = bench.workshop.store.current_edition(&bench.stop.slug, Language::EN).await.unwrap().unwrap().edition;
    assert_eq!(edition.hearing.unwrap().not_judged, 3);
}

#[tokio::test]
async fn nobody_listening_is_told_as_such() {
    let mut bench = Bench::new().await;
    bench.workshop.policy.publish_unheard_speech = false;
    assert_eq!(make(&bench).await.outcome, Outcome::HeldBack { reason: HeldBack::SpeechUnheard });
    let ear = Arc::new(Picky::new("taller", 9));
    listen(&mut bench, &ear);
    assert_eq!(make(&bench).await.outcome, Outcome::HeldBack { reason: HeldBack::ClipsHeld });
    bench.workshop.policy.publish_unheard_speech = true;
    assert_eq!(make(&bench).await.outcome, Outcome::HeldBack { reason: HeldBack::ClipsHeld }, "no policy lets it pass");
}

#[tokio::test]
async fn other_rules_hear_everything_again_without_speaking() {
    let (mut bench, _) = listening(Picky::new("nothing", 0)).await;
    make(&bench).await;
    bench.counts.take();
    let stricter = Arc::new(Picky { rules: "2", ..Picky::new("nothing", 0) });
    listen(&mut bench, &stricter);
    let report = make(&bench).await;
    assert_eq!((report.heard, report.outcome), (3, Outcome::UpToDate { edition: 1 }));
    assert_eq!(bench.counts.take(), (0, 0));
}
