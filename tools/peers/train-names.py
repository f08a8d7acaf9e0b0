"""Trains a small token classifier for names and addresses, and records what transformers makes of texts with it.

    ~/.cache/holdfast-peers/names/bin/python tools/peers/train-names.py            # trains: about three minutes of a core
    ~/.cache/holdfast-peers/names/bin/python tools/peers/train-names.py --record   # records again, with the weights in build/names.pt

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
WEIGHTS = Path(__file__).parents[2] / "build" / "names.pt"
SEED = 20261128
LABELS = ["O", "B-PER", "I-PER", "B-ADDRESS", "I-ADDRESS", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
LOCALES = {
    "en": ["en_US", "en_GB", "pl_PL", "nl_NL", "sv_SE", "tr_TR"],
    "de": ["de_DE", "de_AT", "cs_CZ"],
    "fr": ["fr_FR", "nl_BE"],
    "es": ["es_ES", "es_MX", "pt_PT"],
    "it": ["it_IT"],
}
# Whose words stand where nothing is named.
WORDS_OF = {"en": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT"}
TITLES = {
    "en": ["Mr", "Mrs", "Ms", "Dr", "Dr.", "Prof."],
    "de": ["Herr", "Frau", "Dr.", "Herrn"],
    "fr": ["M.", "Mme", "Monsieur", "Madame"],
    "es": ["Sr.", "Sra.", "Don", "Doña"],
    "it": ["Sig.", "Signor", "Signora", "Dott."],
}
GAPS = ["per", "per", "per", "first", "last", "addr", "addr", "street", "org", "org", "city", "city", "prod", "num"]
GAPS += ["num", "num", "date", "code", "mail", "tel"]
# What may stand before a place, a firm, an address.
CUES = {
    "en": {"city": "in from to near", "org": "of by at with", "addr": "at to", "street": "at in", "per": "with by from and"},
    "de": {"city": "in nach aus bei", "org": "von bei der die", "addr": "in an", "street": "in der", "per": "von mit und"},
    "fr": {"city": "à de vers", "org": "de chez la", "addr": "au à", "street": "au", "per": "de avec et par"},
    "es": {"city": "en a de", "org": "de con la", "addr": "en a", "street": "en", "per": "de a con y"},
    "it": {"city": "a di da", "org": "di con la", "addr": "in a di", "street": "in", "per": "di a con e"},
}
POOL = 700
VOCABULARY = 3000
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
        self.words = {}
        for language, locale in WORDS_OF.items():
            fake = Faker(locale)
            fake.seed_instance(SEED)
            jobs = {word.strip(",/()") for _ in range(400) for word in fake.job().split()}
            self.words[language] = sorted({*fake.get_words_list(), *(word for word in jobs if word.isalpha())})
        self.words["other"] = sorted(word for locale in ("nl_NL", "pl_PL", "cs_CZ") for word in Faker(locale).get_words_list())

    def pick(self, rnd, locale, kind, part):
        found = rnd.choice(self.pools[locale, kind, part])
        if part or kind == "zip" or rnd.random() > 0.35:
            return found
        return blended(found, rnd.choice(self.pools[locale, kind, part]))


def blended(one, other):
    """The first half of one word and the second half of another: names and words that nobody has, so that none is known by heart."""
    words, others = one.split(" "), other.split(" ")
    at = min(len(words), len(others)) // 2
    first, second = words[at if at < len(words) else 0], others[at if at < len(others) else 0]
    words[at if at < len(words) else 0] = first[: len(first) // 2 + 1] + second[len(second) // 2 :].lower()
    return " ".join(words)


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
        return text.lower() if chance < 0.03 else text.upper() if chance < 0.06 else text

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
        if gap == "prod" and not self.part and rnd.random() < 0.4:
            return " ".join(self.word(rnd.choice(list(WORDS_OF)), True) for _ in range(rnd.randint(1, 3)))
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

    def word(self, language, capital=False):
        chance = self.rnd.random()
        words = self.pools.words["other" if chance < 0.15 else language]
        word = self.rnd.choice(words)
        if chance > 0.7:
            word = blended(word, self.rnd.choice(words))
        return word[:1].upper() + word[1:] if capital else word

    def loose(self, language):
        """A sentence of any words with gaps anywhere: what stands around a name need not be known."""
        rnd = self.rnd
        words = [self.word(language, rnd.random() < 0.08) for _ in range(rnd.randint(3, 11))]
        for _ in range(rnd.choice([0, 1, 1, 1, 2, 2])):
            gap = rnd.choice(GAPS)
            title = gap in ("per", "last") and rnd.random() < 0.25
            cues = CUES[language].get(gap, "").split()
            cue = rnd.choice(cues) + " " if cues and rnd.random() < 0.5 else ""
            before = rnd.choice(TITLES[language]) + " " if title else cue
            words.insert(rnd.randint(0, len(words)), f"{before}{{{gap}}}")
        if rnd.random() < 0.8:
            words[0] = words[0][:1].upper() + words[0][1:]
        text = "".join(word + rnd.choices([" ", ", ", ": ", "; ", " - ", "\n"], [40, 3, 1, 1, 1, 1])[0] for word in words)
        return text.rstrip(" ,:;-\n") + rnd.choice([".", ".", ".", "!", "?", ""])

    def template(self, language):
        """One of those that are written; in training with words exchanged, so that it is not known by heart."""
        if self.part:
            return self.rnd.choice(TEST[language])
        if self.rnd.random() < 0.55:
            return self.loose(language)
        chosen = self.rnd.choice(TRAIN[language])
        return re.sub(
            r"(?<![{\w'’])[^\W\d_]{2,}(?![}\w'’])",
            lambda found: self.word(language, found[0][0].isupper()) if self.rnd.random() < 0.3 else found[0],
            chosen,
        )

    def sentence(self, language):
        template = self.template(language)
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
        Logits(model).eval(),
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
    texts = [Writer(pools, rnd, False).text(2) for _ in range(18000)]
    tokenizer = train_tokenizer([text for text, _ in texts])
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=256,
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
    WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), WEIGHTS)
    return model, fast


ODD = [
    "a",
    "Nothing.",
    "ask maria huber or JOHN SMITH about it",
    "Maria Huber" + " and Maria Huber" * 12,
    "Cafe\u0301 owner Jose\u0301 Nu\u0301n\u0303ez",
    "\U0001f600 Maria Huber \U0001f468\u200d\U0001f469\u200d\U0001f467 12 High Street",
    "\u65e5\u672c\u8a9e Maria Huber \u4e2d\u6587",
    "[CLS] Maria Huber [SEP] [MASK] John",
    "Maria\u00a0Huber\tlives\r\nat\u2003Hauptstra\u00dfe\u00a012",
    "x" * 150 + " Maria Huber",
    "Maria\u200bHuber and Ma\u00adria \u202eHuber\u202c",
    "O'Brien, Jean-Luc d'Artagnan (Dr. M\u00fcller-L\u00fcdenscheidt)",
]


def spans_of(found):
    """[label, start, end, score]: places in Python are characters, as they are here."""
    return [[each["entity_group"], each["start"], each["end"], round(float(each["score"]), 4)] for each in found]


def record(model, fast):
    """What transformers makes of 200 texts, and the texts that the model is tried on."""
    rnd = random.Random(SEED + 1)
    pools = Pools()
    seen, unseen = Writer(pools, rnd, False), Writer(pools, rnd, True)
    texts = [*ODD, *(seen.text()[0] for _ in range(60))]
    texts += [unseen.text()[0] for _ in range(200 - len(texts))]
    pipelines = {
        strategy: pipeline("token-classification", model=model, tokenizer=fast, aggregation_strategy=strategy, device=-1)
        for strategy in ("simple", "first")
    }
    rows = []
    for text in texts:
        encoding = fast(text, return_offsets_mapping=True, truncation=True)
        offsets = [place for pair in encoding["offset_mapping"] for place in pair]
        found = {strategy: spans_of(each(text)) for strategy, each in pipelines.items()}
        rows.append({"text": text, "ids": encoding["input_ids"], "offsets": offsets, **found})
    versions = {name: version(name) for name in ("transformers", "tokenizers", "torch", "onnx", "Faker")}
    write("peer.json", {"versions": versions, "texts": rows})
    rnd = random.Random(SEED + 2)
    writer = Writer(pools, rnd, True)
    texts = [writer.text(2) for _ in range(600)]
    write("held-out.json", {"versions": {"Faker": version("Faker")}, "texts": texts})
    compare([pipelines["first"](text) for text, _ in texts], texts)


def write(name, value):
    (OUT / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


def compare(found, texts):
    """Precision and recall of whole spans, for whoever runs this."""
    for label in ("PER", "ADDRESS", "ORG", "LOC"):
        ours = {
            (row, each["start"], each["end"])
            for row, spans in enumerate(found)
            for each in spans
            if each["entity_group"] == label and each["score"] >= 0.5
        }
        true = {(row, *span[:2]) for row, (_, spans) in enumerate(texts) for span in spans if span[2] == label}
        hits = len(ours & true)
        print(f"{label}: precision {hits / max(1, len(ours)):.3f}, recall {hits / len(true):.3f}, {len(true)} spans")


def load():
    """The model as it was trained last."""
    fast = BertTokenizerFast.from_pretrained(OUT / "model")
    model = BertForTokenClassification(BertConfig.from_pretrained(OUT / "model")).eval()
    state = torch.load(WEIGHTS)
    model.load_state_dict(state)
    return model, fast


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    record(*(load() if parser.parse_args().record else make()))
