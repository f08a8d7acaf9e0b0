"""Records what PyTorch says of gradients through quantisation: straight through, but 0 where it clipped.

Usage, with the pins of tools/peers/requirements-trials.txt:
python packages/trials/corpus/record_quantisation.py packages/trials/test/gradient/quantisation.json
"""
import json
import sys

import torch

RANGES = {"UINT8": (0, 255), "INT8": (-128, 127)}


def case(kind, scale, zero, axis, seed):
    generator = torch.Generator().manual_seed(seed)
    low, high = RANGES[kind]
    scales = torch.tensor(scale, dtype=torch.float32)
    zeros = torch.tensor(zero, dtype=torch.int32)
    per = (scales if scales.dim() == 0 else scales.reshape(1, -1, 1)).expand(2, 3, 8)
    # From below the range to above it, some exactly at its ends.
    steps = torch.rand((2, 3, 8), generator=generator) * (high - low) * 1.5 + low - (high - low) * 0.25
    steps[0, 0, 0], steps[0, 0, 1], steps[0, 0, 2] = float(low), float(high), high + 0.75
    shift = zeros if zeros.dim() == 0 else zeros.reshape(1, -1, 1)
    x = ((steps - shift) * per).detach().requires_grad_(True)
    if axis is None:
        y = torch.fake_quantize_per_tensor_affine(x, scales, zeros, low, high)
    else:
        y = torch.fake_quantize_per_channel_affine(x, scales, zeros, axis, low, high)
    seed_gradient = torch.rand((2, 3, 8), generator=generator) - 0.5
    y.backward(seed_gradient)
    return {"type": kind, "scale": scale, "zero": zero, "axis": axis, "x": x.detach().reshape(-1).tolist(),
            "y": y.detach().reshape(-1).tolist(), "dy": seed_gradient.reshape(-1).tolist(),
            "dx": x.grad.reshape(-1).tolist()}


cases = [case("UINT8", 0.0625, 128, None, 1), case("INT8", 0.03125, -3, None, 2), case("UINT8", 0.1, 7, None, 3),
         case("INT8", [0.0625, 0.5, 0.013], [0, 4, -5], 1, 4)]
with open(sys.argv[1], "w") as out:
    json.dump({"recordedFrom": {"torch": torch.__version__}, "cases": cases}, out)
    out.write("\n")
