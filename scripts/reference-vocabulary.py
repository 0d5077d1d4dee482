#!/usr/bin/env python3
"""Two small SentencePiece vocabularies with what Firefox's have (the end first, the unknown second, pieces named by
hand, bytes for letters that were never seen), and what SentencePiece itself makes of lines with them.

    reference-vocabulary.py FOLDER      writes srcvocab.spm, trgvocab.spm, vocabulary.jsonl

Trained on the starter collection. Needs the Python package sentencepiece 0.2.
"""

import json
import sys
from pathlib import Path

import sentencepiece

ROOT = Path(__file__).resolve().parent.parent
LINES = [
    "Tháp Dương Long cao 24 mét.",
    "Chùa Thập Tháp, thế kỷ XVII; ",
    "hai  khoảng   trắng",
    "Маршрут 東京 😀 ở giữa",
    "__start__ Quy Nhơn __end__",
    "a__start__b",
    "塔は美しい。",
    "1.234,56",
    "ﬁ Ａ ﾃ",
    "e\u0301 é",
]


def main():
    folder = Path(sys.argv[1])
    for name, ending, size in [("srcvocab", "e.md", 560), ("trgvocab", ".ja.md", 600)]:
        text = sorted(ROOT.glob(f"content/**/sit*{ending}"))
        lines = [line for path in text for line in path.read_text("utf-8").splitlines() if line.strip()]
        draft = folder / f"{name}.txt"
        draft.write_text("\n".join(lines), "utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(draft), model_prefix=str(folder / name), vocab_size=size, bos_id=-1, eos_id=0, unk_id=1,
            user_defined_symbols=["__start__", "__end__"], byte_fallback=True, split_digits=True, num_threads=1,
            normalization_rule_name="identity", hard_vocab_limit=True, minloglevel=2, character_coverage=0.98)
        draft.unlink()
        (folder / f"{name}.vocab").unlink()
        (folder / f"{name}.model").rename(folder / f"{name}.spm")
    with (folder / "vocabulary.jsonl").open("w", encoding="utf-8") as out:
        for name in ["srcvocab", "trgvocab"]:
            pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
            for line in LINES:
                ids = pieces.encode(line)
                golden = {"vocabulary": name, "line": line, "ids": ids, "text": pieces.decode(ids)}
                out.write(json.dumps(golden, ensure_ascii=False) + "\n")
            print(name, pieces.get_piece_size(), file=sys.stderr)


main()
