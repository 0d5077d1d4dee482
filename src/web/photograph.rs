//! A photograph as somebody uploads it, made fit to be kept: upright, of a size pages need, without what a camera noted.
//!
//! Invariant: what comes out was drawn anew from its pixels, so nothing that was hidden in the file is left.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The most bytes of an upload.
pub const LARGEST: usize = 12 << 20;
/// The most pixels of a side, and in all, in millions.
pub const LONGEST_SIDE: u32 = 9_000;
pub const MOST_MILLIONS: u64 = 60;
/// Of memory while decoding, in bytes.
const MEMORY: u64 = 256 << 20;
/// The longer side of what is kept, in pixels: twice the widest that pages show.
const KEPT_SIDE: u32 = 2_400;
const QUALITY: u8 = 88;

/// Why an upload is no photograph that can be used.
#[derive(Debug, thiserror::Error)]
pub enum PhotographError {
    #[error("the picture has {0} bytes: at most {LARGEST} are taken")]
    Large(usize),
    #[error("this is neither a JPEG nor a PNG")]
    Form,
    #[error(
        "the picture has {width} by {height} pixels: at most {LONGEST_SIDE} a side, and {MOST_MILLIONS} million in all"
    )]
    Pixels { width: u32, height: u32 },
    #[error("the picture cannot be read: {0}")]
    Unreadable(#[from] image::ImageError),
    #[error("the picture cannot be looked at: {0}")]
    Cut(#[from] std::io::Error),
}

/// A JPEG of the picture, or a PNG where it has see-through parts. The sides of the upload are looked at before any of it
/// is decoded.
///
/// # Errors
/// What is wrong with the upload.
pub fn tidy(bytes: &[u8]) -> Result<Bytes, PhotographError> {
    if bytes.len() > LARGEST {
        return Err(PhotographError::Large(bytes.len()));
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
        return Err(PhotographError::Form);
    }
    // The head alone is read first: a picture of 40,000 by 40,000 is refused by it, and so is one whose head lies once its
    // pixels come to more than the head says.
    reader.no_limits();
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_MILLIONS * 1_000_000 {
        return Err(PhotographError::Pixels { width, height });
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Lanczos3);
    }
    let mut out = Cursor::new(Vec::new());
    if picture.color().has_alpha() {
        picture.write_to(&mut out, ImageFormat::Png)?;
    } else {
        JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&picture.to_rgb8())?;
    }
    Ok(out.into_inner().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        JpegEncoder::new(&mut out).encode_image(&image::RgbImage::new(width, height)).unwrap();
        out
    }

    #[test]
    fn a_large_one_is_made_smaller_and_its_notes_are_gone() {
        let mut bytes = jpeg(4_000, 1_000);
        // An EXIF segment that turns it by 90 degrees and holds a word that must not be published.
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0SECRET".to_vec();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        exif.splice(0..0, [0xff, 0xe1, length[0], length[1]]);
        bytes.splice(2..2, exif);
        let tidied = tidy(&bytes).unwrap();
        assert!(!tidied.windows(6).any(|window| window == b"SECRET"));
        let picture = image::load_from_memory(&tidied).unwrap();
        assert_eq!((picture.width(), picture.height()), (600, 2_400));
    }

    /// A PNG of so many pixels a side whose head says that they are others, and whose sums are right.
    fn saying(holds: u32, says: u32) -> Vec<u8> {
        let mut png = Cursor::new(Vec::new());
        DynamicImage::new_luma8(holds, holds).write_to(&mut png, ImageFormat::Png).unwrap();
        let mut lying = png.into_inner();
        lying[16..20].copy_from_slice(&says.to_be_bytes());
        lying[20..24].copy_from_slice(&says.to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(&lying[12..29]);
        lying[29..33].copy_from_slice(&sum.sum().to_be_bytes());
        lying
    }

    #[test]
    fn bombs_and_strangers_are_refused() {
        // A PNG that says it is 40,000 by 40,000: refused by its head.
        let bomb = saying(4, 40_000);
        assert!(matches!(tidy(&bomb), Err(PhotographError::Pixels { width: 40_000, height: 40_000 })));
        // One that holds fewer pixels than it says.
        assert!(matches!(tidy(&saying(4, 7_000)), Err(PhotographError::Unreadable(_))));
        assert!(matches!(tidy(b"<svg onload=alert(1)>"), Err(PhotographError::Form)));
        assert!(matches!(tidy(&jpeg(64, 64)[..200]), Err(PhotographError::Unreadable(_) | PhotographError::Cut(_))));
        assert!(matches!(tidy(&vec![0; LARGEST + 1]), Err(PhotographError::Large(_))));
    }
}
