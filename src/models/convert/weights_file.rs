//! Named 32-bit tensors as a safetensors file.

use std::fs;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};

use super::ConvertError;
use super::onnx::Values;

/// Writes the tensors; `input` is the file they come from, for errors.
pub fn write(input: &str, tensors: &[(String, Values)], path: &Path) -> Result<(), ConvertError> {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, values)| values.data.iter().flat_map(|value| value.to_le_bytes()).collect()).collect();
    let broken = |error: safetensors::SafeTensorError| ConvertError::input(input, error.to_string());
    let views = tensors.iter().zip(&bytes).map(|((name, values), bytes)| {
        Ok((name.as_str(), TensorView::new(Dtype::F32, values.shape.clone(), bytes).map_err(broken)?))
    });
    let file = safetensors::serialize(views.collect::<Result<Vec<_>, ConvertError>>()?, None).map_err(broken)?;
    fs::write(path, file).map_err(ConvertError::io(path))
}
