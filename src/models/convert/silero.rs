//! Silero VAD's 16 kHz network from its ONNX graph to named weights.
//!
//! The package also holds a safetensors file of the same shapes, but with weights of another training: probabilities
//! from it differ by up to .47 from those of the graphs, which are what the package itself runs.

use std::fs;
use std::path::Path;

use super::ConvertError;
use super::onnx::{Reader, Values};
use super::weights_file;

/// What is read, and the file this makes.
const GRAPH: &str = "silero_vad_16k_op15.onnx";
const OUTPUT: &str = "silero_vad.safetensors";

/// Names in the graph, and here.
const NAMES: [(&str, &str); 15] = [
    ("model.stft.forward_basis_buffer", "stft_conv.weight"),
    ("model.encoder.0.reparam_conv.weight", "conv1.weight"),
    ("model.encoder.0.reparam_conv.bias", "conv1.bias"),
    ("model.encoder.1.reparam_conv.weight", "conv2.weight"),
    ("model.encoder.1.reparam_conv.bias", "conv2.bias"),
    ("model.encoder.2.reparam_conv.weight", "conv3.weight"),
    ("model.encoder.2.reparam_conv.bias", "conv3.bias"),
    ("model.encoder.3.reparam_conv.weight", "conv4.weight"),
    ("model.encoder.3.reparam_conv.bias", "conv4.bias"),
    ("model.decoder.rnn.weight_ih", "lstm_cell.weight_ih"),
    ("model.decoder.rnn.weight_hh", "lstm_cell.weight_hh"),
    ("model.decoder.rnn.bias_ih", "lstm_cell.bias_ih"),
    ("model.decoder.rnn.bias_hh", "lstm_cell.bias_hh"),
    ("model.decoder.decoder.2.weight", "final_conv.weight"),
    ("model.decoder.decoder.2.bias", "final_conv.bias"),
];

pub(super) fn convert(inputs: &Path, output: &Path) -> Result<(), ConvertError> {
    let path = inputs.join(GRAPH);
    let graph = Reader::read(GRAPH, &fs::read(&path).map_err(ConvertError::io(&path))?)?;
    let named = NAMES.iter().map(|(theirs, ours)| Ok(((*ours).to_owned(), graph.tensor(theirs)?)));
    let tensors = named.collect::<Result<Vec<(String, Values)>, ConvertError>>()?;
    weights_file::write(GRAPH, &tensors, &output.join(OUTPUT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_and_a_missing_one_are_named() {
        let (inputs, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert!(convert(inputs.path(), output.path()).unwrap_err().to_string().contains(GRAPH));
        fs::write(inputs.path().join(GRAPH), b"no graph").unwrap();
        assert!(convert(inputs.path(), output.path()).unwrap_err().to_string().contains(GRAPH));
        assert!(!output.path().join(OUTPUT).exists());
    }
}
