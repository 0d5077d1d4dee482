//! Marian's binary model format, version 1 (`src/common/binary.cpp` of Marian).
//!
//! ```text
//! version: u64 = 1 | items: u64
//! per item: name length, type, dimensions, data length: 4 x u64
//! names, each ended by NUL | dimensions: i32 each
//! padding: u64, then that many bytes, so that the data begins at a multiple of 256
//! data of each item
//! ```
//! An `intgemm8` item is its matrix transposed, in 8 bits, then the multiplier it was quantized with as f32.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};

use super::error::{Cursor, MarianError};

const VERSION: u64 = 1;
/// More items or dimensions than any model has: a count above is a damaged file, refused before memory is asked for.
const MOST_ITEMS: u64 = 100_000;
const MOST_DIMENSIONS: u64 = 8;

const INT8: u64 = 0x0101;
const FLOAT32: u64 = 0x0404;
const INTGEMM8: u64 = 0x4101;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int8,
    Float32,
    Intgemm8,
}

#[derive(Clone, Debug)]
struct Item {
    kind: Kind,
    shape: Vec<usize>,
    data: Range<usize>,
}

/// A matrix in 8 bits as the file keeps it.
pub struct Int8Matrix<'a> {
    /// Transposed: `[outer, inner]`.
    pub values: &'a [i8],
    /// The shape that the file names: `[inner, outer]`, except for embeddings, whose rows are words.
    pub shape: [usize; 2],
    /// Values are `round(weight * multiplier)`.
    pub multiplier: f32,
}

/// A model file: named items, found without being copied.
pub struct ModelFile {
    path: PathBuf,
    bytes: Vec<u8>,
    items: HashMap<String, Item>,
}

impl ModelFile {
    /// Reads and checks the whole file.
    ///
    /// # Errors
    /// `Read`, and what [`ModelFile::parse`] finds.
    pub fn open(path: &Path) -> Result<Self, MarianError> {
        let bytes = std::fs::read(path).map_err(|source| MarianError::Read { path: path.to_owned(), source })?;
        Self::parse(path, bytes)
    }

    /// Finds the items of a file's bytes; `path` only names the file in errors.
    ///
    /// # Errors
    /// `Cut` where the file ends too early, `Garbled` or `Unsupported` where it is no such file.
    pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self, MarianError> {
        let items = find_items(path, &bytes)?;
        Ok(Self { path: path.to_owned(), bytes, items })
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file's path, for errors.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether an item of that name is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.items.contains_key(name)
    }

    fn item(&self, name: &str) -> Result<(&Item, &[u8]), MarianError> {
        let item = self.items.get(name).ok_or_else(|| self.garbled(format!("it has no item `{name}`")))?;
        Ok((item, &self.bytes[item.data.clone()]))
    }

    fn garbled(&self, what: impl Into<String>) -> MarianError {
        MarianError::garbled(&self.path, what)
    }

    /// An item of text.
    ///
    /// # Errors
    /// `Garbled` where it is missing or no UTF-8.
    pub fn text(&self, name: &str) -> Result<&str, MarianError> {
        let (_, data) = self.item(name)?;
        let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
        std::str::from_utf8(&data[..end]).map_err(|_| self.garbled(format!("item `{name}` is not UTF-8")))
    }

    /// An item of 32-bit floats as a tensor of the shape the file names.
    ///
    /// # Errors
    /// `Garbled` where it is missing, of another type or holds values that are not finite.
    pub fn tensor(&self, name: &str) -> Result<Tensor, MarianError> {
        let (item, data) = self.item(name)?;
        if item.kind != Kind::Float32 {
            return Err(self.garbled(format!("item `{name}` is not of 32-bit floats")));
        }
        let count: usize = item.shape.iter().product();
        let values: Vec<f32> =
            data.chunks_exact(4).take(count).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Err(self.garbled(format!("item `{name}` holds a value that is not finite")));
        }
        Ok(Tensor::from_vec(values, item.shape.as_slice(), &Device::Cpu)?)
    }

    /// An 8-bit matrix, in place.
    ///
    /// # Errors
    /// `Garbled` where it is missing, of another type, or its multiplier is no positive number.
    pub fn int8(&self, name: &str) -> Result<Int8Matrix<'_>, MarianError> {
        let (item, data) = self.item(name)?;
        let (Kind::Intgemm8, [rows, columns]) = (item.kind, item.shape.as_slice()) else {
            let known = "students are read as `marian-conv --gemm-type intgemm8` writes them";
            return Err(self.garbled(format!("item `{name}` is not an 8-bit matrix: {known}")));
        };
        let (values, rest) = data.split_at(rows * columns);
        let multiplier = f32::from_le_bytes([rest[0], rest[1], rest[2], rest[3]]);
        if !(multiplier.is_finite() && multiplier > 0.0) {
            return Err(self.garbled(format!("item `{name}` has the multiplier {multiplier}")));
        }
        // SAFETY: i8 and u8 have the same size, alignment and no invalid values.
        let values = unsafe { std::slice::from_raw_parts(values.as_ptr().cast::<i8>(), values.len()) };
        Ok(Int8Matrix { values, shape: [*rows, *columns], multiplier })
    }

    /// A multiplier for activations: one float, or one 8-bit number over its own multiplier.
    ///
    /// # Errors
    /// `Garbled` where it is missing or no positive number.
    pub fn multiplier(&self, name: &str) -> Result<f32, MarianError> {
        let value = match self.item(name)?.0.kind {
            Kind::Intgemm8 => {
                let one = self.int8(name)?;
                one.values.first().map_or(0.0, |value| f32::from(*value) / one.multiplier)
            }
            _ => self.tensor(name)?.flatten_all()?.to_vec1::<f32>()?.first().copied().unwrap_or(0.0),
        };
        if value.is_finite() && value > 0.0 { Ok(value) } else { Err(self.garbled(format!("`{name}` is {value}"))) }
    }
}

struct Header {
    name: u64,
    kind: u64,
    dimensions: u64,
    data: u64,
}

fn find_items(path: &Path, bytes: &[u8]) -> Result<HashMap<String, Item>, MarianError> {
    let garbled = |what: String| MarianError::garbled(path, what);
    let mut cursor = Cursor::new(path, bytes);
    let version = cursor.u64(|| "the version".into())?;
    if version != VERSION {
        return Err(garbled(format!("a Marian model begins with version {VERSION}, this file with {version}")));
    }
    let count = cursor.u64(|| "the number of items".into())?;
    if count == 0 || count > MOST_ITEMS {
        return Err(garbled(format!("it claims {count} items")));
    }
    let mut headers = Vec::new();
    for n in 0..count {
        let part = || format!("the header of item {n}");
        let header = Header {
            name: cursor.u64(part)?,
            kind: cursor.u64(part)?,
            dimensions: cursor.u64(part)?,
            data: cursor.u64(part)?,
        };
        if header.dimensions > MOST_DIMENSIONS {
            return Err(garbled(format!("item {n} claims {} dimensions", header.dimensions)));
        }
        headers.push(header);
    }
    let mut names = Vec::new();
    for (n, header) in headers.iter().enumerate() {
        let raw = cursor.take(header.name, || format!("the name of item {n}"))?;
        let end = raw.iter().position(|byte| *byte == 0).unwrap_or(raw.len());
        let name =
            std::str::from_utf8(&raw[..end]).map_err(|_| garbled(format!("the name of item {n} is not UTF-8")))?;
        names.push(name.to_owned());
    }
    let mut shapes = Vec::new();
    for (header, name) in headers.iter().zip(&names) {
        let mut shape = Vec::new();
        for _ in 0..header.dimensions {
            let size = cursor.i32(|| format!("the shape of `{name}`"))?;
            shape.push(usize::try_from(size).map_err(|_| garbled(format!("`{name}` has the dimension {size}")))?);
        }
        shapes.push(shape);
    }
    let padding = cursor.u64(|| "the padding before the data".into())?;
    cursor.take(padding, || "the padding before the data".into())?;
    let mut items = HashMap::new();
    for ((header, name), shape) in headers.iter().zip(names).zip(shapes) {
        let start = cursor.position();
        cursor.take(header.data, || format!("the data of `{name}`"))?;
        let kind = kind(path, &name, header.kind)?;
        let elements = shape.iter().try_fold(1_u64, |all, size| all.checked_mul(*size as u64));
        let needed = match kind {
            Kind::Int8 => elements,
            Kind::Float32 => elements.and_then(|n| n.checked_mul(4)),
            Kind::Intgemm8 => elements.and_then(|n| n.checked_add(4)),
        };
        if needed.is_none_or(|needed| needed > header.data) {
            return Err(garbled(format!("`{name}` of shape {shape:?} does not fit its {} bytes", header.data)));
        }
        let data = start..cursor.position();
        if items.insert(name.clone(), Item { kind, shape, data }).is_some() {
            return Err(garbled(format!("two items are called `{name}`")));
        }
    }
    if cursor.left() > 0 {
        return Err(garbled(format!("{} bytes follow its last item", cursor.left())));
    }
    Ok(items)
}

fn kind(path: &Path, name: &str, kind: u64) -> Result<Kind, MarianError> {
    match kind {
        INT8 => Ok(Kind::Int8),
        FLOAT32 => Ok(Kind::Float32),
        INTGEMM8 => Ok(Kind::Intgemm8),
        other => Err(MarianError::Unsupported {
            path: path.to_owned(),
            key: format!("type of {name}"),
            found: format!("{other:#x}"),
            known: "known are float32 (0x404), int8 (0x101) and intgemm8 (0x4101)".into(),
        }),
    }
}

#[cfg(test)]
mod tests;
