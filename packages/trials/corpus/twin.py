"""The network that a file of the corpus was exported from, with its weights: what PyTorch's attacks run on."""
import hashlib
import os

import numpy as np
import onnxruntime
import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def folder(kind):
    return os.path.join(HERE, kind)


def twin(model, dtype=torch.float32, weights=None):
    """In evaluation mode, with frozen weights. What wraps a network calls it `core`; its weights go by the names within."""
    path = os.path.join(weights or folder("weights"), f"{model.weights or model.name}.npz")
    network = model.network()
    with np.load(path) as file:
        stored = {name.removeprefix("core."): torch.from_numpy(file[name]) for name in file.files}
    state = network.state_dict()
    for name, value in state.items():
        if name.removeprefix("core.") in stored:
            state[name] = stored[name.removeprefix("core.")]
        elif name.endswith("num_batches_tracked"):
            state[name] = value
        else:
            raise ValueError(f"`{path}` lacks `{name}`")
    network.load_state_dict(state)
    network = network.to(dtype).eval()
    if model.learner is not None:  # their files give probabilities
        network = torch.nn.Sequential(network, torch.nn.Softmax(1))
    return network.requires_grad_(False)


def run_file(path, x):
    """The output of a file on ONNX Runtime: the only one of networks, the last one of pipelines."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[-1]


def must_agree(path, network, x):
    """Attacks on the network count for the file: both answer alike."""
    with torch.no_grad():
        ours = network(torch.from_numpy(x)).numpy()
    theirs = run_file(path, x)
    difference = np.abs(ours - theirs).max() / max(1.0, np.abs(ours).max())
    if not difference < 1e-5:
        raise SystemExit(f"`{path}` answers {difference:.1e} otherwise than its network: make the corpus again")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
