//! The first page of the workplace: what somebody is here, and what they may do where.

use askama::Template;

use super::moment::Moment;
use crate::domain::{Language, Permission};
use crate::people::Signed;
use crate::pipeline::publishing::waiting;
use crate::store::{OpenComment, PlannedPublication};
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::publishing::{self, Task};
use crate::web::views::staff::says::{self, Sites};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::{Said, beginning};
use crate::web::waiting::Waiting;

words! {
    /// The words of the first page.
    Strings: heading, hello, roles, place, role, may, nothing, second_factor, set_up, reviews,
    comments, own_comment, failed, failed_go, planned
}

#[derive(Template)]
#[template(path = "staff/home.html")]
struct Home<'a> {
    page: Frame<'a>,
    hello: String,
    rows: Vec<Row<'a>>,
    /// What waits for this person, site by site.
    tasks: Vec<Task>,
    reviews: Vec<(String, Said, u64)>,
    talk: Vec<Talk>,
    all_talk: u64,
    failed: u64,
    planned: Vec<Soon>,
    /// Whether to say that a second factor is worth having.
    nudge: bool,
}

/// A comment nobody resolved.
struct Talk {
    href: String,
    name: Said,
    language: &'static str,
    by: String,
    at: Moment,
    body: String,
    own: bool,
}

/// A publication at a time.
struct Soon {
    href: String,
    name: Said,
    language: &'static str,
    at: Moment,
    by: String,
}

struct Row<'a> {
    place: Said,
    role: &'a str,
    may: Vec<&'a str>,
}

/// # Errors
/// Where the page cannot be written or the sites cannot be read.
pub async fn render(state: &State, lang: Language, signed: &Signed) -> Result<String> {
    let words = state.desk.of(lang);
    let waits = Waiting::of(state, signed).await?;
    let sites = waits.sites.clone();
    let places = Sites::new(words, lang, &sites);
    let grants = &signed.person.grants;
    let row = |grant: &crate::domain::Grant| Row {
        place: places.place(grant.scope),
        role: says::role(words, grant.role),
        may: Permission::ALL
            .into_iter()
            .filter(|permission| grants.may(*permission, grant.scope))
            .map(|permission| says::permission(words, permission))
            .collect(),
    };
    let view = Home {
        page: Frame::new(state, lang, Some(signed), Place::Home, &words.home.heading),
        hello: fill(&words.home.hello, &[("name", &signed.person.name)]),
        rows: grants.0.iter().map(row).collect(),
        tasks: publishing::tasks(signed, &sites, &waiting(&state.store).await?, lang, words),
        reviews: waits
            .reviews
            .iter()
            .filter_map(|(id, n)| {
                let site = waits.site(*id)?;
                Some((format!("/staff/review?site={}", site.slug), Said::name(&site.names, lang), *n))
            })
            .collect(),
        talk: waits.comments.iter().filter_map(|one| talk(&waits, one, lang)).collect(),
        all_talk: waits.all_comments,
        failed: waits.failed,
        planned: waits.planned.iter().filter_map(|one| soon(&waits, one, lang)).collect(),
        nudge: !signed.person.second_factor,
    };
    Ok(view.render()?)
}

fn talk(waits: &Waiting, one: &OpenComment, lang: Language) -> Option<Talk> {
    let site = waits.site(one.site)?;
    let place = one.ordinal.map_or(0, |at| at + 1);
    Some(Talk {
        href: format!("/staff/sites/{}/stops/{}/review/{}#s{place}", site.slug, one.stop, one.language),
        name: Said::name(&one.names, lang),
        language: one.language.endonym(),
        by: one.by.clone(),
        at: one.at.into(),
        body: beginning(&one.body, 120),
        own: one.own,
    })
}

fn soon(waits: &Waiting, one: &PlannedPublication, lang: Language) -> Option<Soon> {
    let site = waits.site(one.site)?;
    Some(Soon {
        href: format!("/staff/sites/{}/publishing/{}/{}", site.slug, one.stop, one.language),
        name: Said::name(&one.names, lang),
        language: one.language.endonym(),
        at: one.at.into(),
        by: one.by.clone(),
    })
}
