//! What the translation memory knows for one sentence. The page of the review shows the same list in its place.

use askama::Template;

use crate::domain::Language;
use crate::people::Signed;
use crate::store::MemoryMatch;
use crate::web::State;
use crate::web::error::Result;
use crate::web::reviewing::Reviewing;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::fill;

struct Offer {
    likeness: String,
    source: String,
    target: String,
}

#[derive(Template)]
#[template(path = "staff/memory.html")]
struct View<'a> {
    page: Frame<'a>,
    back: String,
    from: &'static str,
    to: Language,
    source: String,
    offers: Vec<Offer>,
}

/// # Errors
/// `NoAddress` where there is no such sentence, and where the page cannot be written.
pub fn render(
    state: &State,
    lang: Language,
    signed: &Signed,
    (of, ordinal): (&Reviewing, Option<u32>),
    offers: &[MemoryMatch],
    back: String,
) -> Result<String> {
    let own = &state.desk.of(lang).review;
    let check = of.check(of.unit(ordinal)?.id);
    let offer = |offer: &MemoryMatch| Offer {
        likeness: fill(&own.likeness, &[("n", &offer.score.to_string())]),
        source: offer.segment.source.clone(),
        target: offer.segment.target.clone(),
    };
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Review, &own.memory),
        back,
        from: check.map_or("", |check| check.source_language.tag()),
        to: of.text.language,
        source: check.map(|check| check.source.clone()).unwrap_or_default(),
        offers: offers.iter().map(offer).collect(),
    };
    Ok(view.render()?)
}
