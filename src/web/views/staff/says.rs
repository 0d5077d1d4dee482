//! What the workplace says of roles, places, permissions and refusals, in the words of a language.

use std::collections::BTreeMap;

use crate::domain::{IdError, Names, Permission, Role, Scope, Site, SiteId};
use crate::people::PeopleError;
use crate::people::password::{LONGEST, SHORTEST, Weakness};
use crate::store::StoreError;
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// Roles, permissions and refusals.
    Strings: viewer, editor, reviewer, publisher, administrator, no_role, house, gone_site, see, count, edit, label,
    review, publish, manage, accounts, audit, wrong_password, wrong_code, code_needed, over, too_many, short, long,
    common, holds_name, name, login, no_invitation, nothing_offered, taken, last_administrator, unknown
}

/// The name of a role.
#[must_use]
pub fn role(words: &Words, role: Role) -> &str {
    match role {
        Role::Viewer => &words.says.viewer,
        Role::Editor => &words.says.editor,
        Role::Reviewer => &words.says.reviewer,
        Role::Publisher => &words.says.publisher,
        Role::Administrator => &words.says.administrator,
    }
}

/// What a permission lets somebody do.
#[must_use]
pub fn permission(words: &Words, permission: Permission) -> &str {
    match permission {
        Permission::See => &words.says.see,
        Permission::Count => &words.says.count,
        Permission::Edit => &words.says.edit,
        Permission::Label => &words.says.label,
        Permission::Review => &words.says.review,
        Permission::Publish => &words.says.publish,
        Permission::Manage => &words.says.manage,
        Permission::Accounts => &words.says.accounts,
        Permission::Audit => &words.says.audit,
    }
}

/// What is wrong, to the person who did it; `None` where it is nothing they can mend.
#[must_use]
pub fn refusal(words: &Words, error: &PeopleError) -> Option<String> {
    let says = &words.says;
    let number = |text: &str, n: usize| fill(text, &[("n", &n.to_string())]);
    Some(match error {
        PeopleError::WrongPassword => says.wrong_password.clone(),
        PeopleError::WrongCode => says.wrong_code.clone(),
        PeopleError::CodeNeeded => says.code_needed.clone(),
        PeopleError::ChallengeOver => says.over.clone(),
        PeopleError::TooMany { seconds } => fill(&says.too_many, &[("minutes", &seconds.div_ceil(60).to_string())]),
        PeopleError::Weak(Weakness::Short) => number(&says.short, SHORTEST),
        PeopleError::Weak(Weakness::Long) => number(&says.long, LONGEST),
        PeopleError::Weak(Weakness::Common) => says.common.clone(),
        PeopleError::Weak(Weakness::Name) => says.holds_name.clone(),
        PeopleError::Name => says.name.clone(),
        PeopleError::Login(IdError::Login(_)) => says.login.clone(),
        PeopleError::NoInvitation => says.no_invitation.clone(),
        PeopleError::NothingOffered => says.nothing_offered.clone(),
        PeopleError::Unknown(_) => says.unknown.clone(),
        PeopleError::Store(StoreError::LoginTaken { login }) => fill(&says.taken, &[("login", login.as_str())]),
        PeopleError::Store(StoreError::LastAdministrator { login }) => {
            fill(&says.last_administrator, &[("login", login.as_str())])
        }
        _ => return None,
    })
}

/// The names of all sites, for saying where a role holds.
pub struct Sites<'a> {
    words: &'a Words,
    lang: crate::domain::Language,
    names: BTreeMap<SiteId, &'a Names>,
}

impl<'a> Sites<'a> {
    #[must_use]
    pub fn new(words: &'a Words, lang: crate::domain::Language, sites: &'a [Site]) -> Self {
        Self { words, lang, names: sites.iter().map(|site| (site.id, &site.names)).collect() }
    }

    /// Where a role holds.
    #[must_use]
    pub fn place(&self, scope: Scope) -> Said {
        match scope {
            Scope::House => Said::own(self.words.says.house.clone()),
            Scope::Site(id) => match self.names.get(&id) {
                Some(names) => Said::name(names, self.lang),
                None => Said::own(self.words.says.gone_site.clone()),
            },
        }
    }
}
