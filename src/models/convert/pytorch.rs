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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use candle_core::Device;

    use super::*;

    /// What `torch.save` writes of four tensors, three of which are one: `lm_head.weight`,
    /// `model.decoder.embed_tokens.weight` and `model.shared.weight`, `[2, 3]`, and `final_logits_bias`, `[1, 3]`.
    const PICKLE: &[u8] = include_bytes!("pytorch/shared.pkl");

    fn write(folder: &Path, cut: usize) {
        let floats = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let mut zip = zip::ZipWriter::new(std::fs::File::create(folder.join(INPUT)).unwrap());
        let words = floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let members = [
            ("archive/data.pkl", PICKLE),
            ("archive/data/0", &words[..words.len() - cut]),
            ("archive/data/1", &floats(&[0.5, -0.5, 0.25])),
        ];
        for (name, bytes) in members {
            let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            zip.start_file(name, stored).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
    }

    #[test]
    fn tensors_that_are_one_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 0);
        convert(folder.path(), folder.path()).unwrap();
        let tensors = candle_core::safetensors::load(folder.path().join(OUTPUT), &Device::Cpu).unwrap();
        let mut names: Vec<&str> = tensors.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["final_logits_bias", "model.shared.weight"]);
        let words = tensors["model.shared.weight"].to_vec2::<f32>().unwrap();
        assert_eq!(words, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(tensors["final_logits_bias"].to_vec2::<f32>().unwrap(), [[0.5, -0.5, 0.25]]);
    }

    #[test]
    fn what_is_no_such_model_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(convert(folder.path(), folder.path()).unwrap_err().to_string().contains(INPUT));
        write(folder.path(), 8);
        assert!(convert(folder.path(), folder.path()).unwrap_err().to_string().contains(INPUT));
        std::fs::write(folder.path().join(INPUT), b"PK, but no zip").unwrap();
        let error = convert(folder.path(), folder.path()).unwrap_err().to_string();
        assert!(error.contains("not a PyTorch model"), "{error}");
    }
}
