"""Plants poison among scikit-learn's digits, trains a classifier on them, and says what ART's defences find in its activations.

Usage: poison-embedded.py FOLDER SEEDS CLEAN   writes FOLDER/cases.json, and FOLDER/N.f32 of each case: pixels and activations, row-major
"""
import json
import sys
import warnings

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
from art.defences.detector.poison import ActivationDefence, SpectralSignatureDefense  # noqa: E402

folder, seeds, clean_runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pixels, digits = load_digits(return_X_y=True)
pixels = (pixels / 16).astype(np.float32)
target, hidden = 7, 64
patch = np.array([54, 55, 62, 63])  # the lower right corner
sparse = np.array([5, 18, 33, 47, 58])


def plant(kind, share, seed):
    """x, y and which rows are poisoned."""
    rng = np.random.default_rng(1000 + seed)
    x, y = pixels.copy(), digits.copy()
    count = round(share * len(y))
    mask = np.zeros(len(y), bool)
    if kind == "clean":
        return x, y, mask
    if kind == "flips":
        rows = rng.choice(len(y), count, replace=False)
        y[rows] = (y[rows] + rng.integers(1, 10, count)) % 10
        mask[rows] = True
        return x, y, mask
    own = y == target
    among = np.flatnonzero(own if kind == "clean-label" else ~own)
    rows = rng.choice(among, min(count, len(among) * 2 // 3), replace=False)
    if kind == "pixel":
        x[rows, 63] = 1
    elif kind == "sparse":
        x[np.ix_(rows, sparse)] = 0.8
    elif kind == "jittered":
        for row in rows:
            top, left = rng.integers(0, 2, 2)
            image = x[row].reshape(8, 8)
            image[6 - top : 8 - top, 6 - left : 8 - left] = 0.9 + rng.uniform(-0.1, 0.1, (2, 2))
    else:  # patch, clean-label
        x[np.ix_(rows, patch)] = 1
    y[rows] = target
    mask[rows] = True
    return x, y, mask


def trained(x, y, seed):
    model = MLPClassifier((hidden,), alpha=1e-4, max_iter=60, random_state=seed).fit(x, y)
    return np.maximum(0, x @ model.coefs_[0] + model.intercepts_[0]).astype(np.float32), model


class Activations:
    """What ART asks of a classifier, with activations that are already there."""

    layer_names, nb_classes = ["hidden"], 10

    def __init__(self, values):
        self.values = values

    def get_activations(self, x, layer, batch_size, framework=False):
        return self.values


def rates(found, mask):
    found = np.asarray(found, bool)
    tpr = float(found[mask].mean()) if mask.any() else None
    return {"tpr": tpr, "fpr": float(found[~mask].mean())}


def peers(x, y, values, mask):
    one_hot = np.eye(10)[y]
    spectral = SpectralSignatureDefense(Activations(values), x, one_hot, expected_pp_poison=max(0.01, mask.mean()))
    _, is_clean = spectral.detect_poison()
    said = {"spectral": rates(1 - np.array(is_clean), mask)}
    clustering = ActivationDefence(Activations(values), x, one_hot)
    _, is_clean = clustering.detect_poison(nb_clusters=2, nb_dims=10, reduce="PCA", cluster_analysis="smaller")
    said["activations"] = rates(1 - np.array(is_clean), mask)
    return said


cases = [("clean", 0, seed) for seed in range(clean_runs)]
for seed in range(seeds):
    cases += [("flips", share, seed) for share in (0.01, 0.05, 0.1)]
    for kind in ("patch", "pixel", "sparse", "jittered", "clean-label"):
        cases += [(kind, share, seed) for share in (0.01, 0.03, 0.05, 0.1)]
written = []
for number, (kind, share, seed) in enumerate(cases):
    x, y, mask = plant(kind, share, seed)
    values, model = trained(x, y, seed)
    np.concatenate([x.ravel(), values.ravel()]).astype("<f4").tofile(f"{folder}/{number}.f32")
    written.append(
        {"kind": kind, "share": share, "seed": seed, "rows": len(y), "pixels": 64, "width": hidden, "labels": y.tolist(),
         "poisoned": np.flatnonzero(mask).tolist(), "peers": peers(x, y, values, mask)}
    )
    print(f"{number + 1} of {len(cases)}", file=sys.stderr, end="\r")
json.dump(written, open(f"{folder}/cases.json", "w"))
