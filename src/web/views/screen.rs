//! The page of a screen: bare, filled by its script from the playlist.

use askama::Template;

use crate::domain::Language;
use crate::domain::screen::ScreenCode;
use crate::web::State;
use crate::web::assets::Assets;
use crate::web::error::Result;

#[derive(Template)]
#[template(path = "screen.html")]
struct Page<'a> {
    lang: Language,
    name: &'a str,
    code: &'a ScreenCode,
    version: &'a str,
    /// Inside the workplace: it shows, and tells nobody that it did.
    preview: bool,
    assets: &'a Assets,
}

/// `name` is what stands there before the first slide: the house's.
///
/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, code: &ScreenCode, name: &str, lang: Language, preview: bool) -> Result<String> {
    Ok(Page { lang, name, code, version: &state.assets.screen_version, preview, assets: &state.assets }.render()?)
}
