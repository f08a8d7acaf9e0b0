"""Files of numbers: NumPy's npy and npz, safetensors, GGUF."""

import io
import json

import gguf
import numpy
import safetensors.numpy

from sample import Family

family = Family("benign", "numbers", "numpy")
rng = numpy.random.default_rng(4)

ARRAYS = {
    **{f"type-{kind}": numpy.ones(3, kind) for kind in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?", "c8", "c16", ">f4", ">i8")},
    "matrix": rng.normal(size=(5, 4)),
    "fortran": numpy.asfortranarray(rng.normal(size=(3, 2))),
    "texts": numpy.array(["a", "bc"]),
    "bytes": numpy.array([b"a", b"bc"]),
    "structured": numpy.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8", (2,))]),
    "datetime": numpy.array(["2026-01-01"], dtype="datetime64[s]"),
    "scalar": numpy.array(1.5),
    "empty": numpy.zeros((0, 3)),
    "four-dimensions": rng.normal(size=(2, 1, 2, 3)),
}
for number, (name, value) in enumerate(ARRAYS.items()):
    version = [(1, 0), (2, 0), (3, 0)][number % 3]
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, value, version)
    family.add(f"npy/{name.replace('>', 'big-').replace('?', 'bool')}.npy", buffer.getvalue(), "npy", f"an array: {name}, version {version[0]}", load="numpy@scan")
for name in ("matrix", "texts", "structured", "empty", "type-f4", "fortran"):
    for packed, save in {"stored": numpy.savez, "compressed": numpy.savez_compressed}.items():
        path = family.path(f"npz/{name}-{packed}.npz")
        save(path, a=ARRAYS[name], b=ARRAYS["matrix"])
        family.written(f"npz/{name}-{packed}.npz", "npz", f"two arrays, {packed}: {name}", load="numpy@scan")

# safetensors.
for kind in ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"):
    data = safetensors.numpy.save({"weight": rng.normal(size=(3, 2)).astype(kind), "bias": numpy.zeros(2, kind)})
    family.add(f"safetensors/{kind}.safetensors", data, "safetensors", f"tensors of {kind}", made_by="safetensors")
MORE = {
    "metadata": ({"w": numpy.ones(2)}, {"format": "pt", "note": "ünï"}),
    "many": ({f"layer.{number}.weight": numpy.full((2, 2), number, "float32") for number in range(60)}, None),
    "empty-tensor": ({"w": numpy.zeros((0, 4), "float32"), "v": numpy.ones(1, "float32")}, None),
    "scalar": ({"w": numpy.array(1.5)}, None),
    "none": ({}, None),
    "names": ({"a b": numpy.ones(1), "ключ": numpy.ones(1), "x" * 200: numpy.ones(1)}, None),
}
for name, (tensors, metadata) in MORE.items():
    family.add(f"safetensors/{name}.safetensors", safetensors.numpy.save(tensors, metadata), "safetensors", f"tensors: {name}", made_by="safetensors",
               **({"varies": True} if metadata else {}))  # a map of Rust, in whatever order

# GGUF.
TEMPLATES = {
    "simple": "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}",
    "chatml": "{%- for message in messages -%}<|im_start|>{{ message.role }}\n{{ message.content | trim }}<|im_end|>\n{%- endfor -%}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    "system": "{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] %}{% set loop_messages = messages[1:] %}{% else %}{% set loop_messages = messages %}{% endif %}{{ bos_token }}{% for m in loop_messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}[INST] {{ m['content'] }} [/INST]{% endfor %}",
    "tools": "{%- if tools %}{%- for tool in tools %}{{ tool | tojson(indent=2) }}{%- if not loop.last %}, {% endif %}{%- endfor %}{%- endif %}{%- set ns = namespace(seen=false) %}{%- for m in messages %}{%- if m.tool_calls is defined and m.tool_calls %}{%- set ns.seen = true %}{%- endif %}{{ m.content if m.content is string else '' }}{%- endfor %}{{ strftime_now('%d %b %Y') }}",
    "macro": "{%- macro turn(m) %}<{{ m.role | upper }}>{{ m['content'].split('</think>')[-1].lstrip('\\n') }}{%- endmacro %}{%- for m in messages %}{{ turn(m) }}{%- endfor %}",
}


def gguf_file(name, write, why):
    path = family.path(f"gguf/{name}.gguf")
    writer = gguf.GGUFWriter(path, "llama")
    write(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    family.written(f"gguf/{name}.gguf", "gguf", why, made_by="gguf")


def template_only(text):
    return lambda writer: (writer.add_chat_template(text), writer.add_tensor("w", numpy.ones(4, "float32")))


for name, text in TEMPLATES.items():
    gguf_file(f"template-{name}", template_only(text), f"a chat template: {name}")
for kind in ("float32", "float16", "int8", "int32", "float64"):
    gguf_file(f"type-{kind}", lambda writer: writer.add_tensor("blk.0.weight", numpy.ones((4, 8), kind)), f"a tensor of {kind}")
for kind in ("Q8_0", "Q4_0", "Q4_1", "Q5_0", "BF16"):
    quantised = gguf.quants.quantize(rng.normal(size=(2, 64)).astype("float32"), gguf.GGMLQuantizationType[kind])
    gguf_file(f"quantised-{kind.lower()}", lambda writer: writer.add_tensor("w", quantised, raw_dtype=gguf.GGMLQuantizationType[kind]), f"a tensor quantised to {kind}")


def vocabulary(writer):
    writer.add_name("tiny")
    writer.add_context_length(64)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([f"t{number}" for number in range(50)])
    writer.add_token_scores([0.5] * 50)
    writer.add_token_types([1] * 50)
    writer.add_bool("general.flag", True)
    writer.add_array("general.tags", ["a", "b"])
    for number in range(4):
        writer.add_tensor(f"blk.{number}.ffn.weight", rng.normal(size=(4, 4)).astype("float32"))


gguf_file("vocabulary", vocabulary, "metadata, a vocabulary and four tensors")
gguf_file("metadata-only", lambda writer: writer.add_description("nothing but metadata"), "no tensors")

# Beside sharded weights.
INDEX = {"metadata": {"total_size": 32}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
for number, name in ((1, "a"), (2, "b")):
    family.add(f"sharded/model-0000{number}-of-00002.safetensors", safetensors.numpy.save({name: numpy.ones(4, "float32")}), "safetensors", "one shard of two", made_by="safetensors", folder="sharded")
family.add("sharded/model.safetensors.index.json", json.dumps(INDEX, indent=2).encode(), "json", "which tensor is in which shard", made_by="safetensors", folder="sharded")

family.finish()
