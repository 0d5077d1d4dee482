//! Draws measured labels on pages.

use krilla::color::{luma, rgb};
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Paint, Stroke};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

use super::fonts::Typefaces;
use super::layout::{Code, Measured, Plan, QUIET, plan};
use super::size::Millimetres;
use super::{Label, LabelError, Order, Paper};

const A4: (f32, f32) = (210.0, 297.0);
/// No printer reaches the edge of its paper.
const MARGIN: f32 = 9.0;
/// Between labels, room for the marks of both.
const GAP: f32 = 8.0;
const MARK_LENGTH: f32 = 3.0;
/// Marks keep away from what is cut out.
const MARK_OFFSET: f32 = 1.0;

const INK: (u8, u8, u8) = (36, 24, 16);
const CLAY: (u8, u8, u8) = (162, 60, 28);

/// The tower of the house, in a square of 24: its outline, clockwise from the top.
const TOWER: [(f32, f32); 19] = [
    (12.0, 1.5),
    (14.0, 4.7),
    (16.2, 6.0),
    (15.4, 8.0),
    (17.5, 10.0),
    (16.3, 12.5),
    (18.0, 15.4),
    (18.0, 20.5),
    (19.5, 20.5),
    (19.5, 22.0),
    (4.5, 22.0),
    (4.5, 20.5),
    (6.0, 20.5),
    (6.0, 15.4),
    (7.7, 12.5),
    (6.5, 10.0),
    (8.6, 8.0),
    (7.8, 6.0),
    (10.0, 4.7),
];

fn pt(millimetres: f32) -> f32 {
    Millimetres(millimetres).points()
}

/// The labels as a PDF.
///
/// # Errors
/// What cannot be drawn, with the way out.
pub fn sheet(labels: &[Label], order: &Order, fonts: &mut Typefaces) -> Result<Vec<u8>, LabelError> {
    let plan = plan(labels, order, fonts)?;
    let settings = SerializeSettings { compress_content_streams: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(Metadata::new().title(order.house.clone()).language(order.language.tag().to_owned()));
    match order.paper {
        Paper::A4 => on_a4(&mut document, &plan, order)?,
        Paper::Single => one_a_page(&mut document, &plan, order)?,
    }
    document.finish().map_err(|error| LabelError::Pdf(format!("{error:?}")))
}

fn on_a4(document: &mut Document, plan: &Plan, order: &Order) -> Result<(), LabelError> {
    let fits = |room: f32, side: f32| ((room - 2.0 * MARGIN + GAP) / (side + GAP)).max(0.0) as usize;
    let (columns, rows) = (fits(A4.0, plan.width), fits(A4.1, plan.height));
    if columns == 0 || rows == 0 {
        let (width, height) = (plan.width.ceil() as u32, plan.height.ceil() as u32);
        return Err(LabelError::TooLarge { distance: order.distance.centimetres(), width, height });
    }
    let all_of = |count: usize, side: f32| count as f32 * (side + GAP) - GAP;
    let left = (A4.0 - all_of(columns, plan.width)) / 2.0;
    let top = (A4.1 - all_of(rows, plan.height)) / 2.0;
    for labels in plan.labels.chunks(columns * rows) {
        let size = PageSettings::from_wh(pt(A4.0), pt(A4.1)).ok_or_else(|| no_page(A4.0, A4.1))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for (place, label) in labels.iter().enumerate() {
            let (column, row) = ((place % columns) as f32, (place / columns) as f32);
            let at = (left + column * (plan.width + GAP), top + row * (plan.height + GAP));
            one(&mut surface, plan, label, at, order.crop_marks);
        }
        surface.finish();
        page.finish();
    }
    Ok(())
}

fn one_a_page(document: &mut Document, plan: &Plan, order: &Order) -> Result<(), LabelError> {
    let around = if order.crop_marks { GAP } else { 0.0 };
    let (width, height) = (plan.width + 2.0 * around, plan.height + 2.0 * around);
    for label in &plan.labels {
        let size = PageSettings::from_wh(pt(width), pt(height)).ok_or_else(|| no_page(width, height))?;
        let trim = Rect::from_xywh(pt(around), pt(around), pt(plan.width), pt(plan.height));
        let mut page = document.start_page_with(size.with_trim_box(trim));
        let mut surface = page.surface();
        one(&mut surface, plan, label, (around, around), order.crop_marks);
        surface.finish();
        page.finish();
    }
    Ok(())
}

fn no_page(width: f32, height: f32) -> LabelError {
    LabelError::Pdf(format!("no page of {width} mm by {height} mm"))
}

fn one(surface: &mut Surface<'_>, plan: &Plan, label: &Measured, (x, y): (f32, f32), marks: bool) {
    surface.push_transform(&Transform::from_translate(pt(x), pt(y)));
    // Paper may be coloured; the quiet zone is white all the same.
    fill(surface, rectangle(0.0, 0.0, plan.width, plan.height), luma::Color::white().into());
    let words_left = label.words.first().map_or(plan.edge, |words| words.x - plan.mark * 0.85);
    surface.push_transform(&Transform::from_translate(pt(words_left - plan.mark * 0.17), pt(plan.edge)));
    fill(surface, tower(plan.mark), colour(CLAY));
    surface.pop();
    let quiet = QUIET as f32 * plan.module;
    surface.push_transform(&Transform::from_translate(pt(plan.code_x + quiet), pt(plan.code_y + quiet)));
    fill(surface, dark(&label.code, plan.module), luma::Color::black().into());
    surface.pop();
    for words in &label.words {
        write(surface, words);
    }
    if marks {
        crop_marks(surface, plan);
    }
    surface.pop();
}

/// The dark modules: those side by side in a row are one rectangle, so that no hair of white comes between them.
fn dark(code: &Code, module: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (y, row) in code.modules.chunks(code.side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let (left, top) = (x as f32 * module, y as f32 * module);
                let (right, bottom) = ((x + run.len()) as f32 * module, (y + 1) as f32 * module);
                if let Some(rect) = Rect::from_ltrb(pt(left), pt(top), pt(right), pt(bottom)) {
                    path.push_rect(rect);
                }
            }
            x += run.len();
        }
    }
    path.finish()
}

fn tower(size: f32) -> Option<Path> {
    let at = |value: f32| pt(value / 24.0 * size);
    let mut path = PathBuilder::new();
    for (place, (x, y)) in TOWER.into_iter().enumerate() {
        if place == 0 { path.move_to(at(x), at(y)) } else { path.line_to(at(x), at(y)) }
    }
    path.close();
    // The door, cut out by the even-odd rule.
    path.move_to(at(10.0), at(20.5));
    path.line_to(at(10.0), at(17.0));
    path.cubic_to(at(10.0), at(14.4), at(14.0), at(14.4), at(14.0), at(17.0));
    path.line_to(at(14.0), at(20.5));
    path.close();
    path.finish()
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(pt(x), pt(y), pt(width), pt(height))?);
    path.finish()
}

fn colour((red, green, blue): (u8, u8, u8)) -> Paint {
    rgb::Color::new(red, green, blue).into()
}

fn fill(surface: &mut Surface<'_>, path: Option<Path>, paint: Paint) {
    let Some(path) = path else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::EvenOdd }));
    surface.draw_path(&path);
}

fn write(surface: &mut Surface<'_>, words: &super::layout::Words) {
    surface.set_stroke(None);
    let paint = colour(if words.accent { CLAY } else { INK });
    surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::NonZero }));
    let mut x = pt(words.x);
    for run in &words.line.runs {
        let start = Point::from_xy(x, pt(words.y));
        surface.draw_glyphs(start, &run.glyphs, run.font.clone(), &run.text, words.size, false);
        x += run.width * words.size;
    }
}

/// Two lines at each corner, outside of what is cut out.
fn crop_marks(surface: &mut Surface<'_>, plan: &Plan) {
    let mut path = PathBuilder::new();
    let far = MARK_OFFSET + MARK_LENGTH;
    for (x, outward) in [(0.0, -1.0), (plan.width, 1.0)] {
        for (y, downward) in [(0.0, -1.0), (plan.height, 1.0)] {
            path.move_to(pt(x + outward * MARK_OFFSET), pt(y));
            path.line_to(pt(x + outward * far), pt(y));
            path.move_to(pt(x), pt(y + downward * MARK_OFFSET));
            path.line_to(pt(x), pt(y + downward * far));
        }
    }
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: luma::Color::black().into(), width: 0.25, ..Stroke::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
