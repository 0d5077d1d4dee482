//! Steps of a publication, for the transactions that publish and take back: whom a guide waits for, what closes it, and
//! the note of what was public when.

use sqlx::{Sqlite, Transaction};

use super::{Result, StoreError};
use crate::domain::{EditionId, Language, SiteId, Slug, StopId, Timestamp};

/// The numbers of a stop and its site.
pub(super) async fn stop_and_site(tx: &mut Transaction<'static, Sqlite>, stop: &Slug) -> Result<(StopId, SiteId)> {
    let found: Option<(i64, i64)> = sqlx::query_as("SELECT id, site FROM stops WHERE slug = ?")
        .bind(stop.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of("looking for a stop"))?;
    let (id, site) = found.ok_or_else(|| StoreError::Missing { what: "stop", name: stop.to_string() })?;
    Ok((StopId(id), SiteId(site)))
}

/// Whether what is made of a guide waits for a person.
pub(super) async fn is_held(tx: &mut Transaction<'static, Sqlite>, stop: StopId, language: Language) -> Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM held_guides WHERE stop = ?1 AND language = ?2)
             OR EXISTS (SELECT 1 FROM held_sites JOIN stops ON stops.site = held_sites.site WHERE stops.id = ?1)",
    )
    .bind(stop.0)
    .bind(language.tag())
    .fetch_one(&mut **tx)
    .await
    .map_err(StoreError::of("looking who publishes a guide"))
}

/// Leaves a guide without anything public. `false` where nothing was.
pub(super) async fn close_guide(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    by: &str,
    now: Timestamp,
) -> Result<bool> {
    let failed = StoreError::of("withdrawing an edition");
    let shown = sqlx::query("DELETE FROM current_editions WHERE stop = ? AND language = ?")
        .bind(stop.0)
        .bind(language.tag())
        .execute(&mut **tx)
        .await
        .map_err(&failed)?
        .rows_affected();
    let closed =
        sqlx::query("UPDATE editions SET withdrawn_at = ? WHERE withdrawn_at IS NULL AND stop = ? AND language = ?")
            .bind(now.0)
            .bind(stop.0)
            .bind(language.tag())
            .execute(&mut **tx)
            .await
            .map_err(&failed)?
            .rows_affected();
    if shown > 0 {
        note_publication(tx, stop, language, None, by, now).await?;
    }
    Ok(shown + closed > 0)
}

/// Notes what became public, or, without an edition, that the guide was taken back.
pub(super) async fn note_publication(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    language: Language,
    edition: Option<EditionId>,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("INSERT INTO publications (stop, language, edition, by, at) VALUES (?, ?, ?, ?, ?)")
        .bind(stop.0)
        .bind(language.tag())
        .bind(edition.map(|id| id.0))
        .bind(by)
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of("noting what became public"))?;
    Ok(())
}
