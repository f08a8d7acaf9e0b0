"""Trains the models and exports them.

Usage, with the Python of tools/peers/requirements-trials.txt:
    python packages/trials/corpus/make.py FOLDER [MODEL…]
writes FOLDER/{data,weights,models} and, once every model is there, FOLDER/manifest.json.
"""
import json
import os
import sys

import numpy as np
import onnx
import sklearn
import skl2onnx
import torch

from catalogue import CATALOGUE, file_name, model
from export import export_network, export_pipeline
from samples import SOURCES, inputs, samples, statistics
from training import learn, train
from twin import digest, must_agree, run_file, twin


def write_data(folder):
    for name in SOURCES:
        for part, (x, y) in samples(name).items():
            np.savez_compressed(os.path.join(folder, "data", f"{name}-{part}.npz"), x=x, y=y)


def write_model(model, folder):
    """Trains it, where it has weights of its own, and writes every export; gives their files' names."""
    x, _ = inputs(model, "test")
    weights, pipeline = os.path.join(folder, "weights"), None
    if model.weights is None:
        pipeline, network = learn(model) if model.learner else (None, train(model))
        state = {k: v.numpy() for k, v in network.state_dict().items() if not k.endswith("num_batches_tracked")}
        np.savez(os.path.join(weights, f"{model.name}.npz"), **state)
    network = twin(model, weights=weights)
    for exporter, opset in model.exports:
        path = os.path.join(folder, "models", file_name(model.name, exporter, opset))
        if exporter == "skl2onnx":
            export_pipeline(pipeline, x.shape[1], path, opset)
        else:
            export_network(network, torch.from_numpy(x[:2]), path, exporter, opset)
        must_agree(path, network, x)


def score(model, path):
    """Accuracy on the test rows, or the root of the mean squared error."""
    x, y = inputs(model)
    outputs = run_file(path, x)
    if model.outputs == "values":
        return {"rmse": float(np.sqrt(np.mean((outputs[:, 0] - y) ** 2)))}
    return {"accuracy": float((outputs.argmax(1) == y).mean())}


def described(model, folder):
    for exporter, opset in model.exports:
        path = os.path.join(folder, "models", file_name(model.name, exporter, opset))
        file = onnx.load(path)
        yield {
            "file": f"models/{os.path.basename(path)}",
            "sha256": digest(path),
            "model": model.name,
            "exporter": exporter,
            "opset": opset,
            "data": model.data,
            "input": model.input,
            "outputs": model.outputs,
            "operators": sorted({(f"{n.domain}." if n.domain else "") + n.op_type for n in file.graph.node}),
            **score(model, path),
        }


def write_manifest(folder):
    mean, deviation, _, _ = statistics("digits")
    manifest = {
        "versions": {"torch": torch.__version__, "scikit-learn": sklearn.__version__, "onnx": onnx.__version__,
                     "skl2onnx": skl2onnx.__version__, "numpy": np.__version__},
        "normalisation": {"mean": float(np.float32(mean)), "deviation": float(np.float32(deviation))},
        "models": [entry for model in CATALOGUE for entry in described(model, folder)],
    }
    with open(os.path.join(folder, "manifest.json"), "w") as out:
        json.dump(manifest, out, indent=1)
        out.write("\n")


def main(folder, names):
    for part in ("data", "weights", "models"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    write_data(folder)
    for one in [model(name) for name in names] or CATALOGUE:
        write_model(one, folder)
        print(one.name, flush=True)
    wanted = [file_name(one.name, *export) for one in CATALOGUE for export in one.exports]
    if all(os.path.exists(os.path.join(folder, "models", name)) for name in wanted):
        write_manifest(folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2:])
