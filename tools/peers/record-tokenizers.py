"""Records what Hugging Face's `tokenizers` makes of texts: ids and places, by small tokenizers of the kinds that token classifiers have.

    ~/.cache/holdfast-peers/names/bin/python tools/peers/record-tokenizers.py

writes packages/inference/test/fixtures/tokenizers: `KIND.json`, each a whole `tokenizer.json`, and `peer.json`; and
`bert-characters.json`, what BERT's normaliser and words do to every character there is. The rules of SentencePiece (`nmt_nfkc`) are
those that `sentencepiece` puts into a model that it trains.
"""

import base64
import hashlib
import importlib.util
import io
import json
import random
from importlib.metadata import version
from pathlib import Path

import sentencepiece
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers.convert_slow_tokenizer import import_protobuf

here = Path(__file__).parent
OUT = here.parents[1] / "packages" / "inference" / "test" / "fixtures" / "tokenizers"
spec = importlib.util.spec_from_file_location("train_names", here / "train-names.py")
names = importlib.util.module_from_spec(spec)
spec.loader.exec_module(names)

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
ODD = [
    "",
    " ",
    "a",
    "  two  spaces and\ttabs\r\nand lines  ",
    "Ça, déjà vu: naïve Zoë, Łódź, İstanbul, ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ, straße.",
    "Cafe\u0301 n\u0303 o\u0308 — decomposed",
    "日本語とEnglishと한국어, 中文字符 𠀀𫝀 mixed.",
    "emoji 😀👩‍👩‍👧 🇩🇪 end",
    "zero\u200bwidth\u200djoin\ufeffbom\u00adsoft",
    "control\u0000\u0001\u0007\u001b[0m chars\u007f\u0085\u00a0nbsp\u2003em\u3000ideographic",
    "ﬁligree ｆｕｌｌｗｉｄｔｈ ① ㍿ ½ ™",
    "it's we're I'd they'll you've don't o'clock 'quoted'",
    "x" * 120 + " " + "ab" * 60 + " normal",
    "1234567890 3.14 1,000,000 +49 (0)30 12-34",
    "!!!???...;;; {}[]<>|\\/~`^_=+*&%$#@",
    "שלום עולם, مرحبا بالعالم، नमस्ते दुनिया สวัสดี",
    "replacement \ufffd private \ue000 unassigned \u0378",
    "under_score camelCase snake-case",
    "<s>Maria</s> [CLS] Maria [SEP] <mask> and [MASK], <mask>",
    "▁already ▁ marked",
    "line\u2028separator\u2029paragraph",
    "e\u0301\u0323\u0302 many marks \u0301alone",
]


def charsmap(texts):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, vocab_size=400, character_coverage=0.99, minloglevel=2
    )
    proto = import_protobuf("").ModelProto()
    proto.ParseFromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def word_piece(texts, lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=1200, special_tokens=special))
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def byte_level(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=1200, special_tokens=SPECIAL, initial_alphabet=alphabet)
    )
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


def byte_level_prefixed(texts):
    tokenizer = byte_level(texts)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=True)
    return tokenizer


def unigram(texts, rules):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(rules),
            normalizers.Strip(left=False, right=True),
            normalizers.Replace(Regex(" {2,}"), "▁"),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.train_from_iterator(
        texts, trainers.UnigramTrainer(vocab_size=1200, special_tokens=SPECIAL, unk_token="<unk>")
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def unigram_spaced(texts):
    """As XLM-RoBERTa, without its rules."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="first")]
    )
    tokenizer.train_from_iterator(
        texts, trainers.UnigramTrainer(vocab_size=900, special_tokens=SPECIAL, unk_token="<unk>")
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def written(tokenizer, name):
    """The file as it is kept, and what the file makes: a tokenizer that was trained is not always the one that is read again."""
    file = OUT / f"{name}.json"
    tokenizer.save(str(file), pretty=False)
    return Tokenizer.from_file(str(file))


def runs(points):
    """Ranges as [first, last, first, last …], in hexadecimal, one text."""
    found = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return " ".join(f"{first:x}-{last:x}" if last > first else f"{first:x}" for first, last in found)


def characters():
    every = [point for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]
    cut = pre_tokenizers.BertPreTokenizer()
    result = {"tokenizers": version("tokenizers")}
    for name, normalizer in {
        "uncased": normalizers.BertNormalizer(lowercase=True),
        "cased": normalizers.BertNormalizer(lowercase=False, strip_accents=False),
    }.items():
        made = [(point, normalizer.normalize_str(chr(point))) for point in every]
        changed = [(p, text) for p, text in made if text not in ("", " ", chr(p), f" {chr(p)} ")]
        result[name] = {
            "dropped": runs(point for point, text in made if text == ""),
            "space": runs(point for point, text in made if text == " "),
            "apart": runs(point for point, text in made if text == f" {chr(point)} "),
            "changed": runs(point for point, _ in changed),
            "changedTo": hashlib.sha256("".join(text for _, text in changed).encode()).hexdigest(),
        }
    words = [(point, len(cut.pre_tokenize_str(f"a{chr(point)}b"))) for point in every]
    result["dividing"] = runs(point for point, count in words if count == 2)
    result["alone"] = runs(point for point, count in words if count == 3)
    return result


def recorded(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return {"ids": encoding.ids, "offsets": [place for pair in encoding.offsets for place in pair]}


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    rnd = random.Random(names.SEED + 3)
    writer = names.Writer(names.Pools(), rnd, False)
    corpus = [writer.text()[0] for _ in range(3000)]
    texts = ODD + [writer.text()[0] for _ in range(60)]
    rules = charsmap(corpus)
    kinds = {
        "word-piece-uncased": word_piece(corpus, True),
        "word-piece-cased": word_piece(corpus, False),
        "byte-level": byte_level(corpus),
        "byte-level-prefixed": byte_level_prefixed(corpus),
        "unigram": unigram(corpus, rules),
        "unigram-spaced": unigram_spaced(corpus),
    }
    read = {name: written(tokenizer, name) for name, tokenizer in kinds.items()}
    versions = {name: version(name) for name in ("tokenizers", "sentencepiece")}
    peer = {
        "versions": versions,
        "texts": texts,
        "kinds": {name: [recorded(each, text) for text in texts] for name, each in read.items()},
        "whole": {name: each.encode("Hello Maria").ids for name, each in read.items()},
    }
    (OUT / "peer.json").write_text(json.dumps(peer, ensure_ascii=True, separators=(",", ":")) + "\n")
    (OUT / "bert-characters.json").write_text(json.dumps(characters(), indent=1) + "\n")
    for file in sorted(OUT.iterdir()):
        print(file.name, file.stat().st_size, base64.b16encode(hashlib.sha256(file.read_bytes()).digest())[:12].decode())
