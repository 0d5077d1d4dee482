//! Who watches the worker: a bar on the terminal, the board that the workplace reads, or several at once.

use std::sync::Arc;

use super::Watcher;
use crate::domain::{JobKind, Language, Milliseconds, Slug};
use crate::pipeline::{Board, GuideReport, Progress, Stage};

impl Watcher for Board {
    fn begins(&self, stop: &Slug, language: Language) {
        self.begin(stop, language);
    }

    fn made(&self, _: &GuideReport) {
        self.clear();
    }

    fn failed(&self, _: &JobKind, _: &str) {
        self.clear();
    }

    fn idle(&self) {
        self.clear();
    }
}

/// All of them, each told everything.
pub struct Watchers(pub Vec<Arc<dyn Watcher>>);

impl Progress for Watchers {
    fn stage(&self, stage: Stage) {
        self.0.iter().for_each(|one| one.stage(stage));
    }

    fn sentence_spoken(&self, length: Milliseconds) {
        self.0.iter().for_each(|one| one.sentence_spoken(length));
    }

    fn clip_heard(&self) {
        self.0.iter().for_each(|one| one.clip_heard());
    }
}

impl Watcher for Watchers {
    fn begins(&self, stop: &Slug, language: Language) {
        self.0.iter().for_each(|one| one.begins(stop, language));
    }

    fn made(&self, report: &GuideReport) {
        self.0.iter().for_each(|one| one.made(report));
    }

    fn failed(&self, job: &JobKind, error: &str) {
        self.0.iter().for_each(|one| one.failed(job, error));
    }

    fn idle(&self) {
        self.0.iter().for_each(|one| one.idle());
    }
}
