//! Publishing by a person's hand, and what keeps each guide of a site from the public.
//!
//! Invariant: an edition becomes public only while every file of it is on the disk; the pointer itself is moved by one
//! transaction of the store (`Store::publish_edition`).

use std::collections::HashMap;

use super::HeldBack;
use super::publish::Unread;
use crate::blobs::{BlobError, Blobs};
use crate::domain::{Actor, ContentHash, EditionId, JobState, Language, SiteId, Slug, StopId, TextState, Timestamp};
use crate::store::{GuideState, Policy, Store, StoreError, TextStanding};

/// Why an edition cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
    #[error("file {file} of the edition is not on the disk any more: make the guide again, or publish another edition")]
    LostFile { file: ContentHash },
}

/// Makes an edition the current one of its guide, once all its files are known to be there; gives its number.
///
/// # Errors
/// `LostFile`, and those of the store.
pub async fn publish_edition(
    store: &Store,
    blobs: &Blobs,
    actor: &Actor,
    (stop, language): (&Slug, Language),
    edition: EditionId,
) -> Result<u32, PublishError> {
    for file in store.files_of(edition).await? {
        if blobs.size(file).await?.is_none() {
            return Err(PublishError::LostFile { file });
        }
    }
    Ok(store.publish_edition(actor, stop, language, edition).await?)
}

/// What publishing many came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Many {
    pub published: usize,
    /// A file was lost, or somebody else narrates by now: these go on waiting.
    pub kept_back: usize,
}

/// Publishes what is made and waits at a site, of the stops that are wanted, each guide by itself.
///
/// # Errors
/// Those of the store; what was published before stays so.
pub async fn publish_ready(
    store: &Store,
    blobs: &Blobs,
    actor: &Actor,
    site: SiteId,
    wanted: impl Fn(&Slug) -> bool,
) -> Result<Many, PublishError> {
    let stops = store.stops_of(site).await?;
    let mut many = Many::default();
    for guide in standings(store, site).await? {
        let ready = guide.state.filter(|_| guide.standing == Standing::Ready).and_then(|state| state.ready);
        let stop = stops.iter().find(|stop| stop.id == guide.stop && wanted(&stop.slug));
        let (Some(ready), Some(stop)) = (ready, stop) else { continue };
        match publish_edition(store, blobs, actor, (&stop.slug, guide.language), ready.id).await {
            Ok(_) => many.published += 1,
            // The others are published all the same, and this one goes on waiting.
            Err(PublishError::LostFile { .. } | PublishError::Store(StoreError::OtherVoice { .. })) => {
                many.kept_back += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(many)
}

/// What became of a planned publication.
#[derive(Debug)]
pub struct Due {
    pub stop: Slug,
    pub language: Language,
    /// Why it was given up.
    pub error: Option<PublishError>,
}

/// Publishes every planned edition whose time has come, each in its own transaction. A plan that cannot be kept is given
/// up, so that it is not tried for ever.
///
/// # Errors
/// Those of the database while plans are read or given up.
pub async fn publish_due(store: &Store, blobs: &Blobs) -> Result<Vec<Due>, StoreError> {
    let mut done = Vec::new();
    for due in store.due_publications().await? {
        let published = publish_edition(store, blobs, &due.actor, (&due.stop, due.language), due.edition).await;
        let error = match published {
            Ok(_) => None,
            // The database is busy or full: the plan stands, and is kept in a moment.
            Err(PublishError::Store(error @ (StoreError::Busy { .. } | StoreError::DiskFull { .. }))) => {
                return Err(error);
            }
            Err(error) => {
                store.unplan_edition(&due.actor, &due.stop, due.language).await?;
                Some(error)
            }
        };
        done.push(Due { stop: due.stop, language: due.language, error });
    }
    Ok(done)
}

/// How one guide stands towards the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The newest edition is public, and nothing waits.
    Public,
    /// An edition is made and waits for a person to publish it.
    Ready,
    /// An edition is made and becomes public at its time.
    Planned,
    /// Something that a person can mend keeps it.
    Held(HeldBack),
    /// It is being made, or waits for its turn.
    InWork,
    /// Making it failed for good.
    Failed,
    /// Nothing was made of it yet.
    NotMade,
}

/// One guide of a site.
#[derive(Clone, Debug)]
pub struct GuideStanding {
    pub site: SiteId,
    pub stop: StopId,
    pub language: Language,
    pub standing: Standing,
    /// What is known of it; `None` where nothing is.
    pub state: Option<GuideState>,
}

/// How every guide stands that a site should have: each stop in each language of the guides, stop by stop.
///
/// # Errors
/// Those of the database.
pub async fn standings(store: &Store, site: SiteId) -> Result<Vec<GuideStanding>, StoreError> {
    let (collection, stops, guides) =
        tokio::try_join!(store.collection(), store.stops_of(site), store.guides_of(Some(site), true))?;
    let policy = collection.as_ref().map(|collection| collection.policy.clone()).unwrap_or_default();
    let mut languages = collection.map(|collection| collection.guide_languages).unwrap_or_default();
    // A guide that was made by itself is told of too.
    languages.extend(guides.iter().map(|guide| guide.language));
    languages.sort_unstable();
    languages.dedup();
    let mut by_key: HashMap<_, _> = guides.into_iter().map(|guide| ((guide.stop, guide.language), guide)).collect();
    let mut all = Vec::with_capacity(stops.len() * languages.len());
    for stop in &stops {
        for &language in &languages {
            let state = by_key.remove(&(stop.id, language));
            let standing = state.as_ref().map_or(Standing::NotMade, |state| standing(state, &policy));
            all.push(GuideStanding { site: stop.site, stop: stop.id, language, standing, state });
        }
    }
    Ok(all)
}

/// The guides of the whole house that are not simply public, as they stand.
///
/// # Errors
/// Those of the database.
pub async fn waiting(store: &Store) -> Result<Vec<GuideStanding>, StoreError> {
    let (collection, stops, guides) =
        tokio::try_join!(store.collection(), store.stops(), store.guides_of(None, false))?;
    let policy = collection.map(|collection| collection.policy).unwrap_or_default();
    let sites: HashMap<StopId, SiteId> = stops.iter().map(|stop| (stop.id, stop.site)).collect();
    let guide = |state: GuideState| {
        let (stop, language, standing) = (state.stop, state.language, standing(&state, &policy));
        Some(GuideStanding { site: *sites.get(&stop)?, stop, language, standing, state: Some(state) })
    };
    Ok(guides.into_iter().filter_map(guide).collect())
}

/// The rules of `publish::held_back` and `publish::unheard`, for what is known without an engine.
fn standing(guide: &GuideState, policy: &Policy) -> Standing {
    if guide.planned.is_some() {
        return Standing::Planned;
    }
    // What is public already was let through when it was published.
    let news = |text: &TextStanding| {
        let newer = guide.current.is_none_or(|(_, published_at)| published_at < text.changed_at);
        guide.hold.is_some() || newer || text.held_by_hand > 0
    };
    let newer_text = guide.text.filter(news).and_then(|text| {
        let approved = text.state == TextState::Approved;
        let unread = Unread { rule: text.rule.unwrap_or_else(|| policy.review_rule()), left: text.left };
        if !approved && text.by_person {
            Some(HeldBack::NotApproved)
        } else if text.open_findings > 0 {
            Some(HeldBack::OpenFindings)
        } else if !approved && let Some(reason) = unread.reason() {
            Some(reason)
        } else if text.clips_held + text.held_by_hand > 0 {
            Some(HeldBack::ClipsHeld)
        } else if text.clips_unheard > 0 && !policy.publish_unheard_speech {
            Some(HeldBack::SpeechUnheard)
        } else {
            None
        }
    });
    let in_work = matches!(guide.job.as_ref().map(|job| job.state), Some(JobState::Waiting | JobState::Running));
    match (newer_text, guide.ready, guide.current) {
        (Some(reason), _, _) => Standing::Held(reason),
        (None, Some(_), _) => Standing::Ready,
        _ if in_work => Standing::InWork,
        _ if guide.job.as_ref().is_some_and(|job| job.state == JobState::Dead) => Standing::Failed,
        (None, None, Some(_)) => Standing::Public,
        (None, None, None) if guide.text.is_none() => Standing::Held(HeldBack::NoText),
        (None, None, None) => Standing::NotMade,
    }
}

/// The moment a plan names by the clock on the wall in Vietnam: `2026-11-24T08:30`.
#[must_use]
pub fn planned_time(text: &str) -> Option<Timestamp> {
    use time::macros::{format_description, offset};
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let local = time::PrimitiveDateTime::parse(text.trim(), form).ok()?;
    Some(Timestamp(local.assume_offset(offset!(+7)).unix_timestamp().checked_mul(1000)?))
}
