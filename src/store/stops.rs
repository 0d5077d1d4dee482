//! Stops: where a visitor scans a code and listens. Kept by slug; a code belongs to one stop only.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::pictures::cover_is;
use super::{Result, Store, StoreError, Upsert};
use crate::domain::{
    Actor, ContentHash, Deed, Depicted, Names, Period, Place, RelicId, Scope, SiteId, Slug, SourceOfFacts, Stop,
    StopCode, StopId,
};

const KEEPING: &str = "keeping a stop";

/// A stop as its keeper gives it; the fields are those of `Stop`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewStop {
    pub site: SiteId,
    pub relic: Option<RelicId>,
    pub slug: Slug,
    pub code: StopCode,
    pub names: Names,
    pub kind: String,
    pub period: Option<Period>,
    pub place: Option<Place>,
    pub themes: Vec<String>,
    pub sources: Vec<SourceOfFacts>,
    pub cover: Option<ContentHash>,
    pub position: i64,
}

/// What became of a person's change of a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptStop {
    Kept(Upsert<StopId>),
    /// Somebody else changed it meanwhile; nothing was written.
    Overtaken,
}

impl From<Stop> for NewStop {
    fn from(stop: Stop) -> Self {
        Self {
            site: stop.site,
            relic: stop.relic,
            slug: stop.slug,
            code: stop.code,
            names: stop.names,
            kind: stop.kind,
            period: stop.period,
            place: stop.place,
            themes: stop.themes,
            sources: stop.sources,
            cover: stop.cover,
            position: stop.position,
        }
    }
}

impl NewStop {
    fn numbered(&self, id: StopId) -> Stop {
        let new = self.clone();
        Stop {
            id,
            site: new.site,
            relic: new.relic,
            slug: new.slug,
            code: new.code,
            names: new.names,
            kind: new.kind,
            period: new.period,
            place: new.place,
            themes: new.themes,
            sources: new.sources,
            cover: new.cover,
            position: new.position,
        }
    }
}

impl Store {
    /// Keeps a stop under its slug.
    ///
    /// # Errors
    /// `CodeTaken` where another stop bears the code, `Missing` where there is no such site or relic, `Corrupt`, and
    /// those of the database.
    pub async fn upsert_stop(&self, stop: &NewStop) -> Result<Upsert<StopId>> {
        let mut tx = self.write(KEEPING).await?;
        let kept = self.upsert_stop_in(&mut tx, stop).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(kept)
    }

    /// Keeps what a person makes of a stop, if it is still as `base` (`None`: there was none of this slug).
    ///
    /// # Errors
    /// As `upsert_stop`.
    pub async fn keep_stop(&self, actor: &Actor, stop: &NewStop, base: Option<&Stop>) -> Result<KeptStop> {
        let mut tx = self.write(KEEPING).await?;
        let row = sqlx::query("SELECT * FROM stops WHERE slug = ?")
            .bind(stop.slug.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        if row.as_ref().map(stop_of).transpose()?.as_ref() != base {
            return Ok(KeptStop::Overtaken);
        }
        let kept = self.upsert_stop_in(&mut tx, stop).await?;
        let deed = match (base, &kept) {
            (_, Upsert::Unchanged(_)) => return Ok(KeptStop::Kept(kept)),
            (None, _) => Deed::StopAdded,
            (Some(before), _) if before.cover != stop.cover => Deed::CoverChanged,
            _ => Deed::StopChanged,
        };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(KeptStop::Kept(kept))
    }

    async fn upsert_stop_in(&self, tx: &mut Transaction<'static, Sqlite>, stop: &NewStop) -> Result<Upsert<StopId>> {
        let doing = KEEPING;
        let rows = sqlx::query("SELECT * FROM stops WHERE slug = ?1 OR code = ?2")
            .bind(stop.slug.as_str())
            .bind(stop.code.as_str())
            .fetch_all(&mut **tx)
            .await
            .map_err(StoreError::of(doing))?;
        let mut before = None;
        for row in &rows {
            let found = stop_of(row)?;
            if found.slug != stop.slug {
                let (code, holder, stop) = (found.code, found.slug, stop.slug.clone());
                return Err(StoreError::CodeTaken { code, holder, stop });
            }
            before = Some(found);
        }
        // What is given no picture keeps those it has.
        let kept = before.as_ref().and_then(|before| before.cover);
        let stop = &NewStop { cover: stop.cover.or(kept), ..stop.clone() };
        if let Some(before) = &before
            && *before == stop.numbered(before.id)
        {
            return Ok(Upsert::Unchanged(before.id));
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO stops
             (site, relic, slug, code, names, kind, period, place, themes, sources, cover, position, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (slug) DO UPDATE SET site = excluded.site, relic = excluded.relic, code = excluded.code,
             names = excluded.names, kind = excluded.kind, period = excluded.period, place = excluded.place,
             themes = excluded.themes, sources = excluded.sources, cover = excluded.cover,
             position = excluded.position, changed_at = excluded.changed_at
             RETURNING id",
        )
        .bind(stop.site.0)
        .bind(stop.relic.map(|relic| relic.0))
        .bind(stop.slug.as_str())
        .bind(stop.code.as_str())
        .bind(to_json("names", &stop.names)?)
        .bind(&stop.kind)
        .bind(stop.period.as_ref().map(|period| to_json("a period", period)).transpose()?)
        .bind(stop.place.as_ref().map(|place| to_json("a place", place)).transpose()?)
        .bind(to_json("themes", &stop.themes)?)
        .bind(to_json("sources", &stop.sources)?)
        .bind(stop.cover.map(|hash| hash.to_string()))
        .bind(stop.position)
        .bind(self.now().0)
        .fetch_one(&mut **tx)
        .await
        .map_err(|error| StoreError::missing_parent("site or relic", stop.site, doing, error))?;
        if let Some(cover) = stop.cover {
            cover_is(tx, Depicted::Stop(StopId(id)), cover, self.now()).await?;
        }
        Ok(if before.is_some() { Upsert::Changed(StopId(id)) } else { Upsert::Created(StopId(id)) })
    }

    /// Every stop, site by site, in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn stops(&self) -> Result<Vec<Stop>> {
        let rows = sqlx::query(
            "SELECT stops.* FROM stops JOIN sites ON sites.id = stops.site
             ORDER BY sites.position, sites.slug, stops.position, stops.slug",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of("reading the stops"))?;
        rows.iter().map(stop_of).collect()
    }

    /// The stops of a site, in their order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn stops_of(&self, site: SiteId) -> Result<Vec<Stop>> {
        let rows = sqlx::query("SELECT * FROM stops WHERE site = ? ORDER BY position, slug")
            .bind(site.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the stops of a site"))?;
        rows.iter().map(stop_of).collect()
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn stop(&self, slug: &Slug) -> Result<Option<Stop>> {
        let row = sqlx::query("SELECT * FROM stops WHERE slug = ?")
            .bind(slug.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a stop"))?;
        row.as_ref().map(stop_of).transpose()
    }

    /// The stop whose label bears this code.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn stop_by_code(&self, code: &StopCode) -> Result<Option<Stop>> {
        let row = sqlx::query("SELECT * FROM stops WHERE code = ?")
            .bind(code.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a stop by its code"))?;
        row.as_ref().map(stop_of).transpose()
    }
}

fn stop_of(row: &SqliteRow) -> Result<Stop> {
    let cells = Cells::new("stops", "id", row);
    Ok(Stop {
        id: StopId(cells.get("id")?),
        site: SiteId(cells.get("site")?),
        relic: cells.get::<Option<i64>>("relic")?.map(RelicId),
        slug: cells.parsed("slug")?,
        code: cells.parsed("code")?,
        names: cells.json("names")?,
        kind: cells.get("kind")?,
        period: cells.maybe_json("period")?,
        place: cells.maybe_json("place")?,
        themes: cells.json("themes")?,
        sources: cells.json("sources")?,
        cover: cells.maybe_parsed("cover")?,
        position: cells.get("position")?,
    })
}
