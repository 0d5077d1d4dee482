//! Translation memory in TMX 1.4b (LISA OSCAR 2005, now kept by GALA).
//!
//! A sentence's state stands in `prop type="x-state"`, its context in `prop type="x-context"`, where translators' tools
//! look for it. Times are kept to the second.

use std::fmt::Write;

use roxmltree::Node;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::scan::{Scanner, Unit};
use super::xml::{attribute, children, decode, line_of, text, text_in, tree};
use super::{ExchangeError, ReadReport};
use crate::domain::{Language, Timestamp};

/// A sentence and its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryUnit {
    pub from: Language,
    pub to: Language,
    pub source: String,
    pub target: String,
    /// Who made the translation, who changed it last.
    pub author: Option<String>,
    pub changed_by: Option<String>,
    /// To the second.
    pub created: Option<Timestamp>,
    pub changed: Option<Timestamp>,
    /// One word, as the memory keeps it: `approved`.
    pub state: Option<String>,
    /// Where the sentence stands.
    pub context: Option<String>,
    pub notes: Vec<String>,
}

impl MemoryUnit {
    /// A pair of sentences without anything about them.
    #[must_use]
    pub fn new(from: Language, source: impl Into<String>, to: Language, target: impl Into<String>) -> Self {
        Self {
            from,
            to,
            source: source.into(),
            target: target.into(),
            author: None,
            changed_by: None,
            created: None,
            changed: None,
            state: None,
            context: None,
            notes: Vec::new(),
        }
    }
}

/// The file, one `tu` for each unit.
///
/// # Errors
/// `Unwritable` for a character that XML cannot hold, naming the unit by its place from 1 and its source; `Unfit` for a
/// time out of the format's years 0 to 9999.
pub fn write<'a>(units: impl IntoIterator<Item = &'a MemoryUnit>) -> Result<String, ExchangeError> {
    let mut file = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n",
        "<tmx version=\"1.4\">\n",
        "  <header creationtool=\"thuyetminh\" creationtoolversion=\"",
        env!("CARGO_PKG_VERSION"),
        "\" segtype=\"sentence\" o-tmf=\"thuyetminh\" adminlang=\"en\" srclang=\"*all*\" datatype=\"plaintext\"/>\n",
        "  <body>\n",
    ));
    for (place, unit) in units.into_iter().enumerate() {
        push_unit(&mut file, unit, &|| name_of(place, unit))?;
    }
    file.push_str("  </body>\n</tmx>\n");
    Ok(file)
}

fn name_of(place: usize, unit: &MemoryUnit) -> String {
    let begins: String = unit.source.chars().filter(|c| !c.is_control()).take(40).collect();
    format!("unit {} (`{begins}`)", place + 1)
}

fn push_unit(file: &mut String, unit: &MemoryUnit, name: &dyn Fn() -> String) -> Result<(), ExchangeError> {
    let mut tag = format!("    <tu srclang=\"{}\" segtype=\"sentence\"", unit.from);
    let about = [
        ("creationdate", unit.created.map(|at| date(at, name)).transpose()?),
        ("creationid", unit.author.clone()),
        ("changedate", unit.changed.map(|at| date(at, name)).transpose()?),
        ("changeid", unit.changed_by.clone()),
    ];
    for (key, value) in about {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(tag, " {key}=\"{}\"", attribute(&value, name)?);
        }
    }
    file.push_str(&tag);
    file.push_str(">\n");
    for note in &unit.notes {
        let _ = writeln!(file, "      <note>{}</note>", text(note, name)?);
    }
    for (kind, value) in [("x-state", &unit.state), ("x-context", &unit.context)] {
        if let Some(value) = value {
            let _ = writeln!(file, "      <prop type=\"{kind}\">{}</prop>", text(value, name)?);
        }
    }
    for (language, sentence) in [(unit.from, &unit.source), (unit.to, &unit.target)] {
        let _ = writeln!(file, "      <tuv xml:lang=\"{language}\"><seg>{}</seg></tuv>", text(sentence, name)?);
    }
    file.push_str("    </tu>\n");
    Ok(())
}

fn date(at: Timestamp, name: &dyn Fn() -> String) -> Result<String, ExchangeError> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    let date = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok();
    let date = date.filter(|date| (0..=9999).contains(&date.year())).and_then(|date| date.format(format).ok());
    date.ok_or_else(|| ExchangeError::Unfit { unit: name(), why: format!("its time {at} has no date in TMX") })
}

fn moment(date: &str) -> Option<Timestamp> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    let date = PrimitiveDateTime::parse(date, format).ok()?.assume_utc();
    Some(Timestamp(date.unix_timestamp() * 1000))
}

/// Reads a file of any tool and hands out a unit for each pair of the source with another language, as it comes: no
/// more than one is held at a time.
///
/// Codes for formatting are left out, with what stands in them; marked text stays (`hi`). A language that the program
/// does not know is told and left out.
///
/// # Errors
/// `Unreadable` where it is no TMX at all. What is wrong with one unit stands in the report.
pub fn read(bytes: &[u8], mut each: impl FnMut(MemoryUnit)) -> Result<ReadReport, ExchangeError> {
    let file = decode(bytes)?;
    let mut units = Scanner::new(&file, &["tmx"], &["tu"])?;
    let header = units.element("header").unwrap_or_default();
    let general = tree(&header, 1).ok();
    let general = general.as_ref().and_then(|header| header.root_element().attribute("srclang"));
    let mut report = ReadReport::default();
    for Unit { line, document } in units.by_ref() {
        match document {
            Ok(document) => read_unit(&document, line, general, &mut report, &mut each),
            Err(why) => report.refuse(line, why),
        }
    }
    if !units.is_closed() {
        report.refuse(units.line_at_end(), "the file ends before </tmx>: it was cut, and what followed is missing");
    }
    Ok(report)
}

/// One language of a unit.
struct Variant<'a> {
    node: Node<'a, 'a>,
    /// As the file writes it.
    tag: &'a str,
    language: Option<Language>,
    sentence: String,
}

fn read_unit(
    document: &str,
    line: usize,
    general: Option<&str>,
    report: &mut ReadReport,
    each: &mut impl FnMut(MemoryUnit),
) {
    let document = match tree(document, line) {
        Ok(document) => document,
        Err(ExchangeError::Unreadable { line, what }) => return report.refuse(line, what),
        Err(other) => return report.refuse(line, other.to_string()),
    };
    let Some(unit) = document.root_element().first_element_child() else { return };
    let mut variants = Vec::new();
    for node in children(unit, "tuv") {
        let at = line + line_of(node) - 1;
        let tag = node.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).or_else(|| node.attribute("lang"));
        let Some((tag, segment)) = tag.zip(children(node, "seg").next()) else {
            report.refuse(at, "a <tuv> has no xml:lang or no <seg>");
            continue;
        };
        let (sentence, codes) = sentence_of(segment);
        if codes > 0 {
            report.flatten(at, format!("{codes} codes for formatting were left out"));
        }
        variants.push(Variant { node, tag, language: Language::lookup(tag), sentence });
    }
    let wanted = unit.attribute("srclang").or(general).filter(|tag| !tag.eq_ignore_ascii_case("*all*"));
    let source = match wanted {
        None => variants.first(),
        Some(wanted) => {
            let exact = variants.iter().find(|variant| variant.tag.eq_ignore_ascii_case(wanted));
            let like = || variants.iter().find(|v| v.language.is_some() && v.language == Language::lookup(wanted));
            exact.or_else(like)
        }
    };
    let Some(source) = source else {
        let wanted = wanted.map_or_else(String::new, |wanted| format!(" in `{wanted}`, its source language"));
        return report.refuse(line, format!("has no sentence{wanted}"));
    };
    let Some(from) = source.language else {
        return report.refuse(line, format!("its source language `{}` is none of this program's", source.tag));
    };
    let mut pairs = 0;
    for variant in variants.iter().filter(|variant| !std::ptr::eq(*variant, source)) {
        let at = line + line_of(variant.node) - 1;
        match variant.language {
            None => report.refuse(at, format!("`{}` is a language that this program does not know", variant.tag)),
            Some(to) if to == from => report.refuse(at, format!("`{}` is the source language again", variant.tag)),
            Some(_) if [source, variant].iter().any(|one| one.sentence.trim().is_empty()) => {
                report.refuse(at, "one of its two sentences is empty");
            }
            Some(to) => each(pair(unit, source, variant, from, to)),
        }
        pairs += 1;
    }
    if pairs == 0 {
        report.refuse(line, "has no second language");
    }
}

fn pair(unit: Node, source: &Variant, target: &Variant, from: Language, to: Language) -> MemoryUnit {
    // What the translation says of itself goes before what the unit says of all.
    let about = |key: &str| target.node.attribute(key).or_else(|| unit.attribute(key)).map(str::to_owned);
    let property = |kind: &str| {
        let all = children(target.node, "prop").chain(children(unit, "prop"));
        all.filter(|prop| prop.attribute("type") == Some(kind)).map(text_in).next()
    };
    MemoryUnit {
        from,
        to,
        source: source.sentence.clone(),
        target: target.sentence.clone(),
        author: about("creationid"),
        changed_by: about("changeid"),
        created: about("creationdate").as_deref().and_then(moment),
        changed: about("changedate").as_deref().and_then(moment),
        state: property("x-state"),
        context: property("x-context"),
        notes: children(unit, "note").chain(children(target.node, "note")).map(text_in).collect(),
    }
}

/// The sentence in a `seg`, and how many codes were left out of it.
fn sentence_of(segment: Node) -> (String, usize) {
    let is_code = |node: &Node| node.is_element() && node.tag_name().name() != "hi";
    let in_code = |node: &Node| node.ancestors().take_while(|above| *above != segment).any(|above| is_code(&above));
    let sentence = segment.descendants().filter(|node| node.is_text() && !in_code(node));
    let codes = segment.children().filter(is_code).count();
    (sentence.filter_map(|node| node.text()).collect(), codes)
}
