//! The lexical shortlist: which target words a source sentence can become (Marian's binary lexical shortlist,
//! `src/data/shortlist.cpp`).
//!
//! ```text
//! magic: u64 | checksum: u64 | first: u64 | best: u64 | offsets: u64 | words: u64
//! offsets x u64: where each source word's target words begin | words x u32
//! ```
//! Invariant: every target word of a loaded list lies in the target's vocabulary.

use std::path::Path;

use super::config::Words;
use super::error::{Cursor, MarianError};

const MAGIC: u64 = 0xF11A_48D5_0134_17F5;
/// Marian pads candidates to a multiple of this, with the words that follow the most frequent ones.
const MULTIPLE: usize = 8;

/// A loaded shortlist.
pub struct Shortlist {
    first: u32,
    offsets: Vec<u32>,
    words: Vec<u32>,
    /// Words of the target.
    targets: u32,
    /// Whether a source word may stand for itself.
    shared: bool,
}

impl Shortlist {
    /// Reads the list between vocabularies of these sizes; `path` only names the file in errors.
    ///
    /// # Errors
    /// `Cut` where the file ends too early; `Garbled` where it is no shortlist, or not this vocabulary's.
    pub fn parse(path: &Path, bytes: &[u8], vocabulary: Words) -> Result<Self, MarianError> {
        let garbled = |what: String| MarianError::garbled(path, what);
        let mut cursor = Cursor::new(path, bytes);
        let mut header = [0_u64; 6];
        for field in &mut header {
            *field = cursor.u64(|| "the header".into())?;
        }
        let [magic, _checksum, first, _best, offset_count, word_count] = header;
        if magic != MAGIC {
            return Err(garbled(format!("a shortlist begins with {MAGIC:#x}, this file with {magic:#x}")));
        }
        let bytes_of = |count: u64, size: u64| count.saturating_mul(size);
        let offsets = cursor.take(bytes_of(offset_count, 8), || format!("{offset_count} offsets"))?;
        let words = cursor.take(bytes_of(word_count, 4), || format!("{word_count} words"))?;
        if cursor.left() > 0 {
            return Err(garbled(format!("{} bytes follow its last word", cursor.left())));
        }
        let (sources, targets) = (vocabulary.source(), vocabulary.target());
        if offset_count != sources as u64 + 1 || first > targets as u64 {
            let what = format!("it is for {} words, the vocabulary has {sources}", offset_count.saturating_sub(1));
            return Err(garbled(what));
        }
        let offsets: Option<Vec<u32>> = offsets
            .chunks_exact(8)
            .map(|b| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]))
            .map(|at| u32::try_from(at).ok().filter(|_| at <= word_count))
            .collect();
        let offsets = offsets.filter(|all| all.is_sorted()).ok_or_else(|| garbled("its offsets lead astray".into()))?;
        let words: Vec<u32> = words.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if let Some(word) = words.iter().find(|word| **word as usize >= targets) {
            return Err(garbled(format!("it names word {word}, the vocabulary has {targets}")));
        }
        let shared = matches!(vocabulary, Words::Shared(_));
        Ok(Self { first: first as u32, offsets, words, targets: targets as u32, shared })
    }

    /// The target words that a sentence can be made of, rising: the most frequent words, the sentence's own (where the
    /// vocabulary is shared), the best translations of each, and a few more up to a multiple of 8.
    #[must_use]
    pub fn candidates(&self, source: &[u32]) -> Vec<u32> {
        let mut chosen: Vec<u32> = (0..self.first).collect();
        for &word in source {
            if self.shared {
                chosen.push(word);
            }
            if let [start, end] = self.offsets[word as usize..][..2] {
                chosen.extend_from_slice(&self.words[start as usize..end as usize]);
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        let mut filler = self.first;
        while !chosen.len().is_multiple_of(MULTIPLE) && filler < self.targets {
            if let Err(place) = chosen.binary_search(&filler) {
                chosen.insert(place, filler);
            }
            filler += 1;
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(header: [u64; 6], offsets: &[u64], words: &[u32]) -> Vec<u8> {
        let numbers = header.iter().chain(offsets).flat_map(|n| n.to_le_bytes());
        numbers.chain(words.iter().flat_map(|n| n.to_le_bytes())).collect()
    }

    fn parse(bytes: &[u8], vocabulary: usize) -> Result<Shortlist, MarianError> {
        Shortlist::parse(Path::new("lex.bin"), bytes, Words::Shared(vocabulary))
    }

    fn small() -> Vec<u8> {
        let mut offsets = vec![0; 41];
        offsets[2..].fill(2);
        file([MAGIC, 0, 2, 50, 41, 2], &offsets, &[20, 30])
    }

    #[test]
    fn candidates_are_the_first_the_own_and_the_translations() {
        let list = parse(&small(), 40).unwrap();
        assert_eq!(list.candidates(&[1]), [0, 1, 2, 3, 4, 5, 20, 30]);
        assert_eq!(list.candidates(&[9, 9]), [0, 1, 2, 3, 4, 5, 6, 9]);
    }

    #[test]
    fn words_of_another_vocabulary_stand_for_themselves_nowhere() {
        let read = |source, target| Shortlist::parse(Path::new("lex.bin"), &small(), Words::Split { source, target });
        let list = read(40, 31).unwrap();
        assert_eq!(list.candidates(&[9, 39]), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(list.candidates(&[1]), [0, 1, 2, 3, 4, 5, 20, 30]);
        let error = read(40, 30).err().unwrap().to_string();
        assert!(error.contains("names word 30"), "{error}");
        assert!(read(41, 31).is_err());
    }

    #[test]
    fn bad_files_are_refused() {
        let whole = small();
        assert!(matches!(parse(&whole[..whole.len() / 2], 40), Err(MarianError::Cut { .. })));
        for (bytes, vocabulary, named) in [
            (whole.clone(), 41, "for 40 words"),
            (file([1, 0, 2, 50, 41, 2], &[0; 41], &[1, 1]), 40, "begins with"),
            (file([MAGIC, 0, 2, 50, 41, 2], &[9; 41], &[1, 1]), 40, "offsets"),
            (file([MAGIC, 0, 2, 50, 41, 1], &[0; 41], &[40]), 40, "names word 40"),
            ([whole, vec![0]].concat(), 40, "1 bytes follow"),
        ] {
            let error = parse(&bytes, vocabulary).err().unwrap().to_string();
            assert!(error.contains(named), "{error}");
        }
        let huge = file([MAGIC, 0, 2, 50, u64::MAX / 8, u64::MAX], &[], &[]);
        assert!(matches!(parse(&huge, 40), Err(MarianError::Cut { .. })));
    }

    proptest! {
        #[test]
        fn a_changed_file_is_refused_or_still_safe(at in 0_usize..390, value: u8, source in prop::collection::vec(0_u32..40, 0..9)) {
            let mut bytes = small();
            let at = at.min(bytes.len() - 1);
            bytes[at] = value;
            if let Ok(list) = parse(&bytes, 40) {
                prop_assert!(list.candidates(&source).iter().all(|word| *word < 40));
            }
        }
    }
}
