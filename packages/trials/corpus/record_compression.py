"""Records what ONNX Runtime's quantiser and PyTorch's pruning make of models of the corpus.

Usage, with the Python of tools/peers/requirements-trials.txt:
    python packages/trials/corpus/record_compression.py
Writes packages/trials/corpus/recorded/compression.json: of quantize_static (QDQ, per channel, int8 weights, min-max over the
first 256 training rows, fed at once) the length of the file, its accuracy and the relative error of its outputs over all test
rows, and the scales of digits-cnn; of torch.nn.utils.prune which weights it keeps (bits, packed big-endian, base64).
"""
import base64
import hashlib
import importlib.metadata
import json
import logging
import os
import tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from torch import nn
from torch.nn.utils import prune

FOLDER = os.path.dirname(os.path.abspath(__file__))
MODELS = (("digits-cnn.export-18", "digits"), ("digits-mlp.export-18", "digits"), ("digits-residual.export-18", "digits"),
          ("digits-transformer.export-18", "digits"), ("wine-mlp.skl2onnx-18", "wine"))
ROWS = 256


class Once(CalibrationDataReader):
    def __init__(self, x):
        self.feeds = iter([{"x": x}])

    def get_next(self):
        return next(self.feeds, None)


def outputs(path, x):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    name = [each.name for each in session.get_outputs() if "float" in each.type][-1]
    return session.run([name], {"x": x})[0]


def quantised(source, data, kind, target):
    train = np.load(f"{FOLDER}/data/{data}-train.npz")["x"][:ROWS]
    symmetric = kind == QuantType.QInt8
    quantize_static(source, target, Once(train), quant_format=QuantFormat.QDQ, per_channel=True, activation_type=kind,
                    weight_type=QuantType.QInt8, extra_options={"ActivationSymmetric": symmetric})
    test = np.load(f"{FOLDER}/data/{data}-test.npz")
    before, after = (outputs(path, test["x"]) for path in (source, target))
    return {"bytes": os.path.getsize(target), "accuracy": float((after.argmax(1) == test["y"]).mean()),
            "before": float((before.argmax(1) == test["y"]).mean()),
            "error": float(np.linalg.norm(before - after) / np.linalg.norm(before))}


def scales(path):
    constants = {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}
    return {name: {"scale": value.astype(float).reshape(-1).tolist(),
                   "zero": constants[name.replace("_scale", "_zero_point")].astype(int).reshape(-1).tolist()}
            for name, value in constants.items() if name.endswith("_scale") and "bias" not in name}


def packed(mask):
    return base64.b64encode(np.packbits(mask.numpy().astype(bool).reshape(-1)).tobytes()).decode()


def layers(source):
    found = {}
    for each in onnx.load(source).graph.initializer:
        if each.name.endswith(".weight"):
            layer = nn.Module()
            layer.weight = nn.Parameter(torch.tensor(numpy_helper.to_array(each)))
            found[each.name] = layer
    return found


def pruned(source, share):
    globally = layers(source)
    prune.global_unstructured([(layer, "weight") for layer in globally.values()], prune.L1Unstructured, amount=share)
    each, channels = layers(source), layers(source)
    for layer in each.values():
        prune.l1_unstructured(layer, "weight", amount=share)
    for layer in channels.values():
        prune.ln_structured(layer, "weight", amount=share, n=1, dim=0)
    kept = {name: [int(place) for place in torch.nonzero(layer.weight_mask.flatten(1).any(1))[:, 0]] for name, layer in channels.items()}
    return {"share": share, "global": {name: packed(layer.weight_mask) for name, layer in globally.items()},
            "layer": {name: packed(layer.weight_mask) for name, layer in each.items()}, "channels": kept}


def main():
    logging.disable(logging.CRITICAL)
    result = {"versions": {name: importlib.metadata.version(name) for name in ("onnx", "onnxruntime", "torch", "numpy")},
              "rows": ROWS, "quantized": {}}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in MODELS:
            source, target = f"{FOLDER}/models/{name}.onnx", f"{folder}/quantised.onnx"
            with open(source, "rb") as file:
                one = {"sha256": hashlib.sha256(file.read()).hexdigest()}
            one["uint8"] = quantised(source, data, QuantType.QUInt8, target)
            if name.startswith("digits-cnn"):
                one["scales"] = scales(target)
            one["int8"] = quantised(source, data, QuantType.QInt8, target)
            result["quantized"][name] = one
    source = f"{FOLDER}/models/digits-cnn.export-18.onnx"
    result["pruned"] = {"model": "digits-cnn.export-18", "cases": [pruned(source, share) for share in (0.5, 0.8)]}
    with open(f"{FOLDER}/recorded/compression.json", "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


main()
