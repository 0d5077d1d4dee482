//! The whole network: tokens and a style to samples, in the order of `KModel.forward` of the Kokoro project.

use candle_core::Result;
use candle_nn::{Linear, Module, VarBuilder, linear};

use super::albert::Albert;
use super::config::{HIDDEN, STYLE_HALF, albert};
use super::decoder::Decoder;
use super::error::KokoroError;
use super::generator::Generator;
use super::prosody::{Curves, Prosody};
use super::text_encoder::TextEncoder;
use crate::neural::layers::signal::Signal;
use crate::ports::Cancel;

pub struct Network {
    albert: Albert,
    narrow: Linear,
    text: TextEncoder,
    prosody: Prosody,
    decoder: Decoder,
    generator: Generator,
}

/// What the network made of one piece.
pub struct Spoken {
    /// 24 kHz, 600 for each frame.
    pub samples: Vec<f32>,
    /// Frames of 25 ms each token lasts, the end tokens included.
    pub durations: Vec<usize>,
    /// Pitch in hertz, two values a frame; near zero or below where nothing is voiced.
    pub pitch: Vec<f32>,
}

impl Network {
    /// # Errors
    /// Names the tensor that is missing or of another shape.
    pub fn load(vb: &VarBuilder<'_>) -> Result<Self> {
        let decoder = vb.pp("decoder");
        Ok(Self {
            albert: Albert::load(&vb.pp("bert"))?,
            narrow: linear(albert::HIDDEN, HIDDEN, vb.pp("bert_encoder"))?,
            text: TextEncoder::load(&vb.pp("text_encoder"))?,
            prosody: Prosody::load(&vb.pp("predictor"))?,
            decoder: Decoder::load(&decoder)?,
            generator: Generator::load(&decoder.pp("generator"))?,
        })
    }

    /// `tokens` with the end tokens; `style` of 256 values.
    ///
    /// # Errors
    /// `Cancelled` between two parts of the network; a failure of candle.
    pub fn speak(
        &self,
        tokens: &[u32],
        style: &[f32],
        speed: f32,
        cancel: &Cancel,
    ) -> std::result::Result<Spoken, KokoroError> {
        let go_on = || !cancel.is_cancelled();
        let (sound, manner) = style.split_at(STYLE_HALF);
        let read = self.narrow.forward(&self.albert.forward(tokens, cancel)?)?.flatten_all()?.to_vec1::<f32>()?;
        let encoded = self.prosody.encode(&Signal::from_time_major(&read, tokens.len(), HIDDEN), manner);
        let durations = self.prosody.durations(&encoded, speed);
        cancel.check().map_err(|_| KokoroError::Cancelled)?;
        let curves: Curves = self.prosody.curves(&encoded.repeat_columns(&durations), manner);
        let text = self.text.forward(tokens).repeat_columns(&durations);
        let features = self.decoder.forward(&text, &curves, sound, &go_on).ok_or(KokoroError::Cancelled)?;
        let samples = self.generator.forward(features, &curves.pitch, sound, &go_on).ok_or(KokoroError::Cancelled)?;
        Ok(Spoken { samples, durations, pitch: curves.pitch })
    }
}
