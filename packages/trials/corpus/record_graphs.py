"""Exports networks whose files hold If and Loop, with PyTorch's gradients of their loss.

Usage, with the pins of tools/peers/requirements-trials.txt:
python packages/trials/corpus/record_graphs.py packages/trials/test/graphs
"""
import json
import os
import sys

import onnx
import torch


class Repeated(torch.nn.Module):
    """A layer applied as often as the input is wide, less two, by a loop of TorchScript; a branch by the width of the input."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(6, 6)
        self.head = torch.nn.Linear(6, 3)

    def forward(self, x):
        if x.size(1) == 6:
            h = torch.tanh(x)
        else:
            h = torch.relu(x)
        for i in range(x.size(1) - 2):
            h = torch.tanh(self.layer(h)) + x * float(i)
        return self.head(h)


class Choosing(torch.nn.Module):
    """A branch by what the input holds."""

    def __init__(self):
        super().__init__()
        self.head = torch.nn.Linear(6, 3)

    def forward(self, x):
        if x.sum() > 0:
            h = torch.tanh(x)
        else:
            h = torch.sigmoid(x)
        return self.head(h)


def record(name, network, folder):
    torch.manual_seed(7)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    x = torch.randn(5, 6)
    path = os.path.join(folder, name + ".onnx")
    torch.onnx.export(torch.jit.script(network), (x,), path, dynamo=False, opset_version=17, input_names=["x"],
                      output_names=["y"], dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})
    model = onnx.load(path)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, path)
    labels = torch.tensor([0, 1, 2, 0, 1])
    double, given = network.double(), x.double().requires_grad_(True)
    logits = double(given)
    torch.nn.functional.cross_entropy(logits, labels, reduction="sum").backward()
    return {"file": name + ".onnx", "operators": sorted({node.op_type for node in model.graph.node}),
            "x": x.reshape(-1).tolist(), "labels": labels.tolist(), "logits": logits.detach().reshape(-1).tolist(),
            "gradient": given.grad.reshape(-1).tolist()}


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
cases = [record("repeated", Repeated(), folder), record("choosing", Choosing(), folder)]
with open(os.path.join(folder, "recorded.json"), "w") as out:
    json.dump({"recordedFrom": {"torch": torch.__version__, "onnx": onnx.__version__}, "cases": cases}, out)
    out.write("\n")
