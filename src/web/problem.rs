//! Errors as visitors and programs see them: RFC 9457 problem details, or a page for a browser.
//!
//! Invariant: nothing internal is told. A failure of the house is logged under the request's id, and only the id is
//! given away.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Language, Permission, SiteId, StopId};
use crate::web::respond::put;

/// What a 401 asks for (RFC 9110 section 11.6.1): the cookie of a session.
pub const CHALLENGE: &str = "Session realm=\"staff\"";

/// The kinds of problems, each with its own `type` and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    NotFound,
    UnknownCode,
    RetiredCode,
    UnknownLanguage,
    UnknownSite,
    UnknownStop,
    UnknownTour,
    NoGuide,
    Precondition,
    Unsatisfiable,
    UnknownDevice,
    CodeRefused,
    TooManyCodes,
    BadReport,
    SignInNeeded,
    WrongPassword,
    CodeNeeded,
    WrongCode,
    Forbidden,
    CrossOrigin,
    PlainHttp,
    TooMany,
    Unfit,
    Conflict,
    /// Anything else a client did; its own status says what.
    Refused(StatusCode),
    Failed,
}

impl Kind {
    /// Those with a `type` of their own, for the page about the interface.
    pub const NAMED: &'static [Self] = &[
        Self::NotFound,
        Self::UnknownCode,
        Self::RetiredCode,
        Self::UnknownLanguage,
        Self::UnknownSite,
        Self::UnknownStop,
        Self::UnknownTour,
        Self::NoGuide,
        Self::Precondition,
        Self::Unsatisfiable,
        Self::UnknownDevice,
        Self::CodeRefused,
        Self::TooManyCodes,
        Self::BadReport,
        Self::SignInNeeded,
        Self::WrongPassword,
        Self::CodeNeeded,
        Self::WrongCode,
        Self::Forbidden,
        Self::CrossOrigin,
        Self::PlainHttp,
        Self::TooMany,
        Self::Unfit,
        Self::Conflict,
        Self::Failed,
    ];

    /// What stands in `type` after `/api/#`.
    #[must_use]
    pub fn anchor(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::UnknownCode => "unknown-code",
            Self::RetiredCode => "retired-code",
            Self::UnknownLanguage => "unknown-language",
            Self::UnknownSite => "unknown-site",
            Self::UnknownStop => "unknown-stop",
            Self::UnknownTour => "unknown-tour",
            Self::NoGuide => "no-guide",
            Self::Precondition => "precondition-failed",
            Self::Unsatisfiable => "range-not-satisfiable",
            Self::UnknownDevice => "unknown-device",
            Self::CodeRefused => "code-refused",
            Self::TooManyCodes => "too-many-codes",
            Self::BadReport => "bad-report",
            Self::SignInNeeded => "sign-in-needed",
            Self::WrongPassword => "wrong-password",
            Self::CodeNeeded => "code-needed",
            Self::WrongCode => "wrong-code",
            Self::Forbidden => "forbidden",
            Self::CrossOrigin => "cross-origin",
            Self::PlainHttp => "https-needed",
            Self::TooMany => "too-many-tries",
            Self::Unfit => "unfit",
            Self::Conflict => "conflict",
            Self::Refused(_) => "",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Precondition => StatusCode::PRECONDITION_FAILED,
            Self::Unsatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::RetiredCode => StatusCode::GONE,
            Self::UnknownDevice => StatusCode::UNAUTHORIZED,
            Self::CodeRefused => StatusCode::FORBIDDEN,
            Self::TooManyCodes => StatusCode::TOO_MANY_REQUESTS,
            Self::BadReport => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SignInNeeded | Self::WrongPassword | Self::CodeNeeded | Self::WrongCode => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::CrossOrigin | Self::PlainHttp => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unfit => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Refused(status) => status,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::NOT_FOUND,
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NotFound => "Nothing here",
            Self::UnknownCode => "Unknown stop code",
            Self::RetiredCode => "Stop code used no more",
            Self::UnknownLanguage => "Unknown language",
            Self::UnknownSite => "Unknown site",
            Self::UnknownStop => "Unknown stop",
            Self::UnknownTour => "Unknown tour",
            Self::NoGuide => "Guide not published in this language",
            Self::Precondition => "Precondition failed",
            Self::Unsatisfiable => "Range not satisfiable",
            Self::UnknownDevice => "Unknown device",
            Self::CodeRefused => "Enrolment code refused",
            Self::TooManyCodes => "Too many codes tried",
            Self::BadReport => "Report not understood",
            Self::SignInNeeded => "Sign in first",
            Self::WrongPassword => "Wrong name or password",
            Self::CodeNeeded => "Second factor needed",
            Self::WrongCode => "Wrong code",
            Self::Forbidden => "Not with this role",
            Self::CrossOrigin => "Asked for by another site",
            Self::PlainHttp => "HTTPS needed",
            Self::TooMany => "Too many tries",
            Self::Unfit => "Does not fit",
            Self::Conflict => "Not as things stand",
            Self::Refused(status) => status.canonical_reason().unwrap_or("Refused"),
            Self::Failed => "Internal error",
        }
    }
}

/// What a visitor is offered instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    Nothing,
    /// The list of stops: a label's code led nowhere.
    Stops {
        code: String,
    },
    /// These languages; `None`: all that anything is published in.
    Languages(Option<Vec<Language>>),
    /// The stops of this site, first of all the one that bore the code: the label is an old one.
    Site {
        site: SiteId,
        stop: Option<StopId>,
    },
    /// To ask somebody for the role this takes.
    Role(Permission),
    /// To come back in so many seconds.
    Later(u64),
}

/// A problem on its way to the visitor: `dress` writes it as a page or as JSON.
#[derive(Clone, Debug)]
pub struct Problem {
    pub kind: Kind,
    pub detail: String,
    pub offer: Offer,
    /// For the log alone.
    pub cause: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), offer: Offer::Nothing, cause: None }
    }

    #[must_use]
    pub fn offering(self, offer: Offer) -> Self {
        Self { offer, ..self }
    }

    /// A failure of the house: the whole chain of causes goes to the log.
    #[must_use]
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let mut cause = error.to_string();
        let mut next = error.source();
        while let Some(source) = next {
            cause = format!("{cause}: {source}");
            next = source.source();
        }
        let detail = "the request could not be answered; the id names the entry in the log";
        Self { cause: Some(cause), ..Self::new(Kind::Failed, detail) }
    }

    /// The JSON of RFC 9457.
    #[must_use]
    pub fn details(&self, path: &str, id: &str, available: Vec<Available>) -> ProblemDetails {
        let anchor = self.kind.anchor();
        ProblemDetails {
            kind: if anchor.is_empty() { "about:blank".to_owned() } else { format!("/api/#{anchor}") },
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.detail.clone(),
            instance: path.to_owned(),
            id: id.to_owned(),
            available,
        }
    }
}

impl IntoResponse for Problem {
    /// Empty but for the status: `dress` finds the problem among the extensions and writes it.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        if self.kind.status() == StatusCode::UNAUTHORIZED {
            put(&mut response, header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Offer::Later(seconds) = self.offer {
            put(&mut response, header::RETRY_AFTER, &seconds.to_string());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Problem details, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDetails {
    /// The kind of problem, as a reference to its description.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// The address that was asked for.
    pub instance: String,
    /// Names the request in the log of the house.
    pub id: String,
    /// What could be asked for instead, where something could.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub available: Vec<Available>,
}

/// Something that could be asked for instead.
#[derive(Debug, Serialize, ToSchema)]
pub struct Available {
    /// BCP 47.
    #[schema(value_type = String)]
    pub language: Language,
    pub url: String,
}

/// Whether a client wants a problem as a page: browsers do, programs and the readers of `/api` do not.
#[must_use]
pub fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    if path == "/api" || path.starts_with("/api/v") || path == "/api/openapi.json" || path == "/readyz" {
        return false;
    }
    let sent: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok()).collect();
    let weight =
        |wanted: &[&str]| sent.iter().flat_map(|line| line.split(',')).filter_map(|m| weight_of(m, wanted)).max();
    let page = weight(&["text/html", "application/xhtml+xml"]);
    let json = weight(&["application/json", "application/problem+json"]);
    match (page, json) {
        (None, None) => !is_file(path),
        (page, json) => page >= json && page > Some(0),
    }
}

/// Files are fetched by players and programs, which send `*/*`.
fn is_file(path: &str) -> bool {
    ["/audio/", "/captions/", "/images/", "/assets/"].iter().any(|folder| path.starts_with(folder))
}

/// The weight, in thousandths, that one member of `Accept` gives one of the media types named.
fn weight_of(member: &str, wanted: &[&str]) -> Option<u16> {
    let mut parts = member.split(';').map(str::trim);
    let media_type = parts.next()?;
    wanted.iter().any(|name| name.eq_ignore_ascii_case(media_type)).then_some(())?;
    let quality = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
    let quality: f32 = quality.and_then(|text| text.parse().ok()).unwrap_or(1.0);
    Some((quality.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for (path, accept, page) in [
            ("/vi/stops/x", BROWSER, true),
            ("/vi/stops/x", "*/*", true),
            ("/vi/stops/x", "", true),
            ("/vi/stops/x", "application/json", false),
            ("/vi/stops/x", "application/problem+json, */*;q=0.1", false),
            ("/vi/stops/x", "application/json;q=0.5, text/html", true),
            ("/vi/stops/x", "application/json, text/html;q=0.5", false),
            ("/vi/stops/x", "text/html;q=0, application/json;q=0", false),
            ("/audio/x.mp3", "*/*", false),
            ("/audio/x.mp3", BROWSER, true),
            ("/api/v1/sites", BROWSER, false),
            ("/api/", BROWSER, true),
        ] {
            let mut headers = HeaderMap::new();
            if !accept.is_empty() {
                headers.insert(header::ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(wants_page(path, &headers), page, "{path} with Accept: {accept}");
        }
    }

    #[test]
    fn a_failure_tells_its_causes_to_the_log_alone() {
        let inner = std::io::Error::other("the disk at /data is gone");
        let problem = Problem::internal(&inner);
        let json = serde_json::to_string(&problem.details("/vi/", "7", Vec::new())).unwrap();
        assert!(problem.cause.unwrap().contains("/data") && !json.contains("/data"));
    }
}
