//! The worker: it does what waits, tries again what may pass, and gives up on what will not.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use thuyetminh::domain::{JobKind, Language, Milliseconds, Slug};
use thuyetminh::pipeline::{GuideReport, Progress, Stage};
use thuyetminh::ports::Cancel;
use thuyetminh::worker::{Watcher, Worker};

use crate::workshop::Bench;

/// Notes what it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Progress for Notes {
    fn stage(&self, _: Stage) {}
    fn sentence_spoken(&self, _: Milliseconds) {}
    fn clip_heard(&self) {}
}

impl Watcher for Notes {
    fn begins(&self, _: &Slug, _: Language) {}
    fn made(&self, report: &GuideReport) {
        self.0.lock().unwrap().push(format!("made {}", report.language));
    }
    fn failed(&self, job: &JobKind, error: &str) {
        self.0.lock().unwrap().push(format!("failed {}: {error}", job.unique_key()));
    }
    fn idle(&self) {}
}

fn worker(bench: &Bench, notes: &Arc<Notes>) -> Worker {
    Worker { workshop: bench.workshop.clone(), name: "test".into(), watcher: notes.clone() }
}

async fn ask(bench: &Bench, language: Language) {
    let job = JobKind::MakeGuide { stop: bench.stop.slug.clone(), language };
    bench.workshop.store.enqueue(&job, 0).await.unwrap();
}

#[tokio::test]
async fn what_waits_is_done_and_nothing_is_left() {
    let bench = Bench::new().await;
    let notes = Arc::new(Notes::default());
    let worker = worker(&bench, &notes);
    ask(&bench, Language::EN).await;
    ask(&bench, Language::VI).await;
    ask(&bench, Language::EN).await;
    while worker.one_job(&Cancel::new()).await.unwrap() {}
    assert_eq!(*notes.0.lock().unwrap(), ["made en", "made vi"]);
    let counts = bench.workshop.store.job_counts().await.unwrap();
    assert_eq!((counts.waiting, counts.running, counts.dead, counts.done), (0, 0, 0, 2));
}

#[tokio::test]
async fn a_failure_waits_for_its_next_turn_and_keeps_its_reason() {
    let bench = Bench::new().await;
    let notes = Arc::new(Notes::default());
    let worker = worker(&bench, &notes);
    bench.counts.fail_after.store(1, Ordering::SeqCst);
    ask(&bench, Language::EN).await;
    assert!(worker.one_job(&Cancel::new()).await.unwrap());
    assert!(!worker.one_job(&Cancel::new()).await.unwrap(), "it is not tried again at once");
    let counts = bench.workshop.store.job_counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead), (1, 0));
    assert!(notes.0.lock().unwrap()[0].contains("planted"));
}

#[tokio::test]
async fn a_stop_that_is_gone_ends_its_job_for_good() {
    let bench = Bench::new().await;
    let notes = Arc::new(Notes::default());
    let worker = worker(&bench, &notes);
    let job = JobKind::MakeGuide { stop: "khong-co".parse().unwrap(), language: Language::EN };
    bench.workshop.store.enqueue(&job, 0).await.unwrap();
    worker.one_job(&Cancel::new()).await.unwrap();
    let dead = bench.workshop.store.dead_jobs().await.unwrap();
    assert!(dead[0].last_error.as_ref().unwrap().contains("khong-co"), "{dead:?}");
}
