"""Records what onnx's ReferenceEvaluator computes in float64, and where it lacks something or errs, a closed form or what
ONNX Runtime computes in float32: one line a case in vectors/FAMILY.json.

Usage, with the pins of tools/peers/requirements-onnx.txt: python packages/testkit/test/float64/record.py
"""
import base64
import json
import math
import os
import zlib

import numpy as np
import onnx
import onnxruntime
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
        return str(x).replace("inf", "Infinity").replace("nan", "NaN")
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


def model_of(op, inputs, outputs, opset, attributes):
    names = ["" if x is None else f"x{n}" for n, x in enumerate(inputs)]
    results = [f"y{n}" for n in range(outputs)]
    node = h.make_node(op, names, results, **attributes)
    infos = [h.make_tensor_value_info(n, h.np_dtype_to_tensor_dtype(x.dtype), x.shape) for n, x in zip(names, inputs) if x is not None]
    graph = h.make_graph([node], "g", infos, [h.make_value_info(n, onnx.TypeProto()) for n in results])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=10)
    return model, {n: x for n, x in zip(names, inputs) if x is not None}


def keep(family, op, opset, model, inputs, got, **more):
    families.setdefault(family, []).append(
        {
            "op": op,
            "opset": opset,
            "attributes": {a.name: attribute(a) for a in model.graph.node[0].attribute},
            "inputs": [None if x is None else tensor(x) for x in inputs],
            "outputs": [tensor(np.asarray(x)) for x in got],
            **more,
        }
    )


def case(family, op, inputs, outputs=1, opset=18, expected=None, **attributes):
    """Runs one node; `expected` replaces the reference where it does not follow the specification."""
    model, feeds = model_of(op, inputs, outputs, opset, attributes)
    # The reference has cubic coefficients in float32.
    more = {"precision": 4e-6} if attributes.get("mode") == "cubic" and not expected else {}
    try:
        got = expected or ReferenceEvaluator(model).run(None, feeds)
        keep(family, op, opset, model, inputs, got, **more)
    except Exception as error:  # what the reference cannot do is told at the end
        failed.append(f"{family} {op} {opset} {attributes}: {type(error).__name__} {str(error)[:200]}")


def on_runtime(family, op, inputs, outputs=1, opset=18, precision=1e-6, **attributes):
    """ONNX Runtime in float32, for what the reference lacks."""
    single = [x if x is None or x.dtype != np.float64 else x.astype(np.float32) for x in inputs]
    model, feeds = model_of(op, single, outputs, opset, attributes)
    model = onnx.shape_inference.infer_shapes(model)
    try:
        got = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feeds)
        got = [x.astype(np.float64) if x.dtype == np.float32 else x for x in got]
        doubles = [x if x is None or x.dtype != np.float32 else x.astype(np.float64) for x in single]
        keep(family, op, opset, model, doubles, got, precision=precision)
    except Exception as error:
        failed.append(f"runtime {family} {op} {opset} {attributes}: {type(error).__name__} {str(error)[:300]}")


def differentiable():
    """Operators of the standard set up to version 23 that have an output tagged differentiable."""
    newest = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == "" and schema.since_version <= 23 and not schema.deprecated:
            newest.setdefault(schema.name, []).append(schema)
    tag = onnx.defs.OpSchema.DifferentiationCategory.Differentiable
    chosen = {name: max(list, key=lambda s: s.since_version) for name, list in newest.items()}
    return sorted(name for name, s in chosen.items() if any(o.differentiation_category == tag for o in s.outputs))


def save():
    os.makedirs(FOLDER, exist_ok=True)
    for family, cases in families.items():
        with open(os.path.join(FOLDER, f"{family}.json"), "w") as out:
            out.write(f'{{"recordedFrom":{{"onnx":"{onnx.__version__}","onnxruntime":"{onnxruntime.__version__}","numpy":"{np.__version__}"}},"cases":[\n')
            out.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases))
            out.write("\n]}\n")
    with open(os.path.join(FOLDER, "..", "differentiable.json"), "w") as out:
        json.dump({"recordedFrom": {"onnx": onnx.__version__}, "operators": differentiable()}, out, indent=2)
        out.write("\n")
    print({family: len(cases) for family, cases in families.items()}, sum(map(len, families.values())))
    print(*failed, sep="\n")


# --- elementwise ------------------------------------------------------------------------------------------------------
for op in "Abs Neg Sign Relu Ceil Floor Round Exp Sin Cos Tan Atan Sinh Cosh Tanh Asinh Sigmoid Softplus Softsign Mish Identity".split():
    case("elementwise", op, [f(2, 3, 4, low=-3, high=3)])
for op in "Sqrt Log Reciprocal".split():
    case("elementwise", op, [positive(3, 4)])
for op in "Asin Acos Atanh".split():
    case("elementwise", op, [f(12, low=-0.95, high=0.95)])
case("elementwise", "Acosh", [f(12, low=1.01, high=4)])
# The reference's own erf is good to 1e-8 only, and its HardSwish and Gelu have float32 constants inside.
erf = np.vectorize(math.erf, otypes=[float])
x = f(5, 8, low=-6.5, high=6.5)
case("elementwise", "Erf", [x], expected=[erf(x)])
x = f(3, 7, low=-4, high=4)
case("elementwise", "HardSwish", [x], expected=[x * np.clip(x + 3, 0, 6) / 6])
case("elementwise", "Gelu", [x], opset=20, expected=[x * (1 + erf(x / math.sqrt(2))) / 2])
case("elementwise", "Gelu", [x], opset=20, approximate="tanh", expected=[x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))])
case("elementwise", "Round", [np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49])])
for op in ("Elu", "Celu", "Selu", "LeakyRelu", "ThresholdedRelu", "HardSigmoid", "Shrink"):
    case("elementwise", op, [f(3, 7, low=-3, high=3)])
for op in ("Elu", "Celu", "LeakyRelu", "ThresholdedRelu"):
    case("elementwise", op, [f(3, 7, low=-3, high=3, seed=1)], alpha=0.75)
case("elementwise", "Selu", [f(9)], alpha=1.5, gamma=0.75)
case("elementwise", "HardSigmoid", [f(3, 7, low=-3, high=3)], alpha=0.5, beta=0.25)
case("elementwise", "Shrink", [f(3, 7)], lambd=0.75, bias=0.25)
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
        if (op, a) == ("Mean", (3, 1)):
            continue  # the reference adds in place; the runtime's answer is below
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


def max_pool(x, kernel_shape, strides=None, pads=None, dilations=None, ceil_mode=0, storage_order=0):
    """The reference's indices are wrong where the stride is not the kernel: every tap is a slice here, the first maximum wins."""
    plane, rank = x.shape[2:], len(kernel_shape)
    strides, dilations, pads = strides or [1] * rank, dilations or [1] * rank, pads or [0] * (2 * rank)
    extra = [(0, 0)] * 2 + [(pads[a], pads[a + rank] + kernel_shape[a] * dilations[a]) for a in range(rank)]
    order = np.arange(x.size).reshape(x.shape)
    if storage_order:
        order = np.arange(x.size).reshape(*x.shape[:2], *plane[::-1]).transpose(0, 1, *range(rank + 1, 1, -1))
    wide, places = np.pad(x, extra, constant_values=-np.inf), np.pad(order, extra, constant_values=-1)
    counts = []
    for a in range(rank):
        steps = (plane[a] + pads[a] + pads[a + rank] - (kernel_shape[a] - 1) * dilations[a] - 1) / strides[a]
        counts.append(int(math.ceil(steps) if ceil_mode else math.floor(steps)) + 1)
        if ceil_mode and (counts[a] - 1) * strides[a] >= plane[a] + pads[a]:
            counts[a] -= 1
    taps = [
        (slice(None), slice(None), *(slice(t[a] * dilations[a], t[a] * dilations[a] + (counts[a] - 1) * strides[a] + 1, strides[a]) for a in range(rank)))
        for t in np.ndindex(*kernel_shape)
    ]
    values, indices = np.stack([wide[t] for t in taps]), np.stack([places[t] for t in taps])
    best = values.argmax(0)[None]
    return [np.take_along_axis(values, best, 0)[0], np.take_along_axis(indices, best, 0)[0]]


for x, attributes in pools:
    case("pooling", "MaxPool", [f(*x)], **attributes)
    if "auto_pad" not in attributes:
        case("pooling", "MaxPool", [f(*x)], 2, expected=max_pool(f(*x), **attributes), **attributes)
    case("pooling", "AveragePool", [f(*x)], opset=19, **attributes)
    case("pooling", "AveragePool", [f(*x)], opset=19, count_include_pad=1, **attributes)
    if "ceil_mode" not in attributes:  # there the reference scales a cut window up to the whole kernel, which no runtime does
        case("pooling", "LpPool", [f(*x)], **attributes)
        case("pooling", "LpPool", [f(*x)], p=3, **attributes)
case("pooling", "MaxPool", [np.zeros((1, 1, 4, 4))], 2, kernel_shape=[2, 2], expected=max_pool(np.zeros((1, 1, 4, 4)), [2, 2]))
case("pooling", "MaxPool", [f(2, 2, 5, 6)], 2, kernel_shape=[2, 2], storage_order=1, expected=max_pool(f(2, 2, 5, 6), [2, 2], storage_order=1))
for x in ((2, 3, 4, 5), (1, 2, 3)):
    axes = tuple(range(2, len(x)))
    case("pooling", "GlobalAveragePool", [f(*x)], expected=[f(*x).mean(axes, keepdims=True)])
    case("pooling", "GlobalMaxPool", [f(*x)], expected=[f(*x).max(axes, keepdims=True)])
    case("pooling", "GlobalLpPool", [f(*x)], expected=[np.sqrt((f(*x) ** 2).sum(axes, keepdims=True))])
case("pooling", "MaxUnpool", [f(1, 1, 2, 2), np.array([[[[5, 7], [13, 15]]]])], kernel_shape=[2, 2], strides=[2, 2])

# --- reduction --------------------------------------------------------------------------------------------------------
for op in "ReduceSum ReduceMean ReduceProd ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp".split():
    x = positive(2, 3, 4)
    case("reduction", op, [x, i(1)])
    case("reduction", op, [x, i(-1, 0)], keepdims=0)
    case("reduction", op, [x])
    case("reduction", op, [x, np.zeros(0, np.int64)], keepdims=0)
    if op == "ReduceSum":
        case("reduction", op, [x, np.zeros(0, np.int64)], noop_with_empty_axes=1)
        case("reduction", op, [x], opset=11, axes=[0, 2])
        case("reduction", op, [np.zeros((2, 0)), i(1)])
        case("reduction", op, [i(3, 4, -9), i(0)], keepdims=0)
    else:
        case("reduction", op, [x], opset=13, axes=[-2], keepdims=0)
for op in ("ArgMax", "ArgMin"):
    for axis in (0, -1):
        for last in (0, 1):
            case("reduction", op, [np.round(f(3, 4, 5))], axis=axis, keepdims=last, select_last_index=last)
for exclusive in (0, 1):
    for reverse in (0, 1):
        case("reduction", "CumSum", [f(2, 3, 4), scalar(1 - 2 * reverse)], exclusive=exclusive, reverse=reverse)
for axis, largest in ((0, 1), (-1, 0), (1, 1)):
    x = rng(axis).permutation(60).reshape(3, 4, 5) / 4.0
    case("reduction", "TopK", [x, i(2)], 2, axis=axis, largest=largest)

# --- softmax ----------------------------------------------------------------------------------------------------------
for op in ("Softmax", "LogSoftmax", "Hardmax"):
    for axis in (0, 1, -1):
        case("softmax", op, [f(2, 3, 4, low=-9, high=9)], axis=axis, opset=13)
    case("softmax", op, [f(2, 3, 4)], opset=13)
    flat = f(2, 3, 4).reshape(2, 12)
    e = np.exp(flat) / np.exp(flat).sum(1, keepdims=True)
    old = {"Softmax": e, "LogSoftmax": np.log(e), "Hardmax": (flat == flat.max(1, keepdims=True)).astype(float)}[op]
    case("softmax", op, [f(2, 3, 4)], opset=11, expected=[old.reshape(2, 3, 4)])
case("softmax", "Softmax", [f(3, 4, low=600, high=900)], opset=13)
for x, labels in (((4, 3), i(0, 2, 1, 1)), ((2, 3, 2), i(0, 1, 2, 2).reshape(2, 2))):
    for kind in ("none", "sum", "mean"):
        for weights in (None, positive(3)):
            more = [] if weights is None else [weights]
            for ignored in ({}, {"ignore_index": 1}):
                case("softmax", "NegativeLogLikelihoodLoss", [f(*x), labels, *more], reduction=kind, opset=13, **ignored)
                case("softmax", "SoftmaxCrossEntropyLoss", [f(*x), labels, *more], 2, reduction=kind, opset=13, **ignored)
case("softmax", "Dropout", [f(3, 4)], 2)
case("softmax", "Dropout", [f(3, 4), scalar(0.25, float), scalar(False, bool)], 2)

# --- normalisation ----------------------------------------------------------------------------------------------------
for x in ((2, 3, 4, 5), (4, 3), (2, 3, 5)):
    c = [positive(3, seed=1), f(3, seed=2), f(3, seed=3), positive(3, seed=4)]
    case("normalisation", "BatchNormalization", [f(*x), *c], opset=15)
    case("normalisation", "BatchNormalization", [f(*x), *c], opset=15, epsilon=0.01)
    case("normalisation", "BatchNormalization", [f(*x), *c], 3, opset=15, training_mode=1, momentum=0.75)
    if len(x) > 2:
        case("normalisation", "InstanceNormalization", [f(*x), *c[:2]])
        case("normalisation", "InstanceNormalization", [f(*x), *c[:2]], epsilon=0.25)
    case("normalisation", "LpNormalization", [f(*x)])
    # The reference's L1 norm is a sum without absolute values.
    case("normalisation", "LpNormalization", [f(*x)], p=1, axis=0, expected=[f(*x) / abs(f(*x)).sum(0, keepdims=True)])
    for axis in (-1, 1):
        shape = x[axis:]
        case("normalisation", "LayerNormalization", [f(*x), f(*shape, seed=1), f(*shape, seed=2)], axis=axis, opset=17, epsilon=0.125)
        case("normalisation", "LayerNormalization", [f(*x), f(*shape, seed=1)], 3, axis=axis, opset=17)
        case("normalisation", "RMSNormalization", [f(*x), f(*shape, seed=1)], axis=axis, opset=23)
for groups in (1, 2, 4):
    x = f(2, 4, 3, 3)
    grouped = x.reshape(2, groups, -1)
    standard = ((grouped - grouped.mean(2, keepdims=True)) / np.sqrt(grouped.var(2, keepdims=True) + 0.125)).reshape(x.shape)
    for count, opset in ((groups, 18), (4, 21)):
        scale, bias = positive(count, seed=1), f(count, seed=2)
        per_channel = [np.repeat(v, 4 // count).reshape(1, 4, 1, 1) for v in (scale, bias)]
        expected = [standard * per_channel[0] + per_channel[1]]
        case("normalisation", "GroupNormalization", [x, scale, bias], opset=opset, num_groups=groups, epsilon=0.125, expected=expected)


def lrn(x, size, alpha=1e-4, beta=0.75, bias=1.0):
    """The reference's has float32 inside, and takes the batch for the channels."""
    alpha, beta = float(np.float32(alpha)), float(np.float32(beta))
    low, high = (size - 1) // 2, -(-(size - 1) // 2)
    sums = [(x[:, max(0, c - low) : c + high + 1] ** 2).sum(1) for c in range(x.shape[1])]
    return [x / (bias + alpha / size * np.stack(sums, 1)) ** beta]


for size in (1, 2, 3, 5):
    case("normalisation", "LRN", [f(2, 5, 3, 2)], size=size, expected=lrn(f(2, 5, 3, 2), size))
    case("normalisation", "LRN", [f(1, 4, 3, 2)], size=size, alpha=0.5, beta=0.5, bias=2.0, expected=lrn(f(1, 4, 3, 2), size, 0.5, 0.5, 2.0))
for axes in ([0, 2, 3], [1], [2, 3]):
    x = f(2, 3, 4, 2)
    mean, deviation = x.mean(tuple(axes), keepdims=True), x.std(tuple(axes), keepdims=True)
    case("normalisation", "MeanVarianceNormalization", [x], axes=axes, opset=13, expected=[(x - mean) / (deviation + float(np.float32(1e-9)))])

# --- shape ------------------------------------------------------------------------------------------------------------
x = f(2, 3, 4)
for wanted in (i(4, 6), i(-1, 2), i(0, -1), i(2, 3, 4, 1), i(24)):
    case("shape", "Reshape", [x, wanted], opset=14)
case("shape", "Reshape", [np.zeros((0, 3)), i(3, 0)], opset=14, allowzero=1)
for axis in (0, 1, 2, 3, -1):
    case("shape", "Flatten", [x], axis=axis)
case("shape", "Squeeze", [f(1, 3, 1), i(0)])
case("shape", "Squeeze", [f(1, 3, 1), i(-1, 0)])
case("shape", "Squeeze", [f(1, 3, 1)])
case("shape", "Squeeze", [f(1, 3, 1)], opset=11, axes=[2])
case("shape", "Unsqueeze", [f(2, 3), i(0, -1)])
case("shape", "Unsqueeze", [f(2, 3), i(1)])
case("shape", "Unsqueeze", [f(2, 3)], opset=11, axes=[0, 3])
case("shape", "Transpose", [x])
for perm in ([0, 2, 1], [2, 0, 1], [1, 2, 0]):
    case("shape", "Transpose", [x], perm=perm)
case("shape", "Expand", [f(3, 1), i(2, 1, 4)])
case("shape", "Expand", [f(3, 1), i(1, 1)])
case("shape", "Tile", [f(2, 3), i(2, 3)])
case("shape", "Tile", [f(2, 1, 3), i(1, 2, 1)])
for axis in (0, 1, -1):
    others = [f(2, 3, 4), f(*(5 if n == axis % 3 else d for n, d in enumerate((2, 3, 4))), seed=1), f(2, 3, 4, seed=2)]
    case("shape", "Concat", others, axis=axis)
case("shape", "Concat", [i(1, 2), i(3)], axis=0)
case("shape", "Split", [f(6, 2)], 3, num_outputs=3)
case("shape", "Split", [f(7, 2)], 3, num_outputs=3)
case("shape", "Split", [f(2, 7), i(3, 4)], 2, axis=1)
case("shape", "Split", [f(2, 7)], 2, axis=-1, split=[2, 5], opset=11)
case("shape", "Split", [f(2, 6)], 2, axis=-1, opset=11)
x = f(5, 6, 3)
case("shape", "Slice", [x, i(1, 0), i(4, 5), i(0, 1), i(2, 1)])
case("shape", "Slice", [x, i(-1), i(-2**63), i(1), i(-2)])
case("shape", "Slice", [x, i(-3, 1), i(2**62, -1)])
case("shape", "Slice", [x, i(4), i(1), i(0)])
case("shape", "Slice", [x, i(20), i(0), i(-3), i(-3)])
for mode in ("DCR", "CRD"):
    case("shape", "DepthToSpace", [f(1, 8, 2, 3)], blocksize=2, mode=mode)
case("shape", "SpaceToDepth", [f(2, 2, 4, 6)], blocksize=2)
for upper in (0, 1):
    for k in (-1, 0, 2):
        case("shape", "Trilu", [f(2, 4, 5), scalar(k)], upper=upper)
    case("shape", "Trilu", [f(3, 3)], upper=upper)
case("shape", "CenterCropPad", [f(4, 7, 3), i(6, 4, 3)])
case("shape", "CenterCropPad", [f(4, 7, 3), i(9, 2)], axes=[1, 2])
case("shape", "CenterCropPad", [f(4, 7, 3), i(4, 6)], axes=[1, 2])
for mode in ("constant", "reflect", "edge", "wrap"):
    case("shape", "Pad", [f(3, 4), i(1, 2, 2, 1)], mode=mode, opset=19)
    case("shape", "Pad", [f(2, 3, 4), i(2, 1), None, i(-1)], mode=mode, opset=19)
case("shape", "Pad", [f(3, 4), i(0, 1, 2, 0), scalar(1.5, float)])
case("shape", "Pad", [f(3, 5), i(0, -1, 1, -2)], expected=[np.pad(f(3, 5)[:, 1:3], ((0, 1), (0, 0)))])

# --- gathering --------------------------------------------------------------------------------------------------------
case("gathering", "Gather", [f(5, 3), i(0, -1, 2)])
case("gathering", "Gather", [f(2, 5, 3), i(4, 1, 0, -5).reshape(2, 2)], axis=1)
case("gathering", "Gather", [f(2, 5), scalar(3)], axis=-1)
case("gathering", "GatherElements", [f(3, 3), i(1, 2, 0, 2, 0, -1).reshape(2, 3)])
case("gathering", "GatherElements", [f(3, 4), i(1, 3, 0, -2, 0, 0).reshape(3, 2)], axis=1)
case("gathering", "GatherND", [f(2, 3, 4), i(0, 1, 1, 2).reshape(2, 2)])
case("gathering", "GatherND", [f(2, 3, 4), i(0, 1, 1, 1, 2, 3).reshape(2, 1, 3)])
case("gathering", "GatherND", [f(2, 3, 4), i(1, 2).reshape(2, 1)], batch_dims=1)
case("gathering", "GatherND", [f(2, 2, 4), i(1, 3, 0, 1).reshape(2, 2, 1)], batch_dims=2, expected=[np.take_along_axis(f(2, 2, 4), i(1, 3, 0, 1).reshape(2, 2, 1), 2)[..., 0]])
for how in ("none", "add", "mul", "min", "max"):
    indices = i(1, 0, 2, 0, 2, 1) if how == "none" else i(1, 0, 1, 1, 2, 1)
    case("gathering", "ScatterElements", [f(3, 3), indices.reshape(2, 3), f(2, 3, seed=1)], reduction=how)
    case("gathering", "ScatterElements", [f(2, 5), i(1, 3, -1, 0).reshape(2, 2), f(2, 2, seed=1)], axis=1, reduction=how)
    where = i(1, 3) if how == "none" else i(1, 1)
    case("gathering", "ScatterND", [f(4, 3), where.reshape(2, 1), f(2, 3, seed=1)], reduction=how)
    case("gathering", "ScatterND", [f(4, 3), i(0, 1, 3, 2).reshape(2, 2), f(2, seed=1)], reduction=how)
case("gathering", "ScatterElements", [i(1, 2**62, 3), i(1), i(5)], reduction="none")
case("gathering", "Compress", [f(3, 2), np.array([False, True, True])], axis=0)
case("gathering", "Compress", [f(3, 2), np.array([False, True, False, True])])

# --- constants and conversion -----------------------------------------------------------------------------------------
case("constants", "ConstantOfShape", [i(2, 3)], value=onnx.numpy_helper.from_array(np.array([1.5])))
case("constants", "ConstantOfShape", [i(2)], value=onnx.numpy_helper.from_array(i(7)))
case("constants", "Constant", [], value=onnx.numpy_helper.from_array(f(2, 3)))
case("constants", "Constant", [], value_ints=[1, 2, 3])
case("constants", "Constant", [], value_int=-4)
case("constants", "Range", [scalar(1), scalar(10), scalar(3)])
case("constants", "Range", [scalar(2.0, float), scalar(-1.0, float), scalar(-0.75, float)])
case("constants", "Shape", [f(2, 3, 4)])
case("constants", "Shape", [f(2, 3, 4)], start=1, end=-1)
case("constants", "Size", [f(2, 3, 4)])
case("constants", "EyeLike", [f(3, 4)], k=1)
case("constants", "EyeLike", [f(3, 3)], k=-1, dtype=7)
for axis in (-1, 0, 1):
    case("constants", "OneHot", [i(0, 2, -1, 1).reshape(2, 2), scalar(3), np.array([0.25, 4.0])], axis=axis)
case("constants", "NonZero", [np.round(f(3, 4))])
case("conversion", "Cast", [np.array([-2.7, -0.2, 0.0, 3.9])], to=7)
case("conversion", "Cast", [np.array([-2.7, -0.2, 0.0, 3.9])], to=6)
case("conversion", "Cast", [np.array([-2.7, 0.0, 3.9])], to=9)
case("conversion", "Cast", [i(-3, 0, 5)], to=11)
case("conversion", "Cast", [i(300, -1, 5)], to=2)
case("conversion", "Cast", [np.array([True, False])], to=11)
case("conversion", "CastLike", [f(3), i(1)])
for zero in (None, scalar(100, np.uint8), scalar(-5, np.int8)):
    more = [] if zero is None else [zero]
    case("conversion", "QuantizeLinear", [f(4, 5, low=-30, high=30), scalar(0.125, float), *more], opset=19)
case("conversion", "QuantizeLinear", [f(2, 3, 4), np.array([0.125, 0.5, 0.01]), i(0, 3, -4, dtype=np.int8)], axis=1, opset=19)
case("conversion", "DequantizeLinear", [i(0, 3, 255, dtype=np.uint8), scalar(0.125, float), scalar(128, np.uint8)], opset=19)
case("conversion", "DequantizeLinear", [i(*range(-6, 6), dtype=np.int8).reshape(2, 3, 2), np.array([0.125, 0.5, 2]), i(0, 3, -4, dtype=np.int8)], axis=1, opset=19)

# --- resize -----------------------------------------------------------------------------------------------------------
modes = "half_pixel half_pixel_symmetric pytorch_half_pixel align_corners asymmetric".split()
no = np.zeros(0)
for mode in ("nearest", "linear", "cubic"):
    for place in modes:
        case("resize", "Resize", [f(1, 2, 4, 3), None, np.array([1, 1, 1.75, 2])], opset=19, mode=mode, coordinate_transformation_mode=place)
        down = np.array([1, 1, 0.6 if place == "align_corners" else 0.625, 0.5])
        case("resize", "Resize", [f(1, 1, 5, 6), None, down], opset=19, mode=mode, coordinate_transformation_mode=place)
        case("resize", "Resize", [f(1, 1, 5, 6), None, None, i(1, 1, 7, 3)], opset=19, mode=mode, coordinate_transformation_mode=place)
    case("resize", "Resize", [f(1, 1, 4, 5), None, None, i(7, 3)], opset=19, mode=mode, axes=[2, 3])
    for policy in ("not_larger", "not_smaller"):
        case("resize", "Resize", [f(1, 1, 4, 6), None, None, i(7, 8)], opset=19, mode=mode, axes=[2, 3], keep_aspect_ratio_policy=policy)
    case("resize", "Resize", [f(1, 1, 6, 6), np.array([0, 0, 0.375, 0.5, 1, 1, 0.625, 0.75]), None, i(1, 1, 3, 3)], opset=19, mode=mode, coordinate_transformation_mode="tf_crop_and_resize")
    case("resize", "Resize", [f(1, 1, 6, 6), np.array([0, 0, 0.375, 0.5, 1, 1, 1.25, 1.75]), None, i(1, 1, 3, 3)], opset=19, mode=mode, coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=10.0)
    case("resize", "Resize", [f(3, 5), no, np.array([2.0, 1.5])], opset=13, mode=mode)
for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
    case("resize", "Resize", [f(1, 1, 4, 4), None, np.array([1, 1, 2.0, 1.5])], opset=19, nearest_mode=rounding, coordinate_transformation_mode="asymmetric")
    case("resize", "Resize", [f(1, 1, 4, 4), None, None, i(1, 1, 8, 7)], opset=19, nearest_mode=rounding)
case("resize", "Resize", [f(1, 1, 4, 4), None, np.array([1, 1, 2.0, 0.75])], opset=19, mode="cubic", cubic_coeff_a=-0.5)
case("resize", "Resize", [f(1, 1, 4, 4), None, np.array([1, 1, 2.0, 0.75])], opset=19, mode="cubic", exclude_outside=1)
for mode in ("linear", "cubic"):
    case("resize", "Resize", [f(1, 1, 7, 8), None, np.array([1, 1, 0.5, 0.75])], opset=19, mode=mode, antialias=1)
    case("resize", "Resize", [f(1, 1, 7, 8), None, None, i(1, 1, 3, 3)], opset=19, mode=mode, antialias=1, exclude_outside=1)
case("resize", "Upsample", [f(1, 1, 2, 3), np.array([1, 1, 2.0, 3.0])], opset=9, expected=[f(1, 1, 2, 3).repeat(2, 2).repeat(3, 3)])

# --- sampling ---------------------------------------------------------------------------------------------------------
for mode in ("linear", "nearest", "cubic"):
    for padding in ("zeros", "border", "reflection"):
        for align in (0, 1):
            grid = f(2, 3, 4, 2, low=-1.4, high=1.4)
            case("sampling", "GridSample", [f(2, 2, 4, 5), grid], opset=20, mode=mode, padding_mode=padding, align_corners=align)
case("sampling", "GridSample", [f(1, 1, 3, 4, 2), f(1, 2, 2, 2, 3, low=-1.2, high=1.2)], opset=20)
for align in (0, 1):
    theta = f(2, 2, 3)
    ys, xs = [np.linspace(-1, 1, n) if align else (2 * np.arange(n) + 1) / n - 1 for n in (3, 4)]
    base = np.stack([*np.meshgrid(xs, ys), np.ones((3, 4))], -1)
    case("sampling", "AffineGrid", [theta, i(2, 1, 3, 4)], opset=20, align_corners=align, expected=[np.einsum("nij,hwj->nhwi", theta, base)])
rois = np.array([[0.5, 1, 4, 5], [2, 0, 6.5, 3.25], [-2, -1, 9, 9]])
for place in ("half_pixel", "output_half_pixel"):
    for ratio in (0, 2):
        case("sampling", "RoiAlign", [f(2, 2, 6, 7), rois, i(0, 1, 1)], opset=16, output_height=2, output_width=3, sampling_ratio=ratio, coordinate_transformation_mode=place)

# --- attention --------------------------------------------------------------------------------------------------------
q, k, v = f(2, 4, 3, 8), f(2, 4, 5, 8, seed=1), f(2, 4, 5, 6, seed=2)
case("attention", "Attention", [q, k, v], opset=23)
case("attention", "Attention", [q, k, v], opset=23, scale=0.25, softcap=2.0)
case("attention", "Attention", [q, k, v], opset=23, is_causal=1)
case("attention", "Attention", [q, k, v, f(3, 5, seed=3)], opset=23)
case("attention", "Attention", [q, k, v, f(2, 1, 3, 5, seed=3) > -1], opset=23, is_causal=1)
case("attention", "Attention", [q, k, v, f(3, 5, seed=3) > 0], 4, opset=23, qk_matmul_output_mode=3)
case("attention", "Attention", [q, f(2, 2, 5, 8), f(2, 2, 5, 6)], opset=23)
case("attention", "Attention", [q, k, v, None, f(2, 4, 2, 8, seed=4), f(2, 4, 2, 6, seed=5)], 3, opset=23, is_causal=1)
case("attention", "Attention", [f(2, 3, 8), f(2, 5, 8), f(2, 5, 8, seed=1)], opset=23, q_num_heads=2, kv_num_heads=2)
case("attention", "Attention", [f(2, 3, 8), f(2, 5, 4), f(2, 5, 6, seed=1)], opset=23, q_num_heads=4, kv_num_heads=2)
for interleaved in (0, 1):
    case("attention", "RotaryEmbedding", [f(2, 3, 4, 8), f(9, 4), f(9, 4, seed=1), i(0, 1, 2, 3, 5, 8, 1, 0).reshape(2, 4)], opset=23, interleaved=interleaved)
    case("attention", "RotaryEmbedding", [f(2, 4, 24), f(2, 4, 4), f(2, 4, 4, seed=1)], opset=23, interleaved=interleaved, num_heads=3)
    case("attention", "RotaryEmbedding", [f(2, 3, 4, 8), f(2, 4, 2), f(2, 4, 2, seed=1)], opset=23, interleaved=interleaved, rotary_embedding_dim=4)

# --- recurrent --------------------------------------------------------------------------------------------------------
for op, gates, outputs in (("RNN", 1, 2), ("GRU", 3, 2), ("LSTM", 4, 3)):
    for direction, d in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
        w, r, b = f(d, gates * 3, 2), f(d, gates * 3, 3, seed=1), f(d, 2 * gates * 3, seed=2)
        h0, c0, p = f(d, 2, 3, seed=3), f(d, 2, 3, seed=4), f(d, 9, seed=5)
        x = f(4, 2, 2, seed=6)
        case("recurrent", op, [x, w, r], outputs, opset=14, hidden_size=3, direction=direction)
        case("recurrent", op, [x, w, r, b], outputs, opset=14, hidden_size=3, direction=direction)
        case("recurrent", op, [x, w, r, b, None, h0], outputs, opset=14, hidden_size=3, direction=direction)
        if op == "LSTM":
            case("recurrent", op, [x, w, r, b, None, h0, c0, p], outputs, opset=14, hidden_size=3, direction=direction)
        if op == "GRU":
            case("recurrent", op, [x, w, r, b, None, h0], outputs, opset=14, hidden_size=3, direction=direction, linear_before_reset=1)
        if d == 1:
            case("recurrent", op, [x, w, r, b], outputs, opset=14, hidden_size=3, direction=direction, layout=1)

# --- what only the runtime has ----------------------------------------------------------------------------------------
for op, gates, outputs, names in (("RNN", 1, 2, ["Relu"]), ("GRU", 3, 2, ["HardSigmoid", "Softsign"]), ("LSTM", 4, 3, ["HardSigmoid", "Softsign", "Elu"])):
    for direction, d in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
        x, w, r, b = f(4, 3, 2, seed=6), f(d, gates * 3, 2), f(d, gates * 3, 3, seed=1), f(d, 2 * gates * 3, seed=2)
        lengths = i(4, 2, 3, dtype=np.int32)
        more = {"opset": 14, "hidden_size": 3, "direction": direction}
        on_runtime("recurrent", op, [x, w, r, b, lengths], outputs, **more)
        on_runtime("recurrent", op, [x, w, r, b, lengths, f(d, 3, 3, seed=3)], outputs, activations=names * d, **more)
        if op != "LSTM":  # there the runtime does not clip what goes into the last activation
            on_runtime("recurrent", op, [x, w, r, b], outputs, clip=0.5, **more)
        else:
            on_runtime("recurrent", op, [x, w, r, b], outputs, input_forget=1, **more)
on_runtime("convolution", "ConvTranspose", [f(2, 4, 3, 3), f(4, 2, 2, 3, seed=1), f(4, seed=2)], group=2, strides=[2, 3])
on_runtime("convolution", "ConvTranspose", [f(2, 4, 3, 3), f(4, 1, 2, 3, seed=1)], group=4, strides=[2, 1], pads=[0, 1, 1, 0], output_padding=[1, 0])
on_runtime("convolution", "ConvTranspose", [f(1, 1, 3, 3), f(1, 2, 3, 3, seed=1)], strides=[2, 2], auto_pad="SAME_LOWER")
on_runtime("convolution", "ConvTranspose", [f(1, 1, 3, 3), f(1, 2, 4, 4, seed=1)], strides=[2, 2], output_shape=[7, 6], auto_pad="SAME_UPPER")
for more in ({}, {"count_include_pad": 1}):
    on_runtime("pooling", "AveragePool", [f(1, 2, 7, 8)], opset=19, kernel_shape=[3, 3], strides=[2, 3], pads=[1, 0, 1, 1], ceil_mode=1, **more)
    on_runtime("pooling", "AveragePool", [f(1, 2, 6, 6)], opset=19, kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1, **more)
    on_runtime("pooling", "AveragePool", [f(1, 1, 9)], opset=19, kernel_shape=[3], dilations=[2], pads=[1, 2], **more)
on_runtime("pooling", "MaxPool", [f(1, 2, 6, 6)], 2, kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1)
on_runtime("pooling", "MaxPool", [f(1, 2, 6, 6)], 2, kernel_shape=[2, 2], strides=[3, 3], auto_pad="SAME_LOWER")
on_runtime("pooling", "LpPool", [f(1, 2, 7, 8)], kernel_shape=[3, 3], strides=[2, 3], ceil_mode=1)
on_runtime("pooling", "MaxUnpool", [f(1, 1, 2, 2), np.array([[[[5, 7], [13, 15]]]]), i(1, 1, 5, 5)], opset=11, kernel_shape=[2, 2], strides=[2, 2])
on_runtime("pooling", "MaxRoiPool", [f(1, 2, 6, 6), np.array([[0.0, 0, 0, 4, 5], [0, 1, 2, 5, 3], [0, 3, 3, 30, 9]])], pooled_shape=[2, 3], spatial_scale=0.5)
on_runtime("sampling", "RoiAlign", [f(2, 2, 6, 7), rois, i(0, 1, 1)], opset=16, output_height=2, output_width=3, sampling_ratio=2, mode="max")
on_runtime("sampling", "RoiAlign", [f(2, 2, 6, 7), rois, i(0, 1, 1)], opset=10, output_height=3, output_width=2, spatial_scale=0.5)
for mode in ("linear", "cubic"):
    on_runtime("resize", "Resize", [f(1, 1, 5, 6), None, np.array([1, 1, 0.625, 1.3], np.float32)], opset=19, mode=mode, coordinate_transformation_mode="align_corners", precision=1e-5)
on_runtime("gathering", "GatherND", [f(2, 2, 4), i(1, 3, 0, -1).reshape(2, 2, 1)], batch_dims=2)
on_runtime("shape", "Pad", [f(3, 5), i(0, -1, 1, -2)])
on_runtime("shape", "Unsqueeze", [f(2, 3)], opset=11, axes=[2, 0])
on_runtime("arithmetic", "Div", [i(-7, 7, -7, 7), i(2, -2, -2, 2)])
on_runtime("arithmetic", "Mean", [f(3, 1), f(2, 1, 4, seed=1), f(1, seed=2)], opset=13)
on_runtime("arithmetic", "Clip", [i(-5, 0, 9), scalar(-1), scalar(4)])
on_runtime("constants", "OneHot", [i(0, 2, -1, 5).reshape(2, 2), scalar(3), np.array([0.25, 4.0])], axis=1)
on_runtime("attention", "Attention", [q, k, v, f(3, 5, seed=3)], opset=23, precision=1e-5)
# Keys' kernel by hand: x = 0.25 between samples 1 and 2 of 4
a, t, x = -0.75, 0.25, f(4)
weights = [a * (t + 1) ** 3 - 5 * a * (t + 1) ** 2 + 8 * a * (t + 1) - 4 * a, (a + 2) * t**3 - (a + 3) * t**2 + 1]
t = 1 - t
weights += [(a + 2) * t**3 - (a + 3) * t**2 + 1, a * (t + 1) ** 3 - 5 * a * (t + 1) ** 2 + 8 * a * (t + 1) - 4 * a]
region = np.array([1.25 / 3 - 0.125, 1.25 / 3 + 0.125])
case("resize", "Resize", [x, region, None, i(1)], opset=19, mode="cubic", coordinate_transformation_mode="tf_crop_and_resize", expected=[np.array([np.dot(weights, x)])])

save()
