"""The peers' attacks on a network of images in [0, 1], by name: `art.*`, `foolbox.*`, `autoattack.*`."""
import logging
import random

import numpy as np
import torch
from torch import nn

# attacks that look for the smallest change: of these, the norms of the rows count
MINIMAL = ("carlini", "deepfool", "fab", "fab-t", "hop-skip-jump")
NORMS = {"linf": np.inf, "l2": 2, "l1": 1}
REFERENCE = {"linf": "Linf", "l2": "L2", "l1": "L1"}  # as AutoAttack writes them


def seeded(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def norms_of(difference, norm):
    """Of each row."""
    return np.linalg.norm(difference.reshape(len(difference), -1).astype(np.float64), NORMS[norm], 1)


def rounded(norms):
    """As they are written down: 0 where a row was wrong before, null where it was not fooled."""
    return [None if np.isinf(value) else float(f"{value:.7g}") for value in norms]


def predicted(network, x):
    with torch.no_grad():
        return np.concatenate([network(torch.from_numpy(part)).numpy().argmax(1) for part in np.array_split(x, max(1, len(x) // 250))])


class Single(nn.Module):
    """Takes float64, too, which some attacks of ART feed: the networks know float32 only."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x.float())


def art_classifier(network, shape, classes, clip=(0.0, 1.0)):
    from art.estimators.classification import PyTorchClassifier

    return PyTorchClassifier(Single(network), nn.CrossEntropyLoss(), shape, classes, clip_values=clip, device_type="cpu")


def art(make):
    def run(network, x, y, norm, eps, seed, steps):
        classifier = art_classifier(network, x.shape[1:], 10)
        return make(classifier, NORMS[norm], eps, steps).generate(x, y=np.eye(10, dtype=np.float32)[y])

    return run


def art_attacks():
    from art.attacks import evasion as e

    quiet = {"verbose": False}
    return {
        "art.fgsm": art(lambda c, norm, eps, steps: e.FastGradientMethod(c, norm=norm, eps=eps, batch_size=250)),
        "art.bim": art(lambda c, norm, eps, steps: e.BasicIterativeMethod(c, eps, 2.5 * eps / steps, steps, batch_size=250, **quiet)),
        "art.mim": art(lambda c, norm, eps, steps: e.MomentumIterativeMethod(
            c, norm, eps, 2.5 * eps / steps, 1.0, steps, batch_size=250, **quiet)),
        "art.pgd": art(lambda c, norm, eps, steps: e.ProjectedGradientDescent(
            c, norm, eps, 2.5 * eps / steps, max_iter=steps, num_random_init=1, batch_size=250, **quiet)),
        "art.apgd-ce": art(lambda c, norm, eps, steps: e.AutoProjectedGradientDescent(
            c, norm, eps, 2 * eps, steps, nb_random_init=1, batch_size=250, loss_type="cross_entropy", **quiet)),
        "art.apgd-dlr": art(lambda c, norm, eps, steps: e.AutoProjectedGradientDescent(
            c, norm, eps, 2 * eps, steps, nb_random_init=1, batch_size=250, loss_type="difference_logits_ratio", **quiet)),
        "art.square": art(lambda c, norm, eps, steps: e.SquareAttack(c, norm, max_iter=steps, eps=eps, batch_size=250, **quiet)),
        "art.carlini": art(lambda c, norm, eps, steps: e.CarliniL2Method(
            c, max_iter=steps, binary_search_steps=9, initial_const=1e-3, batch_size=250, **quiet)),
        "art.deepfool": art(lambda c, norm, eps, steps: e.DeepFool(c, steps, 0.02, 10, batch_size=250, **quiet)),
        "art.universal": art(lambda c, norm, eps, steps: e.UniversalPerturbation(
            c, "deepfool", {"max_iter": 50, "verbose": False}, 0.2, steps, eps, norm, **quiet)),
        "art.hop-skip-jump": art(lambda c, norm, eps, steps: e.HopSkipJump(
            c, norm=norm, max_iter=steps, max_eval=1000, init_eval=100, **quiet)),
    }


def foolbox(make, minimal=False):
    def run(network, x, y, norm, eps, seed, steps):
        from foolbox import PyTorchModel

        target = PyTorchModel(network, bounds=(0, 1), device="cpu")
        images, labels = torch.from_numpy(x), torch.from_numpy(y)
        _, clipped, _ = make(norm, eps, steps)(target, images, labels, epsilons=None if minimal else eps)
        return clipped.detach().numpy()

    return run


def foolbox_attacks():
    from foolbox import attacks as f

    pgd = {"linf": f.LinfPGD, "l2": f.L2PGD, "l1": f.L1PGD}
    fgm = {"linf": f.LinfFastGradientAttack, "l2": f.L2FastGradientAttack, "l1": f.L1FastGradientAttack}
    deepfool = {"linf": f.LinfDeepFoolAttack, "l2": f.L2DeepFoolAttack}
    return {
        "foolbox.fgsm": foolbox(lambda norm, eps, steps: fgm[norm](random_start=False)),
        "foolbox.pgd": foolbox(lambda norm, eps, steps: pgd[norm](rel_stepsize=2.5 / steps, steps=steps)),
        "foolbox.carlini": foolbox(lambda norm, eps, steps: f.L2CarliniWagnerAttack(steps=steps), True),
        "foolbox.deepfool": foolbox(lambda norm, eps, steps: deepfool[norm](steps=steps), True),
    }


def autoattack(make):
    def run(network, x, y, norm, eps, seed, steps):
        attack = make(network, REFERENCE[norm], eps, seed, steps)
        return attack.perturb(torch.from_numpy(x), torch.from_numpy(y)).detach().numpy()

    return run


def autoattack_attacks():
    from pyautoattack.autopgd_base import APGDAttack, APGDAttack_targeted
    from pyautoattack.fab_pt import FABAttack_PT
    from pyautoattack.square import SquareAttack

    log = logging.getLogger("auto-attack")
    made = {
        "autoattack.apgd-ce": lambda n, norm, eps, seed, steps: APGDAttack(
            n, steps, norm, 1, eps, seed, "ce", device="cpu", logger=log, use_largereps=False),
        "autoattack.apgd-dlr": lambda n, norm, eps, seed, steps: APGDAttack(
            n, steps, norm, 1, eps, seed, "dlr", device="cpu", logger=log),
        "autoattack.apgd-t": lambda n, norm, eps, seed, steps: APGDAttack_targeted(
            n, steps, norm, 1, eps, seed, n_target_classes=9, device="cpu", logger=log),
        "autoattack.fab": lambda n, norm, eps, seed, steps: FABAttack_PT(n, norm, 1, steps, eps, seed=seed, device="cpu"),
        "autoattack.fab-t": lambda n, norm, eps, seed, steps: FABAttack_PT(
            n, norm, 1, steps, eps, seed=seed, device="cpu", targeted=True, n_target_classes=9),
        "autoattack.square": lambda n, norm, eps, seed, steps: SquareAttack(
            n, norm, steps, eps, 0.8, 1, seed, device="cpu", resc_schedule=False),
    }
    return {name: autoattack(make) for name, make in made.items()}


def attack(name):
    """@returns (network, x, y, norm, eps, seed, steps) -> the adversarial rows"""
    families = {"art": art_attacks, "foolbox": foolbox_attacks, "autoattack": autoattack_attacks}
    found = families.get(name.split(".")[0], dict)().get(name)
    if found is None:
        raise SystemExit(f"no attack `{name}`; there are: " + ", ".join(sorted(n for f in families.values() for n in f())))
    return found


def outcome(name, network, x, y, norm, eps, seed, steps):
    """Runs an attack: accuracy before and after, the median norm of what fooled, and each row's norm (0: wrong before)."""
    seeded(seed)
    right = predicted(network, x) == y
    adversarial = attack(name)(network, x, y, norm, eps, seed, steps).astype(np.float32)  # some answer in float64
    norms = norms_of(adversarial - x, norm)
    fooled = right & (predicted(network, adversarial) != y)
    within = fooled & (norms <= eps * (1 + 1e-5))
    least = np.where(fooled, norms, np.inf)
    least[~right] = 0
    return {
        "attack": name, "norm": norm, "eps": eps, "steps": steps, "seed": seed, "rows": len(x),
        "clean": float(right.mean()), "robust": float((right & ~within).mean()),
        "medianNorm": float(np.median(norms[fooled])) if fooled.any() else None,
    }, least
