//! What a page of the workplace says where it cannot do what was asked.

use askama::Template;

use crate::domain::Language;
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::problem::{Kind, Offer, Problem};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::says;
use crate::web::views::strings::{fill, words};

words! {
    /// The words of a refusal.
    Strings: forbidden, forbidden_text, forbidden_house, cross_origin, cross_origin_text, plain_http, plain_http_text,
    too_many, not_found, not_found_text, refused, refused_text, home
}

#[derive(Template)]
#[template(path = "staff/trouble.html")]
struct Trouble<'a> {
    page: Frame<'a>,
    heading: &'a str,
    text: String,
    id: &'a str,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, signed: Option<&Signed>, lang: Language, problem: &Problem, id: &str) -> Result<String> {
    let words = state.desk.of(lang);
    let own = &words.trouble;
    let (heading, text) = match (problem.kind, &problem.offer) {
        (Kind::Forbidden, Offer::Role(permission)) => {
            let pattern = if permission.house_wide() { &own.forbidden_house } else { &own.forbidden_text };
            let what = says::permission(words, *permission);
            (&own.forbidden, fill(pattern, &[("what", what), ("role", says::role(words, permission.least()))]))
        }
        (Kind::CrossOrigin, _) => (&own.cross_origin, own.cross_origin_text.clone()),
        (Kind::PlainHttp, _) => (&own.plain_http, own.plain_http_text.clone()),
        (Kind::TooMany, Offer::Later(seconds)) => {
            let minutes = seconds.div_ceil(60).to_string();
            (&own.too_many, fill(&words.says.too_many, &[("minutes", &minutes)]))
        }
        (kind, _) if kind.status() == axum::http::StatusCode::NOT_FOUND => (&own.not_found, own.not_found_text.clone()),
        _ => (&own.refused, own.refused_text.clone()),
    };
    let page = Frame::new(state, lang, signed, Place::Elsewhere, heading);
    Ok(Trouble { page, heading, text, id }.render()?)
}
