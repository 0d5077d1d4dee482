//! `[[plans]]` of a site: drawings of its floors and grounds, with its stops on them.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::import::{CONFLICT, Decision, Importer, list_hash};
use super::pictures::cover;
use super::reading::Reader;
use super::{Change, IngestError, ItemKind, Refusal};
use crate::domain::{ContentHash, Names, Plan, PlanMark, SiteId, Slug, Stop};

/// A plan in the front matter of a site.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanHead {
    /// A name in the same folder.
    pub file: String,
    pub names: Names,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<MarkHead>,
}

/// A stop on a plan: parts of its width from the left and of its height from the top, each from 0 to 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkHead {
    pub stop: Slug,
    pub x: f64,
    pub y: f64,
}

/// The drawings of a site's plans, in their order.
pub(super) fn drawings(
    reader: &Reader,
    folder: &Path,
    heads: &[PlanHead],
    files: &[String],
) -> Result<Vec<Bytes>, Refusal> {
    let mut drawings = Vec::new();
    for head in heads {
        let off = |mark: &&MarkHead| !(0.0..=1.0).contains(&mark.x) || !(0.0..=1.0).contains(&mark.y);
        if let Some(mark) = head.stops.iter().find(off) {
            let why = format!("has `{}` beyond its edge: x and y lie from 0 to 1", mark.stop);
            return Err(Refusal::file(&folder.join(&head.file), why));
        }
        drawings.extend(cover(reader, folder, Some(&head.file), files)?);
    }
    Ok(drawings)
}

/// The front matter of a plan whose drawing lies in `file`.
pub(super) fn head_of(plan: Plan, file: String, stops: &[Stop]) -> PlanHead {
    let mark = |mark: PlanMark| {
        let stop = stops.iter().find(|stop| stop.id == mark.stop)?;
        Some(MarkHead { stop: stop.slug.clone(), x: mark.x, y: mark.y })
    };
    PlanHead { file, names: plan.names, stops: plan.marks.into_iter().filter_map(mark).collect() }
}

impl Importer<'_> {
    /// Brings the plans of a site in, once its stops are there. A site whose folder has none keeps those it has.
    pub(super) async fn plans(
        &mut self,
        slug: &Slug,
        site: SiteId,
        heads: &[PlanHead],
        drawings: &[Bytes],
    ) -> Result<(), IngestError> {
        if heads.is_empty() {
            return Ok(());
        }
        let place = PathBuf::from(format!("sites/{slug}/site.md"));
        let stops = self.store.stops_of(site).await?;
        let mut plans: Vec<(ContentHash, Names, Vec<PlanMark>)> = Vec::new();
        for (head, drawing) in heads.iter().zip(drawings) {
            let mut marks = Vec::new();
            for mark in &head.stops {
                let Some(stop) = stops.iter().find(|stop| stop.slug == mark.stop) else {
                    let why = format!("puts `{}` on a plan, which is no stop of this site", mark.stop);
                    self.report.refused.push(Refusal::file(&place, why));
                    return Ok(());
                };
                marks.push(PlanMark { stop: stop.id, x: mark.x, y: mark.y });
            }
            marks.sort_by_key(|mark| mark.stop);
            plans.push((self.blobs.put(drawing.clone()).await?, head.names.clone(), marks));
        }
        let held = self.store.plans_of(site).await?;
        let held: Vec<_> = held.into_iter().map(|plan| (plan.hash, plan.names, plan.marks)).collect();
        let stored = if held.is_empty() { None } else { Some(list_hash(&held)?) };
        let (item, file) = (format!("plans/{slug}"), list_hash(&plans)?);
        let change = match self.decide(&item, file, stored).await? {
            Decision::Conflict => {
                self.report.refused.push(Refusal::file(&place, format!("its plans: {CONFLICT}")));
                return Ok(());
            }
            Decision::Keep => Change::Kept,
            Decision::Same => Change::Unchanged,
            Decision::Write => {
                self.store.replace_plans(site, &plans).await?;
                if held.is_empty() { Change::Created } else { Change::Changed { detail: None } }
            }
        };
        if change != Change::Kept {
            self.store.set_imported(&item, file).await?;
        }
        self.report.note(ItemKind::Plans, slug.to_string(), change);
        Ok(())
    }
}
