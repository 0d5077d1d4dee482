//! What this process is making at this moment, for whoever looks: kept in memory alone, since a process that ends makes
//! nothing any more. What must outlive it (that a job runs, failed or waits) stands on the job's row.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::workshop::{Progress, Stage};
use crate::domain::{Language, Milliseconds, Slug};

/// The step a guide is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Nothing was begun yet: its text is looked for.
    Begin,
    Translate,
    Speak,
    Hear,
    Finish,
}

/// A guide that is being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doing {
    pub stop: Slug,
    pub language: Language,
    pub step: Step,
    /// Sentences of this step that are behind us, and all of them; none where the step does not count.
    pub done: usize,
    pub of: usize,
}

/// Where the making of guides is written down as it goes.
#[derive(Debug)]
pub struct Board {
    doing: Mutex<Option<Doing>>,
    turns: watch::Sender<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Self { doing: Mutex::default(), turns: watch::Sender::new(0) }
    }
}

impl Board {
    /// What is being made now.
    #[must_use]
    pub fn doing(&self) -> Option<Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells when something changes.
    #[must_use]
    pub fn turns(&self) -> watch::Receiver<u64> {
        self.turns.subscribe()
    }

    /// A guide is taken up.
    pub fn begin(&self, stop: &Slug, language: Language) {
        let doing = Doing { stop: stop.clone(), language, step: Step::Begin, done: 0, of: 0 };
        self.change(|now| *now = Some(doing));
    }

    /// Nothing is being made.
    pub fn clear(&self) {
        self.change(|now| *now = None);
    }

    fn change(&self, with: impl FnOnce(&mut Option<Doing>)) {
        with(&mut self.doing.lock().unwrap_or_else(PoisonError::into_inner));
        self.turns.send_modify(|turn| *turn = turn.wrapping_add(1));
    }

    fn one_more(&self) {
        self.change(|now| {
            if let Some(doing) = now {
                doing.done = (doing.done + 1).min(doing.of);
            }
        });
    }
}

impl Progress for Board {
    fn stage(&self, stage: Stage) {
        let (step, of) = match stage {
            // A translator gives all its sentences at once.
            Stage::Translate { .. } => (Step::Translate, 0),
            Stage::Speak { sentences, .. } => (Step::Speak, sentences),
            Stage::Hear { sentences } => (Step::Hear, sentences),
            Stage::Finish => (Step::Finish, 0),
        };
        self.change(|now| {
            if let Some(doing) = now {
                (doing.step, doing.done, doing.of) = (step, 0, of);
            }
        });
    }

    fn sentence_spoken(&self, _: Milliseconds) {
        self.one_more();
    }

    fn clip_heard(&self) {
        self.one_more();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_counted_by_itself_and_everybody_is_told() {
        let board = Board::default();
        let mut turns = board.turns();
        assert_eq!(board.doing(), None);
        board.begin(&"tower".parse().unwrap(), Language::EN);
        assert!(turns.has_changed().unwrap());
        board.stage(Stage::Speak { sentences: 2, characters: 40 });
        board.sentence_spoken(Milliseconds(900));
        let doing = board.doing().unwrap();
        assert_eq!((doing.step, doing.done, doing.of), (Step::Speak, 1, 2));
        board.stage(Stage::Hear { sentences: 2 });
        turns.mark_unchanged();
        for _ in 0..3 {
            board.clip_heard();
        }
        let doing = board.doing().unwrap();
        assert_eq!((doing.step, doing.done, doing.of), (Step::Hear, 2, 2));
        assert!(turns.has_changed().unwrap());
        board.clear();
        assert_eq!(board.doing(), None);
    }
}
