//! Entries on their way into the store: checked, compared with what they were made on, recorded.

use serde::Serialize;

use super::entry::{Entry, Kind};
use super::faults::{Fault, Flaw};
use super::tour::{Around, TourEntry};
use crate::domain::{Actor, ContentHash, Language, Relic, Site, Stop, Tour};
use crate::store::{KeptEntry, KeptStop, StoreError, Upsert};
use crate::web::error::Result;
use crate::web::state::State;

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Kept, or the same as before.
    Kept,
    Faulty(Vec<Fault>),
    /// Somebody else changed it meanwhile.
    Overtaken,
}

/// Names the state of a site's own fields: its pictures are changed apart from them.
///
/// # Errors
/// Where it has no JSON form.
pub fn tag_of_site(site: &Site) -> Result<String> {
    tag(&Site { cover: None, ..site.clone() })
}

/// Names the state of a stop's own fields.
///
/// # Errors
/// Where it has no JSON form.
pub fn tag_of_stop(stop: &Stop) -> Result<String> {
    tag(&Stop { cover: None, ..stop.clone() })
}

/// Names the state of a thing: the tag of two states is the same where they are.
///
/// # Errors
/// Where it has no JSON form.
pub fn tag(thing: &impl Serialize) -> Result<String> {
    Ok(ContentHash::of(&serde_json::to_vec(thing)?).to_string()[..32].to_owned())
}

/// Of something new, that its name is given already is a fault.
fn taken(is_new: bool, slug: &str) -> Outcome {
    if is_new { Outcome::Faulty(vec![Fault::new("slug", Flaw::Taken(slug.to_owned()))]) } else { Outcome::Overtaken }
}

fn outcome<Id>(kept: &KeptEntry<Id>, is_new: bool, slug: &str) -> Outcome {
    match kept {
        KeptEntry::Done(Upsert::Unchanged(_) | Upsert::Created(_) | Upsert::Changed(_)) => Outcome::Kept,
        KeptEntry::Overtaken => taken(is_new, slug),
    }
}

/// Keeps a site. `before` is what stands, `made_on` the tag of what the change was made on.
///
/// # Errors
/// Those of the store.
pub async fn keep_site(
    state: &State,
    actor: &Actor,
    source: Language,
    entry: &Entry,
    before: Option<(&Site, &str)>,
) -> Result<Outcome> {
    let faults = entry.faults(Kind::Site, source, &[]);
    let base = before.map(|(site, _)| site);
    let new = entry.site(base.and_then(|site| site.cover));
    let (Some(new), true) = (new, faults.is_empty()) else { return Ok(Outcome::Faulty(faults)) };
    if let Some((site, made_on)) = before
        && tag_of_site(site)? != made_on
    {
        return Ok(Outcome::Overtaken);
    }
    let kept = state.store.keep_site(actor, &new, base).await?;
    Ok(outcome(&kept, base.is_none(), &entry.slug))
}

/// Keeps a relic of a site.
///
/// # Errors
/// Those of the store.
pub async fn keep_relic(
    state: &State,
    actor: &Actor,
    source: Language,
    site: &Site,
    entry: &Entry,
    before: Option<(&Relic, &str)>,
) -> Result<Outcome> {
    let faults = entry.faults(Kind::Relic, source, &[]);
    let (Some(new), true) = (entry.relic(site.id), faults.is_empty()) else { return Ok(Outcome::Faulty(faults)) };
    if let Some((relic, made_on)) = before
        && tag(relic)? != made_on
    {
        return Ok(Outcome::Overtaken);
    }
    let kept = state.store.keep_relic(actor, &new, before.map(|(relic, _)| relic)).await?;
    Ok(outcome(&kept, before.is_none(), &entry.slug))
}

/// Keeps a stop of a site.
///
/// # Errors
/// Those of the store.
pub async fn keep_stop(
    state: &State,
    actor: &Actor,
    source: Language,
    site: &Site,
    entry: &Entry,
    before: Option<(&Stop, &str)>,
) -> Result<Outcome> {
    let relics = state.store.relics_of(site.id).await?;
    let faults = entry.faults(Kind::Stop, source, &relics);
    let relic = relics.iter().find(|relic| relic.slug.as_str() == entry.relic).map(|relic| relic.id);
    let base = before.map(|(stop, _)| stop);
    let new = entry.stop(site.id, relic, base.and_then(|stop| stop.cover));
    let (Some(new), true) = (new, faults.is_empty()) else { return Ok(Outcome::Faulty(faults)) };
    if let Some((stop, made_on)) = before
        && tag_of_stop(stop)? != made_on
    {
        return Ok(Outcome::Overtaken);
    }
    match state.store.keep_stop(actor, &new, base).await {
        Ok(KeptStop::Kept(_)) => Ok(Outcome::Kept),
        Ok(KeptStop::Overtaken) => Ok(taken(base.is_none(), &entry.slug)),
        Err(StoreError::CodeTaken { holder, .. }) => {
            Ok(Outcome::Faulty(vec![Fault::new("code", Flaw::Taken(holder.to_string()))]))
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps a tour.
///
/// # Errors
/// Those of the store.
pub async fn keep_tour(
    state: &State,
    actor: &Actor,
    around: &Around<'_>,
    entry: &TourEntry,
    before: Option<(&Tour, &str)>,
) -> Result<Outcome> {
    let faults = entry.faults(around);
    let (Some(new), true) = (entry.tour(around), faults.is_empty()) else { return Ok(Outcome::Faulty(faults)) };
    if let Some((tour, made_on)) = before
        && tag(tour)? != made_on
    {
        return Ok(Outcome::Overtaken);
    }
    let kept = state.store.keep_tour(actor, &new, before.map(|(tour, _)| tour)).await?;
    Ok(outcome(&kept, before.is_none(), &entry.slug))
}
