//! What waits for one person, and why: translations to review, comments, failed work, planned publications. For the first
//! page of the workplace and for programs.

use crate::domain::{Permission, Scope, Site, SiteId};
use crate::people::Signed;
use crate::store::{OpenComment, PlannedPublication};
use crate::web::error::Result;
use crate::web::state::State;

/// Of each kind so many are named; how many there are is told beside them.
const NAMED: usize = 5;

/// What waits for somebody.
pub struct Waiting {
    pub sites: Vec<Site>,
    /// Translations that ask for a reviewer, by site in the order of the collection.
    pub reviews: Vec<(SiteId, u64)>,
    /// Their own and those near their work first.
    pub comments: Vec<OpenComment>,
    pub all_comments: u64,
    /// Jobs that failed.
    pub failed: u64,
    /// The next ones.
    pub planned: Vec<PlannedPublication>,
}

impl Waiting {
    /// What this person's roles let them do something about.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn of(state: &State, signed: &Signed) -> Result<Self> {
        let store = &state.store;
        let sites = store.sites().await?;
        let where_may = |permission| -> Vec<SiteId> {
            let may = |site: &&Site| signed.person.grants.may(permission, Scope::Site(site.id));
            sites.iter().filter(may).map(|site| site.id).collect()
        };
        let (edit, review, publish) =
            (where_may(Permission::Edit), where_may(Permission::Review), where_may(Permission::Publish));
        let me = (signed.person.id, signed.person.name.as_str());
        let (mut reviews, (comments, all_comments), counts, planned) = tokio::try_join!(
            store.review_counts(&review),
            store.open_comments(&edit, me, NAMED),
            store.work_counts(&edit),
            store.planned_publications(&publish, NAMED)
        )?;
        let place = |id: &SiteId| sites.iter().position(|site| site.id == *id);
        reviews.sort_by_key(|(id, _)| place(id));
        Ok(Self { reviews, comments, all_comments, failed: counts.failed, planned, sites })
    }

    /// The site of this number.
    #[must_use]
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }
}
