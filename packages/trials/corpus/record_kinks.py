"""Records how gradients of PyTorch behave at ties, at kinks and where 0 meets infinity.

Usage, with the Python of tools/peers/requirements-trials.txt: python packages/trials/corpus/record_kinks.py
Writes packages/trials/corpus/kinks.json: for each case a PyTorch expression, what goes in, the weights dL/dY, what
comes out and the gradients. The same expression in operators of ONNX is in packages/trials/test/gradient/kink-graphs.ts.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

INF = math.inf
torch.set_num_threads(1)
cases = {}


def t(*values, dims=None):
    flat = torch.tensor(values, dtype=torch.float32)
    return flat if dims is None else flat.reshape(dims)


def shown(tensor):
    """Dimensions and numbers; what JSON has no number for, as JavaScript spells it."""
    numbers = tensor.detach().reshape(-1).tolist()
    return [list(tensor.shape), [v if math.isfinite(v) else str(v).replace("inf", "Infinity").replace("nan", "NaN") for v in numbers]]


def case(name, expression, seed=None, **inputs):
    """`seed` is dL/dY: 1, 2, 3, … unless given. What nothing flows to has a gradient of zeros."""
    leaves = {key: value.clone().requires_grad_(True) for key, value in inputs.items()}
    y = eval(expression, globals(), leaves)
    weights = torch.arange(1, y.numel() + 1, dtype=torch.float32).reshape(y.shape) if seed is None else seed.reshape(y.shape)
    found = torch.autograd.grad(y, list(leaves.values()), weights, allow_unused=True)
    gradients = {key: torch.zeros_like(inputs[key]) if grad is None else grad for key, grad in zip(leaves, found)}
    cases[name] = {
        "torch": expression,
        "inputs": {key: shown(value) for key, value in inputs.items()},
        "seed": shown(weights),
        "output": shown(y),
        "gradients": {key: shown(value) for key, value in gradients.items()},
    }


AROUND = t(-1, -0.0, 0, 1)

# Kinks of one variable
case("Relu", "torch.relu(x)", x=t(-1, -0.0, 0, 1, INF, -INF))
case("Abs", "torch.abs(x)", x=AROUND)
case("LeakyRelu", "F.leaky_relu(x, 0.25)", x=AROUND)
case("Elu", "F.elu(x, 1.5)", x=AROUND)
case("Elu, far out", "F.elu(x, 1.5)", x=t(-200, 200))
case("Celu", "F.celu(x, 0.5)", x=AROUND)
case("Celu, far out", "F.celu(x, 0.5)", x=t(-200, 200))
case("Selu", "F.selu(x)", x=t(-200, -1, -0.0, 0, 1, 200))
case("ThresholdedRelu", "F.threshold(x, 0.5, 0.0)", x=t(0, 0.5, 1))
case("Shrink, soft", "F.softshrink(x, 0.5)", x=t(-1, -0.5, 0, 0.5, 1))
case("Shrink, hard", "F.hardshrink(x, 0.5)", x=t(-1, -0.5, 0, 0.5, 1))
case("HardTanh", "F.hardtanh(x, -1.0, 1.0)", x=t(-2, -1, 0, 1, 2))
case("Relu6", "F.relu6(x)", x=t(-1, 0, 3, 6, 7))
case("HardSigmoid", "F.hardsigmoid(x)", x=t(-4, -3, 0, 3, 4))
case("HardSwish", "F.hardswish(x)", x=t(-4, -3, 0, 3, 4))
case("Softsign", "F.softsign(x)", x=AROUND)
case("Softplus, far out", "F.softplus(x)", x=t(-1e4, -100, -20, 20, 21, 100, 1e4))
case("Sigmoid, far out", "torch.sigmoid(x)", x=t(-1e4, -100, 100, 1e4, INF, -INF))
case("Tanh, far out", "torch.tanh(x)", x=t(-1e4, -20, 20, 1e4, INF, -INF))
case("Gelu, far out", "F.gelu(x)", x=t(-1e4, -20, 0, 20, 1e4))
case("Gelu by tanh, far out", "F.gelu(x, approximate='tanh')", x=t(-1e4, -20, 0, 20, 1e4))
case("Swish, far out", "F.silu(x)", x=t(-1e4, -80, 0, 80, 1e4))
case("Mish, far out", "F.mish(x)", x=t(-1e4, -80, 0, 80, 1e4))
case("Erf, far out", "torch.erf(x)", x=t(-1e4, 0, 1e4, INF))
case("Sign", "torch.sign(x)", x=AROUND)
case("Round", "torch.round(x)", x=t(-0.5, 0.5, 1.5, 2))
case("Floor", "torch.floor(x)", x=t(-1, 0, 0.5, 1))
case("Ceil", "torch.ceil(x)", x=t(-1, 0, 0.5, 1))
case("PRelu", "F.prelu(x, slope)", x=t(-1, 0, 1, -0.0, dims=[2, 2]), slope=t(0.25))

# Poles, and 0 · infinity
case("Sqrt at 0", "torch.sqrt(x)", x=t(0, 1))
case("Sqrt at 0, of no weight", "torch.sqrt(x)", seed=t(0, 1), x=t(0, 1))
case("Log at 0", "torch.log(x)", x=t(0, -0.0, 1))
case("Log at 0, of no weight", "torch.log(x)", seed=t(0, 1), x=t(0, 1))
case("Reciprocal at 0", "torch.reciprocal(x)", x=t(0, -0.0, 1))
case("Exp, overflowing", "torch.exp(x)", x=t(-200, 100, -INF))
case("Exp, overflowing, of no weight", "torch.exp(x)", seed=t(0, 0), x=t(100, 1))
case("Asin at its ends", "torch.asin(x)", x=t(-1, 0, 1))
case("Acos at its ends", "torch.acos(x)", x=t(-1, 0, 1))
case("Acosh at its end", "torch.acosh(x)", x=t(1, 2))
case("Atanh at its ends", "torch.atanh(x)", x=t(-1, 0, 1))
case("Div by 0", "a / b", a=t(1, 0, -1), b=t(0, 0, 0))
case("Mul of 0 and infinity", "a * b", a=t(0, 1, INF), b=t(INF, INF, 0))
case("Mul by infinity, of no weight", "a * b", seed=t(0, 0), a=t(1, 0), b=t(INF, -INF))
case("Pow, base 0", "torch.pow(a, b)", a=t(0, 0, 0, 0, 0, 0), b=t(0, 0.5, 1, 2, 3, -1))
case("Pow, exponent 0", "torch.pow(a, b)", a=t(-1, 0, 1, 2, INF), b=t(0, 0, 0, 0, 0))
case("Pow, base negative", "torch.pow(a, b)", a=t(-1, -2, -2, -2), b=t(2, 3, 1, 0.5))
case("Pow of 0 by a number", "torch.pow(a, 0.5)", a=t(0, 1))
case("Square of 0 by Pow", "torch.pow(a, 2.0)", a=t(-1, 0, 1))
case("Where, infinite slope not taken", "torch.where(x > 0, torch.log(x), x)", x=t(-1, 0, 1))
case("Where, root not taken", "torch.where(x > 0, torch.sqrt(x), x)", x=t(0, 1))
case("Where, infinity not taken", "torch.where(a > 0, a, b)", a=t(1, -1, INF, 1), b=t(INF, 1, -1, -INF))
case("Where, masked before a Softmax", "torch.softmax(torch.where(x > 0, x, -INF), -1)", x=t(1, 2, -1, 3, -1, -1, dims=[2, 3]))
case("Where, guarded root", "torch.where(x > 0, torch.sqrt(torch.where(x > 0, x, 1.0)), 0.0)", x=t(0, 1, -1))

# Ties of several variables
case("Max of equals", "torch.maximum(a, b)", a=t(1, 2, 3), b=t(2, 2, 2))
case("Min of equals", "torch.minimum(a, b)", a=t(1, 2, 3), b=t(2, 2, 2))
case("Max of three equals", "torch.maximum(torch.maximum(a, b), c)", a=t(1, 2, 1), b=t(1, 1, 2), c=t(1, 2, 2))
case("Min of three equals", "torch.minimum(torch.minimum(a, b), c)", a=t(1, 2, 1), b=t(1, 1, 2), c=t(1, 2, 2))
case("Max of equal infinities", "torch.maximum(a, b)", a=t(INF, -INF), b=t(INF, -INF))
case("Max of equals, broadcast", "torch.maximum(a, b)", a=t(0, 1, -1, 0, dims=[2, 2]), b=t(0))
case("Clip at its bounds", "torch.clamp(x, low, high)", x=t(-2, -1, 0, 1, 2), low=t(-1).reshape([]), high=t(1).reshape([]))
case("Clip at its bounds, which are numbers", "torch.clamp(x, -1.0, 1.0)", x=t(-2, -1, 0, 1, 2))
case("Clip with one bound, which is a number", "torch.clamp(x, min=-1.0)", x=t(-2, -1, 0))
case("Clip with one bound", "torch.clamp(x, min=low)", x=t(-2, -1, 0), low=t(-1).reshape([]))
case("Clip with bounds that cross", "torch.clamp(x, low, high)", x=t(-2, 0, 1, 2, 3), low=t(2).reshape([]), high=t(1).reshape([]))
case("Clip with bounds that are one", "torch.clamp(x, low, high)", x=t(0, 1, 2), low=t(1).reshape([]), high=t(1).reshape([]))
case("Clip with the upper bound", "torch.clamp(x, max=high)", x=t(0, 1, 2), high=t(1).reshape([]))
case("Mod at a multiple, of the dividend's sign", "torch.fmod(a, b)", a=t(-4, 4, 3, -3), b=t(2, 2, 2, 2))

# Ties along axes
ROWS = t(1, 3, 3, 2, 2, 2, -INF, -INF, 0, dims=[3, 3])
case("ReduceMax of equals", "torch.amax(x, 1, keepdim=True)", x=ROWS)
case("ReduceMin of equals", "torch.amin(x, 1, keepdim=True)", x=ROWS)
case("ReduceMax of equals everywhere", "torch.amax(x, (0, 1), keepdim=True)", x=t(3, 1, 3, 3, dims=[2, 2]))
case("TopK of equals", "torch.topk(x, 2, 1).values", x=t(1, 3, 3, 3, 2, 2, 2, 1, dims=[2, 4]))
case("TopK, least of equals", "torch.topk(x, 2, 1, largest=False).values", x=t(1, 3, 1, 1, 2, 2, 2, 3, dims=[2, 4]))
case("ReduceProd with one 0", "torch.prod(x, 1)", x=t(2, 0, 3, 2, 3, 4, dims=[2, 3]))
case("ReduceProd with two 0", "torch.prod(x, 1)", x=t(0, 0, 3, 0, 0, 0, dims=[2, 3]))
case("ReduceL2 at 0", "torch.linalg.vector_norm(x, 2, 1)", x=t(0, 0, 3, 4, dims=[2, 2]))
case("ReduceL1 at 0", "torch.linalg.vector_norm(x, 1, 1)", x=t(0, 0, 3, 0, dims=[2, 2]))
case("LpNormalization at 0", "F.normalize(x, 2.0, 1)", x=t(0, 0, 3, 4, dims=[2, 2]))
case("LpNormalization at 0, by sums", "F.normalize(x, 1.0, 1)", x=t(0, 0, 3, 0, dims=[2, 2]))
case("ReduceLogSumExp of infinities", "torch.logsumexp(x, 1)", x=t(-INF, 0, 1, 1e4, 1e4, -1e4, dims=[2, 3]))
case("ReduceLogSumExp of nothing", "torch.logsumexp(x, 1)", x=t(-INF, -INF, dims=[1, 2]))
case("Softmax, far out", "torch.softmax(x, 1)", x=t(1e4, 0, -1e4, -INF, 0, 0, dims=[2, 3]))
case("LogSoftmax, far out", "torch.log_softmax(x, 1)", x=t(1e4, 0, -1e4, 0, 0, 0, dims=[2, 3]))
case("CumSum with an infinity", "torch.cumsum(x, 0)", x=t(1, INF, 1))

# Windows
TIED = t(1, 1, 2, 2, 1, 1, 2, 2, 0, 0, 3, 3, 0, 0, 3, 3, dims=[1, 1, 4, 4])
OVERLAP = t(1, 5, 1, 5, 5, 5, 5, 1, 5, 1, 1, 1, 5, 5, 1, 5, 1, 1, 5, 5, 2, 2, 5, 5, 5, dims=[1, 1, 5, 5])
case("MaxPool of equals", "F.max_pool2d(x, 2)", x=TIED)
case("MaxPool of equals, overlapping", "F.max_pool2d(x, 3, 1)", x=OVERLAP)
case("MaxPool of equals, padded", "F.max_pool2d(x, 3, 2, 1)", x=OVERLAP)
case("MaxPool of equals, ceil mode", "F.max_pool2d(x, 2, 2, 0, ceil_mode=True)", x=OVERLAP)
case("MaxPool of equals, padded, ceil mode", "F.max_pool2d(x, 3, 2, 1, ceil_mode=True)", x=t(*range(12), *range(12), dims=[1, 1, 6, 4]) // 3)
case("MaxPool of equals, dilated", "F.max_pool2d(x, 2, 1, 0, 2)", x=OVERLAP)
case("MaxPool of lowest infinities", "F.max_pool2d(x, 2)", x=t(-INF, -INF, -INF, -INF, dims=[1, 1, 2, 2]))
case("MaxPool of equals in a line", "F.max_pool1d(x, 3, 1)", x=t(1, 1, 1, 0, 1, 1, dims=[1, 1, 6]))
case("GlobalMaxPool of equals", "F.adaptive_max_pool2d(x, 1)", x=TIED)
case("AveragePool, ceil mode", "F.avg_pool2d(x, 2, 2, 0, ceil_mode=True)", x=OVERLAP)
case("LpPool at 0", "F.lp_pool2d(x, 2.0, 2)", x=TIED)

# Rows that do not vary
CONSTANT = t(2, 2, 2, 2, 1, 2, 3, 4, dims=[2, 4])
case("LayerNormalization of a constant row", "F.layer_norm(x, [4], s, b)", x=CONSTANT, s=t(1, 2, 3, 4), b=t(0, 0, 0, 1))
case("RMSNormalization of zeros", "F.rms_norm(x, [4], s, 1e-5)", x=t(0, 0, 0, 0, 1, 2, 3, 4, dims=[2, 4]), s=t(1, 2, 3, 4))
case("InstanceNormalization of a constant plane", "F.instance_norm(x, weight=s, bias=b)", x=CONSTANT.reshape(1, 2, 2, 2), s=t(1, 2), b=t(0, 1))
case("GroupNormalization of a constant group", "F.group_norm(x, 2, s, b)", x=CONSTANT.reshape(1, 4, 2), s=t(1, 2, 3, 4), b=t(0, 0, 0, 1))
case("BatchNormalization of a constant channel", "F.batch_norm(x, None, None, s, b, training=True)", x=t(2, 1, 2, 2, 2, 3, dims=[3, 2]), s=t(1, 2), b=t(0, 1))
case("LRN of zeros", "F.local_response_norm(x, 3, 0.5, 0.75, 1.0)", x=t(0, 0, 1, 2, 0, 0, dims=[1, 3, 2, 1]))

if __name__ == "__main__":
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in cases.items())
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kinks.json"), "w") as out:
        out.write(f'{{\n "versions": {{"torch": "{torch.__version__.split("+")[0]}"}},\n "cases": {{\n{lines}\n }}\n}}\n')
    print(len(cases))
