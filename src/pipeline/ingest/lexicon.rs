//! `lexicon.<lang>.pls`: how words are said, in W3C's Pronunciation Lexicon Specification 1.0
//! (<https://www.w3.org/TR/pronunciation-lexicon/>). Taken: `grapheme` (several share a pronunciation), and of `phoneme`
//! (IPA) and `alias` exactly one; `example`, `meta` and `metadata` are passed over.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use roxmltree::{Document, Node};

use super::Refusal;
use crate::domain::{Language, LexiconEntry, Pronunciation};

const NAMESPACE: &str = "http://www.w3.org/2005/01/pronunciation-lexicon";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Reads a lexicon that must be of `language`. The first fault refuses the file, by its line.
pub(super) fn parse(file: &Path, text: &str, language: Language) -> Result<Vec<LexiconEntry>, Refusal> {
    let document =
        Document::parse(text).map_err(|error| Refusal::line(file, error.pos().row as usize, error.to_string()))?;
    let refuse = |node: Node<'_, '_>, why: String| -> Refusal {
        Refusal::line(file, document.text_pos_at(node.range().start).row as usize, why)
    };
    let root = document.root_element();
    if !root.has_tag_name((NAMESPACE, "lexicon")) {
        return Err(refuse(root, format!("must be a <lexicon> in the namespace {NAMESPACE}")));
    }
    for (name, found, expected) in [
        ("version", root.attribute("version"), "1.0"),
        ("alphabet", root.attribute("alphabet"), "ipa"),
        ("xml:lang", root.attribute((XML, "lang")), language.tag()),
    ] {
        if found != Some(expected) {
            return Err(refuse(root, format!("must have {name}=\"{expected}\"")));
        }
    }
    let mut entries = Vec::new();
    let mut first_lines: BTreeMap<String, u32> = BTreeMap::new();
    for lexeme in root.children().filter(Node::is_element) {
        match lexeme.tag_name().name() {
            "lexeme" => {}
            "meta" | "metadata" => continue,
            other => return Err(refuse(lexeme, format!("<{other}> is not known here"))),
        }
        let line = document.text_pos_at(lexeme.range().start).row;
        for entry in entries_of(lexeme, language).map_err(|why| refuse(lexeme, why))? {
            if let Some(first) = first_lines.insert(entry.grapheme.clone(), line) {
                let why = format!("`{}` is said on line {first} already: keep one", entry.grapheme);
                return Err(refuse(lexeme, why));
            }
            entries.push(entry);
        }
    }
    Ok(entries)
}

fn entries_of(lexeme: Node<'_, '_>, language: Language) -> Result<Vec<LexiconEntry>, String> {
    let mut graphemes = Vec::new();
    let mut said = Vec::new();
    for part in lexeme.children().filter(Node::is_element) {
        let name = part.tag_name().name();
        if name == "example" {
            continue;
        }
        let words = part.text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() || part.children().any(|child| child.is_element()) {
            return Err(format!("<{name}> must hold plain text"));
        }
        match name {
            "grapheme" => graphemes.push(words),
            "alias" => said.push(Pronunciation::Alias(words)),
            "phoneme" if part.attribute("alphabet").is_none_or(|alphabet| alphabet == "ipa") => {
                said.push(Pronunciation::Ipa(words));
            }
            "phoneme" => return Err("only phonemes in IPA are taken".to_owned()),
            other => return Err(format!("<{other}> is not known here")),
        }
    }
    let mut said = said.into_iter();
    let (Some(pronunciation), None) = (said.next(), said.next()) else {
        return Err("a lexeme needs exactly one <phoneme> or <alias>".to_owned());
    };
    if graphemes.is_empty() {
        return Err("a lexeme needs a <grapheme>".to_owned());
    }
    let entry = |grapheme| LexiconEntry { language, grapheme, pronunciation: pronunciation.clone() };
    Ok(graphemes.into_iter().map(entry).collect())
}

/// The lexicon as a file, one lexeme an entry.
pub(super) fn format(language: Language, entries: &[LexiconEntry]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lexicon version=\"1.0\" xmlns=\"{NAMESPACE}\" alphabet=\"ipa\" \
         xml:lang=\"{language}\">\n"
    );
    for entry in entries {
        let (tag, said) = match &entry.pronunciation {
            Pronunciation::Alias(words) => ("alias", words),
            Pronunciation::Ipa(phonemes) => ("phoneme", phonemes),
        };
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "  <lexeme><grapheme>{}</grapheme><{tag}>{}</{tag}></lexeme>",
            escape(&entry.grapheme),
            escape(said)
        );
    }
    text.push_str("</lexicon>\n");
    text
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
