"""Fits a pipeline to build/train.csv; writes build/estimator.joblib for Python, build/model/model.onnx for everybody."""
import json
import os
from importlib.metadata import version

import joblib
import numpy as np
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

with open("build/train.csv") as file:
    columns = file.readline().strip().split(",")
    table = np.loadtxt(file, delimiter=",")
features, benign = table[:, :-1], table[:, -1].astype(int)

classifier = LogisticRegression(C=1.0, max_iter=1000)
pipeline = make_pipeline(StandardScaler(), classifier).fit(features, benign)
joblib.dump(pipeline, "build/estimator.joblib")

# Without ZipMap the probabilities are a tensor, which every runtime can give.
options = {id(classifier): {"zipmap": False}}
model = to_onnx(pipeline, features[:1].astype(np.float32), options=options, target_opset=17)
os.makedirs("build/model", exist_ok=True)
with open("build/model/model.onnx", "wb") as file:
    file.write(model.SerializeToString(deterministic=True))

card = {
    "name": "breast-cancer",
    "task": "the probability that a tumour is benign, from thirty measurements of its cell nuclei",
    "use": "an example, and no medical device",
    "features": columns[:-1],
    "training": {"rows": len(table), "iterations": int(classifier.n_iter_[0])},
    "madeWith": {name: version(name) for name in ("scikit-learn", "skl2onnx", "onnx", "numpy", "joblib")},
}
with open("build/model/card.json", "w") as file:
    json.dump(card, file, indent=2)
    file.write("\n")
print(f"{len(table)} rows, {card['training']['iterations']} iterations")
