//! Every tensor of Kokoro-82M by its PyTorch name, with its shape: what a conversion must find, no more and no less.

/// `(name, shape)` of all 457 tensors.
pub fn tensors() -> Vec<(String, Vec<usize>)> {
    let mut list = List(Vec::with_capacity(457));
    list.albert();
    list.linear("bert_encoder", 512, 768);
    list.text_encoder();
    list.prosody();
    list.decoder();
    list.generator();
    list.0
}

struct List(Vec<(String, Vec<usize>)>);

impl List {
    fn push(&mut self, name: impl Into<String>, shape: &[usize]) {
        self.0.push((name.into(), shape.to_vec()));
    }

    fn linear(&mut self, name: &str, out: usize, inputs: usize) {
        self.push(format!("{name}.weight"), &[out, inputs]);
        self.push(format!("{name}.bias"), &[out]);
    }

    fn conv(&mut self, name: &str, shape: [usize; 3]) {
        self.push(format!("{name}.weight"), &shape);
        self.push(format!("{name}.bias"), &shape[..1]);
    }

    fn norm(&mut self, name: &str, width: usize) {
        self.push(format!("{name}.weight"), &[width]);
        self.push(format!("{name}.bias"), &[width]);
    }

    fn lstm(&mut self, name: &str, inputs: usize) {
        for suffix in ["", "_reverse"] {
            self.push(format!("{name}.weight_ih_l0{suffix}"), &[1024, inputs]);
            self.push(format!("{name}.weight_hh_l0{suffix}"), &[1024, 256]);
            self.push(format!("{name}.bias_ih_l0{suffix}"), &[1024]);
            self.push(format!("{name}.bias_hh_l0{suffix}"), &[1024]);
        }
    }

    /// A linear map from a style to two values a channel.
    fn style(&mut self, name: &str, channels: usize) {
        self.linear(&format!("{name}.fc"), 2 * channels, 128);
    }

    fn albert(&mut self) {
        let embeddings = "bert.embeddings";
        self.push(format!("{embeddings}.word_embeddings.weight"), &[178, 128]);
        self.push(format!("{embeddings}.position_embeddings.weight"), &[512, 128]);
        self.push(format!("{embeddings}.token_type_embeddings.weight"), &[2, 128]);
        self.norm(&format!("{embeddings}.LayerNorm"), 128);
        self.linear("bert.encoder.embedding_hidden_mapping_in", 768, 128);
        let layer = "bert.encoder.albert_layer_groups.0.albert_layers.0";
        for part in ["query", "key", "value", "dense"] {
            self.linear(&format!("{layer}.attention.{part}"), 768, 768);
        }
        self.norm(&format!("{layer}.attention.LayerNorm"), 768);
        self.linear(&format!("{layer}.ffn"), 2048, 768);
        self.linear(&format!("{layer}.ffn_output"), 768, 2048);
        self.norm(&format!("{layer}.full_layer_layer_norm"), 768);
    }

    fn text_encoder(&mut self) {
        self.push("text_encoder.embedding.weight", &[178, 512]);
        for block in 0..3 {
            self.conv(&format!("text_encoder.cnn.{block}.0"), [512, 512, 5]);
            self.push(format!("text_encoder.cnn.{block}.1.gamma"), &[512]);
            self.push(format!("text_encoder.cnn.{block}.1.beta"), &[512]);
        }
        self.lstm("text_encoder.lstm", 512);
    }

    fn styled_block(&mut self, name: &str, inputs: usize, outputs: usize, upsample: bool) {
        self.style(&format!("{name}.norm1"), inputs);
        self.style(&format!("{name}.norm2"), outputs);
        self.conv(&format!("{name}.conv1"), [outputs, inputs, 3]);
        self.conv(&format!("{name}.conv2"), [outputs, outputs, 3]);
        if inputs != outputs {
            self.push(format!("{name}.conv1x1.weight"), &[outputs, inputs, 1]);
        }
        if upsample {
            self.conv(&format!("{name}.pool"), [inputs, 1, 3]);
        }
    }

    fn prosody(&mut self) {
        for layer in [0, 2, 4] {
            self.lstm(&format!("predictor.text_encoder.lstms.{layer}"), 640);
            self.style(&format!("predictor.text_encoder.lstms.{}", layer + 1), 512);
        }
        self.lstm("predictor.lstm", 640);
        self.linear("predictor.duration_proj.linear_layer", 50, 512);
        self.lstm("predictor.shared", 640);
        for curve in ["F0", "N"] {
            self.styled_block(&format!("predictor.{curve}.0"), 512, 512, false);
            self.styled_block(&format!("predictor.{curve}.1"), 512, 256, true);
            self.styled_block(&format!("predictor.{curve}.2"), 256, 256, false);
            self.conv(&format!("predictor.{curve}_proj"), [1, 256, 1]);
        }
    }

    fn decoder(&mut self) {
        self.conv("decoder.F0_conv", [1, 1, 3]);
        self.conv("decoder.N_conv", [1, 1, 3]);
        self.conv("decoder.asr_res.0", [64, 512, 1]);
        self.styled_block("decoder.encode", 514, 1024, false);
        for block in 0..3 {
            self.styled_block(&format!("decoder.decode.{block}"), 1090, 1024, false);
        }
        self.styled_block("decoder.decode.3", 1090, 512, true);
    }

    fn snake_block(&mut self, name: &str, channels: usize, taps: usize) {
        for step in 0..3 {
            for half in [1, 2] {
                self.style(&format!("{name}.adain{half}.{step}"), channels);
                self.push(format!("{name}.alpha{half}.{step}"), &[1, channels, 1]);
                self.conv(&format!("{name}.convs{half}.{step}"), [channels, channels, taps]);
            }
        }
    }

    fn generator(&mut self) {
        let name = "decoder.generator";
        self.linear(&format!("{name}.m_source.l_linear"), 1, 9);
        for (stage, (channels, taps)) in [(256, 20), (128, 12)].into_iter().enumerate() {
            self.push(format!("{name}.ups.{stage}.weight"), &[2 * channels, channels, taps]);
            self.push(format!("{name}.ups.{stage}.bias"), &[channels]);
            self.conv(&format!("{name}.noise_convs.{stage}"), [channels, 22, [12, 1][stage]]);
            self.snake_block(&format!("{name}.noise_res.{stage}"), channels, [7, 11][stage]);
            for (index, taps) in [3, 7, 11].into_iter().enumerate() {
                self.snake_block(&format!("{name}.resblocks.{}", 3 * stage + index), channels, taps);
            }
        }
        self.conv(&format!("{name}.conv_post"), [22, 128, 7]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_the_parameters_of_the_model() {
        let all = tensors();
        assert_eq!(all.len(), 457);
        let count: usize = all.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
        assert_eq!(count, 81_140_664);
        let names: std::collections::HashSet<_> = all.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), all.len());
    }
}
