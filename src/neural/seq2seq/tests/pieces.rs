//! Pieces are those of SentencePiece itself: unigrams, byte pairs, unigrams with bytes for what they lack.

use super::*;
use crate::neural::layers::pieces::{SentencePieces, join};

#[derive(Deserialize)]
struct Line {
    model: String,
    text: String,
    ids: Vec<u32>,
    decoded: String,
}

/// What comes apart otherwise: marks of the user in text stay text here, on purpose; and `kitoken` makes a space of the
/// joiner U+200D, which `nmt_nfkc` keeps.
fn is_otherwise(text: &str) -> bool {
    text.contains("<2pt>") || text.contains('\u{200d}')
}

#[test]
fn golden_lines_come_apart_and_together_as_in_sentencepiece() {
    let (mut lines, mut wrong) = (0, Vec::new());
    for line in golden("pieces.jsonl").lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        if is_otherwise(&line.text) {
            continue;
        }
        let bytes = std::fs::read(root().join("tests/golden/translation").join(&line.model)).unwrap();
        let model = SentencePieces::parse(&bytes).unwrap();
        let found = model.encode(&line.text).unwrap();
        if found != line.ids {
            wrong.push(format!("{}: {:?}\n  {found:?}\n  {:?}", line.model, line.text, line.ids));
        } else {
            let text = join(found.iter().map(|id| &model.pieces()[*id as usize]));
            // SentencePiece writes ⁇ for what it does not know, and leaves unknown spaces.
            let right = line.decoded.replace(" ⁇ ", "");
            if text != right.trim() {
                wrong.push(format!("{}: {text:?} is not {right:?}", line.model));
            }
        }
        lines += 1;
    }
    assert!(wrong.is_empty(), "{} of {lines}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines > 150);
}
