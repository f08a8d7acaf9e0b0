"""What the reference of AutoAttack says: its suite, member by member, and how near its FAB comes."""
import logging
import re

import numpy as np
import torch
from torch import nn

import attacks
from samples import inputs, samples
from twin import twin

EPS = {"linf": 0.1, "l2": 0.5, "l1": 2.0}
# (norm, rows)
SUITES = {
    "digits-cnn": (("linf", 1000), ("l2", 1000), ("l1", 1000)),
    "digits-mlp": (("linf", 1000), ("l2", 1000), ("l1", 1000)),
    "digits-normalised": (("linf", 1000), ("l2", 300), ("l1", 300)),
    "digits-transformer": (("linf", 300), ("l2", 300)),
    "wine-mlp": (("linf", 78), ("l2", 78)),
}
# Of three classes there is no targeted DLR, and no ninth target; of images of one row no Square in L2.
FEW = {"linf": ["apgd-ce", "apgd-dlr", "fab-t", "square"], "l2": ["apgd-ce", "apgd-dlr", "fab-t"]}
FEW_EPS = {"linf": 0.1, "l2": 0.25}
NEAREST = {"digits-cnn": 100, "digits-mlp": 100, "digits-normalised": 50}


class Table(nn.Module):
    """A table as AutoAttack takes it: images of one row, in [0, 1]."""

    def __init__(self, core, low, high):
        super().__init__()
        self.core, self.low, self.range = core, torch.from_numpy(low), torch.from_numpy(high - low)

    def forward(self, x):
        return self.core(self.low + x.flatten(1) * self.range)


def prepared(one):
    """The network as it is attacked, its rows, labels, and what has to be stored to feed the file alike."""
    if one.data == "digits":
        x, y = inputs(one)
        return twin(one), torch.from_numpy(x), torch.from_numpy(y), {}
    x, y = inputs(one)
    low, high = x.min(0), x.max(0)
    scaled = ((x - low) / (high - low)).astype(np.float32).clip(0, 1)
    table = Table(twin(one)[0], low, high)  # without its Softmax
    return table, torch.from_numpy(scaled).reshape(len(x), 1, 1, -1), torch.from_numpy(y), {"low": low.tolist(), "high": high.tolist()}


def log_of():
    lines, log = [], logging.getLogger("auto-attack")
    handler = logging.Handler()
    handler.emit = lambda entry: lines.append(entry.getMessage())
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.DEBUG)
    return lines


def suite(one, norm, rows, seed=5):
    from pyautoattack import AutoAttack

    lines = log_of()
    network, x, y, more = prepared(one)
    isFew = one.data != "digits"
    eps = (FEW_EPS if isFew else EPS)[norm]
    chosen = {"version": "custom", "attacks": FEW[norm]} if isFew else {"version": "standard"}
    reference = AutoAttack(network, norm=attacks.REFERENCE[norm], eps=eps, seed=seed, device="cpu", **chosen)
    if isFew:
        reference.apgd.n_restarts, reference.fab.n_target_classes, reference.square.n_queries = 1, 2, 5000
    adversarial, _ = reference.run_standard_evaluation(x[:rows], y[:rows], batch_size=250)
    with torch.no_grad():
        robust = (network(adversarial).argmax(1) == y[:rows]).numpy()
    after = {m[1].lower(): round(float(m[2]) / 100, 4) for line in lines if (m := re.match(r"robust accuracy after (\S+): ([\d.]+)%", line))}
    clean = next(round(float(m[1]) / 100, 4) for line in lines if (m := re.match(r"initial accuracy: ([\d.]+)%", line)))
    return {"norm": norm, "eps": eps, "seed": seed, "rows": rows, **chosen, **more, "clean": clean, "after": after,
            "robust": float(robust.mean()), "fell": np.flatnonzero(~robust).tolist(),
            "warnings": sorted({line for line in lines if line.startswith(("there", "it seems", "the model", "Square", "with only"))})}


def suites(one, write):
    results = []
    for norm, rows in SUITES.get(one.name, ()):
        results.append(suite(one, norm, rows))
        print(one.name, norm, results[-1]["after"], flush=True)
        write(one, "autoattack", {"results": results})


def fab(network, norm, targeted):
    from pyautoattack.fab_pt import FABAttack_PT

    return FABAttack_PT(network, attacks.REFERENCE[norm], 1, 100, 1e6, seed=5, device="cpu", targeted=targeted, n_target_classes=9)


def least(network, x, y, adversarial, norm):
    """0 where the network was wrong from the start, infinite where it was not fooled."""
    norms = attacks.norms_of(adversarial - x, norm)
    norms[attacks.predicted(network, adversarial) == y] = np.inf
    norms[attacks.predicted(network, x) != y] = 0
    return norms


def nearest(one, write):
    """Norms of each row that FAB comes to: untargeted, and the least of nine targets."""
    if one.name not in NEAREST:
        return
    rows, results = NEAREST[one.name], []
    network, x, y, _ = prepared(one)
    x, y = x[:rows], y[:rows]
    for norm in EPS:
        for targeted in (False, True):
            attack, found = fab(network, norm, targeted), np.full(rows, np.inf)
            for target in range(2, 11) if targeted else (None,):
                attack.target_class = target
                with torch.no_grad():
                    adversarial = attack.attack_single_run(x, y, is_targeted=targeted)
                found = np.minimum(found, least(network, x.numpy(), y.numpy(), adversarial.numpy(), norm))
            norms = [None if np.isinf(value) else float(f"{value:.7g}") for value in found]
            results.append({"attack": "fab-t" if targeted else "fab", "norm": norm, "steps": 100, "rows": rows, "norms": norms})
            print(one.name, results[-1]["attack"], norm, float(np.median(found[found > 0])), flush=True)
            write(one, "fab", {"results": results})


def squares(one, write):
    """How often a network withstands the reference's Square with few queries, with three seeds."""
    if one.name not in NEAREST:
        return
    from pyautoattack.square import SquareAttack

    network, x, y, _ = prepared(one)
    x, y, results = x[:100], y[:100], []
    for norm, eps in EPS.items():
        robust = []
        for seed in (1, 2, 3):
            attack = SquareAttack(network, attacks.REFERENCE[norm], 300, eps, 0.8, 1, seed, device="cpu", resc_schedule=False)
            adversarial = attack.perturb(x, y)
            robust.append(round(float((network(adversarial).argmax(1) == y).float().mean()), 4))
        results.append({"norm": norm, "eps": eps, "queries": 300, "rows": 100, "robust": robust})
        print(one.name, norm, robust, flush=True)
    write(one, "square", {"results": results})
