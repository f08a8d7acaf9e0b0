"""ONNX, safetensors and GGUF files that reach for other files, run a template, or lie about where their numbers are."""

import json
import struct

import onnx
from onnx import TensorProto, helper

from sample import MARKER, Family

family = Family("malicious", "graphs", "onnx")
READS = "it reads a file that is not the model's; it makes no marker"
CODE = "the operator is code of somebody, which is loaded beside the model"
LIES = "the loader refuses it, or reads numbers twice: a forged structure, no program"


# ONNX: tensors whose numbers lie in another file.
def external(location, **fields):
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **fields}.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def model(nodes, tensors=(), opsets=(("", 18),), functions=(), **more):
    shape = helper.make_tensor_value_info("x", TensorProto.FLOAT, [4])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, [4])
    graph = helper.make_graph(nodes, "graph", [shape], [result], list(tensors))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid(*pair) for pair in opsets], ir_version=9, functions=list(functions), **more)


ADD = [helper.make_node("Add", ["x", "w"], ["y"])]
OUTSIDE = {
    "absolute": "/etc/passwd", "up": "../../../../etc/passwd", "within": "a/../../../etc/passwd", "dot": "./../secret", "home": "~/.ssh/id_ed25519",
    "backslash": "..\\..\\secret", "drive": "C:\\secret", "url": "file:///etc/passwd", "nul": "weights.bin\0/../../etc/passwd", "device": "/dev/zero", "proc": "/proc/self/environ", "network": "//host/share/weights",
}
for name, location in OUTSIDE.items():
    data = model(ADD, [external(location)]).SerializeToString()
    family.add(f"onnx/external-{name}.onnx", data, "onnx", f"a tensor's numbers lie at {name}, out of the folder", effect="file", unproven=READS)
for name, fields in {"offset-negative": {"offset": -8}, "length-huge": {"length": 2**60}, "offset-text": {"offset": "x"}}.items():
    data = model(ADD, [external("weights.bin", **fields)]).SerializeToString()
    family.add(f"onnx/{name}/model.onnx", data, "onnx", f"a tensor's place in its file is impossible: {name}", effect="file", unproven=LIES, folder=f"onnx/{name}")
    family.add(f"onnx/{name}/weights.bin", bytes(16), "raw", "what the model names", folder=f"onnx/{name}", companion=True)
family.add("onnx/link/model.onnx", model(ADD, [external("weights.bin")]).SerializeToString(), "onnx", "a tensor's numbers lie in a symbolic link that leads out", effect="file", unproven=READS, folder="onnx/link")
family.link("onnx/link/weights.bin", "../../../../../../../etc/passwd", "a link out of the folder", folder="onnx/link", companion=True)
deep = helper.make_graph([helper.make_node("Constant", [], ["k"], value=external("/etc/passwd")), helper.make_node("Add", ["x", "k"], ["a"])], "then", [], [helper.make_tensor_value_info("a", TensorProto.FLOAT, [4])])
condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
nodes = [helper.make_node("Constant", [], ["c"], value=condition), helper.make_node("If", ["c"], ["y"], then_branch=deep, else_branch=deep)]
family.add("onnx/external-subgraph.onnx", model(nodes).SerializeToString(), "onnx", "a constant in a subgraph has its numbers out of the folder", effect="file", unproven=READS)
# Operators that are no part of ONNX.
for domain, operator in (("com.example", "Run"), ("ai.onnx.contrib", "PyOp"), ("com.microsoft.extensions", "PythonOp"), ("org.pytorch.aten", "ATen"), ("custom", "LoadLibrary")):
    data = model([helper.make_node(operator, ["x"], ["y"], domain=domain)], opsets=(("", 18), (domain, 1))).SerializeToString()
    family.add(f"onnx/domain-{domain}.onnx", data, "onnx", f"an operator of {domain}", effect="code", unproven=CODE)
function = helper.make_function("mine", "F", ["a"], ["b"], [helper.make_node("Run", ["a"], ["b"], domain="com.example")], [helper.make_opsetid("com.example", 1)])
data = model([helper.make_node("F", ["x"], ["y"], domain="mine")], opsets=(("", 18), ("mine", 1)), functions=[function]).SerializeToString()
family.add("onnx/domain-in-function.onnx", data, "onnx", "a function of the model calls an operator of com.example", effect="code", unproven=CODE)
family.add("onnx/unknown-operator.onnx", model([helper.make_node("SystemCall", ["x"], ["y"])]).SerializeToString(), "onnx", "an operator that ONNX does not have", effect="code", unproven=CODE)
family.add("onnx/behind.onnx", model(ADD).SerializeToString() + b"\x80\x02cos\nsystem\n.", "onnx", "bytes behind the model that are no field of it", effect="code", unproven=LIES)


# safetensors: a header that two readers take differently.
def tensors(header, data=bytes(8), length=None):
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(encoded) if length is None else length) + encoded + data


def place(start, end, shape=None, dtype="F32"):
    return {"dtype": dtype, "shape": [(end - start) // 4] if shape is None else shape, "data_offsets": [start, end]}


SAFETENSORS = {
    "overlap": tensors({"a": place(0, 8), "b": place(4, 8)}),
    "same-place": tensors({"a": place(0, 8), "b": place(0, 8)}),
    "gap": tensors({"a": place(4, 8)}),
    "behind": tensors({"a": place(0, 4)}),
    "outside": tensors({"a": place(0, 4000)}),
    "shape": tensors({"a": place(0, 8, [4])}),
    "negative": tensors({"a": place(0, 8, [-2])}),
    "overflow": tensors({"a": place(0, 8, [2**62, 2**3])}),
    "duplicate": tensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}'),
    "duplicate-escaped": tensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0061":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}'),
    "dtype": tensors({"a": place(0, 8, dtype="OBJECT")}),
    "header-huge": tensors({"a": place(0, 8)}, length=2**62),
    "not-json": tensors(b"{'a': __import__('os')}"),
    "two-objects": tensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{"b":1}'),
    "pickle-in-gap": tensors({"a": place(0, 4), "b": place(16, 20)}, bytes(4) + b"\x80\x02cos\nsystem\n"[:12] + bytes(4)),
}
for name, data in SAFETENSORS.items():
    family.add(f"safetensors/{name}.safetensors", data, "safetensors", f"a forged header: {name}", made_by="specification", effect="file", unproven=LIES)

# GGUF: a template that climbs out of its sandbox, or lengths that lie.
RUN = f"popen('touch {MARKER}').read()"
TEMPLATES = {
    "cycler": "{{ cycler.__init__.__globals__.os." + RUN + " }}",
    "joiner": "{{ joiner.__init__.__globals__['os']." + RUN + " }}",
    "namespace": "{{ namespace.__init__.__globals__.os." + RUN + " }}",
    "lipsum": "{{ lipsum.__globals__['os']." + RUN + " }}",
    "attr-filter": "{{ (lipsum | attr('__globals__'))['os']." + RUN + " }}",
    "attr-joined": "{{ (lipsum | attr('__glo' ~ 'bals__'))['os']." + RUN + " }}",
    "subscript": "{{ lipsum['__globals__']['os']." + RUN + " }}",
    "subscript-joined": "{{ lipsum['_' * 2 + 'globals' + '_' * 2]['os']." + RUN + " }}",
    "escaped": "{{ lipsum['\\x5f\\x5fglobals\\x5f\\x5f']['os']." + RUN + " }}",
    "set": "{% set g = lipsum.__globals__ %}{% set o = g['os'] %}{{ o." + RUN + " }}",
    "for": "{% for o in [lipsum.__globals__['os']] %}{{ o." + RUN + " }}{% endfor %}",
    "if": "{% if messages %}{% if lipsum.__globals__['os']." + RUN + " %}{% endif %}{% endif %}",
    "macro": "{% macro f(g) %}{{ g.__globals__['os']." + RUN + " }}{% endmacro %}{{ f(lipsum) }}",
    "map-filter": "{% for g in [lipsum] | map(attribute='__globals__') %}{{ g['os']." + RUN + " }}{% endfor %}",
    "among-messages": "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% if loop.last %}{{ loop.__init__.__globals__['__builtins__']['__import__']('os')." + RUN + " }}{% endif %}{% endfor %}",
    "builtins": "{{ cycler.__init__.__globals__['__builtins__']['exec'](\"open('" + MARKER + "', 'w')\") }}",
    "self": "{{ self.__init__.__globals__['__builtins__']['__import__']('os')." + RUN + " }}",
    "macro-caller": "{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}{{ lipsum.__globals__['os']." + RUN + " }}{% endcall %}",
}


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf_file(pairs, tensors=0, rest=b"", version=3):
    return b"GGUF" + struct.pack("<IQQ", version, tensors, len(pairs)) + b"".join(pairs) + rest


def pair(key, value):
    return text(key) + struct.pack("<I", 8) + text(value)


ARCHITECTURE = pair("general.architecture", "llama")
for name, template in TEMPLATES.items():
    data = gguf_file([ARCHITECTURE, pair("tokenizer.chat_template", template)])
    family.add(f"gguf/template-{name}.gguf", data, "gguf", f"its chat template runs a program: {name}", made_by="specification", effect="process", load="gguf-template@scan")
family.add("gguf/template-named.gguf", gguf_file([ARCHITECTURE, pair("tokenizer.chat_template", "{{ messages }}"), pair("tokenizer.chat_template.tool_use", TEMPLATES["cycler"])]), "gguf", "a second template, for tools, runs a program", made_by="specification", effect="process", load="gguf-template@scan")


def tensor(name, dims, kind, offset):
    return text(name) + struct.pack("<I", len(dims)) + b"".join(struct.pack("<Q", size) for size in dims) + struct.pack("<IQ", kind, offset)


def with_tensors(infos, data):
    head = gguf_file([ARCHITECTURE], len(infos), b"".join(infos))
    return head + bytes(-len(head) % 32) + data


GGUF = {
    "many-tensors": gguf_file([ARCHITECTURE], 2**60),
    "many-pairs": b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60) + ARCHITECTURE,
    "long-text": b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**63) + b"key",
    "long-array": gguf_file([text("a") + struct.pack("<IIQ", 9, 8, 2**61)]),
    "deep-array": gguf_file([text("a") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 5000 + struct.pack("<IQ", 4, 0)]),
    "overlap": with_tensors([tensor("a", [8], 0, 0), tensor("b", [8], 0, 0)], bytes(32)),
    "outside": with_tensors([tensor("a", [8], 0, 2**40)], bytes(32)),
    "overflow": with_tensors([tensor("a", [2**33, 2**33], 0, 0)], bytes(32)),
    "type": with_tensors([tensor("a", [8], 999, 0)], bytes(32)),
    "dimensions": with_tensors([tensor("a", [1] * 200, 0, 0)], bytes(32)),
    "behind": with_tensors([tensor("a", [8], 0, 0)], bytes(32) + b"\x80\x02cos\nsystem\n."),
    "duplicate-key": gguf_file([pair("tokenizer.chat_template", "{{ messages }}"), pair("tokenizer.chat_template", TEMPLATES["cycler"])]),
    "version": gguf_file([ARCHITECTURE], version=77),
}
for name, data in GGUF.items():
    family.add(f"gguf/{name}.gguf", data, "gguf", f"a forged structure: {name}", made_by="specification", effect="memory", unproven=LIES)

family.finish()
