#!/usr/bin/env python3
"""Silero VAD in onnxruntime: the reference our own network and rules are held against.

    reference-silero.py SILERO OUT RECORDING...

SILERO is the unpacked wheel silero-vad 6.2.3, OUT the folder tests/golden/silero. Needs numpy and onnxruntime; not
torch: of the package's own code only the pure function that turns probabilities into stretches is run.

Writes recordings.json (probabilities of every window, and the stretches under several rules, for the shipped clip and
for each RECORDING, a 16-bit mono WAV at 16 kHz) and rules.jsonl (made-up probabilities with their stretches).
"""
import ast
import json
import random
import sys
import wave
from pathlib import Path

import numpy as np
import onnxruntime

RATE, WINDOW, CONTEXT = 16000, 512, 64
# threshold, leave, shortest, silence, padding, longest (all in ms but the first two)
RULES = [
    (0.5, 0.35, 250, 100, 30, None),
    (0.5, 0.35, 0, 2000, 400, None),
    (0.5, 0.35, 250, 500, 200, 28000),
    (0.7, 0.2, 100, 64, 100, 3000),
    (0.3, 0.1, 500, 0, 0, 1000),
]


def segmenter(package):
    """The package's `get_speech_timestamps_from_probs`, without importing torch."""
    source = (package / "silero_vad" / "utils_vad.py").read_text()
    name = "get_speech_timestamps_from_probs"
    functions = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name]
    space = {"List": list}
    exec(compile(ast.Module(functions, []), "utils_vad.py", "exec"), space)
    return space[name]


def stretches(segment, probabilities, length, rules):
    threshold, leave, shortest, silence, padding, longest = rules
    found = segment(
        probabilities,
        threshold=threshold,
        neg_threshold=leave,
        min_speech_duration_ms=shortest,
        min_silence_duration_ms=silence,
        speech_pad_ms=padding,
        max_speech_duration_s=float("inf") if longest is None else longest / 1000,
        audio_length_samples=length,
    )
    return [[s["start"], s["end"]] for s in found]


def read(path):
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), path
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


def probabilities(session, samples):
    samples = np.concatenate([samples, np.zeros(-len(samples) % WINDOW, np.float32)])
    state, context, out = np.zeros((2, 1, 128), np.float32), np.zeros((1, CONTEXT), np.float32), []
    for start in range(0, len(samples), WINDOW):
        x = np.concatenate([context, samples[None, start:start + WINDOW]], axis=1)
        probability, state = session.run(None, {"input": x, "state": state, "sr": np.array(RATE, np.int64)})
        context = x[:, -CONTEXT:]
        out.append(float(probability[0, 0]))
    return out


def main():
    package, out = Path(sys.argv[1]), Path(sys.argv[2])
    segment = segmenter(package)
    session = onnxruntime.InferenceSession(str(package / "silero_vad" / "data" / "silero_vad.onnx"))
    recordings = {}
    for path in [out / "clip.wav", *map(Path, sys.argv[3:])]:
        samples = read(path)
        heard = probabilities(session, samples)
        recordings[f"{path.parent.name}/{path.name}"] = {
            "samples": len(samples),
            "probabilities": [round(p, 6) for p in heard],
            "stretches": [{"rules": rules, "found": stretches(segment, heard, len(samples), rules)} for rules in RULES],
        }
    (out / "recordings.json").write_text(json.dumps(recordings) + "\n")

    draw = random.Random(6)
    with open(out / "rules.jsonl", "w") as file:
        for number in range(60):
            level, heard = 0.5, []
            for _ in range(draw.randrange(0, 160)):
                # Wanders, so that there are long stretches, short ones, and doubtful windows between the thresholds.
                level = min(1.0, max(0.0, level + draw.uniform(-0.35, 0.35)))
                heard.append(round(level, 3))
            length = max(0, len(heard) * WINDOW - draw.randrange(0, WINDOW))
            rules = RULES[number % len(RULES)]
            # As our network gives them: in single precision.
            single = [float(np.float32(p)) for p in heard]
            found = stretches(segment, single, length, rules)
            file.write(json.dumps({"rules": rules, "samples": length, "probabilities": heard, "found": found}) + "\n")


if __name__ == "__main__":
    main()
