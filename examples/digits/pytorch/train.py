"""A small convolutional network in PyTorch, exported to build/plain.onnx: what is deployed is this file."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(7)
torch.set_num_threads(1)
with np.load("build/train.npz") as file:
    x, y = torch.from_numpy(file["x"]), torch.from_numpy(file["y"])
network = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(),
    nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 10),
)
optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
for epoch in range(15):
    for rows in torch.randperm(len(y)).split(64):
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
        optimiser.step()
network.eval()
torch.onnx.export(
    network, (x[:2],), "build/plain.onnx", dynamo=True, external_data=False, verbose=False, opset_version=18,
    input_names=["image"], output_names=["logits"], dynamic_shapes=({0: torch.export.Dim("rows")},),
)
