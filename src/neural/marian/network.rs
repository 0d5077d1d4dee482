//! The student network's weights: candle tensors from the file, its matrices packed for the int8 kernels.

use candle_core::{DType, Device, Tensor};

use super::binary::ModelFile;
use super::config::Config;
use super::error::MarianError;
use super::rows::LANES;
use crate::neural::layers::int8::{Int8Linear, Int8Rows, Kernel};

/// Positions that are laid out at loading: no piece of a sentence and no translation of one is longer.
pub const POSITIONS: usize = 512;

/// Scale and bias of a layer norm, each as wide as the network.
pub struct Norm {
    pub scale: Vec<f32>,
    pub bias: Vec<f32>,
}

/// The four projections of an attention.
pub struct Attention {
    pub query: Int8Linear,
    pub key: Int8Linear,
    pub value: Int8Linear,
    pub out: Int8Linear,
    pub norm: Norm,
}

/// `norm(x + relu(x up) down)`.
pub struct FeedForward {
    pub up: Int8Linear,
    pub down: Int8Linear,
    pub norm: Norm,
}

pub struct EncoderLayer {
    pub attention: Attention,
    pub feed_forward: FeedForward,
}

pub struct DecoderLayer {
    pub candidate: Int8Linear,
    pub gate: Int8Linear,
    pub cell_norm: Norm,
    pub context: Attention,
    pub feed_forward: FeedForward,
}

/// A loaded student: post-norm transformer encoder, SSRU decoder, one table of words for source, target and output.
pub struct Network {
    pub config: Config,
    pub kernel: Kernel,
    pub words: Int8Rows,
    /// What a stored value of the table is worth in an embedding: `sqrt(width) / multiplier`.
    embedding_scale: f32,
    /// `[POSITIONS, width]`
    positions: Vec<f32>,
    pub encoder: Vec<EncoderLayer>,
    pub decoder: Vec<DecoderLayer>,
}

impl Network {
    /// Packs a model file's weights for `kernel`.
    ///
    /// # Errors
    /// `Unsupported` for another kind of network; `Garbled` where items are missing or of the wrong shape.
    pub fn new(file: &ModelFile, kernel: Kernel) -> Result<Self, MarianError> {
        let config = Config::parse(file.path(), file.text("special:model.yml")?)?;
        if !config.width.is_multiple_of(LANES * config.heads) {
            let what = format!("heads of {} values, which is no multiple of {LANES}", config.width / config.heads);
            return Err(MarianError::garbled(file.path(), what));
        }
        let parts = Parts { file, width: config.width, kernel };
        let (words, multiplier) = parts.words(config.vocabulary)?;
        let encoder = (1..=config.encoder_layers).map(|n| {
            let name = format!("encoder_l{n}");
            Ok(EncoderLayer {
                attention: parts.attention(&format!("{name}_self"))?,
                feed_forward: parts.feed_forward(&name, config.inner)?,
            })
        });
        let decoder = (1..=config.decoder_layers).map(|n| {
            let name = format!("decoder_l{n}");
            Ok(DecoderLayer {
                candidate: parts.linear(&format!("{name}_rnn_W"), None, config.width, config.width)?,
                gate: parts.linear(
                    &format!("{name}_rnn_Wf"),
                    Some(&format!("{name}_rnn_bf")),
                    config.width,
                    config.width,
                )?,
                cell_norm: parts.norm(&format!("{name}_rnn_ffn"))?,
                context: parts.attention(&format!("{name}_context"))?,
                feed_forward: parts.feed_forward(&name, config.inner)?,
            })
        });
        Ok(Self {
            config,
            kernel,
            words,
            embedding_scale: (config.width as f32).sqrt() / multiplier,
            positions: positions(config.width)?.flatten_all()?.to_vec1()?,
            encoder: encoder.collect::<Result<_, MarianError>>()?,
            decoder: decoder.collect::<Result<_, MarianError>>()?,
        })
    }

    /// Adds to `out` the embedding of a word at a position; without a word, the position alone.
    ///
    /// # Panics
    /// Where the vocabulary has no such word or the position is past [`POSITIONS`].
    pub fn embed(&self, word: Option<u32>, position: usize, out: &mut Vec<f32>) {
        let position = &self.positions[position * self.config.width..][..self.config.width];
        match word {
            Some(word) => {
                let row = self.words.row(word as usize).iter();
                out.extend(row.zip(position).map(|(value, at)| f32::from(*value) * self.embedding_scale + at));
            }
            None => out.extend_from_slice(position),
        }
    }
}

/// Marian's sinusoids, `[POSITIONS, width]`: the first half of a row are sines, the second half cosines, of
/// `position / 10000^(c / (width/2 - 1))`.
fn positions(width: usize) -> Result<Tensor, candle_core::Error> {
    let half = width / 2;
    let rates: Vec<f32> = (0..half).map(|c| 10_000_f32.powf(-(c as f32) / (half as f32 - 1.0))).collect();
    let rates = Tensor::from_vec(rates, (1, half), &Device::Cpu)?;
    let at = Tensor::arange(0_u32, POSITIONS as u32, &Device::Cpu)?.to_dtype(DType::F32)?.unsqueeze(1)?;
    let angles = at.broadcast_mul(&rates)?;
    Tensor::cat(&[angles.sin()?, angles.cos()?], 1)
}

/// Fetches weights by Marian's names and checks their shapes.
struct Parts<'a> {
    file: &'a ModelFile,
    width: usize,
    kernel: Kernel,
}

impl Parts<'_> {
    fn vector(&self, name: &str, size: usize) -> Result<Vec<f32>, MarianError> {
        let values: Vec<f32> = self.file.tensor(name)?.flatten_all()?.to_vec1()?;
        if values.len() == size {
            return Ok(values);
        }
        Err(MarianError::garbled(
            self.file.path(),
            format!("`{name}` has {} values, {size} are expected", values.len()),
        ))
    }

    fn norm(&self, name: &str) -> Result<Norm, MarianError> {
        let scale = self.vector(&format!("{name}_ln_scale"), self.width)?;
        Ok(Norm { scale, bias: self.vector(&format!("{name}_ln_bias"), self.width)? })
    }

    fn linear(&self, name: &str, bias: Option<&str>, inner: usize, outer: usize) -> Result<Int8Linear, MarianError> {
        let matrix = self.file.int8(name)?;
        if matrix.shape != [inner, outer] {
            let what = format!("`{name}` has the shape {:?}, [{inner}, {outer}] is expected", matrix.shape);
            return Err(MarianError::garbled(self.file.path(), what));
        }
        let bias = match bias {
            Some(bias) => self.vector(bias, outer)?,
            None => vec![0.0; outer],
        };
        let multiplier = self.file.multiplier(&format!("{name}_QuantMultA"))?;
        Ok(Int8Linear::new(matrix.values, inner, matrix.multiplier, multiplier, bias, self.kernel))
    }

    fn attention(&self, name: &str) -> Result<Attention, MarianError> {
        let part = |letter: &str| {
            let (matrix, bias) = (format!("{name}_W{letter}"), format!("{name}_b{letter}"));
            self.linear(&matrix, Some(&bias), self.width, self.width)
        };
        let norm = self.norm(&format!("{name}_Wo"))?;
        Ok(Attention { query: part("q")?, key: part("k")?, value: part("v")?, out: part("o")?, norm })
    }

    fn feed_forward(&self, name: &str, inner: usize) -> Result<FeedForward, MarianError> {
        let part = |number: u8, from: usize, to: usize| {
            self.linear(&format!("{name}_ffn_W{number}"), Some(&format!("{name}_ffn_b{number}")), from, to)
        };
        let norm = self.norm(&format!("{name}_ffn_ffn"))?;
        Ok(FeedForward { up: part(1, self.width, inner)?, down: part(2, inner, self.width)?, norm })
    }

    /// The table of words with the output layer's bias, and the multiplier of its values.
    fn words(&self, vocabulary: usize) -> Result<(Int8Rows, f32), MarianError> {
        let table = self.file.int8("Wemb")?;
        if table.shape != [vocabulary, self.width] {
            let what = format!("`Wemb` has the shape {:?}, [{vocabulary}, {}] is expected", table.shape, self.width);
            return Err(MarianError::garbled(self.file.path(), what));
        }
        let name = if self.file.has("none_QuantMultA") { "none_QuantMultA" } else { "Wemb_QuantMultA" };
        let multiplier = self.file.multiplier(name)?;
        let bias = self.vector("decoder_ff_logit_out_b", vocabulary)?;
        let values = table.values.to_vec();
        Ok((Int8Rows::new(values, self.width, table.multiplier, multiplier, bias, self.kernel), table.multiplier))
    }
}
