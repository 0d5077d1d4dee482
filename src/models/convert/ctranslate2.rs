//! Reader of CTranslate2's `model.bin`, binary version 6: named tensors, little-endian.
//!
//! Layout, after CTranslate2's `model_spec.py`: u32 version, string specification, u32 revision, u32 count, then per
//! tensor: string name, u8 rank, u32 per dimension, u8 type, u32 bytes, data; then u32 count of aliases, two strings
//! each. A string is a u16 length that counts the closing zero, and the bytes.

use std::collections::HashMap;

use super::ConvertError;

/// CTranslate2's numbers for the types of elements that are read here.
const FLOAT16: u8 = 4;

/// A tensor in row-major order, last dimension contiguous.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    pub shape: &'a [usize],
    /// IEEE half-precision floats, little-endian.
    pub half: &'a [u8],
}

/// The tensors of a model by their names.
#[derive(Debug)]
pub struct Model<'a> {
    specification: String,
    tensors: HashMap<String, Stored<'a>>,
}

#[derive(Debug)]
struct Stored<'a> {
    shape: Vec<usize>,
    kind: u8,
    data: &'a [u8],
}

struct Reader<'a> {
    rest: &'a [u8],
}

const FILE: &str = "model.bin";

fn wrong(what: impl Into<String>) -> ConvertError {
    ConvertError::input(FILE, what)
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ConvertError> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or_else(|| wrong("it ends in the middle: the file is cut"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ConvertError> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N)?);
        Ok(bytes)
    }

    fn u8(&mut self) -> Result<u8, ConvertError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn size(&mut self) -> Result<usize, ConvertError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn string(&mut self) -> Result<String, ConvertError> {
        let length = usize::from(u16::from_le_bytes(self.array()?));
        let bytes = self.take(length)?.strip_suffix(&[0]).ok_or_else(|| wrong("a name has no end"))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| wrong("a name is not UTF-8"))
    }
}

impl<'a> Model<'a> {
    /// # Errors
    /// `Input` where the bytes are not a whole model of binary version 6.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ConvertError> {
        let mut reader = Reader { rest: bytes };
        let version = reader.size()?;
        if version != 6 {
            return Err(wrong(format!("binary version {version}; only 6 is known")));
        }
        let specification = reader.string()?;
        let _revision = reader.size()?;
        let mut tensors = HashMap::new();
        for _ in 0..reader.size()? {
            let name = reader.string()?;
            let rank = reader.u8()?;
            let shape = (0..rank).map(|_| reader.size()).collect::<Result<Vec<_>, _>>()?;
            let kind = reader.u8()?;
            let length = reader.size()?;
            tensors.insert(name, Stored { shape, kind, data: reader.take(length)? });
        }
        for _ in 0..reader.size()? {
            reader.string()?;
            reader.string()?;
        }
        if !reader.rest.is_empty() {
            return Err(wrong(format!("{} bytes follow its end", reader.rest.len())));
        }
        Ok(Self { specification, tensors })
    }

    pub fn specification(&self) -> &str {
        &self.specification
    }

    /// How many layers `prefix/layer_0`, `prefix/layer_1`, … there are.
    pub fn layers(&self, prefix: &str) -> usize {
        let there = |layer: usize| {
            let start = format!("{prefix}/layer_{layer}/");
            self.tensors.keys().any(|name| name.starts_with(&start))
        };
        (0..).take_while(|layer| there(*layer)).count()
    }

    /// A tensor of half-precision floats.
    ///
    /// # Errors
    /// `Input` where it is missing, of another type, or not as long as its shape says.
    pub fn half(&self, name: &str) -> Result<Tensor<'_>, ConvertError> {
        let stored = self.tensors.get(name).ok_or_else(|| wrong(format!("there is no tensor {name}")))?;
        if stored.kind != FLOAT16 {
            return Err(wrong(format!("{name} is of type {}, not 16-bit floats", stored.kind)));
        }
        let elements = stored.shape.iter().try_fold(2_usize, |product, size| product.checked_mul(*size));
        if elements != Some(stored.data.len()) {
            return Err(wrong(format!("{name} has {} bytes for shape {:?}", stored.data.len(), stored.shape)));
        }
        Ok(Tensor { shape: &stored.shape, half: stored.data })
    }

    /// A scalar of a small integer type.
    ///
    /// # Errors
    /// `Input` where it is missing or no such scalar.
    pub fn scalar(&self, name: &str) -> Result<usize, ConvertError> {
        let stored = self.tensors.get(name).ok_or_else(|| wrong(format!("there is no scalar {name}")))?;
        match *stored.data {
            [one] => Ok(usize::from(one)),
            [low, high] => Ok(usize::from(u16::from_le_bytes([low, high]))),
            _ => Err(wrong(format!("{name} is no scalar of one or two bytes"))),
        }
    }
}

impl<'a> Tensor<'a> {
    /// The part `index` of `parts` equal parts along the first dimension, which only the caller's `shape` describes.
    ///
    /// # Errors
    /// `Input` where it does not divide.
    pub fn part(&self, index: usize, parts: usize) -> Result<&'a [u8], ConvertError> {
        let rows = self.shape.first().copied().unwrap_or(0);
        if rows % parts != 0 {
            return Err(wrong(format!("{rows} rows do not divide into {parts} parts")));
        }
        let length = self.half.len() / parts;
        Ok(&self.half[index * length..(index + 1) * length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn string(text: &str) -> Vec<u8> {
        [&(text.len() as u16 + 1).to_le_bytes()[..], text.as_bytes(), &[0]].concat()
    }

    fn model() -> Vec<u8> {
        let size = |n: u32| n.to_le_bytes().to_vec();
        [
            size(6),
            string("WhisperSpec"),
            size(3),
            size(2),
            [string("a/layer_0/weight"), vec![2], size(2), size(1), vec![FLOAT16], size(4), vec![1, 2, 3, 4]].concat(),
            [string("a/num_heads"), vec![0, 2], size(2), vec![8, 0]].concat(),
            size(1),
            string("b"),
            string("a/layer_0/weight"),
        ]
        .concat()
    }

    #[test]
    fn tensors_scalars_and_layers_are_read() {
        let bytes = model();
        let model = Model::read(&bytes).unwrap();
        let tensor = model.half("a/layer_0/weight").unwrap();
        assert_eq!((tensor.shape, tensor.part(1, 2).unwrap()), (&[2, 1][..], &[3, 4][..]));
        assert_eq!((model.scalar("a/num_heads").unwrap(), model.layers("a")), (8, 1));
        assert!(model.half("a/num_heads").unwrap_err().to_string().contains("a/num_heads is of type 2"));
        assert!(tensor.part(0, 3).is_err());
    }

    proptest! {
        #[test]
        fn a_cut_model_is_an_error_and_never_a_panic(cut in 0_usize..90) {
            let bytes = model();
            prop_assume!(cut < bytes.len());
            prop_assert!(Model::read(&bytes[..cut]).is_err());
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Model::read(&bytes);
        }
    }
}
