//! What calls about the collection may answer besides what they give, described once.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// The refusals of a reading.
pub struct NotRead;

/// The refusals of a change.
pub struct NotChanged;

const READING: [(u16, &str); 5] = [
    (400, "The request cannot be read"),
    (401, "Nobody is signed in"),
    (403, "Not with this role, or asked for by another site"),
    (404, "There is no such thing"),
    (500, "The house failed"),
];

const CHANGING: [(u16, &str); 6] = [
    (409, "Not as things stand"),
    (412, "Somebody else changed it since it was read: read it again and bring both together"),
    (413, "The body is too large"),
    (415, "The body is not JSON"),
    (422, "Something in the body does not fit; the detail names the fields"),
    (428, "A change needs `If-Match` with the `ETag` of what it was made on"),
];

fn described(statuses: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let problem = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = |meaning: &str| {
        ResponseBuilder::new().description(meaning).content("application/problem+json", problem()).build()
    };
    statuses.iter().map(|(status, meaning)| (status.to_string(), RefOr::T(response(meaning)))).collect()
}

impl IntoResponses for NotRead {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described(&READING)
    }
}

impl IntoResponses for NotChanged {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = described(&READING);
        all.extend(described(&CHANGING));
        all
    }
}
