//! Accepting an invitation, the first administrator's among them.

use askama::Template;

use crate::domain::Language;
use crate::people::password::SHORTEST;
use crate::store::Invitation;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::says::{self, Sites};
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of an invitation.
    Strings: heading, first_heading, lead, first_lead, name, login, login_hint, password, password_hint, go
}

/// What somebody has filled in.
#[derive(Clone, Copy, Default)]
pub struct Form<'a> {
    pub token: &'a str,
    pub name: &'a str,
    pub login: &'a str,
}

#[derive(Template)]
#[template(path = "staff/invitation.html")]
struct Accept<'a> {
    page: Frame<'a>,
    form: Form<'a>,
    first: bool,
    lead: String,
    place: Said,
    hint: String,
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the page cannot be written or the sites cannot be read.
pub async fn render(
    state: &State,
    lang: Language,
    invitation: &Invitation,
    form: Form<'_>,
    bad: Option<String>,
) -> Result<String> {
    let words = state.desk.of(lang);
    let first = invitation.invited_by.is_none();
    let heading = if first { &words.invitation.first_heading } else { &words.invitation.heading };
    let sites = state.store.sites().await?;
    let place = Sites::new(words, lang, &sites).place(invitation.scope);
    let mut page = Frame::new(state, lang, None, Place::Elsewhere, heading);
    page.again = format!("/staff/invitation?key={}&lang={}", form.token, page.other);
    let lead = fill(&words.invitation.lead, &[("role", says::role(words, invitation.role))]);
    let name = if form.name.is_empty() { &invitation.name } else { form.name };
    let hint = fill(&words.invitation.password_hint, &[("n", &SHORTEST.to_string())]);
    Ok(Accept { page, form: Form { name, ..form }, first, lead, place, hint, bad, good: None }.render()?)
}
