//! Students with made-up weights, as Marian's files: the writer that `scripts/reference-student.py` has a twin of.

use serde::Deserialize;

/// A line of `golden.jsonl`: a shape, a sentence, and what the reference made of it.
#[derive(Clone, Deserialize)]
pub struct Golden {
    pub model: String,
    pub width: usize,
    pub heads: usize,
    pub inner: usize,
    pub encoder: usize,
    pub decoder: usize,
    pub source: usize,
    pub target: usize,
    pub split: bool,
    /// How many frequent words the shortlist always offers; none where there is no shortlist.
    pub first: Option<usize>,
    pub words: Vec<u32>,
    pub made: Vec<u32>,
    /// The first 16 values of the encoder's last row.
    pub encoded: Vec<f32>,
}

/// A linear congruential generator, seeded by a name.
struct Numbers(u64);

impl Numbers {
    fn of(name: &str) -> Self {
        Self(
            name.bytes()
                .fold(0xCBF2_9CE4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)),
        )
    }

    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Items under way to a file.
struct Items<'a> {
    golden: &'a Golden,
    items: Vec<(String, u64, Vec<i32>, Vec<u8>)>,
}

impl Items<'_> {
    fn numbers(&self, item: &str) -> Numbers {
        Numbers::of(&format!("{}/{item}", self.golden.model))
    }

    fn int8(&mut self, item: &str, shape: [usize; 2], inner: usize, gain: f64) {
        let mut numbers = self.numbers(item);
        let mut data: Vec<u8> =
            (0..shape[0] * shape[1]).map(|_| (numbers.next(255) as i64 - 127) as i8 as u8).collect();
        data.extend(((73.0 * (inner as f64).sqrt() / gain) as f32).to_le_bytes());
        self.items.push((item.to_owned(), 0x4101, shape.map(|size| size as i32).to_vec(), data));
    }

    fn floats(&mut self, item: &str, count: usize, middle: f64) {
        let mut numbers = self.numbers(item);
        let value = |number: u64| (middle + (number as f64 - 1000.0) / 5000.0) as f32;
        let data = (0..count).flat_map(|_| value(numbers.next(2001)).to_le_bytes()).collect();
        self.items.push((item.to_owned(), 0x404, vec![1, count as i32], data));
    }

    fn alpha(&mut self, item: &str) {
        let item = format!("{item}_QuantMultA");
        let value = (14 + self.numbers(&item).next(8)) as f32;
        if item.contains("Wemb") {
            let data = [&[127][..], &(127.0 / value).to_le_bytes()].concat();
            self.items.push((item, 0x4101, vec![1, 1], data));
        } else {
            self.items.push((item, 0x404, vec![1, 1], value.to_le_bytes().to_vec()));
        }
    }

    fn linear(&mut self, item: &str, [inner, outer]: [usize; 2], bias: Option<(&str, f64)>, gain: f64) {
        self.int8(item, [inner, outer], inner, gain);
        self.alpha(item);
        if let Some((bias, middle)) = bias {
            self.floats(bias, outer, middle);
        }
    }

    fn norm(&mut self, item: &str) {
        self.floats(&format!("{item}_ln_scale"), self.golden.width, 1.0);
        self.floats(&format!("{item}_ln_bias"), self.golden.width, 0.0);
    }

    fn attention(&mut self, item: &str) {
        let width = self.golden.width;
        for (letter, gain) in [("q", 1.0), ("k", 1.0), ("v", 2.5), ("o", 2.5)] {
            let bias = format!("{item}_b{letter}");
            self.linear(&format!("{item}_W{letter}"), [width, width], Some((&bias, 0.0)), gain);
        }
        self.norm(&format!("{item}_Wo"));
    }

    fn feed_forward(&mut self, item: &str) {
        let (width, inner) = (self.golden.width, self.golden.inner);
        self.linear(&format!("{item}_ffn_W1"), [width, inner], Some((&format!("{item}_ffn_b1"), -4.0)), 2.5);
        let gain = if item.starts_with("encoder") { 3.0 } else { 16.0 };
        self.linear(&format!("{item}_ffn_W2"), [inner, width], Some((&format!("{item}_ffn_b2"), 0.0)), gain);
        self.norm(&format!("{item}_ffn_ffn"));
    }

    fn text(&mut self, item: &str, text: &str) {
        self.items.push((item.to_owned(), 0x101, vec![text.len() as i32 + 1], [text.as_bytes(), &[0]].concat()));
    }

    fn finish(self) -> Vec<u8> {
        let mut bytes: Vec<u8> = [1, self.items.len() as u64].iter().flat_map(|n| n.to_le_bytes()).collect();
        for (name, kind, shape, data) in &self.items {
            let header = [name.len() as u64 + 1, *kind, shape.len() as u64, data.len() as u64];
            bytes.extend(header.iter().flat_map(|n| n.to_le_bytes()));
        }
        self.items.iter().for_each(|(name, ..)| bytes.extend(name.bytes().chain([0])));
        self.items.iter().for_each(|(_, _, shape, _)| bytes.extend(shape.iter().flat_map(|n| n.to_le_bytes())));
        bytes.extend(0_u64.to_le_bytes());
        self.items.iter().for_each(|(.., data)| bytes.extend(data));
        bytes
    }
}

/// The file `model.bin`.
pub fn model(golden: &Golden) -> Vec<u8> {
    let mut items = Items { golden, items: Vec::new() };
    let width = golden.width;
    if golden.split {
        items.int8("encoder_Wemb", [golden.source, width], width, 1.0);
        items.int8("decoder_Wemb", [golden.target, width], width, 1.0);
    } else {
        items.int8("Wemb", [golden.source, width], width, 1.0);
    }
    items.alpha(if golden.split { "decoder_Wemb" } else { "none" });
    items.floats("decoder_ff_logit_out_b", golden.target, 0.0);
    for n in 1..=golden.encoder {
        items.attention(&format!("encoder_l{n}_self"));
        items.feed_forward(&format!("encoder_l{n}"));
    }
    for n in 1..=golden.decoder {
        let item = format!("decoder_l{n}");
        items.linear(&format!("{item}_rnn_W"), [width, width], None, 2.5);
        items.linear(&format!("{item}_rnn_Wf"), [width, width], Some((&format!("{item}_rnn_bf"), 0.0)), 2.5);
        items.norm(&format!("{item}_rnn_ffn"));
        items.attention(&format!("{item}_context"));
        items.feed_forward(&item);
    }
    items.text("special:model.yml", &settings(golden));
    items.finish()
}

fn settings(golden: &Golden) -> String {
    let Golden { width, heads, inner, encoder, decoder, source, target, split, .. } = golden;
    format!(
        "dec-cell: ssru\ndec-cell-base-depth: 2\ndec-cell-high-depth: 1\ndec-depth: {decoder}\ndim-emb: {width}\n\
         dim-vocabs:\n  - {source}\n  - {target}\nenc-depth: {encoder}\ninput-types: []\n\
         layer-normalization: false\ntied-embeddings: {split}\ntied-embeddings-all: {}\ntied-embeddings-src: false\n\
         transformer-decoder-autoreg: rnn\ntransformer-decoder-dim-ffn: 0\ntransformer-decoder-ffn-depth: 0\n\
         transformer-dim-ffn: {inner}\ntransformer-ffn-activation: relu\ntransformer-ffn-depth: 2\n\
         transformer-heads: {heads}\ntransformer-postprocess: dan\ntransformer-postprocess-emb: d\n\
         transformer-postprocess-top: \"\"\ntransformer-preprocess: \"\"\ntransformer-tied-layers: []\n\
         type: transformer\nversion: v1.12.14 2d067af 2024-02-16 11:44:13 -0500\n",
        !split
    )
}

/// The file `lex.bin`: each source word becomes two target words. `None` where the shape has no shortlist.
pub fn shortlist(golden: &Golden) -> Option<Vec<u8>> {
    let (source, target) = (golden.source as u64, golden.target as u64);
    let header = [0xF11A_48D5_0134_17F5, 0, golden.first? as u64, 2, source + 1, 2 * source];
    let offsets = (0..=source).map(|word| 2 * word);
    let words = (0..source).flat_map(|word| [(word * 7 % target) as u32, (word * 11 % target) as u32]);
    let numbers = header.into_iter().chain(offsets).flat_map(u64::to_le_bytes);
    Some(numbers.chain(words.flat_map(u32::to_le_bytes)).collect())
}
