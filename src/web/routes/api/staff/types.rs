//! What the workplace takes and gives as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{AuditEntry, Deed, Grants, Permission, Person, Scope, Site, SiteId};
use crate::store::{Invitation, Session};

/// Site slugs by number, for saying where a role holds.
pub struct Places(BTreeMap<SiteId, String>);

impl Places {
    #[must_use]
    pub fn new(sites: &[Site]) -> Self {
        Self(sites.iter().map(|site| (site.id, site.slug.to_string())).collect())
    }

    /// The slug of a site; `None` for the whole house.
    #[must_use]
    pub fn slug(&self, scope: Scope) -> Option<String> {
        match scope {
            Scope::House => None,
            Scope::Site(id) => Some(self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())),
        }
    }
}

/// Who wants in.
#[derive(Deserialize, ToSchema)]
pub struct SignInBody {
    pub login: String,
    pub password: String,
    /// Six digits or a recovery code, where the account has a second factor.
    #[serde(default)]
    pub code: Option<String>,
}

/// A role at a place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    /// The slug of a site; absent for the whole house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// `viewer`, `editor`, `reviewer`, `publisher` or `administrator`.
    pub role: String,
    /// What it lets its holder do there.
    pub may: Vec<String>,
}

/// Somebody who works here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    pub id: i64,
    pub login: String,
    pub name: String,
    /// BCP 47: `vi` or `en`.
    pub language: String,
    pub roles: Vec<RoleView>,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    pub closed: bool,
    /// RFC 3339.
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<String>,
}

fn roles(grants: &Grants, places: &Places) -> Vec<RoleView> {
    let may = |scope| Permission::ALL.into_iter().filter(move |permission| grants.may(*permission, scope));
    let word = |permission: Permission| format!("{permission:?}").to_lowercase();
    let view = |grant: &crate::domain::Grant| RoleView {
        site: places.slug(grant.scope),
        role: grant.role.to_string(),
        may: may(grant.scope).map(word).collect(),
    };
    grants.0.iter().map(view).collect()
}

impl PersonView {
    #[must_use]
    pub fn of(person: &Person, places: &Places) -> Self {
        Self {
            id: person.id.0,
            login: person.login.to_string(),
            name: person.name.clone(),
            language: person.language.tag().to_owned(),
            roles: roles(&person.grants, places),
            second_factor: person.second_factor,
            closed: person.disabled,
            created_at: person.created_at.rfc3339(),
            signed_in_at: person.signed_in_at.map(|at| at.rfc3339()),
        }
    }
}

/// Everybody who works here, as far as the asker administers.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    pub people: Vec<PersonView>,
}

/// A place where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    pub id: i64,
    /// What the browser or program calls itself.
    pub agent: String,
    pub address: String,
    pub since: String,
    pub last_used: String,
    /// Whether it is the one that asks.
    pub here: bool,
}

impl SessionView {
    #[must_use]
    pub fn of(session: &Session, here: bool) -> Self {
        Self {
            id: session.id.0,
            agent: session.agent.clone(),
            address: session.address.clone(),
            since: session.made_at.rfc3339(),
            last_used: session.seen_at.rfc3339(),
            here,
        }
    }
}

/// Where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    pub sessions: Vec<SessionView>,
}

/// One's own name and language.
#[derive(Deserialize, ToSchema)]
pub struct ProfileBody {
    pub name: String,
    /// `vi` or `en`.
    pub language: String,
}

/// Another password for oneself.
#[derive(Deserialize, ToSchema)]
pub struct PasswordBody {
    pub current: String,
    pub password: String,
}

/// One's own password, typed again.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmBody {
    pub current: String,
}

/// A code of six digits.
#[derive(Deserialize, ToSchema)]
pub struct CodeBody {
    pub code: String,
}

/// A second factor that waits to be confirmed.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorOffer {
    /// For a QR code.
    pub uri: String,
    /// Base 32, in groups of four.
    pub secret: String,
}

/// Recovery codes. They are given once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

/// A role to be given, or, without `role`, taken away.
#[derive(Deserialize, ToSchema)]
pub struct RoleBody {
    /// The slug of a site; absent for the whole house.
    #[serde(default)]
    pub site: Option<String>,
    #[serde(default)]
    pub role: Option<String>,
}

/// Whether an account is closed.
#[derive(Deserialize, ToSchema)]
pub struct AccountBody {
    pub closed: bool,
}

/// Somebody to be invited.
#[derive(Deserialize, ToSchema)]
pub struct InvitationBody {
    pub name: String,
    /// The slug of a site; absent for the whole house.
    #[serde(default)]
    pub site: Option<String>,
    pub role: String,
}

/// The link of an invitation. It is given once.
#[derive(Serialize, ToSchema)]
pub struct InvitationLink {
    pub link: String,
}

/// An invitation that waits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    pub id: i64,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    pub role: String,
    pub expires_at: String,
}

impl InvitationView {
    #[must_use]
    pub fn of(invitation: &Invitation, places: &Places) -> Self {
        Self {
            id: invitation.id.0,
            name: invitation.name.clone(),
            site: places.slug(invitation.scope),
            role: invitation.role.to_string(),
            expires_at: invitation.expires_at.rfc3339(),
        }
    }
}

/// Invitations that wait.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    pub invitations: Vec<InvitationView>,
}

/// Somebody who accepts an invitation.
#[derive(Deserialize, ToSchema)]
pub struct AcceptanceBody {
    /// What stands behind `key=` in the link.
    pub key: String,
    pub login: String,
    pub name: String,
    /// `vi` or `en`.
    pub language: String,
    pub password: String,
}

/// One entry of the record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditView {
    pub id: i64,
    pub at: String,
    /// The number of the person who did it; absent for the shell and for strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<i64>,
    /// Their name at that time.
    pub actor: String,
    pub address: String,
    /// What was done, with its details: `action` and, for some, `detail`.
    #[schema(value_type = Object)]
    pub deed: Deed,
    pub subject: String,
    /// SHA-256 over the entry and the hash of the one before it.
    pub hash: String,
}

impl From<&AuditEntry> for AuditView {
    fn from(entry: &AuditEntry) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at.rfc3339(),
            person: entry.actor.person.map(|person| person.0),
            actor: entry.actor.name.clone(),
            address: entry.actor.address.clone(),
            deed: entry.deed.clone(),
            subject: entry.subject.clone(),
            hash: entry.hash.to_string(),
        }
    }
}

/// Entries of the record, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Record {
    pub entries: Vec<AuditView>,
    /// What to ask for as `before` to get older ones; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older: Option<i64>,
}
