//! `/api/openapi.json`: the interface described by OpenAPI 3.1, generated from the handlers and types themselves.

use axum::http::HeaderMap;
use axum::response::Response;
use utoipa::OpenApi;

use crate::web::error::Result;
use crate::web::respond::json;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Thuyết Minh",
        description = "A museum's sites and stops, and the spoken guides published for them. Reading is free for everyone; \
                       sound, captions and pictures lie at addresses that hold their hash and never change.",
    ),
    paths(super::sites::get, super::site::get, super::stops::get, super::stop::get, super::guide::get, super::listens::post,
        super::search::get, super::tours::list, super::tours::one,
        super::pictures::of_site, super::pictures::of_stop,
        super::kiosk::enrol::post, super::kiosk::manifest::get, super::kiosk::files::get, super::kiosk::heartbeat::post,
        super::kiosk::inventory::post, super::kiosk::plays::post, super::kiosk::faults::post,
        super::screens::playlist, super::screens::bus, super::screens::plays),
    tags(
        (name = "collection", description = "Sites, stops and tours"),
        (name = "guides", description = "Published guides: sound, captions, sentences with their times"),
        (name = "devices", description = "Kiosks: enrolment, what to hold, what they report; `docs/kiosk-protocol.md` says more"),
        (name = "screens", description = "Screens in buses and halls: what they play, and what they say they played"),
    ),
    servers((url = "/")),
)]
struct Interface;

/// The document that describes the interface.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Interface::openapi();
    document.merge(super::staff::document());
    document
}

pub async fn get(headers: HeaderMap) -> Result<Response> {
    json(&headers, &document())
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn the_document_describes_what_is_served() {
        let house = House::with_guides().await;
        let document = house.get("/api/openapi.json").send().await.json();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let paths = document["paths"].as_object().unwrap();
        let (kiosk, others): (Vec<_>, Vec<_>) = paths.iter().partition(|(path, _)| path.starts_with("/api/v1/kiosk/"));
        let public = others.into_iter().filter(|(path, operations)| {
            !path.contains("/staff/") && !path.contains("/screens/") && operations.get("get").is_some()
        });
        assert_eq!((kiosk.len(), public.clone().count()), (7, 10));
        for (path, operations) in public {
            let slug =
                [("sites", "thap-doi"), ("tours", "quanh-thap")].into_iter().find(|(what, _)| path.contains(what));
            let address = path.replace("{slug}", slug.map_or("hai-ngon-thap", |(_, slug)| slug));
            let answer = house.get(&address.replace("{lang}", "en")).send().await;
            assert_eq!(answer.status, 200, "{path}");
            let schema = &operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
            let name = schema.as_str().unwrap().rsplit('/').next().unwrap();
            // Every field that is served is described, and every one that is required is served.
            let described = document["components"]["schemas"][name]["properties"].as_object().unwrap();
            let served = answer.json();
            for field in served.as_object().unwrap().keys() {
                assert!(described.contains_key(field), "{path}: `{field}` is not described in {name}");
            }
            for field in document["components"]["schemas"][name]["required"].as_array().unwrap() {
                assert!(served.get(field.as_str().unwrap()).is_some(), "{path}: {field} is promised by {name}");
            }
        }
    }
}
