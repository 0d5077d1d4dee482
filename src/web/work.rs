//! What is being made, as somebody may see it: gathered for the page and for programs, and told anew whenever it changes.
//!
//! Invariants: a person sees the jobs of their sites and no others, as their roles are at that moment; a stream of changes
//! ends when their session does, and does not keep it alive.

use std::time::Duration;

use futures_util::{Stream, stream};

use crate::domain::{JobState, Milliseconds, Permission, Scope, Site, SiteId, Timestamp};
use crate::people::Signed;
use crate::pipeline::Doing;
use crate::store::{Backlog, Pace, WorkCounts, WorkRow};
use crate::web::error::Result;
use crate::web::state::State;

/// How often is looked whether something changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Jobs of a kind on one page.
pub const PAGE: usize = 50;

/// From which row on each list is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    pub waiting: usize,
    pub failed: usize,
}

/// A job that runs, and how far it has come where a worker of this process has it.
pub struct Running {
    pub row: WorkRow,
    pub doing: Option<Doing>,
}

/// How long what waits will take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing is to be made.
    Nothing,
    About(Milliseconds),
    /// No guide was made yet that one could go by.
    Unknown,
}

/// What somebody sees of the work.
pub struct Sight {
    /// The sites they see.
    pub sites: Vec<Site>,
    pub counts: WorkCounts,
    pub running: Vec<Running>,
    pub waiting: Vec<WorkRow>,
    pub failed: Vec<WorkRow>,
    /// Over the whole house: what others wait for is made in the same line.
    pub left: Left,
}

impl Sight {
    /// # Errors
    /// Those of the store.
    pub async fn of(state: &State, signed: &Signed, from: Paging) -> Result<Self> {
        let store = &state.store;
        let sees = |site: &Site| signed.person.grants.may(Permission::See, Scope::Site(site.id));
        let sites: Vec<Site> = store.sites().await?.into_iter().filter(sees).collect();
        let ids: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
        let (counts, running, waiting, failed) = tokio::try_join!(
            store.work_counts(&ids),
            store.work(&ids, JobState::Running, (0, PAGE)),
            store.work(&ids, JobState::Waiting, (from.waiting, PAGE)),
            store.work(&ids, JobState::Dead, (from.failed, PAGE)),
        )?;
        let left = if counts.waiting + counts.running == 0 {
            Left::Nothing
        } else {
            let (backlog, paces) = tokio::try_join!(store.backlog(), store.paces())?;
            left(&backlog, &paces, running.iter().filter_map(|row| row.started_at).min(), state.clock.now())
        };
        let doing = state.board.doing();
        let running = running.into_iter().map(|row| {
            let own = |doing: &Doing| doing.stop == row.stop && Some(doing.language) == row.language;
            Running { doing: doing.clone().filter(own), row }
        });
        Ok(Self { running: running.collect(), sites, counts, waiting, failed, left })
    }

    /// The site of a job.
    #[must_use]
    pub fn site(&self, row: &WorkRow) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == row.site)
    }
}

/// What the measured pace of earlier guides makes of what waits, less what was spent on the one at hand.
fn left(backlog: &[Backlog], paces: &[Pace], began: Option<Timestamp>, now: Timestamp) -> Left {
    if backlog.is_empty() {
        return Left::Nothing;
    }
    let own = |wanted| paces.iter().find(|pace| pace.language == wanted).map(|pace| pace.sentence.0);
    let cost = |one: &Backlog| own(Some(one.language)).or_else(|| own(None)).map(|pace| pace * one.sentences);
    let Some(all) = backlog.iter().map(cost).sum::<Option<u64>>() else { return Left::Unknown };
    let spent = began.map_or(0, |began| u64::try_from(now.0.saturating_sub(began.0)).unwrap_or(0));
    Left::About(Milliseconds(all.saturating_sub(spent)))
}

/// Somebody as they are now, at once and then each time something about the work has changed.
pub fn changes(state: &State, signed: Signed) -> impl Stream<Item = Signed> + use<> {
    let turns = state.board.turns();
    let start = (state.clone(), signed, turns, None);
    stream::unfold(start, async |(state, mut signed, mut turns, mut mark)| {
        let mut first = mark.is_none();
        loop {
            if !std::mem::take(&mut first) {
                tokio::select! {
                    () = state.ending.cancelled() => return None,
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
            signed = state.people.still(&signed).await.ok()??;
            let now = state.store.work_mark().await.ok();
            let turned = turns.has_changed().unwrap_or(false);
            if turned || mark != Some(now) {
                turns.mark_unchanged();
                mark = Some(now);
                return Some((signed.clone(), (state, signed, turns, mark)));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;

    #[test]
    fn the_time_left_goes_by_the_language_or_by_all() {
        let backlog = |language, sentences| Backlog { language, guides: 1, sentences };
        let pace = |language, millis| Pace { language, sentence: Milliseconds(millis) };
        let now = Timestamp(100_000);
        let wait = [backlog(Language::EN, 10), backlog(Language::JA, 5)];
        let known = [pace(Some(Language::EN), 1_000), pace(None, 4_000)];
        assert_eq!(left(&wait, &known, None, now), Left::About(Milliseconds(30_000)));
        assert_eq!(left(&wait, &known, Some(Timestamp(90_000)), now), Left::About(Milliseconds(20_000)));
        assert_eq!(left(&wait, &known, Some(Timestamp(0)), now), Left::About(Milliseconds(0)));
        assert_eq!(left(&wait, &[], None, now), Left::Unknown);
        assert_eq!(left(&[], &known, None, now), Left::Nothing);
    }
}
