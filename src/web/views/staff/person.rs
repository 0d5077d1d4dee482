//! One person: their roles place by place, and whether their account is open.

use askama::Template;

use super::moment::Moment;
use crate::domain::{Language, Permission, Person, Scope, Site};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::people::{Choice, places, roles};
use crate::web::views::staff::says::Sites;
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of one person's page.
    Strings: roles, give, place, role, set, saved, account, created, last, never, second_factor, close, close_lead,
    open, open_lead, back, not_here
}

/// A role with the form that changes it.
struct Row {
    /// The slug of a site; empty for the house.
    site: String,
    place: Said,
    roles: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "staff/person.html")]
struct View<'a> {
    page: Frame<'a>,
    person: &'a Person,
    rows: Vec<Row>,
    places: Vec<Choice>,
    roles: Vec<Choice>,
    created: Moment,
    last: Option<Moment>,
    /// Whether this account may be closed and opened by who looks.
    accounts: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    lang: Language,
    signed: &Signed,
    person: &Person,
    sites: &[Site],
    note: Note,
) -> Result<String> {
    let words = state.desk.of(lang);
    let names = Sites::new(words, lang, sites);
    let own = |scope: Scope| signed.person.grants.may(Permission::Manage, scope);
    let open = |scope: Scope| own(scope) && !person.grants.0.iter().any(|grant| grant.scope == scope);
    let rows = person.grants.0.iter().filter(|grant| own(grant.scope)).map(|grant| Row {
        site: places(sites, &names, |scope| scope == grant.scope, None).pop().map(|c| c.value).unwrap_or_default(),
        place: names.place(grant.scope),
        roles: roles(words, Some(grant.role), true),
    });
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::People, &person.name),
        person,
        rows: rows.collect(),
        places: places(sites, &names, open, None),
        roles: roles(words, Some(crate::domain::Role::Editor), false),
        created: person.created_at.into(),
        last: person.signed_in_at.map(Moment::from),
        accounts: signed.person.grants.may(Permission::Accounts, Scope::House),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}
