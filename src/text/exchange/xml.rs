//! The little XML that the formats need: bytes to text, text to markup, markup to a bounded tree.

use std::borrow::Cow;

use roxmltree::{Document, Node, ParsingOptions};

use super::ExchangeError;

/// More nodes than any unit, or any text for a translator, has.
const MOST_NODES: u32 = 1 << 20;

fn unreadable(line: usize, what: impl Into<String>) -> ExchangeError {
    ExchangeError::Unreadable { line, what: what.into() }
}

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark (XML 1.0, 4.3.3).
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ExchangeError> {
    let wide = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        if bytes.len() % 2 == 1 {
            return Err(unreadable(1, "is UTF-16 with half a character at its end: the file was cut"));
        }
        let units = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.map(Cow::Owned).map_err(|_| unreadable(1, "is not the UTF-16 that its beginning says"))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
                unreadable(line, "is neither UTF-8 nor UTF-16 with a byte order mark: save the file as UTF-8")
            })
        }
    }
}

/// A tree of a document without a DTD; `line` is that of its beginning in the file.
pub(super) fn tree(text: &str, line: usize) -> Result<Document<'_>, ExchangeError> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = usize::try_from(error.pos().row).unwrap_or(1).max(1);
        unreadable(line + at - 1, format!("is not XML that can be read: {error}"))
    })
}

/// A node's line in its document, from 1.
pub(super) fn line_of(node: Node) -> usize {
    usize::try_from(node.document().text_pos_at(node.range().start).row).unwrap_or(1)
}

/// Whether XML 1.0 can hold a character.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Text as content of an element. `unit` names the place in the error.
pub(super) fn text(content: &str, unit: &dyn Fn() -> String) -> Result<String, ExchangeError> {
    escape(content, unit, false)
}

/// Text as the value of an attribute in double quotes.
pub(super) fn attribute(value: &str, unit: &dyn Fn() -> String) -> Result<String, ExchangeError> {
    escape(value, unit, true)
}

fn escape(content: &str, unit: &dyn Fn() -> String, in_attribute: bool) -> Result<String, ExchangeError> {
    let mut escaped = String::with_capacity(content.len() + 8);
    for c in content.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A parser makes line ends of carriage returns, and spaces of what stands between quotes.
            '\r' => escaped.push_str("&#13;"),
            '"' if in_attribute => escaped.push_str("&quot;"),
            '\n' if in_attribute => escaped.push_str("&#10;"),
            '\t' if in_attribute => escaped.push_str("&#9;"),
            c if is_xml(c) => escaped.push(c),
            c => return Err(ExchangeError::Unwritable { unit: unit(), code: u32::from(c) }),
        }
    }
    Ok(escaped)
}

/// All the text in an element, its children's too.
pub(super) fn text_in(node: Node) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// Children with this local name, whatever the prefix.
pub(super) fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}
