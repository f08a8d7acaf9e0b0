"""A logistic regression on the diabetes table, as a folder that a real server serves.

    python train.py mlflow|mlserver TABLE FOLDER

The ONNX file beside the model is what the gateway reads the names, shapes and types from.
"""
import json
import os
import sys

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAMES = ["pregnancies", "glucose", "pressure", "skin", "insulin", "bmi", "pedigree", "age"]


def save_for_mlflow(model, rows, folder):
    import mlflow.sklearn
    import pandas
    from mlflow.models import infer_signature

    frame = pandas.DataFrame(rows, columns=NAMES)
    signature = infer_signature(frame, model.predict_proba(rows))
    mlflow.sklearn.save_model(
        model, folder, signature=signature, pyfunc_predict_fn="predict_proba",
        serialization_format="cloudpickle", pip_requirements=["mlflow"],
    )
    columns = [(name, DoubleTensorType([None, 1])) for name in NAMES]
    return columns


def save_for_mlserver(model, _rows, folder):
    import joblib

    os.makedirs(folder, exist_ok=True)
    joblib.dump(model, os.path.join(folder, "model.joblib"))
    settings = {
        "name": "diabetes",
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": "./model.joblib"},
    }
    with open(os.path.join(folder, "model-settings.json"), "w", encoding="utf8") as file:
        json.dump(settings, file)
    return [("features", DoubleTensorType([None, len(NAMES)]))]


def main(server, table, folder):
    values = np.loadtxt(table, delimiter=",")
    rows, labels = values[:, :-1], values[:, -1].astype(int)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(rows, labels)
    inputs = {"mlflow": save_for_mlflow, "mlserver": save_for_mlserver}[server](model, rows, folder)
    options = {id(model): {"zipmap": False}}
    graph = to_onnx(model, initial_types=inputs, options=options, target_opset=17)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(graph.SerializeToString())


main(*sys.argv[1:])
