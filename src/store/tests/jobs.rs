//! The queue of work, with workers that die, dawdle and race.

use std::collections::HashSet;

use super::*;
use crate::domain::{JobFailure, JobFault, JobKind, JobState, Milliseconds};

const LEASE: Milliseconds = Milliseconds(60_000);

fn guide(stop: &str) -> JobKind {
    JobKind::MakeGuide { stop: slug(stop), language: Language::EN }
}

fn failure(error: &str) -> JobFailure {
    JobFailure::new(JobFault::Engine, error)
}

#[tokio::test]
async fn the_urgent_come_first_and_the_waiting_are_merged() {
    let bench = Bench::new().await;
    let a = bench.store.enqueue(&guide("a"), 5).await.unwrap();
    let b = bench.store.enqueue(&guide("b"), 9).await.unwrap();
    assert_eq!(bench.store.enqueue(&guide("b"), 1).await.unwrap(), b);
    assert_eq!(bench.store.enqueue(&guide("b"), 7).await.unwrap(), b);
    let first = bench.store.claim("w", LEASE).await.unwrap().unwrap();
    assert_eq!((first.id, first.priority, first.attempts, first.state), (b, 1, 1, JobState::Running));
    assert_eq!(first.lease_until, Some(START.plus_millis(60_000)));
    assert_eq!(bench.store.claim("w", LEASE).await.unwrap().unwrap().id, a);
    assert_eq!(bench.store.claim("w", LEASE).await.unwrap(), None);
    bench.store.complete(first.id, first.fencing_token).await.unwrap();
    let counts = bench.store.job_counts().await.unwrap();
    assert_eq!(counts, JobCounts { waiting: 0, running: 1, done: 1, dead: 0 });
}

#[tokio::test]
async fn a_twin_waits_until_the_running_one_is_done() {
    let bench = Bench::new().await;
    bench.store.enqueue(&guide("a"), 0).await.unwrap();
    let running = bench.store.claim("w", LEASE).await.unwrap().unwrap();
    let twin = bench.store.enqueue(&guide("a"), 0).await.unwrap();
    assert_ne!(twin, running.id);
    assert_eq!(bench.store.claim("w", LEASE).await.unwrap(), None);
    bench.store.complete(running.id, running.fencing_token).await.unwrap();
    assert_eq!(bench.store.claim("w", LEASE).await.unwrap().unwrap().id, twin);
}

#[tokio::test]
async fn a_silent_workers_job_is_taken_up_and_the_silent_one_counts_no_more() {
    let bench = Bench::new().await;
    bench.store.enqueue(&guide("a"), 0).await.unwrap();
    let lost = bench.store.claim("slow", LEASE).await.unwrap().unwrap();
    bench.clock.advance_millis(50_000);
    bench.store.heartbeat(lost.id, lost.fencing_token, LEASE).await.unwrap();
    bench.clock.advance_millis(50_000);
    assert_eq!(bench.store.claim("quick", LEASE).await.unwrap(), None);
    bench.clock.advance_millis(10_000);
    let taken = bench.store.claim("quick", LEASE).await.unwrap().unwrap();
    assert_eq!((taken.id, taken.attempts), (lost.id, 2));
    assert!(taken.fencing_token > lost.fencing_token);
    for refused in [
        bench.store.complete(lost.id, lost.fencing_token).await,
        bench.store.heartbeat(lost.id, lost.fencing_token, LEASE).await,
        bench.store.fail(lost.id, lost.fencing_token, &failure("late"), None).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(StoreError::LostLease { .. })));
    }
    bench.store.complete(taken.id, taken.fencing_token).await.unwrap();
    assert!(matches!(bench.store.complete(taken.id, taken.fencing_token).await, Err(StoreError::LostLease { .. })));
}

#[tokio::test]
async fn a_failed_job_waits_for_its_time_and_is_dead_in_the_end() {
    let bench = Bench::new().await;
    let id = bench.store.enqueue(&guide("a"), 0).await.unwrap();
    for attempt in 1..=5 {
        let job = bench.store.claim("w", LEASE).await.unwrap().unwrap();
        assert_eq!(job.attempts, attempt);
        let retry = bench.clock.now().plus_millis(1_000);
        let state = bench.store.fail(job.id, job.fencing_token, &failure("no voice"), Some(retry)).await.unwrap();
        assert_eq!(state, if attempt == 5 { JobState::Dead } else { JobState::Waiting });
        assert_eq!(bench.store.claim("w", LEASE).await.unwrap(), None);
        bench.clock.advance_millis(1_000);
    }
    let dead = bench.store.dead_jobs().await.unwrap();
    assert_eq!((dead[0].id, dead[0].last_error.as_deref()), (id, Some("no voice")));
    assert!(bench.store.revive(id).await.unwrap());
    assert!(!bench.store.revive(id).await.unwrap());
    let job = bench.store.claim("w", LEASE).await.unwrap().unwrap();
    assert_eq!(job.attempts, 1);
    let state = bench.store.fail(job.id, job.fencing_token, &failure("no such stop"), None).await.unwrap();
    assert_eq!(state, JobState::Dead);
}

#[tokio::test]
async fn a_job_that_kills_its_worker_ends_even_when_it_is_asked_for_again_each_time() {
    let bench = Bench::new().await;
    let mut claims = 0;
    for _ in 0..20 {
        bench.store.enqueue(&guide("a"), 0).await.unwrap();
        if bench.store.claim("doomed", LEASE).await.unwrap().is_some() {
            claims += 1;
        }
        bench.store.enqueue(&guide("a"), 0).await.unwrap();
        bench.clock.advance_millis(60_000);
        if !bench.store.dead_jobs().await.unwrap().is_empty() {
            break;
        }
    }
    assert_eq!(claims, 6, "five attempts, and the first of the twin that was asked for beside the fifth");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_two_claimers_get_the_same_job() {
    let bench = Bench::new().await;
    for n in 0..40 {
        bench.store.enqueue(&guide(&format!("stop-{n}")), 0).await.unwrap();
    }
    let mut claimers = Vec::new();
    for process in 0..3 {
        let store = bench.again().await;
        for task in 0..3 {
            let store = store.clone();
            claimers.push(tokio::spawn(async move {
                let mut got = Vec::new();
                while let Some(job) = store.claim(&format!("{process}/{task}"), LEASE).await.unwrap() {
                    got.push(job.id);
                }
                got
            }));
        }
    }
    let mut seen = HashSet::new();
    for claimer in claimers {
        for id in claimer.await.unwrap() {
            assert!(seen.insert(id), "{id} was claimed twice");
        }
    }
    assert_eq!(seen.len(), 40);
}
