//! The sites somebody may do a thing at, for the pages that belong to one site.

use askama::Template;

use crate::domain::{Language, Permission, Scope, Site};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words around the choice of a site.
    Strings: choose_lead, none, others
}

/// The same page of another site.
pub struct Elsewhere {
    pub href: String,
    pub name: Said,
}

/// The page `what` of every site where somebody holds `permission`.
#[must_use]
pub fn elsewhere(
    sites: &[Site],
    signed: &Signed,
    permission: Permission,
    what: &str,
    lang: Language,
) -> Vec<Elsewhere> {
    let may = |site: &&Site| signed.person.grants.may(permission, Scope::Site(site.id));
    let way = |site: &Site| Elsewhere {
        href: format!("/staff/sites/{}/{what}", site.slug),
        name: Said::name(&site.names, lang),
    };
    sites.iter().filter(may).map(way).collect()
}

#[derive(Template)]
#[template(path = "staff/places.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: &'a str,
    sites: Vec<Elsewhere>,
}

/// The choice of a site.
///
/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    lang: Language,
    signed: &Signed,
    place: Place,
    heading: &str,
    sites: Vec<Elsewhere>,
) -> Result<String> {
    Ok(View { page: Frame::new(state, lang, Some(signed), place, heading), heading, sites }.render()?)
}
