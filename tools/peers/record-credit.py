"""Records what ONNX Runtime and scikit-learn measure of examples/credit, for examples/test/credit.test.ts.

Usage, from the root of the repository, after prepare.ts and train.ts ran, with the pins of requirements-onnx.txt:
    python tools/peers/record-credit.py
"""
import csv
import hashlib
import json
import os

import numpy as np
import onnx
import onnxruntime
import sklearn
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
EXAMPLE = os.path.join(ROOT, "examples", "credit")

rows = list(csv.DictReader(open(os.path.join(EXAMPLE, "build", "test.csv"))))
features = [column for column in rows[0] if column not in ("applicant", "group", "repaid")]
x = np.array([[float(row[feature]) for feature in features] for row in rows], np.float32)
repaid = np.array([int(row["repaid"]) for row in rows])
group = np.array([row["group"] for row in rows])
model = os.path.join(EXAMPLE, "build", "model", "model.onnx")
onnx.checker.check_model(model, full_check=True)
score = onnxruntime.InferenceSession(model).run(None, {"features": x})[0][:, 0].astype(np.float64)


def accepted_of_good(name):
    return (score[(group == name) & (repaid == 1)] >= 0.5).mean()


recorded = {
    "recordedFrom": {"onnxruntime": onnxruntime.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "applicants": hashlib.sha256(open(os.path.join(EXAMPLE, "data", "applicants.csv"), "rb").read()).hexdigest(),
    "testRows": len(rows),
    "metrics": {
        "accuracy": accuracy_score(repaid, score >= 0.5),
        "auc": roc_auc_score(repaid, score),
        "brier": brier_score_loss(repaid, score),
        "log_loss": log_loss(repaid, score),
        "equal_opportunity_difference": abs(accepted_of_good("a") - accepted_of_good("b")),
    },
}
with open(os.path.join(ROOT, "spec", "vectors", "valid", "onnx-credit.json"), "w") as out:
    json.dump(recorded, out, indent=1)
    out.write("\n")
