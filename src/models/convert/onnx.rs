//! As much of the ONNX file format as a conversion reads: nodes, their names, and the tensors they hold.
//!
//! Field numbers are those of `onnx.proto3`; fields that are not named here are skipped by the decoder.

use std::collections::HashMap;

use prost::Message;

use super::ConvertError;

#[derive(Clone, PartialEq, Message)]
pub struct Model {
    #[prost(message, optional, tag = "7")]
    pub graph: Option<Graph>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<Node>,
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<Tensor>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Node {
    #[prost(string, repeated, tag = "1")]
    pub input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub output: Vec<String>,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(string, tag = "4")]
    pub op_type: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Tensor {
    #[prost(int64, repeated, tag = "1")]
    pub dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    pub data_type: i32,
    #[prost(float, repeated, tag = "4")]
    pub float_data: Vec<f32>,
    #[prost(int32, repeated, tag = "5")]
    pub int32_data: Vec<i32>,
    #[prost(string, tag = "8")]
    pub name: String,
    #[prost(bytes = "vec", tag = "9")]
    pub raw_data: Vec<u8>,
}

const FLOAT: i32 = 1;
const UINT8: i32 = 2;
const INT8: i32 = 3;

/// A tensor's values as floats, whatever they are kept as.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}

impl Tensor {
    /// `None` for kinds of numbers that no weight has, or where the values do not fill the shape.
    #[must_use]
    pub fn values(&self) -> Option<Values> {
        let shape: Vec<usize> = self.dims.iter().map(|dim| usize::try_from(*dim).ok()).collect::<Option<_>>()?;
        let raw = &self.raw_data;
        let data: Vec<f32> = match self.data_type {
            FLOAT if raw.is_empty() => self.float_data.clone(),
            FLOAT => raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            UINT8 | INT8 if raw.is_empty() => self.int32_data.iter().map(|value| *value as f32).collect(),
            UINT8 => raw.iter().map(|value| f32::from(*value)).collect(),
            INT8 => raw.iter().map(|value| f32::from(*value as i8)).collect(),
            _ => return None,
        };
        let count = shape.iter().try_fold(1_usize, |count, dim| count.checked_mul(*dim))?;
        (data.len() == count).then_some(Values { shape, data })
    }
}

/// A graph with its tensors by name, and who makes and who reads each value.
pub struct Reader {
    /// The file's name, for errors.
    file: String,
    nodes: Vec<Node>,
    tensors: HashMap<String, Tensor>,
    makers: HashMap<String, usize>,
    readers: HashMap<String, Vec<usize>>,
}

impl Reader {
    /// # Errors
    /// `Input` for a file that is cut short or is something else.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, ConvertError> {
        let broken = |what: String| ConvertError::input(file, format!("it is no whole ONNX file: {what}"));
        let model = Model::decode(bytes).map_err(|error| broken(error.to_string()))?;
        let graph = model.graph.ok_or_else(|| broken("it holds no graph".to_owned()))?;
        let (mut makers, mut readers) = (HashMap::new(), HashMap::<String, Vec<usize>>::new());
        for (at, node) in graph.node.iter().enumerate() {
            makers.extend(node.output.iter().map(|name| (name.clone(), at)));
            for name in &node.input {
                readers.entry(name.clone()).or_default().push(at);
            }
        }
        let tensors = graph.initializer.into_iter().map(|tensor| (tensor.name.clone(), tensor)).collect();
        Ok(Self { file: file.to_owned(), nodes: graph.node, tensors, makers, readers })
    }

    /// An error that names this file.
    #[must_use]
    pub fn error(&self, what: impl Into<String>) -> ConvertError {
        ConvertError::input(&self.file, what)
    }

    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    #[must_use]
    pub fn tensors(&self) -> &HashMap<String, Tensor> {
        &self.tensors
    }

    /// The node that makes a value.
    #[must_use]
    pub fn maker(&self, name: &str) -> Option<&Node> {
        self.makers.get(name).map(|at| &self.nodes[*at])
    }

    /// The first node of a kind that reads a value.
    #[must_use]
    pub fn reader(&self, name: &str, op_type: &str) -> Option<&Node> {
        self.readers.get(name)?.iter().map(|at| &self.nodes[*at]).find(|node| node.op_type == op_type)
    }

    /// A tensor of the file.
    ///
    /// # Errors
    /// `Input` where it is missing, or its values cannot be read.
    pub fn tensor(&self, name: &str) -> Result<Values, ConvertError> {
        let tensor = self.tensors.get(name).ok_or_else(|| self.error(format!("it lacks the tensor `{name}`")))?;
        let (kind, dims) = (tensor.data_type, &tensor.dims);
        tensor
            .values()
            .ok_or_else(|| self.error(format!("the values of `{name}` (kind {kind}) do not fill its shape {dims:?}")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn model() -> Model {
        let tensor =
            Tensor { dims: vec![2], data_type: INT8, name: "w".into(), raw_data: vec![0xFF, 2], ..Tensor::default() };
        let node = Node {
            input: vec!["x".into(), "w".into()],
            output: vec!["y".into()],
            name: "/a/Conv".into(),
            op_type: "Conv".into(),
        };
        Model { graph: Some(Graph { node: vec![node], initializer: vec![tensor] }) }
    }

    #[test]
    fn values_are_read_and_a_cut_file_is_told() {
        let bytes = model().encode_to_vec();
        let reader = Reader::read("m.onnx", &bytes).unwrap();
        assert_eq!(reader.tensor("w").unwrap(), Values { shape: vec![2], data: vec![-1.0, 2.0] });
        assert_eq!(reader.maker("y").unwrap().name, "/a/Conv");
        assert_eq!(reader.reader("w", "Conv").unwrap().name, "/a/Conv");
        assert!(reader.tensor("v").unwrap_err().to_string().contains("lacks the tensor `v`"));
        for cut in 0..bytes.len() {
            let error = Reader::read("m.onnx", &bytes[..cut]).err().unwrap().to_string();
            assert!(error.contains("m.onnx: it is no whole ONNX file"), "cut at {cut}: {error}");
        }
    }

    #[test]
    fn values_that_do_not_fill_their_shape_are_refused() {
        let mut tensor = Tensor { dims: vec![3], data_type: FLOAT, float_data: vec![1.0, 2.0], ..Tensor::default() };
        assert_eq!(tensor.values(), None);
        tensor.dims = vec![i64::MAX, i64::MAX];
        assert_eq!(tensor.values(), None);
        tensor.dims = vec![-2];
        assert_eq!(tensor.values(), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(reader) = Reader::read("m.onnx", &bytes) {
                for name in reader.tensors().keys() {
                    let _ = reader.tensor(name);
                }
            }
        }
    }
}
