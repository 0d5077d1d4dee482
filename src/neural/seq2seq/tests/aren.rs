//! A trained model through the same network: Arabic names into Latin letters, character by character, with the weights
//! that CTranslate2 tests itself with.

use std::sync::Arc;

use super::*;
use crate::neural::seq2seq::linear::{Embedding, Linear};
use crate::neural::seq2seq::network::{
    CrossAttention, DecoderLayer, EncoderLayer, FeedForward, Norm, NormPlace, Positions, SelfAttention,
};
use crate::neural::seq2seq::rows::{Activation, Heads};

const WIDTH: usize = 32;
const INNER: usize = 128;
const LAYERS: usize = 6;
const HEADS: usize = 8;
const START: u32 = 1;
const END: u32 = 2;

/// Weights by the names of CTranslate2: projections of one input stand in one matrix.
struct Parts {
    tensors: std::collections::HashMap<String, candle_core::Tensor>,
    precision: Precision,
}

impl Parts {
    fn values(&self, name: &str) -> Vec<f32> {
        self.tensors[name].flatten_all().unwrap().to_vec1().unwrap()
    }

    fn linear(&self, name: &str, inner: usize) -> Linear {
        let (values, bias) = (self.values(&format!("{name}/weight")), self.values(&format!("{name}/bias")));
        match self.precision {
            Precision::Float => {
                Linear::Float(crate::neural::layers::float::FloatLinear::new(&values, inner, &bias, Kernel::best()))
            }
            Precision::Int8 => {
                let rows = crate::neural::layers::dynamic::ScaledRows::new(&values, inner);
                Linear::Int8(crate::neural::layers::dynamic::DynamicLinear::new(&rows, &bias, Kernel::best()))
            }
        }
    }

    fn norm(&self, name: &str) -> Norm {
        let values = |part: &str| self.values(&format!("{name}/layer_norm/{part}"));
        Norm::Layer { scale: values("gamma"), bias: values("beta"), epsilon: 1e-5 }
    }

    fn self_attention(&self, name: &str) -> SelfAttention {
        let name = format!("{name}/self_attention");
        SelfAttention {
            all: self.linear(&format!("{name}/linear_0"), WIDTH),
            out: self.linear(&format!("{name}/linear_1"), WIDTH),
            norm: self.norm(&name),
        }
    }

    fn feed_forward(&self, name: &str) -> FeedForward {
        let name = format!("{name}/ffn");
        FeedForward {
            up: self.linear(&format!("{name}/linear_0"), WIDTH),
            down: self.linear(&format!("{name}/linear_1"), INNER),
            gated: false,
            activation: Activation::Relu,
            norm: self.norm(&name),
        }
    }

    fn network(&self) -> Network {
        let embedding = |side: &str| Embedding::Float(Arc::new(self.values(&format!("{side}/embeddings/weight"))));
        let heads = Heads { count: HEADS, scale: 1.0 / ((WIDTH / HEADS) as f32).sqrt() };
        Network {
            kernel: Kernel::best(),
            width: WIDTH,
            inner: WIDTH,
            encoder_heads: heads,
            decoder_heads: heads,
            place: NormPlace::Before,
            // OpenNMT's positions begin at 1.
            positions: Positions::Added(bart::sinusoids(128, WIDTH, 1)),
            source_words: embedding("encoder"),
            target_words: embedding("decoder"),
            embedding_scale: (WIDTH as f32).sqrt(),
            encoder: (0..LAYERS)
                .map(|n| format!("encoder/layer_{n}"))
                .map(|n| EncoderLayer { attention: self.self_attention(&n), feed_forward: self.feed_forward(&n) })
                .collect(),
            decoder: (0..LAYERS)
                .map(|n| format!("decoder/layer_{n}"))
                .map(|n| DecoderLayer {
                    attention: self.self_attention(&n),
                    cross: CrossAttention {
                        query: self.linear(&format!("{n}/attention/linear_0"), WIDTH),
                        context: self.linear(&format!("{n}/attention/linear_1"), WIDTH),
                        out: self.linear(&format!("{n}/attention/linear_2"), WIDTH),
                        norm: self.norm(&format!("{n}/attention")),
                    },
                    feed_forward: self.feed_forward(&n),
                })
                .collect(),
            encoder_norm: Some(self.norm("encoder")),
            decoder_norm: Some(self.norm("decoder")),
            head: self.linear("decoder/projection", WIDTH),
            head_scale: 1.0,
        }
    }
}

#[test]
fn names_are_written_as_ctranslate2_writes_them() {
    let data = root().join("../shared/data/aren-transliteration");
    let weights = data.join("aren_v2_f32.safetensors");
    if !weights.is_file() {
        println!("skipped: {} is not here", weights.display());
        return;
    }
    let words = |side: &str| -> Vec<String> {
        let path = data.join(format!("v2/aren-transliteration/{side}_vocabulary.txt"));
        std::fs::read_to_string(path).unwrap().lines().map(String::from).collect()
    };
    let (source, target) = (words("source"), words("target"));
    // The second pair of each is what CTranslate2 4.8.5 writes with the same beam.
    let names = [("آتزمون", "atzmon"), ("آتشيسون", "achison")];
    for precision in [Precision::Float, Precision::Int8] {
        let tensors = candle_core::safetensors::load(&weights, &candle_core::Device::Cpu).unwrap();
        let network = Parts { tensors, precision }.network();
        let settings = Settings {
            beams: 4,
            length_penalty: 1.0,
            early: Early::No,
            no_repeat: 0,
            banned: Vec::new(),
            start: START,
            end: END,
            forced_first: None,
            forced_last: None,
        };
        let number = |letter: char| source.iter().position(|word| *word == letter.to_string()).unwrap() as u32;
        let pieces: Vec<Piece> = names
            .iter()
            .enumerate()
            .map(|(n, (name, _))| Piece { sentence: n, words: name.chars().map(number).collect(), most: 40 })
            .collect();
        let work = Work { network: &network, settings: &settings, pieces: &pieces, batch: 2 };
        let made = work.on_threads(1, &Cancel::new()).unwrap();
        for (words, (_, right)) in made.iter().zip(names) {
            let text: String = words.iter().map(|word| target[*word as usize].as_str()).collect();
            assert_eq!(text, right, "{precision:?}");
        }
    }
}
