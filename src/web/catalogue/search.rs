//! Looking for sites, relics and stops by name, code, kind, theme or address, typed with or without Vietnamese marks.
//!
//! Every word typed must be found. What fits with its marks comes before what fits without them.

use crate::domain::{Names, Place, Relic, Site, Stop};
use crate::web::fulltext::{folded, small};

/// The most characters of a query that are looked at, and the most results.
const LONGEST: usize = 100;
const MOST: usize = 50;

/// One result.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    Site(&'a Site),
    Relic(&'a Site, &'a Relic),
    Stop(&'a Site, &'a Stop),
}

/// 0 where all words are there with their marks, 1 without; `None` where one is not there.
fn rank(words: &[(String, String)], text: &str) -> Option<u8> {
    let plain = folded(text);
    if !words.iter().all(|(_, word)| plain.contains(word.as_str())) {
        return None;
    }
    let small = small(text);
    Some(u8::from(!words.iter().all(|(word, _)| small.contains(word.as_str()))))
}

fn text_of(slug: &str, names: &Names, kind: &str, themes: &[String], place: Option<&Place>) -> String {
    let mut parts: Vec<&str> = vec![slug, kind];
    parts.extend(names.0.values().map(String::as_str));
    parts.extend(themes.iter().map(String::as_str));
    parts.extend(place.map(|place| place.address.as_str()));
    parts.join("\n")
}

/// What fits a query, the best first, each kind in its order. An empty query finds nothing.
#[must_use]
pub fn search<'a>(query: &str, sites: &'a [Site], relics: &'a [Relic], stops: &'a [Stop]) -> Vec<Found<'a>> {
    let query: String = query.chars().take(LONGEST).collect();
    let words: Vec<(String, String)> = query.split_whitespace().map(|word| (small(word), folded(word))).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let site_of = |id| sites.iter().find(|site| site.id == id);
    let mut found = Vec::new();
    for site in sites {
        let text = text_of(site.slug.as_str(), &site.names, &site.kind, &site.themes, site.place.as_ref());
        found.extend(rank(&words, &text).map(|rank| (rank, Found::Site(site))));
    }
    for stop in stops {
        let text = text_of(stop.slug.as_str(), &stop.names, &stop.kind, &stop.themes, stop.place.as_ref());
        let text = format!("{text}\n{}", stop.code);
        let fits = rank(&words, &text).zip(site_of(stop.site));
        found.extend(fits.map(|(rank, site)| (rank, Found::Stop(site, stop))));
    }
    for relic in relics {
        let text = text_of(relic.slug.as_str(), &relic.names, &relic.kind, &[], None);
        let fits = rank(&words, &text).zip(site_of(relic.site));
        found.extend(fits.map(|(rank, site)| (rank, Found::Relic(site, relic))));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(MOST).map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_may_be_left_out() {
        assert_eq!(folded("Tháp ĐÔI ở Quy Nhơn"), "thap doi o quy nhon");
        let words = |text: &str| -> Vec<(String, String)> {
            text.split_whitespace().map(|word| (small(word), folded(word))).collect()
        };
        assert_eq!(rank(&words("tháp đôi"), "Tháp Đôi"), Some(0));
        assert_eq!(rank(&words("THAP doi"), "Tháp Đôi"), Some(1));
        assert_eq!(rank(&words("tha\u{301}p"), "Tháp Đôi"), Some(0));
        assert_eq!(rank(&words("thap banh"), "Tháp Đôi"), None);
    }

    proptest! {
        #[test]
        fn what_is_folded_is_found_in_what_it_was(text in "\\PC{0,40}") {
            prop_assert_eq!(folded(&folded(&text)), folded(&text));
        }
    }
}
