//! From the stops of a site to a sheet of labels, for the page and for programs.

use crate::domain::{Language, Site, Slug, Stop};
use crate::labels::{Distance, Label, Level, Order, Paper, Typefaces, sheet};
use crate::people::Signed;
use crate::store::PrintedLabel;
use crate::web::error::{Result, WebError};
use crate::web::reading::Library;
use crate::web::state::State;

/// What somebody wants printed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The slugs of the stops.
    pub stops: Vec<String>,
    /// In the order their names stand on a label; the first is the largest.
    pub languages: Vec<Language>,
    pub paper: Paper,
    pub distance: Distance,
    pub level: Level,
    pub crop_marks: bool,
    /// The language of the house's own name.
    pub language: Language,
}

/// Where the code of a stop leads.
///
/// # Errors
/// `NoPublicUrl`: a label outlives every guess at an address.
pub fn address(state: &State, stop: &Stop) -> Result<String> {
    let public = state.settings.public_url.as_ref().ok_or(WebError::NoPublicUrl)?;
    Ok(format!("{public}/q/{}", stop.code))
}

/// Draws a sheet and notes what was printed, by whom.
///
/// # Errors
/// `NoPublicUrl`, `UnknownStop` for a slug that names none of the site's, `Labels` for what cannot be drawn.
pub async fn draw(state: &State, signed: &Signed, site: &Site, wanted: &Wanted) -> Result<Vec<u8>> {
    let library = state.library().await?;
    let here: Vec<&Stop> = library.stops_of(site).collect();
    if let Some(stray) = wanted.stops.iter().find(|slug| !here.iter().any(|stop| stop.slug.as_str() == **slug)) {
        return Err(WebError::UnknownStop(stray.chars().take(80).collect()));
    }
    let (mut labels, mut printed) = (Vec::new(), Vec::new());
    for (number, stop) in (1u32..).zip(&here) {
        if !wanted.stops.iter().any(|slug| stop.slug.as_str() == slug) {
            continue;
        }
        let address = address(state, stop)?;
        let names = wanted.languages.iter().filter_map(|language| name(&library, stop, *language));
        let names = names.fold(Vec::new(), |mut names: Vec<(Language, String)>, name| {
            // A title that says the same in two languages stands there once.
            if !names.iter().any(|(_, own)| *own == name.1) {
                names.push(name);
            }
            names
        });
        printed.push(PrintedLabel { stop: stop.id, code: stop.code.clone(), address: address.clone() });
        labels.push(Label { address, code: stop.code.clone(), number, names });
    }
    let house = library.house().map_or_else(|| site.names.best(wanted.language), |names| names.best(wanted.language));
    let order = Order {
        house: house.to_owned(),
        language: wanted.language,
        paper: wanted.paper,
        distance: wanted.distance,
        level: wanted.level,
        crop_marks: wanted.crop_marks,
    };
    let drawing = tokio::task::spawn_blocking(move || sheet(&labels, &order, &mut Typefaces::of_the_system()));
    let pdf = drawing.await.map_err(|error| WebError::Contradiction(error.to_string()))??;
    let place: (_, &Slug) = (site.id, &site.slug);
    state.store.note_labels(&signed.actor(), place, &printed, wanted.distance.centimetres()).await?;
    Ok(pdf)
}

/// A stop's name in a language, else the title of its guide there.
fn name(library: &Library, stop: &Stop, language: Language) -> Option<(Language, String)> {
    let own = stop.names.0.get(&language).cloned();
    let name = own.or_else(|| library.edition(&stop.slug, language).map(|edition| edition.title.clone()));
    name.filter(|name| !name.trim().is_empty()).map(|name| (language, name))
}

/// The languages a label of this site can speak: those of its names and its guides.
#[must_use]
pub fn languages(library: &Library, site: &Site) -> Vec<Language> {
    let speaks = |language: &Language| library.stops_of(site).any(|stop| name(library, stop, *language).is_some());
    Language::all().filter(speaks).collect()
}
