//! Finding the units of a large XML file without a tree of all of it: each unit is cut out by its tags and made a small
//! tree of its own, so that a file takes little more memory than its text, and a broken unit does not cost the others.

use std::borrow::Cow;

use super::ExchangeError;

/// A larger unit is refused: no sentence and no term comes near it.
const LARGEST_UNIT: usize = 1 << 20;
/// So is a larger root tag.
const LARGEST_TAG: usize = 1 << 16;

/// One piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Markup<'a> {
    Start {
        name: &'a str,
        empty: bool,
    },
    End {
        name: &'a str,
    },
    /// Comments, instructions, character data, a document type without a body.
    Other,
}

/// A unit that was cut out, under a root that holds the file's own namespaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Of its beginning in the file, from 1.
    pub line: usize,
    /// A document whose root has the unit as its only child, or why there is none.
    pub document: Result<String, String>,
}

/// Goes through a file from one unit to the next.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    counted_to: usize,
    unit_names: &'static [&'static str],
    root: &'a str,
    root_tag: Cow<'a, str>,
    closed: bool,
}

impl<'a> Scanner<'a> {
    /// Begins at the root, which must be one of `roots`.
    ///
    /// # Errors
    /// `Unreadable` where the file does not begin like XML, has another root, or declares entities.
    pub fn new(text: &'a str, roots: &[&str], unit_names: &'static [&'static str]) -> Result<Self, ExchangeError> {
        let mut scanner = Self {
            text,
            at: 0,
            line: 1,
            counted_to: 0,
            unit_names,
            root: "",
            root_tag: Cow::Borrowed(""),
            closed: false,
        };
        loop {
            let from = scanner.at;
            match scanner.next_markup() {
                Ok(Some((start, Markup::Start { name, empty }))) => {
                    if !roots.contains(&name) {
                        let what =
                            format!("begins with <{}>, where <{}> is expected", short(name), roots.join("> or <"));
                        return Err(scanner.error(start, what));
                    }
                    let tag = &text[start..scanner.at];
                    if tag.len() > LARGEST_TAG {
                        return Err(scanner.error(start, "begins with a tag that is far too long"));
                    }
                    scanner.root = name;
                    scanner.closed = empty;
                    let open = if empty { Cow::Owned(tag.replacen("/>", ">", 1)) } else { Cow::Borrowed(tag) };
                    // On one line, so that lines within a unit count from the unit's own.
                    scanner.root_tag = Cow::Owned(open.replace(['\n', '\r'], " "));
                    return Ok(scanner);
                }
                Ok(Some((_, Markup::Other))) => {}
                Ok(Some((start, Markup::End { .. }))) => return Err(scanner.error(start, "begins with an end tag")),
                Ok(None) => return Err(scanner.error(from, "is not XML: no tag was found")),
                Err(what) => return Err(scanner.error(from, what)),
            }
        }
    }

    /// The file's last line.
    pub fn line_at_end(&mut self) -> usize {
        self.line_of(self.text.len())
    }

    /// Whether the root's end was seen.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The next element of this name before the first unit, as it stands in the file.
    pub fn element(&mut self, name: &str) -> Option<String> {
        let (mut at, from) = (self.at, self.at);
        let mut begins = None;
        while let Ok(Some((start, markup))) = markup_after(self.text, &mut at) {
            match markup {
                Markup::Start { name: found, empty } if found == name && begins.is_none() => {
                    begins = Some(start);
                    if empty {
                        break;
                    }
                }
                Markup::End { name: found } if found == name => break,
                Markup::Start { name: found, .. } if self.unit_names.contains(&found) => break,
                _ if at - from > LARGEST_UNIT => return None,
                _ => {}
            }
        }
        begins.map(|start| self.text[start..at].to_owned())
    }

    fn next_markup(&mut self) -> Result<Option<(usize, Markup<'a>)>, String> {
        markup_after(self.text, &mut self.at)
    }

    fn error(&mut self, at: usize, what: impl Into<String>) -> ExchangeError {
        ExchangeError::Unreadable { line: self.line_of(at), what: what.into() }
    }

    /// Places are asked for in order.
    fn line_of(&mut self, at: usize) -> usize {
        let new = self.text.as_bytes().get(self.counted_to..at).unwrap_or_default();
        self.line += new.iter().filter(|byte| **byte == b'\n').count();
        self.counted_to = self.counted_to.max(at);
        self.line
    }

    /// The rest of a unit that began with `name` at `start`.
    fn cut(&mut self, start: usize, name: &str, empty: bool) -> Result<String, String> {
        let mut open = usize::from(!empty);
        while open > 0 {
            match self.next_markup()? {
                Some((_, Markup::Start { name: inner, empty: false })) if inner == name => open += 1,
                Some((_, Markup::End { name: inner })) if inner == name => open -= 1,
                Some(_) => {}
                None => return Err(format!("<{name}> has no end: the file was cut")),
            }
        }
        let unit = &self.text[start..self.at];
        if unit.len() > LARGEST_UNIT {
            return Err(format!("<{name}> has {} bytes, and at most {LARGEST_UNIT} are taken", unit.len()));
        }
        Ok(format!("{}{unit}</{}>", self.root_tag, self.root))
    }
}

impl Iterator for Scanner<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        while !self.closed {
            let from = self.at;
            match self.next_markup() {
                Ok(Some((start, Markup::Start { name, empty }))) if self.unit_names.contains(&name) => {
                    let line = self.line_of(start);
                    let document = self.cut(start, name, empty);
                    return Some(Unit { line, document });
                }
                Ok(Some((_, Markup::End { name }))) if name == self.root => self.closed = true,
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(what) => {
                    self.at = self.text.len();
                    let line = self.line_of(from);
                    return Some(Unit { line, document: Err(what) });
                }
            }
        }
        None
    }
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

/// The next piece of markup from `at` on, and where it begins; `at` moves past it.
fn markup_after<'a>(text: &'a str, at: &mut usize) -> Result<Option<(usize, Markup<'a>)>, String> {
    let Some(start) = text.get(*at..).and_then(|rest| rest.find('<')).map(|found| *at + found) else {
        *at = text.len();
        return Ok(None);
    };
    let rest = &text[start..];
    for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if let Some(content) = rest.strip_prefix(opening) {
            let end = content.find(closing).ok_or_else(|| format!("`{opening}` has no `{closing}`"))?;
            *at = start + opening.len() + end + closing.len();
            return Ok(Some((start, Markup::Other)));
        }
    }
    let end = end_of_tag(rest).ok_or("a tag has no end: the file was cut")?;
    *at = start + end;
    let inside = &rest[1..end - 1];
    if let Some(declaration) = inside.strip_prefix('!') {
        // The body of a document type is where entities are declared.
        let body = declaration.contains('[') || !declaration.starts_with("DOCTYPE");
        return if body {
            Err("declares entities of its own, which are not taken".to_owned())
        } else {
            Ok(Some((start, Markup::Other)))
        };
    }
    let name_of = |tag: &'a str| tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    let markup = match inside.strip_prefix('/') {
        Some(name) => Markup::End { name: name_of(name) },
        None => Markup::Start { name: name_of(inside), empty: inside.ends_with('/') },
    };
    Ok(Some((start, markup)))
}

/// One past the `>` that closes the tag at the beginning of `text`; what stands between quotes does not close it.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}
