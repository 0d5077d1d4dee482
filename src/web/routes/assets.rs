//! `/assets/{name}`: the pages' own style, scripts and icon.

use axum::extract::{Path, State as Given};
use axum::http::header::{ACCEPT_RANGES, ETAG};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::respond::put;
use crate::web::state::State;

pub async fn get(
    Given(state): Given<State>,
    Path(name): Path<String>,
    method: Method,
    mut headers: HeaderMap,
) -> Result<Response> {
    let asset = state.assets.get(&name).ok_or(WebError::NoFile)?;
    // These go out compressed, so their tag is weak and they have no parts.
    headers.remove(axum::http::header::RANGE);
    let tag = asset.hash.to_string();
    let weak = format!("W/\"{tag}\"");
    let length = asset.bytes.len() as u64;
    let bytes = Bytestore::Memory(asset.bytes.clone());
    let mut response = serve(&method, &headers, &File { tag, media_type: asset.media_type, length, bytes });
    response.headers_mut().remove(ACCEPT_RANGES);
    if response.headers().contains_key(ETAG) {
        put(&mut response, ETAG, &weak);
        put(&mut response, axum::http::header::VARY, "Accept-Encoding");
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn style_goes_out_compressed_and_is_kept() {
        let house = House::empty().await;
        let page = house.get("/vi/").send().await.body;
        let address = page.split("stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let plain = house.get(&address).send().await;
        assert_eq!((plain.status, plain.header("content-type")), (200, "text/css; charset=utf-8"));
        assert!(plain.header("etag").starts_with("W/"));
        let packed = house.get(&address).header("accept-encoding", "gzip").send().await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert!(packed.bytes.len() < plain.bytes.len() / 2);
        let again = house.get(&address).header("if-none-match", plain.header("etag")).send().await;
        assert_eq!((again.status, again.header("vary")), (304, "Accept-Encoding"));
        assert_eq!(house.get("/assets/other.css").send().await.status, 404);
    }
}
