//! The mel filter bank of Whisper: 16 kHz, 400-point transform, Slaney's scale and area normalisation.
//!
//! As `librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)` makes it, whose result whisper.cpp's own converter copies
//! into its files: triangles in double precision, kept in single precision before and after the normalisation.

const RATE: f64 = 16_000.0;
const TRANSFORM: usize = 400;
/// Frequencies of the transform, from zero to half the rate.
pub const BINS: usize = TRANSFORM / 2 + 1;

/// Slaney's scale is linear up to 1 kHz (15 mel) and logarithmic above: 27 mel for a factor of 6.4.
const LINEAR_STEP: f64 = 200.0 / 3.0;
const BREAK_HERTZ: f64 = 1000.0;
const BREAK_MEL: f64 = BREAK_HERTZ / LINEAR_STEP;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn to_mel(hertz: f64) -> f64 {
    if hertz >= BREAK_HERTZ { BREAK_MEL + (hertz / BREAK_HERTZ).ln() / log_step() } else { hertz / LINEAR_STEP }
}

fn to_hertz(mel: f64) -> f64 {
    if mel >= BREAK_MEL { BREAK_HERTZ * (log_step() * (mel - BREAK_MEL)).exp() } else { LINEAR_STEP * mel }
}

/// The weights, `filters` rows of [`BINS`].
pub fn filter_bank(filters: usize) -> Vec<f32> {
    let (low, high) = (to_mel(0.0), to_mel(RATE / 2.0));
    let step = (high - low) / (filters + 1) as f64;
    let edges: Vec<f64> = (0..filters + 2).map(|edge| to_hertz(low + step * edge as f64)).collect();
    edges
        .windows(3)
        .flat_map(|edge| {
            let [left, middle, right] = [edge[0], edge[1], edge[2]];
            let area = 2.0 / (right - left);
            (0..BINS).map(move |bin| {
                let frequency = RATE / TRANSFORM as f64 * bin as f64;
                let rising = (frequency - left) / (middle - left);
                let falling = (right - frequency) / (right - middle);
                let triangle = rising.min(falling).max(0.0) as f32;
                (f64::from(triangle) * area) as f32
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_has_its_area_and_rises_where_the_last_one_falls() {
        let bank = filter_bank(80);
        assert_eq!(bank.len(), 80 * BINS);
        // The first values of the reference, which librosa computes.
        assert_eq!(bank[0], 0.0);
        assert!((bank[1] - 0.024_862_593).abs() < 1e-8, "{}", bank[1]);
        assert!((bank[BINS + 1] - 0.001_990_82).abs() < 1e-8, "{}", bank[BINS + 1]);
        assert!(bank.iter().all(|weight| (0.0..0.05).contains(weight)));
    }
}
