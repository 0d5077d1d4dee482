//! The sizes of Kokoro-82M, as its `config.json` gives them. There is one such network; another size is another file.

/// Samples a second of what is spoken.
pub const SAMPLE_RATE: u32 = 24_000;
/// Phonemes the network takes at once: 512 positions less the two ends.
pub const MOST_PHONEMES: usize = 510;
/// The token at both ends of an utterance.
pub const END_TOKEN: u32 = 0;
/// Rows of the embedding: one for each token of the vocabulary.
pub const TOKENS: usize = 178;
/// Width of the style: the first half shapes the sound, the second half the prosody.
pub const STYLE: usize = 256;
/// Half of [`STYLE`].
pub const STYLE_HALF: usize = STYLE / 2;
/// Rows of a voice file, one for each number of phonemes.
pub const VOICE_ROWS: usize = 510;
/// Channels of the text encoder and the prosody predictor.
pub const HIDDEN: usize = 512;
/// Bins a duration is the sum of.
pub const DURATION_BINS: usize = 50;

/// PL-BERT (ALBERT), which reads the phonemes.
pub mod albert {
    pub const EMBEDDING: usize = 128;
    pub const HIDDEN: usize = 768;
    pub const HEADS: usize = 12;
    pub const INNER: usize = 2048;
    /// One layer's weights, used this many times.
    pub const LAYERS: usize = 12;
    pub const POSITIONS: usize = 512;
    pub const NORM_EPSILON: f64 = 1e-12;
}

/// The ISTFTNet generator.
pub mod generator {
    pub const CHANNELS: usize = 512;
    /// Upsampling: rate and kernel of each step.
    pub const UPSAMPLES: [(usize, usize); 2] = [(10, 20), (6, 12)];
    /// Kernels of the parallel residual blocks.
    pub const KERNELS: [usize; 3] = [3, 7, 11];
    pub const DILATIONS: [usize; 3] = [1, 3, 5];
    /// Kernels of the residual blocks the harmonic source passes through.
    pub const SOURCE_KERNELS: [usize; 2] = [7, 11];
    pub const FFT: usize = 20;
    pub const HOP: usize = 5;
    /// Samples that one value of the pitch curve stands for.
    pub const SAMPLES_PER_PITCH: usize = 300;
    /// The fundamental and its overtones.
    pub const HARMONICS: usize = 9;
}
