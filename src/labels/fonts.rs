//! The fonts of labels: Noto Sans for letters, Noto Sans CJK for Chinese, Japanese and Korean, as the system has them.
//!
//! Names are in NFC, and no language of the guides needs its letters shaped, so a letter is a glyph and its advance.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use fontdb::{Database, Family, Query, Source, Weight};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use unicode_normalization::UnicodeNormalization;

use super::LabelError;
use crate::domain::Language;

/// What a name is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Typeface {
    Letters,
    Japanese,
    Chinese,
    Korean,
}

impl Typeface {
    const ALL: [Self; 4] = [Self::Letters, Self::Japanese, Self::Chinese, Self::Korean];

    fn of(language: Language) -> Self {
        match language.tag() {
            "ja" => Self::Japanese,
            "zh" => Self::Chinese,
            "ko" => Self::Korean,
            _ => Self::Letters,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Letters => "Noto Sans",
            Self::Japanese => "Noto Sans CJK JP",
            Self::Chinese => "Noto Sans CJK SC",
            Self::Korean => "Noto Sans CJK KR",
        }
    }

    /// The Debian package that has it.
    fn package(self) -> &'static str {
        match self {
            Self::Letters => "fonts-noto-core",
            _ => "fonts-noto-cjk",
        }
    }
}

/// A font file, read.
struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    font: Font,
}

impl Face {
    fn parsed(&self) -> Option<ttf_parser::Face<'_>> {
        ttf_parser::Face::parse(&self.data, self.index).ok()
    }
}

/// Letters of one font, side by side.
pub(super) struct Run {
    pub font: Font,
    pub glyphs: Vec<KrillaGlyph>,
    /// What the glyphs say.
    pub text: String,
    /// In ems.
    pub width: f32,
}

/// A text ready to be drawn on one line.
pub(super) struct Line {
    pub runs: Vec<Run>,
    /// In ems.
    pub width: f32,
}

/// The system's fonts, those read that were asked for.
pub struct Typefaces {
    database: Database,
    files: BTreeMap<PathBuf, Arc<Vec<u8>>>,
    faces: BTreeMap<(Typeface, bool), Face>,
}

impl Typefaces {
    /// Those of the system. It looks through its folders, which takes a moment.
    #[must_use]
    pub fn of_the_system() -> Self {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::of(database)
    }

    pub(super) fn of(database: Database) -> Self {
        Self { database, files: BTreeMap::new(), faces: BTreeMap::new() }
    }

    fn face(&mut self, family: Typeface, bold: bool) -> Result<&Face, LabelError> {
        if !self.faces.contains_key(&(family, bold)) {
            let face = self.read(family, bold)?;
            self.faces.insert((family, bold), face);
        }
        self.faces.get(&(family, bold)).ok_or(LabelError::NoFont { family: family.name(), package: family.package() })
    }

    fn read(&mut self, family: Typeface, bold: bool) -> Result<Face, LabelError> {
        let package = family.package();
        let weight = if bold { Weight::BOLD } else { Weight::NORMAL };
        let families = [Family::Name(family.name())];
        let query = Query { families: &families, weight, ..Query::default() };
        let found = self.database.query(&query).and_then(|id| self.database.face(id));
        let found = found.ok_or(LabelError::NoFont { family: family.name(), package })?;
        let index = found.index;
        let Source::File(path) = &found.source else {
            return Err(LabelError::NoFont { family: family.name(), package });
        };
        let bad = || LabelError::BadFont { path: path.clone(), package };
        let data = match self.files.get(path) {
            Some(data) => data.clone(),
            None => Arc::new(std::fs::read(path).map_err(|_| bad())?),
        };
        ttf_parser::Face::parse(&data, index).map_err(|_| bad())?;
        let font = Font::new(data.clone().into(), index).ok_or_else(bad)?;
        self.files.insert(path.clone(), data.clone());
        Ok(Face { data, index, font })
    }

    /// The glyphs of a text: those of its language's font, and for letters that lacks (a foreign name) of another.
    ///
    /// # Errors
    /// Where a font is not there, or no font has a letter.
    pub(super) fn line(&mut self, text: &str, language: Language, bold: bool) -> Result<Line, LabelError> {
        let own = Typeface::of(language);
        let mut runs: Vec<Run> = Vec::new();
        let mut family_of_last = None;
        for letter in text.nfc().filter(|letter| !letter.is_control()) {
            let (family, glyph, advance) = self.glyph(letter, own, bold, text)?;
            if family_of_last != Some(family) {
                let font = self.face(family, bold)?.font.clone();
                runs.push(Run { font, glyphs: Vec::new(), text: String::new(), width: 0.0 });
                family_of_last = Some(family);
            }
            if let Some(run) = runs.last_mut() {
                let from = run.text.len();
                run.text.push(letter);
                let range = from..run.text.len();
                run.glyphs.push(KrillaGlyph::new(GlyphId::new(glyph), advance, 0.0, 0.0, 0.0, range, None));
                run.width += advance;
            }
        }
        let width = runs.iter().map(|run| run.width).sum();
        Ok(Line { runs, width })
    }

    /// The letters of a text that are drawn.
    pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
        text.nfc().filter(|letter| !letter.is_control())
    }

    /// How far a letter goes, in ems.
    ///
    /// # Errors
    /// Where a font is not there, or no font has the letter.
    pub fn advance(&mut self, letter: char, language: Language, bold: bool, text: &str) -> Result<f32, LabelError> {
        self.glyph(letter, Typeface::of(language), bold, text).map(|(_, _, advance)| advance)
    }

    /// Gives the lines of a letter to `to`, in ems, its foot at 0; how far it goes.
    ///
    /// # Errors
    /// As of [`Typefaces::advance`].
    pub fn outline(
        &mut self,
        letter: char,
        language: Language,
        bold: bool,
        text: &str,
        to: &mut dyn ttf_parser::OutlineBuilder,
    ) -> Result<f32, LabelError> {
        let (family, glyph, advance) = self.glyph(letter, Typeface::of(language), bold, text)?;
        if let Some(face) = self.face(family, bold)?.parsed() {
            let ems = 1.0 / f32::from(face.units_per_em());
            let glyph = ttf_parser::GlyphId(u16::try_from(glyph).unwrap_or_default());
            face.outline_glyph(glyph, &mut InEms { to, ems });
        }
        Ok(advance)
    }

    fn glyph(
        &mut self,
        letter: char,
        own: Typeface,
        bold: bool,
        text: &str,
    ) -> Result<(Typeface, u32, f32), LabelError> {
        let others = Typeface::ALL.into_iter().filter(|family| *family != own);
        for (place, family) in std::iter::once(own).chain(others).enumerate() {
            let face = match self.face(family, bold) {
                Ok(face) => face,
                // Another language's font may be missing as long as nothing needs it.
                Err(_) if place > 0 => continue,
                Err(error) => return Err(error),
            };
            let Some(parsed) = face.parsed() else { continue };
            if let Some(glyph) = parsed.glyph_index(letter) {
                let advance = f32::from(parsed.glyph_hor_advance(glyph).unwrap_or_default());
                return Ok((family, u32::from(glyph.0), advance / f32::from(parsed.units_per_em())));
            }
        }
        let package = if own == Typeface::Letters { Typeface::Chinese.package() } else { Typeface::Letters.package() };
        Err(LabelError::Letter { letter, text: text.chars().take(80).collect(), package })
    }
}

/// Passes lines on in ems instead of a font's own units.
struct InEms<'a> {
    to: &'a mut dyn ttf_parser::OutlineBuilder,
    ems: f32,
}

impl ttf_parser::OutlineBuilder for InEms<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.to.move_to(x * self.ems, y * self.ems);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to.line_to(x * self.ems, y * self.ems);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.to.quad_to(x1 * self.ems, y1 * self.ems, x * self.ems, y * self.ems);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ems = self.ems;
        self.to.curve_to(x1 * ems, y1 * ems, x2 * ems, y2 * ems, x * ems, y * ems);
    }

    fn close(&mut self) {
        self.to.close();
    }
}
