//! Whether a change was asked for by the house's own pages.
//!
//! Browsers say where a request comes from and pages cannot forge it: `Sec-Fetch-Site` (Fetch Metadata; sent over HTTPS
//! and to the machine itself), else `Origin` (Fetch standard; sent with every POST). A change with neither is refused:
//! programs that sign in send `Origin` themselves.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};

/// Whether a request may be let in as far as its origin goes. `public` is the address visitors know, where it is set.
#[must_use]
pub fn is_own(method: &Method, headers: &HeaderMap, public: Option<&str>) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    if headers.contains_key("sec-fetch-site") {
        // `none`: the person asked, by reloading or from the address bar.
        return matches!(text("sec-fetch-site"), Some("same-origin" | "none"));
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return false };
    let known = public.is_some_and(|public| same(origin, public));
    let asked = text(HOST.as_str()).is_some_and(|host| {
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    });
    known || asked
}

fn same(origin: &str, address: &str) -> bool {
    let mut parts = address.splitn(4, '/');
    let (scheme, _, authority) = (parts.next(), parts.next(), parts.next());
    let whole = format!("{}//{}", scheme.unwrap_or_default(), authority.unwrap_or_default());
    whole.eq_ignore_ascii_case(origin)
}

/// Whether somebody sits before a page that came over plain HTTP from another machine: a password would be read on its
/// way, and the browser would not keep the cookie.
#[must_use]
pub fn plain_http(headers: &HeaderMap, public: Option<&str>) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let address = match text(ORIGIN) {
        Some(origin) => origin.strip_prefix("http://"),
        None if public.is_some_and(|public| public.starts_with("https://")) => None,
        None => text(HOST),
    };
    address.is_some_and(|authority| !is_loopback(authority))
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(entries: &[(&'static str, &str)]) -> HeaderMap {
        entries.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    #[rustfmt::skip]
    fn changes_from_elsewhere_are_not_own() {
        const HERE: (&str, &str) = ("host", "guide.example:8080");
        for (entries, expected) in [
            (vec![("sec-fetch-site", "same-origin"), HERE], true),
            (vec![("sec-fetch-site", "none"), HERE], true),
            (vec![("sec-fetch-site", "cross-site"), HERE], false),
            (vec![("sec-fetch-site", "same-site"), HERE], false),
            (vec![("sec-fetch-site", ""), HERE], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://guide.example:8080"), HERE], false),
            (vec![("origin", "https://guide.example:8080"), HERE], true),
            (vec![("origin", "http://GUIDE.example:8080"), HERE], true),
            (vec![("origin", "https://museum.example"), HERE], true),
            (vec![("origin", "http://museum.example"), HERE], false),
            (vec![("origin", "https://evil.example"), HERE], false),
            (vec![("origin", "https://guide.example:8080.evil.example"), HERE], false),
            (vec![("origin", "null"), HERE], false),
            (vec![("origin", "ftp://guide.example:8080"), HERE], false),
            (vec![HERE], false),
            (vec![], false),
        ] {
            let own = is_own(&Method::POST, &headers(&entries), Some("https://museum.example"));
            assert_eq!(own, expected, "{entries:?}");
            assert!(is_own(&Method::GET, &headers(&entries), None));
        }
        assert!(!is_own(&Method::DELETE, &headers(&[("origin", "https://evil.example"), HERE]), None));
    }

    #[test]
    fn plain_http_is_told_from_the_machine_itself() {
        let public = Some("https://museum.example");
        for (entries, public, plain) in [
            (&[("origin", "http://192.168.1.5:8080")][..], None, true),
            (&[("origin", "http://192.168.1.5:8080")], public, true),
            (&[("origin", "https://museum.example")], None, false),
            (&[("origin", "http://localhost:8080")], None, false),
            (&[("origin", "http://127.0.0.1:8080")], None, false),
            (&[("origin", "http://[::1]:8080")], None, false),
            (&[("host", "192.168.1.5:8080")], None, true),
            (&[("host", "museum.example")], public, false),
            (&[("host", "localhost:8080")], None, false),
            (&[("host", "localhost.evil.example")], None, true),
        ] {
            assert_eq!(plain_http(&headers(entries), public), plain, "{entries:?} {public:?}");
        }
    }
}
