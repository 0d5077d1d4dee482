//! The student network's weights: candle tensors from the file, its matrices packed for the int8 kernels.

use candle_core::{DType, Device, Tensor};

use super::binary::ModelFile;
use super::config::{Config, Words};
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

/// How the output layer finds the next word.
pub enum Output {
    /// Among the few candidates of a shortlist.
    Candidates,
    /// Among all words of the target: a student that came without a shortlist.
    All(Int8Linear),
}

/// A table of words, and what a stored value is worth in an embedding: `sqrt(width) / multiplier`.
struct Embeddings {
    values: Vec<i8>,
    scale: f32,
}

/// A loaded student: post-norm transformer encoder, SSRU decoder, tables of words for source and target of which the
/// target's is the output layer too.
pub struct Network {
    pub config: Config,
    pub kernel: Kernel,
    /// The target's words, which are the source's too where there is no table of its own.
    pub words: Int8Rows,
    target_scale: f32,
    source: Option<Embeddings>,
    pub output: Output,
    /// `[POSITIONS, width]`
    positions: Vec<f32>,
    pub encoder: Vec<EncoderLayer>,
    pub decoder: Vec<DecoderLayer>,
}

impl Network {
    /// Packs a model file's weights for `kernel`; `shortlisted` says whether candidates will be given.
    ///
    /// # Errors
    /// `Unsupported` for another kind of network; `Garbled` where items are missing or of the wrong shape.
    pub fn new(file: &ModelFile, kernel: Kernel, shortlisted: bool) -> Result<Self, MarianError> {
        let config = Config::parse(file.path(), file.text("special:model.yml")?)?;
        if !config.width.is_multiple_of(LANES * config.heads) {
            let what = format!("heads of {} values, which is no multiple of {LANES}", config.width / config.heads);
            return Err(MarianError::garbled(file.path(), what));
        }
        let parts = Parts { file, width: config.width, kernel };
        let tables = parts.tables(config.words, shortlisted)?;
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
            words: tables.words,
            target_scale: tables.target_scale,
            source: tables.source,
            output: tables.output,
            positions: positions(config.width)?.flatten_all()?.to_vec1()?,
            encoder: encoder.collect::<Result<_, MarianError>>()?,
            decoder: decoder.collect::<Result<_, MarianError>>()?,
        })
    }

    /// Adds to `out` the embedding of a source word at a position.
    ///
    /// # Panics
    /// Where the vocabulary has no such word or the position is past [`POSITIONS`].
    pub fn embed_source(&self, word: u32, position: usize, out: &mut Vec<f32>) {
        match &self.source {
            Some(table) => {
                let row = &table.values[word as usize * self.config.width..][..self.config.width];
                self.embed(row, table.scale, position, out);
            }
            None => self.embed(self.words.row(word as usize), self.target_scale, position, out),
        }
    }

    /// Adds to `out` the embedding of a target word at a position; without a word, the position alone.
    ///
    /// # Panics
    /// As [`Network::embed_source`].
    pub fn embed_target(&self, word: Option<u32>, position: usize, out: &mut Vec<f32>) {
        match word {
            Some(word) => self.embed(self.words.row(word as usize), self.target_scale, position, out),
            None => out.extend_from_slice(self.position(position)),
        }
    }

    fn embed(&self, row: &[i8], scale: f32, position: usize, out: &mut Vec<f32>) {
        out.extend(row.iter().zip(self.position(position)).map(|(value, at)| f32::from(*value) * scale + at));
    }

    fn position(&self, position: usize) -> &[f32] {
        &self.positions[position * self.config.width..][..self.config.width]
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
        let multiplier = self.multiplier(&format!("{name}_QuantMultA"))?;
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

    /// A table of words as the file keeps it, and the multiplier of its values.
    fn table(&self, name: &str, size: usize) -> Result<(Vec<i8>, f32), MarianError> {
        let table = self.file.int8(name)?;
        if table.shape != [size, self.width] {
            let what = format!("`{name}` has the shape {:?}, [{size}, {}] is expected", table.shape, self.width);
            return Err(MarianError::garbled(self.file.path(), what));
        }
        Ok((table.values.to_vec(), table.multiplier))
    }

    /// The tables of words, the target's with the output layer's bias.
    fn tables(&self, words: Words, shortlisted: bool) -> Result<Tables, MarianError> {
        let root = (self.width as f32).sqrt();
        let (target, source) = match words {
            Words::Shared(_) => ("Wemb", None),
            Words::Split { source, .. } => {
                let (values, multiplier) = self.table("encoder_Wemb", source)?;
                ("decoder_Wemb", Some(Embeddings { values, scale: root / multiplier }))
            }
        };
        let (values, multiplier) = self.table(target, words.target())?;
        // Marian names the output layer's input after its table, or not at all.
        let named = format!("{target}_QuantMultA");
        let activations = self.multiplier(if self.file.has("none_QuantMultA") { "none_QuantMultA" } else { &named })?;
        let bias = self.vector("decoder_ff_logit_out_b", words.target())?;
        let output = if shortlisted {
            Output::Candidates
        } else {
            let (width, bias) = (self.width, bias.clone());
            Output::All(Int8Linear::new(&values, width, multiplier, activations, bias, self.kernel))
        };
        let words = Int8Rows::new(values, self.width, multiplier, activations, bias, self.kernel);
        Ok(Tables { words, target_scale: root / multiplier, source, output })
    }

    fn multiplier(&self, name: &str) -> Result<f32, MarianError> {
        if self.file.has(name) {
            return self.file.multiplier(name);
        }
        let what =
            format!("it has no item `{name}`: students are read with the multipliers (alphas) of their activations");
        Err(MarianError::garbled(self.file.path(), what))
    }
}

/// What [`Parts::tables`] reads.
struct Tables {
    words: Int8Rows,
    target_scale: f32,
    source: Option<Embeddings>,
    output: Output,
}
