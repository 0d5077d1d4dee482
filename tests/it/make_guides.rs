//! The making of guides: how much work each change costs, and what a failure leaves behind.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use thuyetminh::domain::{Author, Language};
use thuyetminh::pipeline::{GuideReport, HeldBack, Outcome, Selection, make_guide, plan};
use thuyetminh::ports::Cancel;

use crate::workshop::{Bench, CountingEngines, EN, Quiet};

async fn make(bench: &Bench, language: Language) -> GuideReport {
    make_guide(&bench.workshop, &bench.stop, language, &Cancel::new(), &Quiet).await.unwrap()
}

async fn make_all(bench: &Bench) {
    for guide in plan(&bench.workshop.store, &Selection::default()).await.unwrap() {
        make(bench, guide.language).await;
    }
}

#[tokio::test]
async fn a_second_make_makes_nothing() {
    let bench = Bench::new().await;
    make_all(&bench).await;
    // Three sentences in three languages; for Portuguese the title is translated too.
    assert_eq!(bench.counts.take(), (4, 9));
    for language in [Language::VI, Language::EN, Language::PT] {
        assert_eq!(make(&bench, language).await.outcome, Outcome::UpToDate { edition: 1 });
    }
    assert_eq!(bench.counts.take(), (0, 0));
}

#[tokio::test]
async fn one_edited_sentence_costs_one_translation_and_one_synthesis_per_language() {
    let bench = Bench::new().await;
    make_all(&bench).await;
    bench.counts.take();
    bench.write(Language::EN, &EN.replace("taller", "larger")).await;
    assert_eq!(make(&bench, Language::VI).await.outcome, Outcome::UpToDate { edition: 1 });
    assert_eq!(bench.counts.take(), (0, 0), "the Vietnamese guide has nothing to do with it");
    assert_eq!(make(&bench, Language::EN).await.outcome, Outcome::Published { edition: 2 });
    assert_eq!(bench.counts.take(), (0, 1));
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::Published { edition: 2 });
    assert_eq!(bench.counts.take(), (1, 1));
}

#[tokio::test]
async fn a_failure_keeps_what_was_spoken_and_the_edition_that_was_public() {
    let bench = Bench::new().await;
    make(&bench, Language::EN).await;
    bench.counts.take();
    bench.write(Language::EN, "One is new. Two is new. Three is new. Four is new.").await;
    bench.counts.fail_after.store(2, Ordering::SeqCst);
    let failed = make_guide(&bench.workshop, &bench.stop, Language::EN, &Cancel::new(), &Quiet).await;
    assert!(failed.unwrap_err().to_string().contains("planted"));
    let current = bench.workshop.store.current_edition(&bench.stop.slug, Language::EN).await.unwrap().unwrap();
    assert_eq!(current.number, 1);
    bench.counts.fail_after.store(0, Ordering::SeqCst);
    assert_eq!(bench.counts.take(), (0, 2));
    assert_eq!(make(&bench, Language::EN).await.synthesized, 2, "the two that were spoken are not spoken again");
}

#[tokio::test]
async fn another_voice_speaks_everything_again() {
    let mut bench = Bench::new().await;
    make(&bench, Language::EN).await;
    bench.counts.take();
    bench.workshop.engines = Arc::new(CountingEngines::new(bench.counts.clone(), "tone 2"));
    assert_eq!(make(&bench, Language::EN).await.outcome, Outcome::Published { edition: 2 });
    assert_eq!(bench.counts.take(), (0, 3));
}

#[tokio::test]
async fn a_persons_text_wins_over_the_machines() {
    let bench = Bench::new().await;
    make(&bench, Language::PT).await;
    bench.counts.take();
    bench.write(Language::PT, "As torres são duas.").await;
    make(&bench, Language::PT).await;
    assert_eq!(bench.counts.take(), (0, 1), "nothing is translated where a person wrote");
    bench.write(Language::EN, &EN.replace("taller", "larger")).await;
    make(&bench, Language::PT).await;
    assert_eq!(bench.counts.take(), (0, 0));
    let (text, _) = bench.workshop.store.text(bench.stop.id, Language::PT).await.unwrap().unwrap();
    assert!(matches!(text.author, Author::Person { .. }));
    let edition = bench.workshop.store.current_edition(&bench.stop.slug, Language::PT).await.unwrap().unwrap().edition;
    assert_eq!(edition.translation, None);
}

#[tokio::test]
async fn the_policy_holds_back_and_says_why() {
    let mut bench = Bench::new().await;
    bench.workshop.policy.publish_machine_translation = false;
    bench.workshop.policy.publish_last_resort_voice = false;
    let held = |reason| Outcome::HeldBack { reason };
    assert_eq!(make(&bench, Language::PT).await.outcome, held(HeldBack::MachineTranslation));
    assert_eq!(make(&bench, Language::VI).await.outcome, held(HeldBack::LastResortVoice));
    assert_eq!(make(&bench, Language::JA).await.outcome, held(HeldBack::NoText));
    assert_eq!(make(&bench, Language::EN).await.outcome, Outcome::Published { edition: 1 });
    let published = bench.workshop.store.current_editions().await.unwrap();
    assert_eq!(published.len(), 1, "only the English guide is public");
}

#[tokio::test]
async fn lost_files_are_made_again() {
    let bench = Bench::new().await;
    make(&bench, Language::EN).await;
    bench.counts.take();
    std::fs::remove_dir_all(bench.folder.path().join("blobs")).unwrap();
    std::fs::create_dir(bench.folder.path().join("blobs")).unwrap();
    let report = make(&bench, Language::EN).await;
    assert_eq!(report.synthesized, 3);
    let edition = bench.workshop.store.current_edition(&bench.stop.slug, Language::EN).await.unwrap().unwrap().edition;
    for file in &edition.audio {
        assert!(bench.workshop.blobs.get(file.hash).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn editions_say_what_made_them() {
    let bench = Bench::new().await;
    make_all(&bench).await;
    let edition = |language| {
        let (store, slug) = (bench.workshop.store.clone(), bench.stop.slug.clone());
        async move { store.current_edition(&slug, language).await.unwrap().unwrap().edition }
    };
    let portuguese = edition(Language::PT).await;
    let mark = portuguese.translation.unwrap();
    assert_eq!((mark.route, mark.approved), (vec![Language::EN, Language::PT], false));
    assert!(edition(Language::VI).await.voice.last_resort);
    let english = edition(Language::EN).await;
    assert!(english.translation.is_none() && english.voice.synthetic && !english.voice.last_resort);
    assert_eq!(english.sentences.len(), 3);
    assert!(english.sentences.windows(2).all(|pair| pair[0].end <= pair[1].start));
    assert!((english.loudness.0 + 16.0).abs() <= 1.0, "{:?}", english.loudness);
}
