#!/usr/bin/env python3
"""Small translation models of random weights, and what `transformers` makes of them: the reference of neural/seq2seq.

    reference-translation.py models OUT        the models' folders; needs Python alone (the tests call this)
    reference-translation.py golden WORK       tests/golden/translation: vocabularies and the reference's results

Weights come of a formula, so they need not be kept: value n of a tensor is step n of a linear congruential generator
that begins with the tensor's name. The golden files were made with torch 2.15.0, transformers 5.23.0, sentencepiece
0.2.3, sacremoses 0.2.0 and protobuf 7.36.2; only `golden` needs those packages.
"""
import array
import json
import shutil
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests/golden/translation"
WIDTH, HEADS, INNER, LAYERS, POSITIONS = 64, 4, 128, 2, 96
# M2M100: languages and made-up words behind the vocabulary.
LANGUAGES, MADE_UP = 100, 8


def numbers(name, count, scale):
    """`count` numbers within `scale`, always the same for a name."""
    state = zlib.crc32(name.encode())
    made = array.array("f")
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        made.append(((state >> 8) / 8388608 - 1) * scale)
    return made


class Tensors:
    """Named tensors of 32-bit floats, written as a safetensors file."""

    def __init__(self):
        self.all = {}

    def add(self, name, shape, scale, around=0.0):
        count = 1
        for size in shape:
            count *= size
        values = numbers(name, count, scale)
        if around:
            values = array.array("f", (value + around for value in values))
        self.all[name] = (shape, values)

    def linear(self, name, outer, inner, bias, scale=1.0):
        self.add(f"{name}.weight", [outer, inner], scale * (3 / inner) ** 0.5)
        if bias:
            self.add(f"{name}.bias", [outer], 0.2)

    def norm(self, name, bias):
        self.add(f"{name}.weight", [WIDTH], 0.3, around=1.0)
        if bias:
            self.add(f"{name}.bias", [WIDTH], 0.2)

    def save(self, path):
        header, at = {"__metadata__": {"format": "pt"}}, 0
        for name, (shape, values) in self.all.items():
            header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + 4 * len(values)]}
            at += 4 * len(values)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for _, values in self.all.values():
                if sys.byteorder != "little":
                    values.byteswap()
                file.write(values.tobytes())


def bart(tensors, words, last_norm, small, inward, outward):
    """Marian's and M2M100's layers; how loud words and matrices are decides whether translations vary and end."""
    tensors.add("model.shared.weight", [words, WIDTH], small)
    for side in ("encoder", "decoder"):
        for n in range(LAYERS):
            name = f"model.{side}.layers.{n}"
            for attention in ["self_attn"] + ["encoder_attn"] * (side == "decoder"):
                for part in ("q", "k", "v"):
                    tensors.linear(f"{name}.{attention}.{part}_proj", WIDTH, WIDTH, True, inward)
                tensors.linear(f"{name}.{attention}.out_proj", WIDTH, WIDTH, True, outward)
                tensors.norm(f"{name}.{attention}_layer_norm", True)
            tensors.linear(f"{name}.fc1", INNER, WIDTH, True, inward)
            tensors.linear(f"{name}.fc2", WIDTH, INNER, True, outward)
            tensors.norm(f"{name}.final_layer_norm", True)
        if last_norm:
            tensors.norm(f"model.{side}.layer_norm", True)


def bart_config(words, **more):
    sizes = {f"{side}_{what}": value for side in ("encoder", "decoder")
             for what, value in (("layers", LAYERS), ("attention_heads", HEADS), ("ffn_dim", INNER))}
    return {"vocab_size": words, "d_model": WIDTH, "max_position_embeddings": POSITIONS, "scale_embedding": True,
            "is_encoder_decoder": True, **sizes, **more}


def write(folder, tensors, config, generation, files):
    folder.mkdir(parents=True, exist_ok=True)
    tensors.save(folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=1))
    for name, source in files.items():
        shutil.copyfile(GOLDEN / source, folder / name)


def louder(values, width, row, factor):
    """Makes one word's row louder, so that it is chosen now and then."""
    for n in range(row * width, (row + 1) * width):
        values[n] *= factor


def marian(out):
    words = len(json.loads((GOLDEN / "marian-vocab.json").read_text("utf-8")))
    tensors = Tensors()
    bart(tensors, words, False, 0.35, 2.5, 1.0)
    tensors.add("final_logits_bias", [1, words], 0.1)
    louder(tensors.all["model.shared.weight"][1], WIDTH, 0, 2.0)
    config = bart_config(words, model_type="marian", activation_function="swish", pad_token_id=words - 1,
                         eos_token_id=0, decoder_start_token_id=words - 1, decoder_vocab_size=words,
                         share_encoder_decoder_embeddings=True, tie_word_embeddings=True, normalize_before=False,
                         normalize_embedding=False, static_position_embeddings=True)
    generation = {"bad_words_ids": [[words - 1]], "num_beams": 4, "forced_eos_token_id": 0, "max_length": POSITIONS,
                  "pad_token_id": words - 1, "eos_token_id": 0, "decoder_start_token_id": words - 1}
    files = {"source.spm": "unigram.spm", "target.spm": "unigram.spm", "vocab.json": "marian-vocab.json"}
    write(out / "marian", tensors, config, generation, files)


def m2m100(out, name):
    """M2M100's network; SMaLL-100 and NLLB differ from it in how they mark languages and number words."""
    if name == "nllb":
        words = json.loads((GOLDEN / "nllb-tokenizer.json").read_text("utf-8"))["added_tokens"][-1]["id"] + 1
        vocabulary = {"tokenizer.json": "nllb-tokenizer.json"}
    else:
        words = len(json.loads((GOLDEN / "m2m100-vocab.json").read_text("utf-8"))) + LANGUAGES + MADE_UP
        vocabulary = {"vocab.json": "m2m100-vocab.json"}
    tensors = Tensors()
    bart(tensors, words, True, 0.12, 2.0, 3.0)
    louder(tensors.all["model.shared.weight"][1], WIDTH, 2, 2.0)
    config = bart_config(words, model_type="m2m_100", activation_function="relu", pad_token_id=1, bos_token_id=0,
                         eos_token_id=2, decoder_start_token_id=2, tie_word_embeddings=True)
    generation = {"early_stopping": True, "num_beams": 5, "max_length": POSITIONS, "pad_token_id": 1,
                  "bos_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 2}
    write(out / name, tensors, config, generation, {"sentencepiece.bpe.model": "bpe.model", **vocabulary})


def t5(out):
    words = json.loads((GOLDEN / "sizes.json").read_text())["spiece"]
    tensors = Tensors()
    tensors.add("shared.weight", [words, WIDTH], 1.5)
    for side in ("encoder", "decoder"):
        for n in range(LAYERS):
            block = f"{side}.block.{n}.layer"
            attentions = ["SelfAttention"] + ["EncDecAttention"] * (side == "decoder")
            for layer, attention in enumerate(attentions):
                for part in "qkvo":
                    # T5 does not scale its scores, so its queries are small.
                    scale = 0.4 if part == "q" else 1.5
                    tensors.linear(f"{block}.{layer}.{attention}.{part}", WIDTH, WIDTH, False, scale)
                tensors.norm(f"{block}.{layer}.layer_norm", False)
            last = len(attentions)
            for part, outer, inner in (("wi_0", INNER, WIDTH), ("wi_1", INNER, WIDTH), ("wo", WIDTH, INNER)):
                tensors.linear(f"{block}.{last}.DenseReluDense.{part}", outer, inner, False, 1.5)
            tensors.norm(f"{block}.{last}.layer_norm", False)
        tensors.add(f"{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight", [32, HEADS], 1.5)
        tensors.norm(f"{side}.final_layer_norm", False)
    tensors.add("lm_head.weight", [words, WIDTH], 0.4)
    louder(tensors.all["lm_head.weight"][1], WIDTH, 2, 1.4)
    config = {"model_type": "t5", "vocab_size": words, "d_model": WIDTH, "d_kv": WIDTH // HEADS, "d_ff": INNER,
              "num_layers": LAYERS, "num_decoder_layers": LAYERS, "num_heads": HEADS, "is_encoder_decoder": True,
              "relative_attention_num_buckets": 32, "relative_attention_max_distance": 128,
              "layer_norm_epsilon": 1e-6, "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False,
              "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 0, "n_positions": POSITIONS}
    generation = {"pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 0}
    write(out / "madlad", tensors, config, generation, {"spiece.model": "spiece.model"})


def models(out):
    marian(out)
    for name in ("m2m100", "small100", "nllb"):
        m2m100(out, name)
    t5(out)


# ---- golden: everything below needs the packages of the first lines ----

MOST = 24
TRICKY = [
    "Tháp Dương Long được xây vào cuối thế kỷ XII.", "  two  spaces\tand a tab ", "Ngày 1/9/2024, lúc 10:30.",
    "ﬁne ligature, full-width ＡＢＣ，ｋｏ１２", "日本語の文章です。", "中文句子，含标点。", "한국어 문장.",
    "Привет, мир!", "مرحبا بالعالم", "สวัสดีชาวโลก", "हिन्दी वाक्य", "emoji 😀🏯 and 👩‍👩‍👧", "e\u0301 o\u0302\u0309 combining",
    "soft\u00adhyphen zero\u200bwidth nb\u00a0space", "<2pt> </s> <unk> ▁ __vi__", "½ ² ™ № ㎞", "…—–“”‘’", "\u0110\u01b0\u1eddng Nguy\u1ec5n Hu\u1ec7",
]


def lines():
    """Sentences of several languages, for training and as inputs."""
    text = (ROOT / "tests/golden/translate-en-pt.txt").read_text("utf-8")
    found = [line for line in text.splitlines() if line.strip()]
    for path in sorted((ROOT / "content").rglob("*.md")):
        body = path.read_text("utf-8").split("---", 2)[-1]
        found += [line.strip() for line in body.splitlines() if len(line.strip()) > 20]
    # Han and kana would fill so small a vocabulary with single characters.
    return [line for line in found if max(line) < "\u2e80"]


def train(work):
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as proto
    corpus = work / "corpus.txt"
    corpus.write_text("\n".join(lines()), "utf-8")
    common = dict(input=str(corpus), character_coverage=0.99, minloglevel=2, num_threads=1)
    train = sentencepiece.SentencePieceTrainer.train
    train(**common, model_prefix=str(work / "unigram"), vocab_size=480, model_type="unigram", unk_id=1, eos_id=0,
          bos_id=-1, normalization_rule_name="nmt_nfkc")
    train(**common, model_prefix=str(work / "bpe"), vocab_size=480, model_type="bpe", unk_id=0, bos_id=1, eos_id=2,
          normalization_rule_name="nmt_nfkc")
    marks = ["<2vi>", "<2en>", "<2pt>"]
    train(**common, model_prefix=str(work / "spiece"), vocab_size=760, model_type="unigram", unk_id=0, bos_id=1,
          eos_id=2, byte_fallback=True, user_defined_symbols=marks, normalization_rule_name="nmt_nfkc")
    for name, target in (("unigram", "unigram.spm"), ("bpe", "bpe.model"), ("spiece", "spiece.model")):
        model = proto.ModelProto.FromString((work / f"{name}.model").read_bytes())
        # A quarter of a megabyte that only SentencePiece itself reads: the rule's name says the same.
        model.normalizer_spec.precompiled_charsmap = b""
        (GOLDEN / target).write_bytes(model.SerializeToString())


def vocabularies(work):
    import sentencepiece
    load = lambda name: sentencepiece.SentencePieceProcessor(model_file=str(work / f"{name}.model"))
    unigram, bpe, spiece = (load(name) for name in ("unigram", "bpe", "spiece"))
    pieces = [unigram.id_to_piece(n) for n in range(len(unigram))]
    # As OPUS-MT's: other numbers than the pieces', the end first, then the unknown, padding last.
    mixed = ["</s>", "<unk>"] + sorted(piece for piece in pieces if piece not in ("</s>", "<unk>")) + ["<pad>"]
    m2m = ["<s>", "<pad>", "</s>", "<unk>"] + sorted(bpe.id_to_piece(n) for n in range(3, len(bpe)))
    for name, words in (("marian", mixed), ("m2m100", m2m)):
        text = json.dumps({word: n for n, word in enumerate(words)}, ensure_ascii=False, indent=0)
        (GOLDEN / f"{name}-vocab.json").write_text(text, "utf-8")
    (GOLDEN / "sizes.json").write_text(json.dumps({"spiece": len(spiece)}))
    with open(GOLDEN / "pieces.jsonl", "w", encoding="utf-8") as file:
        for model, name in ((unigram, "unigram.spm"), (bpe, "bpe.model"), (spiece, "spiece.model")):
            for line in TRICKY + lines()[:40]:
                ids = model.encode(line)
                row = {"model": name, "text": line, "ids": ids, "decoded": model.decode(ids)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    nllb_languages(bpe)
    return bpe, spiece


def nllb_languages(bpe):
    """The words NLLB has behind its pieces, as the part of `tokenizer.json` that names them: fairseq puts four words of
    its own where SentencePiece has three, then come the languages and the word of a gap."""
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES
    own = list(enumerate(["<s>", "<pad>", "</s>", "<unk>"]))
    behind = list(enumerate([*FAIRSEQ_LANGUAGE_CODES, "<mask>"], len(bpe) + 1))
    rows = [json.dumps({"id": number, "content": word}) for number, word in own + behind]
    (GOLDEN / "nllb-tokenizer.json").write_text('{"added_tokens": [\n' + ",\n".join(rows) + "\n]}\n", "utf-8")


def inputs():
    every = lines()
    return [line[:160] for line in (every[:20] + every[-22:] + TRICKY[:8])][:50]


def golden(work):
    import torch
    from transformers import (M2M100ForConditionalGeneration, M2M100Tokenizer, MarianMTModel, MarianTokenizer,
                              T5ForConditionalGeneration)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    train(work)
    bpe, spiece = vocabularies(work)
    models(work)
    # The reference's own tokenizers need the whole SentencePiece models.
    shutil.copyfile(work / "unigram.model", work / "marian/source.spm")
    shutil.copyfile(work / "unigram.model", work / "marian/target.spm")
    shutil.copyfile(work / "bpe.model", work / "m2m100/sentencepiece.bpe.model")
    torch.set_num_threads(1)
    texts = inputs()
    marian_tokens = MarianTokenizer.from_pretrained(work / "marian")
    m2m_tokens = M2M100Tokenizer.from_pretrained(work / "m2m100", src_lang="vi", tgt_lang="pt")
    mark = spiece.piece_to_id("<2pt>")
    t5_model = T5ForConditionalGeneration.from_pretrained(work / "madlad").eval()
    head = torch.tensor(weights_of(work / "madlad/model.safetensors", "lm_head.weight"))
    t5_model.lm_head = torch.nn.Linear(WIDTH, head.shape[0], bias=False)
    t5_model.lm_head.weight = torch.nn.Parameter(head)
    assert not t5_model.config.scale_decoder_outputs
    # SMaLL-100's and NLLB's tokenizers by their definitions: the first is no part of `transformers`, and the second has
    # been rewritten there over another library, which treats spaces at the end otherwise than SentencePiece.
    nllb_words = {row["content"]: row["id"]
                  for row in json.loads((GOLDEN / "nllb-tokenizer.json").read_text("utf-8"))["added_tokens"]}
    nllb_pieces = lambda text: [n + 1 if n > 2 else 3 for n in bpe.encode(text)]
    network = lambda name: M2M100ForConditionalGeneration.from_pretrained(work / name).eval()
    families = [
        ("marian", MarianMTModel.from_pretrained(work / "marian").eval(),
         [marian_tokens(text).input_ids for text in texts], {"bad_words_ids": [[len(marian_tokens) - 1]]},
         lambda ids: marian_tokens.decode(ids, skip_special_tokens=True)),
        ("m2m100", network("m2m100"),
         [m2m_tokens(text).input_ids for text in texts], {"forced_bos_token_id": m2m_tokens.get_lang_id("pt")},
         # Some versions count a language's word as text.
         lambda ids: m2m_tokens.decode([n for n in ids if n < m2m_tokens.encoder_size], skip_special_tokens=True)),
        ("small100", network("small100"),
         [[m2m_tokens.get_lang_id("pt")] + m2m_tokens(text).input_ids[1:] for text in texts], {},
         lambda ids: m2m_tokens.decode([n for n in ids if n < m2m_tokens.encoder_size], skip_special_tokens=True)),
        ("nllb", network("nllb"), [[nllb_words["vie_Latn"]] + nllb_pieces(text) + [2] for text in texts],
         {"forced_bos_token_id": nllb_words["por_Latn"]},
         lambda ids: bpe.decode([n - 1 for n in ids if 3 < n <= len(bpe)])),
        ("madlad", t5_model, [[mark] + spiece.encode(text) + [2] for text in texts], {},
         lambda ids: spiece.decode([n for n in ids if n > 2 and not spiece.id_to_piece(n).startswith("<2")])),
    ]
    for name, model, sources, more, decode in families:
        sources = [source if len(source) < POSITIONS else source[:POSITIONS - 2] + source[-1:] for source in sources]
        result = reference(model.double(), sources, more)
        result["texts"] = texts
        result["sources"] = sources
        result["decoded"] = [decode(ids) for ids in result["greedy"]]
        (GOLDEN / f"{name}.json").write_text(dumps(result), "utf-8")
        ended = sum(ids[-1] == model.generation_config.eos_token_id for ids in result["greedy"])
        distinct = len({tuple(ids) for ids in result["greedy"]})
        words = len({n for ids in result["beam"] for n in ids})
        differ = sum(a != b for a, b in zip(result["greedy"], result["beam"]))
        print(name, "ended", ended, "of", len(sources), "distinct", distinct, "words", words, "beam differs", differ,
              "lengths", sorted({len(ids) for ids in result["beam"]}), flush=True)


def weights_of(path, name):
    from safetensors.numpy import load_file
    return load_file(path)[name]


def dumps(result):
    """One row a line."""
    rows = lambda value: "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {rows(value)}" for key, value in result.items()) + "\n}\n"


def reference(model, sources, more):
    import torch
    end = model.generation_config.eos_token_id
    start = model.generation_config.decoder_start_token_id

    def generate(**settings):
        """One source at a time, in 64 bits: the reference's own batches differ where two hypotheses all but tie."""
        made = []
        for source in sources:
            ids = torch.tensor([source])
            plain = dict(do_sample=False, max_length=MOST + 1, forced_eos_token_id=None, early_stopping=False,
                         length_penalty=1.0, no_repeat_ngram_size=0)
            out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), **{**plain, **more, **settings})
            for row in out.tolist():
                row = row[1:]
                made.append(row[:row.index(end) + 1] if end in row else row)
        return made

    result = {"greedy": generate(num_beams=1), "beam": generate(num_beams=4),
              "beam_early": generate(num_beams=4, early_stopping=True, length_penalty=0.6),
              "beam_rules": generate(num_beams=3, no_repeat_ngram_size=2, length_penalty=1.4, early_stopping="never",
                                     forced_eos_token_id=end),
              "greedy_rules": generate(num_beams=1, no_repeat_ngram_size=3)}
    # Scores of the first words of the greedy results, for a few sources.
    logits = []
    with torch.no_grad():
        for n in (0, 7, 21, 33):
            decoder = torch.tensor([[start] + result["greedy"][n][:3]])
            rows = model(input_ids=torch.tensor([sources[n]]), decoder_input_ids=decoder).logits[0]
            logits += [[n] + [round(value, 4) for value in row] for row in rows.tolist()]
    result["logits"] = logits
    return result


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("models", "golden"):
        sys.exit(__doc__)
    {"models": models, "golden": golden}[sys.argv[1]](Path(sys.argv[2]))
