//! Whether a GGML file is whole. whisper.cpp reads past the end of a cut file without noticing, so it is asked here first.

/// Magic and eleven hyper-parameters.
const HEADER: usize = 12;
const MAGIC: usize = 0x6767_6d6c;

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn skip(&mut self, count: usize) -> Option<()> {
        self.rest = self.rest.get(count..)?;
        Some(())
    }

    /// A 32-bit integer that is a size or a number of things.
    fn size(&mut self) -> Option<usize> {
        let (bytes, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        usize::try_from(i32::from_le_bytes(*bytes)).ok()
    }
}

/// Elements and bytes of one block of a type, by ggml's numbers for types.
fn block(kind: usize) -> Option<(usize, usize)> {
    match kind {
        0 => Some((1, 4)),
        1 => Some((1, 2)),
        2 => Some((32, 18)),
        3 => Some((32, 20)),
        6 => Some((32, 22)),
        7 => Some((32, 24)),
        8 => Some((32, 34)),
        _ => None,
    }
}

/// # Errors
/// What is wrong: no GGML file, or one that ends in the middle of a part.
pub fn check(bytes: &[u8]) -> Result<(), String> {
    let mut reader = Reader { rest: bytes };
    if reader.size() != Some(MAGIC) {
        return Err("it is no GGML file".to_owned());
    }
    let cut = |part: &str| format!("it is cut in {part}");
    let begun = reader.skip((HEADER - 1) * 4).and_then(|()| filters_and_vocabulary(&mut reader));
    begun.ok_or_else(|| cut("its head"))?;
    let mut tensors = 0;
    while !reader.rest.is_empty() {
        tensor(&mut reader).ok_or_else(|| cut(&format!("tensor {}", tensors + 1)))?;
        tensors += 1;
    }
    if tensors == 0 { Err("it holds no tensors".to_owned()) } else { Ok(()) }
}

fn filters_and_vocabulary(reader: &mut Reader<'_>) -> Option<()> {
    let (rows, columns) = (reader.size()?, reader.size()?);
    reader.skip(rows.checked_mul(columns)?.checked_mul(4)?)?;
    for _ in 0..reader.size()? {
        let length = reader.size()?;
        reader.skip(length)?;
    }
    Some(())
}

fn tensor(reader: &mut Reader<'_>) -> Option<()> {
    let (rank, name, kind) = (reader.size()?, reader.size()?, reader.size()?);
    let mut elements = 1_usize;
    for _ in 0..rank {
        elements = elements.checked_mul(reader.size()?)?;
    }
    let (block_elements, block_bytes) = block(kind)?;
    reader.skip(name)?;
    reader.skip((elements / block_elements).checked_mul(block_bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file() -> Vec<u8> {
        let mut integers = vec![MAGIC as i32];
        integers.extend([1; HEADER - 1]);
        integers.extend([1, 2, 0, 0, 1, 3]);
        let mut bytes: Vec<u8> = integers.iter().flat_map(|n| n.to_le_bytes()).collect();
        bytes.extend(b"tok");
        bytes.extend([2, 1, 1, 2, 3].iter().flat_map(|n: &i32| n.to_le_bytes()));
        bytes.extend(b"n");
        bytes.extend([0; 12]);
        bytes
    }

    #[test]
    fn a_file_is_whole_only_to_its_last_byte() {
        let whole = file();
        assert_eq!(check(&whole), Ok(()));
        for length in 0..whole.len() {
            assert!(check(&whole[..length]).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_without_a_panic(tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = file()[..HEADER * 4].to_vec();
            bytes.extend(tail);
            let _ = check(&bytes);
        }
    }
}
