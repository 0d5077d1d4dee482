//! Scores and translations are the reference's, alone and in batches, on every kernel.

use super::*;
use crate::neural::seq2seq::forward::{Row, Scratch, Sentence};

/// The longest translation of the reference, its end among them.
const MOST: usize = 24;

/// The scores of the words that follow `made`, word by word.
fn scores(engine: &Seq2Seq, source: &[u32], made: &[u32]) -> Vec<Vec<f32>> {
    let (mut scratch, mut logits, mut rows) = (Scratch::default(), Vec::new(), Vec::new());
    let mut sentences: Vec<Sentence> = engine.model.network.begin(&[(source, MOST)], &mut scratch).unwrap();
    for word in [engine.settings.start].iter().chain(made) {
        let mut sentences: Vec<&mut Sentence> = sentences.iter_mut().collect();
        let next = [vec![Row { word: *word, parent: 0 }]];
        engine.model.network.step(&mut sentences, &next, &mut scratch, &mut logits).unwrap();
        rows.push(logits.clone());
    }
    rows
}

fn translated(engine: &Seq2Seq, settings: &Settings, sources: &[Vec<u32>], batch: usize) -> Vec<Vec<u32>> {
    let pieces: Vec<Piece> =
        sources.iter().enumerate().map(|(n, words)| Piece { sentence: n, words: words.clone(), most: MOST }).collect();
    let work = Work { network: &engine.model.network, settings, pieces: &pieces, batch };
    work.on_threads(1, &Cancel::new()).unwrap()
}

/// The reference keeps the end where there is one.
fn without_end(rows: &[Vec<u32>], end: u32) -> Vec<Vec<u32>> {
    rows.iter().map(|row| row.strip_suffix(&[end]).unwrap_or(row).to_vec()).collect()
}

fn same(name: &str, found: &[Vec<u32>], right: &[Vec<u32>]) {
    assert_eq!(found.len(), right.len());
    let wrong: Vec<_> = (0..found.len()).filter(|n| found[*n] != right[*n]).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:?} differ, first {:?} {:?}", found[wrong[0]], right[wrong[0]]);
}

#[test]
fn scores_are_the_references() {
    for (model, family) in FAMILIES {
        let (engine, reference) = (load(model, family, float()), reference(model));
        for rows in reference.logits.chunks(4) {
            let n = rows[0][0] as usize;
            let found = scores(&engine, &reference.sources[n], &reference.greedy[n][..3]);
            for (found, right) in found.iter().zip(rows) {
                assert_eq!(found.len(), right.len() - 1);
                let worst = found.iter().zip(&right[1..]).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
                assert!(worst < 1e-3, "{model}, source {n}: {worst}");
            }
        }
    }
}

#[test]
fn translations_are_the_references_word_by_word() {
    for (model, family) in FAMILIES {
        let (engine, reference) = (load(model, family, float()), reference(model));
        assert_eq!(reference.sources.len(), 50);
        let plain = Settings { early: Early::No, forced_last: None, ..engine.settings.clone() };
        let end = plain.end;
        let searches = [
            ("greedy", Settings { beams: 1, ..plain.clone() }, &reference.greedy),
            ("greedy, rules", Settings { beams: 1, no_repeat: 3, ..plain.clone() }, &reference.greedy_rules),
            ("beam", Settings { beams: 4, ..plain.clone() }, &reference.beam),
            (
                "beam, early",
                Settings { beams: 4, early: Early::Yes, length_penalty: 0.6, ..plain.clone() },
                &reference.beam_early,
            ),
            (
                "beam, rules",
                Settings {
                    beams: 3,
                    early: Early::Never,
                    length_penalty: 1.4,
                    no_repeat: 2,
                    forced_last: Some(end),
                    ..plain.clone()
                },
                &reference.beam_rules,
            ),
        ];
        for (name, settings, right) in searches {
            let found = translated(&engine, &settings, &reference.sources, 16);
            same(&format!("{model}, {name}"), &found, &without_end(right, end));
        }
    }
}

#[test]
fn neighbours_threads_and_kernels_change_nothing() {
    for (model, family) in FAMILIES {
        let texts = reference(model).texts;
        for precision in [Precision::Float, Precision::Int8] {
            for beams in [1, 4] {
                let options = Options { precision, beams: Some(beams), ..Options::default() };
                let translate = |options| load(model, family, options).translate(&texts[..6], &Cancel::new()).unwrap();
                let together = translate(options);
                assert_eq!(translate(Options { batch: 1, ..options }), together, "{model}, one at a time");
                assert_eq!(translate(Options { batch: 3, threads: 2, ..options }), together, "{model}, two threads");
                let portable = Options { kernel: Kernel::Portable, ..options };
                assert_eq!(translate(portable), together, "{model}, portable kernel");
                if Kernel::Avx2.runs_here() {
                    assert_eq!(translate(Options { kernel: Kernel::Avx2, ..options }), together, "{model}, AVX2");
                }
            }
        }
    }
}

/// How far an engine's scores are from the reference's, as a share of their deviation, and how often both have the same
/// best word.
fn nearness(engine: &Seq2Seq, reference: &Reference) -> (f64, f64) {
    let (mut off, mut all, mut same) = (0.0, 0.0, 0);
    for rows in reference.logits.chunks(4) {
        let n = rows[0][0] as usize;
        let found = scores(engine, &reference.sources[n], &reference.greedy[n][..3]);
        for (found, right) in found.iter().zip(rows) {
            let right = &right[1..];
            let mean = right.iter().sum::<f64>() / right.len() as f64;
            let (mut best, mut ours) = (0, 0);
            for (n, (a, b)) in found.iter().zip(right).enumerate() {
                off += (f64::from(*a) - b).powi(2);
                all += (b - mean).powi(2);
                best = if *b > right[best] { n } else { best };
                ours = if *a > found[ours] { n } else { ours };
            }
            same += usize::from(best == ours);
        }
    }
    ((off / all).sqrt(), same as f64 / reference.logits.len() as f64)
}

/// 8 bits change scores by little, even in loud random layers, so the best word of a step is mostly the same.
#[test]
fn scores_in_8_bits_are_near() {
    for (model, family) in FAMILIES {
        let (off, same) = nearness(&load(model, family, Options::default()), &reference(model));
        println!("{model}: {off:.4} of the deviation off, {same:.2} of the best words the same");
        assert!(off < 0.3 && same >= 0.7, "{model}: {off} off, {same} the same");
    }
}

#[test]
fn text_goes_in_and_comes_out_as_the_references() {
    for (model, family) in FAMILIES {
        let (engine, reference) = (load(model, family, float()), reference(model));
        for (text, source) in reference.texts.iter().zip(&reference.sources) {
            let words = engine.codec.frame(&engine.codec.encode(text).unwrap());
            // The reference was cut where the network has no more positions.
            let length = source.len() - 1;
            assert_eq!(words[..length], source[..length], "{model}: {text}");
            assert!(words.len() == source.len() || source.len() == engine.model.positions - 1, "{model}: {text}");
        }
        for (words, right) in reference.greedy.iter().zip(&reference.decoded) {
            assert_eq!(&engine.codec.decode(words), right.trim(), "{model}");
        }
    }
}

#[test]
fn what_says_nothing_stays_empty_and_thousands_of_words_have_an_outcome() {
    for (model, family) in FAMILIES {
        let engine = load(model, family, Options { beams: Some(1), ..Options::default() });
        let long = vec!["torre de pedra"; 400].join(", ");
        let texts: Vec<String> = ["", "   ", "\t", long.as_str()].map(String::from).into();
        let made = engine.translate(&texts, &Cancel::new()).unwrap();
        assert_eq!(made[..3], [""; 3], "{model}");
        let pieces = engine.pieces(&texts).unwrap();
        assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.sentence == 3), "{model}");
        assert!(
            pieces
                .iter()
                .all(|piece| piece.words.len() <= engine.model.positions && piece.most < engine.model.positions)
        );
        let around = engine.codec.around();
        let all: Vec<u32> =
            pieces.iter().flat_map(|piece| &piece.words[around - 1..piece.words.len() - 1]).copied().collect();
        assert_eq!(all, engine.codec.encode(&long).unwrap(), "{model}: nothing is lost");
    }
}

#[test]
fn a_wish_to_stop_is_heard() {
    let cancel = Cancel::new();
    cancel.cancel();
    let result = load("marian", Family::Marian, Options::default()).translate(&["Hello.".into()], &cancel);
    assert!(matches!(result, Err(EngineError::Cancelled)));
}

/// SMaLL-100 is M2M100's network; its mark of the target stands before the source and none before the translation.
#[test]
fn small100_marks_the_source() {
    let engine = load("m2m100", Family::Small100, float());
    let direct = load("m2m100", Family::M2m100, float());
    assert_eq!(engine.codec.frame(&[9]), [direct.codec.first.unwrap(), 9, 2]);
    assert_eq!(engine.codec.first, None);
    assert_ne!(engine.identity().fingerprint, direct.identity().fingerprint);
}

/// Two pairs of one network translate as if each had loaded it alone.
#[test]
fn another_pair_shares_the_network() {
    let loaded = load("m2m100", Family::M2m100, float());
    let other = loaded.for_pair(Language::EN, Language::FR).unwrap();
    assert!(Arc::ptr_eq(&loaded.model, &other.model));
    let folder = models().join("m2m100");
    let alone = Seq2Seq::load(&folder, Family::M2m100, Language::EN, Language::FR, float()).unwrap();
    assert_eq!(other.identity().fingerprint, alone.identity().fingerprint);
    assert_ne!(other.identity().fingerprint, loaded.identity().fingerprint);
    let texts = &reference("m2m100").texts[..4];
    let made = |engine: &Seq2Seq| engine.translate(texts, &Cancel::new()).unwrap();
    assert_eq!(made(&other), made(&alone));
}

/// A GGUF file of the same weights, its matrices in candle's Q8_0.
#[test]
fn a_gguf_file_is_near_its_floats_and_deaf_to_neighbours() {
    use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
    let copy = copy_of("madlad");
    let path = copy.path().join("model.safetensors");
    let tensors = candle_core::safetensors::load(&path, &candle_core::Device::Cpu).unwrap();
    std::fs::remove_file(path).unwrap();
    let quantized: Vec<(String, QTensor)> = tensors
        .iter()
        .map(|(name, tensor)| {
            let matrix = tensor.dims().len() == 2 && tensor.dims()[1].is_multiple_of(32);
            let kind = if matrix { GgmlDType::Q8_0 } else { GgmlDType::F32 };
            (name.clone(), QTensor::quantize(tensor, kind).unwrap())
        })
        .collect();
    let named: Vec<(&str, &QTensor)> = quantized.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = std::fs::File::create(copy.path().join("model-q8.gguf")).unwrap();
    gguf_file::write(&mut file, &[], &named).unwrap();
    drop(file);
    let open = |options| Seq2Seq::load(copy.path(), Family::Madlad, Language::VI, Language::PT, options).unwrap();
    let (engine, reference) = (open(Options::default()), reference("madlad"));
    let (off, same) = nearness(&engine, &reference);
    assert!(off < 0.1 && same >= 0.5, "{off} off, {same} the same");
    let texts = &reference.texts[..8];
    let together = engine.translate(texts, &Cancel::new()).unwrap();
    let alone = open(Options { batch: 1, ..Options::default() }).translate(texts, &Cancel::new()).unwrap();
    assert_eq!(together, alone);
}
