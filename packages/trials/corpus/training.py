"""Seeded training. In float64 on one thread, then cast: another machine's last digits do not reach the float32 weights."""
import numpy as np
import torch
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch.nn import functional as F

from samples import inputs


def seeded():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(5)


def loss_of(model, outputs, y):
    """Of each row: cross-entropy, of logits or of probabilities, or the squared error of a regression."""
    if model.outputs == "values":
        return (outputs[:, 0] - y).square()
    if model.outputs == "probabilities":
        return F.nll_loss(outputs.log(), y, reduction="none")
    return F.cross_entropy(outputs, y, reduction="none")


def train(model):
    """By Adam; gives the network in float32, in evaluation mode."""
    seeded()
    network = model.network().double().train()
    x, y = inputs(model, "train")
    x, y = torch.from_numpy(x).double(), torch.from_numpy(y)
    steps = torch.optim.Adam(network.parameters(), lr=model.rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.LinearLR(steps, 1, 0.02, model.epochs)
    for _ in range(model.epochs):
        for rows in torch.randperm(len(x)).split(64):
            if len(rows) == 1:
                continue
            steps.zero_grad()
            loss_of(model, network(x[rows]), y[rows]).mean().backward()
            steps.step()
        schedule.step()
    return network.float().eval()


def learn(model):
    """By scikit-learn; gives its pipeline and the same model as a network."""
    x, y = inputs(model, "train")
    pipeline = make_pipeline(StandardScaler(), model.learner()).fit(x.astype(np.float64), y)
    scaler, learner = pipeline[0], pipeline[1]
    network = model.network().double()
    network.mean.copy_(torch.from_numpy(scaler.mean_))
    network.deviation.copy_(torch.from_numpy(scaler.scale_))
    coefficients = learner.coefs_ if hasattr(learner, "coefs_") else [learner.coef_.T]
    intercepts = learner.intercepts_ if hasattr(learner, "coefs_") else [learner.intercept_]
    layers = [part for part in network.modules() if isinstance(part, torch.nn.Linear)]
    with torch.no_grad():
        for layer, weight, bias in zip(layers, coefficients, intercepts, strict=True):
            layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(weight.T)))
            layer.bias.copy_(torch.from_numpy(np.asarray(bias)))
    return pipeline, network.float().eval()
