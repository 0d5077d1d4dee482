//! The first page of the workplace: what somebody is here, and what they may do where.

use askama::Template;

use crate::domain::{Language, Permission};
use crate::people::Signed;
use crate::pipeline::publishing::waiting;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::publishing::{self, Task};
use crate::web::views::staff::says::{self, Sites};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the first page.
    Strings: heading, hello, roles, place, role, may, nothing, second_factor, set_up
}

#[derive(Template)]
#[template(path = "staff/home.html")]
struct Home<'a> {
    page: Frame<'a>,
    hello: String,
    rows: Vec<Row<'a>>,
    /// What waits for this person, site by site.
    tasks: Vec<Task>,
    /// Whether to say that a second factor is worth having.
    nudge: bool,
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
    let sites = state.store.sites().await?;
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
        nudge: !signed.person.second_factor,
    };
    Ok(view.render()?)
}
