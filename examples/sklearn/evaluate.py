"""Scores build/test.csv with the ONNX file, asks the joblib file for a second opinion, writes build/metrics.json."""
import json

import joblib
import numpy as np
import onnxruntime
from sklearn.metrics import accuracy_score, brier_score_loss, recall_score, roc_auc_score

with open("build/test.csv") as file:
    file.readline()
    table = np.loadtxt(file, delimiter=",")
features, benign = table[:, :-1], table[:, -1].astype(int)

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession("build/model/model.onnx", options, providers=["CPUExecutionProvider"])
label, probabilities = session.run(None, {session.get_inputs()[0].name: features.astype(np.float32)})
probability = probabilities[:, 1].astype(float)
# joblib.load runs what the file says: only for a file that a stage before this one wrote.
second = joblib.load("build/estimator.joblib").predict_proba(features)[:, 1]

metrics = {
    "accuracy": accuracy_score(benign, label),
    "auc": roc_auc_score(benign, probability),
    "brier": brier_score_loss(benign, probability),
    "recall_malignant": recall_score(benign, label, pos_label=0),
    "export_difference": float(np.abs(probability - second).max()),
}
with open("build/metrics.json", "w") as file:
    json.dump(metrics, file, indent=2)
    file.write("\n")
print(" · ".join(f"{name} {value:.4f}" for name, value in metrics.items()))
