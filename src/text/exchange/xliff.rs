//! A stop's text for a translator, and back, in XLIFF 2.1 (OASIS 2018); files of 2.0 are read too.
//!
//! One `file` for each stop, one `group` for each paragraph, one `unit` with one `segment` for each sentence, by the
//! sentence's own number: a tool cannot merge sentences across units, and what it splits within one is joined again. What
//! a translator should know stands in the unit's notes: markup within the sentence would not survive every tool.
//!
//! Invariant: a file comes in only where each of its sources is, letter for letter, what the sentence says today.

use std::collections::HashMap;
use std::fmt::Write;

use roxmltree::Node;

use super::ExchangeError;
use super::xml::{attribute, children, decode, line_of, text, text_in, tree};
use crate::domain::{Language, SentenceId};

/// The namespace of 2.0, which 2.1 kept.
const NAMESPACE: &str = "urn:oasis:names:tc:xliff:document:2.0";
/// No text for a translator is larger.
const LARGEST_FILE: usize = 32 << 20;

/// How far a sentence has come (XLIFF 2.1, 4.3.1.34).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SegmentState {
    #[default]
    Initial,
    Translated,
    Reviewed,
    Final,
}

impl SegmentState {
    const ALL: [(Self, &str); 4] = [
        (Self::Initial, "initial"),
        (Self::Translated, "translated"),
        (Self::Reviewed, "reviewed"),
        (Self::Final, "final"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("initial", |(_, word)| word)
    }
}

/// Something a translator should know of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentNote {
    /// One word: `context`, `finding`, `glossary`.
    pub category: String,
    pub text: String,
}

/// A sentence for translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub sentence: SentenceId,
    /// From 0, never falling within a file.
    pub paragraph: u32,
    pub source: String,
    pub target: Option<String>,
    pub state: SegmentState,
    pub notes: Vec<SegmentNote>,
}

/// A stop's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopFile {
    /// The stop's slug.
    pub id: String,
    /// The stop's name, for people.
    pub original: String,
    pub segments: Vec<Segment>,
}

/// Texts in one pair of languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xliff {
    pub from: Language,
    pub to: Language,
    pub files: Vec<StopFile>,
}

/// The document.
///
/// # Errors
/// `Unwritable` for a character that XML cannot hold, naming stop and sentence; `Unfit` for a document without a file,
/// a file without a sentence, or an id twice, which the standard does not allow.
pub fn write(document: &Xliff) -> Result<String, ExchangeError> {
    let (from, to) = (document.from, document.to);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff xmlns=\"{NAMESPACE}\" version=\"2.1\" srcLang=\"{from}\" \
         trgLang=\"{to}\" xml:space=\"preserve\">\n"
    );
    let unfit = |unit: String, why: &str| ExchangeError::Unfit { unit, why: why.to_owned() };
    if document.files.is_empty() {
        return Err(unfit("the document".to_owned(), "it has no stop"));
    }
    for (place, file) in document.files.iter().enumerate() {
        let name = || format!("stop `{}`", file.id);
        if file.segments.is_empty() || file.id.is_empty() {
            return Err(unfit(name(), "it has no sentence or no id"));
        }
        if document.files[..place].iter().any(|other| other.id == file.id) {
            return Err(unfit(name(), "it is there twice"));
        }
        let (id, original) = (attribute(&file.id, &name)?, attribute(&file.original, &name)?);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  <file id=\"{id}\" original=\"{original}\">");
        for paragraph in file.segments.chunk_by(|one, next| one.paragraph == next.paragraph) {
            let number = paragraph.first().map_or(0, |segment| segment.paragraph);
            let _ = writeln!(out, "    <group id=\"p{number}\">");
            for segment in paragraph {
                push_unit(&mut out, segment, &|| format!("stop `{}`, sentence {}", file.id, segment.sentence))?;
            }
            out.push_str("    </group>\n");
        }
        out.push_str("  </file>\n");
        let mut numbers: Vec<SentenceId> = file.segments.iter().map(|segment| segment.sentence).collect();
        numbers.sort_unstable();
        if numbers.windows(2).any(|pair| pair[0] == pair[1]) || !file.segments.is_sorted_by_key(|s| s.paragraph) {
            return Err(unfit(name(), "a sentence is there twice, or a paragraph after a later one"));
        }
    }
    out.push_str("</xliff>\n");
    Ok(out)
}

fn push_unit(out: &mut String, segment: &Segment, name: &dyn Fn() -> String) -> Result<(), ExchangeError> {
    let number = segment.sentence;
    let _ = writeln!(out, "      <unit id=\"s{number}\" canResegment=\"no\">");
    if !segment.notes.is_empty() {
        out.push_str("        <notes>\n");
        for note in &segment.notes {
            let (category, note) = (attribute(&note.category, name)?, text(&note.text, name)?);
            let _ = writeln!(out, "          <note category=\"{category}\">{note}</note>");
        }
        out.push_str("        </notes>\n");
    }
    let state = segment.state.word();
    let _ = writeln!(out, "        <segment id=\"s{number}\" state=\"{state}\">");
    let _ = writeln!(out, "          <source>{}</source>", text(&segment.source, name)?);
    if let Some(target) = &segment.target {
        let _ = writeln!(out, "          <target>{}</target>", text(target, name)?);
    }
    out.push_str("        </segment>\n      </unit>\n");
    Ok(())
}

/// Reads a document of 2.0 or 2.1 that this program wrote and any tool saved. Marks and codes within a sentence are
/// left out, their text stays.
///
/// # Errors
/// `Unreadable`, by line: no such document, another version, a language that the program does not know, or a unit that
/// is none of this program's.
pub fn read(bytes: &[u8]) -> Result<Xliff, ExchangeError> {
    let unreadable = |line: usize, what: String| ExchangeError::Unreadable { line, what };
    if bytes.len() > LARGEST_FILE {
        return Err(unreadable(1, format!("has {} bytes, and at most {LARGEST_FILE} are taken", bytes.len())));
    }
    let decoded = decode(bytes)?;
    let tree = tree(&decoded, 1)?;
    let root = tree.root_element();
    let version = root.attribute("version").unwrap_or_default();
    if root.tag_name().name() != "xliff" || !matches!(version, "2.0" | "2.1") {
        let what = format!("is <{}> of version `{version}`, where XLIFF 2.0 or 2.1 is read", root.tag_name().name());
        return Err(unreadable(1, what));
    }
    let language = |key: &str| {
        let tag = root.attribute(key).unwrap_or_default();
        Language::lookup(tag).ok_or_else(|| unreadable(1, format!("{key} `{tag}` is no language of this program")))
    };
    let (from, to) = (language("srcLang")?, language("trgLang")?);
    let files = children(root, "file").map(|file| {
        let mut segments = Vec::new();
        let mut paragraph = None::<(u32, roxmltree::NodeId)>;
        for unit in file.descendants().filter(|node| node.is_element() && node.tag_name().name() == "unit") {
            let group = unit.parent().map_or(file.id(), |parent| parent.id());
            let number = match paragraph {
                Some((number, last)) if last == group => number,
                last => paragraph_of(unit).unwrap_or_else(|| last.map_or(0, |(number, _)| number + 1)),
            };
            paragraph = Some((number, group));
            segments.push(read_unit(unit, number).map_err(|what| unreadable(line_of(unit), what))?);
        }
        let text = |key: &str| file.attribute(key).unwrap_or_default().to_owned();
        Ok(StopFile { id: text("id"), original: text("original"), segments })
    });
    Ok(Xliff { from, to, files: files.collect::<Result<_, _>>()? })
}

/// The number of the group `p3` that the unit stands in.
fn paragraph_of(unit: Node) -> Option<u32> {
    unit.parent()?.attribute("id")?.strip_prefix('p')?.parse().ok()
}

fn read_unit(unit: Node, paragraph: u32) -> Result<Segment, String> {
    let id = unit.attribute("id").unwrap_or_default();
    let number = id.strip_prefix('s').and_then(|number| number.parse().ok());
    let sentence = SentenceId(number.ok_or_else(|| format!("unit `{id}` is no sentence of this program"))?);
    let mut whole = Segment {
        sentence,
        paragraph,
        source: String::new(),
        target: None,
        state: SegmentState::Final,
        notes: Vec::new(),
    };
    let mut parts = 0;
    for part in unit.children().filter(|node| matches!(node.tag_name().name(), "segment" | "ignorable")) {
        let of = |name: &'static str| children(part, name).next().map(|node| content_of(node)).transpose();
        let source = of("source")?.ok_or_else(|| format!("`{id}` has a segment without a source"))?;
        let target = of("target")?;
        if part.tag_name().name() == "segment" {
            parts += 1;
            let word = part.attribute("state").unwrap_or("initial");
            let state = SegmentState::ALL.iter().position(|(_, known)| *known == word);
            let state = state.ok_or_else(|| format!("`{id}` has the state `{word}`, which is none of XLIFF's"))?;
            let least = SegmentState::ALL.iter().position(|(known, _)| *known == whole.state).unwrap_or(0);
            whole.state = SegmentState::ALL.get(state.min(least)).map_or(SegmentState::Initial, |(state, _)| *state);
            if let Some(target) = target {
                whole.target.get_or_insert_default().push_str(&target);
            } else if parts > 1 && whole.target.is_some() {
                return Err(format!("`{id}` was split, and a part of it has no translation"));
            }
        } else if let Some(so_far) = &mut whole.target {
            so_far.push_str(target.as_ref().unwrap_or(&source));
        }
        whole.source.push_str(&source);
    }
    if parts == 0 {
        return Err(format!("`{id}` has no segment: it was merged away or cut out"));
    }
    for note in children(unit, "notes").flat_map(|notes| children(notes, "note")) {
        let category = note.attribute("category").unwrap_or_default().to_owned();
        whole.notes.push(SegmentNote { category, text: text_in(note) });
    }
    Ok(whole)
}

/// The text of a `source` or `target`; `cp` stands for a character that XML cannot hold.
fn content_of(node: Node) -> Result<String, String> {
    if let Some(code) = node.descendants().find(|inner| inner.tag_name().name() == "cp") {
        let hex = code.attribute("hex").unwrap_or_default();
        return Err(format!("holds the character U+{hex}, which no text of this program has"));
    }
    Ok(text_in(node))
}

/// What of a returned file cannot come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// Sentences whose source is no longer what the file says.
    pub changed: Vec<SentenceId>,
    /// Sentences of the file that the text does not have.
    pub unknown: Vec<SentenceId>,
    /// Sentences of the text that the file does not have.
    pub missing: Vec<SentenceId>,
}

impl Strays {
    /// True where the file may come in.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.changed.is_empty() && self.unknown.is_empty() && self.missing.is_empty()
    }
}

impl StopFile {
    /// Compares a returned file with what the stop's text says today.
    #[must_use]
    pub fn strays(&self, today: &[(SentenceId, &str)]) -> Strays {
        let known: HashMap<SentenceId, &str> = today.iter().copied().collect();
        let mut strays = Strays::default();
        for segment in &self.segments {
            match known.get(&segment.sentence) {
                None => strays.unknown.push(segment.sentence),
                Some(source) if *source != segment.source => strays.changed.push(segment.sentence),
                Some(_) => {}
            }
        }
        let here: std::collections::HashSet<SentenceId> = self.segments.iter().map(|s| s.sentence).collect();
        strays.missing = today.iter().map(|(id, _)| *id).filter(|id| !here.contains(id)).collect();
        strays
    }
}
