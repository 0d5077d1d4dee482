//! `/staff/collection`: the sites somebody looks after, and finding things in them: by name, code, address or by what a stop
//! says, with or without Vietnamese marks; narrowed by site, theme, kind, age and how far the narration has come.

use std::collections::HashMap;

use axum::extract::{Query, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::collection::Guides;
use crate::domain::{Site, Stop, StopId, Term, TermList, TextState};
use crate::web::catalogue::{Found, search};
use crate::web::error::Result;
use crate::web::fulltext::{Fulltext, Hit, folded};
use crate::web::routes::staff::tours::seen;
use crate::web::state::State;
use crate::web::views::staff::collection::Known;
use crate::web::views::staff::find::{Matter, Thing, render};
use crate::web::workplace::{Given, May, See, staff_page};

type Fields = Vec<(String, String)>;

/// The most stops that are shown.
const MOST: usize = 100;

/// What narrows a list of stops.
struct Filter<'a> {
    site: &'a str,
    theme: &'a str,
    kind: &'a str,
    state: &'a str,
    age: Option<&'a Term>,
}

impl<'a> Filter<'a> {
    fn read(asked: &'a Fields, terms: &'a [Term]) -> Self {
        let age = asked.field("age");
        Self {
            site: asked.field("site"),
            theme: asked.field("theme"),
            kind: asked.field("kind"),
            state: asked.field("state"),
            age: terms.iter().find(|term| term.list == TermList::Age && term.word == age),
        }
    }

    fn is_empty(&self) -> bool {
        [self.site, self.theme, self.kind, self.state].iter().all(|word| word.is_empty()) && self.age.is_none()
    }

    fn fits(&self, stop: &Stop, site: &Site, state: Option<TextState>) -> bool {
        let state = match state {
            Some(TextState::Approved) => "approved",
            Some(TextState::Draft) => "draft",
            None => "none",
        };
        let years = self.age.and_then(|age| age.years);
        let period = stop.period.as_ref().or(site.period.as_ref());
        (self.site.is_empty() || site.slug.as_str() == self.site)
            && (self.theme.is_empty() || stop.themes.iter().chain(&site.themes).any(|theme| theme == self.theme))
            && (self.kind.is_empty() || stop.kind == self.kind)
            && (self.state.is_empty() || state == self.state)
            && years.is_none_or(|years| period.is_some_and(|period| years.touch(period.from, period.to)))
    }
}

pub async fn get(Here(state): Here<State>, may: May<See>, Query(asked): Query<Fields>) -> Result<Response> {
    let mut sites = state.store.sites().await?;
    sites.retain(|site| may.at(site.id).is_ok());
    let mut stops = state.store.stops().await?;
    stops.retain(|stop| sites.iter().any(|site| site.id == stop.site));
    let mut counts: HashMap<_, usize> = HashMap::new();
    for stop in &stops {
        *counts.entry(stop.site).or_default() += 1;
    }
    let terms = state.store.terms().await?;
    let filter = Filter::read(&asked, &terms);
    let wanted = asked.field("q").trim();
    let guides = Guides::read(&state).await?;
    let site_of = |stop: &Stop| sites.iter().find(|site| site.id == stop.site);
    let fits = |stop: &Stop| site_of(stop).is_some_and(|site| filter.fits(stop, site, guides.state(stop.id)));
    let mut relics = Vec::new();
    if !wanted.is_empty() {
        for site in &sites {
            relics.extend(state.store.relics_of(site.id).await?);
        }
    }
    let (mut order, mut things, mut hits): (Vec<&Stop>, Vec<Thing>, HashMap<StopId, Hit>) = Default::default();
    if wanted.is_empty() {
        if !filter.is_empty() {
            order.extend(stops.iter().filter(|stop| fits(stop)));
        }
    } else {
        for found in search(wanted, &sites, &relics, &stops) {
            match found {
                Found::Stop(_, stop) => order.extend(fits(stop).then_some(stop)),
                Found::Site(site) if filter.is_empty() => things.push(Thing::Site(site.clone())),
                Found::Relic(site, relic) if filter.is_empty() => {
                    things.push(Thing::Relic(site.slug.clone(), relic.clone()));
                }
                Found::Site(_) | Found::Relic(..) => {}
            }
        }
        if filter.is_empty() {
            let words: Vec<String> = wanted.split_whitespace().map(folded).collect();
            for tour in seen(&state, &may).await? {
                let names = folded(&tour.names.0.values().cloned().collect::<Vec<_>>().join("\n"));
                if words.iter().all(|word| names.contains(word.as_str())) {
                    things.push(Thing::Tour(tour));
                }
            }
        }
        let by_id: HashMap<StopId, &Stop> =
            stops.iter().filter(|stop| fits(stop)).map(|stop| (stop.id, stop)).collect();
        for hit in Fulltext::find(&state, wanted, |stop| by_id.contains_key(&stop)).await? {
            let Some(&stop) = by_id.get(&hit.stop) else { continue };
            if !order.iter().any(|own| own.id == stop.id) {
                order.push(stop);
                hits.insert(stop.id, hit);
            }
        }
    }
    let total = order.len();
    let said = |stop: &Stop| hits.get(&stop.id).map(|hit| (hit.sentence.clone(), hit.language));
    let known = |stop| Known { said: said(stop), ..guides.known(stop) };
    let found: Vec<Known<'_>> = order.into_iter().take(MOST).map(known).collect();
    let matter = Matter {
        signed: &may,
        sites: &sites,
        counts: &counts,
        stops: &found,
        total,
        things: &things,
        terms: &terms,
        kinds: state.store.words_in_use(TermList::Kind).await?.into_keys().collect(),
        themes: state.store.words_in_use(TermList::Theme).await?.into_keys().collect(),
        asked: &asked,
        searched: !wanted.is_empty() || !filter.is_empty(),
    };
    Ok(staff_page(StatusCode::OK, render(&state, &matter)?))
}
