"""The other side of bench/poison-embedded.ts: plants poison among scikit-learn's digits, trains a network on the poisoned labels, and says
what ART's defences find in its activations, and in how much processor time.

Reads one JSON object a line, answers with one a line:
    {"do": "plant", "kind": "patch", "share": 0.01, "seed": 0, "file": "case.f32"}
        plants and trains; the file holds pixels, then activations, each row-major. Answers labels and poisoned rows.
    {"do": "judge"}
        what spectral signatures and activation clustering say of the same activations
"""

import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
import art  # noqa: E402
from art.defences.detector.poison import ActivationDefence, SpectralSignatureDefense  # noqa: E402

PIXELS, DIGITS = load_digits(return_X_y=True)
PIXELS = (PIXELS / 16).astype(np.float32)
TARGET, HIDDEN = 7, 64
PATCH = np.array([54, 55, 62, 63])  # the lower right corner
SCATTERED = np.array([5, 18, 33, 47, 58])
CLEAN_ROWS = 1500  # of 1,797, drawn for each clean run


def plant(kind, share, seed):
    """x, y and which rows are poisoned."""
    rng = np.random.default_rng(1000 + seed)
    x, y = PIXELS.copy(), DIGITS.copy()
    if kind == "none":
        rows = np.sort(rng.choice(len(y), CLEAN_ROWS, replace=False))
        return x[rows], y[rows], np.zeros(CLEAN_ROWS, bool)
    count = round(share * len(y))
    mask = np.zeros(len(y), bool)
    if kind == "flips":
        rows = rng.choice(len(y), count, replace=False)
        y[rows] = (y[rows] + rng.integers(1, 10, count)) % 10
        mask[rows] = True
        return x, y, mask
    own = y == TARGET
    among = np.flatnonzero(own if kind == "clean-label" else ~own)
    rows = rng.choice(among, min(count, len(among) * 2 // 3), replace=False)
    stamp(kind, x, rows, rng)
    y[rows] = TARGET
    mask[rows] = True
    return x, y, mask


def stamp(kind, x, rows, rng):
    if kind == "pixel":
        x[rows, 63] = 1
    elif kind == "scattered":
        x[np.ix_(rows, SCATTERED)] = 0.8
    elif kind == "moving":
        for row in rows:
            top, left = rng.integers(0, 2, 2)
            image = x[row].reshape(8, 8)
            image[6 - top : 8 - top, 6 - left : 8 - left] = 0.9 + rng.uniform(-0.1, 0.1, (2, 2))
    else:  # patch, clean-label
        x[np.ix_(rows, PATCH)] = 1


def activations(x, y, seed):
    model = MLPClassifier((HIDDEN,), alpha=1e-4, max_iter=60, random_state=seed).fit(x, y)
    return np.maximum(0, x @ model.coefs_[0] + model.intercepts_[0]).astype(np.float32)


class Activations:
    """What ART asks of a classifier, with activations that are already there."""

    layer_names, nb_classes = ["hidden"], 10

    def __init__(self, values):
        self.values = values

    def get_activations(self, x, layer, batch_size, framework=False):
        return self.values


def timed(work):
    began = time.process_time()
    _, is_clean = work()
    return {"rows": np.flatnonzero(np.array(is_clean) == 0).tolist(), "cpu": time.process_time() - began}


def judge(x, y, values, mask):
    one_hot = np.eye(10)[y]
    # The share of poison as it is: who is asked does not know it.
    spectral = SpectralSignatureDefense(Activations(values), x, one_hot, expected_pp_poison=max(0.01, mask.mean()))
    clustering = ActivationDefence(Activations(values), x, one_hot)
    return {
        "spectral": timed(spectral.detect_poison),
        "clustering": timed(
            lambda: clustering.detect_poison(nb_clusters=2, nb_dims=10, reduce="PCA", cluster_analysis="smaller")
        ),
    }


def answer(said):
    print(json.dumps(said), flush=True)


answer({"art": art.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__})
case = None
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "judge":
        answer(judge(*case))
        continue
    x, y, mask = plant(asked["kind"], asked["share"], asked["seed"])
    values = activations(x, y, asked["seed"])
    np.concatenate([x.ravel(), values.ravel()]).astype("<f4").tofile(asked["file"])
    case = (x, y, values, mask)
    answer({"labels": y.tolist(), "poisoned": np.flatnonzero(mask).tolist(), "width": HIDDEN, "pixels": 64})
