"""TorchScript archives whose program touches files when it runs: compiled by PyTorch, which has operators for it."""

import pickle

import torch

from gadgets import TOUCH, calls
from assemble import assemble
from sample import Family

family = Family("malicious", "torchscript", "torch")


class FromFile(torch.nn.Module):
    def forward(self, x):
        return x + torch.from_file("holdfast-marker", True, 1)


class FromFileIf(torch.nn.Module):
    def forward(self, x):
        if x.dim() == 1:
            for _ in range(2):
                return x + torch.from_file("holdfast-marker", True, 1)


class Save(torch.nn.Module):
    def forward(self, x):
        torch.save(x, "holdfast-marker")
        return x


class Inner(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(1, 1), FromFile())

    def forward(self, x):
        return self.layers(x)


class Method(torch.nn.Module):
    def helper(self, name: str):
        return torch.from_file(name + "-marker", True, 1)

    def forward(self, x):
        return x + self.helper("holdfast")


@torch.jit.script
def aside(x: torch.Tensor):
    torch.save(x, "holdfast-marker")
    return x


class Function(torch.nn.Module):
    def forward(self, x):
        return aside(x)


for module in (FromFile, FromFileIf, Save, Inner, Method, Function):
    name = f"{module.__name__.lower()}.pt"
    torch.jit.save(torch.jit.script(module()), str(family.path(name)))
    family.written(name, "torchscript", f"the program writes a file when the model runs: {module.__name__}", effect="file", load="torchscript@scan-torch", varies=True)

# What torch.jit.save() takes along as it is.
extra = {"labels.pkl": assemble(calls("os:system", TOUCH), 2)}
torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), str(family.path("extra.pt")), _extra_files=extra)
family.written("extra.pt", "torchscript", "an extra file is a pickle that runs a program", effect="process", load="zip-entry", steps=["extra/extra/labels.pkl"], varies=True)

family.finish()
