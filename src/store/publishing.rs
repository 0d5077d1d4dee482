//! Publishing as a person does it: now or at a time, taken back, an earlier edition restored; what waits; what was public
//! when.
//!
//! Invariants: each change is one transaction that moves the pointer, notes it in `publications` and writes the record,
//! so a crash leaves all of the state before or all of the one after; a guide that is held gets a new current edition
//! only here; a guide that was taken back stays so until a person publishes it; an edition that waits is not public.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::editions::published;
use super::narrations::refuse_other_voice;
use super::people::record;
use super::pointer::{close_guide, stop_and_site};
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, Deed, Edition, EditionId, JobState, Language, Milliseconds, PersonId, ReviewRule, Scope, SiteId, Slug,
    StopId, TextState, Timestamp,
};

/// Why a guide waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    TakenBack,
    ByHand,
}

/// A guide that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub reason: HoldReason,
    pub by: String,
    pub at: Timestamp,
}

/// An edition that was made and is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    pub id: EditionId,
    pub number: u32,
    pub made_at: Timestamp,
    /// Of its largest sound file: what a device fetches at most.
    pub bytes: u64,
}

/// A publication at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub number: u32,
    pub at: Timestamp,
    pub by: String,
}

/// The text a guide is made from, as far as publishing asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStanding {
    pub state: TextState,
    pub by_person: bool,
    pub changed_at: Timestamp,
    /// What must be read of it, where its site says so.
    pub rule: Option<ReviewRule>,
    /// Sentences that a spot check still asks to be read.
    pub left: u64,
    /// Findings that nobody mended or waived.
    pub open_findings: u64,
    /// Clips that were heard to be wrong, and that nobody let pass.
    pub clips_held: u64,
    /// Clips that nobody could judge, and that nobody let pass.
    pub clips_unheard: u64,
    /// Clips that a person holds, whatever a machine heard.
    pub held_by_hand: u64,
}

/// The last job for a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStanding {
    pub state: JobState,
    pub error: Option<String>,
}

/// Everything about one guide that decides whether it is public, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideState {
    pub stop: StopId,
    pub language: Language,
    /// Number and time of the edition that is public.
    pub current: Option<(u32, Timestamp)>,
    pub ready: Option<Ready>,
    pub hold: Option<Hold>,
    pub planned: Option<Planned>,
    pub text: Option<TextStanding>,
    pub job: Option<JobStanding>,
}

/// One edition in the history of a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionRow {
    pub id: EditionId,
    pub number: u32,
    pub title: String,
    pub duration: Milliseconds,
    pub made_at: Timestamp,
    pub current: bool,
    /// When it became public and by whom, the newest first; the name is empty where the house's policy did it.
    pub published: Vec<(Timestamp, String)>,
}

/// A publication whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuePublication {
    pub stop: Slug,
    pub language: Language,
    pub edition: EditionId,
    pub actor: Actor,
}

const PUBLISHING: &str = "publishing an edition";
const READING: &str = "reading what is public and what waits";

impl Store {
    /// Makes an edition the current one of its guide. The newest one ends what held the guide; an earlier one holds it,
    /// so that the next making does not undo the choice.
    ///
    /// # Errors
    /// `Gone` where the guide has no such edition, `OtherVoice`, and those of the database.
    pub async fn publish_edition(&self, actor: &Actor, stop: &Slug, language: Language, id: EditionId) -> Result<u32> {
        let mut tx = self.write(PUBLISHING).await?;
        let (stop_id, site) = stop_and_site(&mut tx, stop).await?;
        let (edition, number, newest) = edition_of(&mut tx, stop_id, language, id).await?;
        refuse_other_voice(&mut tx, stop_id, &edition).await?;
        self.point_to(&mut tx, stop_id, id, &edition, &actor.name).await?;
        let unplan = sqlx::query("DELETE FROM planned_editions WHERE stop = ? AND language = ?");
        unplan.bind(stop_id.0).bind(language.tag()).execute(&mut *tx).await.map_err(StoreError::of(PUBLISHING))?;
        if newest {
            release(&mut tx, stop_id, language).await?;
        } else {
            hold(&mut tx, stop_id, language, "by-hand", actor, self.now()).await?;
        }
        let deed = Deed::GuidePublished { language, edition: number };
        record(&mut tx, self.now(), actor, &deed, stop.as_str(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(PUBLISHING))?;
        Ok(number)
    }

    /// Takes a guide back: no edition of it is public, and none becomes so before a person publishes one. `false` where
    /// there was nothing to take back.
    ///
    /// # Errors
    /// `Missing`, and those of the database.
    pub async fn take_back(&self, actor: &Actor, stop: &Slug, language: Language) -> Result<bool> {
        let doing = "taking a guide back";
        let mut tx = self.write(doing).await?;
        let (id, site) = stop_and_site(&mut tx, stop).await?;
        if !close_guide(&mut tx, id, language, &actor.name, self.now()).await? {
            return Ok(false);
        }
        sqlx::query("DELETE FROM planned_editions WHERE stop = ? AND language = ?")
            .bind(id.0)
            .bind(language.tag())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        hold(&mut tx, id, language, "taken-back", actor, self.now()).await?;
        record(&mut tx, self.now(), actor, &Deed::GuideTakenBack { language }, stop.as_str(), Scope::Site(site))
            .await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// Notes that an edition becomes the current one at a time; a plan for the same guide is replaced.
    ///
    /// # Errors
    /// `Gone` where the guide has no such edition, and those of the database.
    pub async fn plan_edition(
        &self,
        actor: &Actor,
        stop: &Slug,
        language: Language,
        id: EditionId,
        at: Timestamp,
    ) -> Result<()> {
        let doing = "planning a publication";
        let mut tx = self.write(doing).await?;
        let (stop_id, site) = stop_and_site(&mut tx, stop).await?;
        let (_, number, _) = edition_of(&mut tx, stop_id, language, id).await?;
        sqlx::query(
            "INSERT OR REPLACE INTO planned_editions (stop, language, edition, at, person, planned_by, address)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(stop_id.0)
        .bind(language.tag())
        .bind(id.0)
        .bind(at.0)
        .bind(actor.person.map(|person| person.0))
        .bind(&actor.name)
        .bind(&actor.address)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let deed = Deed::PublicationPlanned { language, edition: number, at };
        record(&mut tx, self.now(), actor, &deed, stop.as_str(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Gives a plan up. `false` where there was none.
    ///
    /// # Errors
    /// `Missing`, and those of the database.
    pub async fn unplan_edition(&self, actor: &Actor, stop: &Slug, language: Language) -> Result<bool> {
        let doing = "giving up a planned publication";
        let mut tx = self.write(doing).await?;
        let (id, site) = stop_and_site(&mut tx, stop).await?;
        let gone = sqlx::query("DELETE FROM planned_editions WHERE stop = ? AND language = ?")
            .bind(id.0)
            .bind(language.tag())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?
            .rows_affected();
        if gone == 0 {
            return Ok(false);
        }
        let deed = Deed::PublicationUnplanned { language };
        record(&mut tx, self.now(), actor, &deed, stop.as_str(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// The planned publications whose time has come, in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn due_publications(&self) -> Result<Vec<DuePublication>> {
        let rows = sqlx::query(
            "SELECT planned_editions.*, stops.slug FROM planned_editions JOIN stops ON stops.id = planned_editions.stop
             WHERE at <= ? ORDER BY at",
        )
        .bind(self.now().0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let due = |row: &SqliteRow| {
            let cells = Cells::new("planned_editions", "stop", row);
            Ok(DuePublication {
                stop: cells.parsed("slug")?,
                language: cells.parsed("language")?,
                edition: EditionId(cells.get("edition")?),
                actor: Actor {
                    person: cells.get::<Option<i64>>("person")?.map(PersonId),
                    name: cells.get("planned_by")?,
                    address: cells.get("address")?,
                },
            })
        };
        rows.iter().map(due).collect()
    }

    /// Whether all guides of a site wait for a person.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn publishes_by_hand(&self, site: SiteId) -> Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM held_sites WHERE site = ?)")
            .bind(site.0)
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of(READING))
    }

    /// Decides whether all guides of a site wait for a person.
    ///
    /// # Errors
    /// `Missing` for a site that is not there, and those of the database.
    pub async fn set_publishing_by_hand(&self, actor: &Actor, site: SiteId, subject: &Slug, on: bool) -> Result<()> {
        let doing = "deciding who publishes";
        let mut tx = self.write(doing).await?;
        let change = if on {
            sqlx::query("INSERT INTO held_sites (site, held_by, held_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(site.0)
                .bind(&actor.name)
                .bind(self.now().0)
        } else {
            sqlx::query("DELETE FROM held_sites WHERE site = ?").bind(site.0)
        };
        let changed = change
            .execute(&mut *tx)
            .await
            .map_err(|error| StoreError::missing_parent("site", site, doing, error))?
            .rows_affected();
        if changed > 0 {
            let deed = Deed::PublishingByHand { on };
            record(&mut tx, self.now(), actor, &deed, subject.as_str(), Scope::Site(site)).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// The editions of a guide, the newest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn editions_of(&self, stop: StopId, language: Language) -> Result<Vec<EditionRow>> {
        let rows = sqlx::query(
            "SELECT editions.id, number, made_at, frozen ->> 'title' AS title, frozen ->> 'duration' AS duration,
                 EXISTS (SELECT 1 FROM current_editions WHERE edition = editions.id) AS current
             FROM editions WHERE stop = ? AND language = ? ORDER BY number DESC",
        )
        .bind(stop.0)
        .bind(language.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let moves: Vec<(i64, i64, String)> = sqlx::query_as(
            "SELECT edition, at, by FROM publications WHERE stop = ? AND language = ? AND edition IS NOT NULL ORDER BY id DESC",
        )
        .bind(stop.0)
        .bind(language.tag())
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let edition = |row: &SqliteRow| {
            let cells = Cells::new("editions", "id", row);
            let id: i64 = cells.get("id")?;
            let own = moves.iter().filter(|(edition, _, _)| *edition == id);
            Ok(EditionRow {
                id: EditionId(id),
                number: cells.number("number")?,
                title: cells.get("title")?,
                duration: Milliseconds(cells.number("duration")?),
                made_at: Timestamp(cells.get("made_at")?),
                current: cells.get("current")?,
                published: own.map(|(_, at, by)| (Timestamp(*at), by.clone())).collect(),
            })
        };
        rows.iter().map(edition).collect()
    }
}

/// From here on a person publishes this guide.
async fn hold(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    reason: &str,
    actor: &Actor,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("INSERT OR REPLACE INTO held_guides (stop, language, reason, held_by, held_at) VALUES (?, ?, ?, ?, ?)")
        .bind(stop.0)
        .bind(language.tag())
        .bind(reason)
        .bind(&actor.name)
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of("holding a guide"))?;
    Ok(())
}

/// The house's policy publishes this guide again.
async fn release(tx: &mut Transaction<'static, Sqlite>, stop: StopId, language: Language) -> Result<()> {
    sqlx::query("DELETE FROM held_guides WHERE stop = ? AND language = ?")
        .bind(stop.0)
        .bind(language.tag())
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of("letting a guide go"))?;
    Ok(())
}

/// An edition of a guide with its number, and whether it is the newest one.
async fn edition_of(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    id: EditionId,
) -> Result<(Edition, u32, bool)> {
    let row = sqlx::query(
        "SELECT id, number, hash, frozen, made_at AS published_at,
             number = (SELECT MAX(number) FROM editions WHERE stop = ?1 AND language = ?2) AS newest
         FROM editions WHERE stop = ?1 AND language = ?2 AND id = ?3",
    )
    .bind(stop.0)
    .bind(language.tag())
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(PUBLISHING))?;
    let row = row.ok_or_else(|| StoreError::Gone { what: "edition", name: id.to_string() })?;
    let found = published(&row)?;
    Ok((found.edition, found.number, Cells::new("editions", "id", &row).get("newest")?))
}
