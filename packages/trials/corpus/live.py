"""Runs a peer's attack on a model file, beside ours. Prints one line of JSON for each attack.

Usage, with the Python of tools/peers/requirements-trials.txt:
    python packages/trials/corpus/live.py MODEL.onnx [--data FILE.npz] [--attack NAME[,NAME…]] [--norm linf] [--eps 0.1]
        [--steps 40] [--rows 200] [--seed 5] [--threads 1] [--repeat 10]
NAME: `gradient` (PyTorch's, eager, of a batch of all rows; `seconds` is the median of --repeat), `art.pgd`, `foolbox.pgd`,
`autoattack.apgd-ce`, … (an unknown name lists them); NAME:NORM:EPS:STEPS says what the flags say for one attack
alone, such as `art.deepfool:l2:0.5:50`. Attacks that minimise the norm answer with that of each row, `norms`. The file is one on images of the corpus or of speed_models.py: its
network is known by its name, and must answer as the file does.
"""
import argparse
import importlib.metadata
import json
import os
import resource
import sys
import time

START = time.perf_counter()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--data", help="npz with x and y; else the test rows of the corpus, or random ones")
    parser.add_argument("--attack", default="art.pgd")
    parser.add_argument("--norm", default="linf", choices=("linf", "l2", "l1"))
    parser.add_argument("--eps", type=float, default=0.1)
    for name, value in (("steps", 40), ("rows", 200), ("seed", 5), ("threads", 1), ("repeat", 10)):
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()


def network_and_samples(path):
    from speed_models import SPEED, speed_network, speed_samples

    name = os.path.basename(path).split(".")[0]
    if name in SPEED:
        return speed_network(name), speed_samples(name)
    from catalogue import model
    from samples import inputs
    from twin import twin

    one = model(name)
    if one.data != "digits" or one.input not in ("plain", "channels-last"):
        raise SystemExit(f"`{name}` takes no images in [0, 1]: only those are attacked here")
    return twin(one), inputs(one)


def peak_memory():
    """Bytes, of this process until now."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def gradient(network, x, y, repeat):
    """Median seconds of forward and backward with respect to the rows, after a first one, `firstAt` seconds from the start."""
    import statistics

    import torch
    from torch.nn import functional as F

    x, y, taken, first = torch.from_numpy(x), torch.from_numpy(y), [], None
    for _ in range(repeat + 1):
        begin = time.perf_counter()
        rows = x.clone().requires_grad_()
        torch.autograd.grad(F.cross_entropy(network(rows), y, reduction="sum"), rows)
        taken.append(time.perf_counter() - begin)
        first = first or time.perf_counter() - START
    return {"attack": "gradient", "rows": len(x), "seconds": statistics.median(taken[1:]), "firstAt": first}


def main():
    wanted = arguments()
    import numpy as np
    import torch

    import attacks
    from twin import digest, must_agree

    torch.set_num_threads(wanted.threads)
    network, (x, y) = network_and_samples(wanted.model)
    if wanted.data is not None:
        with np.load(wanted.data) as file:
            x, y = file["x"], file["y"]
    x, y = np.ascontiguousarray(x[: wanted.rows], np.float32), y[: wanted.rows].astype(np.int64)
    must_agree(wanted.model, network, x)
    about = {
        "model": os.path.basename(wanted.model), "sha256": digest(wanted.model), "threads": wanted.threads,
        "memoryBefore": peak_memory(),
        "versions": {name: importlib.metadata.version(name)
                     for name in ("torch", "adversarial-robustness-toolbox", "foolbox", "pyautoattack")},
    }
    for each in wanted.attack.split(","):
        name, norm, eps, steps = (each.split(":") + [""] * 3)[:4]
        if name == "gradient":
            result = gradient(network, x, y, wanted.repeat)
        else:
            attacks.attack(name)  # loads its library
            begin = time.perf_counter()
            chosen = norm or wanted.norm, float(eps or wanted.eps), wanted.seed, int(steps or wanted.steps)
            result, norms = attacks.outcome(name, network, x, y, *chosen)
            if name.split(".")[1] in attacks.MINIMAL:
                result["norms"] = attacks.rounded(norms)
            result["seconds"] = time.perf_counter() - begin
            result["success"] = 1 - result["robust"] / result["clean"] if result["clean"] > 0 else None
        result["sinceStart"] = time.perf_counter() - START
        result["peakMemory"] = peak_memory()
        print(json.dumps({**result, **about}), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    main()
