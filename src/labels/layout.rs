//! What stands where on a label: everything measured in millimetres before anything is drawn.

use super::fonts::{Line, Typefaces};
use super::size::Millimetres;
use super::{Label, LabelError, Level, Order};
use crate::domain::Language;
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode, Version};

/// White around a code, in modules.
pub(super) const QUIET: usize = 4;
/// Empty at a label's edge.
const EDGE: f32 = 3.0;
/// Text is as wide as this at least, however small the code.
const NARROWEST: f32 = 42.0;
const POINT: f32 = 25.4 / 72.0;

/// Words at a place.
pub(super) struct Words {
    pub line: Line,
    /// In points.
    pub size: f32,
    /// Of the line's left end and foot, in millimetres from the label's upper left corner.
    pub x: f32,
    pub y: f32,
    pub accent: bool,
}

/// A code: row by row, whether a module is dark.
pub(super) struct Code {
    pub modules: Vec<bool>,
    pub side: usize,
}

/// One label, measured.
pub(super) struct Measured {
    pub code: Code,
    pub words: Vec<Words>,
}

/// All labels of an order, of one size.
pub(super) struct Plan {
    pub labels: Vec<Measured>,
    /// Millimetres.
    pub module: f32,
    pub width: f32,
    pub height: f32,
    /// Where the code with its quiet zone begins.
    pub code_x: f32,
    pub code_y: f32,
    /// How large the mark is, at `EDGE` from the corner.
    pub mark: f32,
    pub edge: f32,
}

/// The codes, all of the version that the longest address needs, so that the labels of a sheet are alike.
fn codes(labels: &[Label], level: Level) -> Result<Vec<Code>, LabelError> {
    let level = if level == Level::Q { EcLevel::Q } else { EcLevel::H };
    let too_long = |label: &Label| LabelError::TooLong { address: label.address.clone() };
    let mut version = 1;
    for label in labels {
        let code = QrCode::with_error_correction_level(&label.address, level).map_err(|_| too_long(label))?;
        if let Version::Normal(own) = code.version() {
            version = version.max(own);
        }
    }
    labels
        .iter()
        .map(|label| {
            let code = QrCode::with_version(&label.address, Version::Normal(version), level);
            let code = code.map_err(|_| too_long(label))?;
            let modules = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
            Ok(Code { modules, side: code.width() })
        })
        .collect()
}

/// Measures the labels of an order.
///
/// # Errors
/// `Nothing`, `TooLong`, and those of the fonts.
pub(super) fn plan(labels: &[Label], order: &Order, fonts: &mut Typefaces) -> Result<Plan, LabelError> {
    let codes = codes(labels, order.level)?;
    let side = codes.first().ok_or(LabelError::Nothing)?.side;
    let Millimetres(module) = order.distance.module();
    let code_width = (side + 2 * QUIET) as f32 * module;
    // What is read from twice as far is written twice as large.
    let scale = (code_width / 46.0).clamp(0.8, 12.0);
    let width = code_width.max(NARROWEST) + 2.0 * EDGE;
    let mark = 6.5 * scale;
    let code_y = EDGE + mark + 0.5 * scale;
    let mut plan = Plan {
        labels: Vec::new(),
        module,
        width,
        height: 0.0,
        code_x: (width - code_width) / 2.0,
        code_y,
        mark,
        edge: EDGE,
    };
    // The words keep to the edges of the code itself, and never below the edge of a narrow label.
    let inset = (plan.code_x + QUIET as f32 * module).min(EDGE + 4.0 * scale).max(EDGE);
    for (label, code) in labels.iter().zip(codes) {
        let mut column = Column { fonts, words: Vec::new(), x: inset, width: width - 2.0 * inset, y: 0.0 };
        let beside_mark = inset + mark * 0.85;
        column.fit(&order.house, order.language, 8.5 * scale, (beside_mark, width - inset), EDGE + mark * 0.66)?;
        column.y = code_y + code_width - (QUIET as f32 * module - 2.0 * scale).max(0.0);
        column.number(label, scale)?;
        for (place, (language, name)) in label.names.iter().enumerate() {
            let first = place == 0;
            column.y += if place > 0 { 0.9 * scale } else { 0.0 };
            column.paragraph(name, *language, if first { 11.5 * scale } else { 9.0 * scale }, first)?;
        }
        column.y += 1.8 * scale;
        column.address(&label.address, scale)?;
        plan.height = plan.height.max(column.y + EDGE);
        plan.labels.push(Measured { code, words: column.words });
    }
    Ok(plan)
}

/// Lines from the top down.
struct Column<'a> {
    fonts: &'a mut Typefaces,
    words: Vec<Words>,
    x: f32,
    width: f32,
    y: f32,
}

impl Column<'_> {
    /// One line between two edges, made smaller where it is too long.
    fn fit(
        &mut self,
        text: &str,
        language: Language,
        size: f32,
        (from, to): (f32, f32),
        y: f32,
    ) -> Result<f32, LabelError> {
        let line = self.fonts.line(text, language, false)?;
        let size = shrunk(&line, size, to - from);
        let width = line.width * size * POINT;
        self.words.push(Words { line, size, x: from, y, accent: false });
        Ok(width)
    }

    /// The stop's number and the code that is typed.
    fn number(&mut self, label: &Label, scale: f32) -> Result<(), LabelError> {
        let size = 19.0 * scale;
        self.y += size * POINT * 0.95;
        let number = self.fonts.line(&label.number.to_string(), Language::EN, true)?;
        let after = self.x + number.width * size * POINT + 2.6 * scale;
        let code = self.fonts.line(label.code.as_str(), Language::EN, true)?;
        let code_size = shrunk(&code, size, self.x + self.width - after);
        self.words.push(Words { line: number, size, x: self.x, y: self.y, accent: true });
        self.words.push(Words { line: code, size: code_size, x: after, y: self.y, accent: false });
        self.y += 1.0 * scale;
        Ok(())
    }

    /// The address for those who type it, without what browsers put before it themselves.
    fn address(&mut self, address: &str, scale: f32) -> Result<(), LabelError> {
        let shown = address.trim_start_matches("https://").trim_start_matches("http://");
        let size = 6.5 * scale;
        self.y += size * POINT * 1.3;
        let (from, to) = (self.x, self.x + self.width);
        self.fit(shown, Language::EN, size, (from, to), self.y)?;
        Ok(())
    }

    /// A name, on as many lines as it takes.
    fn paragraph(&mut self, text: &str, language: Language, size: f32, bold: bool) -> Result<(), LabelError> {
        for part in self.broken(text, language, size, bold)? {
            let line = self.fonts.line(&part, language, bold)?;
            let size = shrunk(&line, size, self.width);
            self.y += size * POINT * 1.32;
            self.words.push(Words { line, size, x: self.x, y: self.y, accent: false });
        }
        Ok(())
    }

    /// A text in lines that fit; a single word that does not is left to be made smaller. Scripts without spaces break
    /// between any two letters.
    fn broken(&mut self, text: &str, language: Language, size: f32, bold: bool) -> Result<Vec<String>, LabelError> {
        let ideographic = language.script() == crate::domain::Script::Ideographic;
        let pieces: Vec<String> = if ideographic {
            text.chars().map(String::from).collect()
        } else {
            text.split_whitespace().map(str::to_owned).collect()
        };
        let gap = if ideographic { "" } else { " " };
        let mut lines: Vec<String> = Vec::new();
        for piece in pieces {
            let longer = lines.last().map(|last| format!("{last}{gap}{piece}"));
            let fits = match &longer {
                Some(longer) => self.fonts.line(longer, language, bold)?.width * size * POINT <= self.width,
                None => false,
            };
            match (longer, lines.last_mut()) {
                (Some(longer), Some(last)) if fits => *last = longer,
                _ => lines.push(piece),
            }
        }
        Ok(lines)
    }
}

/// The size at which a line is no wider than `room` millimetres.
fn shrunk(line: &Line, size: f32, room: f32) -> f32 {
    let width = line.width * size * POINT;
    if width > room { size * room / width } else { size }
}
