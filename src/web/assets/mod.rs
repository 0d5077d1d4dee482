//! The pages' own style, scripts and icon: in the binary, at addresses that change with their bytes.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::domain::ContentHash;

/// The worker of screens, whose address never changes.
pub const SCREEN_WORKER: &str = include_str!("screen-worker.js");
const SCREEN_PAGE: &str = include_str!("../views/screen.html");

/// One file of the pages.
#[derive(Clone, Debug)]
pub struct Asset {
    pub media_type: &'static str,
    pub hash: ContentHash,
    pub bytes: Bytes,
}

/// The files by the name they have in addresses, and the addresses the pages use.
#[derive(Debug)]
pub struct Assets {
    by_name: BTreeMap<String, Asset>,
    pub css: String,
    pub staff_css: String,
    pub desk_js: String,
    pub review_js: String,
    pub work_js: String,
    pub hearing_js: String,
    pub saying_js: String,
    pub recording_js: String,
    pub recorder_js: String,
    pub map_css: String,
    pub map_js: String,
    pub page_js: String,
    pub player_js: String,
    pub icon: String,
    pub screen_css: String,
    pub screen_js: String,
    pub bus_js: String,
    /// Of the page of a screen, with its style and script.
    pub screen_version: String,
}

impl Assets {
    #[must_use]
    pub fn load() -> Self {
        let mut by_name = BTreeMap::new();
        let mut add = |stem: &str, extension: &str, media_type, text: &'static str| {
            let hash = ContentHash::of(text.as_bytes());
            let name = format!("{stem}-{}.{extension}", &hash.to_string()[..16]);
            let address = format!("/assets/{name}");
            by_name.insert(name, Asset { media_type, hash, bytes: Bytes::from_static(text.as_bytes()) });
            address
        };
        let css = add("app", "css", "text/css; charset=utf-8", include_str!("app.css"));
        let staff_css = add("staff", "css", "text/css; charset=utf-8", include_str!("staff.css"));
        let desk_js = add("desk", "js", "text/javascript; charset=utf-8", include_str!("desk.js"));
        let review_js = add("review", "js", "text/javascript; charset=utf-8", include_str!("review.js"));
        let work_js = add("work", "js", "text/javascript; charset=utf-8", include_str!("work.js"));
        let hearing_js = add("hearing", "js", "text/javascript; charset=utf-8", include_str!("hearing.js"));
        let saying_js = add("saying", "js", "text/javascript; charset=utf-8", include_str!("saying.js"));
        let recording_js = add("recording", "js", "text/javascript; charset=utf-8", include_str!("recording.js"));
        let recorder_js = add("recorder", "js", "text/javascript; charset=utf-8", include_str!("recorder.js"));
        let map_css = add("map", "css", "text/css; charset=utf-8", include_str!("map.css"));
        let map_js = add("map", "js", "text/javascript; charset=utf-8", include_str!("map.js"));
        let page_js = add("page", "js", "text/javascript; charset=utf-8", include_str!("page.js"));
        let player_js = add("player", "js", "text/javascript; charset=utf-8", include_str!("player.js"));
        let icon = add("icon", "svg", "image/svg+xml", include_str!("icon.svg"));
        let screen_css = add("screen", "css", "text/css; charset=utf-8", include_str!("screen.css"));
        let screen_js = add("screen", "js", "text/javascript; charset=utf-8", include_str!("screen.js"));
        let bus_js = add("bus", "js", "text/javascript; charset=utf-8", include_str!("bus.js"));
        let named = format!("{screen_css} {screen_js} {bus_js} {SCREEN_WORKER} {SCREEN_PAGE}");
        let screen_version = ContentHash::of(named.as_bytes()).to_string()[..16].to_owned();
        Self {
            by_name,
            css,
            staff_css,
            desk_js,
            review_js,
            work_js,
            hearing_js,
            saying_js,
            recording_js,
            recorder_js,
            map_css,
            map_js,
            page_js,
            player_js,
            icon,
            screen_css,
            screen_js,
            bus_js,
            screen_version,
        }
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.by_name.get(name)
    }
}
