//! Packages made on the spot: wheels, tarballs, and a Whisper of one layer and two dimensions in CTranslate2's format.

use std::io::{Cursor, Write};

pub fn wheel(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn tarball(members: &[(&str, &[u8])]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// `model.bin` in two parts.
pub fn tiny_whisper() -> [Vec<u8>; 2] {
    let mut model = Model::default();
    for side in ["encoder", "decoder"] {
        model.norm(&format!("{side}/layer_norm"));
        model.half(&format!("{side}/position_encodings/encodings"), &[4, 2]);
        model.integer(&format!("{side}/num_heads"), 1);
        let layer = format!("{side}/layer_0");
        model.attention(&format!("{layer}/self_attention"), &[6, 2]);
        model.linear(&format!("{layer}/ffn/linear_0"), 8, 2);
        model.linear(&format!("{layer}/ffn/linear_1"), 2, 8);
        model.norm(&format!("{layer}/ffn/layer_norm"));
    }
    model.attention("decoder/layer_0/attention", &[2, 4, 2]);
    model.half("decoder/embeddings/weight", &[3, 2]);
    for (conv, channels) in [("conv1", 3), ("conv2", 2)] {
        model.half(&format!("encoder/{conv}/weight"), &[2, channels, 3]);
        model.half(&format!("encoder/{conv}/bias"), &[2]);
    }
    let bytes = model.finish();
    let (one, two) = bytes.split_at(bytes.len() / 2);
    [one.to_vec(), two.to_vec()]
}

#[derive(Default)]
struct Model {
    tensors: Vec<u8>,
    count: u32,
}

impl Model {
    fn string(text: &str) -> Vec<u8> {
        [&(text.len() as u16 + 1).to_le_bytes()[..], text.as_bytes(), &[0]].concat()
    }

    fn tensor(&mut self, name: &str, shape: &[u32], kind: u8, data: &[u8]) {
        self.count += 1;
        self.tensors.extend(Self::string(name));
        self.tensors.push(shape.len() as u8);
        self.tensors.extend(shape.iter().flat_map(|size| size.to_le_bytes()));
        self.tensors.push(kind);
        self.tensors.extend((data.len() as u32).to_le_bytes());
        self.tensors.extend(data);
    }

    /// Zeros: what the conversion moves where, the real weights prove.
    fn half(&mut self, name: &str, shape: &[u32]) {
        let zeros = vec![0; 2 * shape.iter().product::<u32>() as usize];
        self.tensor(name, shape, 4, &zeros);
    }

    fn integer(&mut self, name: &str, value: u16) {
        self.tensor(name, &[], 2, &value.to_le_bytes());
    }

    fn linear(&mut self, name: &str, rows: u32, columns: u32) {
        self.half(&format!("{name}/weight"), &[rows, columns]);
        self.half(&format!("{name}/bias"), &[rows]);
    }

    fn norm(&mut self, name: &str) {
        self.half(&format!("{name}/gamma"), &[2]);
        self.half(&format!("{name}/beta"), &[2]);
    }

    fn attention(&mut self, name: &str, rows: &[u32]) {
        for (at, rows) in rows.iter().enumerate() {
            self.linear(&format!("{name}/linear_{at}"), *rows, 2);
        }
        self.norm(&format!("{name}/layer_norm"));
    }

    fn finish(self) -> Vec<u8> {
        let size = |value: u32| value.to_le_bytes().to_vec();
        [size(6), Self::string("WhisperSpec"), size(3), size(self.count), self.tensors, size(0)].concat()
    }
}
