//! Pixels, and how letters, codes and a slope of colour come onto them.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use image::{Rgb, RgbImage};
use ttf_parser::OutlineBuilder;

use super::Modules;
use crate::domain::Language;
use crate::labels::{LabelError, Typefaces};

/// A colour of letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink(pub [u8; 3]);

pub(super) struct Canvas {
    pub pixels: RgbImage,
}

impl Canvas {
    pub fn new(width: u32, height: u32) -> Self {
        Self { pixels: RgbImage::new(width, height) }
    }

    /// A slope from the upper left corner to two thirds of the way down to the lower right one.
    pub fn slope(&mut self, from: [u8; 3], to: [u8; 3]) {
        let (width, height) = (self.pixels.width() as f32, self.pixels.height() as f32);
        for (x, y, pixel) in self.pixels.enumerate_pixels_mut() {
            let way = ((x as f32 + y as f32) / (width + height) / 0.7).min(1.0);
            *pixel = Rgb([0, 1, 2].map(|part| mixed(from[part], to[part], way)));
        }
    }

    /// A code with its upper left corner at a point, so many pixels a module.
    pub fn code(&mut self, code: &Modules, scale: u32, (left, top): (u32, u32)) {
        for (at, dark) in code.dark.iter().enumerate() {
            let (column, row) = ((at % code.side) as u32, (at / code.side) as u32);
            let color = if *dark { Rgb([0, 0, 0]) } else { Rgb([255, 255, 255]) };
            for (dx, dy) in (0..scale * scale).map(|n| (n % scale, n / scale)) {
                let (x, y) = (left + column * scale + dx, top + row * scale + dy);
                if x < self.pixels.width() && y < self.pixels.height() {
                    self.pixels.put_pixel(x, y, color);
                }
            }
        }
    }

    /// One line of text from a point at its foot.
    pub fn text(
        &mut self,
        text: &str,
        language: Language,
        (size, bold): (f32, bool),
        (mut x, y): (f32, f32),
        ink: Ink,
        fonts: &mut Typefaces,
    ) -> Result<(), LabelError> {
        for letter in Typefaces::letters(text) {
            let mut shape = Outline::default();
            let advance = fonts.outline(letter, language, bold, text, &mut shape)?;
            self.fill(&shape, size, (x, y), ink);
            x += advance * size;
        }
        Ok(())
    }

    fn fill(&mut self, shape: &Outline, size: f32, (x, y): (f32, f32), ink: Ink) {
        let Some((low, high)) = shape.bounds() else { return };
        // One pixel of room on each side, and the part of a pixel by which the letter is moved.
        let (left, top) = ((x + low.x * size).floor() - 1.0, (y - high.y * size).floor() - 1.0);
        let width = ((high.x - low.x) * size).ceil() as usize + 4;
        let height = ((high.y - low.y) * size).ceil() as usize + 4;
        let mut raster = Rasterizer::new(width, height);
        let place = |p: Point| point(x + p.x * size - left, y - p.y * size - top);
        for part in &shape.parts {
            match *part {
                Part::Line(a, b) => raster.draw_line(place(a), place(b)),
                Part::Quad(a, b, c) => raster.draw_quad(place(a), place(b), place(c)),
                Part::Cubic(a, b, c, d) => raster.draw_cubic(place(a), place(b), place(c), place(d)),
            }
        }
        let pixels = &mut self.pixels;
        raster.for_each_pixel_2d(|dx, dy, cover| {
            let (x, y) = (left as i64 + i64::from(dx), top as i64 + i64::from(dy));
            let inside = x >= 0 && y >= 0 && x < i64::from(pixels.width()) && y < i64::from(pixels.height());
            if inside && cover > 0.0 {
                let pixel = pixels.get_pixel_mut(x as u32, y as u32);
                *pixel = Rgb([0, 1, 2].map(|part| mixed(pixel[part], ink.0[part], cover.min(1.0))));
            }
        });
    }
}

fn mixed(from: u8, to: u8, way: f32) -> u8 {
    (f32::from(from) + (f32::from(to) - f32::from(from)) * way).round() as u8
}

/// A letter's lines in ems, the foot at 0, up being more.
#[derive(Default)]
struct Outline {
    parts: Vec<Part>,
    first: Point,
    last: Point,
}

enum Part {
    Line(Point, Point),
    Quad(Point, Point, Point),
    Cubic(Point, Point, Point, Point),
}

impl Outline {
    fn bounds(&self) -> Option<(Point, Point)> {
        let points = self.parts.iter().flat_map(|part| match *part {
            Part::Line(a, b) => vec![a, b],
            Part::Quad(a, b, c) => vec![a, b, c],
            Part::Cubic(a, b, c, d) => vec![a, b, c, d],
        });
        points.fold(None, |found: Option<(Point, Point)>, p| {
            let (low, high) = found.unwrap_or((p, p));
            Some((point(low.x.min(p.x), low.y.min(p.y)), point(high.x.max(p.x), high.y.max(p.y))))
        })
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.first = point(x, y);
        self.last = self.first;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = point(x, y);
        self.parts.push(Part::Line(self.last, to));
        self.last = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let to = point(x, y);
        self.parts.push(Part::Quad(self.last, point(x1, y1), to));
        self.last = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let to = point(x, y);
        self.parts.push(Part::Cubic(self.last, point(x1, y1), point(x2, y2), to));
        self.last = to;
    }

    fn close(&mut self) {
        self.parts.push(Part::Line(self.last, self.first));
        self.last = self.first;
    }
}
