"""Files that are not what their names say, several formats at once, or cut short."""

import gzip
import io
import json
import pickle
import struct
import zipfile

from assemble import assemble
from gadgets import FEW, TOUCH, calls
from sample import Family

family = Family("malicious", "names", "specification")
BAD = assemble(calls("os:system", TOUCH), 2)
ASCII = assemble(calls("os:system", TOUCH), 0)
SAFETENSORS = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
SAFETENSORS = struct.pack("<Q", len(SAFETENSORS)) + SAFETENSORS + b"\0\0\x80?"


def archive(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in entries:
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


# A pickle under a name that promises numbers or text.
for number, extension in enumerate(["safetensors", "onnx", "gguf", "npy", "json", "txt", "md", "h5", "keras", "yaml", "csv", "png", "zip", "tflite", "py", "license", ""]):
    gadget = FEW[number % len(FEW)]
    name = f"disguised/model.{extension}" if extension else "disguised/model"
    family.add(name, assemble(gadget.call, number % 6), "pickle", f"a pickle that calls {gadget.name}, named .{extension}", effect=gadget.effect, load="pickle")
for name in ("model.safetensors.pkl", "model.pkl.safetensors", "model.PKL", "model.pkl ", "mоdel.pkl", "config.json.pkl", "weights.bin", "pytorch_model.bin", "model.ckpt", "model.dat"):
    family.add(f"names/{name}", BAD, "pickle", "a pickle that runs", effect="process", load="pickle")
ZIP = archive([("archive/data.pkl", BAD), ("archive/version", b"3\n")])
for extension in ("npz", "keras", "safetensors", "json", "bin", "zip", "onnx"):
    family.add(f"disguised/archive.{extension}", ZIP, "pytorch", f"PyTorch's archive with a pickle that runs, named .{extension}", effect="process", load="zip-entry", steps=["archive/data.pkl"])

# Two formats at once: what one program takes for numbers, another takes for a pickle.
POLYGLOTS = {
    "pickle-zip.pt": (BAD + ZIP, {"load": "pickle"}, "a pickle, with an archive behind it"),
    "safetensors-zip.safetensors": (SAFETENSORS + ZIP, {"load": "zip-entry", "steps": ["archive/data.pkl"]}, "safetensors, with an archive behind it"),
    "gguf-zip.gguf": (b"GGUF" + struct.pack("<IQQ", 3, 0, 0) + bytes(8) + ZIP, {"load": "zip-entry", "steps": ["archive/data.pkl"]}, "GGUF, with an archive behind it"),
    "png-zip.png": (b"\x89PNG\r\n\x1a\n" + bytes(25) + ZIP, {"load": "zip-entry", "steps": ["archive/data.pkl"]}, "an image, with an archive behind it"),
    "npy-zip.npy": (b"\x93NUMPY\x01\0" + struct.pack("<H", 54) + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"[:53].ljust(53) + b"\n" + b"\0\0\x80?" + ZIP, {"load": "zip-entry", "steps": ["archive/data.pkl"]}, "an array, with an archive behind it"),
    "text-pickle.txt": (b"I0\n0" + ASCII, {"load": "pickle"}, "a pickle of protocol 0, which looks like text"),
    "json-pickle.json": (b'{"a": 1}\n' + BAD, {"load": "pickle-behind", "steps": [9]}, "JSON, with a pickle behind it"),
    "safetensors-pickle.safetensors": (SAFETENSORS + BAD, {"load": "pickle-behind", "steps": [len(SAFETENSORS)]}, "safetensors, with a pickle behind it"),
    "gzip-twice.gz": (gzip.compress(pickle.dumps([1]), mtime=0) + gzip.compress(BAD, mtime=0), {"unproven": "the second member is read by who asks for more bytes"}, "two members of gzip, the second is a pickle that runs"),
    "gzip-pickle.gz": (gzip.compress(pickle.dumps([1]), mtime=0) + BAD, {"load": "pickle-behind", "steps": [len(gzip.compress(pickle.dumps([1]), mtime=0))]}, "gzip, with a pickle behind it"),
    "elf.bin": (b"\x7fELF\x02\x01\x01" + bytes(57), {"unproven": "a program for Linux: it is run by other means than loading"}, "a program under a name for weights"),
    "exe.bin": (b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(20), {"unproven": "a program for Windows: it is run by other means than loading"}, "a program under a name for weights"),
    "script.txt": (b"#!/bin/sh\ntouch holdfast-marker\n", {"unproven": "a script: it is run by other means than loading"}, "a script under a name for text"),
    "python.txt": (b"import os\nos.system('touch holdfast-marker')\n", {"load": "import"}, "a program in Python under a name for text"),
}
for name, (data, more, why) in POLYGLOTS.items():
    family.add(f"polyglot/{name}", data, "several", why, effect="process", **more)

# Cut short: what is there already runs, or nobody can tell what is missing.
LONG = assemble({"weights": list(range(400)), "hook": calls("os:system", TOUCH)}, 2)
for part in (0.3, 0.6, 0.9):
    family.add(f"cut/pickle-{part}.pkl", LONG[: int(len(LONG) * part)], "pickle", "a pickle that runs, cut short", effect="process", unproven="the call is in the part that is missing, or behind where the loader stops")
    family.add(f"cut/archive-{part}.pt", ZIP[: int(len(ZIP) * part)], "zip", "an archive that is cut short", effect="process", unproven="a reader of the central directory finds none")
    family.add(f"cut/safetensors-{part}.safetensors", SAFETENSORS[: int(len(SAFETENSORS) * part)], "safetensors", "tensors that are cut short", effect="file", unproven="the loader refuses it")
family.add("cut/after-call.pkl", assemble([calls("os:system", TOUCH), list(range(50))], 2)[:-60], "pickle", "cut short behind the call", effect="process", load="pickle")

family.finish()
