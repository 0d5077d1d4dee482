//! `/images/{sha256}-{width}.{ext}`: covers in the widths that pages ask for.

use axum::extract::{Path, State as Given};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::file_name;
use crate::domain::ContentHash;
use crate::store::FileKind;
use crate::web::error::{Result, WebError};
use crate::web::files::{Bytestore, File, serve};
use crate::web::pictures::{PictureFormat, WIDTHS};
use crate::web::state::State;

pub async fn get(
    Given(state): Given<State>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let (hash, width, format) = read(&name).ok_or(WebError::NoFile)?;
    let Some(FileKind::Image) = state.store.published_file(hash).await? else { return Err(WebError::NoFile) };
    let lost = || WebError::Contradiction(format!("the cover {hash} is shown, and its file is not there"));
    let bytes = state.pictures.resized(&state.blobs, hash, width, format).await?.ok_or_else(lost)?;
    // Made from the cover by a program that may learn to make it better: its own bytes name it.
    let tag = ContentHash::of(&bytes).to_string();
    let length = bytes.len() as u64;
    let file = File { tag, media_type: format.media_type(), length, bytes: Bytestore::Memory(bytes) };
    Ok(serve(&method, &headers, &file))
}

fn read(name: &str) -> Option<(ContentHash, u32, PictureFormat)> {
    let (stem, width) = name.split_once('-')?;
    let (hash, _) = file_name(&format!("{stem}.")).ok().map(|(hash, rest)| (hash, rest.to_owned()))?;
    let (width, extension) = width.split_once('.')?;
    let width = WIDTHS.into_iter().find(|allowed| allowed.to_string() == width)?;
    Some((hash, width, PictureFormat::of_extension(extension)?))
}

#[cfg(test)]
mod tests {
    use crate::web::testing::House;

    #[tokio::test]
    async fn covers_come_in_the_widths_there_are() {
        let house = House::with_guides().await;
        for (width, extension, media_type) in [(480, "jpg", "image/jpeg"), (960, "png", "image/png")] {
            let address = format!("/images/{}-{width}.{extension}", house.cover);
            let answer = house.get(&address).send().await;
            assert_eq!((answer.status, answer.header("content-type")), (200, media_type));
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            let picture = image::load_from_memory(&answer.bytes).unwrap();
            assert_eq!((picture.width(), picture.height()), (width, width * 2 / 3));
            let again = house.get(&address).header("if-none-match", answer.header("etag")).send().await;
            assert_eq!(again.status, 304);
            let part = house.get(&address).header("range", "bytes=0-7").send().await;
            assert_eq!((part.status, part.bytes.as_slice()), (206, &answer.bytes[..8]));
        }
    }

    #[tokio::test]
    async fn other_widths_forms_and_files_are_not_there() {
        let house = House::with_guides().await;
        for name in [
            format!("{}-481.jpg", house.cover),
            format!("{}-0480.jpg", house.cover),
            format!("{}-480.webp", house.cover),
            format!("{}-480", house.cover),
            format!("{}.png", house.cover),
            format!("{}-480.jpg", house.mp3),
            format!("{}-480.jpg", house.unpublished),
        ] {
            assert_eq!(house.get(&format!("/images/{name}")).send().await.status, 404, "{name}");
        }
    }
}
