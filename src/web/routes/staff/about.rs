//! `/staff/sites/{site}/stops/{stop}`, its fields: names, place, period; and `…/cover`, its picture.

use std::collections::BTreeMap;

use axum::extract::{Form, Multipart, Path, State as Here};
use axum::http::StatusCode;
use axum::response::Response;

use super::see;
use super::stop::{Instead, Open, page};
use crate::domain::{ContentHash, Language, Names, Period, Place, Stop};
use crate::store::{KeptStop, NewStop};
use crate::web::error::{Result, WebError};
use crate::web::photograph::tidy;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::stop::About;
use crate::web::views::staff::words::Words;
use crate::web::views::strings::fill;
use crate::web::views::words::Said;
use crate::web::workplace::{Edit, Given, MayAt};

type Fields = Vec<(String, String)>;

/// The hash a form names as what it was filled in from.
fn tag(stop: &Stop) -> Result<String> {
    Ok(ContentHash::of(&serde_json::to_vec(stop)?).to_string())
}

/// The fields of a stop as a form shows them: its names in the languages of the collection and any others it has.
pub(super) fn fields(stop: &Stop, source: Language, languages: &[Language]) -> Result<About> {
    let mut shown = vec![source];
    shown.extend(languages.iter().chain(stop.names.0.keys()).filter(|language| **language != source));
    let mut seen = std::collections::BTreeSet::new();
    shown.retain(|language| seen.insert(*language));
    let name = |language: Language| (language, stop.names.0.get(&language).cloned().unwrap_or_default());
    let year = |year: fn(&Period) -> i32| stop.period.as_ref().map(|p| year(p).to_string()).unwrap_or_default();
    let degrees = |of: fn(&Place) -> f64| stop.place.as_ref().map(|p| of(p).to_string()).unwrap_or_default();
    Ok(About {
        names: shown.into_iter().map(name).collect(),
        kind: stop.kind.clone(),
        position: stop.position.to_string(),
        themes: stop.themes.join(", "),
        from: year(|period| period.from),
        to: year(|period| period.to),
        label: stop.period.as_ref().map(|period| period.label.clone()).unwrap_or_default(),
        latitude: degrees(|place| place.latitude),
        longitude: degrees(|place| place.longitude),
        address: stop.place.as_ref().map(|place| place.address.clone()).unwrap_or_default(),
        base: tag(stop)?,
    })
}

/// What somebody typed, as they typed it.
fn typed(form: &Fields) -> About {
    let field = |name| form.field(name).trim().to_owned();
    let name =
        |(field, value): &(String, String)| Some((field.strip_prefix("name-")?.parse().ok()?, value.trim().to_owned()));
    About {
        names: form.iter().filter_map(name).collect(),
        kind: field("kind"),
        position: field("position"),
        themes: field("themes"),
        from: field("from"),
        to: field("to"),
        label: field("label"),
        latitude: field("latitude"),
        longitude: field("longitude"),
        address: field("address"),
        base: field("base"),
    }
}

/// The stop as the form wants it, or what is wrong with a field.
fn wanted(stop: &Stop, about: &About, words: &Words) -> std::result::Result<NewStop, String> {
    let own = &words.stop;
    let whole = |text: &str| text.parse().map_err(|_| fill(&own.bad_number, &[("value", text)]));
    let names: BTreeMap<Language, String> = about.names.iter().filter(|(_, name)| !name.is_empty()).cloned().collect();
    if names.is_empty() {
        return Err(own.bad_name.clone());
    }
    let period = if [&about.from, &about.to, &about.label].iter().all(|field| field.is_empty()) {
        None
    } else {
        let years = (about.from.parse::<i32>(), about.to.parse::<i32>());
        let (Ok(from), Ok(to)) = years else { return Err(own.bad_period.clone()) };
        if from > to || about.label.is_empty() {
            return Err(own.bad_period.clone());
        }
        Some(Period { from, to, label: about.label.clone() })
    };
    Ok(NewStop {
        names: Names(names),
        kind: about.kind.clone(),
        position: whole(&about.position)?,
        themes: about.themes.split(',').map(|theme| theme.trim().to_owned()).filter(|t| !t.is_empty()).collect(),
        period,
        place: place(about).ok_or_else(|| own.bad_place.clone())?,
        ..NewStop::from(stop.clone())
    })
}

/// The place of the form; `Some(None)` where all of it is empty, `None` where it is none.
fn place(about: &About) -> Option<Option<Place>> {
    if [&about.latitude, &about.longitude, &about.address].iter().all(|field| field.is_empty()) {
        return Some(None);
    }
    let degrees = |text: &str, most: f64| {
        let value: f64 = text.replace(',', ".").parse().ok()?;
        (-most..=most).contains(&value).then_some(value)
    };
    let (latitude, longitude) = (degrees(&about.latitude, 90.0)?, degrees(&about.longitude, 180.0)?);
    (!about.address.is_empty()).then(|| Some(Place { latitude, longitude, address: about.address.clone() }))
}

pub async fn save(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let about = typed(&form);
    let words = state.desk.of(here.may.lang());
    let (status, why, about) = match wanted(&open.stop, &about, words) {
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, why, about),
        Ok(_) if about.base != tag(&open.stop)? => {
            let theirs = Said::name(&open.stop.names, here.may.lang()).text;
            let why = fill(&words.stop.about_overtaken, &[("theirs", &theirs)]);
            (StatusCode::CONFLICT, why, About { base: tag(&open.stop)?, ..about })
        }
        Ok(new) => return keep(&state, &here, &open.stop, &new, "about").await,
    };
    let instead = Instead { about: Some(about), ..Instead::default() };
    page(&state, &here.may, &here.site, &open, instead, (status, Note { bad: Some(why), good: None })).await
}

/// Keeps the stop. Whoever came between reading and keeping it is told like everybody else who was overtaken.
async fn keep(state: &State, here: &MayAt<Edit>, before: &Stop, new: &NewStop, done: &str) -> Result<Response> {
    match state.store.keep_stop(&here.may.actor(), new, Some(before)).await? {
        KeptStop::Kept(_) => Ok(see(&format!("/staff/sites/{}/stops/{}?done={done}", here.site.slug, before.slug))),
        KeptStop::Overtaken => Err(WebError::Precondition),
    }
}

pub async fn cover(
    Here(state): Here<State>,
    here: MayAt<Edit>,
    Path((_, slug)): Path<(String, String)>,
    mut parts: Multipart,
) -> Result<Response> {
    let open = Open::read(&state, &here.site, &slug).await?;
    let mut picture = None;
    while let Some(part) = parts.next_field().await.map_err(|error| WebError::Unfit(error.body_text()))? {
        if part.name() == Some("picture") {
            picture = Some(part.bytes().await.map_err(|error| WebError::Unfit(error.body_text()))?);
        }
    }
    let picture = picture.ok_or_else(|| WebError::Unfit("the form has no field `picture`".to_owned()))?;
    let tidied = tokio::task::spawn_blocking(move || tidy(&picture)).await;
    match tidied.map_err(|error| WebError::Contradiction(error.to_string()))? {
        Ok(bytes) => {
            let hash = state.blobs.put(bytes).await?;
            let new = NewStop { cover: Some(hash), ..NewStop::from(open.stop.clone()) };
            keep(&state, &here, &open.stop, &new, "cover").await
        }
        Err(error) => {
            tracing::info!(target: "thuyetminh::web", stop = %open.stop.slug, %error, "a picture was refused");
            let note = Note { bad: Some(state.desk.of(here.may.lang()).stop.cover_bad.clone()), good: None };
            let what = (StatusCode::UNPROCESSABLE_ENTITY, note);
            page(&state, &here.may, &here.site, &open, Instead::default(), what).await
        }
    }
}
