"""Gradients by PyTorch, and every iterate of Foolbox's PGD from a stored start: 16 rows each."""
import numpy as np
import torch
from foolbox import PyTorchModel
from foolbox import attacks as f
from torch.nn import functional as F

from attacks import seeded
from samples import inputs
from training import loss_of
from twin import twin

ROWS = 16


def gradient(one, dtype, loss):
    """Of the sum of the rows' losses: each row's own."""
    x, y = (part[:ROWS] for part in inputs(one))
    network, x = twin(one, dtype), torch.from_numpy(x).to(dtype).requires_grad_()
    y = torch.from_numpy(y)
    outputs = network(x)
    losses = loss(one, outputs, y)
    (of_x,) = torch.autograd.grad(losses.sum(), x)
    return outputs.detach().numpy(), losses.detach().numpy(), of_x.numpy()


def margin(_, outputs, y):
    """The greatest other output less the one of the label."""
    others = outputs.masked_fill(F.one_hot(y, outputs.shape[1]).bool(), -torch.inf)
    return others.max(1).values - outputs.gather(1, y[:, None])[:, 0]


def dlr(_, outputs, y):
    """The difference of logits ratio of Croce and Hein, untargeted."""
    sorted_, order = outputs.sort(1)
    right = (order[:, -1] == y).to(outputs.dtype)
    best_other = sorted_[:, -2] * right + sorted_[:, -1] * (1 - right)
    return -(outputs.gather(1, y[:, None])[:, 0] - best_other) / (sorted_[:, -1] - sorted_[:, -3] + 1e-12)


def gradients(one):
    """x, y, outputs, and loss and gradient by name, in float32 and in float64 on the same (float32) weights and rows."""
    losses = {"loss": loss_of}
    if one.outputs == "logits" and one.data == "digits":
        losses |= {"margin": margin, "dlr": dlr}
    x, y = (part[:ROWS] for part in inputs(one))
    arrays = {"x": x, "y": y}
    for bits, dtype in (("32", torch.float32), ("64", torch.float64)):
        for name, loss in losses.items():
            arrays["outputs" + bits], arrays[name + bits], arrays[f"{name}Gradient{bits}"] = gradient(one, dtype, loss)
    said = {"logits": "cross-entropy of logits", "probabilities": "-log of the label's probability", "values": "squared error"}
    return {"rows": ROWS, "loss": said[one.outputs]}, arrays


def started(attack, start):
    """The attack from a start that is given, in place of its random one."""

    class Started(attack):
        def get_random_start(self, x0, epsilon):
            return start

    return Started


def iterates(one, eps):
    """x, y, and for linf and l2: NORMStart, NORMSteps [10, 16, …], and one step from x itself: NORMSingle."""
    import eagerpy

    seeded(5)
    x, y = (torch.from_numpy(part[:ROWS]) for part in inputs(one))
    network = twin(one)
    target = PyTorchModel(network, bounds=(0, 1), device="cpu")
    arrays = {"x": x.numpy(), "y": y.numpy()}
    attacks = {"linf": (f.LinfPGD, f.LinfFastGradientAttack), "l2": (f.L2PGD, f.L2FastGradientAttack)}
    for norm, (pgd, single) in attacks.items():
        noise = torch.rand_like(x) * 2 - 1
        if norm == "l2":
            noise /= noise.flatten(1).norm(dim=1)[:, None, None, None] * 2
        start = (x + eps[norm] * noise).clamp(0, 1)
        attack = started(pgd, eagerpy.astensor(start))
        steps = [attack(rel_stepsize=0.25, steps=count).run(target, x, y, epsilon=eps[norm]) for count in range(1, 11)]
        arrays |= {f"{norm}Start": start.numpy(), f"{norm}Steps": torch.stack(steps).detach().numpy(),
                   f"{norm}Single": single(random_start=False).run(target, x, y, epsilon=eps[norm]).detach().numpy()}
    norms = {norm: {"eps": eps[norm], "step": 0.25 * eps[norm]} for norm in attacks}
    return {"rows": ROWS, "norms": norms, "order": "step, projection to the ball around x, clip to [0, 1]"}, arrays
