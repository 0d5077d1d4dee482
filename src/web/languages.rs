//! Which language a visitor is answered in.
//!
//! The order is: what the address asks for (`?lang=`), what the visitor chose before (a cookie), what their device
//! prefers (`Accept-Language`), the house's default. Only languages that are there can win. Matching is the lookup of
//! RFC 4647 section 3.4, with the weights of RFC 9110 section 12.5.4.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};

use crate::domain::Language;

/// The cookie that remembers a visitor's choice. It holds a language tag and nothing else.
pub const REMEMBERED: &str = "lang";

/// The language to answer in, out of `available`; `None` only where nothing is available.
#[must_use]
pub fn choose(asked: Option<&str>, headers: &HeaderMap, available: &[Language], default: Language) -> Option<Language> {
    let there = |language: Language| available.contains(&language).then_some(language);
    let lookup = |range: &str| Language::lookup(range).and_then(there);
    asked
        .and_then(lookup)
        .or_else(|| remembered(headers).and_then(there))
        .or_else(|| accepted(headers, available, default))
        .or_else(|| there(default))
        .or_else(|| available.first().copied())
}

/// The language a visitor chose before.
#[must_use]
pub fn remembered(headers: &HeaderMap) -> Option<Language> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == REMEMBERED)?.1.parse().ok()
}

/// The `Set-Cookie` that remembers a choice for a year. `secure` where the page came over HTTPS.
#[must_use]
pub fn remember(language: Language, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{REMEMBERED}={language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}")
}

/// One member of `Accept-Language`.
struct Range<'a> {
    tag: &'a str,
    /// Thousandths; 0 means "not this one".
    weight: u16,
}

/// The best of `available` by the device's wishes. `None` where it has none that can be met.
fn accepted(headers: &HeaderMap, available: &[Language], default: Language) -> Option<Language> {
    let lines: Vec<&str> = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut ranges: Vec<Range> = lines.iter().flat_map(|line| line.split(',')).take(64).filter_map(range).collect();
    let refused: Vec<Language> =
        ranges.iter().filter(|r| r.weight == 0).filter_map(|r| Language::lookup(r.tag)).collect();
    ranges.retain(|range| range.weight > 0);
    // Stable: among equals the first one written wins.
    ranges.sort_by_key(|range| std::cmp::Reverse(range.weight));
    let mut open = available.iter().copied().filter(|language| !refused.contains(language));
    let named: Vec<Language> = ranges.iter().filter_map(|range| Language::lookup(range.tag)).collect();
    ranges.iter().find_map(|range| match range.tag {
        // Anything that no other range names (RFC 4647 section 3.4.1 leaves the choice): the default where it can be.
        "*" => {
            let free = |l: &Language| available.contains(l) && !refused.contains(l) && !named.contains(l);
            Some(default).filter(free).or_else(|| open.find(free))
        }
        tag => Language::lookup(tag).filter(|language| available.contains(language)),
    })
}

fn range(member: &str) -> Option<Range<'_>> {
    let mut parts = member.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| is_language_range(tag))?;
    let mut weight = 1000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = thousandths(value.trim())?;
        }
    }
    Some(Range { tag, weight })
}

/// `language-range` of RFC 4647 section 2.1.
fn is_language_range(tag: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    tag == "*" || (tag.split('-').all(|part| part == "*" || subtag(part)) && !tag.starts_with('*'))
}

/// `qvalue` of RFC 9110 section 12.4.2: 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    const THERE: [Language; 4] = [Language::VI, Language::EN, Language::JA, Language::PT];

    fn headers(accept: &str, cookie: &str) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in [(ACCEPT_LANGUAGE, accept), (COOKIE, cookie)] {
            if !value.is_empty() {
                map.insert(name, HeaderValue::from_str(value).unwrap());
            }
        }
        map
    }

    #[test]
    #[rustfmt::skip]
    fn the_order_is_address_choice_device_default() {
        for (asked, cookie, accept, expected) in [
            (Some("ja"), "lang=en", "pt", "ja"),
            (Some("ja-JP"), "", "", "ja"),
            (Some("fr"), "lang=en", "pt", "en"),
            (Some("xx"), "", "pt", "pt"),
            (Some(""), "", "pt", "pt"),
            (None, "lang=en", "pt", "en"),
            (None, "a=b; lang=ja ; c=d", "pt", "ja"),
            (None, "lang=fr", "pt", "pt"),
            (None, "lang=nonsense", "pt", "pt"),
            (None, "language=en", "pt", "pt"),
            (None, "", "pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", "pt"),
            (None, "", "en-US,en;q=0.9,vi;q=0.8", "en"),
            (None, "", "fr-FR, en;q=0.5, ja;q=0.6", "ja"),
            (None, "", "de, fr", "vi"),
            (None, "", "", "vi"),
            (None, "", "*", "vi"),
            (None, "", "fr, *;q=0.1", "vi"),
            (None, "", "en;q=0.2, *;q=0.1", "en"),
            (None, "", "vi;q=0, *", "en"),
            (None, "", "en;q=0, ja;q=0.001", "ja"),
            (None, "", "EN-gb", "en"),
            (None, "", "en;q=1.5, ja", "ja"),
            (None, "", "en;q=0.1234, ja;q=0.1", "ja"),
            (None, "", "en;Q=0.3, ja;q=0.2", "en"),
            (None, "", "en ; q=0.3 ,ja;q=0.9", "ja"),
            (None, "", ",,;q=1,-,en", "en"),
            (None, "", "zh-Hant-TW, ja-JP-x-osaka;q=0.9", "ja"),
        ] {
            let chosen = choose(asked, &headers(accept, cookie), &THERE, Language::VI).unwrap();
            assert_eq!(chosen.tag(), expected, "?lang={asked:?} cookie {cookie:?} accept {accept:?}");
        }
    }

    #[test]
    fn only_what_is_there_can_win() {
        assert_eq!(choose(Some("vi"), &headers("vi", "lang=vi"), &[Language::FR], Language::VI), Some(Language::FR));
        assert_eq!(choose(None, &headers("vi", ""), &[], Language::VI), None);
    }

    #[test]
    fn a_choice_is_read_back() {
        let cookie = remember(Language::ZH, true);
        assert!(cookie.ends_with("; Secure"));
        assert_eq!(remembered(&headers("", cookie.split(';').next().unwrap())), Some(Language::ZH));
    }

    proptest! {
        #[test]
        fn any_wish_is_answered(accept in "[ -~]{0,60}", cookie in "[ -~]{0,40}", asked in "\\PC{0,10}") {
            let chosen = choose(Some(&asked), &headers(&accept, &cookie), &THERE, Language::VI);
            prop_assert!(chosen.is_some_and(|language| THERE.contains(&language)));
        }
    }
}
