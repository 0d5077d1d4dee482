//! Kokoro-82M from its 8-bit ONNX graph to named 32-bit weights.
//!
//! The graph was exported from PyTorch and quantized by onnxruntime, which names nodes after modules: the node
//! `/encoder/predictor/lstm/LSTM_quant` holds `predictor.lstm`. Weights of quantized nodes are `(w - zero) * scale`;
//! the scale stands where the integer product is brought back to floats. Biases, norms and embeddings keep their
//! names. What comes out is exactly [`kokoro_names`](super::kokoro_names): nothing missing, nothing more.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::ConvertError;
use super::kokoro_names;
use super::onnx::{Node, Reader, Values};
use super::weights_file;

/// The file this makes.
const OUTPUT: &str = "kokoro.safetensors";
/// What the parts are called together, in errors.
const GRAPH: &str = "kokoro.onnx";
const PARTS: [&str; 4] = ["kokoro.onnx.part1", "kokoro.onnx.part2", "kokoro.onnx.part3", "kokoro.onnx.part4"];

type Tensors = HashMap<String, Values>;

/// The graph in four parts to one file of weights. The vocabulary and the voices are files that need no conversion.
pub(super) fn convert(inputs: &Path, output: &Path) -> Result<(), ConvertError> {
    let mut bytes = Vec::new();
    for part in PARTS {
        let path = inputs.join(part);
        bytes.extend(fs::read(&path).map_err(ConvertError::io(&path))?);
    }
    let graph = Reader::read(GRAPH, &bytes)?;
    drop(bytes);
    weights_file::write(GRAPH, &read_tensors(&graph)?, &output.join(OUTPUT))
}

/// Every tensor of the list, in its order.
fn read_tensors(graph: &Reader) -> Result<Vec<(String, Values)>, ConvertError> {
    let mut found = Tensors::new();
    for name in graph.tensors().keys() {
        named(graph, name, &mut found)?;
    }
    for node in graph.nodes() {
        held(graph, node, &mut found)?;
    }
    let take = |(name, expected): (String, Vec<usize>)| match found.remove(&name) {
        Some(values) if values.shape == expected => Ok((name, values)),
        Some(values) => Err(graph.error(format!("`{name}` is {:?} where {expected:?} is expected", values.shape))),
        None => Err(graph.error(format!("it lacks the weights of `{name}`"))),
    };
    kokoro_names::tensors().into_iter().map(take).collect()
}

/// Tensors that kept their names: biases, norms, alphas, and embeddings with a scale beside them.
fn named(graph: &Reader, name: &str, found: &mut Tensors) -> Result<(), ConvertError> {
    let module = match name.strip_prefix("decoder.decoder.") {
        Some(rest) => format!("decoder.{rest}"),
        None => match name.strip_prefix("encoder.") {
            Some(rest) => rest.to_owned(),
            None => return Ok(()),
        },
    };
    if let Some(embedding) = module.strip_suffix("_quantized").filter(|name| name.contains("embedding")) {
        // A table of embeddings is read by a gather, and its rows brought back to floats after it.
        let rows = graph.reader(name, "Gather").and_then(|gather| graph.reader(&gather.output[0], "DequantizeLinear"));
        if let Some(back) = rows {
            let (scale, zero) = (graph.tensor(&back.input[1])?, graph.tensor(&back.input[2])?);
            found.insert(embedding.to_owned(), restored(graph.tensor(name)?, &scale, &zero, Along::Whole));
        }
    } else if let Some(values) = graph.tensors().get(name).filter(|tensor| tensor.data_type == 1) {
        found.extend(values.values().map(|values| (module, values)));
    }
    Ok(())
}

/// The tensors of one node, named after its module.
fn held(graph: &Reader, node: &Node, found: &mut Tensors) -> Result<(), ConvertError> {
    let Some(weight) = node.input.get(1).filter(|name| graph.tensors().contains_key(*name)) else { return Ok(()) };
    let module = module(&node.name);
    match node.op_type.as_str() {
        "ConvInteger" => {
            let values = restored(graph.tensor(weight)?, &scale(graph, node)?, &zero(graph, node, 3)?, Along::First);
            found.insert(format!("{module}.weight"), values);
        }
        "MatMulInteger" => {
            let values = restored(graph.tensor(weight)?, &scale(graph, node)?, &zero(graph, node, 3)?, Along::Last);
            found.insert(format!("{module}.weight"), transposed(&values));
        }
        "Conv" | "ConvTranspose" => {
            found.insert(format!("{module}.weight"), graph.tensor(weight)?);
        }
        "MatMul" => {
            found.insert(format!("{module}.weight"), transposed(&graph.tensor(weight)?));
        }
        "DynamicQuantizeLSTM" => lstm(graph, node, &module, found)?,
        _ => {}
    }
    Ok(())
}

/// A node's module by its PyTorch name.
fn module(node: &str) -> String {
    let path = node.trim_start_matches('/');
    let path = path.rsplit_once('/').map_or(path, |(module, _)| module);
    let path = path.strip_prefix("encoder/").unwrap_or(path);
    let path = if path.starts_with("decoder/decoder/") { &path["decoder/".len()..] } else { path };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        // A sequence's member repeats the sequence's name: `cnn.0/cnn.0.1`, `asr_res/asr_res.0`.
        if parts.last().is_some_and(|last| part.strip_prefix(last).is_some_and(|rest| rest.starts_with('.'))) {
            parts.pop();
        }
        parts.push(part);
    }
    let first = parts.first().map_or("", |part| part.split('.').next().unwrap_or(part));
    // The exporter called these parts of the predictor from outside of it.
    if ["F0", "N", "F0_proj", "N_proj", "shared", "lstm", "duration_proj"].contains(&first) {
        parts.insert(0, "predictor");
    }
    parts.join(".")
}

/// The scale of a quantized node's weight: its integer result is cast and multiplied by input scale times weight scale.
fn scale(graph: &Reader, node: &Node) -> Result<Values, ConvertError> {
    let missing = || graph.error(format!("the scale of `{}` is not where quantized nodes have it", node.name));
    let result = node.output.first().ok_or_else(missing)?;
    let biased = graph.reader(result, "Add").and_then(|add| add.output.first());
    let cast =
        graph.reader(biased.unwrap_or(result), "Cast").and_then(|cast| cast.output.first()).ok_or_else(missing)?;
    let multiplied = graph.reader(cast, "Mul").ok_or_else(missing)?;
    let factor = multiplied.input.iter().find(|name| *name != cast).ok_or_else(missing)?;
    let scales = graph.maker(factor).ok_or_else(missing)?;
    let own = scales.input.iter().find(|name| graph.tensors().contains_key(*name)).ok_or_else(missing)?;
    graph.tensor(own)
}

/// The zero point at an input that may be absent.
fn zero(graph: &Reader, node: &Node, input: usize) -> Result<Values, ConvertError> {
    match node.input.get(input).filter(|name| !name.is_empty()) {
        Some(name) => graph.tensor(name),
        None => Ok(Values { shape: Vec::new(), data: vec![0.0] }),
    }
}

/// Which dimension scales and zero points belong to, where there are several.
#[derive(Clone, Copy)]
enum Along {
    Whole,
    First,
    Last,
}

/// `(w - zero) * scale`.
fn restored(weight: Values, scale: &Values, zero: &Values, along: Along) -> Values {
    let inner: usize = weight.shape.iter().skip(1).product();
    let last = weight.shape.last().copied().unwrap_or(1);
    let pick = |values: &Values, at: usize| {
        let index = match along {
            Along::Whole => 0,
            Along::First => at / inner.max(1),
            Along::Last => at % last.max(1),
        };
        if values.data.len() == 1 { values.data[0] } else { values.data.get(index).copied().unwrap_or(f32::NAN) }
    };
    let data = weight.data.iter().enumerate().map(|(at, w)| (w - pick(zero, at)) * pick(scale, at)).collect();
    Values { shape: weight.shape, data }
}

/// `[rows, columns]` to `[columns, rows]`.
fn transposed(values: &Values) -> Values {
    let [rows, columns] = values.shape[..] else { return values.clone() };
    let data = (0..columns).flat_map(|c| (0..rows).map(move |r| values.data[r * columns + c])).collect();
    Values { shape: vec![columns, rows], data }
}

/// Both directions of an LSTM. ONNX keeps `[direction, inputs, 4 * hidden]` with the gates input, output, forget, cell;
/// PyTorch `[4 * hidden, inputs]` with input, forget, cell, output.
fn lstm(graph: &Reader, node: &Node, module: &str, found: &mut Tensors) -> Result<(), ConvertError> {
    let bad = || graph.error(format!("`{}` is no LSTM of two directions", node.name));
    let input = |at: usize| node.input.get(at).ok_or_else(bad);
    for (kind, weight, scale, zero_at) in [("ih", 1, 8, 9), ("hh", 2, 10, 11)] {
        let values = graph.tensor(input(weight)?)?;
        let (scale, zero) = (graph.tensor(input(scale)?)?, zero(graph, node, zero_at)?);
        let [2, inputs, gates] = values.shape[..] else { return Err(bad()) };
        let values = restored(values, &scale, &zero, Along::First);
        for (direction, suffix) in ["", "_reverse"].into_iter().enumerate() {
            let data = values.data[direction * inputs * gates..][..inputs * gates].to_vec();
            let rows = transposed(&Values { shape: vec![inputs, gates], data });
            let data = gates_in_order(&rows.data, gates / 4 * inputs);
            found.insert(format!("{module}.weight_{kind}_l0{suffix}"), Values { shape: rows.shape, data });
        }
    }
    let biases = graph.tensor(input(3)?)?;
    let [2, both] = biases.shape[..] else { return Err(bad()) };
    for (direction, suffix) in ["", "_reverse"].into_iter().enumerate() {
        for (at, kind) in ["ih", "hh"].into_iter().enumerate() {
            let data = gates_in_order(&biases.data[direction * both + at * both / 2..][..both / 2], both / 8);
            found.insert(format!("{module}.bias_{kind}_l0{suffix}"), Values { shape: vec![both / 2], data });
        }
    }
    Ok(())
}

/// Four blocks from the order input, output, forget, cell to input, forget, cell, output.
fn gates_in_order(values: &[f32], block: usize) -> Vec<f32> {
    [0, 2, 3, 1].into_iter().flat_map(|gate| &values[gate * block..][..block]).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_named_after_their_modules() {
        for (node, expected) in [
            ("/encoder/predictor/lstm/LSTM_quant", "predictor.lstm"),
            ("/encoder/shared/LSTM_quant", "predictor.shared"),
            ("/encoder/F0.1/pool/ConvTranspose", "predictor.F0.1.pool"),
            ("/encoder/text_encoder/cnn.0/cnn.0.0/Conv_quant", "text_encoder.cnn.0.0"),
            ("/decoder/decoder/asr_res/asr_res.0/Conv_quant", "decoder.asr_res.0"),
            ("/decoder/decoder/F0_conv/Conv_quant", "decoder.F0_conv"),
            (
                "/decoder/decoder/generator/resblocks.4/adain2.2/fc/Gemm_MatMul_quant",
                "decoder.generator.resblocks.4.adain2.2.fc",
            ),
            ("/encoder/bert_encoder/MatMul_quant", "bert_encoder"),
        ] {
            assert_eq!(module(node), expected);
        }
    }

    #[test]
    fn weights_are_restored_along_their_dimension() {
        let weight = || Values { shape: vec![2, 2], data: vec![1.0, 2.0, 3.0, 4.0] };
        let scale = Values { shape: vec![2], data: vec![10.0, 100.0] };
        let zero = Values { shape: vec![], data: vec![1.0] };
        assert_eq!(restored(weight(), &scale, &zero, Along::First).data, [0.0, 10.0, 200.0, 300.0]);
        assert_eq!(restored(weight(), &scale, &zero, Along::Last).data, [0.0, 100.0, 20.0, 300.0]);
        assert_eq!(transposed(&weight()).data, [1.0, 3.0, 2.0, 4.0]);
        assert_eq!(gates_in_order(&[1.0, 2.0, 3.0, 4.0], 1), [1.0, 3.0, 4.0, 2.0]);
    }

    #[test]
    fn a_file_that_is_no_model_is_told() {
        let root = tempfile::tempdir().unwrap();
        let write = |bytes: &[u8]| {
            for (at, part) in PARTS.iter().enumerate() {
                fs::write(root.path().join(part), bytes.get(at..=at).unwrap_or_default()).unwrap();
            }
            convert(root.path(), root.path()).unwrap_err().to_string()
        };
        let error = write(&[0x3A, 0x05, 1]);
        assert!(error.contains("kokoro.onnx: it is no whole ONNX file"), "{error}");
        let error = write(&[0x3A, 0x00]);
        assert!(error.contains("lacks the weights of `bert.embeddings.word_embeddings.weight`"), "{error}");
        assert!(!root.path().join(OUTPUT).exists());
        fs::remove_file(root.path().join(PARTS[3])).unwrap();
        let error = convert(root.path(), root.path()).unwrap_err().to_string();
        assert!(error.contains("kokoro.onnx.part4"), "{error}");
    }
}
