//! `/staff/screens/{screen}/clips/{stop}/{language}`: a slide as a film, for closed systems.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::domain::Language;
use crate::web::clips::film;
use crate::web::error::{Result, WebError};
use crate::web::respond::put;
use crate::web::screening::{Stock, find};
use crate::web::state::State;
use crate::web::views::page::origin;
use crate::web::workplace::{May, See};

pub async fn get(
    Here(state): Here<State>,
    may: May<See>,
    Path((code, stop, language)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let screen = find(&state, &Stock::read(&state).await?, &may, &code).await?;
    let slug = stop.parse().map_err(|_| WebError::UnknownStop(stop.chars().take(80).collect()))?;
    let unknown = || WebError::UnknownLanguage(language.chars().take(40).collect());
    let language: Language = language.parse().map_err(|_| unknown())?;
    let bytes = film(&state, &screen, &slug, language, &origin(&state, &headers)).await?;
    let mut response = bytes.into_response();
    put(&mut response, header::CONTENT_TYPE, "video/mp4");
    put(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{slug}-{language}.mp4\""));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use crate::domain::screen::{Plan, ScreenCode};
    use crate::domain::{Actor, Role, Scope};
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_slide_comes_as_a_film() {
        let (house, sites) = House::with_sites().await;
        house.person("first", Scope::House, Role::Viewer).await;
        house.person("other", Scope::Site(sites[1]), Role::Viewer).await;
        let plan: Plan = toml::from_str("name = \"bus\"\nlanguages = [\"vi\", \"en\"]\nseconds = 1").unwrap();
        let code = house.store.put_screen(&Actor::shell(), &ScreenCode::from_random([7; 10]), &plan).await.unwrap();
        let session = house.session("first").await;
        for address in ["/staff", "/api/v1/staff"] {
            let address = format!("{address}/screens/{code}/clips");
            let film = house.get(&format!("{address}/hai-ngon-thap/vi")).signed(&session).send().await;
            assert_eq!((film.status, film.header("content-type")), (200, "video/mp4"), "{}", film.body);
            assert_eq!(&film.bytes[4..8], b"ftyp");
            for (slide, status) in [("bia-da/vi", 404), ("hai-ngon-thap/ja", 404), ("x/vi", 404), ("x/xx", 404)] {
                let answer = house.get(&format!("{address}/{slide}")).signed(&session).send().await;
                assert_eq!(answer.status, status, "{slide}");
            }
            let stranger = house.session("other").await;
            let answer = house.get(&format!("{address}/hai-ngon-thap/vi")).signed(&stranger).send().await;
            assert_eq!(answer.status, 403);
        }
    }
}
