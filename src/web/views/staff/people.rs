//! Who works here, who is invited, and the form that invites.

use askama::Template;

use super::moment::Moment;
use crate::domain::{Language, Permission, Person, Role, Scope, Site};
use crate::people::Signed;
use crate::store::Invitation;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::says::{self, Sites};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::words;
use crate::web::views::words::Said;

words! {
    /// The words of the list of people.
    Strings: heading, at_site, name, login, roles, second_factor, yes, no, last, never, closed, invite, invite_lead,
    whom, place, role, make, open, until, withdraw, link_heading, link_lead, link, done, withdrawn, sites
}

/// A role at a place, as words.
pub struct Held<'a> {
    pub role: &'a str,
    pub place: Said,
}

/// A person in the list.
struct Row<'a> {
    person: &'a Person,
    roles: Vec<Held<'a>>,
    last: Option<Moment>,
}

/// An open invitation in the list.
struct Open<'a> {
    invitation: &'a Invitation,
    held: Held<'a>,
    until: Moment,
}

/// A choice in a form.
#[derive(Clone)]
pub struct Choice {
    pub value: String,
    pub label: Said,
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "staff/people.html")]
struct People<'a> {
    page: Frame<'a>,
    /// The site whose people these are; `None` for all of them.
    site: Option<Said>,
    people: Vec<Row<'a>>,
    invitations: Vec<Open<'a>>,
    places: Vec<Choice>,
    roles: Vec<Choice>,
    sites: Vec<(String, Said)>,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub people: &'a [Person],
    pub invitations: &'a [Invitation],
    pub sites: &'a [Site],
    pub site: Option<&'a Site>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>, note: Note) -> Result<String> {
    let words = state.desk.of(lang);
    let names = Sites::new(words, lang, matter.sites);
    let own = |scope: Scope| matter.signed.person.grants.may(Permission::Manage, scope);
    let person =
        |person| Row { person, roles: held(words, &names, person), last: person.signed_in_at.map(Moment::from) };
    let open = |invitation: &'_ Invitation| Held {
        role: says::role(words, invitation.role),
        place: names.place(invitation.scope),
    };
    let at_site = matter.site.map(|site| Scope::Site(site.id));
    let invitations = matter.invitations.iter().filter(|i| at_site.is_none_or(|scope| i.scope == scope));
    let managed = matter.sites.iter().filter(|site| own(Scope::Site(site.id)));
    let view = People {
        page: Frame::new(state, lang, Some(matter.signed), Place::People, &words.people.heading),
        site: matter.site.map(|site| Said::name(&site.names, lang)),
        people: matter.people.iter().map(person).collect(),
        invitations: invitations
            .map(|invitation| Open { invitation, held: open(invitation), until: invitation.expires_at.into() })
            .collect(),
        places: places(matter.sites, &names, own, at_site),
        roles: roles(words, Some(Role::Editor), false),
        sites: managed.map(|site| (site.slug.to_string(), Said::name(&site.names, lang))).collect(),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

/// A person's roles as words.
pub fn held<'a>(words: &'a Words, names: &Sites<'_>, person: &Person) -> Vec<Held<'a>> {
    let held =
        |grant: &crate::domain::Grant| Held { role: says::role(words, grant.role), place: names.place(grant.scope) };
    person.grants.0.iter().map(held).collect()
}

/// The places somebody may give roles at.
pub fn places(sites: &[Site], names: &Sites<'_>, own: impl Fn(Scope) -> bool, chosen: Option<Scope>) -> Vec<Choice> {
    let all = std::iter::once(Scope::House).chain(sites.iter().map(|site| Scope::Site(site.id)));
    let slug = |scope| match scope {
        Scope::House => String::new(),
        Scope::Site(id) => {
            sites.iter().find(|site| site.id == id).map(|site| site.slug.to_string()).unwrap_or_default()
        }
    };
    let choice = |scope| Choice { value: slug(scope), label: names.place(scope), chosen: Some(scope) == chosen };
    all.filter(|scope| own(*scope)).map(choice).collect()
}

/// The roles of a form; with `none`, the choice of no role too.
pub fn roles(words: &Words, chosen: Option<Role>, none: bool) -> Vec<Choice> {
    let no_role = none.then(|| Choice {
        value: String::new(),
        label: Said::own(words.says.no_role.clone()),
        chosen: chosen.is_none(),
    });
    let choice = |role: Role| Choice {
        value: role.word().to_owned(),
        label: Said::own(says::role(words, role)),
        chosen: chosen == Some(role),
    };
    no_role.into_iter().chain(Role::ALL.into_iter().map(choice)).collect()
}

#[derive(Template)]
#[template(path = "staff/link.html")]
struct Link<'a> {
    page: Frame<'a>,
    name: &'a str,
    link: &'a str,
}

/// The link of an invitation, the one time it is shown.
///
/// # Errors
/// Where the page cannot be written.
pub fn link(state: &State, lang: Language, signed: &Signed, name: &str, link: &str) -> Result<String> {
    let page = Frame::new(state, lang, Some(signed), Place::People, &state.desk.of(lang).people.link_heading);
    Ok(Link { page, name, link }.render()?)
}
