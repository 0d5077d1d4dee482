//! `…/sites/{site}/review-rules`: how much of a translation is read before it is public.

use axum::extract::State as Here;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json;
use super::refusals::{NotChanged, NotRead};
use crate::domain::{Language, ReviewRule, SetRule};
use crate::web::error::{Result, WebError};
use crate::web::routes::staff::review_rules::rules;
use crate::web::state::State;
use crate::web::workplace::{MayAt, Publish, Sent};

/// The rules of a site.
#[derive(Serialize, ToSchema)]
pub struct ReviewRules {
    pub rules: Vec<ReviewRuleView>,
}

/// The rule for one language.
#[derive(Serialize, ToSchema)]
#[schema(as = ReviewRule)]
pub struct ReviewRuleView {
    pub language: String,
    /// `every`: each sentence is approved; `spot`: a share is read, drawn by lot; `machine`: nothing must be read.
    pub rule: &'static str,
    /// Of a spot check, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<u8>,
    /// Who set it; absent where the house's own rule holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
}

/// A rule to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRuleBody {
    pub language: String,
    /// `every`, `spot` or `machine`; absent: the house's own rule holds again.
    #[serde(default)]
    pub rule: Option<String>,
    /// Of a spot check, in percent: 1 to 99.
    #[serde(default)]
    pub share: Option<i64>,
}

async fn answer(state: &State, here: &MayAt<Publish>) -> Result<Response> {
    let (rules, _) = rules(state, here).await?;
    let view = |set: &SetRule| ReviewRuleView {
        language: set.language.tag().to_owned(),
        rule: set.rule.word(),
        share: set.rule.share().map(|share| share.percent()),
        set_by: set.set.as_ref().map(|(by, _)| by.clone()),
    };
    json(&ReviewRules { rules: rules.iter().map(view).collect() })
}

/// How much of the translations of a site is read, language by language.
#[utoipa::path(get, path = "/api/v1/staff/sites/{site}/review-rules", operation_id = "listReviewRules", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    responses((status = 200, description = "The rules", body = ReviewRules), NotRead))]
pub async fn get(Here(state): Here<State>, here: MayAt<Publish>) -> Result<Response> {
    answer(&state, &here).await
}

/// Sets how much of the translations into a language is read.
#[utoipa::path(put, path = "/api/v1/staff/sites/{site}/review-rules", operation_id = "setReviewRule", tag = "staff",
    params(("site" = String, Path, description = "The site's slug", example = "thap-doi")),
    request_body = ReviewRuleBody,
    responses((status = 200, description = "The rules as they stand now", body = ReviewRules), NotChanged))]
pub async fn set(Here(state): Here<State>, here: MayAt<Publish>, Sent(body): Sent<ReviewRuleBody>) -> Result<Response> {
    let language: std::result::Result<Language, _> = body.language.parse();
    let language = language.map_err(|_| WebError::Unfit("`language` is one of those spoken here".to_owned()))?;
    let rule = match (&body.rule, body.share) {
        (None, None) => None,
        (word, share) => {
            let rule = word.as_deref().and_then(|word| ReviewRule::of(word, share));
            let unfit = || WebError::Unfit("`rule` is every, machine, or spot with a `share` of 1 to 99".to_owned());
            Some(rule.ok_or_else(unfit)?)
        }
    };
    state.store.set_review_rule(&here.may.actor(), &here.site, language, rule).await?;
    answer(&state, &here).await
}
