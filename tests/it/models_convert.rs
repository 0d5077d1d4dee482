//! The converted Whisper against the header, mel filters and vocabulary that whisper.cpp's own converter writes.

use std::fs;
use std::path::Path;

use thuyetminh::models::Weights;

fn integer(bytes: &[u8], at: usize) -> i32 {
    i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Magic and eleven hyper-parameters, then rows and columns of the filters.
const HEADER: usize = 12 * 4;
const FILTERS: usize = HEADER + 2 * 4;

#[test]
fn the_converted_whisper_begins_as_the_reference_does() {
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/speech/for-tests-ggml-base.bin");
    let Ok(reference) = fs::read(reference) else { return };
    let root = std::env::var("THUYETMINH_WEIGHTS").unwrap_or_else(|_| "models/weights".to_owned());
    let folder = Weights::open(root).unwrap().locate("whisper-base").unwrap();
    let made = fs::read(folder.join("ggml-base.bin")).unwrap();

    assert_eq!(made[..FILTERS], reference[..FILTERS], "header");
    let count = (integer(&made, HEADER) * integer(&made, HEADER + 4)) as usize;
    let float = |bytes: &[u8], n: usize| f32::from_bits(integer(bytes, FILTERS + 4 * n) as u32);
    let worst = (0..count).map(|n| (float(&made, n) - float(&reference, n)).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-8, "mel filters differ by {worst}");
    let (made, reference) = (tokens(&made, FILTERS + 4 * count), tokens(&reference, FILTERS + 4 * count));
    assert_eq!(made.len(), reference.len());
    for (number, (made, reference)) in made.iter().zip(reference).enumerate() {
        // The reference was written by a converter that lost the bytes of pieces of characters.
        assert_eq!(String::from_utf8_lossy(made).as_bytes(), reference, "token {number}");
    }
}

fn tokens(bytes: &[u8], mut at: usize) -> Vec<&[u8]> {
    let mut take = |length: usize| {
        at += length;
        &bytes[at - length..at]
    };
    let count = integer(take(4), 0);
    (0..count)
        .map(|_| {
            let length = integer(take(4), 0) as usize;
            take(length)
        })
        .collect()
}
