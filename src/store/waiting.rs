//! What is public, what waits and what keeps it, for all guides of a site at once.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::editions::published;
use super::jobs::state_of;
use super::marks::{LEFT, rule_of};
use super::publishing::{GuideState, Hold, HoldReason, JobStanding, Planned, Ready, TextStanding};
use super::{Published, Result, Store, StoreError};
use crate::domain::{Author, ContentHash, EditionId, JobState, Language, SiteId, Slug, StopId, Timestamp};

const READING: &str = "reading what is public and what waits";

/// Guides of a site that have a text, an edition, a hold or a job.
const KEYS: &str = "
    SELECT stop, language FROM texts WHERE stop IN here UNION SELECT stop, language FROM editions WHERE stop IN here
    UNION SELECT stop, language FROM held_guides WHERE stop IN here
    UNION SELECT stops.id, jobs.language FROM jobs JOIN stops ON stops.slug = jobs.stop
        WHERE stops.id IN here AND jobs.language IS NOT NULL";

/// Those of them that may not simply be public: few of many, found without a look at each whole guide.
const WAITING_KEYS: &str = "
    SELECT texts.stop, texts.language FROM texts
        LEFT JOIN current_editions AS public ON public.stop = texts.stop AND public.language = texts.language
        WHERE texts.stop IN here AND (public.edition IS NULL OR texts.changed_at > public.published_at)
    UNION SELECT stop, language FROM current_editions AS public WHERE stop IN here AND edition <> {NEWEST_PUBLIC}
    UNION SELECT stop, language FROM editions WHERE stop IN here AND NOT EXISTS (SELECT 1 FROM current_editions AS public
        WHERE public.stop = editions.stop AND public.language = editions.language)
    UNION SELECT stop, language FROM held_guides WHERE stop IN here
    UNION SELECT stop, language FROM planned_editions WHERE stop IN here
    UNION SELECT guide_clips.stop, guide_clips.language FROM held_clips
        CROSS JOIN clips ON clips.blob = held_clips.blob CROSS JOIN guide_clips ON guide_clips.clip = clips.key
        WHERE guide_clips.stop IN here
    UNION SELECT stops.id, jobs.language FROM jobs JOIN stops ON stops.slug = jobs.stop
        WHERE stops.id IN here AND jobs.language IS NOT NULL AND NOT EXISTS (SELECT 1 FROM current_editions AS public
        WHERE public.stop = stops.id AND public.language = jobs.language)";

/// The newest edition of a guide.
fn newest_of(guide: &str) -> String {
    format!(
        "(SELECT id FROM editions WHERE editions.stop = {guide}.stop AND editions.language = {guide}.language
            ORDER BY number DESC LIMIT 1)"
    )
}

/// Guides as they stand, a row each.
const GUIDES: &str = "
WITH here AS (SELECT id FROM stops WHERE ?1 IS NULL OR site = ?1),
keys AS ({KEYS})
SELECT keys.stop, keys.language,
    shown.number AS current_number, current_editions.published_at,
    made.id AS made_id, made.number AS made_number, made.made_at,
    CASE WHEN made.id IS NOT shown.id THEN
        (SELECT MAX(value ->> 'bytes') FROM json_each(made.frozen, '$.audio')) END AS bytes,
    held_guides.reason, held_guides.held_by, held_guides.held_at,
    planned_editions.at AS planned_at, planned_editions.planned_by, planned.number AS planned_number,
    texts.state, texts.author, texts.changed_at AS text_changed_at, review_rules.rule, review_rules.share,
    CASE WHEN texts.state = 'draft' AND review_rules.rule = 'spot' THEN {LEFT} ELSE 0 END AS left_over,
    (SELECT COUNT(*) FROM findings JOIN checks ON checks.id = findings.\"check\"
        WHERE checks.text = texts.id AND NOT EXISTS
            (SELECT 1 FROM waivers WHERE waivers.text = texts.id AND waivers.key = findings.key)) AS open_findings,
    (SELECT COUNT(*) FROM guide_hearings JOIN hearings ON hearings.key = guide_hearings.hearing
        WHERE guide_hearings.stop = keys.stop AND guide_hearings.language = keys.language AND verdict = 'hold'
        AND NOT EXISTS (SELECT 1 FROM accepted_clips WHERE accepted_clips.blob = hearings.blob)) AS clips_held,
    (SELECT COUNT(*) FROM guide_hearings JOIN hearings ON hearings.key = guide_hearings.hearing
        WHERE guide_hearings.stop = keys.stop AND guide_hearings.language = keys.language AND verdict = 'not-judged'
        AND NOT EXISTS (SELECT 1 FROM accepted_clips WHERE accepted_clips.blob = hearings.blob)) AS clips_unheard,
    (SELECT COUNT(*) FROM guide_clips JOIN clips ON clips.key = guide_clips.clip
        JOIN held_clips ON held_clips.blob = clips.blob
        WHERE guide_clips.stop = keys.stop AND guide_clips.language = keys.language) AS held_by_hand
FROM keys
LEFT JOIN current_editions ON current_editions.stop = keys.stop AND current_editions.language = keys.language
LEFT JOIN editions AS shown ON shown.id = current_editions.edition
LEFT JOIN editions AS made ON made.id = {NEWEST}
LEFT JOIN held_guides ON held_guides.stop = keys.stop AND held_guides.language = keys.language
LEFT JOIN planned_editions ON planned_editions.stop = keys.stop AND planned_editions.language = keys.language
LEFT JOIN editions AS planned ON planned.id = planned_editions.edition
LEFT JOIN texts ON texts.stop = keys.stop AND texts.language = keys.language
LEFT JOIN stops ON stops.id = keys.stop
LEFT JOIN review_rules ON review_rules.site = stops.site AND review_rules.language = keys.language
WHERE ?2 OR NOT (made.id IS NOT NULL AND made.id IS shown.id AND held_guides.reason IS NULL
    AND planned_editions.at IS NULL AND COALESCE(texts.changed_at, 0) <= current_editions.published_at
    AND held_by_hand = 0)";

impl Store {
    /// The guides of a site, or of all, as they stand, in no particular order. A guide of which nothing is known has no
    /// row; without `all`, nor has one of which everything is public.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn guides_of(&self, site: Option<SiteId>, all: bool) -> Result<Vec<GuideState>> {
        let keys = if all { KEYS.to_owned() } else { WAITING_KEYS.replace("{NEWEST_PUBLIC}", &newest_of("public")) };
        let query = GUIDES.replace("{KEYS}", &keys).replace("{NEWEST}", &newest_of("keys")).replace("{LEFT}", &LEFT);
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(site.map(|site| site.0))
            .bind(all)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let mut jobs = self.jobs_of(site).await?;
        let mut guides = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut guide = guide(row)?;
            guide.job = jobs.remove(&(guide.stop, guide.language));
            guides.push(guide);
        }
        // A guide that is public and could not be made anew is still told of.
        jobs.retain(|_, job| job.state == JobState::Dead);
        guides.extend(jobs.into_iter().map(|((stop, language), job)| GuideState {
            stop,
            language,
            current: None,
            ready: None,
            hold: None,
            planned: None,
            text: None,
            job: Some(job),
        }));
        Ok(guides)
    }

    /// An edition of a guide, public or not.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn edition(&self, stop: StopId, language: Language, id: EditionId) -> Result<Option<Published>> {
        let row = sqlx::query(
            "SELECT id, number, hash, frozen, made_at AS published_at FROM editions
             WHERE id = ? AND stop = ? AND language = ?",
        )
        .bind(id.0)
        .bind(stop.0)
        .bind(language.tag())
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        row.as_ref().map(published).transpose()
    }

    /// Every file of an edition.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn files_of(&self, edition: EditionId) -> Result<Vec<ContentHash>> {
        let rows = sqlx::query("SELECT edition, hash FROM edition_files WHERE edition = ?")
            .bind(edition.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(|row| Cells::new("edition_files", "edition", row).parsed("hash")).collect()
    }

    /// The newest edition of a guide, where it waits for a person.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn waiting_edition(&self, stop: &Slug, language: Language) -> Result<Option<Published>> {
        let row = sqlx::query(
            "SELECT editions.id, number, hash, frozen, made_at AS published_at
             FROM editions JOIN stops ON stops.id = editions.stop
             WHERE stops.slug = ?1 AND language = ?2 AND NOT EXISTS
                 (SELECT 1 FROM current_editions WHERE current_editions.edition = editions.id)
             AND (EXISTS (SELECT 1 FROM held_guides WHERE held_guides.stop = editions.stop AND held_guides.language = ?2)
                 OR EXISTS (SELECT 1 FROM held_sites WHERE held_sites.site = stops.site))
             AND number = (SELECT MAX(number) FROM editions AS other WHERE other.stop = editions.stop AND other.language = ?2)",
        )
        .bind(stop.as_str())
        .bind(language.tag())
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        row.as_ref().map(published).transpose()
    }

    /// The last job of each guide.
    async fn jobs_of(&self, site: Option<SiteId>) -> Result<HashMap<(StopId, Language), JobStanding>> {
        let rows = sqlx::query(
            "SELECT stops.id AS stop, jobs.language, state, last_error, MAX(jobs.id) AS id
             FROM jobs JOIN stops ON stops.slug = jobs.stop
             WHERE jobs.language IS NOT NULL AND (?1 IS NULL OR stops.site = ?1) GROUP BY 1, 2",
        )
        .bind(site.map(|site| site.0))
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let job = |row: &SqliteRow| {
            let cells = Cells::new("jobs", "id", row);
            let state = state_of(&cells)?;
            let key = (StopId(cells.get("stop")?), cells.parsed("language")?);
            Ok((key, JobStanding { state, error: cells.get("last_error")? }))
        };
        rows.iter().map(job).collect()
    }
}

fn guide(row: &SqliteRow) -> Result<GuideState> {
    let cells = Cells::new("stops", "stop", row);
    let current = match cells.get::<Option<i64>>("published_at")? {
        Some(at) => Some((cells.number("current_number")?, Timestamp(at))),
        None => None,
    };
    let made: Option<i64> = cells.get("made_id")?;
    let bytes: Option<i64> = cells.get("bytes")?;
    let ready = match (made, bytes) {
        (Some(id), Some(bytes)) => Some(Ready {
            id: EditionId(id),
            number: cells.number("made_number")?,
            made_at: Timestamp(cells.get("made_at")?),
            bytes: bytes.unsigned_abs(),
        }),
        _ => None,
    };
    Ok(GuideState {
        stop: StopId(cells.get("stop")?),
        language: cells.parsed("language")?,
        current,
        ready,
        hold: hold(&cells)?,
        planned: planned(&cells)?,
        text: text(&cells)?,
        job: None,
    })
}

fn hold(cells: &Cells<'_>) -> Result<Option<Hold>> {
    let reason = match cells.get::<Option<String>>("reason")?.as_deref() {
        None => return Ok(None),
        Some("taken-back") => HoldReason::TakenBack,
        Some("by-hand") => HoldReason::ByHand,
        Some(other) => return Err(cells.corrupt("reason", format!("`{other}` holds no guide"))),
    };
    Ok(Some(Hold { reason, by: cells.get("held_by")?, at: Timestamp(cells.get("held_at")?) }))
}

fn planned(cells: &Cells<'_>) -> Result<Option<Planned>> {
    let Some(at) = cells.get::<Option<i64>>("planned_at")? else { return Ok(None) };
    Ok(Some(Planned { number: cells.number("planned_number")?, at: Timestamp(at), by: cells.get("planned_by")? }))
}

fn text(cells: &Cells<'_>) -> Result<Option<TextStanding>> {
    let Some(author) = cells.maybe_json::<Author>("author")? else { return Ok(None) };
    Ok(Some(TextStanding {
        state: cells.state("state")?,
        by_person: author.is_person(),
        changed_at: Timestamp(cells.get("text_changed_at")?),
        rule: rule_of(cells)?,
        left: cells.number("left_over")?,
        open_findings: cells.number("open_findings")?,
        clips_held: cells.number("clips_held")?,
        clips_unheard: cells.number("clips_unheard")?,
        held_by_hand: cells.number("held_by_hand")?,
    }))
}
