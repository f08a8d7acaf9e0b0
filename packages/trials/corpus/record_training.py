"""Records what PyTorch learns from a batch, and how robust it becomes by a recipe.

Usage, with the Python of tools/peers/requirements-trials.txt:
    python packages/trials/corpus/record_training.py lessons | recipe | schedules
Writes packages/trials/corpus/recorded/{digits-cnn.lessons, digits-residual.lessons}.{npz,json}, digits-cnn.recipe.json,
schedules.json.
"""
import importlib.metadata
import json
import os
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

from attacks import seeded
from catalogue import model
from record import write
from samples import inputs
from twin import folder, twin

ROWS = 16
PENALTY, BETA = 1.0, 6.0
RECIPE = {"epochs": 20, "batch": 64, "rate": 0.003, "schedule": "cosine", "epsilon": 0.1, "steps": 10, "stepSize": 0.025,
          "optimiser": "adam", "threads": 1, "measuredWith": {"steps": 40, "stepSize": 0.00625, "randomStart": True}}


def trained(one, dtype=torch.float64):
    return twin(one, dtype).requires_grad_(True)


def gradients_of(network, loss):
    names, weights = zip(*network.named_parameters())
    return dict(zip(names, torch.autograd.grad(loss, weights, allow_unused=True)))


def batch(one):
    x, y = (part[:ROWS] for part in inputs(one))
    changed = np.clip(x + 0.1 * np.sign(np.sin(np.arange(x.size))).reshape(x.shape), 0, 1).astype(np.float32)
    return x, y, changed


def lessons_of_cnn():
    """Gradients of the summed loss with an input-gradient penalty (λ 1), and of TRADES (β 6) from a given changed batch."""
    one = model("digits-cnn")
    x, y, changed = batch(one)
    arrays = {"x": x, "y": y, "changed": changed}
    target = torch.from_numpy(y)

    rows = torch.from_numpy(x).double().requires_grad_()
    network = trained(one)
    losses = F.cross_entropy(network(rows), target, reduction="none")
    (slope,) = torch.autograd.grad(losses.sum(), rows, create_graph=True)
    penalised = losses.sum() + PENALTY * slope.square().sum()
    arrays |= {"penaltyLoss": losses.detach().numpy()}
    arrays |= {f"penalty:{name}": g.numpy() for name, g in gradients_of(network, penalised).items()}

    network = trained(one)
    plain, other = network(rows.detach()), network(torch.from_numpy(changed).double())
    divergence = F.kl_div(other.log_softmax(1), plain.softmax(1), reduction="none").sum(1)
    losses = F.cross_entropy(plain, target, reduction="none") + BETA * divergence
    arrays |= {"tradesLoss": losses.detach().numpy()}
    arrays |= {f"trades:{name}": g.numpy() for name, g in gradients_of(network, losses.sum()).items()}

    network = trained(one)
    losses = F.cross_entropy(network(rows.detach()), target, reduction="none", label_smoothing=0.1)
    arrays |= {"smoothLoss": losses.detach().numpy()}
    arrays |= {f"smooth:{name}": g.numpy() for name, g in gradients_of(network, losses.sum()).items()}
    write(one, "lessons", {"rows": ROWS, "penalty": PENALTY, "beta": BETA, "smoothing": 0.1, "dtype": "float64"}, arrays)


def lessons_of_residual():
    """A batch with batch normalisation in training mode, but for bn2, which exporters fold into the convolution before it."""
    one = model("digits-residual")
    x, y, _ = batch(one)
    network = trained(one)
    for layer in (network.bn1, network.bn3):
        layer.train()
    losses = F.cross_entropy(network(torch.from_numpy(x).double()), torch.from_numpy(y), reduction="none")
    arrays = {"x": x, "y": y, "loss": losses.detach().numpy()}
    arrays |= {name: g.numpy() for name, g in gradients_of(network, losses.sum()).items() if g is not None}
    for name, layer in (("bn1", network.bn1), ("bn3", network.bn3)):
        arrays |= {f"{name}.running_mean": layer.running_mean.numpy(), f"{name}.running_var": layer.running_var.numpy()}
    write(one, "lessons", {"rows": ROWS, "dtype": "float64"}, arrays)


def climb(network, x, y, eps, steps, size):
    """Projected gradient descent in L∞ from a random start."""
    changed = (x + eps * (2 * torch.rand_like(x) - 1)).clamp(0, 1)
    for _ in range(steps):
        changed.requires_grad_()
        (slope,) = torch.autograd.grad(F.cross_entropy(network(changed), y, reduction="sum"), changed)
        changed = (changed.detach() + size * slope.sign()).clamp(x - eps, x + eps).clamp(0, 1)
    return changed.detach()


def right(network, x, y):
    with torch.no_grad():
        return int((network(x).argmax(1) == y).sum())


def follow(one, seed):
    """Trains on from the weights of the corpus; gives accuracies on the test rows, and seconds of the training alone."""
    seeded(seed)
    r = RECIPE
    network = trained(one, torch.float32)
    x, y = (torch.from_numpy(part) for part in inputs(one, "train"))
    steps = torch.optim.Adam(network.parameters(), lr=r["rate"])
    total = r["epochs"] * -(-len(x) // r["batch"])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(steps, total)
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in range(r["epochs"]):
        for rows in torch.randperm(len(x)).split(r["batch"]):
            changed = climb(network, x[rows], y[rows], r["epsilon"], r["steps"], r["stepSize"])
            steps.zero_grad()
            F.cross_entropy(network(changed), y[rows]).backward()
            steps.step()
            schedule.step()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    x, y = (torch.from_numpy(part) for part in inputs(one))
    m = r["measuredWith"]
    robust = right(network, climb(network, x, y, r["epsilon"], m["steps"], m["stepSize"]), y)
    return {"seed": seed, "clean": right(network, x, y) / len(x), "robust": robust / len(x),
            "seconds": round(seconds, 2), "cpuSeconds": round(cpu, 2)}


def recipe(seeds=range(8)):
    torch.set_num_threads(RECIPE["threads"])
    one = model("digits-cnn")
    write(one, "recipe", {"recipe": RECIPE, "runs": [follow(one, seed) for seed in seeds]})


def schedules(count=40):
    """Learning rates of torch.optim.lr_scheduler for a highest rate of 1, behind 0, 1, … steps."""
    def rates(make):
        optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule, found = make(optimiser), []
        for _ in range(count):
            found.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            schedule.step()
        return found

    of = torch.optim.lr_scheduler
    half = count // 2
    recorded = {
        "cosine": rates(lambda o: of.CosineAnnealingLR(o, count)),
        "linear": rates(lambda o: of.LinearLR(o, 1, 1e-12, count)),
        "step": rates(lambda o: of.MultiStepLR(o, [half, half + count // 4], 0.1)),
        "cyclic": rates(lambda o: of.CyclicLR(o, 0, 1, step_size_up=count * 2 // 5, step_size_down=count * 3 // 5, cycle_momentum=False)),
        # one step more than it is asked for: it counts from the first step to the last, we from the start to the end
        "one-cycle": rates(lambda o: of.OneCycleLR(o, 1.0, total_steps=count + 1, cycle_momentum=False)),
    }
    with open(os.path.join(folder("recorded"), "schedules.json"), "w") as out:
        json.dump({"versions": {"torch": importlib.metadata.version("torch")}, "steps": count, "rates": recorded}, out)
        out.write("\n")


def lessons():
    lessons_of_cnn()
    lessons_of_residual()


if __name__ == "__main__":
    parts = {"lessons": lessons, "recipe": recipe, "schedules": schedules}
    if len(sys.argv) != 2 or sys.argv[1] not in parts:
        raise SystemExit(__doc__)
    parts[sys.argv[1]]()
