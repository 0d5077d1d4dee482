#!/usr/bin/env python3
"""Kokoro-82M in onnxruntime: the reference our own network is held against.

    reference-kokoro.py graph INT8.onnx OUT.onnx       the published 8-bit graph with 32-bit weights, else untouched
    reference-kokoro.py golden INT8.onnx VOICES OUT    tests/golden/kokoro: what tests/it/kokoro_golden.rs compares with
    reference-kokoro.py bench GRAPH.onnx WEIGHTS PROGRAM [THREADS [RUNS]]   both engines by turns, one JSON object

Needs onnx, onnxruntime and numpy; `scripts/bench-tts` sets them up. VOICES is a folder of <voice>.bin, WEIGHTS the
folder `models pull kokoro` makes, INT8.onnx the file it is converted from.

The golden values come from the 32-bit graph with three edits, because the export departs from the PyTorch network
there, or is random in its rounding errors:
1. The export leaves out the noise of the harmonic source. It is put back, with the values `source.rs` draws.
2. The source's spectrum has real values in its first and last bin; the export gives negative ones the phase -pi or +pi
   by the sign of a rounding error. They get +pi, as torch.angle gives.
3. The export forgets to divide the output by the overlapping squared windows (1.5 everywhere but in the first ten
   samples). The output is divided by 1.5.
"""
import json
import os
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

GENERATOR = "/decoder/decoder/generator/"
SOURCE = GENERATOR + "m_source/"
PITCH = "/encoder/Reshape_output_0"
RATE = 24000


def float_graph(path):
    """The 8-bit graph with every quantized node replaced by the node it was made from, weights dequantized."""
    model = onnx.load(path)
    graph = model.graph
    init = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    maker, readers = {}, {}
    for node in graph.node:
        maker.update((name, node) for name in node.output)
        for name in node.input:
            readers.setdefault(name, []).append(node)
    floats = lambda name: init[name].astype(np.float32)
    replaced, removed, added = {}, set(), {}
    for node in graph.node:
        if node.op_type in ("ConvInteger", "MatMulInteger") and node.input[1] in init:
            whole = maker[node.input[0]].input[0]
            zero = floats(node.input[3]) if len(node.input) > 3 and node.input[3] else np.float32(0)
            after, bias = readers[node.output[0]][0], []
            removed.add(id(node))
            if after.op_type == "Add":
                removed.add(id(after))
                bias = [after.name.replace("_quantizedbias_add", "")]
                assert bias[0] in init, after.name
                after = readers[after.output[0]][0]
            product = readers[after.output[0]][0]
            scales = maker[[name for name in product.input if name != after.output[0]][0]]
            scale = floats([name for name in scales.input if name in init][0])
            removed.update((id(after), id(product)))
            weight = "float " + node.name
            added[weight] = ((floats(node.input[1]) - zero) * scale).astype(np.float32)
            kind = "Conv" if node.op_type == "ConvInteger" else "MatMul"
            made = helper.make_node(kind, [whole, weight] + bias, [product.output[0]], name=node.name)
            made.attribute.extend(node.attribute)
            replaced[id(product)] = made
        elif node.op_type == "DynamicQuantizeLSTM":
            def dequantized(values, scale, zero):
                scale, zero = floats(node.input[scale]).reshape(2, 1, -1), floats(node.input[zero]).reshape(2, 1, -1)
                return np.ascontiguousarray(((floats(node.input[values]) - zero) * scale).transpose(0, 2, 1))
            added["input " + node.name] = dequantized(1, 8, 9)
            added["hidden " + node.name] = dequantized(2, 10, 11)
            inputs = [node.input[0], "input " + node.name, "hidden " + node.name, *node.input[3:8]]
            made = helper.make_node("LSTM", inputs, list(node.output), name=node.name)
            made.attribute.extend(node.attribute)
            replaced[id(node)] = made
    nodes = [replaced.get(id(node), node) for node in graph.node if id(node) in replaced or id(node) not in removed]
    needed, kept = {output.name for output in graph.output}, []
    for node in reversed(nodes):
        if any(name in needed for name in node.output):
            kept.append(onnx.NodeProto.FromString(node.SerializeToString()))
            needed.update(node.input)
    tensors = [onnx.TensorProto.FromString(i.SerializeToString()) for i in graph.initializer if i.name in needed]
    tensors += [numpy_helper.from_array(values, name) for name, values in added.items()]
    for field, values in ((graph.node, kept[::-1]), (graph.initializer, tensors)):
        del field[:]
        field.extend(values)
    return model


def as_in_pytorch(model):
    """Edits 1 and 2, a new input `noise` of shape [1, samples, 1], and the pitch curve as a second output."""
    graph = model.graph
    init = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    constant = lambda name, value: graph.initializer.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
    mixed = next(n for n in graph.node if n.name == SOURCE + "l_linear/MatMul")
    norm = float(np.linalg.norm(init[mixed.input[1]]))
    voiced = SOURCE + "l_sin_gen/Cast_output_0"
    # noise level = norm * (0.1 / 3 + voiced * (0.003 - 0.1 / 3))
    constant("noise step", norm * (0.003 - 0.1 / 3))
    constant("noise floor", norm * 0.1 / 3)
    constant("inner bins", np.array([0] + [1] * 9 + [0]).reshape(1, 11, 1))
    out, imaginary = mixed.output[0], GENERATOR + "Gather_5_output_0"
    edits = {
        out: [
            helper.make_node("Mul", [voiced, "noise step"], ["noise relative"]),
            helper.make_node("Add", ["noise relative", "noise floor"], ["noise level"]),
            helper.make_node("Mul", ["noise", "noise level"], ["noise scaled"]),
            helper.make_node("Add", [out + " mixed", "noise scaled"], [out]),
        ],
        imaginary: [helper.make_node("Mul", [imaginary + " whole", "inner bins"], [imaginary])],
    }
    nodes = []
    for node in graph.node:
        if node.name == GENERATOR + "Greater":
            node.op_type = "GreaterOrEqual"
        made = [name for name in node.output if name in edits]
        for at, name in enumerate(node.output):
            if name in edits:
                node.output[at] = name + (" mixed" if name == out else " whole")
        nodes.append(node)
        for name in made:
            nodes.extend(edits[name])
    nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.input.append(helper.make_tensor_value_info("noise", onnx.TensorProto.FLOAT, [1, None, 1]))
    graph.output.append(helper.make_tensor_value_info(PITCH, onnx.TensorProto.FLOAT, None))
    return model


def session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def gaussian(count):
    """The noise of `source.rs`: SplitMix64 over a counter, then Box and Muller."""
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    first = ((z >> np.uint64(32)).astype(np.float64) + 0.5) / 2.0**32
    second = (z & np.uint64(0xFFFFFFFF)).astype(np.float64) / 2.0**32
    return (np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)).astype(np.float32)


def feeds(vocabulary, voice, phonemes, speed=1.0):
    tokens = [vocabulary[phoneme] for phoneme in phonemes]
    style = voice.reshape(-1, 256)[min(len(tokens), 509)]
    return {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style.reshape(1, 256),
        "speed": np.array([speed], np.float32),
    }


def coarse_spectrum(audio):
    """Log power in 24 bands evenly spaced in mel, every 600 samples: `coarse_spectrum` of kokoro_golden.rs."""
    size, hop, bands = 1024, 600, 24
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    frames = [audio[at:at + size] for at in range(0, len(audio) - size + 1, hop)]
    power = np.abs(np.fft.rfft(np.array(frames, np.float64) * window)) ** 2
    mel = 2595 * np.log10(1 + np.arange(size // 2 + 1) * RATE / size / 700)
    band = np.minimum((mel / mel[-1] * bands).astype(int), bands - 1)
    sums = np.stack([power[:, band == b].sum(1) for b in range(bands)], 1)
    return np.log10(sums + 1e-4)


def golden(graph, voices, out):
    vocabulary = json.load(open(os.path.join(out, "vocab.json")))["vocab"]
    run = session(as_in_pytorch(float_graph(graph)).SerializeToString(), 2)
    with open(os.path.join(out, "golden.jsonl"), "w") as file:
        for line in open(os.path.join(out, "sentences.tsv")):
            if line.startswith("#") or not line.strip():
                continue
            language, voice, speed, phonemes = line.rstrip("\n").split("\t")
            style = np.fromfile(os.path.join(voices, voice + ".bin"), np.float32)
            feed = feeds(vocabulary, style, phonemes, float(speed))
            samples = run.run(None, feed | {"noise": np.zeros((1, 1, 1), np.float32)})[0].size
            audio, pitch = run.run(None, feed | {"noise": gaussian(samples).reshape(1, -1, 1)})
            audio = audio.reshape(-1) / 1.5
            case = {
                "language": language, "voice": voice, "speed": float(speed), "phonemes": phonemes, "samples": samples,
                "pitch": [round(float(hertz), 1) for hertz in pitch.reshape(-1)[::2]],
                "spectrum": [[round(float(x), 2) for x in frame] for frame in coarse_spectrum(audio)],
            }
            file.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")
            print(language, voice, samples / RATE, "s", flush=True)
            if len(sys.argv) > 5:
                audio.astype(np.float32).tofile(os.path.join(sys.argv[5], f"{voice}-{samples}.f32"))


def bench(graph, weights, program, threads=2, runs=5):
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests/golden/kokoro")
    phonemes = open(os.path.join(folder, "bench.txt")).read().strip()
    vocabulary = json.load(open(os.path.join(weights, "vocab.json")))["vocab"]
    voice = np.fromfile(os.path.join(weights, "voices/af_heart.bin"), np.float32)
    feed, theirs = feeds(vocabulary, voice, phonemes), session(graph, threads)
    command = [program, "bench", "--weights", weights, "--voice", "af_heart", "--threads", str(threads)]
    ours = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def run_ours():
        ours.stdin.write(phonemes + "\n")
        ours.stdin.flush()
        answer = json.loads(ours.stdout.readline())
        return answer["seconds"] / answer["audio"], answer["audio"]

    def run_theirs():
        started = time.perf_counter()
        audio = theirs.run(None, feed)[0].size / RATE
        return (time.perf_counter() - started) / audio, audio

    warm = run_ours(), run_theirs()
    assert abs(warm[0][1] - warm[1][1]) < 0.1, f"other lengths: {warm}"
    times = [(run_ours()[0], run_theirs()[0]) for _ in range(runs)]
    ours.stdin.close()
    ours.wait()
    # The fastest run of each: what other programs take away can only make a run slower.
    mine, peer = (min(column) for column in zip(*times))
    print(json.dumps({
        "bench": "tts.kokoro", "peer": "onnxruntime", "ours": round(mine, 4), "theirs": round(peer, 4),
        "ratio": round(mine / peer, 3), "unit": "rtf", "threads": threads, "audio_seconds": round(warm[0][1], 2),
        "runs": [[round(x, 4) for x in pair] for pair in times],
    }))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["graph", source, out]:
            onnx.save(float_graph(source), out)
        case ["golden", source, voices, out, *_]:
            golden(source, voices, out)
        case ["bench", graph, weights, program, *rest]:
            bench(graph, weights, program, *map(int, rest))
        case _:
            sys.exit(__doc__)
