//! `/staff/audit`: the record, page by page, and verified on demand.

use axum::extract::{Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use crate::domain::AuditId;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::views::staff::audit::{Matter, render};
use crate::web::workplace::{Audit, Given, May, staff_page};

/// Entries on a page.
const PAGE: u32 = 100;

pub async fn get(
    Here(state): Here<State>,
    may: May<Audit>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let before = match asked.field("before") {
        "" => None,
        text => {
            Some(AuditId(text.parse().map_err(|_| WebError::Unfit("`before` is the number of an entry".to_owned()))?))
        }
    };
    let mut entries = state.store.audit(before, PAGE + 1).await?;
    let more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let sites = state.store.sites().await?;
    let verified = match asked.field("verify") {
        "yes" => Some(state.store.verify_audit(None).await?),
        _ => None,
    };
    let newest = before.is_none();
    let matter = Matter { signed: &may, entries: &entries, sites: &sites, newest, more, verified };
    Ok(staff_page(StatusCode::OK, render(&state, may.lang(), &matter)?))
}
