//! A bidirectional LSTM of one layer, as PyTorch's `nn.LSTM(.., bidirectional=True)`.
//!
//! The products with the input are done for all times at once; the recurrent ones step by step, both directions at
//! the same time on two threads.

use super::conv::Conv1d;
use super::signal::Signal;

/// Gate rows a recurrent product keeps in registers while it runs over the hidden values.
const BLOCK: usize = 64;

/// One direction's weights: PyTorch's layout and gate order (input, forget, cell, output).
pub struct Direction<'a> {
    /// `[4 * hidden, inputs]`
    pub input: &'a [f32],
    /// `[4 * hidden, hidden]`
    pub hidden: &'a [f32],
    /// `[4 * hidden]`
    pub input_bias: &'a [f32],
    /// `[4 * hidden]`
    pub hidden_bias: &'a [f32],
}

struct Half {
    /// `[4 * hidden, inputs]` with both biases.
    projection: Conv1d,
    /// `[block of 64 gates][hidden][64]`
    recurrent: Vec<f32>,
}

/// Both directions.
pub struct BiLstm {
    hidden: usize,
    halves: [Half; 2],
}

impl BiLstm {
    /// `forward` and `backward` as the weights without and with the suffix `_reverse`.
    ///
    /// # Panics
    /// Where the sizes contradict each other, or `4 * hidden` is no multiple of 64.
    #[must_use]
    pub fn new(inputs: usize, hidden: usize, forward: &Direction<'_>, backward: &Direction<'_>) -> Self {
        Self { hidden, halves: [Half::new(inputs, hidden, forward), Half::new(inputs, hidden, backward)] }
    }

    /// `[inputs, length]` to `[2 * hidden, length]`, the forward direction above the backward one.
    #[must_use]
    pub fn forward(&self, input: &Signal) -> Signal {
        let run = |half: &Half, reverse| {
            let gates = half.projection.forward(input).transposed();
            Signal::from_time_major(&half.run(self.hidden, &gates, reverse), input.length, self.hidden)
        };
        let (forward, backward) = rayon::join(|| run(&self.halves[0], false), || run(&self.halves[1], true));
        Signal::stack(&[&forward, &backward])
    }
}

impl Half {
    fn new(inputs: usize, hidden: usize, weights: &Direction<'_>) -> Self {
        let gates = 4 * hidden;
        assert_eq!(gates % BLOCK, 0, "gates of an LSTM come in blocks of {BLOCK}");
        assert_eq!(weights.hidden.len(), gates * hidden, "recurrent weights of an LSTM");
        let bias: Vec<f32> = weights.input_bias.iter().zip(weights.hidden_bias).map(|(a, b)| a + b).collect();
        let mut recurrent = vec![0.0; gates * hidden];
        for (gate, row) in weights.hidden.chunks_exact(hidden).enumerate() {
            for (at, value) in row.iter().enumerate() {
                recurrent[((gate / BLOCK) * hidden + at) * BLOCK + gate % BLOCK] = *value;
            }
        }
        Self { projection: Conv1d::new(weights.input, [gates, inputs, 1], &bias, 1, 0), recurrent }
    }

    /// `gates` is `[length, 4 * hidden]`; gives `[length, hidden]`.
    fn run(&self, hidden: usize, gates: &[f32], reverse: bool) -> Vec<f32> {
        let length = gates.len() / (4 * hidden);
        let mut out = vec![0.0; length * hidden];
        let (mut state, mut cell, mut sums) = (vec![0.0; hidden], vec![0.0; hidden], vec![0.0; 4 * hidden]);
        for step in 0..length {
            let time = if reverse { length - 1 - step } else { step };
            sums.copy_from_slice(&gates[time * 4 * hidden..][..4 * hidden]);
            add_product(&self.recurrent, &state, &mut sums);
            for unit in 0..hidden {
                let [input, forget, candidate, output] = std::array::from_fn(|gate| sums[gate * hidden + unit]);
                cell[unit] = sigmoid(forget) * cell[unit] + sigmoid(input) * candidate.tanh();
                state[unit] = sigmoid(output) * cell[unit].tanh();
            }
            out[time * hidden..][..hidden].copy_from_slice(&state);
        }
        out
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn add_product(packed: &[f32], state: &[f32], sums: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if super::rows::has_avx2() {
        // SAFETY: the CPU has just been asked for the features the function is compiled for.
        unsafe { add_product_avx2(packed, state, sums) };
        return;
    }
    add_product_plain(packed, state, sums);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn add_product_avx2(packed: &[f32], state: &[f32], sums: &mut [f32]) {
    add_product_plain(packed, state, sums);
}

/// `sums += W state`, `W` packed `[block][state][64]`.
#[inline(always)]
fn add_product_plain(packed: &[f32], state: &[f32], sums: &mut [f32]) {
    let blocks = packed.chunks_exact(BLOCK * state.len());
    for (weights, sums) in blocks.zip(sums.chunks_exact_mut(BLOCK)) {
        let mut acc = [0.0_f32; BLOCK];
        for (weights, value) in weights.chunks_exact(BLOCK).zip(state) {
            for (acc, weight) in acc.iter_mut().zip(weights) {
                *acc += weight * value;
            }
        }
        for (sum, acc) in sums.iter_mut().zip(acc) {
            *sum += acc;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 4004.0 - 0.25).collect()
    }

    /// One direction after its definition, in double precision; `x` is `[length][inputs]`.
    fn by_definition(x: &[Vec<f32>], hidden: usize, w: &Direction<'_>) -> Vec<Vec<f64>> {
        let (mut h, mut c) = (vec![0.0_f64; hidden], vec![0.0_f64; hidden]);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let mut out = Vec::new();
        for x in x {
            let gate = |row: usize| {
                let dot = |w: &[f32], x: &mut dyn Iterator<Item = f64>| -> f64 {
                    w.iter().map(|w| f64::from(*w)).zip(x).map(|(w, x)| w * x).sum()
                };
                dot(&w.input[row * x.len()..][..x.len()], &mut x.iter().map(|x| f64::from(*x)))
                    + dot(&w.hidden[row * hidden..][..hidden], &mut h.iter().copied())
                    + f64::from(w.input_bias[row] + w.hidden_bias[row])
            };
            let gates: Vec<f64> = (0..4 * hidden).map(gate).collect();
            for unit in 0..hidden {
                c[unit] =
                    sigmoid(gates[hidden + unit]) * c[unit] + sigmoid(gates[unit]) * gates[2 * hidden + unit].tanh();
                h[unit] = sigmoid(gates[3 * hidden + unit]) * c[unit].tanh();
            }
            out.push(h.clone());
        }
        out
    }

    #[test]
    fn both_directions_follow_the_definition() {
        let (inputs, hidden, length) = (7, 16, 11);
        let weights: Vec<Vec<f32>> =
            [(inputs, 1), (hidden, 2), (1, 3), (1, 4), (inputs, 5), (hidden, 6), (1, 7), (1, 8)]
                .map(|(columns, seed)| noise(4 * hidden * columns, seed))
                .into();
        let direction = |at: usize| Direction {
            input: &weights[at],
            hidden: &weights[at + 1],
            input_bias: &weights[at + 2],
            hidden_bias: &weights[at + 3],
        };
        let x: Vec<Vec<f32>> = (0..length).map(|t| noise(inputs, 20 + t)).collect();
        let backwards: Vec<Vec<f32>> = x.iter().rev().cloned().collect();
        let forward = by_definition(&x, hidden, &direction(0));
        let mut backward = by_definition(&backwards, hidden, &direction(4));
        backward.reverse();
        let signal = Signal::from_time_major(&x.concat(), length, inputs);
        let out = BiLstm::new(inputs, hidden, &direction(0), &direction(4)).forward(&signal);
        for t in 0..length {
            for unit in 0..hidden {
                assert!((f64::from(out.row(unit)[t]) - forward[t][unit]).abs() < 1e-5);
                assert!((f64::from(out.row(hidden + unit)[t]) - backward[t][unit]).abs() < 1e-5);
            }
        }
    }
}
