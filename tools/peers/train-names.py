"""Trains a small token classifier for names and addresses, and records what transformers makes of texts with it.

    ~/.cache/holdfast-peers/names/bin/python tools/peers/train-names.py            # trains: about five minutes on a core
    ~/.cache/holdfast-peers/names/bin/python tools/peers/train-names.py --record   # records again, with the model that is there

writes packages/inference/test/fixtures/names: `model/` as optimum lays it out (`model.onnx`, `tokenizer.json`, `config.json`,
`tokenizer_config.json`), `peer.json` (ids, offsets and spans of 200 texts), `held-out.json` (texts with what is where).

Everything is made by Faker: nobody's names, and no proof of how a model does on what people write. What it is tried on has sentences,
first and last names, streets, places and firms that it was not trained on.
"""

import argparse
import json
import random
import re
import time
import zlib
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import torch
from faker import Faker
from names.templates import PRODUCTS, TEST, TRAIN, WORDS
from onnx import numpy_helper
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, pipeline

OUT = Path(__file__).parents[2] / "packages" / "inference" / "test" / "fixtures" / "names"
SEED = 20261128
LABELS = ["O", "B-PER", "I-PER", "B-ADDRESS", "I-ADDRESS", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
LOCALES = {
    "en": ["en_US", "en_GB", "pl_PL", "nl_NL", "sv_SE", "tr_TR"],
    "de": ["de_DE", "de_AT", "cs_CZ"],
    "fr": ["fr_FR", "nl_BE"],
    "es": ["es_ES", "es_MX", "pt_PT"],
    "it": ["it_IT"],
}
POOL = 700
VOCABULARY = 5000
POSITIONS = 128


def is_held_out(text):
    """One in five, the same ones on every machine."""
    return zlib.crc32(text.encode()) % 5 == 0


class Pools:
    """What gaps are filled with, apart for training and for trying out."""

    def __init__(self):
        self.pools = {}
        for locale in {each for group in LOCALES.values() for each in group}:
            fake = Faker(locale)
            fake.seed_instance(SEED)
            kinds = {
                "first": fake.first_name,
                "last": fake.last_name,
                "street": fake.street_name,
                "city": fake.city,
                "org": fake.company,
                "zip": fake.postcode,
            }
            for kind, make in kinds.items():
                found = list(dict.fromkeys(make() for _ in range(POOL)))
                for part in (False, True):
                    self.pools[locale, kind, part] = [each for each in found if is_held_out(each) == part] or found[:1]

    def pick(self, rnd, locale, kind, part):
        return rnd.choice(self.pools[locale, kind, part])


class Writer:
    """Fills the gaps of sentences and knows what lies where."""

    def __init__(self, pools, rnd, part):
        self.pools, self.rnd, self.part = pools, rnd, part

    def fill(self, gap, language, locale):
        rnd, pick = self.rnd, lambda kind: self.pools.pick(self.rnd, locale, kind, self.part)
        if gap == "per":
            name = f"{pick('first')} {pick('last')}"
            if rnd.random() < 0.1:
                name = f"{pick('first')} {rnd.choice('ABCDEFGHJKLMNPRSTW')}. {pick('last')}"
            elif rnd.random() < 0.06:
                name = f"{pick('last')}, {pick('first')}"
            return self.cased(name), "PER"
        if gap in ("first", "last"):
            return self.cased(pick(gap)), "PER"
        if gap in ("addr", "street"):
            return self.address(pick, language, whole=gap == "addr"), "ADDRESS"
        if gap == "org":
            return pick("org"), "ORG"
        if gap == "city":
            return self.cased(pick("city")), "LOC"
        return self.plain(gap), None

    def cased(self, text):
        chance = self.rnd.random()
        return text.lower() if chance < 0.06 else text.upper() if chance < 0.1 else text

    def address(self, pick, language, whole):
        rnd = self.rnd
        number = f"{rnd.randint(1, 250)}{rnd.choice(['', '', '', '', 'a', 'b'])}"
        street = f"{number} {pick('street')}" if language in ("en", "fr") else f"{pick('street')} {number}"
        if not whole:
            return street
        if rnd.random() < 0.15:
            street += rnd.choice([", Apt. 4", " Apt 12", ", 2. OG", ", Suite 310", ", piso 3"])
        town = f"{pick('city')} {pick('zip')}" if language == "en" else f"{pick('zip')} {pick('city')}"
        return street + rnd.choice([", ", ", ", " ", "\n"]) + town

    def plain(self, gap):
        rnd = self.rnd
        if gap == "prod":
            return rnd.choice([each for each in PRODUCTS if is_held_out(each) == self.part])
        if gap == "word":
            return rnd.choice(WORDS)
        if gap == "num":
            return str(rnd.randint(1, 10 ** rnd.randint(1, 6)))
        if gap == "code":
            return f"{rnd.choice('ABCKX')}{rnd.choice('QRSTZ')}-{rnd.randint(100, 99999)}"
        if gap == "date":
            day, month, year = rnd.randint(1, 28), rnd.randint(1, 12), rnd.randint(1940, 2026)
            return rnd.choice([f"{year}-{month:02}-{day:02}", f"{day}.{month}.{year}", f"{month}/{day}/{year}", f"{day} May"])
        if gap == "mail":
            return f"user{rnd.randint(1, 999)}@example.{rnd.choice(['com', 'org', 'net'])}"
        return f"+{rnd.randint(1, 99)} {rnd.randint(100, 999)} {rnd.randint(1000, 99999)}"

    def sentence(self, language):
        template = self.rnd.choice((TEST if self.part else TRAIN)[language])
        locale = self.rnd.choice(LOCALES[language])
        text, spans = "", []
        for piece in re.split(r"(\{\w+\})", template):
            if not piece.startswith("{"):
                text += piece
                continue
            filled, label = self.fill(piece[1:-1], language, locale)
            if label is not None:
                spans.append([len(text), len(text) + len(filled), label])
            text += filled
        return text, spans

    def text(self, most=3):
        language = self.rnd.choices(list(LOCALES), weights=[4, 2, 2, 2, 2])[0]
        text, spans = "", []
        for _ in range(self.rnd.randint(1, most)):
            text += self.rnd.choice([" ", " ", "\n"]) if text else ""
            more, within = self.sentence(language)
            spans += [[start + len(text), end + len(text), label] for start, end, label in within]
            text += more
        return text, spans


def train_tokenizer(texts):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def labelled(tokenizer, texts):
    """Ids and labels, a token within a span being of it: what is not looked at has the label -100."""
    made = []
    for encoding, (_, spans) in zip(tokenizer.encode_batch([text for text, _ in texts]), texts):
        labels = []
        for (start, end), special in zip(encoding.offsets, encoding.special_tokens_mask):
            within = next((span for span in spans if span[0] <= start and end <= span[1]), None)
            name = "O" if within is None else ("B-" if start == within[0] else "I-") + within[2]
            labels.append(-100 if special else LABELS.index(name))
        made.append((encoding.ids[:POSITIONS], labels[:POSITIONS]))
    return made


def train(model, examples, epochs, rnd):
    batch = 48
    steps = epochs * (len(examples) // batch + 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=steps, pct_start=0.1)
    model.train()
    for epoch in range(epochs):
        # Batches of about the same length, in a new order each time.
        order = sorted(range(len(examples)), key=lambda each: (len(examples[each][0]) // 8, rnd.random()))
        batches = [order[at : at + batch] for at in range(0, len(order), batch)]
        rnd.shuffle(batches)
        total = 0.0
        for chosen in batches:
            longest = max(len(examples[each][0]) for each in chosen)
            ids = torch.zeros(len(chosen), longest, dtype=torch.long)
            mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
            for row, each in enumerate(chosen):
                length = len(examples[each][0])
                ids[row, :length] = torch.tensor(examples[each][0])
                # A piece that was never seen is a name more often than not.
                unknown = (torch.rand(length) < 0.03) & (ids[row, :length] > 4)
                ids[row, :length][unknown] = 1
                mask[row, :length] = 1
                labels[row, :length] = torch.tensor(examples[each][1])
            loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}, {time.process_time():.0f} s of processors", flush=True)
    model.eval()


class Logits(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def export(model, path):
    """As optimum does it: names of inputs and output, open dimensions. Weights are kept as half-precision numbers."""
    ids = torch.ones(2, 9, dtype=torch.long)
    axes = {0: torch.export.Dim("batch_size", min=1, max=4096), 1: torch.export.Dim("sequence_length", min=1, max=POSITIONS)}
    program = torch.onnx.export(
        Logits(model),
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["logits"],
        dynamic_shapes=(axes, axes, axes),
        opset_version=18,
        dynamo=True,
    )
    proto = program.model_proto
    halved(proto.graph)
    del proto.metadata_props[:]
    for node in proto.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del proto.graph.value_info[:]
    onnx.checker.check_model(proto)
    path.write_bytes(proto.SerializeToString())


def halved(graph):
    """Each large weight as FLOAT16 with a Cast behind it."""
    casts = []
    for weight in graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT or np.prod(weight.dims) < 64:
            continue
        name = weight.name
        half = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}.half")
        weight.CopyFrom(half)
        casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def make():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rnd = random.Random(SEED)
    pools = Pools()
    texts = [Writer(pools, rnd, False).text() for _ in range(14000)]
    tokenizer = train_tokenizer([text for text, _ in texts])
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=192,
        max_position_embeddings=POSITIONS,
        hidden_dropout_prob=0.05,
        attention_probs_dropout_prob=0.0,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={name: id for id, name in enumerate(LABELS)},
    )
    model = BertForTokenClassification(config)
    print(f"{sum(each.numel() for each in model.parameters())} weights, {time.process_time():.0f} s", flush=True)
    train(model, labelled(tokenizer, texts), 4, rnd)
    # What transformers is asked has the weights of the file.
    with torch.no_grad():
        for weight in model.parameters():
            if weight.numel() >= 64:
                weight.copy_(weight.half().float())
    folder = OUT / "model"
    folder.mkdir(parents=True, exist_ok=True)
    fast = BertTokenizerFast(tokenizer_object=tokenizer, do_lower_case=False, model_max_length=POSITIONS)
    fast.save_pretrained(folder)
    model.config.save_pretrained(folder)
    (folder / "special_tokens_map.json").unlink(missing_ok=True)
    export(model, folder / "model.onnx")
    torch.save(model.state_dict(), "/tmp/names-model.pt")


def held_out(count):
    rnd = random.Random(SEED + 1)
    writer = Writer(Pools(), rnd, True)
    return [dict(zip(("text", "spans"), writer.text(2))) for _ in range(count)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    if not given.record:
        make()
