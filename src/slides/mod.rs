//! Slides as still pictures, floor 2: what a screen shows of a stop, drawn without a browser, for closed systems that
//! play files alone.
//!
//! Invariants: a picture is 1920 by 1080; the code is drawn in whole pixels, black on white with its quiet zone; a letter
//! that no font has is an error, never an empty box.

mod canvas;
#[cfg(test)]
mod tests;
mod wrap;

use image::RgbImage;
use image::imageops::{FilterType, crop_imm, overlay, resize};

use crate::domain::Language;
use crate::labels::{LabelError, Typefaces};
use canvas::{Canvas, Ink};
use wrap::{fitted, paragraph};

pub const WIDTH: u32 = 1920;
pub const HEIGHT: u32 = 1080;

/// The part of the width that the picture has.
const PICTURE: u32 = 1114;
/// Between words and edges, and between the lines of different size.
const EDGE: f32 = 54.0;
const GAP: f32 = 24.0;
/// The code's side at most.
const CODE: u32 = 250;

const WHITE: Ink = Ink([251, 246, 236]);
const SAND: Ink = Ink([232, 185, 138]);
const SOFT: Ink = Ink([217, 203, 184]);

/// What stands on a slide.
#[derive(Clone, Debug)]
pub struct Slide {
    pub language: Language,
    pub place: String,
    pub title: String,
    pub line: String,
    pub mark: String,
    /// The stop's code, for who cannot scan.
    pub code: String,
    pub qr: Modules,
    /// `None`: words alone.
    pub picture: Option<RgbImage>,
}

/// A QR code, row by row, whether a module is dark, quiet zone and all.
#[derive(Clone, Debug)]
pub struct Modules {
    pub side: usize,
    pub dark: Vec<bool>,
}

/// Words of one size.
struct Block {
    lines: Vec<String>,
    size: f32,
    leading: f32,
    bold: bool,
    ink: Ink,
}

impl Block {
    fn height(&self) -> f32 {
        self.lines.len() as f32 * self.size * self.leading
    }
}

/// Draws a slide.
///
/// # Errors
/// Where a font is not there, or no font has a letter.
pub fn draw(slide: &Slide, fonts: &mut Typefaces) -> Result<RgbImage, LabelError> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    canvas.slope([109, 43, 22], [22, 17, 13]);
    let left = match &slide.picture {
        Some(picture) => {
            overlay(&mut canvas.pixels, &covering(picture, PICTURE, HEIGHT), 0, 0);
            PICTURE
        }
        None => 0,
    };
    let (x, width) = (left as f32 + EDGE, (WIDTH - left) as f32 - 2.0 * EDGE);
    let language = slide.language;
    let title = fitted(&slide.title, language, (70.0, 44.0), width, 3, fonts)?;
    let blocks = [
        Block {
            lines: paragraph(&slide.place, language, (32.0, false), width, 1, fonts)?,
            size: 32.0,
            leading: 1.3,
            bold: false,
            ink: SAND,
        },
        Block { size: title.1, lines: title.0, leading: 1.16, bold: true, ink: WHITE },
        Block {
            lines: paragraph(&slide.line, language, (39.0, false), width, 5, fonts)?,
            size: 39.0,
            leading: 1.4,
            bold: false,
            ink: WHITE,
        },
    ];
    let mark = Block {
        lines: paragraph(&slide.mark, language, (24.0, false), width, 3, fonts)?,
        size: 24.0,
        leading: 1.35,
        bold: false,
        ink: SOFT,
    };
    let scale = (CODE / slide.qr.side.max(1) as u32).max(1);
    let code = scale * slide.qr.side as u32;
    let shown = blocks.iter().chain([&mark]).filter(|block| !block.lines.is_empty());
    let words: f32 = shown.map(|block| block.height() + GAP).sum();
    let mut y = ((HEIGHT as f32 - words - code as f32) / 2.0).max(EDGE / 2.0);
    for block in &blocks {
        y = put(&mut canvas, block, language, (x, y), fonts)?;
    }
    canvas.code(&slide.qr, scale, (x as u32, y as u32));
    let beside = (x + code as f32 + GAP, y + code as f32 / 2.0 + 12.0);
    canvas.text(&slide.code, language, (35.0, true), beside, WHITE, fonts)?;
    put(&mut canvas, &mark, language, (x, y + code as f32 + GAP), fonts)?;
    Ok(canvas.pixels)
}

/// Draws lines from the top down; where the next thing begins.
fn put(
    canvas: &mut Canvas,
    block: &Block,
    language: Language,
    (x, mut y): (f32, f32),
    fonts: &mut Typefaces,
) -> Result<f32, LabelError> {
    for line in &block.lines {
        // The foot of the letters lies at four fifths of the line.
        let foot = y + block.size * (block.leading / 2.0 + 0.3);
        canvas.text(line, language, (block.size, block.bold), (x, foot), block.ink, fonts)?;
        y += block.size * block.leading;
    }
    Ok(if block.lines.is_empty() { y } else { y + GAP })
}

/// The middle of a picture, as much of it as fills a room.
fn covering(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (own_width, own_height) = (picture.width().max(1), picture.height().max(1));
    let wide = u64::from(own_width) * u64::from(height) > u64::from(own_height) * u64::from(width);
    let side = |of: u32, by: u32, part: u32| {
        u32::try_from(u64::from(of) * u64::from(by) / u64::from(part.max(1))).unwrap_or(of)
    };
    let (keep_width, keep_height) = match wide {
        true => (side(own_height, width, height).clamp(1, own_width), own_height),
        false => (own_width, side(own_width, height, width).clamp(1, own_height)),
    };
    let corner = ((own_width - keep_width) / 2, (own_height - keep_height) / 2);
    let middle = crop_imm(picture, corner.0, corner.1, keep_width, keep_height).to_image();
    resize(&middle, width, height, FilterType::Triangle)
}
