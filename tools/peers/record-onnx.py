"""Makes the ONNX vectors: runs what Holdfast wrote, makes what Holdfast must read, and what it must refuse.

Usage, from the root of the repository, with the pins of requirements-onnx.txt:
    node --conditions=source tools/peers/write-onnx.ts
    python tools/peers/record-onnx.py
"""
import copy
import json
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper as h, numpy_helper as nh

ROOT = os.path.join(os.path.dirname(__file__), "..", "..", "spec", "vectors")
VALID = os.path.join(ROOT, "valid")
BAD = os.path.join(ROOT, "must-fail", "onnx")
os.makedirs(BAD, exist_ok=True)
VERSIONS = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "numpy": np.__version__}


def record(name, value):
    with open(os.path.join(VALID, name), "w") as out:
        json.dump({"recordedFrom": VERSIONS, **value}, out, indent=1)
        out.write("\n")


def serialise(model):
    return model.SerializeToString(deterministic=True)


# --- what Holdfast wrote: accepted by the checker, run by the runtime -------------------------------------------------
written = {}
inputs = np.array([[0, 0, 0], [1, 2, 3], [-1.5, 0.25, 4], [100, -100, 0.5]], np.float32)
for name in ("logistic", "perceptron"):
    path = os.path.join(VALID, f"onnx-written-{name}.onnx")
    onnx.checker.check_model(path, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (output,) = session.run(None, {"x": inputs})
    written[name] = {"file": f"onnx-written-{name}.onnx", "inputs": inputs.tolist(), "outputs": output.astype(float).tolist()}
record("onnx-written.json", {"models": written})


# --- what Holdfast must read ------------------------------------------------------------------------------------------
def facts(model):
    """What Python reads in a model, without subgraphs."""
    graph = model.graph
    return {
        "irVersion": model.ir_version,
        "opsets": {o.domain or "ai.onnx": o.version for o in model.opset_import},
        "producer": {"name": model.producer_name, "version": model.producer_version},
        "graph": graph.name,
        "inputs": [i.name for i in graph.input],
        "outputs": [o.name for o in graph.output],
        "nodes": [[n.domain, n.op_type, list(n.input), list(n.output), sorted(a.name for a in n.attribute)] for n in graph.node],
        "tensors": {
            t.name: {
                "type": TensorProto.DataType.Name(t.data_type),
                "dims": list(t.dims),
                **({"values": values(t)} if has_values(t) else {}),
            }
            for t in graph.initializer
        },
    }


PLAIN = ("FLOAT DOUBLE INT8 UINT8 BOOL INT16 UINT16 INT32 UINT32 INT64 UINT64 STRING").split()


def has_values(t):
    return t.data_location == TensorProto.DEFAULT and TensorProto.DataType.Name(t.data_type) in PLAIN


def values(t):
    array = nh.to_array(t).reshape(-1)
    if t.data_type == TensorProto.STRING:
        return [v.decode() if isinstance(v, bytes) else str(v) for v in array]
    # 64-bit integers as text: JSON numbers are not exact beyond 2^53
    return [str(v) if array.dtype.itemsize == 8 and array.dtype.kind in "iu" else v.item() for v in array]


def save(name, model, check=True):
    if check:
        onnx.checker.check_model(model)
    with open(os.path.join(VALID, f"onnx-{name}.onnx"), "wb") as out:
        out.write(serialise(model))
    read[name] = {"file": f"onnx-{name}.onnx", **facts(model)}


read = {}
F = TensorProto.FLOAT
x = h.make_tensor_value_info("x", F, ["N", 2])
y = h.make_tensor_value_info("y", F, ["N", 2])
identity = h.make_node("Identity", ["x"], ["y"])


def model_of(nodes, inputs=(x,), outputs=(y,), initializers=(), opsets=(("", 17),), ir=8, functions=(), **graph):
    return h.make_model(
        h.make_graph(list(nodes), "g", list(inputs), list(outputs), list(initializers), **graph),
        opset_imports=[h.make_opsetid(*o) for o in opsets],
        ir_version=ir,
        functions=list(functions),
        producer_name="python",
        producer_version="1",
    )


# every element type, as a list and as raw bytes
tensors = []
for type_name in TensorProto.DataType.keys():
    kind = TensorProto.DataType.Value(type_name)
    if kind == 0:
        continue
    if type_name == "STRING":
        tensors.append(h.make_tensor("STRING", kind, [3], ["", "é", "\u0000x"]))
        continue
    if type_name.startswith("COMPLEX"):
        content = [1 + 2j, 3 - 4j, 0]
    elif type_name == "BOOL":
        content = [True, False, True]
    elif type_name in ("INT64", "UINT64"):
        content = [2**63 - 1, 0, 5]
    else:
        content = [1, 0, 1]
    tensors.append(h.make_tensor(type_name, kind, [3], content))
    dtype = h.tensor_dtype_to_np_dtype(kind)
    array = np.array(content).astype(dtype)
    raw = nh.from_array(array, type_name + "_RAW")
    assert raw.data_type == kind, type_name
    tensors.append(raw)
tensors.append(h.make_tensor("EMPTY", F, [0, 7], []))
tensors.append(h.make_tensor("SCALAR", F, [], [2.5]))
save("types", model_of([identity], initializers=tensors, ir=14, opsets=(("", 28),)))

# every attribute type, on an operator of a domain of its own; every value type
sub = h.make_graph([h.make_node("Neg", ["x"], ["inner"])], "sub", [], [h.make_tensor_value_info("inner", F, None)])
sparse = h.make_sparse_tensor(h.make_tensor("sv", F, [2], [1, 2]), h.make_tensor("si", TensorProto.INT64, [2], [0, 3]), [5])
attributes = {
    "float": 0.5, "int": -(2**63), "string": "text", "tensor": h.make_tensor("t", F, [1], [3]), "graph": sub, "sparse": sparse,
    "type": h.make_tensor_type_proto(F, [1, None, "d"]), "floats": [1.0, 2.0], "ints": [1, 2], "strings": ["a", "b"],
    "tensors": [h.make_tensor("t", F, [1], [3])], "graphs": [sub], "sparses": [sparse], "types": [h.make_tensor_type_proto(F, None)],
}
types = {
    "seq": h.make_sequence_type_proto(h.make_tensor_type_proto(F, [3])),
    "opt": h.make_optional_type_proto(h.make_tensor_type_proto(TensorProto.INT64, None)),
    "map": h.make_map_type_proto(TensorProto.STRING, h.make_tensor_type_proto(F, [])),
    "spa": h.make_sparse_tensor_type_proto(F, [4, 4]),
}
custom = h.make_node("Everything", ["x", "", "seq"], ["y"], name="all", domain="example.custom", **attributes)
custom.doc_string = "every attribute"
everything = model_of(
    [custom], inputs=[x] + [h.make_value_info(n, t) for n, t in types.items()], opsets=(("", 17), ("example.custom", 3)),
    sparse_initializer=[sparse],
)
everything.graph.input[0].type.tensor_type.shape.dim[0].denotation = "DATA_BATCH"
everything.graph.input[0].type.denotation = "IMAGE"
everything.graph.quantization_annotation.add(tensor_name="x").quant_parameter_tensor_names.add(key="SCALE_TENSOR", value="sv")
h.set_model_props(everything, {"k": "v"})
everything.doc_string = "doc"
everything.domain = "d.example"
everything.model_version = 7
save("attributes", everything, check=False)

# a subgraph that sees the graph around it, and a function with a default and a reference
cond = h.make_tensor_value_info("c", TensorProto.BOOL, [])
branches = [
    h.make_graph([h.make_node(op, ["x", "x"], [f"{op}_out"])], op, [], [h.make_tensor_value_info(f"{op}_out", F, None)])
    for op in ("Add", "Mul")
]
scaled = h.make_function(
    "example.local", "Scaled", ["a"], ["b"],
    [h.make_node("Constant", [], ["k"]), h.make_node("Mul", ["a", "k"], ["b"])], [h.make_opsetid("", 17)], ["factor"],
)
scaled.node[0].attribute.add(name="value_float", type=onnx.AttributeProto.FLOAT, ref_attr_name="factor")
save("subgraph", model_of(
    [h.make_node("If", ["c"], ["m"], then_branch=branches[0], else_branch=branches[1]),
     h.make_node("Scaled", ["m"], ["y"], domain="example.local", factor=2.0)],
    inputs=[x, cond], opsets=(("", 17), ("example.local", 1)), functions=[scaled],
))

# weights in another file
external = h.make_tensor("w", F, [2], [1, 2], raw=False)
external = nh.from_array(np.array([1, 2], np.float32), "w")
external.ClearField("raw_data")
external.data_location = TensorProto.EXTERNAL
for key, value in (("location", "weights/w.bin"), ("offset", "4096"), ("length", "8"), ("checksum", "0" * 40)):
    external.external_data.add(key=key, value=value)
save("external", model_of([h.make_node("Add", ["x", "w"], ["y"])], initializers=[external]), check=False)

# scikit-learn, as people have it: ZipMap gives a sequence of maps
from skl2onnx import __version__ as skl2onnx_version, to_onnx
from sklearn import __version__ as sklearn_version
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

VERSIONS |= {"scikit-learn": sklearn_version, "skl2onnx": skl2onnx_version}
samples = np.random.default_rng(7).normal(size=(60, 3)).astype(np.float32)
classifier = make_pipeline(StandardScaler(), LogisticRegression()).fit(samples, (samples.sum(1) > 0).astype(int))
save("sklearn", to_onnx(classifier, samples[:1]))
record("onnx-read.json", {"models": read})

# --- what Holdfast must refuse ----------------------------------------------------------------------------------------
bad = []


def refuse(name, code, content, why):
    data = content if isinstance(content, bytes) else serialise(content)
    with open(os.path.join(BAD, f"{name}.onnx"), "wb") as out:
        out.write(data)
    bad.append({"file": f"{name}.onnx", "code": code, "why": why})


def changed(change, base=None):
    model = copy.deepcopy(base or good)
    change(model)
    return model


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n % 128 + 128])
        n //= 128
    return out + bytes([n])


def field(number, data):
    return varint(number * 8 + 2) + varint(len(data)) + data


weights = nh.from_array(np.array([1, 2], np.float32), "w")
good = model_of([h.make_node("Add", ["x", "w"], ["y"])], initializers=[weights])
onnx.checker.check_model(good)
data = serialise(good)
refuse("truncated", "HF_ONNX_MALFORMED", data[:-3], "cut three bytes before its end")
refuse("truncated-early", "HF_ONNX_MALFORMED", data[:40], "cut in the middle of the graph")
refuse("empty", "HF_ONNX_MALFORMED", b"", "no bytes: a message without a graph")
refuse("text", "HF_ONNX_MALFORMED", b"version https://git-lfs.github.com/spec/v1\n", "a pointer instead of the file")
refuse("unknown-field", "HF_ONNX_MALFORMED", data + field(99, b"hidden"), "a field that ONNX does not have")
refuse("second-graph", "HF_ONNX_MALFORMED", data + field(7, good.graph.SerializeToString()), "two graphs, which decoders merge")
refuse("absurd-length", "HF_ONNX_MALFORMED", varint(7 * 8 + 2) + varint(2**62) + b"x", "a length of 2^62 bytes")
refuse("endless-varint", "HF_ONNX_MALFORMED", b"\x08" + b"\xff" * 20, "an integer of twenty bytes")
refuse("group", "HF_ONNX_MALFORMED", b"\x3b\x3c", "a group, which protobuf gave up")
refuse("field-zero", "HF_ONNX_MALFORMED", b"\x00\x00", "field number zero")
refuse("name-not-utf8", "HF_ONNX_MALFORMED", data + field(4, b"\xc3\x28"), "a domain that is not UTF-8")
refuse("attribute-type", "HF_ONNX_MALFORMED", field(7, field(1, field(5, b"\xa0\x01\x63"))), "attribute type 99")
refuse("no-graph", "HF_ONNX_MALFORMED", changed(lambda m: m.ClearField("graph")), "a model without a graph")
deep = b""
for _ in range(200):
    deep = field(1, field(5, field(6, deep)))
refuse("deep-subgraphs", "HF_ONNX_LIMIT", field(7, deep), "two hundred graphs inside each other")
deep_type = b""
for _ in range(200):
    deep_type = field(4, field(1, deep_type))
refuse("deep-types", "HF_ONNX_LIMIT", field(7, field(11, field(2, deep_type))), "two hundred sequences inside each other")

refuse("ir-zero", "HF_ONNX_VERSION", changed(lambda m: m.ClearField("ir_version")), "no IR version")
refuse("ir-future", "HF_ONNX_VERSION", changed(lambda m: setattr(m, "ir_version", 99)), "an IR version to come")
refuse("opset-future", "HF_ONNX_VERSION", changed(lambda m: setattr(m.opset_import[0], "version", 99)), "an operator set to come")
refuse("opset-zero", "HF_ONNX_VERSION", changed(lambda m: setattr(m.opset_import[0], "version", 0)), "operator set 0")
refuse("opset-missing", "HF_ONNX_VERSION", changed(lambda m: m.ClearField("opset_import")), "no operator set for the operators used")
refuse("opset-domain", "HF_ONNX_VERSION", changed(lambda m: setattr(m.graph.node[0], "domain", "example.custom")), "a domain that is not imported")
refuse("opset-twice", "HF_ONNX_DUPLICATE_NAME", changed(lambda m: m.opset_import.add(domain="ai.onnx", version=11)), "the standard domain under both of its names")


def tensor(change):
    return changed(lambda m: change(m.graph.initializer[0]))


refuse("dims-too-many", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: t.dims.append(1000)), "2000 elements by its dimensions, 2 by its bytes")
refuse("dims-too-few", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: t.dims.__setitem__(0, 1)), "1 element by its dimensions, 2 by its bytes")
refuse("dims-negative", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: t.dims.__setitem__(0, -2)), "a negative dimension")
refuse("dims-huge", "HF_ONNX_LIMIT", tensor(lambda t: t.dims.extend([2**40, 2**40])), "a product beyond 2^64")
refuse("dims-wrap", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: t.dims.__setitem__(0, 2**63 - 1)), "a dimension beyond 2^53")
refuse("dims-rank", "HF_ONNX_LIMIT", tensor(lambda t: t.dims.extend([1] * 100)), "a hundred dimensions")
refuse("raw-odd", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: setattr(t, "raw_data", b"\0" * 7)), "seven bytes for two floats")
refuse("no-data", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: t.ClearField("raw_data")), "two elements, no data")
refuse("two-data", "HF_ONNX_TYPE", tensor(lambda t: t.float_data.extend([1, 2])), "the data twice")
refuse("segment", "HF_ONNX_TENSOR_SIZE", tensor(lambda t: setattr(t.segment, "begin", 1)), "a segment of a tensor")
refuse("type-undefined", "HF_ONNX_TYPE", tensor(lambda t: t.ClearField("data_type")), "no element type")
refuse("type-unknown", "HF_ONNX_TYPE", tensor(lambda t: setattr(t, "data_type", 77)), "element type 77")


def strings(t):
    t.data_type = TensorProto.STRING


refuse("raw-strings", "HF_ONNX_TYPE", tensor(strings), "strings as raw bytes")


def wrong_list(t):
    t.ClearField("raw_data")
    t.int64_data.extend([1, 2])


refuse("wrong-list", "HF_ONNX_TYPE", tensor(wrong_list), "floats in int64_data")


def outside(location, **more):
    def change(t):
        t.ClearField("raw_data")
        t.data_location = TensorProto.EXTERNAL
        if location is not None:
            t.external_data.add(key="location", value=location)
        for key, value in more.items():
            t.external_data.add(key=key, value=value)

    return tensor(change)


for name, location in {
    "parent": "../secret.bin", "inner-parent": "a/../../secret.bin", "absolute": "/etc/passwd", "backslash": "..\\secret.bin",
    "drive": "C:secret.bin", "nul": "w.bin\0.txt", "empty": "", "missing": None, "dot": "./w.bin", "folder": "weights/",
}.items():
    refuse(f"external-{name}", "HF_ONNX_EXTERNAL_PATH", outside(location), f"external data at {location!r}")
refuse("external-offset", "HF_ONNX_EXTERNAL_PATH", outside("w.bin", offset="-1"), "a negative offset")
refuse("external-key", "HF_ONNX_EXTERNAL_PATH", outside("w.bin", url="http://x.example"), "a key that ONNX does not have")
refuse("external-checksum", "HF_ONNX_EXTERNAL_PATH", outside("w.bin", checksum="abc"), "a checksum that is no SHA-1")
refuse("external-length", "HF_ONNX_TENSOR_SIZE", outside("w.bin", length="12"), "twelve external bytes for two floats")
refuse("external-and-raw", "HF_ONNX_EXTERNAL_PATH", tensor(lambda t: t.external_data.add(key="location", value="w.bin")), "data in the file and in another")

N = h.make_node
refuse("cycle", "HF_ONNX_ORDER", model_of([N("Add", ["x", "b"], ["a"]), N("Neg", ["a"], ["b"]), N("Neg", ["b"], ["y"])]), "a and b need each other")
refuse("self-loop", "HF_ONNX_ORDER", model_of([N("Add", ["x", "y"], ["y"])]), "a node that needs its own output")
refuse("unsorted", "HF_ONNX_ORDER", model_of([N("Neg", ["a"], ["y"]), N("Neg", ["x"], ["a"])]), "used before it is produced")
refuse("unresolved-input", "HF_ONNX_UNRESOLVED", model_of([N("Add", ["x", "nothing"], ["y"])]), "an input that nothing produces")
refuse("unresolved-output", "HF_ONNX_UNRESOLVED", model_of([N("Neg", ["x"], ["z"])]), "an output that nothing produces")
refuse("inner-leak", "HF_ONNX_UNRESOLVED", model_of(
    [N("If", ["c"], ["m"], then_branch=branches[0], else_branch=branches[1]), N("Neg", ["Add_out"], ["y"])], inputs=[x, cond]),
    "a value of a subgraph used outside it")
refuse("output-twice", "HF_ONNX_DUPLICATE_NAME", model_of([N("Neg", ["x"], ["y"]), N("Abs", ["x"], ["y"])]), "one value produced twice")
refuse("output-shadows-weight", "HF_ONNX_DUPLICATE_NAME", model_of([N("Neg", ["x"], ["w"]), N("Add", ["x", "w"], ["y"])], initializers=[weights]), "a node that overwrites a weight")
refuse("input-twice", "HF_ONNX_DUPLICATE_NAME", model_of([identity], inputs=[x, x]), "one input twice")
refuse("weight-twice", "HF_ONNX_DUPLICATE_NAME", model_of([N("Add", ["x", "w"], ["y"])], initializers=[weights, weights]), "one initializer twice")
refuse("attribute-twice", "HF_ONNX_DUPLICATE_NAME", changed(lambda m: [m.graph.node[0].attribute.add(name="axis", type=2, i=i) for i in (0, 1)]), "one attribute with two values")
refuse("attribute-untyped", "HF_ONNX_TYPE", changed(lambda m: m.graph.node[0].attribute.add(name="axis", i=1)), "an attribute without a type")
refuse("attribute-mixed", "HF_ONNX_TYPE", changed(lambda m: m.graph.node[0].attribute.add(name="axis", type=2, i=1, f=1)), "an attribute with two kinds of value")
refuse("attribute-hollow", "HF_ONNX_TYPE", changed(lambda m: m.graph.node[0].attribute.add(name="t", type=4)), "a tensor attribute without a tensor")
refuse("attribute-tensor", "HF_ONNX_TENSOR_SIZE", model_of([h.make_node("Constant", [], ["k"], value=tensor(lambda t: t.dims.append(9)).graph.initializer[0]), N("Add", ["x", "k"], ["y"])]), "a constant that is shorter than it says")
refuse("node-nameless", "HF_ONNX_UNRESOLVED", changed(lambda m: m.graph.node[0].ClearField("op_type")), "a node without an operator")
refuse("value-nameless", "HF_ONNX_UNRESOLVED", changed(lambda m: m.graph.input[0].ClearField("name")), "an input without a name")
refuse("type-empty", "HF_ONNX_TYPE", changed(lambda m: m.graph.input[0].type.Clear()), "an input whose type says nothing")
refuse("weight-not-input", "HF_ONNX_UNRESOLVED", changed(lambda m: setattr(m, "ir_version", 3)), "IR version 3 asks that initializers are inputs")
refuse("metadata-twice", "HF_ONNX_DUPLICATE_NAME", changed(lambda m: [m.metadata_props.add(key="k", value=v) for v in "ab"]), "one metadata key twice")
loop = h.make_function("example.local", "Loop", ["a"], ["b"], [N("Loop", ["a"], ["b"], domain="example.local")], [h.make_opsetid("example.local", 1)])
refuse("function-loop", "HF_ONNX_ORDER", model_of([N("Loop", ["x"], ["y"], domain="example.local")], opsets=(("", 17), ("example.local", 1)), functions=[loop]), "a function that calls itself")
refuse("function-twice", "HF_ONNX_DUPLICATE_NAME", model_of([identity], opsets=(("", 17), ("example.local", 1)), functions=[scaled, scaled]), "one function twice")
blind = copy.deepcopy(scaled)
blind.node[1].input[0] = "x"
refuse("function-outside", "HF_ONNX_UNRESOLVED", model_of([identity], opsets=(("", 17), ("example.local", 1)), functions=[blind]), "a function that reaches into the graph")
sparse_bad = h.make_sparse_tensor(h.make_tensor("sv", F, [2], [1, 2]), h.make_tensor("si", TensorProto.INT64, [3], [0, 3, 4]), [5])
refuse("sparse-indices", "HF_ONNX_TENSOR_SIZE", model_of([identity], sparse_initializer=[sparse_bad]), "three places for two values")
with open(os.path.join(BAD, "index.json"), "w") as out:
    json.dump({"madeWith": VERSIONS, "vectors": bad}, out, indent=1)
    out.write("\n")
print(len(read), "to read,", len(bad), "to refuse")
