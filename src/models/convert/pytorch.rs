//! PyTorch's own format (a zip of a pickle and raw tensors) to safetensors, which can be mapped and runs no code.
//!
//! Tensors that share their bytes (a table of words that is the output layer too) are written once, under the name that
//! `transformers` keeps of them.

use std::collections::HashMap;
use std::path::Path;

use candle_core::Tensor;
use candle_core::pickle::{PthTensors, TensorInfo};

use super::ConvertError;

const INPUT: &str = "pytorch_model.bin";
const OUTPUT: &str = "model.safetensors";

/// Converts the input to the output.
///
/// # Errors
/// `Input` where the file is no PyTorch model or holds none of the tensors it names, `Io` where the disk is full.
pub fn convert(inputs: &Path, output: &Path) -> Result<(), ConvertError> {
    let path = inputs.join(INPUT);
    std::fs::File::open(&path).map_err(ConvertError::io(&path))?;
    let wrong = |error: candle_core::Error| ConvertError::input(INPUT, format!("not a PyTorch model: {error}"));
    let model = PthTensors::new(&path, None).map_err(wrong)?;
    let mut tensors: HashMap<String, Tensor> = HashMap::new();
    for name in names(model.tensor_infos()) {
        let tensor = model.get(name).map_err(wrong)?;
        let tensor = tensor.ok_or_else(|| ConvertError::input(INPUT, format!("it lacks its tensor `{name}`")))?;
        tensors.insert(name.to_owned(), tensor);
    }
    if tensors.is_empty() {
        return Err(ConvertError::input(INPUT, "it holds no tensor"));
    }
    let place = output.join(OUTPUT);
    candle_core::safetensors::save(&tensors, &place)
        .map_err(|error| ConvertError::io(&place)(std::io::Error::other(error)))
}

/// Each tensor's name, of those that share their bytes only the one that says so, else the first.
fn names(tensors: &HashMap<String, TensorInfo>) -> Vec<&str> {
    let mut names: Vec<&str> = tensors.keys().map(String::as_str).collect();
    names.sort_by_key(|name| (!name.ends_with("shared.weight"), *name));
    let mut seen = Vec::new();
    names.retain(|name| {
        let info = &tensors[*name];
        let bytes = (&info.path, info.layout.start_offset(), info.layout.shape());
        let new = !seen.contains(&bytes);
        seen.push(bytes);
        new
    });
    names
}
