"""Records what onnx's ReferenceEvaluator computes in float64: one line a case in vectors/FAMILY.json.

Usage, with the pins of tools/peers/requirements-onnx.txt: python packages/testkit/test/float64/record.py
"""
import base64
import json
import os
import zlib

import numpy as np
import onnx
from onnx import helper as h
from onnx.reference import ReferenceEvaluator

FOLDER = os.path.join(os.path.dirname(__file__), "vectors")
NAMES = {v: k for k, v in onnx.TensorProto.DataType.items()}
families: dict[str, list] = {}
failed: list[str] = []


def rng(seed):
    return np.random.default_rng(zlib.crc32(repr(seed).encode()))


def f(*dims, low=-2.0, high=2.0, seed=0):
    """Doubles that are multiples of 1/64: exact, and short as text."""
    return np.round(rng((dims, low, high, seed)).uniform(low, high, dims) * 64) / 64


def positive(*dims, seed=0):
    return f(*dims, low=0.25, high=3.0, seed=seed)


def i(*values, dtype=np.int64):
    return np.array(values, dtype)


def scalar(value, dtype=np.int64):
    return np.array(value, dtype)


def tensor(value):
    data = np.ascontiguousarray(value)
    kind = NAMES[h.np_dtype_to_tensor_dtype(data.dtype)]
    flat = data.reshape(-1)
    return [kind, list(value.shape), [spelt(x) for x in flat.tolist()]]


def spelt(x):
    """JSON has no NaN or infinity, and no integers beyond 2^53."""
    if isinstance(x, bool):
        return int(x)
    if isinstance(x, int) and abs(x) > 2**53:
        return str(x)
    if isinstance(x, float) and not np.isfinite(x):
        return str(x)
    return int(x) if isinstance(x, float) and x.is_integer() and not (x == 0 and np.signbit(x)) else x


def attribute(proto):
    value = h.get_attribute_value(proto)
    kind = onnx.AttributeProto.AttributeType.Name(proto.type)
    if kind == "STRING":
        value = value.decode()
    elif kind == "STRINGS":
        value = [v.decode() for v in value]
    elif kind == "TENSOR":
        value = tensor(onnx.numpy_helper.to_array(value))
    elif kind in ("INTS", "FLOATS"):
        value = list(value)
    return [kind, value]


def case(family, op, inputs, outputs=1, opset=18, expected=None, **attributes):
    """Runs one node; `expected` replaces the reference where it does not follow the specification."""
    names = ["" if x is None else f"x{n}" for n, x in enumerate(inputs)]
    results = [f"y{n}" for n in range(outputs)]
    node = h.make_node(op, names, results, **attributes)
    infos = [
        h.make_tensor_value_info(n, h.np_dtype_to_tensor_dtype(x.dtype), x.shape) for n, x in zip(names, inputs) if x is not None
    ]
    graph = h.make_graph([node], "g", infos, [h.make_value_info(n, onnx.TypeProto()) for n in results])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset)])
    try:
        got = expected or ReferenceEvaluator(model).run(None, {n: x for n, x in zip(names, inputs) if x is not None})
        got = [np.asarray(x) for x in got]
        if any(x.dtype == np.float32 for x in got):
            failed.append(f"{family} {op} {opset} {attributes}: float32 inside")
            return
    except Exception as error:  # what the reference cannot do is told at the end
        failed.append(f"{family} {op} {opset} {attributes}: {type(error).__name__} {str(error)[:200]}")
        return
    families.setdefault(family, []).append(
        {
            "op": op,
            "opset": opset,
            "attributes": {a.name: attribute(a) for a in node.attribute},
            "inputs": [None if x is None else tensor(x) for x in inputs],
            "outputs": [tensor(x) for x in got],
        }
    )


def save():
    os.makedirs(FOLDER, exist_ok=True)
    for family, cases in families.items():
        with open(os.path.join(FOLDER, f"{family}.json"), "w") as out:
            out.write(f'{{"recordedFrom":{{"onnx":"{onnx.__version__}","numpy":"{np.__version__}"}},"cases":[\n')
            out.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases))
            out.write("\n]}\n")
    print({family: len(cases) for family, cases in families.items()}, sum(map(len, families.values())))
    print(*failed, sep="\n")


# --- elementwise ------------------------------------------------------------------------------------------------------
for op in "Abs Neg Sign Relu Ceil Floor Round Exp Sin Cos Tan Atan Sinh Cosh Tanh Asinh Sigmoid Softplus Softsign HardSwish Mish Identity".split():
    case("elementwise", op, [f(2, 3, 4, low=-3, high=3)])
for op in "Sqrt Log Reciprocal".split():
    case("elementwise", op, [positive(3, 4)])
for op in "Asin Acos Atanh".split():
    case("elementwise", op, [f(12, low=-0.95, high=0.95)])
case("elementwise", "Acosh", [f(12, low=1.01, high=4)])
case("elementwise", "Erf", [f(5, 8, low=-5, high=5)])
case("elementwise", "Round", [np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49])])
for op in ("Elu", "Celu", "Selu", "LeakyRelu", "ThresholdedRelu", "HardSigmoid", "Shrink"):
    case("elementwise", op, [f(3, 7, low=-3, high=3)])
for op in ("Elu", "Celu", "LeakyRelu", "ThresholdedRelu"):
    case("elementwise", op, [f(3, 7, low=-3, high=3, seed=1)], alpha=0.75)
case("elementwise", "Selu", [f(9)], alpha=1.5, gamma=0.75)
case("elementwise", "HardSigmoid", [f(3, 7, low=-3, high=3)], alpha=0.5, beta=0.25)
case("elementwise", "Shrink", [f(3, 7)], lambd=0.75, bias=0.25)
for kind in ("none", "tanh"):
    case("elementwise", "Gelu", [f(3, 7, low=-3, high=3)], opset=20, approximate=kind)
special = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0])
case("elementwise", "IsNaN", [special])
for pair in ((1, 1), (0, 1), (1, 0)):
    case("elementwise", "IsInf", [special], detect_positive=pair[0], detect_negative=pair[1])
case("elementwise", "Not", [np.array([True, False])])
for op in ("Abs", "Neg", "Sign"):
    case("elementwise", op, [i(-(2**62) - 1, 0, 7)])

# --- arithmetic -------------------------------------------------------------------------------------------------------
shapes = (((2, 3, 4), (2, 3, 4)), ((2, 3, 4), (4,)), ((3, 1), (2, 1, 4)), ((), (2, 2)), ((0, 2), (1, 2)))
for a, b in shapes:
    for op in "Add Sub Mul Div Greater GreaterOrEqual Less LessOrEqual Equal".split():
        case("arithmetic", op, [f(*a), positive(*b, seed=1)])
    case("arithmetic", "Pow", [positive(*a), f(*b, seed=1)])
    case("arithmetic", "PRelu", [f(2, 3, 4), f(*a[-1:], seed=1)] if len(a) == 3 else [f(2, 3, 4), f(3, 1, seed=2)], opset=16)
    case("arithmetic", "Where", [f(*a) > 0, f(*a, seed=1), f(*b, seed=2)])
    for op in ("And", "Or", "Xor"):
        case("arithmetic", op, [f(*a) > 0, f(*b, seed=1) > 0])
    for op in ("Min", "Max", "Sum", "Mean"):
        case("arithmetic", op, [f(*a), f(*b, seed=1), f(1, seed=2)])
for op in ("Add", "Sub", "Mul"):
    case("arithmetic", op, [i(2**62, -5, 7), i(3, -4, 2)])
case("arithmetic", "Div", [i(8, 9, 7), i(3, 4, 2)])
case("arithmetic", "Pow", [f(5), i(2)], opset=15)
case("arithmetic", "Mod", [i(-7, 7, -7, 7, 6), i(3, 3, -3, -3, 3)])
case("arithmetic", "Mod", [i(-7, 7, -7, 7), i(3, 3, -3, -3)], fmod=1)
case("arithmetic", "Mod", [f(3, 4, low=-5, high=5), positive(4)], fmod=1)
case("arithmetic", "Equal", [i(2**62 + 1, 2**62), i(2**62, 2**62)])
case("arithmetic", "Clip", [f(3, 4), scalar(-0.5, float), scalar(0.75, float)])
case("arithmetic", "Clip", [f(3, 4), None, scalar(0.75, float)], opset=12)
case("arithmetic", "Clip", [f(3, 4), scalar(-0.5, float)])
case("arithmetic", "Clip", [f(3, 4)])

# --- matrix -----------------------------------------------------------------------------------------------------------
for a, b in (((3, 4), (4, 2)), ((2, 3, 4), (4, 2)), ((2, 1, 3, 4), (3, 4, 2)), ((4,), (4, 2)), ((3, 4), (4,)), ((4,), (4,)), ((2, 3, 4), (4,)), ((4,), (2, 4, 3))):
    case("matrix", "MatMul", [f(*a), f(*b, seed=1)])
for ta in (0, 1):
    for tb in (0, 1):
        a, b = f(3, 4).T if ta else f(3, 4), f(4, 2).T if tb else f(4, 2)
        case("matrix", "Gemm", [a, b], transA=ta, transB=tb)
        case("matrix", "Gemm", [a, b, f(2)], transA=ta, transB=tb, alpha=0.5, beta=0.25)
for c in ((3, 2), (3, 1), (1,), ()):
    case("matrix", "Gemm", [f(3, 4), f(4, 2), f(*c)], beta=2.0)
for dims in ((1, 1), (3, 3), (2, 4, 4)):
    case("matrix", "Det", [f(*dims)])
for equation, *dims in (
    ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 2)), ("ij->ji", (2, 3)), ("ii->i", (3, 3)),
    ("ii", (3, 3)), ("i,j->ij", (2,), (3,)), ("ij->", (2, 3)), ("...ij,...jk->...ik", (2, 3, 4), (2, 4, 2)), ("...ij,jk->...ik", (2, 2, 3, 4), (4, 2)),
    ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)), ("i,i", (3,), (3,)), ("ba", (2, 3)), ("...i->...", (2, 3)), ("ij,j,jk->i", (2, 3), (3,), (3, 2)), ("iij->ji", (2, 2, 3)),
):
    case("matrix", "Einsum", [f(*d, seed=n) for n, d in enumerate(dims)], equation=equation)

# --- convolution ------------------------------------------------------------------------------------------------------
for x, w, attributes in (
    ((2, 3, 6, 5), (4, 3, 3, 2), {}),
    ((1, 2, 7), (3, 2, 3), {"pads": [2, 1], "strides": [2]}),
    ((1, 4, 6, 6), (6, 2, 3, 3), {"group": 2, "pads": [1, 0, 2, 1], "strides": [2, 1]}),
    ((1, 3, 7, 7), (3, 1, 3, 3), {"group": 3, "dilations": [2, 1], "pads": [1, 1, 1, 1]}),
    ((1, 2, 7, 6), (2, 2, 3, 3), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ((1, 2, 6, 7), (2, 2, 2, 4), {"auto_pad": "SAME_LOWER", "strides": [1, 1]}),
    ((1, 2, 6, 6), (2, 2, 3, 3), {"auto_pad": "VALID"}),
    ((1, 2, 4, 4, 3), (2, 2, 2, 3, 2), {"pads": [1, 0, 0, 0, 1, 1]}),
):
    case("convolution", "Conv", [f(*x), f(*w, seed=1)], **attributes)
    case("convolution", "Conv", [f(*x), f(*w, seed=1), f(w[0], seed=2)], kernel_shape=list(w[2:]), **attributes)
for x, w, attributes in (
    ((2, 3, 3, 4), (3, 2, 3, 3), {}),
    ((1, 2, 5), (2, 3, 3), {"strides": [2], "pads": [1, 0], "output_padding": [1]}),
    ((1, 4, 3, 3), (4, 2, 2, 3), {"group": 2, "strides": [2, 3]}),
    ((1, 1, 3, 3), (1, 2, 3, 3), {"strides": [3, 2], "output_shape": [10, 8]}),
    ((1, 1, 3, 3), (1, 2, 3, 3), {"dilations": [2, 2]}),
    ((1, 1, 3, 3), (1, 2, 3, 3), {"strides": [2, 2], "pads": [1, 2, 1, 2]}),
    ((1, 1, 3, 3), (1, 2, 3, 3), {"strides": [2, 2], "auto_pad": "SAME_UPPER"}),
):
    case("convolution", "ConvTranspose", [f(*x), f(*w, seed=1)], **attributes)
    case("convolution", "ConvTranspose", [f(*x), f(*w, seed=1), f(w[1] * attributes.get("group", 1), seed=2)], **attributes)
case("convolution", "Col2Im", [f(1, 5, 5), i(5, 5), i(1, 5)])
case("convolution", "Col2Im", [f(2, 8, 9), i(4, 4), i(2, 2)])
case("convolution", "Col2Im", [f(1, 9, 4), i(5, 5), i(3, 3)], strides=[2, 2])
case("convolution", "Col2Im", [f(1, 4, 16), i(3, 3), i(2, 2)], pads=[1, 1, 1, 1])

# --- pooling ----------------------------------------------------------------------------------------------------------
pools = (
    ((1, 2, 6, 5), {"kernel_shape": [2, 2]}),
    ((2, 1, 7), {"kernel_shape": [3], "strides": [2]}),
    ((1, 2, 6, 7), {"kernel_shape": [3, 2], "strides": [2, 3], "pads": [1, 0, 1, 1]}),
    ((1, 1, 7, 8), {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
    ((1, 1, 8, 8), {"kernel_shape": [3, 3], "dilations": [2, 2]}),
    ((1, 1, 5, 7), {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ((1, 1, 5, 7), {"kernel_shape": [2, 2], "auto_pad": "SAME_LOWER"}),
    ((1, 1, 4, 4, 5), {"kernel_shape": [2, 2, 3]}),
)
for x, attributes in pools:
    case("pooling", "MaxPool", [f(*x)], 2, **attributes)
    case("pooling", "LpPool", [f(*x)], **attributes)
    case("pooling", "LpPool", [f(*x)], p=3, **attributes)
    case("pooling", "AveragePool", [f(*x)], opset=19, **attributes)
    case("pooling", "AveragePool", [f(*x)], opset=19, count_include_pad=1, **attributes)
case("pooling", "MaxPool", [np.zeros((1, 1, 4, 4))], 2, kernel_shape=[2, 2])
case("pooling", "MaxPool", [f(2, 2, 5, 6)], 2, kernel_shape=[2, 2], storage_order=1)
for x in ((2, 3, 4, 5), (1, 2, 3)):
    for op in ("GlobalAveragePool", "GlobalMaxPool"):
        case("pooling", op, [f(*x)])
    case("pooling", "GlobalLpPool", [f(*x)], expected=[np.sqrt((f(*x) ** 2).sum(tuple(range(2, len(x))), keepdims=True))])
case("pooling", "MaxUnpool", [f(1, 1, 2, 2), np.array([[[[5, 7], [13, 15]]]])], kernel_shape=[2, 2], strides=[2, 2])

save()
