#!/usr/bin/env python3
"""What Marian's student network gives for made-up weights, in plain double precision: the golden lines of
`src/neural/marian/shapes/golden.jsonl`, one shape and one sentence a line.

    reference-student.py > src/neural/marian/shapes/golden.jsonl
    reference-student.py --write FOLDER     also writes each model as Marian's binary file, for other engines to read

The weights come from a generator that the Rust tests have too, so no model is kept. Needs numpy. Sentences that hang on
a rounding of single precision somewhere are passed over.
"""

import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

# The shapes that Firefox releases (tiny, base-memory, base), with fewer words; and small ones where a size differs from
# every other, so that no two can be mistaken for each other.
SHAPES = {
    "small-shared": dict(width=32, heads=2, inner=48, encoder=2, decoder=2, source=200, target=200, split=False, first=40),
    "small-split": dict(width=48, heads=2, inner=80, encoder=1, decoder=4, source=210, target=170, split=True, first=30),
    "small-whole": dict(width=48, heads=3, inner=64, encoder=2, decoder=1, source=150, target=190, split=True, first=None),
    "tiny": dict(width=256, heads=8, inner=1536, encoder=6, decoder=2, source=800, target=800, split=False, first=100),
    "base-memory": dict(width=384, heads=8, inner=1536, encoder=6, decoder=4, source=900, target=700, split=True, first=100),
    "base": dict(width=512, heads=8, inner=2048, encoder=6, decoder=2, source=600, target=600, split=False, first=None),
}
SENTENCES = 3
MARGIN = 0.01
# By how much values are shaken, relatively: several times what single precision does. The words must stay, and the
# encoder's rows may differ by so much on average.
UNREST = 1e-6
STEADY = 0.02


class Numbers:
    """A linear congruential generator, seeded by a name."""

    def __init__(self, name):
        self.state = 0xCBF29CE484222325
        for byte in name.encode():
            self.state = (self.state ^ byte) * 0x100000001B3 % 2**64

    def next(self, below):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % below

    def bytes(self, count):
        return np.array([self.next(255) - 127 for _ in range(count)], dtype=np.int8)

    def floats(self, count, middle):
        return np.array([middle + (self.next(2001) - 1000) / 5000 for _ in range(count)], dtype=np.float32)


class Model:
    """Items by Marian's names, made when asked for."""

    def __init__(self, name, shape):
        self.name, self.shape, self.items = name, shape, {}
        self.unrest, self.chance = 0.0, np.random.default_rng(1)

    def numbers(self, item):
        return Numbers(f"{self.name}/{item}")

    def int8(self, item, rows, inner, gain):
        """Values as `[rows, inner]`, and their multiplier."""
        if item not in self.items:
            multiplier = np.float32(73 * math.sqrt(inner) / gain)
            self.items[item] = self.numbers(item).bytes(rows * inner).reshape(rows, inner), multiplier
        return self.items[item]

    def floats(self, item, count, middle=0.0):
        if item not in self.items:
            self.items[item] = self.numbers(item).floats(count, middle)
        return self.items[item].astype(np.float64)

    def alpha(self, item):
        """The multiplier of a layer's activations."""
        item = f"{item}_QuantMultA"
        if item not in self.items:
            value = np.float32(14 + self.numbers(item).next(8))
            # The output layer's stands in 8 bits where the table of words has a name of its own.
            self.items[item] = ("scalar", np.float32(127 / value)) if "Wemb" in item else np.array([value], np.float32)
        found = self.items[item]
        return float(127 / np.float64(found[1])) if isinstance(found, tuple) else float(found[0])

    def product(self, x, values, multiplier, alpha):
        x = x * (1 + self.unrest * self.chance.standard_normal(x.shape))
        whole = np.clip(np.rint(x * alpha), -127, 127)
        return whole @ values.T.astype(np.float64) / (alpha * np.float64(multiplier))

    def linear(self, x, item, inner, outer, bias, gain=2.5, middle=0.0):
        y = self.product(x, *self.int8(item, outer, inner, gain), self.alpha(item))
        return y + self.floats(bias, outer, middle) if bias else y

    def norm(self, x, item):
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-6)
        return x * self.floats(f"{item}_ln_scale", x.shape[-1], 1.0) + self.floats(f"{item}_ln_bias", x.shape[-1])

    def attention(self, x, context, item):
        width, heads = self.shape["width"], self.shape["heads"]
        gain = {"q": 1.0, "k": 1.0, "v": 2.5, "o": 2.5}
        part = lambda x, letter: self.linear(x, f"{item}_W{letter}", width, width, f"{item}_b{letter}", gain[letter])
        split = lambda x: x.reshape(len(x), heads, -1).transpose(1, 0, 2)
        query, key, value = split(part(x, "q")), split(part(context, "k")), split(part(context, "v"))
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(width / heads)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        joined = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return self.norm(x + part(joined.transpose(1, 0, 2).reshape(len(x), width), "o"), f"{item}_Wo")

    def feed_forward(self, x, item):
        width, inner = self.shape["width"], self.shape["inner"]
        # Few inner values are above zero, and in the decoder they weigh much: so each word changes all that follows.
        gain = 3.0 if item.startswith("encoder") else 16.0
        up = np.maximum(self.linear(x, f"{item}_ffn_W1", width, inner, f"{item}_ffn_b1", middle=-4.0), 0)
        down = self.linear(up, f"{item}_ffn_W2", inner, width, f"{item}_ffn_b2", gain=gain)
        return self.norm(x + down, f"{item}_ffn_ffn")

    def position(self, at):
        half = self.shape["width"] // 2
        angles = at * 10000.0 ** (-np.arange(half) / (half - 1))
        return np.concatenate([np.sin(angles), np.cos(angles)])

    def table(self, side):
        width = self.shape["width"]
        item = {"source": "encoder_Wemb", "target": "decoder_Wemb"}[side] if self.shape["split"] else "Wemb"
        return self.int8(item, self.shape[side], width, 1.0)

    def embed(self, word, at, side):
        if word is None:
            return self.position(at)
        values, multiplier = self.table(side)
        return values[word] / np.float64(multiplier) * math.sqrt(self.shape["width"]) + self.position(at)

    def encode(self, words):
        x = np.array([self.embed(word, at, "source") for at, word in enumerate(words)])
        for n in range(1, self.shape["encoder"] + 1):
            x = self.attention(x, x, f"encoder_l{n}_self")
            x = self.feed_forward(x, f"encoder_l{n}")
        return x

    def candidates(self, words):
        """The target words a shortlist leaves; two words follow each source word."""
        first, target = self.shape["first"], self.shape["target"]
        if first is None:
            return list(range(target))
        chosen = set(range(first))
        for word in words:
            chosen.update([word * 7 % target, word * 11 % target] + ([] if self.shape["split"] else [word]))
        filler = first
        while len(chosen) % 8:
            chosen.add(filler)
            filler += 1
        return sorted(chosen)

    def translate(self, words):
        """The greedy translation, and by how much the best word led at the closest step."""
        width, context = self.shape["width"], self.encode(words)
        candidates = [word for word in self.candidates(words) if word != 1]
        cells = [np.zeros((1, width)) for _ in range(self.shape["decoder"])]
        made, closest = [], math.inf
        while len(made) < math.ceil(len(words) * 2.5) + 4:
            x = self.embed(made[-1] if made else None, len(made), "target")[None]
            for n in range(1, self.shape["decoder"] + 1):
                item = f"decoder_l{n}"
                gate = self.linear(x, f"{item}_rnn_Wf", width, width, f"{item}_rnn_bf")
                keep = 1 / (1 + np.exp(-gate))
                candidate = self.linear(x, f"{item}_rnn_W", width, width, None)
                cells[n - 1] = keep * cells[n - 1] + (1 - keep) * candidate
                x = self.norm(x + np.maximum(cells[n - 1], 0), f"{item}_rnn_ffn")
                x = self.attention(x, context, f"{item}_context")
                x = self.feed_forward(x, item)
            named = "decoder_Wemb" if self.shape["split"] else "none"
            values, multiplier = self.table("target")
            scores = self.product(x, values, multiplier, self.alpha(named))[0]
            scores = (scores + self.floats("decoder_ff_logit_out_b", self.shape["target"], 0.0))[candidates]
            best = np.sort(scores)[-2:]
            closest = min(closest, best[1] - best[0])
            word = candidates[int(scores.argmax())]
            if word == 0:
                break
            made.append(word)
        return made, closest

    def settings(self):
        shape, split = self.shape, self.shape["split"]
        flag = lambda value: "true" if value else "false"
        return "\n".join([
            "dec-cell: ssru", "dec-cell-base-depth: 2", "dec-cell-high-depth: 1", f"dec-depth: {shape['decoder']}",
            f"dim-emb: {shape['width']}", "dim-vocabs:", f"  - {shape['source']}", f"  - {shape['target']}",
            "enc-cell: gru", "enc-cell-depth: 1", f"enc-depth: {shape['encoder']}", "enc-type: bidirectional",
            "input-types: []", "layer-normalization: false", "lemma-dim-emb: 0", "output-omit-bias: false",
            "right-left: false", "skip: false", f"tied-embeddings: {flag(split)}", f"tied-embeddings-all: {flag(not split)}",
            "tied-embeddings-src: false", "transformer-aan-activation: swish", "transformer-aan-depth: 2",
            "transformer-aan-nogate: false", "transformer-decoder-autoreg: rnn", "transformer-decoder-dim-ffn: 0",
            "transformer-decoder-ffn-depth: 0", "transformer-dim-aan: 2048", f"transformer-dim-ffn: {shape['inner']}",
            "transformer-ffn-activation: relu", "transformer-ffn-depth: 2", "transformer-guided-alignment-layer: last",
            f"transformer-heads: {shape['heads']}", "transformer-no-affine: false", "transformer-no-bias: false",
            "transformer-no-projection: false", "transformer-pool: false", "transformer-postprocess: dan",
            'transformer-postprocess-emb: d', 'transformer-postprocess-top: ""', 'transformer-preprocess: ""',
            "transformer-rnn-projection: false", "transformer-tied-layers: []",
            "transformer-train-position-embeddings: false", "type: transformer", "ulr: false", "ulr-dim-emb: 0",
            "version: v1.12.14 2d067af 2024-02-16 11:44:13 -0500", ""])

    def write(self, folder):
        """Marian's binary file, and its shortlist. Every item must have been asked for before."""
        folder.mkdir(parents=True, exist_ok=True)
        items = []
        for name, value in self.items.items():
            if isinstance(value, tuple) and isinstance(value[0], str):
                items.append((name, 0x4101, [1, 1], bytes([127]) + value[1].tobytes() + bytes(251)))
            elif isinstance(value, tuple):
                rows, inner = value[0].shape
                shape = [rows, inner] if name.endswith("Wemb") else [inner, rows]
                data = value[0].tobytes() + value[1].tobytes()
                items.append((name, 0x4101, shape, data + bytes(-len(data) % 256)))
            else:
                items.append((name, 0x404, [1, len(value)], value.tobytes() + bytes(-len(value) * 4 % 256)))
        yaml = self.settings().encode() + b"\0"
        items.append(("special:model.yml", 0x101, [len(yaml)], yaml + bytes(-len(yaml) % 256)))
        head = struct.pack("<2Q", 1, len(items))
        for name, kind, shape, data in items:
            head += struct.pack("<4Q", len(name) + 1, kind, len(shape), len(data))
        head += b"".join(name.encode() + b"\0" for name, *_ in items)
        head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
        padding = -(len(head) + 8) % 256
        blob = head + struct.pack("<Q", padding) + bytes(padding) + b"".join(data for *_, data in items)
        (folder / "model.bin").write_bytes(blob)
        if (first := self.shape["first"]) is not None:
            source, target = self.shape["source"], self.shape["target"]
            words = [n for word in range(source) for n in (word * 7 % target, word * 11 % target)]
            body = struct.pack(f"<{source + 1}Q{len(words)}I", *range(0, 2 * source + 1, 2), *words)
            # Marian looks at no checksum unless told to.
            (folder / "lex.bin").write_bytes(struct.pack("<6Q", 0xF11A48D5013417F5, 0, first, 2, source + 1, len(words)) + body)


def main():
    folder = Path(sys.argv[2]) if sys.argv[1:2] == ["--write"] else None
    for name, shape in SHAPES.items():
        model, numbers, found = Model(name, shape), Numbers(f"{name}/sentences"), 0
        while found < SENTENCES:
            words = [2 + numbers.next(shape["source"] - 2) for _ in range(2 + numbers.next(6))] + [0]
            made, closest = model.translate(words)
            # A translation of one word again and again would prove little; the wide shapes seldom give another.
            if closest < MARGIN or len(set(made)) < (2 if shape["width"] < 300 else 1):
                continue
            encoded = model.encode(words)
            model.unrest = UNREST
            restless = [(model.translate(words)[0], model.encode(words)) for _ in range(2)]
            model.unrest = 0.0
            if any(other != made or np.abs(rows - encoded).mean() > STEADY for other, rows in restless):
                continue
            found += 1
            line = {"model": name, **shape, "words": words, "made": made,
                    "encoded": [round(float(value), 4) for value in encoded[-1][:16]]}
            print(json.dumps(line))
        if folder:
            model.write(folder / name)


main()
