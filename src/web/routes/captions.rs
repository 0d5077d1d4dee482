//! `/captions/{sha256}.vtt`: the captions of published editions.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::file_name;
use crate::store::FileKind;
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::state::State;

pub async fn get(
    Given(state): Given<State>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let (hash, "vtt") = file_name(&name)? else { return Err(WebError::NoFile) };
    let Some(FileKind::Captions) = state.store.published_file(hash).await? else { return Err(WebError::NoFile) };
    let lost = || WebError::Contradiction(format!("the captions {hash} are published, and their file is not there"));
    let length = state.blobs.size(hash).await?.ok_or_else(lost)?;
    let bytes = Bytestore::Blob(&state.blobs, hash);
    let file = File { tag: hash.to_string(), media_type: "text/vtt; charset=utf-8", length, bytes };
    Ok(serve(&method, &headers, &file))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn captions_go_out_byte_for_byte() {
        let house = House::with_guides().await;
        let address = format!("/captions/{}.vtt", house.captions);
        let answer = house.get(&address).header("accept-encoding", "gzip").send().await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/vtt; charset=utf-8"));
        assert!(answer.body.starts_with("WEBVTT"));
        assert_eq!(answer.header("content-encoding"), "");
        for wrong in [format!("/captions/{}.mp3", house.captions), format!("/captions/{}.vtt", house.mp3)] {
            assert_eq!(house.get(&wrong).send().await.status, 404, "{wrong}");
        }
    }
}
