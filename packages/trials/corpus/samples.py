"""The data: what comes with scikit-learn, split once. Images are NCHW in [0, 1], tables are as they come."""
from functools import cache

import numpy as np
from sklearn import datasets

SOURCES = {
    "digits": (datasets.load_digits, 1000),
    "breast-cancer": (datasets.load_breast_cancer, 250),
    "wine": (datasets.load_wine, 78),
    "diabetes": (lambda: datasets.load_diabetes(scaled=False), 200),
}


@cache
def samples(name):
    """{"train": (x, y), "test": (x, y)}: x float32, y int64 classes, or float32 values of a regression."""
    load, count = SOURCES[name]
    source = load()
    x = source.data.astype(np.float32)
    y = source.target.astype(np.float32 if name == "diabetes" else np.int64)
    if name == "digits":
        x = (x / 16).reshape(-1, 1, 8, 8)
    x = np.ascontiguousarray(x)
    order = np.random.Generator(np.random.PCG64(5)).permutation(len(x))
    test, train = order[:count], order[count:]
    return {"train": (x[train], y[train]), "test": (x[test], y[test])}


def statistics(name):
    """Mean, deviation, least and greatest of each column of the training rows; of all pixels for images."""
    x = samples(name)["train"][0].astype(np.float64)
    if name == "digits":
        return x.mean(), x.std(), 0.0, 1.0
    return x.mean(0), x.std(0), x.min(0), x.max(0)


INPUTS = {
    "plain": lambda x: x,
    "channels-last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)),
    "sixteenths": lambda x: x * np.float32(16),
    "normalised": lambda x: ((x - np.float32(statistics("digits")[0])) / np.float32(statistics("digits")[1])),
}


def inputs(model, part="test"):
    """What a model of the catalogue is fed, and its labels."""
    x, y = samples(model.data)[part]
    return INPUTS[model.input](x), y
