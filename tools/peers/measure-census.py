"""Measures a project of examples/census another way: reads the published file itself, splits it, fits scikit-learn's
logistic regression, runs the model file in ONNX Runtime. Prints JSON for examples/test/census.long.test.ts.

Usage, with the pins of requirements-sklearn.txt: python tools/peers/measure-census.py FOLDER
"""
import csv
import hashlib
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.preprocessing import OneHotEncoder, StandardScaler

folder = sys.argv[1]
COLUMNS = (
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex "
    "capital-gain capital-loss hours-per-week native-country income"
).split()
NUMBERS = ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
CATEGORIES = ["workclass", "marital-status", "occupation", "relationship"]

with open(os.path.join(folder, "data", "adult-train.csv"), newline="") as file:
    people = [row for row in csv.reader(file, skipinitialspace=True) if row]
sides = [int(hashlib.sha256(",".join(row).encode()).hexdigest()[:8], 16) * 5 < 2**32 for row in people]
train = np.array([row for row, tests in zip(people, sides) if not tests])
test = np.array([row for row, tests in zip(people, sides) if tests])


def column(table, name):
    return table[:, COLUMNS.index(name)]


def columns(table, names):
    return np.column_stack([column(table, name) for name in names])


encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(columns(train, CATEGORIES))
scaler = StandardScaler().fit(columns(train, NUMBERS).astype(float))


def matrix(table, standardised):
    numbers = columns(table, NUMBERS).astype(float)
    return np.hstack([scaler.transform(numbers) if standardised else numbers, encoder.transform(columns(table, CATEGORIES))])


earns = column(test, "income") == ">50K"
regression = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-12, max_iter=100)
regression.fit(matrix(train, True), column(train, "income") == ">50K")
second = regression.predict_proba(matrix(test, True))[:, 1]

path = os.path.join(folder, "build", "model", "model.onnx")
onnx.checker.check_model(path, full_check=True)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
score = session.run(None, {"features": matrix(test, False).astype(np.float32)})[0][:, 0].astype(float)
chosen = score >= 0.5


def rates(name, smallest):
    groups = {group: chosen[column(test, name) == group] for group in sorted(set(column(test, name)))}
    large = [own.mean() for own in groups.values() if len(own) >= smallest * len(test)]
    by_name = {f"selection_rate_{group.lower().replace('-', '_')}": own.mean() for group, own in groups.items()}
    return {**by_name, f"selection_ratio_{name}": min(large) / max(large)}


print(
    json.dumps(
        {
            "features": NUMBERS + [f"{n}={v}" for n, levels in zip(CATEGORIES, encoder.categories_) for v in levels],
            "rows": {"train": len(train), "test": len(test)},
            "difference": float(np.abs(score - second).max()),
            "metrics": {
                "accuracy": accuracy_score(earns, chosen),
                "auc": roc_auc_score(earns, score),
                "brier": brier_score_loss(earns, score),
                "log_loss": log_loss(earns, score),
                **rates("sex", 0.02),
                **rates("race", 0.02),
            },
        }
    )
)
