//! The cookie of a session.
//!
//! The prefix `__Host-` (RFC 6265bis section 4.1.3.2) binds it to this host, over HTTPS, for all paths: neither a
//! neighbouring subdomain nor a plain connection can set or change it. Chromium and Firefox take
//! `http://localhost` and `http://127.0.0.1` for as safe as HTTPS, so a house can be tried on one machine; elsewhere the
//! workplace needs HTTPS, and says so.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

pub const SESSION: &str = "__Host-session";

/// The session token a browser sent, where it can be one.
#[must_use]
pub fn held(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let token = pairs.find(|(name, _)| *name == SESSION)?.1;
    (token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit())).then_some(token)
}

/// The `Set-Cookie` of a session. It ends with the browser; the store ends it earlier.
#[must_use]
pub fn give(token: &str) -> String {
    format!("{SESSION}={token}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// The `Set-Cookie` that takes it away.
#[must_use]
pub fn forget() -> String {
    format!("{SESSION}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_is_read() {
        let held_in = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, cookie.parse().unwrap());
            held(&headers).map(str::to_owned)
        };
        let token = "0af1".repeat(16);
        assert_eq!(held_in(&format!("lang=vi; {SESSION}={token}")), Some(token.clone()));
        assert_eq!(held_in(give(&token).split(';').next().unwrap()), Some(token.clone()));
        for bad in [format!("session={token}"), format!("{SESSION}={}", &token[1..]), format!("{SESSION}=")] {
            assert_eq!(held_in(&bad), None, "{bad}");
        }
    }
}
