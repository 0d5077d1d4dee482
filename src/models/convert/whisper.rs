//! Whisper in CTranslate2's format (`model.bin` in parts, `vocabulary.txt`) to one GGML file for whisper.cpp.
//!
//! CTranslate2 fuses the query, key and value of self-attention, and the key and value of cross-attention, along their
//! output rows; whisper.cpp wants them apart and has no key bias, which Whisper's keys do not have: the fused bias must
//! be zero there. Weights stay in half precision; biases, norms and positions become single precision.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::ConvertError;
use super::ctranslate2::Model;
use super::ggml::{Dimensions, Writer};
use super::mel::filter_bank;

/// The file this makes.
const OUTPUT: &str = "ggml-base.bin";
const PARTS: [&str; 2] = ["model.bin.part1", "model.bin.part2"];
const VOCABULARY: &str = "vocabulary.txt";
/// The token after the last one that is text; whisper.cpp makes the special tokens itself.
const END_OF_TEXT: &str = "<|endoftext|>";

type Out = Writer<BufWriter<File>>;

pub(super) fn convert(inputs: &Path, output: &Path) -> Result<(), ConvertError> {
    let mut bytes = Vec::new();
    for part in PARTS {
        let path = inputs.join(part);
        bytes.extend(fs::read(&path).map_err(ConvertError::io(&path))?);
    }
    let path = inputs.join(VOCABULARY);
    let vocabulary = fs::read_to_string(&path).map_err(ConvertError::io(&path))?;
    let model = Model::read(&bytes)?;
    if model.specification() != "WhisperSpec" {
        return Err(ConvertError::input("model.bin", format!("it is a {}, no Whisper", model.specification())));
    }
    let dimensions = dimensions(&model)?;
    let tokens = text_tokens(&vocabulary)?;
    let path = output.join(OUTPUT);
    let file = File::create(&path).map_err(ConvertError::io(&path))?;
    let writer = Writer::start(BufWriter::new(file), &dimensions, &filter_bank(dimensions.mels), &tokens)
        .map_err(ConvertError::io(&path))?;
    Converter { model: &model, out: writer, path: &path }.all(&dimensions)
}

fn dimensions(model: &Model<'_>) -> Result<Dimensions, ConvertError> {
    let shape = |name: &str| -> Result<Vec<usize>, ConvertError> { Ok(model.half(name)?.shape.to_vec()) };
    let rows_columns = |name: &str| match shape(name)?[..] {
        [rows, columns] => Ok((rows, columns)),
        _ => Err(ConvertError::input("model.bin", format!("{name} is no matrix"))),
    };
    let (vocabulary, _) = rows_columns("decoder/embeddings/weight")?;
    let (audio_context, audio_state) = rows_columns("encoder/position_encodings/encodings")?;
    let (text_context, text_state) = rows_columns("decoder/position_encodings/encodings")?;
    let mels = shape("encoder/conv1/weight")?.get(1).copied().unwrap_or(0);
    Ok(Dimensions {
        vocabulary,
        audio_context,
        audio_state,
        audio_heads: model.scalar("encoder/num_heads")?,
        audio_layers: model.layers("encoder"),
        text_context,
        text_state,
        text_heads: model.scalar("decoder/num_heads")?,
        text_layers: model.layers("decoder"),
        mels,
    })
}

/// The bytes of every token of text: `vocabulary.txt` holds a token a line, its bytes written as GPT-2 does.
fn text_tokens(vocabulary: &str) -> Result<Vec<Vec<u8>>, ConvertError> {
    let letters = byte_letters();
    let bytes_of = |token: &str| -> Option<Vec<u8>> {
        token.chars().map(|letter| letters.iter().position(|l| *l == letter).map(|byte| byte as u8)).collect()
    };
    let mut tokens = Vec::new();
    for (line, token) in vocabulary.split('\n').enumerate() {
        if token == END_OF_TEXT {
            return Ok(tokens);
        }
        let bytes = bytes_of(token)
            .ok_or_else(|| ConvertError::input(VOCABULARY, format!("line {}: `{token}` is no token", line + 1)))?;
        tokens.push(bytes);
    }
    Err(ConvertError::input(VOCABULARY, format!("{END_OF_TEXT} is not there")))
}

/// GPT-2's letter for each byte: printable ones stand for themselves, the others for the letters from U+0100 on.
fn byte_letters() -> [char; 256] {
    let mut letters = ['\0'; 256];
    let mut spare = '\u{100}'..;
    for (byte, letter) in letters.iter_mut().enumerate() {
        let itself = matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
        let own = char::from(byte as u8);
        *letter = if itself { own } else { spare.next().unwrap_or(own) };
    }
    letters
}

struct Converter<'a> {
    model: &'a Model<'a>,
    out: Out,
    path: &'a Path,
}

impl Converter<'_> {
    fn all(mut self, dimensions: &Dimensions) -> Result<(), ConvertError> {
        self.vector_or_matrix("encoder/position_encodings/encodings", "encoder.positional_embedding", true)?;
        for conv in ["conv1", "conv2"] {
            self.vector_or_matrix(&format!("encoder/{conv}/weight"), &format!("encoder.{conv}.weight"), false)?;
            let bias = self.model.half(&format!("encoder/{conv}/bias"))?;
            // A column, so that whisper.cpp adds it to every frame.
            let shape = [bias.shape.iter().product(), 1];
            self.wrote(|out| out.single(&format!("encoder.{conv}.bias"), &shape, bias.half))?;
        }
        for layer in 0..dimensions.audio_layers {
            let (from, to) = (format!("encoder/layer_{layer}"), format!("encoder.blocks.{layer}"));
            self.self_attention(&from, &to)?;
            self.feed_forward(&from, &to)?;
        }
        self.norm("encoder/layer_norm", "encoder.ln_post")?;
        self.vector_or_matrix("decoder/position_encodings/encodings", "decoder.positional_embedding", true)?;
        self.vector_or_matrix("decoder/embeddings/weight", "decoder.token_embedding.weight", false)?;
        for layer in 0..dimensions.text_layers {
            let (from, to) = (format!("decoder/layer_{layer}"), format!("decoder.blocks.{layer}"));
            self.self_attention(&from, &to)?;
            self.cross_attention(&from, &to)?;
            self.feed_forward(&from, &to)?;
        }
        self.norm("decoder/layer_norm", "decoder.ln")?;
        let mut file = self.out.finish().map_err(ConvertError::io(self.path))?;
        file.flush().map_err(ConvertError::io(self.path))
    }

    fn self_attention(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        let fused = format!("{from}/self_attention/linear_0");
        self.no_bias(&fused, 1, 3)?;
        self.part(&fused, 0, 3, &format!("{to}.attn.query"), true)?;
        self.part(&fused, 1, 3, &format!("{to}.attn.key"), false)?;
        self.part(&fused, 2, 3, &format!("{to}.attn.value"), true)?;
        self.linear(&format!("{from}/self_attention/linear_1"), &format!("{to}.attn.out"))?;
        self.norm(&format!("{from}/self_attention/layer_norm"), &format!("{to}.attn_ln"))
    }

    fn cross_attention(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.linear(&format!("{from}/attention/linear_0"), &format!("{to}.cross_attn.query"))?;
        let fused = format!("{from}/attention/linear_1");
        self.no_bias(&fused, 0, 2)?;
        self.part(&fused, 0, 2, &format!("{to}.cross_attn.key"), false)?;
        self.part(&fused, 1, 2, &format!("{to}.cross_attn.value"), true)?;
        self.linear(&format!("{from}/attention/linear_2"), &format!("{to}.cross_attn.out"))?;
        self.norm(&format!("{from}/attention/layer_norm"), &format!("{to}.cross_attn_ln"))
    }

    fn feed_forward(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.linear(&format!("{from}/ffn/linear_0"), &format!("{to}.mlp.0"))?;
        self.linear(&format!("{from}/ffn/linear_1"), &format!("{to}.mlp.2"))?;
        self.norm(&format!("{from}/ffn/layer_norm"), &format!("{to}.mlp_ln"))
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.vector_or_matrix(&format!("{from}/gamma"), &format!("{to}.weight"), true)?;
        self.vector_or_matrix(&format!("{from}/beta"), &format!("{to}.bias"), true)
    }

    fn linear(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.part(from, 0, 1, to, true)
    }

    /// One of the linears fused in `from`, by its place among them.
    fn part(&mut self, from: &str, index: usize, parts: usize, to: &str, with_bias: bool) -> Result<(), ConvertError> {
        let weight = self.model.half(&format!("{from}/weight"))?;
        let half = weight.part(index, parts)?;
        let mut shape = weight.shape.to_vec();
        shape[0] /= parts;
        self.wrote(|out| out.half(&format!("{to}.weight"), &shape, half))?;
        if with_bias {
            let bias = self.model.half(&format!("{from}/bias"))?.part(index, parts)?;
            self.wrote(|out| out.single(&format!("{to}.bias"), &shape[..1], bias))?;
        }
        Ok(())
    }

    /// The bias of this part of a fused linear must be zero (of either sign), since it has no place in the output.
    fn no_bias(&self, fused: &str, index: usize, parts: usize) -> Result<(), ConvertError> {
        let bias = self.model.half(&format!("{fused}/bias"))?.part(index, parts)?;
        if bias.chunks_exact(2).any(|half| half[0] != 0 || half[1] & 0x7f != 0) {
            return Err(ConvertError::input("model.bin", format!("{fused}: the keys have a bias")));
        }
        Ok(())
    }

    fn vector_or_matrix(&mut self, from: &str, to: &str, single: bool) -> Result<(), ConvertError> {
        let tensor = self.model.half(from)?;
        self.wrote(|out| {
            if single { out.single(to, tensor.shape, tensor.half) } else { out.half(to, tensor.shape, tensor.half) }
        })
    }

    fn wrote(&mut self, write: impl FnOnce(&mut Out) -> io::Result<()>) -> Result<(), ConvertError> {
        write(&mut self.out).map_err(ConvertError::io(self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_turned_into_their_bytes() {
        let tokens = text_tokens("!\nĠthe\nåľº\n\n<|endoftext|>\n<|en|>\n").unwrap();
        assert_eq!(tokens, [b"!".to_vec(), b" the".to_vec(), "场".as_bytes().to_vec(), Vec::new()]);
        let error = text_tokens("!\n日\n<|endoftext|>").unwrap_err().to_string();
        assert!(error.contains("vocabulary.txt: line 2"), "{error}");
        assert!(text_tokens("!\n").is_err());
    }
}
