//! What every page of the workplace has around its own matter: the house, the places somebody may go to, who they are.

use crate::domain::{Language, Permission};
use crate::people::Signed;
use crate::web::State;
use crate::web::assets::Assets;
use crate::web::views::staff::words::Words;
use crate::web::views::strings::words;

words! {
    /// The words around every page.
    Strings: recordings, lexicon, skip, workplace, places, home, collection, devices, screens, people, record, account, sign_out, other_language, visitors, publishing, labels, numbers, reviews, work
}

/// A page of the workplace in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Home,
    Collection,
    Devices,
    Screens,
    Review,
    Recordings,
    Lexicon,
    Work,
    People,
    Publishing,
    Labels,
    Numbers,
    Record,
    Account,
    /// None of them: signing in, an invitation, a problem.
    Elsewhere,
}

/// Where a link leads, what it is called, and who sees it.
type Entry = (Place, &'static str, fn(&Strings) -> &String, Option<Permission>);

/// The navigation in its order. A page joins it here.
const PLACES: &[Entry] = &[
    (Place::Home, "/staff/", |words| &words.home, None),
    (Place::Collection, "/staff/collection", |words| &words.collection, Some(Permission::See)),
    (Place::Devices, "/staff/devices", |words| &words.devices, Some(Permission::See)),
    (Place::Screens, "/staff/screens", |words| &words.screens, Some(Permission::See)),
    (Place::Publishing, "/staff/publishing", |words| &words.publishing, Some(Permission::Publish)),
    (Place::Labels, "/staff/labels", |words| &words.labels, Some(Permission::Label)),
    (Place::Numbers, "/staff/numbers", |words| &words.numbers, Some(Permission::Count)),
    (Place::Review, "/staff/review", |words| &words.reviews, Some(Permission::See)),
    (Place::Work, "/staff/work", |words| &words.work, Some(Permission::See)),
    (Place::Recordings, "/staff/recordings", |words| &words.recordings, Some(Permission::See)),
    (Place::Lexicon, "/staff/lexicon", |words| &words.lexicon, Some(Permission::See)),
    (Place::People, "/staff/people", |words| &words.people, Some(Permission::Manage)),
    (Place::Record, "/staff/audit", |words| &words.record, Some(Permission::Audit)),
    (Place::Account, "/staff/account", |words| &words.account, None),
];

/// One link of the navigation.
#[derive(Debug)]
pub struct Way {
    pub href: &'static str,
    pub label: String,
    pub here: bool,
}

/// The frame of a page.
pub struct Frame<'a> {
    pub lang: Language,
    /// The other language of the workplace, for those who are not signed in.
    pub other: Language,
    pub words: &'a Words,
    pub assets: &'a Assets,
    pub title: String,
    pub ways: Vec<Way>,
    /// The name of who is signed in.
    pub who: Option<String>,
    /// Whether something can be looked for from here.
    pub searches: bool,
    /// Where the other language is asked for; empty where the page cannot be asked for again.
    pub again: String,
}

impl<'a> Frame<'a> {
    /// A page for whoever is signed in.
    #[must_use]
    pub fn new(state: &'a State, lang: Language, signed: Option<&Signed>, place: Place, title: &str) -> Self {
        let words = state.desk.of(lang);
        let way = |(own, href, label, needs): &Entry| {
            let grants = &signed?.person.grants;
            let open = needs.is_none_or(|permission| grants.may_somewhere(permission));
            open.then(|| Way { href, label: label(&words.frame).clone(), here: *own == place })
        };
        Self {
            lang,
            other: if lang == Language::EN { Language::VI } else { Language::EN },
            words,
            assets: &state.assets,
            title: format!("{title} · {}", words.frame.workplace),
            ways: PLACES.iter().filter_map(way).collect(),
            who: signed.map(|signed| signed.person.name.clone()),
            searches: signed.is_some() && place == Place::Collection,
            again: String::new(),
        }
    }
}
