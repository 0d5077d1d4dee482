//! Pictures: PNG or JPEG that can be decoded whole, within bounds a small server can bear.

use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;

use super::Refusal;
use super::heads::PictureHead;
use super::reading::Reader;
use crate::domain::Caption;

const LARGEST_PICTURE: u64 = 5 << 20;
/// Of a side, in pixels.
const LONGEST_SIDE: u32 = 6_000;
/// Of memory while decoding, in bytes.
const MEMORY: u64 = 256 << 20;

/// The name looked for where the front matter names no cover.
const USUAL: &str = "cover.png";

/// The cover of a folder: the one its front matter names, else `cover.png` where there is one.
pub(super) fn cover(
    reader: &Reader,
    folder: &Path,
    named: Option<&str>,
    files: &[String],
) -> Result<Option<Bytes>, Refusal> {
    let name = match named {
        Some(name) => name,
        None if files.iter().any(|file| file == USUAL) => USUAL,
        None => return Ok(None),
    };
    let file = folder.join(name);
    if !files.iter().any(|file| file == name) {
        return Err(Refusal::file(&file, "is named as a picture and is not there: it must lie in this folder"));
    }
    let bytes = reader.bytes(&file, LARGEST_PICTURE)?;
    check(&bytes).map_err(|why| Refusal::file(&file, format!("is no picture that can be shown: {why}")))?;
    Ok(Some(bytes.into()))
}

/// The pictures a folder's front matter describes, in their order; `None` where it describes none. One without a
/// description for those who cannot see it comes in, and the workplace lists what is missing.
pub(super) fn described(
    reader: &Reader,
    folder: &Path,
    heads: &[PictureHead],
    files: &[String],
) -> Result<Option<Vec<(Bytes, Caption)>>, Refusal> {
    if heads.is_empty() {
        return Ok(None);
    }
    let mut pictures = Vec::new();
    for head in heads {
        let Some(bytes) = cover(reader, folder, Some(&head.file), files)? else { continue };
        let caption = Caption { alt: head.alt.clone(), credit: head.credit.clone(), licence: head.licence.clone() };
        pictures.push((bytes, caption));
    }
    Ok(Some(pictures))
}

fn check(bytes: &[u8]) -> Result<(), image::ImageError> {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits);
    reader.decode().map(|_| ())
}
