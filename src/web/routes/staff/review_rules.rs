//! `/staff/sites/{site}/review-rules`: how much of a translation is read before it is public, language by language.

use axum::extract::{Form, Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::see;
use crate::domain::{Language, ReviewRule, SetRule};
use crate::store::StoreError;
use crate::web::error::Result;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::review_rules::render;
use crate::web::workplace::{Given, MayAt, Publish, staff_page};

type Fields = Vec<(String, String)>;

/// The rule that holds for each language of the guides, and the house's own.
pub(in crate::web::routes) async fn rules(
    state: &State,
    here: &MayAt<Publish>,
) -> std::result::Result<(Vec<SetRule>, ReviewRule), StoreError> {
    let (collection, set) = tokio::try_join!(state.store.collection(), state.store.review_rules(here.site.id))?;
    let own = collection.as_ref().map(|one| one.policy.review_rule()).unwrap_or(ReviewRule::Every);
    let source = collection.as_ref().map(|one| one.source_language);
    let mut languages = collection.map(|one| one.guide_languages).unwrap_or_default();
    languages.extend(set.iter().map(|set| set.language));
    languages.retain(|language| Some(*language) != source);
    languages.sort_unstable();
    languages.dedup();
    let rule = |language: Language| {
        let found = set.iter().find(|set| set.language == language).cloned();
        found.unwrap_or(SetRule { language, rule: own, set: None })
    };
    Ok((languages.into_iter().map(rule).collect(), own))
}

async fn page(state: &State, here: &MayAt<Publish>, status: StatusCode, note: Note) -> Result<Response> {
    let (rules, own) = rules(state, here).await?;
    Ok(staff_page(status, render(state, here.may.lang(), (&here.may, &here.site), &rules, own, note)?))
}

pub async fn get(Here(state): Here<State>, here: MayAt<Publish>, Query(asked): Query<Fields>) -> Result<Response> {
    let saved = (asked.field("done") == "saved").then(|| state.desk.of(here.may.lang()).review_rules.saved.clone());
    page(&state, &here, StatusCode::OK, Note { bad: None, good: saved }).await
}

/// One form for all languages; a language that is not named stays as it is.
pub async fn save(Here(state): Here<State>, here: MayAt<Publish>, Form(form): Form<Fields>) -> Result<Response> {
    let mut wanted = Vec::new();
    for (name, word) in &form {
        let Some(tag) = name.strip_prefix("rule.") else { continue };
        let language: Option<Language> = tag.parse().ok();
        let share = form.field(&format!("share.{tag}")).trim().parse::<i64>().ok();
        let rule = match word.as_str() {
            "" => Some(None),
            "spot" => ReviewRule::of("spot", share).map(Some),
            word => ReviewRule::of(word, None).map(Some),
        };
        match (language, rule) {
            (Some(language), Some(rule)) => wanted.push((language, rule)),
            _ => {
                let bad = Some(state.desk.of(here.may.lang()).review_rules.bad_share.clone());
                return page(&state, &here, StatusCode::UNPROCESSABLE_ENTITY, Note { bad, good: None }).await;
            }
        }
    }
    for (language, rule) in wanted {
        state.store.set_review_rule(&here.may.actor(), &here.site, language, rule).await?;
    }
    Ok(see(&format!("/staff/sites/{}/review-rules?done=saved", here.site.slug)))
}
