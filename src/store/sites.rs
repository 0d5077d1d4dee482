//! Sites and the relics in them, kept by slug: a slug's row and number stay for ever.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::pictures::cover_is;
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, ContentHash, Deed, Depicted, Names, Period, Place, Relic, RelicId, Scope, Site, SiteId, Slug, SourceOfFacts,
};

const KEEPING_SITE: &str = "keeping a site";
const KEEPING_RELIC: &str = "keeping a relic";

/// What became of a person's change of a site or relic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept<Id> {
    Done(Upsert<Id>),
    /// Somebody else changed it meanwhile; nothing was written.
    Overtaken,
}

/// What keeping something under its name came to, with its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upsert<Id> {
    Unchanged(Id),
    Created(Id),
    Changed(Id),
}

impl<Id> Upsert<Id> {
    pub fn id(self) -> Id {
        match self {
            Self::Unchanged(id) | Self::Created(id) | Self::Changed(id) => id,
        }
    }
}

/// A site as its keeper gives it; the fields are those of `Site`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewSite {
    pub slug: Slug,
    pub names: Names,
    pub kind: String,
    pub period: Option<Period>,
    pub place: Option<Place>,
    pub themes: Vec<String>,
    pub sources: Vec<SourceOfFacts>,
    pub summary: Names,
    pub cover: Option<ContentHash>,
    pub position: i64,
}

/// A relic as its keeper gives it; its slug is its own within its site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewRelic {
    pub site: SiteId,
    pub slug: Slug,
    pub names: Names,
    pub kind: String,
    pub period: Option<Period>,
    pub material: Option<String>,
    pub sources: Vec<SourceOfFacts>,
}

impl From<Site> for NewSite {
    fn from(site: Site) -> Self {
        Self {
            slug: site.slug,
            names: site.names,
            kind: site.kind,
            period: site.period,
            place: site.place,
            themes: site.themes,
            sources: site.sources,
            summary: site.summary,
            cover: site.cover,
            position: site.position,
        }
    }
}

impl From<Relic> for NewRelic {
    fn from(relic: Relic) -> Self {
        Self {
            site: relic.site,
            slug: relic.slug,
            names: relic.names,
            kind: relic.kind,
            period: relic.period,
            material: relic.material,
            sources: relic.sources,
        }
    }
}

impl NewSite {
    fn numbered(&self, id: SiteId) -> Site {
        let new = self.clone();
        Site {
            id,
            slug: new.slug,
            names: new.names,
            kind: new.kind,
            period: new.period,
            place: new.place,
            themes: new.themes,
            sources: new.sources,
            summary: new.summary,
            cover: new.cover,
            position: new.position,
        }
    }
}

impl NewRelic {
    fn numbered(&self, id: RelicId) -> Relic {
        let new = self.clone();
        Relic {
            id,
            site: new.site,
            slug: new.slug,
            names: new.names,
            kind: new.kind,
            period: new.period,
            material: new.material,
            sources: new.sources,
        }
    }
}

impl Store {
    /// Keeps a site under its slug.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn upsert_site(&self, site: &NewSite) -> Result<Upsert<SiteId>> {
        let mut tx = self.write(KEEPING_SITE).await?;
        let before = site_in(&mut tx, &site.slug).await?;
        let kept = self.upsert_site_in(&mut tx, site, before.as_ref()).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING_SITE))?;
        Ok(kept)
    }

    /// Keeps what a person makes of a site, if it is still as `base` (`None`: there was none of this slug).
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn keep_site(&self, actor: &Actor, site: &NewSite, base: Option<&Site>) -> Result<Kept<SiteId>> {
        let mut tx = self.write(KEEPING_SITE).await?;
        let before = site_in(&mut tx, &site.slug).await?;
        if before.as_ref() != base {
            return Ok(Kept::Overtaken);
        }
        let kept = self.upsert_site_in(&mut tx, site, base).await?;
        let deed = match kept {
            Upsert::Unchanged(_) => return Ok(Kept::Done(kept)),
            Upsert::Created(_) => Deed::SiteAdded,
            Upsert::Changed(_) if base.is_some_and(|base| base.cover != site.cover) => Deed::CoverChanged,
            Upsert::Changed(_) => Deed::SiteChanged,
        };
        record(&mut tx, self.now(), actor, &deed, site.slug.as_str(), Scope::Site(kept.id())).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING_SITE))?;
        Ok(Kept::Done(kept))
    }

    async fn upsert_site_in(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        site: &NewSite,
        before: Option<&Site>,
    ) -> Result<Upsert<SiteId>> {
        let doing = KEEPING_SITE;
        // What is given no picture keeps those it has.
        let site = &NewSite { cover: site.cover.or_else(|| before?.cover), ..site.clone() };
        if let Some(before) = before
            && *before == site.numbered(before.id)
        {
            return Ok(Upsert::Unchanged(before.id));
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO sites
             (slug, names, kind, period, place, themes, sources, summary, cover, position, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (slug) DO UPDATE SET names = excluded.names, kind = excluded.kind, period = excluded.period,
             place = excluded.place, themes = excluded.themes, sources = excluded.sources, summary = excluded.summary,
             cover = excluded.cover, position = excluded.position, changed_at = excluded.changed_at
             RETURNING id",
        )
        .bind(site.slug.as_str())
        .bind(to_json("names", &site.names)?)
        .bind(&site.kind)
        .bind(site.period.as_ref().map(|period| to_json("a period", period)).transpose()?)
        .bind(site.place.as_ref().map(|place| to_json("a place", place)).transpose()?)
        .bind(to_json("themes", &site.themes)?)
        .bind(to_json("sources", &site.sources)?)
        .bind(to_json("a summary", &site.summary)?)
        .bind(site.cover.map(|hash| hash.to_string()))
        .bind(site.position)
        .bind(self.now().0)
        .fetch_one(&mut **tx)
        .await
        .map_err(StoreError::of(doing))?;
        if let Some(cover) = site.cover {
            cover_is(tx, Depicted::Site(SiteId(id)), cover, self.now()).await?;
        }
        Ok(if before.is_some() { Upsert::Changed(SiteId(id)) } else { Upsert::Created(SiteId(id)) })
    }

    /// Every site, in its order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn sites(&self) -> Result<Vec<Site>> {
        let rows = sqlx::query("SELECT * FROM sites ORDER BY position, slug")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the sites"))?;
        rows.iter().map(site_of).collect()
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn site(&self, slug: &Slug) -> Result<Option<Site>> {
        let row = sqlx::query("SELECT * FROM sites WHERE slug = ?")
            .bind(slug.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a site"))?;
        row.as_ref().map(site_of).transpose()
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn site_by_id(&self, id: SiteId) -> Result<Option<Site>> {
        let row = sqlx::query("SELECT * FROM sites WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a site"))?;
        row.as_ref().map(site_of).transpose()
    }

    /// Keeps a relic under its site and slug.
    ///
    /// # Errors
    /// `Missing` where there is no such site, `Corrupt`, and those of the database.
    pub async fn upsert_relic(&self, relic: &NewRelic) -> Result<Upsert<RelicId>> {
        let mut tx = self.write(KEEPING_RELIC).await?;
        let before = relic_in(&mut tx, relic.site, &relic.slug).await?;
        let kept = self.upsert_relic_in(&mut tx, relic, before.as_ref()).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING_RELIC))?;
        Ok(kept)
    }

    /// Keeps what a person makes of a relic, if it is still as `base` (`None`: its site had none of this slug).
    ///
    /// # Errors
    /// As `upsert_relic`.
    pub async fn keep_relic(&self, actor: &Actor, relic: &NewRelic, base: Option<&Relic>) -> Result<Kept<RelicId>> {
        let mut tx = self.write(KEEPING_RELIC).await?;
        let before = relic_in(&mut tx, relic.site, &relic.slug).await?;
        if before.as_ref() != base {
            return Ok(Kept::Overtaken);
        }
        let kept = self.upsert_relic_in(&mut tx, relic, base).await?;
        let deed = match kept {
            Upsert::Unchanged(_) => return Ok(Kept::Done(kept)),
            Upsert::Created(_) => Deed::RelicAdded,
            Upsert::Changed(_) => Deed::RelicChanged,
        };
        record(&mut tx, self.now(), actor, &deed, relic.slug.as_str(), Scope::Site(relic.site)).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING_RELIC))?;
        Ok(Kept::Done(kept))
    }

    async fn upsert_relic_in(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        relic: &NewRelic,
        before: Option<&Relic>,
    ) -> Result<Upsert<RelicId>> {
        let doing = KEEPING_RELIC;
        if let Some(before) = before
            && *before == relic.numbered(before.id)
        {
            return Ok(Upsert::Unchanged(before.id));
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO relics (site, slug, names, kind, period, material, sources, changed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (site, slug) DO UPDATE SET names = excluded.names, kind = excluded.kind,
             period = excluded.period, material = excluded.material, sources = excluded.sources,
             changed_at = excluded.changed_at
             RETURNING id",
        )
        .bind(relic.site.0)
        .bind(relic.slug.as_str())
        .bind(to_json("names", &relic.names)?)
        .bind(&relic.kind)
        .bind(relic.period.as_ref().map(|period| to_json("a period", period)).transpose()?)
        .bind(&relic.material)
        .bind(to_json("sources", &relic.sources)?)
        .bind(self.now().0)
        .fetch_one(&mut **tx)
        .await
        .map_err(|error| StoreError::missing_parent("site", relic.site, doing, error))?;
        Ok(if before.is_some() { Upsert::Changed(RelicId(id)) } else { Upsert::Created(RelicId(id)) })
    }

    /// The relics of a site, by slug.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn relics_of(&self, site: SiteId) -> Result<Vec<Relic>> {
        let rows = sqlx::query("SELECT * FROM relics WHERE site = ? ORDER BY slug")
            .bind(site.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading the relics"))?;
        rows.iter().map(relic_of).collect()
    }

    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn relic_by_id(&self, id: RelicId) -> Result<Option<Relic>> {
        let row = sqlx::query("SELECT * FROM relics WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a relic"))?;
        row.as_ref().map(relic_of).transpose()
    }
}

async fn site_in(tx: &mut Transaction<'static, Sqlite>, slug: &Slug) -> Result<Option<Site>> {
    let row = sqlx::query("SELECT * FROM sites WHERE slug = ?")
        .bind(slug.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING_SITE))?;
    row.as_ref().map(site_of).transpose()
}

async fn relic_in(tx: &mut Transaction<'static, Sqlite>, site: SiteId, slug: &Slug) -> Result<Option<Relic>> {
    let row = sqlx::query("SELECT * FROM relics WHERE site = ? AND slug = ?")
        .bind(site.0)
        .bind(slug.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING_RELIC))?;
    row.as_ref().map(relic_of).transpose()
}

fn site_of(row: &SqliteRow) -> Result<Site> {
    let cells = Cells::new("sites", "id", row);
    Ok(Site {
        id: SiteId(cells.get("id")?),
        slug: cells.parsed("slug")?,
        names: cells.json("names")?,
        kind: cells.get("kind")?,
        period: cells.maybe_json("period")?,
        place: cells.maybe_json("place")?,
        themes: cells.json("themes")?,
        sources: cells.json("sources")?,
        summary: cells.json("summary")?,
        cover: cells.maybe_parsed("cover")?,
        position: cells.get("position")?,
    })
}

fn relic_of(row: &SqliteRow) -> Result<Relic> {
    let cells = Cells::new("relics", "id", row);
    Ok(Relic {
        id: RelicId(cells.get("id")?),
        site: SiteId(cells.get("site")?),
        slug: cells.parsed("slug")?,
        names: cells.json("names")?,
        kind: cells.get("kind")?,
        period: cells.maybe_json("period")?,
        material: cells.get("material")?,
        sources: cells.json("sources")?,
    })
}
