//! Writer of whisper.cpp's GGML files.
//!
//! Layout, after `models/convert-pt-to-ggml.py` of whisper.cpp, all integers i32 little-endian: magic; eleven
//! hyper-parameters; mel filters (rows, columns, f32 data); vocabulary (count, then length and bytes of each token);
//! then to the end of the file per tensor: rank, length of name, type (0: f32, 1: f16), dimensions with the contiguous
//! one first, name, data.

use std::io::{self, Write};

const MAGIC: i32 = 0x6767_6d6c;

/// Hyper-parameters in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    pub vocabulary: usize,
    pub audio_context: usize,
    pub audio_state: usize,
    pub audio_heads: usize,
    pub audio_layers: usize,
    pub text_context: usize,
    pub text_state: usize,
    pub text_heads: usize,
    pub text_layers: usize,
    pub mels: usize,
}

/// What the weights of two and more dimensions are stored in.
const WEIGHTS_ARE_HALF: i32 = 1;

pub struct Writer<W> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Writes everything up to the tensors.
    pub fn start(out: W, dimensions: &Dimensions, filters: &[f32], tokens: &[Vec<u8>]) -> io::Result<Self> {
        let mut writer = Self { out };
        let d = dimensions;
        writer.integer(MAGIC)?;
        for size in [d.vocabulary, d.audio_context, d.audio_state, d.audio_heads, d.audio_layers] {
            writer.size(size)?;
        }
        for size in [d.text_context, d.text_state, d.text_heads, d.text_layers, d.mels] {
            writer.size(size)?;
        }
        writer.integer(WEIGHTS_ARE_HALF)?;
        writer.size(d.mels)?;
        writer.size(filters.len() / d.mels.max(1))?;
        for weight in filters {
            writer.out.write_all(&weight.to_le_bytes())?;
        }
        writer.size(tokens.len())?;
        for token in tokens {
            writer.size(token.len())?;
            writer.out.write_all(token)?;
        }
        Ok(writer)
    }

    /// A tensor of half-precision floats, given and stored as such.
    pub fn half(&mut self, name: &str, shape: &[usize], half: &[u8]) -> io::Result<()> {
        self.head(name, shape, 1)?;
        self.out.write_all(half)
    }

    /// A tensor given in half precision and stored in single precision, which holds it exactly.
    pub fn single(&mut self, name: &str, shape: &[usize], half: &[u8]) -> io::Result<()> {
        self.head(name, shape, 0)?;
        for pair in half.chunks_exact(2) {
            self.out.write_all(&widen(u16::from_le_bytes([pair[0], pair[1]])).to_le_bytes())?;
        }
        Ok(())
    }

    /// The writer below, flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn head(&mut self, name: &str, shape: &[usize], kind: i32) -> io::Result<()> {
        self.size(shape.len())?;
        self.size(name.len())?;
        self.integer(kind)?;
        for size in shape.iter().rev() {
            self.size(*size)?;
        }
        self.out.write_all(name.as_bytes())
    }

    fn size(&mut self, size: usize) -> io::Result<()> {
        self.integer(i32::try_from(size).map_err(io::Error::other)?)
    }

    fn integer(&mut self, value: i32) -> io::Result<()> {
        self.out.write_all(&value.to_le_bytes())
    }
}

/// IEEE 754 half precision to single precision, exact for every value.
fn widen(half: u16) -> f32 {
    let sign = u32::from(half >> 15) << 31;
    let exponent = u32::from(half >> 10) & 0x1f;
    let fraction = u32::from(half) & 0x3ff;
    let magnitude = match exponent {
        // Subnormal: a multiple of 2^-24.
        0 => (fraction as f32 * 2_f32.powi(-24)).to_bits(),
        0x1f => 0x7f80_0000 | fraction << 13,
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_widen_exactly() {
        let table = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x7bff, 65504.0),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (half, single) in table {
            assert_eq!(widen(half), single, "{half:#06x}");
        }
        assert!(widen(0x7e00).is_nan());
        assert!(widen(0x8000).is_sign_negative());
    }

    #[test]
    fn a_tensor_has_its_contiguous_dimension_first() {
        let mut writer = Writer { out: Vec::new() };
        writer.single("ab", &[2, 1], &[0x00, 0x3c, 0x00, 0xc0]).unwrap();
        let integers = |values: &[i32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let data = [1.0_f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        assert_eq!(writer.finish().unwrap(), [integers(&[2, 2, 0, 1, 2]), b"ab".to_vec(), data].concat());
    }
}
