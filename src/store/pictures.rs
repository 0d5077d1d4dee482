//! Pictures of sites, relics and stops, in their order.
//!
//! Invariant: the `cover` of a site or stop is the hash of its first picture, and is moved with it in one transaction.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, Caption, ContentHash, Deed, Depicted, Picture, PictureId, RelicId, Scope, SiteId, StopId, Timestamp,
};

const READING: &str = "reading pictures";
const KEEPING: &str = "keeping a picture";

/// The number of what a picture is of, in the column it belongs to: site, relic, stop.
fn columns(of: Depicted) -> [Option<i64>; 3] {
    match of {
        Depicted::Site(id) => [Some(id.0), None, None],
        Depicted::Relic(id) => [None, Some(id.0), None],
        Depicted::Stop(id) => [None, None, Some(id.0)],
    }
}

const OF_ONE: &str = "SELECT * FROM pictures WHERE site IS ? AND relic IS ? AND stop IS ? ORDER BY position, id";

impl Store {
    /// The pictures of one thing, in their order.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn pictures_of(&self, of: Depicted) -> Result<Vec<Picture>> {
        let [site, relic, stop] = columns(of);
        let query = sqlx::query(OF_ONE).bind(site).bind(relic).bind(stop);
        let rows = query.fetch_all(&self.readers).await.map_err(StoreError::of(READING))?;
        rows.iter().map(picture_of).collect()
    }

    /// Every picture, for lists of what lacks a description.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn pictures(&self) -> Result<Vec<Picture>> {
        let rows = sqlx::query("SELECT * FROM pictures ORDER BY site, relic, stop, position, id")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(picture_of).collect()
    }

    /// Puts a picture behind those of the same thing.
    ///
    /// # Errors
    /// `Missing` where that is not there, and those of the database.
    pub async fn add_picture(
        &self,
        actor: &Actor,
        of: Depicted,
        hash: ContentHash,
        caption: &Caption,
    ) -> Result<PictureId> {
        let mut tx = self.write(KEEPING).await?;
        let (scope, subject) = owner(&mut tx, of).await?;
        let last = in_order(&mut tx, of).await?.len();
        let place = i64::try_from(last).unwrap_or(i64::MAX);
        let id = insert(&mut tx, of, place, hash, caption, self.now()).await?;
        self.renumber(&mut tx, of).await?;
        record(&mut tx, self.now(), actor, &Deed::PictureAdded, &subject, scope).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(id)
    }

    /// Writes what is said of a picture, if it is still as `base`. `false` where somebody was first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn caption_picture(&self, actor: &Actor, base: &Picture, caption: &Caption) -> Result<bool> {
        let mut tx = self.write(KEEPING).await?;
        if picture_in(&mut tx, base.id).await?.as_ref() != Some(base) {
            return Ok(false);
        }
        if base.caption() == *caption {
            return Ok(true);
        }
        sqlx::query("UPDATE pictures SET alt = ?, credit = ?, licence = ?, changed_at = ? WHERE id = ?")
            .bind(to_json("a description", &caption.alt)?)
            .bind(&caption.credit)
            .bind(&caption.licence)
            .bind(self.now().0)
            .bind(base.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        let (scope, subject) = owner(&mut tx, base.of).await?;
        record(&mut tx, self.now(), actor, &Deed::PictureChanged, &subject, scope).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(true)
    }

    /// Takes a picture away, if it is still as `base`. `false` where somebody was first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn remove_picture(&self, actor: &Actor, base: &Picture) -> Result<bool> {
        let doing = "taking a picture away";
        let mut tx = self.write(doing).await?;
        if picture_in(&mut tx, base.id).await?.as_ref() != Some(base) {
            return Ok(false);
        }
        sqlx::query("DELETE FROM pictures WHERE id = ?")
            .bind(base.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        self.renumber(&mut tx, base.of).await?;
        let (scope, subject) = owner(&mut tx, base.of).await?;
        record(&mut tx, self.now(), actor, &Deed::PictureRemoved, &subject, scope).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }

    /// Puts the pictures of a thing in this order, if they still stand as in `base`; both name each of them once. `false`
    /// where somebody was first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn order_pictures(
        &self,
        actor: &Actor,
        of: Depicted,
        base: &[PictureId],
        order: &[PictureId],
    ) -> Result<bool> {
        let mut tx = self.write(KEEPING).await?;
        let now: Vec<PictureId> = in_order(&mut tx, of).await?.iter().map(|picture| picture.id).collect();
        let same = now.len() == order.len() && now.iter().all(|id| order.contains(id));
        if now != base || !same {
            return Ok(false);
        }
        for (id, place) in order.iter().zip(0_i64..) {
            place_at(&mut tx, *id, place).await?;
        }
        if now != order {
            self.renumber(&mut tx, of).await?;
            let (scope, subject) = owner(&mut tx, of).await?;
            record(&mut tx, self.now(), actor, &Deed::PicturesOrdered, &subject, scope).await?;
        }
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(true)
    }

    /// Brings the pictures of a thing to these, in this order, as an import reads them. Whether anything changed.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn replace_pictures(&self, of: Depicted, pictures: &[(ContentHash, Caption)]) -> Result<bool> {
        let mut tx = self.write(KEEPING).await?;
        let before = in_order(&mut tx, of).await?;
        let held: Vec<(ContentHash, Caption)> = before.iter().map(|one| (one.hash, one.caption())).collect();
        if held == pictures {
            return Ok(false);
        }
        for picture in &before {
            sqlx::query("DELETE FROM pictures WHERE id = ?")
                .bind(picture.id.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(KEEPING))?;
        }
        for ((hash, caption), place) in pictures.iter().zip(0_i64..) {
            insert(&mut tx, of, place, *hash, caption, self.now()).await?;
        }
        self.renumber(&mut tx, of).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(true)
    }

    /// Numbers the pictures of a thing from 0, and makes the first its cover.
    async fn renumber(&self, tx: &mut Transaction<'static, Sqlite>, of: Depicted) -> Result<()> {
        let pictures = in_order(tx, of).await?;
        for (picture, place) in pictures.iter().zip(0_i64..) {
            place_at(tx, picture.id, place).await?;
        }
        let query = match of {
            Depicted::Site(_) => "UPDATE sites SET cover = ?1, changed_at = ?2 WHERE id = ?3 AND cover IS NOT ?1",
            Depicted::Stop(_) => "UPDATE stops SET cover = ?1, changed_at = ?2 WHERE id = ?3 AND cover IS NOT ?1",
            Depicted::Relic(_) => return Ok(()),
        };
        let id = columns(of).into_iter().flatten().next();
        sqlx::query(query)
            .bind(pictures.first().map(|picture| picture.hash.to_string()))
            .bind(self.now().0)
            .bind(id)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        Ok(())
    }
}

/// Makes the picture of this hash the first of a thing, whose row names it as the cover already.
pub(super) async fn cover_is(
    tx: &mut Transaction<'static, Sqlite>,
    of: Depicted,
    hash: ContentHash,
    now: Timestamp,
) -> Result<()> {
    let pictures = in_order(tx, of).await?;
    let held = pictures.iter().find(|picture| picture.hash == hash);
    let first = match held {
        Some(picture) => picture.id,
        None => insert(tx, of, 0, hash, &Caption::default(), now).await?,
    };
    place_at(tx, first, 0).await?;
    for (picture, place) in pictures.iter().filter(|picture| picture.id != first).zip(1_i64..) {
        place_at(tx, picture.id, place).await?;
    }
    Ok(())
}

async fn in_order(tx: &mut Transaction<'static, Sqlite>, of: Depicted) -> Result<Vec<Picture>> {
    let [site, relic, stop] = columns(of);
    let query = sqlx::query(OF_ONE).bind(site).bind(relic).bind(stop);
    let rows = query.fetch_all(&mut **tx).await.map_err(StoreError::of(KEEPING))?;
    rows.iter().map(picture_of).collect()
}

async fn picture_in(tx: &mut Transaction<'static, Sqlite>, id: PictureId) -> Result<Option<Picture>> {
    let row = sqlx::query("SELECT * FROM pictures WHERE id = ?")
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    row.as_ref().map(picture_of).transpose()
}

async fn insert(
    tx: &mut Transaction<'static, Sqlite>,
    of: Depicted,
    place: i64,
    hash: ContentHash,
    caption: &Caption,
    now: Timestamp,
) -> Result<PictureId> {
    let [site, relic, stop] = columns(of);
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO pictures (site, relic, stop, position, hash, alt, credit, licence, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(site)
    .bind(relic)
    .bind(stop)
    .bind(place)
    .bind(hash.to_string())
    .bind(to_json("a description", &caption.alt)?)
    .bind(&caption.credit)
    .bind(&caption.licence)
    .bind(now.0)
    .fetch_one(&mut **tx)
    .await
    .map_err(|error| StoreError::missing_parent("site, relic or stop", format!("{of:?}"), KEEPING, error))?;
    Ok(PictureId(id))
}

async fn place_at(tx: &mut Transaction<'static, Sqlite>, id: PictureId, place: i64) -> Result<()> {
    sqlx::query("UPDATE pictures SET position = ?1 WHERE id = ?2 AND position <> ?1")
        .bind(place)
        .bind(id.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    Ok(())
}

/// Whose picture it is, as the record names it.
async fn owner(tx: &mut Transaction<'static, Sqlite>, of: Depicted) -> Result<(Scope, String)> {
    let (query, id) = match of {
        Depicted::Site(id) => ("SELECT id AS site, slug FROM sites WHERE id = ?", id.0),
        Depicted::Relic(id) => ("SELECT site, slug FROM relics WHERE id = ?", id.0),
        Depicted::Stop(id) => ("SELECT site, slug FROM stops WHERE id = ?", id.0),
    };
    let found: Option<(i64, String)> =
        sqlx::query_as(query).bind(id).fetch_optional(&mut **tx).await.map_err(StoreError::of(KEEPING))?;
    let (site, slug) = found.ok_or_else(|| StoreError::Missing { what: "thing", name: format!("{of:?}") })?;
    Ok((Scope::Site(SiteId(site)), slug))
}

fn picture_of(row: &SqliteRow) -> Result<Picture> {
    let cells = Cells::new("pictures", "id", row);
    let number = |column| cells.get::<Option<i64>>(column);
    let of = match (number("site")?, number("relic")?, number("stop")?) {
        (Some(id), None, None) => Depicted::Site(SiteId(id)),
        (None, Some(id), None) => Depicted::Relic(RelicId(id)),
        (None, None, Some(id)) => Depicted::Stop(StopId(id)),
        _ => return Err(cells.corrupt("site", "it is of one thing and no more")),
    };
    Ok(Picture {
        id: PictureId(cells.get("id")?),
        of,
        hash: cells.parsed("hash")?,
        alt: cells.json("alt")?,
        credit: cells.get("credit")?,
        licence: cells.get("licence")?,
    })
}
