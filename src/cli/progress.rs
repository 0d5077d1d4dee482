//! How far the making of guides has come: a bar on a terminal, a line for each guide in a log.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::domain::{HearingFinding, JobKind, Language, Milliseconds, Slug, Verdict};
use crate::pipeline::{GuideReport, Outcome, PlannedGuide, Progress, Stage};
use crate::worker::Watcher;

/// A bar counted in sentences. Where standard error is no terminal the bar stays hidden and only the lines appear.
pub struct Bar {
    bar: ProgressBar,
    sentences: HashMap<(Slug, Language), u64>,
    /// Sentences of the guides that are behind us.
    behind: Mutex<u64>,
}

impl Bar {
    /// A bar over all these guides.
    #[must_use]
    pub fn over(plan: &[PlannedGuide]) -> Self {
        let sentences: HashMap<_, _> =
            plan.iter().map(|guide| ((guide.stop.slug.clone(), guide.language), guide.sentences as u64)).collect();
        let bar = ProgressBar::with_draw_target(Some(sentences.values().sum()), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} sentences, {eta} left · {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar, sentences, behind: Mutex::new(0) }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    fn past(&self, stop: &Slug, language: Language) {
        let sentences = self.sentences.get(&(stop.clone(), language)).copied().unwrap_or_default();
        let mut behind = self.behind.lock().unwrap_or_else(PoisonError::into_inner);
        *behind += sentences;
        self.bar.set_position(*behind);
    }
}

impl Progress for Bar {
    fn stage(&self, stage: Stage) {
        let doing = match stage {
            Stage::Translate { sentences } => format!("translating {sentences} sentences"),
            Stage::Speak { sentences, .. } => format!("speaking {sentences} sentences"),
            Stage::Hear { sentences } => format!("hearing {sentences} clips back"),
            Stage::Finish => "finishing the sound".to_owned(),
        };
        let guide = self.bar.message().split(": ").next().unwrap_or_default().to_owned();
        self.bar.set_message(format!("{guide}: {doing}"));
    }

    fn sentence_spoken(&self, _length: Milliseconds) {
        self.bar.inc(1);
    }

    fn clip_heard(&self) {}
}

impl Watcher for Bar {
    fn begins(&self, stop: &Slug, language: Language) {
        self.bar.set_message(format!("{stop} in {}", language.endonym()));
    }

    fn made(&self, report: &GuideReport) {
        self.past(&report.stop, report.language);
        if let Some(line) = describe(report) {
            self.line(&line);
        }
    }

    fn failed(&self, job: &JobKind, error: &str) {
        match job {
            JobKind::MakeGuide { stop, language } => {
                self.past(stop, *language);
                self.line(&format!("{stop} {language}: FAILED: {error}"));
            }
            JobKind::HearRecording { recording } | JobKind::CutRecording { recording, .. } => {
                self.line(&format!("recording {recording}: FAILED: {error}"));
            }
        }
    }

    fn idle(&self) {
        self.finish();
    }
}

/// One line on what was done for a guide; `None` where nothing was.
fn describe(report: &GuideReport) -> Option<String> {
    let work = format!(
        "translated {} (reused {}, {} of them people's){}, spoke {} (reused {}), heard {} (reused {}, {} spoken again)",
        report.translated,
        report.translations_reused,
        report.translations_by_people,
        way(&report.route),
        report.synthesized,
        report.clips_reused,
        report.heard,
        report.hearings_reused,
        report.spoken_again
    );
    let GuideReport { stop, language, .. } = report;
    match report.outcome {
        Outcome::UpToDate { .. } => None,
        Outcome::Published { edition } => Some(format!("{stop} {language}: edition {edition} published; {work}")),
        Outcome::HeldBack { reason } => {
            let way = way(&report.route);
            let found = report
                .findings
                .iter()
                .map(|one| format!("\n  finding {}, {}: {}", one.id, one.place(), one.finding.message));
            let held = report.held.iter().filter(|clip| clip.waits(Verdict::Hold)).flat_map(|clip| {
                let spot = |finding: &HearingFinding| finding.at.map(|[start, _]| format!(" at {} ms", start.0));
                let told = move |finding| {
                    format!(
                        "\n  sentence {}{}: {}",
                        clip.sentence + 1,
                        spot(finding).unwrap_or_default(),
                        finding.message
                    )
                };
                clip.hearing.findings.iter().map(told)
            });
            let told: String = found.chain(held).collect();
            Some(format!("{stop} {language}: held back{way}: {}{told}", reason.reason()))
        }
    }
}

/// ` by way of vi, en, pt`; nothing where no machine translated.
fn way(route: &[Language]) -> String {
    if route.is_empty() {
        return String::new();
    }
    format!(" by way of {}", route.iter().map(|language| language.tag()).collect::<Vec<_>>().join(", "))
}
