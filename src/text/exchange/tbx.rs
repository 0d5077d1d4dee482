//! Glossaries in TBX.
//!
//! Written is TBX-Basic in the form of ISO 30042:2008 (`martif`), which every tool reads; read is that and the form of
//! 2019 (`tbx`), with data categories as attributes or as elements. The Vietnamese term that stands first is the entry's
//! own, those marked as its variants are its forms; in each other language the renderings stand in their order, the
//! preferred one first. A rendering that is the term itself carries a note for people: it is never translated there.

use std::collections::BTreeMap;
use std::fmt::Write;

use roxmltree::Node;

use super::scan::{Scanner, Unit};
use super::xml::{children, decode, line_of, text, text_in, tree};
use super::{ExchangeError, ReadReport};
use crate::domain::{GlossaryEntry, Language};

/// Notes on a term that this module writes, and reads as what they say.
const NEVER_TRANSLATE: &str = "do not translate";
const RENDERING: &str = "rendering in Vietnamese";

/// The file, one `termEntry` for each entry.
///
/// # Errors
/// `Unwritable` for a character that XML cannot hold, naming the entry; `Unfit` for an entry without a term, with an
/// empty form, or with one and the same form twice.
pub fn write(entries: &[GlossaryEntry]) -> Result<String, ExchangeError> {
    let mut file = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<!DOCTYPE martif SYSTEM \"TBXBasiccoreStructV02.dtd\">\n",
        "<martif type=\"TBX-Basic\" xml:lang=\"vi\">\n",
        "  <martifHeader>\n",
        "    <fileDesc><sourceDesc><p>Thuyết Minh ",
        env!("CARGO_PKG_VERSION"),
        "</p></sourceDesc></fileDesc>\n",
        "    <encodingDesc><p type=\"XCSURI\">TBXBasicXCSV02.xcs</p></encodingDesc>\n",
        "  </martifHeader>\n",
        "  <text>\n    <body>\n",
    ));
    for (place, entry) in entries.iter().enumerate() {
        push_entry(&mut file, place, entry)?;
    }
    file.push_str("    </body>\n  </text>\n</martif>\n");
    Ok(file)
}

fn push_entry(file: &mut String, place: usize, entry: &GlossaryEntry) -> Result<(), ExchangeError> {
    let name = || format!("the glossary's `{}`", entry.term.escape_debug());
    let vietnamese = entry.renderings.get(&Language::VI).map_or(&[][..], Vec::as_slice);
    let unfit = |why: &str| ExchangeError::Unfit { unit: name(), why: why.to_owned() };
    let of_vi = std::iter::once(&entry.term).chain(&entry.forms).chain(vietnamese);
    let all = entry.renderings.iter().filter(|(language, _)| **language != Language::VI);
    let lists = all.map(|(_, forms)| forms.iter().collect::<Vec<_>>()).chain([of_vi.collect()]);
    for list in lists {
        if list.is_empty() || list.iter().any(|form| form.trim().is_empty()) {
            return Err(unfit("a term or rendering is empty"));
        }
    }
    // Writing to a string cannot fail.
    let _ = writeln!(file, "      <termEntry id=\"c{}\">", place + 1);
    if let Some(note) = &entry.note {
        let _ = writeln!(file, "        <note>{}</note>", text(note, &name)?);
    }
    let mut terms = vec![Tig { form: &entry.term, preferred: true, variant: false, note: None }];
    terms.extend(entry.forms.iter().map(|form| Tig { form, preferred: false, variant: true, note: None }));
    terms.extend(vietnamese.iter().map(|form| Tig { form, preferred: false, variant: false, note: Some(RENDERING) }));
    push_language(file, Language::VI, &terms, &name)?;
    for (language, forms) in entry.renderings.iter().filter(|(language, _)| **language != Language::VI) {
        let note = |form: &String| (*form == entry.term).then_some(NEVER_TRANSLATE);
        let tig = |(place, form)| Tig { form, preferred: place == 0, variant: false, note: note(form) };
        let terms: Vec<Tig> = forms.iter().enumerate().map(tig).collect();
        push_language(file, *language, &terms, &name)?;
    }
    file.push_str("      </termEntry>\n");
    Ok(())
}

/// A term as it is written.
struct Tig<'a> {
    form: &'a String,
    preferred: bool,
    variant: bool,
    note: Option<&'static str>,
}

fn push_language(
    file: &mut String,
    language: Language,
    terms: &[Tig],
    name: &dyn Fn() -> String,
) -> Result<(), ExchangeError> {
    let _ = writeln!(file, "        <langSet xml:lang=\"{language}\">");
    for tig in terms {
        let _ = write!(file, "          <tig><term>{}</term>", text(tig.form, name)?);
        let status = if tig.preferred { "preferredTerm-admn-sts" } else { "admittedTerm-admn-sts" };
        let _ = write!(file, "<termNote type=\"administrativeStatus\">{status}</termNote>");
        if tig.variant {
            file.push_str("<termNote type=\"termType\">variant</termNote>");
        }
        if let Some(note) = tig.note {
            let _ = write!(file, "<note>{note}</note>");
        }
        file.push_str("</tig>\n");
    }
    file.push_str("        </langSet>\n");
    Ok(())
}

/// Reads a glossary of any tool. A language that the program does not know is told and left out, as are terms that the
/// file itself calls deprecated or superseded; a concept without a Vietnamese term is refused.
///
/// # Errors
/// `Unreadable` where it is no TBX at all. What is wrong with one concept stands in the report.
pub fn read(bytes: &[u8]) -> Result<(Vec<GlossaryEntry>, ReadReport), ExchangeError> {
    let file = decode(bytes)?;
    let mut units = Scanner::new(&file, &["martif", "tbx"], &["termEntry", "conceptEntry"])?;
    let mut report = ReadReport::default();
    let mut entries: Vec<GlossaryEntry> = Vec::new();
    let mut first_lines = BTreeMap::new();
    for Unit { line, document } in units.by_ref() {
        let read = document.and_then(|document| match tree(&document, line) {
            Ok(document) => read_entry(document.root_element(), line, &mut report),
            Err(ExchangeError::Unreadable { what, .. }) => Err(what),
            Err(other) => Err(other.to_string()),
        });
        match read {
            Ok(entry) => match first_lines.get(&entry.term) {
                Some(first) => report.refuse(line, format!("`{}` stands on line {first} already", entry.term)),
                None => {
                    first_lines.insert(entry.term.clone(), line);
                    entries.push(entry);
                }
            },
            Err(why) => report.refuse(line, why),
        }
    }
    if !units.is_closed() {
        report.refuse(
            units.line_at_end(),
            "the file ends before its root does: it was cut, and what followed is missing",
        );
    }
    Ok((entries, report))
}

fn read_entry(root: Node, line: usize, report: &mut ReadReport) -> Result<GlossaryEntry, String> {
    let concept = root.first_element_child().ok_or("is empty")?;
    let notes: Vec<String> = children(concept, "note").map(text_in).filter(|note| !note.trim().is_empty()).collect();
    let mut own: Vec<String> = Vec::new();
    let mut renderings: BTreeMap<Language, Vec<String>> = BTreeMap::new();
    for set in concept.children().filter(|node| matches!(node.tag_name().name(), "langSet" | "langSec")) {
        let at = line + line_of(set) - 1;
        let tag = set.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).or_else(|| set.attribute("lang"));
        let Some(language) = tag.and_then(Language::lookup) else {
            report.refuse(at, format!("`{}` is no language of this program", tag.unwrap_or_default()));
            continue;
        };
        for term in terms_of(set) {
            if term.is_out_of_use {
                report.refuse(at, format!("`{}` is called out of use there", term.form));
            } else if language == Language::VI && !term.is_rendering {
                // The preferred one leads, wherever it stands.
                own.insert(if term.is_preferred && !own.is_empty() { 0 } else { own.len() }, term.form);
            } else {
                let forms = renderings.entry(language).or_default();
                forms.insert(if term.is_preferred { 0 } else { forms.len() }, term.form);
            }
        }
    }
    if own.is_empty() {
        return Err("has no term in Vietnamese, the language that entries are named in".to_owned());
    }
    let term = own.remove(0);
    let note = (!notes.is_empty()).then(|| notes.join("\n"));
    Ok(GlossaryEntry { term, forms: own, renderings, note })
}

struct Term {
    form: String,
    is_preferred: bool,
    is_out_of_use: bool,
    is_rendering: bool,
}

/// The terms of a language, in `tig`, `ntig` or `termSec`.
fn terms_of(set: Node) -> Vec<Term> {
    let groups = set.children().filter(|node| matches!(node.tag_name().name(), "tig" | "ntig" | "termSec"));
    let term = |group: Node| {
        let form = group.descendants().find(|node| node.tag_name().name() == "term").map(text_in)?;
        // `<termNote type="administrativeStatus">`, or in the style of 2019 `<min:administrativeStatus>`.
        let says = |wanted: &str| {
            group.descendants().any(|node| {
                let category = node.attribute("type").unwrap_or(node.tag_name().name());
                category == "administrativeStatus" && text_in(node).to_ascii_lowercase().starts_with(wanted)
            })
        };
        let noted = |wanted: &str| children(group, "note").any(|note| text_in(note) == wanted);
        Some(Term {
            is_preferred: says("preferred"),
            is_out_of_use: says("deprecated") || says("superseded"),
            is_rendering: noted(RENDERING),
            form,
        })
    };
    groups.filter_map(term).filter(|term| !term.form.trim().is_empty()).collect()
}
