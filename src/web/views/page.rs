//! What every page has around its own matter: language, head, picker, foot.

use axum::http::{HeaderMap, header};

use crate::domain::Language;
use crate::web::State;
use crate::web::assets::Assets;
use crate::web::reading::Library;
use crate::web::views::strings::Strings;
use crate::web::views::words::Said;

/// A language a visitor may turn to.
#[derive(Clone, Debug)]
pub struct Choice {
    pub tag: &'static str,
    pub endonym: &'static str,
    /// Remembers the choice and leads to the page in that language.
    pub href: String,
    pub current: bool,
}

/// The same page in another language, for readers by machine.
#[derive(Clone, Debug)]
pub struct Alternate {
    /// BCP 47, or `x-default`.
    pub hreflang: &'static str,
    pub href: String,
}

/// A link with words in some language.
#[derive(Clone, Debug)]
pub struct Link {
    pub href: String,
    pub words: Said,
}

/// The frame of a page.
pub struct Page<'a> {
    pub lang: Language,
    pub words: &'a Strings,
    pub assets: &'a Assets,
    pub title: String,
    pub description: String,
    /// Whose guide this is.
    pub house: Said,
    pub canonical: String,
    pub alternates: Vec<Alternate>,
    pub choices: Vec<Choice>,
    /// For share cards: address, width, height.
    pub picture: Option<(String, u32, u32)>,
    /// Whether search engines should keep it.
    pub index: bool,
    /// A page about one stop is an article to those who share it.
    pub article: bool,
}

/// What a page is made from.
pub struct Setting<'a> {
    pub state: &'a State,
    pub library: &'a Library,
    pub lang: Language,
    /// Scheme and host that visitors know.
    pub origin: &'a str,
}

impl<'a> Setting<'a> {
    #[must_use]
    pub fn words(&self) -> &'a Strings {
        self.state.phrasebook.of(self.lang)
    }

    /// A page at `/{lang}/{path}` that is there in `languages`.
    #[must_use]
    pub fn page(&self, path: &str, languages: &[Language], title: String, description: String) -> Page<'a> {
        let absolute = |language: Language| format!("{}/{language}/{path}", self.origin);
        let mut alternates: Vec<Alternate> =
            languages.iter().map(|l| Alternate { hreflang: l.tag(), href: absolute(*l) }).collect();
        // A reader of no listed language is sent where the house would send them.
        let fallback = [Language::EN, self.state.settings.default_language].into_iter().find(|l| languages.contains(l));
        if let Some(language) = fallback.or_else(|| languages.first().copied()) {
            alternates.push(Alternate { hreflang: "x-default", href: absolute(language) });
        }
        let house = house(Some(self.library), self.lang);
        let title = if title == house.text { title } else { format!("{title} · {}", house.text) };
        Page {
            lang: self.lang,
            words: self.words(),
            assets: &self.state.assets,
            title,
            description,
            house,
            canonical: absolute(self.lang),
            alternates,
            choices: choices(path, languages, self.lang),
            picture: None,
            index: languages.contains(&self.lang),
            article: false,
        }
    }
}

/// The name that stands at the head of every page.
#[must_use]
pub fn house(library: Option<&Library>, lang: Language) -> Said {
    let names = library.and_then(Library::house);
    names.map_or_else(|| Said::of("Thuyết Minh", Language::VI, lang), |names| Said::name(names, lang))
}

/// The language picker of a page.
#[must_use]
pub fn choices(path: &str, languages: &[Language], lang: Language) -> Vec<Choice> {
    let mark = if path.contains('?') { '&' } else { '?' };
    let choice = |language: &Language| Choice {
        tag: language.tag(),
        endonym: language.endonym(),
        href: format!("/{language}/{path}{mark}lang={language}"),
        current: *language == lang,
    };
    languages.iter().map(choice).collect()
}

/// Scheme and host as visitors know them: the setting, else what this visitor asked for.
#[must_use]
pub fn origin(state: &State, headers: &HeaderMap) -> String {
    if let Some(public) = &state.settings.public_url {
        return public.trim_end_matches('/').to_owned();
    }
    let plain = |host: &&str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-[]".contains(&b));
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).filter(plain);
    format!("http://{}", host.unwrap_or("localhost"))
}
