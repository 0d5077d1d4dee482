//! The pictures of the site, relic or stop that an address names, for its pages and for programs: found, checked for the
//! right to see or change them, tagged.

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::domain::{Depicted, Names, Picture, PictureId, Site};
use crate::web::catalogue::tag;
use crate::web::error::{Result, WebError};
use crate::web::state::State;
use crate::web::workplace::{May, MayAt, Needs};

/// The pictures of one thing, and who asks for them.
pub struct Gallery<P: Needs> {
    pub may: May<P>,
    pub site: Site,
    pub of: Depicted,
    /// The address of the thing in the workplace: `sites/thap-doi/stops/hai-ngon-thap`.
    pub thing: String,
    pub names: Names,
    /// In their order; the first is the cover.
    pub pictures: Vec<Picture>,
    /// The number in the address, where there is one.
    pub wanted: Option<i64>,
    needs: PhantomData<P>,
}

impl<P: Needs> Gallery<P> {
    /// The picture the address names.
    ///
    /// # Errors
    /// `NoAddress` where it is not one of these.
    pub fn picture(&self) -> Result<&Picture> {
        self.pictures.iter().find(|picture| Some(picture.id.0) == self.wanted).ok_or(WebError::NoAddress)
    }

    #[must_use]
    pub fn order(&self) -> Vec<PictureId> {
        self.pictures.iter().map(|picture| picture.id).collect()
    }

    /// Names the order they are in.
    ///
    /// # Errors
    /// Where it has no JSON form.
    pub fn order_tag(&self) -> Result<String> {
        tag(&self.order())
    }
}

impl<P: Needs> FromRequestParts<State> for Gallery<P> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self> {
        let MayAt { may, site } = MayAt::<P>::from_request_parts(parts, state).await?;
        let path = RawPathParams::from_request_parts(parts, state).await.map_err(|_| WebError::NoAddress)?;
        let named = |wanted: &str| path.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        let (of, thing, names) = if let Some(slug) = named("stop") {
            let stop = state.store.stops_of(site.id).await?.into_iter().find(|stop| stop.slug.as_str() == slug);
            let stop = stop.ok_or_else(|| WebError::UnknownStop(slug.chars().take(80).collect()))?;
            (Depicted::Stop(stop.id), format!("sites/{}/stops/{}", site.slug, stop.slug), stop.names)
        } else if let Some(slug) = named("relic") {
            let relic = state.store.relics_of(site.id).await?.into_iter().find(|relic| relic.slug.as_str() == slug);
            let relic = relic.ok_or(WebError::NoAddress)?;
            (Depicted::Relic(relic.id), format!("sites/{}/relics/{}", site.slug, relic.slug), relic.names)
        } else {
            (Depicted::Site(site.id), format!("sites/{}", site.slug), site.names.clone())
        };
        let wanted = named("picture").map(|number| number.parse().map_err(|_| WebError::NoAddress)).transpose()?;
        let pictures = state.store.pictures_of(of).await?;
        Ok(Self { may, site, of, thing, names, pictures, wanted, needs: PhantomData })
    }
}
