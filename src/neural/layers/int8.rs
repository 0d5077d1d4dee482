//! Linear layers on 8-bit weights: exact integer products, kernels chosen at run time.
//!
//! Activations are quantized with a multiplier that was stored with the weights (`round_ties_even(x * multiplier)`,
//! held within ±127), the sum over the inner dimension is exact in 32 bits, and only the result is turned back into
//! f32. Follows `intgemm`'s int8 arithmetic (Marian, Bergamot) without its 16-bit saturation.
//!
//! Invariant: every kernel gives the same integers, so results never depend on the machine, on the number of rows
//! worked on together, or on a row's neighbours.

use candle_core::{Device, Module, Result, Tensor};

use super::int8_panels::{Finish, PANEL, Packed, quantize, round};
use super::{int8_avx2, int8_portable, int8_vnni};

/// Which code multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Plain Rust: the definition that the others are measured against.
    Portable,
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX-512 and its 8-bit products (VNNI). Layers that have no code of their own for it take AVX2's.
    Avx512Vnni,
}

impl Kernel {
    /// The fastest kernel that this processor runs.
    #[must_use]
    pub fn best() -> Self {
        [Self::Avx512Vnni, Self::Avx2].into_iter().find(|kernel| kernel.runs_here()).unwrap_or(Self::Portable)
    }

    /// Whether this processor runs the kernel.
    #[must_use]
    pub fn runs_here(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Avx2 => int8_avx2::runs_here(),
            Self::Avx512Vnni => int8_vnni::runs_here(),
        }
    }
}

/// Activations as whole numbers within ±127, row after row, each row padded with zeros to an even length.
#[derive(Clone, Debug, Default)]
pub struct Quantized {
    pub(super) values: Vec<i16>,
    pub(super) stride: usize,
    pub(super) rows: usize,
}

impl Quantized {
    /// Takes rows of `width` values, times `multiplier`.
    ///
    /// # Panics
    /// Where `x` is not a whole number of rows.
    pub fn fill(&mut self, kernel: Kernel, x: &[f32], width: usize, multiplier: f32) {
        self.resize(x.len() / width, width);
        assert_eq!(self.rows * width, x.len(), "whole rows of {width}");
        let stride = self.stride;
        match kernel {
            Kernel::Portable => quantize(x, width, multiplier, &mut self.values, stride),
            Kernel::Avx2 | Kernel::Avx512Vnni => int8_avx2::quantize(x, width, multiplier, &mut self.values, stride),
        }
    }

    fn resize(&mut self, rows: usize, width: usize) {
        self.rows = rows;
        self.stride = width.next_multiple_of(2);
        self.values.resize(rows * self.stride, 0);
    }

    /// The whole numbers of one row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[i16] {
        &self.values[row * self.stride..(row + 1) * self.stride]
    }
}

/// `y = x W + b` with W in 8 bits.
pub struct Int8Linear {
    packed: Packed,
    inner: usize,
    outer: usize,
    multiplier: f32,
    unquantize: f32,
    bias: Vec<f32>,
    kernel: Kernel,
}

impl Int8Linear {
    /// `weights` holds W transposed, `[outer, inner]`, its values `round(w * weight_multiplier)`; `multiplier`
    /// quantizes the activations; `bias` has `outer` values.
    ///
    /// # Panics
    /// Where the lengths contradict each other.
    #[must_use]
    pub fn new(
        weights: &[i8],
        inner: usize,
        weight_multiplier: f32,
        multiplier: f32,
        bias: Vec<f32>,
        kernel: Kernel,
    ) -> Self {
        let outer = bias.len();
        assert_eq!(weights.len(), inner * outer, "weights are [outer, inner]");
        let packed = Packed::new(weights, inner, outer);
        Self { packed, inner, outer, multiplier, unquantize: 1.0 / (multiplier * weight_multiplier), bias, kernel }
    }

    /// What activations are multiplied by before they are rounded.
    #[must_use]
    pub fn multiplier(&self) -> f32 {
        self.multiplier
    }

    /// Width of the input.
    #[must_use]
    pub fn inner(&self) -> usize {
        self.inner
    }

    /// Width of the output.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.outer
    }

    /// Rounds rows of activations for this layer.
    pub fn quantize(&self, x: &[f32], out: &mut Quantized) {
        out.fill(self.kernel, x, self.inner, self.multiplier);
    }

    /// `[rows, outer]` from rows that [`Int8Linear::quantize`] made, or another layer's of the same multiplier.
    ///
    /// # Panics
    /// Where the rows have another width.
    pub fn forward_quantized(&self, x: &Quantized, out: &mut Vec<f32>) {
        out.resize(x.rows * self.outer, 0.0);
        self.multiply(x, &mut Unquantize { layer: self, out });
    }

    /// `relu(x W + b)`, rounded at once for a next layer that quantizes with `next`.
    ///
    /// # Panics
    /// Where the rows have another width.
    pub fn forward_relu(&self, x: &Quantized, next: &Self, out: &mut Quantized) {
        out.resize(x.rows, self.outer);
        if out.stride != self.outer {
            out.values.fill(0);
        }
        self.multiply(x, &mut ReluQuantize { layer: self, multiplier: next.multiplier, out });
    }

    fn multiply(&self, x: &Quantized, finish: &mut impl Finish) {
        assert_eq!(x.stride, self.packed.pairs * 2, "rows of {} values", self.inner);
        match self.kernel {
            Kernel::Portable => int8_portable::multiply(&x.values, &self.packed, finish),
            Kernel::Avx2 | Kernel::Avx512Vnni => int8_avx2::multiply(&x.values, &self.packed, finish),
        }
    }
}

impl Module for Int8Linear {
    /// `[.., inner]` in f32 to `[.., outer]`, on the CPU.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut shape = x.dims().to_vec();
        if shape.pop() != Some(self.inner) {
            candle_core::bail!("an int8 layer of inner size {} was given {:?}", self.inner, x.dims());
        }
        shape.push(self.outer);
        let (mut rows, mut out) = (Quantized::default(), Vec::new());
        self.quantize(&x.flatten_all()?.to_vec1()?, &mut rows);
        self.forward_quantized(&rows, &mut out);
        Tensor::from_vec(out, shape, &Device::Cpu)
    }
}

struct Unquantize<'a> {
    layer: &'a Int8Linear,
    out: &'a mut [f32],
}

impl Finish for Unquantize<'_> {
    #[inline(always)]
    fn finish(&mut self, row: usize, panel: usize, sums: &[i32; PANEL]) {
        let outer = self.layer.outer;
        self.layer.finish(&mut self.out[row * outer..][..outer], panel, sums, |value| value);
    }
}

struct ReluQuantize<'a> {
    layer: &'a Int8Linear,
    multiplier: f32,
    out: &'a mut Quantized,
}

impl Finish for ReluQuantize<'_> {
    #[inline(always)]
    fn finish(&mut self, row: usize, panel: usize, sums: &[i32; PANEL]) {
        let stride = self.out.stride;
        let out = &mut self.out.values[row * stride..][..self.layer.outer];
        let multiplier = self.multiplier;
        self.layer.finish(out, panel, sums, |value| round(if value > 0.0 { value } else { 0.0 } * multiplier));
    }
}

impl Int8Linear {
    /// Writes one panel of a row: `last(sum * unquantize + bias)`.
    #[inline(always)]
    fn finish<T>(&self, row: &mut [T], panel: usize, sums: &[i32; PANEL], last: impl Fn(f32) -> T) {
        let out = &mut row[panel * PANEL..];
        let bias = &self.bias[panel * PANEL..];
        // A whole panel has a size that the compiler knows, and so becomes vector code.
        if let (Some(out), Some(bias)) = (out.first_chunk_mut::<PANEL>(), bias.first_chunk::<PANEL>()) {
            for n in 0..PANEL {
                out[n] = last(sums[n] as f32 * self.unquantize + bias[n]);
            }
        } else {
            for ((slot, sum), bias) in out.iter_mut().zip(sums).zip(bias) {
                *slot = last(*sum as f32 * self.unquantize + bias);
            }
        }
    }
}

/// A table of 8-bit rows, of which some are multiplied with one row of activations: an output layer over a few
/// candidate words.
pub struct Int8Rows {
    values: Vec<i8>,
    width: usize,
    multiplier: f32,
    unquantize: f32,
    bias: Vec<f32>,
    kernel: Kernel,
}

impl Int8Rows {
    /// `values` is `[rows, width]`, each `round(w * weight_multiplier)`; `bias` has one value a row.
    ///
    /// # Panics
    /// Where the lengths contradict each other.
    #[must_use]
    pub fn new(
        values: Vec<i8>,
        width: usize,
        weight_multiplier: f32,
        multiplier: f32,
        bias: Vec<f32>,
        kernel: Kernel,
    ) -> Self {
        assert_eq!(values.len(), width * bias.len(), "values are [rows, width]");
        Self { values, width, multiplier, unquantize: 1.0 / (multiplier * weight_multiplier), bias, kernel }
    }

    /// One row as it is stored.
    ///
    /// # Panics
    /// Where the table has no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[i8] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bias.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bias.is_empty()
    }

    /// Rounds rows of activations for this table.
    pub fn quantize(&self, x: &[f32], out: &mut Quantized) {
        out.fill(self.kernel, x, self.width, self.multiplier);
    }

    /// The product of `x` (one row of a [`Quantized`]) with each of the `wanted` rows, plus its bias.
    ///
    /// # Panics
    /// Where the table lacks a wanted row.
    pub fn products(&self, x: &[i16], wanted: &[u32], out: &mut Vec<f32>) {
        out.resize(wanted.len(), 0.0);
        match self.kernel {
            Kernel::Portable => int8_portable::dot_rows(x, &self.values, self.width, wanted, out),
            Kernel::Avx2 | Kernel::Avx512Vnni => int8_avx2::dot_rows(x, &self.values, self.width, wanted, out),
        }
        for (slot, &row) in out.iter_mut().zip(wanted) {
            *slot = *slot * self.unquantize + self.bias[row as usize];
        }
    }
}
