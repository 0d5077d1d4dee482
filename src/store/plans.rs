//! Plans of sites and the stops on them: a plan is written and compared whole.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, ContentHash, Deed, Names, Plan, PlanId, PlanMark, Scope, SiteId, StopId};

const READING: &str = "reading plans";
const KEEPING: &str = "keeping a plan";

impl Store {
    /// The plans of a site, the oldest first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn plans_of(&self, site: SiteId) -> Result<Vec<Plan>> {
        let rows = sqlx::query("SELECT * FROM plans WHERE site = ? ORDER BY id")
            .bind(site.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let marks = sqlx::query(
            "SELECT plan_marks.* FROM plan_marks JOIN plans ON plans.id = plan_marks.plan
             WHERE plans.site = ? ORDER BY plan, stop",
        )
        .bind(site.0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let marks: Vec<(PlanId, PlanMark)> = marks.iter().map(mark_of).collect::<Result<_>>()?;
        rows.iter()
            .map(|row| {
                let plan = plan_of(row)?;
                let own = marks.iter().filter(|(id, _)| *id == plan.id).map(|(_, mark)| *mark);
                Ok(Plan { marks: own.collect(), ..plan })
            })
            .collect()
    }

    /// # Errors
    /// `Missing` where there is no such site, and those of the database.
    pub async fn add_plan(&self, actor: &Actor, site: SiteId, names: &Names, hash: ContentHash) -> Result<PlanId> {
        let mut tx = self.write(KEEPING).await?;
        let id: i64 =
            sqlx::query_scalar("INSERT INTO plans (site, names, hash, changed_at) VALUES (?, ?, ?, ?) RETURNING id")
                .bind(site.0)
                .bind(to_json("names", names)?)
                .bind(hash.to_string())
                .bind(self.now().0)
                .fetch_one(&mut *tx)
                .await
                .map_err(|error| StoreError::missing_parent("site", site, KEEPING, error))?;
        record(&mut tx, self.now(), actor, &Deed::PlanAdded, &id.to_string(), Scope::Site(site)).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(PlanId(id))
    }

    /// Keeps what a person makes of a plan's names and marks, if it is still as `base`. `false` where somebody was first.
    ///
    /// # Errors
    /// `Missing` where a stop is not there, `Corrupt`, and those of the database.
    pub async fn keep_plan(&self, actor: &Actor, base: &Plan, names: &Names, marks: &[PlanMark]) -> Result<bool> {
        let mut tx = self.write(KEEPING).await?;
        if plan_in(&mut tx, base.id).await?.as_ref() != Some(base) {
            return Ok(false);
        }
        sqlx::query("UPDATE plans SET names = ?, changed_at = ? WHERE id = ?")
            .bind(to_json("names", names)?)
            .bind(self.now().0)
            .bind(base.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        sqlx::query("DELETE FROM plan_marks WHERE plan = ?")
            .bind(base.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        for mark in marks {
            put_mark(&mut tx, base.id, mark).await?;
        }
        if plan_in(&mut tx, base.id).await?.as_ref() != Some(base) {
            let subject = base.id.to_string();
            record(&mut tx, self.now(), actor, &Deed::PlanChanged, &subject, Scope::Site(base.site)).await?;
        }
        tx.commit().await.map_err(StoreError::of(KEEPING))?;
        Ok(true)
    }

    /// Brings the plans of a site to these, as an import reads them.
    ///
    /// # Errors
    /// `Missing` where a stop is not there, and those of the database.
    pub async fn replace_plans(&self, site: SiteId, plans: &[(ContentHash, Names, Vec<PlanMark>)]) -> Result<()> {
        let mut tx = self.write(KEEPING).await?;
        sqlx::query("DELETE FROM plans WHERE site = ?")
            .bind(site.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(KEEPING))?;
        for (hash, names, marks) in plans {
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO plans (site, names, hash, changed_at) VALUES (?, ?, ?, ?) RETURNING id",
            )
            .bind(site.0)
            .bind(to_json("names", names)?)
            .bind(hash.to_string())
            .bind(self.now().0)
            .fetch_one(&mut *tx)
            .await
            .map_err(|error| StoreError::missing_parent("site", site, KEEPING, error))?;
            for mark in marks {
                put_mark(&mut tx, PlanId(id), mark).await?;
            }
        }
        tx.commit().await.map_err(StoreError::of(KEEPING))
    }

    /// Takes a plan away, if it is still as `base`. `false` where somebody was first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn remove_plan(&self, actor: &Actor, base: &Plan) -> Result<bool> {
        let doing = "taking a plan away";
        let mut tx = self.write(doing).await?;
        if plan_in(&mut tx, base.id).await?.as_ref() != Some(base) {
            return Ok(false);
        }
        sqlx::query("DELETE FROM plans WHERE id = ?")
            .bind(base.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
        record(&mut tx, self.now(), actor, &Deed::PlanRemoved, &base.id.to_string(), Scope::Site(base.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }
}

async fn put_mark(tx: &mut Transaction<'static, Sqlite>, plan: PlanId, mark: &PlanMark) -> Result<()> {
    sqlx::query("INSERT INTO plan_marks (plan, stop, x, y) VALUES (?, ?, ?, ?)")
        .bind(plan.0)
        .bind(mark.stop.0)
        .bind(mark.x)
        .bind(mark.y)
        .execute(&mut **tx)
        .await
        .map_err(|error| StoreError::missing_parent("stop", mark.stop, KEEPING, error))?;
    Ok(())
}

async fn plan_in(tx: &mut Transaction<'static, Sqlite>, id: PlanId) -> Result<Option<Plan>> {
    let row = sqlx::query("SELECT * FROM plans WHERE id = ?")
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    let Some(row) = row else { return Ok(None) };
    let marks = sqlx::query("SELECT * FROM plan_marks WHERE plan = ? ORDER BY stop")
        .bind(id.0)
        .fetch_all(&mut **tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
    let marks = marks.iter().map(|row| Ok(mark_of(row)?.1)).collect::<Result<_>>()?;
    Ok(Some(Plan { marks, ..plan_of(&row)? }))
}

fn plan_of(row: &SqliteRow) -> Result<Plan> {
    let cells = Cells::new("plans", "id", row);
    Ok(Plan {
        id: PlanId(cells.get("id")?),
        site: SiteId(cells.get("site")?),
        names: cells.json("names")?,
        hash: cells.parsed("hash")?,
        marks: Vec::new(),
    })
}

fn mark_of(row: &SqliteRow) -> Result<(PlanId, PlanMark)> {
    let cells = Cells::new("plan_marks", "plan", row);
    let mark = PlanMark { stop: StopId(cells.get("stop")?), x: cells.get("x")?, y: cells.get("y")? };
    Ok((PlanId(cells.get("plan")?), mark))
}
