//! Sites, relics and stops with their pictures, brought into the store. What staff made of one since the last import stays:
//! where both sides changed it, its file is refused.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::folder::{GoodSite, SiteFiles};
use super::heads::RelicHead;
use super::import::{CONFLICT, Decision, Importer, change_of, list_hash};
use super::stops::{GoodStop, StopFiles};
use super::{Change, IngestError, ItemKind, Refusal};
use crate::domain::{Caption, ContentHash, Depicted, RelicId, SiteId, Slug, StopId};
use crate::store::{NewRelic, NewSite, NewStop, StoreError};

/// Pictures by hash, as they are compared and kept.
type Pictures = Vec<(ContentHash, Caption)>;

impl Importer<'_> {
    pub(super) async fn site(&mut self, files: &SiteFiles) -> Result<(), IngestError> {
        let id = match &files.site {
            Some(good) => Some(self.good_site(&files.slug, good).await?),
            None => self.store.site(&files.slug).await?.map(|site| site.id),
        };
        for stop in &files.stops {
            self.stop(&files.slug, id, stop).await?;
        }
        if let (Some(good), Some(id)) = (&files.site, id) {
            self.plans(&files.slug, id, &good.head.plans, &good.drawings).await?;
        }
        Ok(())
    }

    /// The files of pictures, and what they are called here; `None` where the folder says nothing of pictures.
    async fn pictures(&self, given: Option<&[(Bytes, Caption)]>) -> Result<Option<Pictures>, IngestError> {
        let Some(given) = given else { return Ok(None) };
        let mut pictures = Vec::new();
        for (bytes, caption) in given {
            pictures.push((self.blobs.put(bytes.clone()).await?, caption.clone()));
        }
        Ok(Some(pictures))
    }

    /// The cover of a folder that describes no pictures.
    async fn cover(&self, given: Option<&Bytes>) -> Result<Option<ContentHash>, IngestError> {
        match given {
            Some(picture) => Ok(Some(self.blobs.put(picture.clone()).await?)),
            None => Ok(None),
        }
    }

    async fn held(&self, of: Option<Depicted>) -> Result<Pictures, StoreError> {
        let Some(of) = of else { return Ok(Vec::new()) };
        let pictures = self.store.pictures_of(of).await?;
        Ok(pictures.into_iter().map(|picture| (picture.hash, picture.caption())).collect())
    }

    /// Writes the pictures of a thing. Whether they were others before.
    async fn replace(&self, of: Depicted, pictures: Option<&Pictures>) -> Result<bool, StoreError> {
        match pictures {
            Some(pictures) => self.store.replace_pictures(of, pictures).await,
            None => Ok(false),
        }
    }

    async fn good_site(&mut self, slug: &Slug, good: &GoodSite) -> Result<SiteId, IngestError> {
        let head = good.head.clone();
        let pictures = self.pictures(good.pictures.as_deref()).await?;
        let first = pictures.as_ref().and_then(|pictures| pictures.first()).map(|(hash, _)| *hash);
        let site = NewSite {
            slug: slug.clone(),
            names: head.names,
            kind: head.kind,
            period: head.period,
            place: head.place,
            themes: head.themes,
            sources: head.sources,
            summary: good.summary.clone(),
            cover: first.or(self.cover(good.cover.as_ref()).await?),
            position: head.position,
        };
        let stored = self.store.site(slug).await?;
        let id = stored.as_ref().map(|stored| stored.id);
        let before = match (stored, pictures.is_some()) {
            (Some(stored), described) => {
                let held = if described { Some(self.held(id.map(Depicted::Site)).await?) } else { None };
                let stored = NewSite::from(stored);
                let cover = stored.cover.filter(|_| site.cover.is_some());
                Some(list_hash(&[(NewSite { cover, ..stored }, held)])?)
            }
            (None, _) => None,
        };
        let file = list_hash(&[(&site, &pictures)])?;
        let (item, slug_of) = (format!("site/{slug}"), slug.clone());
        let (change, id) = match (self.weigh(&item, &slug_of, file, before).await?, id) {
            (Decision::Conflict, Some(id)) => {
                self.refuse(PathBuf::from(format!("sites/{slug}/site.md")));
                return Ok(id);
            }
            (Decision::Keep, Some(id)) => (Change::Kept, id),
            (Decision::Same, Some(id)) => (Change::Unchanged, id),
            _ => {
                let upsert = self.store.upsert_site(&site).await?;
                let others = self.replace(Depicted::Site(upsert.id()), pictures.as_ref()).await?;
                (changed(change_of(upsert), others), upsert.id())
            }
        };
        self.note(ItemKind::Site, &item, slug.to_string(), change, file).await?;
        Ok(id)
    }

    /// As `decide`; what was imported before these marks were kept is staff's only where the record says so.
    async fn weigh(
        &self,
        item: &str,
        slug: &Slug,
        file: ContentHash,
        stored: Option<ContentHash>,
    ) -> Result<Decision, StoreError> {
        let unmarked = self.store.imported(item).await?.is_none();
        match self.decide(item, file, stored).await? {
            Decision::Conflict if unmarked && !self.store.changed_by_staff(slug.as_str()).await? => Ok(Decision::Write),
            decision => Ok(decision),
        }
    }

    fn refuse(&mut self, file: impl AsRef<Path>) {
        self.report.refused.push(Refusal::file(file.as_ref(), CONFLICT));
    }

    /// Remembers an item as the folder has it, unless staff's stays.
    async fn note(
        &mut self,
        kind: ItemKind,
        item: &str,
        name: String,
        change: Change,
        file: ContentHash,
    ) -> Result<(), StoreError> {
        if change != Change::Kept && self.store.imported(item).await? != Some(file) {
            self.store.set_imported(item, file).await?;
        }
        self.report.note(kind, name, change);
        Ok(())
    }

    async fn stop(&mut self, site_slug: &Slug, site: Option<SiteId>, files: &StopFiles) -> Result<(), IngestError> {
        let id = match (&files.stop, site) {
            (Some(good), Some(site)) => self.good_stop(site_slug, site, &files.slug, good).await?,
            (Some(good), None) => {
                let why = format!("waits for the site.md of `{site_slug}`, which was refused");
                self.report.refused.push(Refusal::file(&good.file, why));
                None
            }
            (None, _) => self.store.stop(&files.slug).await?.map(|stop| stop.id),
        };
        for (language, text) in &files.texts {
            match id {
                Some(id) => self.text(id, &files.slug, *language, text).await?,
                None if files.stop.as_ref().is_some_and(|stop| stop.file == text.file) => {}
                None => {
                    let why = format!("waits for the stop.md of `{}`, which was refused", files.slug);
                    self.report.refused.push(Refusal::file(&text.file, why));
                }
            }
        }
        Ok(())
    }

    /// `None` where the store refused the stop; the report then says why.
    async fn good_stop(
        &mut self,
        site_slug: &Slug,
        site: SiteId,
        slug: &Slug,
        good: &GoodStop,
    ) -> Result<Option<StopId>, IngestError> {
        let head = good.head.clone();
        let relic = match head.relic {
            Some(relic) => Some(self.relic(site_slug, site, relic, good).await?),
            None => None,
        };
        let pictures = self.pictures(good.pictures.as_deref()).await?;
        let first = pictures.as_ref().and_then(|pictures| pictures.first()).map(|(hash, _)| *hash);
        let stop = NewStop {
            site,
            relic,
            slug: slug.clone(),
            code: head.code.into_inner(),
            names: head.names,
            kind: head.kind,
            period: head.period,
            place: head.place,
            themes: head.themes,
            sources: head.sources,
            cover: first.or(self.cover(good.cover.as_ref()).await?),
            position: head.position,
        };
        let stored = self.store.stop(slug).await?;
        let id = stored.as_ref().map(|stored| stored.id);
        let before = match (stored, pictures.is_some()) {
            (Some(stored), described) => {
                let held = if described { Some(self.held(id.map(Depicted::Stop)).await?) } else { None };
                let stored = NewStop::from(stored);
                let cover = stored.cover.filter(|_| stop.cover.is_some());
                Some(list_hash(&[(NewStop { cover, ..stored }, held)])?)
            }
            (None, _) => None,
        };
        let file = list_hash(&[(&stop, &pictures)])?;
        let (item, slug_of) = (format!("stop/{slug}"), slug.clone());
        let (change, id) = match (self.weigh(&item, &slug_of, file, before).await?, id) {
            (Decision::Conflict, Some(id)) => {
                self.refuse(&good.file);
                return Ok(Some(id));
            }
            (Decision::Keep, Some(id)) => (Change::Kept, id),
            (Decision::Same, Some(id)) => (Change::Unchanged, id),
            _ => match self.store.upsert_stop(&stop).await {
                Ok(upsert) => {
                    let others = self.replace(Depicted::Stop(upsert.id()), pictures.as_ref()).await?;
                    (changed(change_of(upsert), others), upsert.id())
                }
                Err(taken @ StoreError::CodeTaken { .. }) => {
                    self.report.refused.push(Refusal::line(&good.file, good.code_line, taken.to_string()));
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            },
        };
        self.note(ItemKind::Stop, &item, slug.to_string(), change, file).await?;
        Ok(Some(id))
    }

    async fn relic(
        &mut self,
        site_slug: &Slug,
        site: SiteId,
        head: RelicHead,
        good: &GoodStop,
    ) -> Result<RelicId, IngestError> {
        let name = format!("{site_slug}/{}", head.slug);
        let pictures = self.pictures(good.relic_pictures.as_deref()).await?;
        let relic = NewRelic {
            site,
            slug: head.slug,
            names: head.names,
            kind: head.kind,
            period: head.period,
            material: head.material,
            sources: head.sources,
        };
        let relics = self.store.relics_of(site).await?;
        let stored = relics.into_iter().find(|stored| stored.slug == relic.slug);
        let id = stored.as_ref().map(|stored| stored.id);
        let before = match (stored, pictures.is_some()) {
            (Some(stored), described) => {
                let held = if described { Some(self.held(id.map(Depicted::Relic)).await?) } else { None };
                Some(list_hash(&[(NewRelic::from(stored), held)])?)
            }
            (None, _) => None,
        };
        let file = list_hash(&[(&relic, &pictures)])?;
        let (item, slug_of) = (format!("relic/{name}"), relic.slug.clone());
        let (change, id) = match (self.weigh(&item, &slug_of, file, before).await?, id) {
            (Decision::Conflict, Some(id)) => {
                self.refuse(&good.file);
                return Ok(id);
            }
            (Decision::Keep, Some(id)) => (Change::Kept, id),
            (Decision::Same, Some(id)) => (Change::Unchanged, id),
            _ => {
                let upsert = self.store.upsert_relic(&relic).await?;
                let others = self.replace(Depicted::Relic(upsert.id()), pictures.as_ref()).await?;
                (changed(change_of(upsert), others), upsert.id())
            }
        };
        // Several stops may be about one relic: it is told once.
        if !self.report.items.iter().any(|item| item.kind == ItemKind::Relic && item.name == name) {
            self.note(ItemKind::Relic, &item, name, change, file).await?;
        }
        Ok(id)
    }
}

fn changed(change: Change, others: bool) -> Change {
    if others && change == Change::Unchanged { Change::Changed { detail: None } } else { change }
}
