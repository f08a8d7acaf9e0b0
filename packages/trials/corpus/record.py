"""Records what PyTorch, ART, Foolbox and AutoAttack say about the models of the corpus.

Usage, with the Python of tools/peers/requirements-trials.txt:
    python packages/trials/corpus/record.py PART [MODEL…]
PART: gradients | iterates | attacks | autoattack | fab | square | tables. Writes packages/trials/corpus/recorded/MODEL.PART.{npz,json}.
"""
import importlib.metadata
import json
import os
import re
import sys

import numpy as np
import torch

import attacks
import record_autoattack
import record_steps
import record_tables
from catalogue import CATALOGUE, file_name, model
from samples import inputs
from twin import digest, folder, must_agree, twin

LIBRARIES = ("torch", "numpy", "scikit-learn", "onnxruntime", "adversarial-robustness-toolbox", "foolbox", "eagerpy", "pyautoattack")
EPS = {"linf": 0.1, "l2": 0.5, "l1": 2.0}

# (attack, norm, steps, rows): on every model of digits that has weights of its own ...
EVERY = [
    ("art.fgsm", "linf", 1, 1000), ("art.fgsm", "l2", 1, 1000), ("foolbox.fgsm", "linf", 1, 1000), ("foolbox.fgsm", "l2", 1, 1000),
    ("art.pgd", "linf", 40, 1000), ("art.pgd", "l2", 40, 1000), ("foolbox.pgd", "linf", 40, 1000), ("foolbox.pgd", "l2", 40, 1000),
    ("foolbox.deepfool", "l2", 50, 100), ("art.deepfool", "l2", 50, 100), ("foolbox.deepfool", "linf", 50, 100),
    ("art.bim", "linf", 10, 300), ("art.mim", "linf", 10, 300), ("art.mim", "l2", 10, 300),
    ("art.hop-skip-jump", "l2", 20, 50), ("art.hop-skip-jump", "linf", 20, 50),
    ("art.universal", "linf", 2, 100), ("foolbox.carlini", "l2", 1000, 100), ("art.carlini", "l2", 100, 50),
]
# ... and on those of the plainest operators.
MORE = [
    ("foolbox.pgd", "l1", 40, 300),
    ("art.apgd-ce", "linf", 100, 300), ("art.apgd-dlr", "linf", 100, 300), ("art.apgd-ce", "l2", 100, 300),
    ("autoattack.apgd-ce", "linf", 100, 300), ("autoattack.apgd-dlr", "linf", 100, 300), ("autoattack.apgd-t", "linf", 100, 300),
    ("autoattack.apgd-ce", "l2", 100, 300), ("autoattack.apgd-ce", "l1", 100, 300),
    ("autoattack.fab", "linf", 100, 300), ("autoattack.fab", "l2", 100, 300), ("autoattack.fab-t", "linf", 100, 100),
    ("autoattack.square", "linf", 1000, 300), ("autoattack.square", "l2", 1000, 300), ("art.square", "linf", 1000, 100),
    ("foolbox.deepfool", "linf", 50, 300),
]
CURVE = [("art.pgd", "linf", eps) for eps in (0.02, 0.05, 0.15, 0.2)] + [("art.pgd", "l2", eps) for eps in (0.1, 0.25, 1.0)]
PLAIN = ("digits-cnn", "digits-mlp")


def provenance(one):
    files = [file_name(one.name, *export) for export in one.exports]
    return {
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "files": {name: digest(os.path.join(folder("models"), name)) for name in files},
    }


def write(one, part, facts, arrays=None):
    path = os.path.join(folder("recorded"), f"{one.name}.{part}")
    if arrays is not None:
        np.savez_compressed(f"{path}.npz", **{name: np.ascontiguousarray(array) for name, array in arrays.items()})
    text = json.dumps({**provenance(one), **facts}, indent=1)
    text = re.sub(r"\[[^][{}]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)  # a list of numbers in a line
    with open(f"{path}.json", "w") as out:
        out.write(f"{text}\n")
    print(one.name, part, flush=True)


def gradients(one):
    write(one, "gradients", *record_steps.gradients(one))


def iterates(one):
    if one.attacked:
        write(one, "iterates", *record_steps.iterates(one, EPS))


def tables(one):
    if one.data != "digits":
        write(one, "tables", *record_tables.tables(one))


def kept(one):
    """What is recorded of these very files by these very versions: it need not be done again."""
    path = os.path.join(folder("recorded"), f"{one.name}.attacks.json")
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        before = json.load(file)
    if any(before[key] != value for key, value in provenance(one).items()):
        return {}
    complete = [each for each in before["results"] if "norms" in each or each["attack"].split(".")[1] not in attacks.MINIMAL]
    return {tuple(each[key] for key in ("attack", "norm", "eps", "steps", "rows", "seed")): each for each in complete}


def attacks_on(one):
    if not one.attacked:
        return
    x, y = inputs(one)
    network, before, results = twin(one), kept(one), []
    plan = [(name, norm, EPS[norm], steps, rows) for name, norm, steps, rows in EVERY + (MORE if one.name in PLAIN else [])]
    if one.name in PLAIN:
        plan += [(name, norm, eps, 40, 300) for name, norm, eps in CURVE]
    for name, norm, eps, steps, rows in plan:
        known = before.get((name, norm, eps, steps, rows, 5))
        if known is not None:
            results.append(known)
            continue
        result, norms = attacks.outcome(name, network, x[:rows], y[:rows], norm, eps, 5, steps)
        if name.split(".")[1] in attacks.MINIMAL:
            result["norms"] = attacks.rounded(norms)
        results.append(result)
        print(name, norm, eps, result["robust"], result["medianNorm"], flush=True)
        # what was recorded stays when the rest is cut off
        write(one, "attacks", {"results": results + [each for each in before.values() if each not in results]})


def autoattack(one):
    record_autoattack.suites(one, write)


def fab(one):
    record_autoattack.nearest(one, write)


def square(one):
    record_autoattack.squares(one, write)


PARTS = {"gradients": gradients, "iterates": iterates, "attacks": attacks_on, "autoattack": autoattack, "fab": fab, "square": square, "tables": tables}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in PARTS:
        raise SystemExit(__doc__)
    torch.set_num_threads(1)
    os.makedirs(folder("recorded"), exist_ok=True)
    for one in [model(name) for name in sys.argv[2:]] or CATALOGUE:
        for export in one.exports:
            must_agree(os.path.join(folder("models"), file_name(one.name, *export)), twin(one), inputs(one)[0])
        PARTS[sys.argv[1]](one)
