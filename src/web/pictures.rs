//! Covers in the widths that pages ask for, made on demand and kept in memory.
//!
//! Only the widths of `WIDTHS` are made, never wider than the cover itself; one picture is made at a time, so that a
//! crowd of phones asking at once costs one decoding each and no more memory than one.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

use crate::blobs::{BlobError, Blobs};
use crate::domain::ContentHash;

/// The widths in pixels that are made.
pub const WIDTHS: [u32; 3] = [480, 960, 1200];

const QUALITY: u8 = 82;
/// A cover past this many pixels on a side, or past this many bytes decoded, is refused.
const LARGEST_SIDE: u32 = 8192;
const LARGEST_DECODED: u64 = 192 << 20;
/// How many bytes of made pictures are kept.
const KEPT: usize = 48 << 20;

/// The forms a picture is made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    Jpg,
    Png,
}

impl PictureFormat {
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "jpg" => Some(Self::Jpg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(
        "the cover {hash} is not a picture that can be shown: use PNG or JPEG of at most {LARGEST_SIDE} pixels a side"
    )]
    Unreadable {
        hash: ContentHash,
        #[source]
        source: image::ImageError,
    },
    #[error("making a picture was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}

type Key = (ContentHash, u32, PictureFormat);

/// What was made, the longest unused leaving first.
#[derive(Debug, Default)]
struct Shelf {
    made: HashMap<Key, (Bytes, u64)>,
    bytes: usize,
    /// Counts uses.
    uses: u64,
}

impl Shelf {
    fn get(&mut self, key: &Key) -> Option<Bytes> {
        self.uses += 1;
        let (bytes, used) = self.made.get_mut(key)?;
        *used = self.uses;
        Some(bytes.clone())
    }

    fn put(&mut self, key: Key, bytes: Bytes, room: usize) {
        self.uses += 1;
        self.bytes += bytes.len();
        if let Some((old, _)) = self.made.insert(key, (bytes, self.uses)) {
            self.bytes -= old.len();
        }
        while self.bytes > room && self.made.len() > 1 {
            let Some(oldest) = self.made.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| *key) else { break };
            if let Some((gone, _)) = self.made.remove(&oldest) {
                self.bytes -= gone.len();
            }
        }
    }
}

/// Makes pictures and remembers them.
#[derive(Debug)]
pub struct Pictures {
    shelf: Mutex<Shelf>,
    sizes: Mutex<HashMap<ContentHash, (u32, u32)>>,
    making: tokio::sync::Mutex<()>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { shelf: Mutex::default(), sizes: Mutex::default(), making: tokio::sync::Mutex::new(()) }
    }
}

impl Pictures {
    /// Width and height of a cover in pixels. `None` where it is not there.
    ///
    /// # Errors
    /// `Unreadable`, `Blob`.
    pub async fn size(&self, blobs: &Blobs, hash: ContentHash) -> Result<Option<(u32, u32)>, PictureError> {
        if let Some(size) = self.sizes.lock().unwrap_or_else(PoisonError::into_inner).get(&hash) {
            return Ok(Some(*size));
        }
        let Some(bytes) = blobs.get(hash).await? else { return Ok(None) };
        let unreadable = |source| PictureError::Unreadable { hash, source };
        let size = reader(&bytes).map_err(unreadable)?.into_dimensions().map_err(unreadable)?;
        self.sizes.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, size);
        Ok(Some(size))
    }

    /// The cover at this width, or at its own where that is less. `None` where it is not there.
    ///
    /// # Errors
    /// `Unreadable`, `Blob`, `CutOff`.
    pub async fn resized(
        &self,
        blobs: &Blobs,
        hash: ContentHash,
        width: u32,
        format: PictureFormat,
    ) -> Result<Option<Bytes>, PictureError> {
        let key = (hash, width, format);
        let kept = || self.shelf.lock().unwrap_or_else(PoisonError::into_inner).get(&key);
        if let Some(bytes) = kept() {
            return Ok(Some(bytes));
        }
        let _one_at_a_time = self.making.lock().await;
        if let Some(bytes) = kept() {
            return Ok(Some(bytes));
        }
        let Some(cover) = blobs.get(hash).await? else { return Ok(None) };
        let made = tokio::task::spawn_blocking(move || resize(&cover, width, format)).await?;
        let bytes = Bytes::from(made.map_err(|source| PictureError::Unreadable { hash, source })?);
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).put(key, bytes.clone(), KEPT);
        Ok(Some(bytes))
    }
}

fn reader(bytes: &[u8]) -> image::ImageResult<ImageReader<Cursor<&[u8]>>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_DECODED);
    reader.limits(limits);
    Ok(reader)
}

fn resize(bytes: &[u8], width: u32, format: PictureFormat) -> image::ImageResult<Vec<u8>> {
    let full = reader(bytes)?.decode()?;
    let picture = if full.width() > width {
        let height = (u64::from(full.height()) * u64::from(width)).div_ceil(u64::from(full.width()));
        full.resize_exact(width, u32::try_from(height).unwrap_or(u32::MAX).max(1), FilterType::Lanczos3)
    } else {
        full
    };
    let mut out = Vec::new();
    match format {
        PictureFormat::Png => picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png)?,
        PictureFormat::Jpg => JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&on_white(&picture))?,
    }
    Ok(out)
}

/// JPEG knows no transparency: what shows through is white.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, alpha] = rgba.get_pixel(x, y).0;
        let over = |value: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let picture = image::RgbaImage::from_fn(width, height, |x, _| image::Rgba([200, 80, (x % 256) as u8, 128]));
        picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png).unwrap();
        out
    }

    #[test]
    fn pictures_keep_their_shape_and_never_grow() {
        for (from, width, expected) in
            [((1200, 800), 480, (480, 320)), ((300, 200), 480, (300, 200)), ((999, 333), 480, (480, 160))]
        {
            for format in [PictureFormat::Jpg, PictureFormat::Png] {
                let made = resize(&png(from.0, from.1), width, format).unwrap();
                assert_eq!(reader(&made).unwrap().into_dimensions().unwrap(), expected, "{from:?} {format:?}");
            }
        }
    }

    #[test]
    fn what_shows_through_is_white() {
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(1, 1, image::Rgba([10, 20, 30, 0])));
        assert_eq!(on_white(&clear).get_pixel(0, 0).0, [255, 255, 255]);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(resize(b"not a picture", 480, PictureFormat::Jpg).is_err());
        assert!(resize(&png(8, 8)[..40], 480, PictureFormat::Jpg).is_err());
    }

    #[test]
    fn the_longest_unused_leaves_first() {
        let mut shelf = Shelf::default();
        let key = |n: u32| (ContentHash::of(b""), n, PictureFormat::Jpg);
        for n in 0..3 {
            shelf.put(key(n), Bytes::from(vec![0; 10]), 30);
        }
        assert!(shelf.get(&key(0)).is_some());
        shelf.put(key(3), Bytes::from(vec![0; 10]), 30);
        assert!(shelf.get(&key(1)).is_none() && shelf.get(&key(0)).is_some() && shelf.get(&key(3)).is_some());
        assert_eq!(shelf.bytes, 30);
    }
}
