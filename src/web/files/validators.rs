//! Entity tags and the conditional headers that carry them: RFC 9110 sections 8.8.3 and 13.1.
//!
//! What is served here has a strong entity tag and no date of change, so every condition on a date is passed over
//! (sections 13.1.3 to 13.1.5: a condition on a date the server does not have is ignored, or does not match).

use axum::http::header::{AsHeaderName, HeaderMap};

/// An entity tag as a client sent it: `W/"x"` is weak, `"x"` is strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityTag<'a> {
    pub weak: bool,
    /// What stands between the quotes.
    pub opaque: &'a str,
}

impl<'a> EntityTag<'a> {
    /// Reads one tag from the front of `text`; gives it and what follows. `None` where no tag stands there.
    fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let (weak, quoted) = match text.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let body = quoted.strip_prefix('"')?;
        let end = body.find('"')?;
        let opaque = &body[..end];
        // etagc = %x21 / %x23-7E / obs-text: neither spaces nor controls.
        if opaque.bytes().any(|b| b <= b' ' || b == 0x7f) {
            return None;
        }
        Some((Self { weak, opaque }, &body[end + 1..]))
    }

    /// The whole text is one tag.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (tag, rest) = Self::read(text.trim())?;
        rest.is_empty().then_some(tag)
    }
}

/// How two tags are compared (RFC 9110 section 8.8.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Both must be strong.
    Strong,
    /// Weakness does not matter.
    Weak,
}

/// Whether a field of entity tags (`If-Match`, `If-None-Match`) matches the tag of what is there; `None` where the
/// client sent no such field. `*` matches anything that exists. What is malformed from some point on ends the list.
#[must_use]
pub fn matches(headers: &HeaderMap, name: impl AsHeaderName, current: &EntityTag, how: Comparison) -> Option<bool> {
    let mut sent = None;
    for line in headers.get_all(name) {
        let found = line.to_str().is_ok_and(|text| list_matches(text, current, how));
        sent = Some(sent.unwrap_or(false) || found);
    }
    sent
}

fn list_matches(list: &str, current: &EntityTag, how: Comparison) -> bool {
    let mut rest = list.trim();
    if rest == "*" {
        return true;
    }
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let Some((tag, after)) = EntityTag::read(rest) else { return false };
        let strong = !tag.weak && !current.weak;
        if tag.opaque == current.opaque && (how == Comparison::Weak || strong) {
            return true;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asks(value: &str, current: &str, how: Comparison) -> bool {
        list_matches(value, &EntityTag::parse(current).unwrap(), how)
    }

    #[test]
    fn lists_match_by_the_comparison_asked_for() {
        use Comparison::{Strong, Weak};
        for (value, current, how, expected) in [
            (r#""a""#, r#""a""#, Strong, true),
            (r#""a""#, r#""b""#, Strong, false),
            (r#"W/"a""#, r#""a""#, Strong, false),
            (r#"W/"a""#, r#""a""#, Weak, true),
            (r#""a""#, r#"W/"a""#, Weak, true),
            (r#""x", "y" ,"a""#, r#""a""#, Strong, true),
            (r#", ,"a","#, r#""a""#, Strong, true),
            // A comma inside a tag does not end it.
            (r#""x,"a","a""#, r#""a""#, Strong, false),
            (r#""x,a""#, r#""a""#, Strong, false),
            ("*", r#""a""#, Strong, true),
            (" * ", r#""a""#, Weak, true),
            ("a", r#""a""#, Weak, false),
            ("\"a", r#""a""#, Weak, false),
            ("", r#""a""#, Weak, false),
            (r#"w/"a""#, r#""a""#, Weak, false),
        ] {
            assert_eq!(asks(value, current, how), expected, "{value} against {current}");
        }
    }

    #[test]
    fn one_tag_is_one_tag() {
        assert_eq!(EntityTag::parse(r#""a""#), Some(EntityTag { weak: false, opaque: "a" }));
        assert_eq!(EntityTag::parse(r#"W/"""#), Some(EntityTag { weak: true, opaque: "" }));
        for bad in ["", "a", r#""a" "b""#, r#""a b""#, "\"", "W/"] {
            assert_eq!(EntityTag::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,60}") {
            let _ = EntityTag::parse(&text);
            let _ = asks(&text, "\"a\"", Comparison::Weak);
        }
    }
}
