//! The store against its promises: one file per family of tables.

mod devices;
mod editions;
mod findings;
mod jobs;
mod lists;
mod memory;
mod migrations;
mod opening;
mod people;
mod places;
mod recordings;
mod texts;
mod waiting;

use std::sync::Arc;

use super::*;
use crate::domain::{FixedClock, Language, Names, SiteId, Slug, StopId};

/// A store in a folder of its own, with a clock that stands still at `START`.
struct Bench {
    folder: tempfile::TempDir,
    clock: Arc<FixedClock>,
    store: Store,
}

const START: Timestamp = Timestamp(1_700_000_000_000);

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(START));
        let store = Store::open(&folder.path().join("store.db"), clock.clone()).await.unwrap();
        Self { folder, clock, store }
    }

    /// Another handle on the same file, as another process has it.
    async fn again(&self) -> Store {
        Store::open(&self.folder.path().join("store.db"), self.clock.clone()).await.unwrap()
    }

    async fn stop(&self) -> StopId {
        let site = self.store.upsert_site(&site("thap-doi")).await.unwrap().id();
        self.store.upsert_stop(&stop(site, "thap-doi-1", "TD1")).await.unwrap().id()
    }

    /// Breaks a row behind the store's back.
    async fn damage(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.store.writer).await.unwrap();
    }
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn names(vietnamese: &str) -> Names {
    Names([(Language::VI, vietnamese.to_owned())].into())
}

fn site(name: &str) -> NewSite {
    NewSite {
        slug: slug(name),
        names: names("Tháp Đôi"),
        kind: "tower".into(),
        period: None,
        place: Some(crate::domain::Place { latitude: 13.786, longitude: 109.211, address: "Quy Nhơn".into() }),
        themes: vec!["champa".into()],
        sources: Vec::new(),
        summary: Names::default(),
        cover: None,
        position: 1,
    }
}

fn stop(site: SiteId, name: &str, code: &str) -> NewStop {
    NewStop {
        site,
        relic: None,
        slug: slug(name),
        code: code.parse().unwrap(),
        names: names("Tháp Bắc"),
        kind: "tower".into(),
        period: None,
        place: None,
        themes: Vec::new(),
        sources: Vec::new(),
        cover: None,
        position: 1,
    }
}
