//! The two gates of the workplace: `entrance` for every request, `guard` for all but those that sign somebody in.

use axum::body::Body;
use axum::extract::{FromRequest, Request, State as Given};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::carried::Carried;
use super::{cookie, may, origin, visitor};
use crate::people::Signed;
use crate::web::dress::{self, RequestId};
use crate::web::error::WebError;
use crate::web::problem::{Problem, wants_page};
use crate::web::respond::{NEVER_KEPT, put};
use crate::web::state::State;
use crate::web::views::staff::{sign_in, trouble};

/// Learns who asks, from where; refuses changes that another site asked for; keeps answers out of every cache; writes
/// problems as pages of the workplace.
pub async fn entrance(Given(state): Given<State>, mut request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let path = request.uri().path().to_owned();
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let who = visitor::visitor(request.extensions(), &asked, &state.settings.trusted_proxies);
    let mut signed = None;
    let own = origin::is_own(request.method(), &asked, state.settings.public_url.as_deref());
    let mut response = if own {
        match find(&state, &asked, &who).await {
            Ok(found) => {
                signed = found;
                if let Some(signed) = &signed {
                    request.extensions_mut().insert(signed.clone());
                }
                request.extensions_mut().insert(who);
                next.run(request).await
            }
            Err(error) => error.into_response(),
        }
    } else {
        tracing::warn!(target: "thuyetminh::web", id, path, "a change was asked for from another origin");
        WebError::CrossOrigin.into_response()
    };
    if wants_page(&path, &asked)
        && let Some(problem) = response.extensions().get::<Problem>().cloned()
        && !problem.kind.status().is_server_error()
    {
        response = as_page(&state, signed.as_ref(), &asked, &problem, &id, response);
    }
    put(&mut response, CACHE_CONTROL, NEVER_KEPT);
    put(&mut response, VARY, "Cookie, Accept, Accept-Language");
    response
}

async fn find(state: &State, asked: &HeaderMap, who: &crate::people::Visitor) -> Result<Option<Signed>, WebError> {
    match cookie::held(asked) {
        Some(token) => Ok(state.people.signed(token, who).await?),
        None => Ok(None),
    }
}

fn as_page(
    state: &State,
    signed: Option<&Signed>,
    asked: &HeaderMap,
    problem: &Problem,
    id: &str,
    plain: Response,
) -> Response {
    let lang = may::language(state, signed, asked);
    match trouble::render(state, signed, lang, problem, id) {
        Ok(html) => {
            let mut page = staff_page(problem.kind.status(), html);
            for name in [axum::http::header::RETRY_AFTER, axum::http::header::WWW_AUTHENTICATE] {
                if let Some(value) = plain.headers().get(&name) {
                    page.headers_mut().insert(name, value.clone());
                }
            }
            page
        }
        // The outer layer writes it then.
        Err(_) => plain,
    }
}

/// A page of the workplace, with its status.
#[must_use]
pub fn staff_page(status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    put(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
    response
}

/// A page on which sounds are made: it may play what it holds itself, and ask for the microphone.
#[must_use]
pub fn sound_page(status: StatusCode, html: String) -> Response {
    let mut response = staff_page(status, html);
    put(&mut response, CONTENT_SECURITY_POLICY, dress::SHIELD_WITH_SOUND);
    put(&mut response, HeaderName::from_static("permissions-policy"), dress::MICROPHONE_ALLOWED);
    response
}

/// Lets in only who is signed in. A browser gets the sign-in in place of the page, which leads back to it and carries on
/// what was being sent; a program gets 401.
pub async fn guard(Given(state): Given<State>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Signed>().is_some() {
        return next.run(request).await;
    }
    let asked = request.headers().clone();
    if !wants_page(request.uri().path(), &asked) {
        return WebError::SignInNeeded.into_response();
    }
    let had_session = cookie::held(&asked).is_some();
    let lang = may::language(&state, None, &asked);
    let plain = origin::plain_http(&asked, state.settings.public_url.as_deref());
    let told = if had_session { sign_in::Told::Ended } else { sign_in::Told::Nothing };
    let (carried, told) = match carry(request).await {
        Ok(carried) => (carried, told),
        Err(to) => (Carried::to(&to), sign_in::Told::Lost),
    };
    match sign_in::render(&state, lang, &sign_in::Form { carried, told, plain, ..Default::default() }) {
        Ok(html) => {
            let mut response = staff_page(StatusCode::UNAUTHORIZED, html);
            put(&mut response, axum::http::header::WWW_AUTHENTICATE, crate::web::problem::CHALLENGE);
            response
        }
        Err(error) => error.into_response(),
    }
}

/// What a request wanted; `Err` with its address where its body cannot be carried on.
async fn carry(request: Request<Body>) -> Result<Carried, String> {
    let to = request.uri().path_and_query().map_or(String::new(), ToString::to_string);
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(Carried::to(&to));
    }
    match axum::Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(form) => {
            let carried = Carried::form(&to, form.0);
            // A form whose page opens anew: addresses that only take changes have none, their parent has.
            if carried.fields.is_some() { Ok(carried) } else { Ok(Carried::to("/staff/account")) }
        }
        Err(_) => Err(super::carried::HOME.to_owned()),
    }
}
