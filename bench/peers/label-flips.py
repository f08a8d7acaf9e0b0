"""The other side of bench/label-flips.ts: what cleanlab's find_label_issues says, with probabilities by cross-validation, as its
documentation has it: gradient boosting for tables, logistic regression for embeddings.

Reads one JSON object a line, answers with one a line; first it says its versions and the labels of scikit-learn's digits:
    {"do": "activations", "labels": [...], "seed": 0, "file": "case.f32"}
        trains a network on digits with these labels; the file holds pixels, then activations, each row-major
    {"do": "judge", "labels": [...], "seed": 0}
        on these activations
    {"do": "judge", "labels": [...], "seed": 0, "columns": [[...], ...], "categories": [0, ...]}
        on a table; null is missing, `categories` says which columns are codes
"""

import json
import sys
import time
import warnings

import cleanlab
import numpy as np
import sklearn
from cleanlab.filter import find_label_issues
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
PIXELS, DIGITS = load_digits(return_X_y=True)
PIXELS = (PIXELS / 16).astype(np.float32)
HIDDEN, FOLDS = 64, 5


def activations(y, seed):
    model = MLPClassifier((HIDDEN,), alpha=1e-4, max_iter=60, random_state=seed).fit(PIXELS, y)
    return np.maximum(0, PIXELS @ model.coefs_[0] + model.intercepts_[0]).astype(np.float32)


def judge(x, y, seed, learner):
    began = time.process_time()
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    chances = cross_val_predict(learner, x, y, cv=folds, method="predict_proba")
    found = find_label_issues(y, chances, return_indices_ranked_by="self_confidence", n_jobs=1)
    return {"rows": found.tolist(), "cpu": time.process_time() - began}


def answer(said):
    print(json.dumps(said), flush=True)


answer(
    {"cleanlab": cleanlab.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__, "digits": DIGITS.tolist()}
)
values = None
for line in sys.stdin:
    asked = json.loads(line)
    y, seed = np.array(asked["labels"]), asked["seed"]
    if asked["do"] == "activations":
        values = activations(y, seed)
        np.concatenate([PIXELS.ravel(), values.ravel()]).astype("<f4").tofile(asked["file"])
        answer({"width": HIDDEN, "pixels": 64})
    elif "columns" in asked:
        x = np.array(asked["columns"], float).T
        learner = HistGradientBoostingClassifier(categorical_features=asked["categories"] or None, random_state=seed)
        answer(judge(x, y, seed, learner))
    else:
        answer(judge(values, y, seed, make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))))
