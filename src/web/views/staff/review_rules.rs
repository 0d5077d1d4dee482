//! How much of a translation is read before it is public: a choice for each language of a site.

use askama::Template;

use super::moment::Moment;
use crate::domain::{Language, ReviewRule, SetRule, Site};
use crate::people::Signed;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::review;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of the rules.
    Strings: heading, lead, language, rule, share, share_hint, own, every, spot, machine, save, saved, bad_share, set_by,
    every_lead, spot_lead, machine_lead
}

/// What a spot check begins with where nobody chose.
const USUAL_SHARE: u8 = 20;

struct Row {
    tag: &'static str,
    name: &'static str,
    /// The word of the rule; empty where the house's own holds.
    chosen: &'static str,
    share: u8,
    set: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/review-rules.html")]
struct View<'a> {
    page: Frame<'a>,
    site: &'a Site,
    name: Said,
    own: String,
    rows: Vec<Row>,
    bad: Option<String>,
    good: Option<String>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(
    state: &State,
    lang: Language,
    (signed, site): (&Signed, &Site),
    rules: &[SetRule],
    own: ReviewRule,
    note: Note,
) -> Result<String> {
    let words = state.desk.of(lang);
    let row = |set: &SetRule| Row {
        tag: set.language.tag(),
        name: if lang == Language::EN { set.language.endonym() } else { set.language.vietnamese_name() },
        chosen: if set.set.is_some() { set.rule.word() } else { "" },
        share: set.rule.share().map_or(USUAL_SHARE, |share| share.percent()),
        set: set
            .set
            .as_ref()
            .map(|(by, at)| fill(&words.review_rules.set_by, &[("name", by), ("when", &Moment::from(*at).shown)])),
    };
    let view = View {
        page: Frame::new(state, lang, Some(signed), Place::Review, &words.review_rules.heading),
        site,
        name: Said::name(&site.names, lang),
        own: fill(&words.review_rules.own, &[("rule", &review::rule(&words.review, own))]),
        rows: rules.iter().map(row).collect(),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}
