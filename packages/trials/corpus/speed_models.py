"""Networks with random weights, for measuring speed only: their ONNX files are not committed.

Usage, with the Python of tools/peers/requirements-trials.txt:
    python packages/trials/corpus/speed_models.py FOLDER
writes FOLDER/{speed-cnn,speed-resnet18,speed-transformer}.onnx and, beside each, .npz with x and y of 64 rows.
"""
import os
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from networks import Cnn, Transformer


class Basic(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.short = nn.Sequential()
        if stride != 1 or before != after:
            self.short = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.short(x))


class ResNet18(nn.Module):
    """ResNet-18 for 32 × 32 images (He et al. 2015, with the first layer that CIFAR-10 is given)."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        widths = (64, 64, 64, 128, 128, 256, 256, 512, 512)
        pairs = list(zip(widths, widths[1:]))
        self.blocks = nn.Sequential(*(Basic(a, b, 2 if a != b else 1) for a, b in pairs))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.bn1(self.conv1(x))))
        return self.fc(x.mean((2, 3)))


SPEED = {
    "speed-cnn": (lambda: Cnn((32, 64), 128, side=28), (1, 28, 28)),
    "speed-resnet18": (ResNet18, (3, 32, 32)),
    "speed-transformer": (lambda: Transformer(side=28, patch=4, width=64, heads=4, depth=4), (1, 28, 28)),
}


def speed_network(name):
    """The same weights each time on a machine."""
    torch.manual_seed(5)
    return SPEED[name][0]().eval().requires_grad_(False)


def speed_samples(name, rows=64):
    random = np.random.Generator(np.random.PCG64(5))
    return random.random((rows, *SPEED[name][1]), np.float32), random.integers(0, 10, rows)


def main(folder):
    from export import export_network

    os.makedirs(folder, exist_ok=True)
    for name in SPEED:
        x, y = speed_samples(name)
        export_network(speed_network(name), torch.from_numpy(x[:2]), os.path.join(folder, f"{name}.onnx"), "export", 18)
        np.savez(os.path.join(folder, f"{name}.npz"), x=x, y=y)
        print(name, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
