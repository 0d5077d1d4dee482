//! What every int8 kernel shares: the packed weights, the rounding of activations, and who takes the sums.

/// Columns of one packed panel of weights.
pub(super) const PANEL: usize = 16;

/// `round_ties_even(x)` held within ±127. Adding 1.5 * 2^23 leaves the nearest even whole number in the lowest bits, on
/// every processor.
#[inline(always)]
pub(super) fn round(x: f32) -> i16 {
    const SHIFT: f32 = 12_582_912.0;
    ((x.clamp(-127.0, 127.0) + SHIFT).to_bits() as i32).wrapping_sub(SHIFT.to_bits() as i32) as i16
}

#[inline(always)]
pub(super) fn quantize(x: &[f32], width: usize, multiplier: f32, out: &mut [i16], stride: usize) {
    for (from, to) in x.chunks_exact(width).zip(out.chunks_exact_mut(stride)) {
        for (value, slot) in from.iter().zip(to.iter_mut()) {
            *slot = round(value * multiplier);
        }
        to[width..].fill(0);
    }
}

/// What happens to the integers of 16 neighbouring columns of one row.
pub(super) trait Finish {
    fn finish(&mut self, row: usize, panel: usize, sums: &[i32; PANEL]);
}

/// Weights packed for the kernels: panels of 16 columns, within a panel pairs of inner rows, `[panel][pair][16][2]`,
/// padded with zeros.
pub(super) struct Packed {
    pub values: Vec<i8>,
    pub pairs: usize,
    pub panels: usize,
}

impl Packed {
    /// Packs `[outer, inner]`.
    pub fn new(weights: &[i8], inner: usize, outer: usize) -> Self {
        let (pairs, panels) = (inner.div_ceil(2), outer.div_ceil(PANEL));
        let mut values = vec![0; panels * pairs * PANEL * 2];
        for (column, row) in weights.chunks_exact(inner).enumerate() {
            let start = column / PANEL * pairs * PANEL * 2 + column % PANEL * 2;
            for (k, &weight) in row.iter().enumerate() {
                values[start + k / 2 * PANEL * 2 + k % 2] = weight;
            }
        }
        Self { values, pairs, panels }
    }

    pub fn panel(&self, panel: usize) -> &[i8] {
        let size = self.pairs * PANEL * 2;
        &self.values[panel * size..(panel + 1) * size]
    }
}
