//! The pictures of a site, relic or stop: in their order, described for those who cannot see them.

use askama::Template;

use crate::domain::{Language, Names, Permission, Picture, PictureId, Scope, Site};
use crate::people::Signed;
use crate::web::State;
use crate::web::catalogue::{CaptionEntry, Fault, caption_cells, tag};
use crate::web::error::Result;
use crate::web::photograph::{LARGEST, LONGEST_SIDE, MOST_MILLIONS, PhotographError};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::fields::{Form, Group, Sheet, groups, shown};
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::Said;

words! {
    /// The words of pictures.
    Strings: heading, of, lead, nothing, add, file, file_hint, no_file, again, alt_heading, alt_in, alt_hint, credit,
    licence, licence_hint, save, cover, first, earlier, later, remove, added, saved, removed, moved, overtaken, missing,
    no_alt, large, form, pixels, unreadable, all
}

/// What the page shows in place of what stands.
pub enum Instead<'a> {
    Nothing,
    /// What was typed for a new picture.
    New {
        typed: &'a [(String, String)],
        faults: &'a [Fault],
    },
    /// What was typed for one that is there.
    Own {
        picture: PictureId,
        typed: &'a [(String, String)],
        faults: &'a [Fault],
        theirs: Option<&'a CaptionEntry>,
    },
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub site: &'a Site,
    /// The address of the thing: `sites/thap-doi`.
    pub thing: &'a str,
    pub names: &'a Names,
    pub pictures: &'a [Picture],
    /// Names the order they are in.
    pub order: String,
    pub source: Language,
    pub languages: &'a [Language],
    pub instead: Instead<'a>,
}

struct Row {
    id: i64,
    hash: String,
    alt: Said,
    tag: String,
    credit: String,
    /// The languages it has no description in.
    missing: String,
    groups: Vec<Group>,
    open: bool,
}

#[derive(Template)]
#[template(path = "staff/pictures.html")]
struct View<'a> {
    page: Frame<'a>,
    back: Vec<(String, Said)>,
    heading: String,
    action: String,
    order: &'a str,
    rows: Vec<Row>,
    new: Vec<Group>,
    file_hint: String,
    edits: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// Why a picture was refused, and what to take instead.
#[must_use]
pub fn refusal(words: &Words, error: &PhotographError) -> String {
    let own = &words.picture;
    let limits = |text: &str| {
        let (megabytes, side, millions) = (LARGEST >> 20, LONGEST_SIDE, MOST_MILLIONS);
        let values = [("mb", megabytes.to_string()), ("side", side.to_string()), ("millions", millions.to_string())];
        fill(text, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    match error {
        PhotographError::Large(_) => limits(&own.large),
        PhotographError::Form => own.form.clone(),
        PhotographError::Pixels { width, height } => {
            let (width, height) = (width.to_string(), height.to_string());
            fill(&limits(&own.pixels), &[("width", &width), ("height", &height)])
        }
        PhotographError::Unreadable(_) | PhotographError::Cut(_) => own.unreadable.clone(),
    }
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, matter: &Matter<'_>, note: Note) -> Result<String> {
    let lang = matter.signed.person.language;
    let words = state.desk.of(lang);
    let of = Said::name(matter.names, lang);
    let rows = matter.pictures.iter().map(|picture| row(matter, words, lang, picture)).collect::<Result<_>>()?;
    let (typed, faults): (&[_], &[_]) = match matter.instead {
        Instead::New { typed, faults } => (typed, faults),
        _ => (&[], &[]),
    };
    let site = (format!("/staff/sites/{}", matter.site.slug), Said::name(&matter.site.names, lang));
    let own = (format!("/staff/{}", matter.thing), of.clone());
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Collection, &words.picture.heading),
        back: if site.0 == own.0 { vec![site] } else { vec![site, own] },
        heading: fill(&words.picture.of, &[("name", &of.text)]),
        action: format!("/staff/{}/pictures", matter.thing),
        order: &matter.order,
        rows,
        new: groups_of(matter, words, lang, (&CaptionEntry::default(), typed, faults, None)),
        file_hint: {
            let (mb, side) = ((LARGEST >> 20).to_string(), LONGEST_SIDE.to_string());
            fill(&words.picture.file_hint, &[("mb", &mb), ("side", &side)])
        },
        edits: matter.signed.person.grants.may(Permission::Edit, Scope::Site(matter.site.id)),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

type Typed<'a> = (&'a CaptionEntry, &'a [(String, String)], &'a [Fault], Option<&'a CaptionEntry>);

fn groups_of(
    matter: &Matter<'_>,
    words: &Words,
    lang: Language,
    (entry, typed, faults, theirs): Typed<'_>,
) -> Vec<Group> {
    let theirs = theirs.map(|entry| caption_cells(entry, matter.languages));
    let needed = format!("alt.{}", matter.source);
    let sheet = Sheet {
        words,
        lang,
        source: matter.source,
        cells: shown(typed, || caption_cells(entry, matter.languages), theirs.as_deref()),
        theirs,
        faults,
        is_new: true,
        needed: &[&needed],
        picks: Vec::new(),
        rows: Vec::new(),
    };
    groups(&sheet)
}

fn row(matter: &Matter<'_>, words: &Words, lang: Language, picture: &Picture) -> Result<Row> {
    let entry = CaptionEntry::from(&picture.caption());
    let (typed, faults, theirs, open): (&[_], &[_], _, _) = match matter.instead {
        Instead::Own { picture: own, typed, faults, theirs } if own == picture.id => (typed, faults, theirs, true),
        _ => (&[], &[], None, false),
    };
    let mut groups = groups_of(matter, words, lang, (&entry, typed, faults, theirs));
    // Several forms stand on the page: each field has a name of its own for its label.
    for field in groups.iter_mut().flat_map(|group| group.fields.iter_mut().chain(&mut group.more)) {
        field.id = format!("p{}-{}", picture.id, field.id);
    }
    let lacks = matter.languages.iter().filter(|language| !picture.alt.0.contains_key(language));
    let called =
        |language: &Language| if lang == Language::VI { language.vietnamese_name() } else { language.endonym() };
    Ok(Row {
        id: picture.id.0,
        hash: picture.hash.to_string(),
        alt: Said::name(&picture.alt, lang),
        tag: tag(picture)?,
        credit: [picture.credit.as_str(), picture.licence.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        missing: lacks.map(called).collect::<Vec<_>>().join(", "),
        groups,
        open,
    })
}
