"""PyTorch: state dicts, tensors of every type, checkpoints with an optimizer and TorchScript, in every container."""

import collections

import torch

from sample import Family

family = Family("benign", "torch", "torch")
torch.manual_seed(4)

MODULES = {
    "linear": torch.nn.Linear(4, 2),
    "mlp": torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2)),
    "convolution": torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)),
    "embedding": torch.nn.Embedding(10, 4),
    "lstm": torch.nn.LSTM(4, 4),
    "transformer": torch.nn.TransformerEncoderLayer(4, 2, 8),
    "norm": torch.nn.LayerNorm(8),
}
TYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64,
         torch.bool, torch.complex64, torch.float8_e4m3fn, torch.float8_e5m2, torch.uint16, torch.uint32]
BASE = torch.arange(12, dtype=torch.float32)
VALUES = {f"type-{str(kind).removeprefix('torch.')}": torch.ones(3).to(kind) for kind in TYPES} | {
    "view": [BASE, BASE[2:6], BASE.view(3, 4).t()],
    "parameter": torch.nn.Parameter(torch.ones(2)),
    "scalar": torch.tensor(1.5),
    "empty": torch.zeros(0, 3),
    "requires-grad": torch.ones(2, requires_grad=True),
    "size-dtype-device": {"size": torch.Size([1, 2]), "dtype": torch.float16, "device": torch.device("cpu")},
    "sparse": torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.0, 2.0], (2, 2)),
    "csr": torch.tensor([[1.0, 0], [0, 2.0]]).to_sparse_csr(),
    "quantised": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8),
    "numbers": {"epoch": 3, "loss": [0.1, 0.2], "name": "run", "nested": collections.OrderedDict(a=(1, None))},
}


def save(name, value, format, why, legacy=False, **more):
    torch.save(value, family.path(name), _use_new_zipfile_serialization=not legacy, **more)
    family.written(name, format, why, load="torch@scan-torch")


for name, module in MODULES.items():
    for extension in ("pt", "bin", "pth"):
        save(f"state/{name}.{extension}", module.state_dict(), "pytorch", f"the weights of a module: {name}")
    save(f"legacy/{name}.pt", module.state_dict(), "pytorch-legacy", f"the weights of a module, in the old format: {name}", legacy=True)
    optimizer = torch.optim.Adam(module.parameters())
    for parameter in module.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    save(f"checkpoint/{name}.ckpt", {"epoch": 4, "model": module.state_dict(), "optimizer": optimizer.state_dict(), "rng": torch.get_rng_state()}, "pytorch", f"a checkpoint with its optimizer: {name}")
for protocol in (3, 4, 5):
    save(f"protocol/p{protocol}.pt", MODULES["mlp"].state_dict(), "pytorch", f"pickled in protocol {protocol}", pickle_protocol=protocol)
for name, value in VALUES.items():
    save(f"values/{name}.pt", value, "pytorch", f"a value: {name}")
for name in ("type-float32", "view", "parameter", "scalar", "numbers", "sparse"):
    save(f"legacy/value-{name}.pt", VALUES[name], "pytorch-legacy", f"a value in the old format: {name}", legacy=True)


class Gate(torch.nn.Module):
    def forward(self, x):
        if x.sum() > 0:
            return x * 2
        return torch.relu(x)


for name, module in MODULES.items() | {"gate": Gate()}.items():
    torch.jit.save(torch.jit.script(module.eval()), str(family.path(f"script/{name}.pt")))
    family.written(f"script/{name}.pt", "torchscript", f"a compiled module: {name}", varies=True)
torch.jit.save(torch.jit.trace(MODULES["mlp"].eval(), torch.zeros(1, 4)), str(family.path("script/traced.pt")), _extra_files={"labels.txt": "cat\ndog\n"})
family.written("script/traced.pt", "torchscript", "a traced module with a text beside it", varies=True)
# A whole module is a pickle of classes of torch.nn.
for name in ("linear", "mlp", "norm", "embedding"):
    save(f"whole/{name}.pt", MODULES[name].cpu(), "pytorch", f"a whole module: {name}")

family.finish()
