//! The order of the stops of a site, written as one.

use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, Scope, Site, StopId};

const ORDERING: &str = "putting stops in order";

impl Store {
    /// Puts the stops of a site in this order, numbered from 1, if they still stand as in `base`; both name each of them
    /// once. `false` where somebody was first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn order_stops(
        &self,
        actor: &Actor,
        site: &Site,
        base: &[(StopId, i64)],
        order: &[StopId],
    ) -> Result<bool> {
        let mut tx = self.write(ORDERING).await?;
        let now: Vec<(i64, i64)> =
            sqlx::query_as("SELECT id, position FROM stops WHERE site = ? ORDER BY position, slug")
                .bind(site.id.0)
                .fetch_all(&mut *tx)
                .await
                .map_err(StoreError::of(ORDERING))?;
        let now: Vec<(StopId, i64)> = now.into_iter().map(|(id, position)| (StopId(id), position)).collect();
        let same = now.len() == order.len() && now.iter().all(|(id, _)| order.contains(id));
        if now != base || !same {
            return Ok(false);
        }
        if now.iter().map(|(id, _)| id).eq(order) {
            return Ok(true);
        }
        for (stop, position) in order.iter().zip(1_i64..) {
            sqlx::query("UPDATE stops SET position = ?1, changed_at = ?2 WHERE id = ?3 AND position <> ?1")
                .bind(position)
                .bind(self.now().0)
                .bind(stop.0)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::of(ORDERING))?;
        }
        record(&mut tx, self.now(), actor, &Deed::StopsOrdered, site.slug.as_str(), Scope::Site(site.id)).await?;
        tx.commit().await.map_err(StoreError::of(ORDERING))?;
        Ok(true)
    }
}
