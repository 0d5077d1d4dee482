//! `/audio/{sha256}.mp3` and `.opus`: the sound of published editions, under a name that never means anything else.

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
    let (hash, extension) = file_name(&name)?;
    let Some(FileKind::Audio(format)) = state.store.published_file(hash).await? else { return Err(WebError::NoFile) };
    if format.extension() != extension {
        return Err(WebError::NoFile);
    }
    let lost = || WebError::Contradiction(format!("the sound {hash} is published, and its file is not there"));
    let length = state.blobs.size(hash).await?.ok_or_else(lost)?;
    let bytes = Bytestore::Blob(&state.blobs, hash);
    let file = File { tag: hash.to_string(), media_type: format.media_type(), length, bytes };
    Ok(serve(&method, &headers, &file))
}

#[cfg(test)]
mod tests {
    use crate::domain::ContentHash;
    use crate::web::testing::House;

    #[tokio::test]
    async fn a_sound_is_served_whole_in_parts_and_not_at_all() {
        let house = House::with_guides().await;
        let (address, etag, all) =
            (format!("/audio/{}.mp3", house.mp3), format!("\"{}\"", house.mp3), &house.mp3_bytes);
        let whole = house.get(&address).send().await;
        assert_eq!((whole.status, whole.header("content-type")), (200, "audio/mpeg"));
        assert_eq!(whole.header("accept-ranges"), "bytes");
        assert_eq!(whole.header("etag"), etag);
        assert_eq!(whole.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(whole.header("content-length"), all.len().to_string());
        assert_eq!(whole.header("x-content-type-options"), "nosniff");
        assert_eq!(&whole.bytes, all);

        let last = all.len() - 1;
        // Across the pieces that a file is read in.
        for (first, to) in [(0, 1), (262_100, 262_200), (last, last), (1000, last)] {
            let part = house.get(&address).header("range", &format!("bytes={first}-{to}")).send().await;
            assert_eq!(part.status, 206);
            assert_eq!(part.header("content-range"), format!("bytes {first}-{to}/{}", all.len()));
            assert_eq!(part.header("content-length"), (to + 1 - first).to_string());
            assert_eq!(part.header("etag"), etag);
            assert_eq!(part.bytes, all[first..=to], "{first}-{to}");
        }

        let beyond = house.get(&address).header("range", "bytes=99999999-").send().await;
        assert_eq!((beyond.status, beyond.header("content-range")), (416, format!("bytes */{}", all.len()).as_str()));
        assert_eq!(beyond.json()["type"], "/api/#range-not-satisfiable");

        let known = house.get(&address).header("if-none-match", &etag).send().await;
        assert_eq!((known.status, known.bytes.len()), (304, 0));
        assert_eq!(
            (known.header("etag"), known.header("cache-control")),
            (etag.as_str(), whole.header("cache-control"))
        );
        assert_eq!(house.get(&address).header("if-match", "\"other\"").send().await.status, 412);
    }

    #[tokio::test]
    async fn head_says_what_get_would_and_sends_nothing() {
        let house = House::with_guides().await;
        let head = house.ask("HEAD", &format!("/audio/{}.mp3", house.mp3)).header("range", "bytes=0-1").send().await;
        assert_eq!((head.status, head.bytes.len()), (200, 0));
        assert_eq!(head.header("content-length"), house.mp3_bytes.len().to_string());
        assert_eq!(head.header("accept-ranges"), "bytes");
        let post = house.ask("POST", &format!("/audio/{}.mp3", house.mp3)).send().await;
        assert_eq!((post.status, post.header("allow")), (405, "GET,HEAD"));
        assert_eq!(post.json()["status"], 405);
    }

    #[tokio::test]
    async fn only_what_is_published_is_served_and_only_under_its_name() {
        let house = House::with_guides().await;
        let unknown = ContentHash::of(b"never stored");
        for address in [
            format!("/audio/{}.opus", house.mp3),
            format!("/audio/{}", house.mp3),
            format!("/audio/{}.wav", house.master),
            format!("/audio/{}.mp3", house.master),
            format!("/audio/{}.mp3", house.captions),
            format!("/audio/{}.mp3", house.unpublished),
            format!("/audio/{unknown}.mp3"),
            format!("/audio/{}.MP3", house.mp3),
            format!("/audio/{}.mp3", house.mp3.to_string().to_uppercase()),
            "/audio/x.mp3".to_owned(),
            "/audio/..%2f..%2fetc%2fpasswd".to_owned(),
            "/audio/".to_owned(),
        ] {
            let answer = house.get(&address).send().await;
            assert_eq!(answer.status, 404, "{address}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{address}");
        }
    }

    #[tokio::test]
    async fn a_file_that_was_damaged_on_the_disk_is_never_sent() {
        let house = House::with_guides().await;
        house.damage(house.mp3);
        let answer = house.get(&format!("/audio/{}.mp3", house.mp3)).send().await;
        assert_eq!(answer.status, 500);
        assert!(!answer.body.contains(house.folder()) && answer.json()["id"].is_string());
    }
}
