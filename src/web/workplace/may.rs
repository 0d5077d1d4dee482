//! What handlers ask for to know who is there and that they may: `May<Manage>` for a page that is shown to whoever may
//! administer somewhere, `MayAt<Manage>` for one that belongs to the site its address names as `{site}`.
//!
//! A handler with `May<P>` lists only what lies where `P` is held, and asks `at` before it touches a single site.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::domain::{Language, Permission, Scope, Site, SiteId};
use crate::people::Signed;
use crate::web::error::{Result, WebError};
use crate::web::languages::choose;
use crate::web::state::State;

/// A permission as a type.
pub trait Needs: Send + Sync {
    /// `None`: it is enough to be signed in.
    const PERMISSION: Option<Permission>;
}

macro_rules! needs {
    ($($name:ident),+) => {$(
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Needs for $name {
            const PERMISSION: Option<Permission> = Some(Permission::$name);
        }
    )+};
}

needs!(See, Edit, Manage, Accounts, Audit, Label, Publish, Count, Review);

/// One's own account is everybody's own.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;
impl Needs for Nothing {
    const PERMISSION: Option<Permission> = None;
}

/// Somebody who is signed in and may do `P` at one place at least.
#[derive(Clone, Debug)]
pub struct May<P: Needs> {
    pub signed: Signed,
    needs: PhantomData<P>,
}

impl<P: Needs> May<P> {
    /// # Errors
    /// `Forbidden` where `P` is not held at this site.
    pub fn at(&self, site: SiteId) -> Result<()> {
        match P::PERMISSION {
            Some(permission) => Ok(self.signed.must(permission, Scope::Site(site))?),
            None => Ok(()),
        }
    }

    /// The language of this person's pages.
    #[must_use]
    pub fn lang(&self) -> Language {
        self.signed.person.language
    }
}

impl<P: Needs> Deref for May<P> {
    type Target = Signed;
    fn deref(&self) -> &Signed {
        &self.signed
    }
}

impl<P: Needs> FromRequestParts<State> for May<P> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self> {
        let signed = parts.extensions.get::<Signed>().cloned().ok_or(WebError::SignInNeeded)?;
        if let Some(permission) = P::PERMISSION
            && !signed.person.grants.may_somewhere(permission)
        {
            return Err(crate::people::PeopleError::Forbidden(permission).into());
        }
        Ok(Self { signed, needs: PhantomData })
    }
}

/// Somebody who may do `P` at the site the address names.
#[derive(Clone, Debug)]
pub struct MayAt<P: Needs> {
    pub may: May<P>,
    pub site: Site,
}

impl<P: Needs> FromRequestParts<State> for MayAt<P> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self> {
        let may = May::<P>::from_request_parts(parts, state).await?;
        let path = RawPathParams::from_request_parts(parts, state).await.map_err(|_| WebError::NoAddress)?;
        let slug = path.iter().find(|(name, _)| *name == "site").map_or("", |(_, value)| value);
        let sites = state.store.sites().await?;
        let site = sites.into_iter().find(|site| site.slug.as_str() == slug);
        let site = site.ok_or_else(|| WebError::UnknownSite(slug.chars().take(80).collect()))?;
        may.at(site.id)?;
        Ok(Self { may, site })
    }
}

/// The languages the workplace speaks.
pub const SPOKEN: [Language; 2] = [Language::VI, Language::EN];

/// The language of a page for somebody, or for whoever is not signed in.
#[must_use]
pub fn language(state: &State, signed: Option<&Signed>, headers: &HeaderMap) -> Language {
    let own = signed.map(|signed| signed.person.language).filter(|language| SPOKEN.contains(language));
    let default = state.settings.default_language;
    own.or_else(|| choose(None, headers, &SPOKEN, default)).unwrap_or(Language::VI)
}

/// The fields of a form, by name.
pub trait Given {
    /// The first field of this name; empty where there is none.
    fn field(&self, name: &str) -> &str;
}

impl Given for Vec<(String, String)> {
    fn field(&self, name: &str) -> &str {
        self.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }
}
