//! The table of RFC 9110 sections 13 and 14 that `plan` passes, row by row.

use super::Plan::{NotModified, Part, PreconditionFailed, Unsatisfiable, Whole};
use super::{Plan, RangeSet, plan};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::prelude::*;

const TAG: &str = "abc";
const DATE: &str = "Sat, 29 Oct 1994 19:43:31 GMT";

/// What is proved, method, headers, what is expected of a file of 1000 bytes tagged `"abc"`.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)], Plan);

const fn part(first: u64, last: u64) -> Plan {
    Part { first, last }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // 14.1.2, 14.2: single ranges
    ("no range",                              "GET",  &[], Whole),
    ("what iOS asks first",                   "GET",  &[("range", "bytes=0-1")], part(0, 1)),
    ("one byte",                              "GET",  &[("range", "bytes=0-0")], part(0, 0)),
    ("the last byte by number",               "GET",  &[("range", "bytes=999-999")], part(999, 999)),
    ("the middle",                            "GET",  &[("range", "bytes=500-599")], part(500, 599)),
    ("open end",                              "GET",  &[("range", "bytes=200-")], part(200, 999)),
    ("open from the start is still a part",   "GET",  &[("range", "bytes=0-")], part(0, 999)),
    ("the last bytes",                        "GET",  &[("range", "bytes=-500")], part(500, 999)),
    ("the last byte",                         "GET",  &[("range", "bytes=-1")], part(999, 999)),
    ("more last bytes than there are",        "GET",  &[("range", "bytes=-5000")], part(0, 999)),
    ("an end past the end",                   "GET",  &[("range", "bytes=990-5000")], part(990, 999)),
    ("an end past any number",                "GET",  &[("range", "bytes=990-99999999999999999999999")], part(990, 999)),
    ("unit in capitals",                      "GET",  &[("range", "BYTES=0-1")], part(0, 1)),
    ("spaces around members",                 "GET",  &[("range", "bytes= 0-1 ")], part(0, 1)),
    ("empty members are skipped",             "GET",  &[("range", "bytes=,0-1,")], part(0, 1)),
    ("leading zeros",                         "GET",  &[("range", "bytes=000-001")], part(0, 1)),
    // 15.5.17: nothing to give
    ("a start at the end",                    "GET",  &[("range", "bytes=1000-")], Unsatisfiable),
    ("a start past the end",                  "GET",  &[("range", "bytes=2000-3000")], Unsatisfiable),
    ("a start past any number",               "GET",  &[("range", "bytes=99999999999999999999999-")], Unsatisfiable),
    ("no last bytes at all",                  "GET",  &[("range", "bytes=-0")], Unsatisfiable),
    ("several, none satisfiable",             "GET",  &[("range", "bytes=1000-1001,-0")], Unsatisfiable),
    // 14.2: several ranges may be answered with the whole
    ("several",                               "GET",  &[("range", "bytes=0-1,5-6")], Whole),
    ("several, one satisfiable",              "GET",  &[("range", "bytes=0-1,5000-")], Whole),
    ("several, overlapping",                  "GET",  &[("range", "bytes=0-500,400-700")], Whole),
    // 14.2: invalid and unknown are ignored
    ("unknown unit",                          "GET",  &[("range", "lines=0-1")], Whole),
    ("no unit",                               "GET",  &[("range", "0-1")], Whole),
    ("empty set",                             "GET",  &[("range", "bytes=")], Whole),
    ("only commas",                           "GET",  &[("range", "bytes=,,")], Whole),
    ("only a hyphen",                         "GET",  &[("range", "bytes=-")], Whole),
    ("backwards",                             "GET",  &[("range", "bytes=5-1")], Whole),
    ("one backwards spoils the set",          "GET",  &[("range", "bytes=0-1,5-1")], Whole),
    ("letters",                               "GET",  &[("range", "bytes=a-b")], Whole),
    ("a sign",                                "GET",  &[("range", "bytes=+1-5")], Whole),
    ("a fraction",                            "GET",  &[("range", "bytes=0.5-1")], Whole),
    ("two hyphens",                           "GET",  &[("range", "bytes=1--5")], Whole),
    ("a space inside",                        "GET",  &[("range", "bytes=0 - 1")], Whole),
    ("the field twice",                       "GET",  &[("range", "bytes=0-1"), ("range", "bytes=2-3")], Whole),
    // 14.2: ranges are defined for GET
    ("HEAD",                                  "HEAD", &[("range", "bytes=0-1")], Whole),
    ("HEAD past the end",                     "HEAD", &[("range", "bytes=2000-")], Whole),
    // 13.1.5: If-Range
    ("same tag",                              "GET",  &[("range", "bytes=0-1"), ("if-range", "\"abc\"")], part(0, 1)),
    ("other tag",                             "GET",  &[("range", "bytes=0-1"), ("if-range", "\"old\"")], Whole),
    ("other tag hides 416",                   "GET",  &[("range", "bytes=2000-"), ("if-range", "\"old\"")], Whole),
    ("same tag, past the end",                "GET",  &[("range", "bytes=2000-"), ("if-range", "\"abc\"")], Unsatisfiable),
    ("weak tag never holds",                  "GET",  &[("range", "bytes=0-1"), ("if-range", "W/\"abc\"")], Whole),
    ("a date never holds",                    "GET",  &[("range", "bytes=0-1"), ("if-range", DATE)], Whole),
    ("no quotes",                             "GET",  &[("range", "bytes=0-1"), ("if-range", "abc")], Whole),
    ("a list is no tag",                      "GET",  &[("range", "bytes=0-1"), ("if-range", "\"abc\", \"x\"")], Whole),
    ("If-Range alone",                        "GET",  &[("if-range", "\"old\"")], Whole),
    // 13.1.2: If-None-Match
    ("same",                                  "GET",  &[("if-none-match", "\"abc\"")], NotModified),
    ("same, weak",                            "GET",  &[("if-none-match", "W/\"abc\"")], NotModified),
    ("in a list",                             "GET",  &[("if-none-match", "\"x\", \"abc\", \"y\"")], NotModified),
    ("in a second line",                      "GET",  &[("if-none-match", "\"x\""), ("if-none-match", "\"abc\"")], NotModified),
    ("anything",                              "GET",  &[("if-none-match", "*")], NotModified),
    ("HEAD too",                              "HEAD", &[("if-none-match", "\"abc\"")], NotModified),
    ("other",                                 "GET",  &[("if-none-match", "\"x\"")], Whole),
    ("malformed",                             "GET",  &[("if-none-match", "abc")], Whole),
    ("304 before the range",                  "GET",  &[("if-none-match", "\"abc\""), ("range", "bytes=0-1")], NotModified),
    ("304 before 416",                        "GET",  &[("if-none-match", "\"abc\""), ("range", "bytes=2000-")], NotModified),
    ("other, then the range",                 "GET",  &[("if-none-match", "\"x\""), ("range", "bytes=0-1")], part(0, 1)),
    // 13.1.1: If-Match
    ("If-Match same",                         "GET",  &[("if-match", "\"abc\"")], Whole),
    ("If-Match same, then the range",         "GET",  &[("if-match", "\"abc\""), ("range", "bytes=0-1")], part(0, 1)),
    ("If-Match in a list",                    "GET",  &[("if-match", "\"x\",\"abc\"")], Whole),
    ("If-Match anything",                     "GET",  &[("if-match", "*")], Whole),
    ("If-Match other",                        "GET",  &[("if-match", "\"x\"")], PreconditionFailed),
    ("If-Match weak",                         "GET",  &[("if-match", "W/\"abc\"")], PreconditionFailed),
    ("If-Match malformed",                    "GET",  &[("if-match", "abc")], PreconditionFailed),
    ("412 before 304",                        "GET",  &[("if-match", "\"x\""), ("if-none-match", "\"abc\"")], PreconditionFailed),
    ("412 before the range",                  "GET",  &[("if-match", "\"x\""), ("range", "bytes=0-1")], PreconditionFailed),
    ("412 on HEAD",                           "HEAD", &[("if-match", "\"x\"")], PreconditionFailed),
    // 13.1.3, 13.1.4: dates, which these files do not have
    ("If-Modified-Since is passed over",      "GET",  &[("if-modified-since", DATE)], Whole),
    ("also beside If-None-Match",             "GET",  &[("if-modified-since", DATE), ("if-none-match", "\"x\"")], Whole),
    ("If-None-Match decides alone",           "GET",  &[("if-modified-since", DATE), ("if-none-match", "\"abc\"")], NotModified),
    ("If-Unmodified-Since is passed over",    "GET",  &[("if-unmodified-since", DATE)], Whole),
    ("also beside If-Match",                  "GET",  &[("if-unmodified-since", DATE), ("if-match", "\"abc\"")], Whole),
];

fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    map
}

#[test]
fn every_row_of_the_table_holds() {
    let mut wrong = Vec::new();
    for (name, method, fields, expected) in ROWS {
        let got = plan(&method.parse::<Method>().unwrap(), &headers(fields), TAG, 1000);
        if got != *expected {
            wrong.push(format!("{name}: {method} {fields:?}: expected {expected:?}, got {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_empty_file_has_no_parts() {
    for range in ["bytes=0-", "bytes=-1", "bytes=0-0"] {
        assert_eq!(plan(&Method::GET, &headers(&[("range", range)]), TAG, 0), Whole, "{range}");
    }
}

#[test]
fn a_set_of_thousands_is_ignored() {
    let value = format!("bytes={}", vec!["0-0"; 1300].join(","));
    let mut map = HeaderMap::new();
    map.insert("range", HeaderValue::from_str(&value).unwrap());
    assert_eq!(plan(&Method::GET, &map, TAG, 1000), Whole);
    assert_eq!(RangeSet::parse(&value), None);
}

proptest! {
    #[test]
    fn a_part_lies_within_the_file(text in "(bytes=)?[-0-9, a]{0,20}", length in 1u64..5000) {
        let mut map = HeaderMap::new();
        map.insert("range", HeaderValue::from_str(&text).unwrap());
        if let Part { first, last } = plan(&Method::GET, &map, TAG, length) {
            prop_assert!(first <= last && last < length);
        }
    }

    #[test]
    fn a_valid_single_range_is_answered_as_asked(first in 0u64..2000, more in 0u64..2000) {
        let map = { let mut m = HeaderMap::new();
            m.insert("range", HeaderValue::from_str(&format!("bytes={first}-{}", first + more)).unwrap()); m };
        let expected = if first < 1000 { part(first, (first + more).min(999)) } else { Unsatisfiable };
        prop_assert_eq!(plan(&Method::GET, &map, TAG, 1000), expected);
    }
}
