"""ART on tables: a radius, a step and a range for each column."""
import numpy as np
import torch
from art.attacks.evasion import FastGradientMethod, ProjectedGradientDescent
from art.estimators.regression import PyTorchRegressor
from torch import nn

from attacks import art_classifier, predicted
from samples import inputs, statistics
from twin import twin

SHOWN, STEPS, PART = 16, 10, 0.3


def tables(one):
    """L∞ with radius 0.3 × deviation of the column, 10 steps of a quarter of it from the row itself, within the column's range."""
    x, y = inputs(one)
    _, deviation, least, greatest = (part.astype(np.float32) for part in statistics(one.data))
    eps = np.float32(PART) * deviation
    network, attack = twin(one), {"eps": eps, "eps_step": eps / 4, "batch_size": len(x)}
    x = np.clip(x, least, greatest)
    if one.outputs == "values":
        target = PyTorchRegressor(network, nn.MSELoss(), x.shape[1:], clip_values=(least, greatest), device_type="cpu")
        # of one dimension: ART compares [N] predictions with it, and [N, 1] would broadcast
        labels = y
    else:
        classes = int(y.max()) + 1
        logits = network[0] if isinstance(network, nn.Sequential) else network
        target, labels = art_classifier(logits, x.shape[1:], classes, (least, greatest)), np.eye(classes, dtype=np.float32)[y]
    single = FastGradientMethod(target, eps=eps, eps_step=eps, batch_size=len(x)).generate(x, y=labels)
    many = ProjectedGradientDescent(target, max_iter=STEPS, verbose=False, **attack).generate(x, y=labels)

    def score(rows):
        if one.outputs == "values":
            return float(np.sqrt(np.mean((network(torch.from_numpy(rows)).numpy()[:, 0] - y) ** 2)))
        return float((predicted(network, rows) == y).mean())

    name = "rmse" if one.outputs == "values" else "accuracy"
    facts = {"rows": len(x), "radius": f"{PART} × deviation of the training rows' column", "steps": STEPS, "measure": name,
             "clean": score(x), "fgsm": score(single), "pgd": score(many)}
    arrays = {"x": x[:SHOWN], "y": y[:SHOWN], "eps": eps, "least": least, "greatest": greatest,
              "fgsm": single[:SHOWN], "pgd": many[:SHOWN]}
    return facts, arrays
