//! Who works in the house, and who may do what: roles per site, and the table of permissions.
//!
//! Invariants: a role holds everything the roles below it hold; a role given for the whole house holds at every site;
//! what is not in `RULES` nobody may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Language, Login, PersonId, SiteId, Timestamp};

/// What a person is in the house or at a site, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Editor,
    Reviewer,
    Publisher,
    Administrator,
}

/// A word that is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no role: use one of viewer, editor, reviewer, publisher, administrator")]
pub struct RoleError(pub String);

impl Role {
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Editor, Self::Reviewer, Self::Publisher, Self::Administrator];

    /// As it is stored and written in the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Reviewer => "reviewer",
            Self::Publisher => "publisher",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.word() == text).ok_or_else(|| RoleError(text.chars().take(40).collect()))
    }
}

/// One kind of thing that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permission {
    /// Look at the collection, its drafts and what is being made.
    See,
    /// See how often guides are heard.
    Count,
    /// Write: places, stops, tours, texts, pictures, recordings, pronunciations.
    Edit,
    /// Print labels and retire codes.
    Label,
    /// Approve translations and let findings pass.
    Review,
    /// Publish guides and take them back.
    Publish,
    /// Invite people, and give and take roles.
    Manage,
    /// Close and open accounts.
    Accounts,
    /// Read the record of who did what.
    Audit,
}

/// Who may do a thing.
struct Rule {
    permission: Permission,
    /// This role and those above it.
    least: Role,
    /// Only where the role is held for the whole house.
    house: bool,
}

const fn at_a_site(permission: Permission, least: Role) -> Rule {
    Rule { permission, least, house: false }
}

const fn in_the_house(permission: Permission, least: Role) -> Rule {
    Rule { permission, least, house: true }
}

const RULES: [Rule; 9] = [
    at_a_site(Permission::See, Role::Viewer),
    at_a_site(Permission::Count, Role::Viewer),
    at_a_site(Permission::Edit, Role::Editor),
    at_a_site(Permission::Label, Role::Editor),
    at_a_site(Permission::Review, Role::Reviewer),
    at_a_site(Permission::Publish, Role::Publisher),
    at_a_site(Permission::Manage, Role::Administrator),
    in_the_house(Permission::Accounts, Role::Administrator),
    in_the_house(Permission::Audit, Role::Administrator),
];

impl Permission {
    pub const ALL: [Self; 9] = [
        Self::See,
        Self::Count,
        Self::Edit,
        Self::Label,
        Self::Review,
        Self::Publish,
        Self::Manage,
        Self::Accounts,
        Self::Audit,
    ];

    fn rule(self) -> &'static Rule {
        // Nothing is let through by a rule that is missing: the test below counts them.
        RULES.iter().find(|rule| rule.permission == self).unwrap_or(&RULES[RULES.len() - 1])
    }

    /// The lowest role that may do it.
    #[must_use]
    pub fn least(self) -> Role {
        self.rule().least
    }

    /// Whether a role at a single site is not enough.
    #[must_use]
    pub fn house_wide(self) -> bool {
        self.rule().house
    }
}

/// Where a role holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    House,
    Site(SiteId),
}

/// A role somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    pub scope: Scope,
    pub role: Role,
}

/// All roles of one person, at most one a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// The role held at a place, which at a site is the higher of its own and that for the whole house.
    #[must_use]
    pub fn role(&self, scope: Scope) -> Option<Role> {
        let holds = |grant: &&Grant| grant.scope == Scope::House || grant.scope == scope;
        self.0.iter().filter(holds).map(|grant| grant.role).max()
    }

    #[must_use]
    pub fn may(&self, permission: Permission, scope: Scope) -> bool {
        let scope = if permission.house_wide() { Scope::House } else { scope };
        self.role(scope).is_some_and(|role| role >= permission.least())
    }

    /// Whether the thing may be done at one place at least.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.may(permission, Scope::House) || self.0.iter().any(|grant| self.may(permission, grant.scope))
    }
}

/// Somebody who works in the house. Nothing secret is in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub login: Login,
    /// As it stands under what they approve.
    pub name: String,
    /// The language of their pages.
    pub language: Language,
    pub grants: Grants,
    /// A closed account signs nobody in.
    pub disabled: bool,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    pub created_at: Timestamp,
    pub signed_in_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Scope = Scope::Site(SiteId(1));
    const THERE: Scope = Scope::Site(SiteId(2));

    fn grants(entries: &[(Scope, Role)]) -> Grants {
        Grants(entries.iter().map(|(scope, role)| Grant { scope: *scope, role: *role }).collect())
    }

    /// The table as the house reads it: viewer, editor, reviewer, publisher, administrator.
    #[rustfmt::skip]
    const TABLE: [(Permission, [bool; 5]); 9] = [
        (Permission::See,      [true,  true,  true,  true,  true]),
        (Permission::Count,    [true,  true,  true,  true,  true]),
        (Permission::Edit,     [false, true,  true,  true,  true]),
        (Permission::Label,    [false, true,  true,  true,  true]),
        (Permission::Review,   [false, false, true,  true,  true]),
        (Permission::Publish,  [false, false, false, true,  true]),
        (Permission::Manage,   [false, false, false, false, true]),
        (Permission::Accounts, [false, false, false, false, true]),
        (Permission::Audit,    [false, false, false, false, true]),
    ];

    #[test]
    fn each_role_may_do_what_the_table_says_and_nothing_else() {
        assert_eq!(TABLE.map(|(permission, _)| permission), Permission::ALL);
        for (permission, allowed) in TABLE {
            assert_eq!(RULES.iter().filter(|rule| rule.permission == permission).count(), 1, "{permission:?}");
            for (role, expected) in Role::ALL.into_iter().zip(allowed) {
                let house = grants(&[(Scope::House, role)]);
                assert_eq!(house.may(permission, Scope::House), expected, "{role} {permission:?}");
                assert_eq!(house.may(permission, HERE), expected, "{role} {permission:?}");
                let site = grants(&[(HERE, role)]);
                let at_a_site = expected && !matches!(permission, Permission::Accounts | Permission::Audit);
                assert_eq!(site.may(permission, HERE), at_a_site, "{role} {permission:?}");
                assert_eq!(site.may_somewhere(permission), at_a_site, "{role} {permission:?}");
                assert!(!site.may(permission, THERE) && !site.may(permission, Scope::House), "{role} {permission:?}");
            }
            assert!(!Grants::default().may_somewhere(permission));
        }
    }

    #[test]
    fn the_higher_of_two_roles_counts() {
        let both = grants(&[(Scope::House, Role::Viewer), (HERE, Role::Publisher)]);
        assert_eq!((both.role(HERE), both.role(THERE)), (Some(Role::Publisher), Some(Role::Viewer)));
        assert_eq!(grants(&[(HERE, Role::Editor)]).role(THERE), None);
    }

    #[test]
    fn a_role_is_written_as_it_is_read() {
        for role in Role::ALL {
            assert_eq!(role.word().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
        }
        assert!("owner".parse::<Role>().unwrap_err().to_string().contains("publisher"));
    }
}
