//! What to answer a request for a file with: all of it, a part, or no body at all, by RFC 9110 sections 13 and 14.
//!
//! A plain function over method, headers, tag and length: no file is touched. Choices the standard leaves open: a set
//! of several ranges is answered with the whole file unless none of them can be satisfied; an invalid set and an
//! unknown unit are ignored; ranges count on GET only.

use axum::http::header::{HeaderMap, IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderValue, Method};

use super::validators::{Comparison, EntityTag, matches};

/// How a request for a file is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// 200 with every byte.
    Whole,
    /// 206 with the bytes `first..=last`; `first <= last < length`.
    Part { first: u64, last: u64 },
    /// 304.
    NotModified,
    /// 412.
    PreconditionFailed,
    /// 416.
    Unsatisfiable,
}

/// The plan for one request, in the order of RFC 9110 section 13.2.2. `tag` is the file's strong entity tag without
/// its quotes, `length` its size in bytes.
#[must_use]
pub fn plan(method: &Method, headers: &HeaderMap, tag: &str, length: u64) -> Plan {
    let current = EntityTag { weak: false, opaque: tag };
    if matches(headers, IF_MATCH, &current, Comparison::Strong) == Some(false) {
        return Plan::PreconditionFailed;
    }
    if matches(headers, IF_NONE_MATCH, &current, Comparison::Weak) == Some(true) {
        return Plan::NotModified;
    }
    if method != Method::GET || length == 0 || !if_range_holds(headers, &current) {
        return Plan::Whole;
    }
    let mut fields = headers.get_all(RANGE).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else { return Plan::Whole };
    let Some(set) = field.to_str().ok().and_then(RangeSet::parse) else { return Plan::Whole };
    set.plan(length)
}

/// True without `If-Range`, or where it holds the current tag under strong comparison (section 13.1.5). A date never
/// holds: these files have none.
fn if_range_holds(headers: &HeaderMap, current: &EntityTag) -> bool {
    let holds = |value: &HeaderValue| value.to_str().ok().and_then(EntityTag::parse).is_some_and(|tag| tag == *current);
    headers.get_all(IF_RANGE).iter().all(holds)
}

/// One member of a set of byte ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spec {
    /// `first-` or `first-last`.
    From { first: u64, last: Option<u64> },
    /// `-length`: the last bytes.
    Suffix(u64),
}

#[derive(Debug, PartialEq, Eq)]
struct RangeSet(Vec<Spec>);

impl RangeSet {
    /// `None` for an unknown unit or an invalid set. More than 64 members are taken for an attack and are invalid.
    fn parse(text: &str) -> Option<Self> {
        let (unit, set) = text.trim().split_once('=')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let members = set.split(',').map(|member| member.trim_matches([' ', '\t'])).filter(|member| !member.is_empty());
        let specs = members.take(65).map(Spec::parse).collect::<Option<Vec<_>>>()?;
        (1..=64).contains(&specs.len()).then_some(Self(specs))
    }

    fn plan(&self, length: u64) -> Plan {
        let parts: Vec<_> = self.0.iter().filter_map(|spec| spec.within(length)).collect();
        match parts[..] {
            [] => Plan::Unsatisfiable,
            [(first, last)] if self.0.len() == 1 => Plan::Part { first, last },
            _ => Plan::Whole,
        }
    }
}

impl Spec {
    fn parse(member: &str) -> Option<Self> {
        let (from, to) = member.split_once('-')?;
        match (from.is_empty(), to.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Self::Suffix(number(to)?)),
            (false, true) => Some(Self::From { first: number(from)?, last: None }),
            (false, false) => {
                let (first, last) = (number(from)?, number(to)?);
                (first <= last).then_some(Self::From { first, last: Some(last) })
            }
        }
    }

    /// The bytes this asks of a file of `length > 0`; `None` where it cannot be satisfied.
    fn within(self, length: u64) -> Option<(u64, u64)> {
        let end = length - 1;
        match self {
            Self::From { first, last } => (first <= end).then(|| (first, last.map_or(end, |last| last.min(end)))),
            Self::Suffix(0) => None,
            Self::Suffix(count) => Some((length.saturating_sub(count), end)),
        }
    }
}

/// Digits only; a number past what fits is as good as the largest.
fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
#[path = "ranges_table.rs"]
mod table;
