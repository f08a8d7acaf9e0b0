"""Plain files in archives and compressors."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import tarfile
import zipfile

import lz4.frame
import numpy
import safetensors.numpy
import zstandard

from sample import Family

family = Family("benign", "archives", "python")
PLAIN = pickle.dumps({"weights": [0.5, 1.5], "epoch": 3}, 4)
TENSORS = safetensors.numpy.save({"w": numpy.ones(4, "float32")})
buffer = io.BytesIO()
numpy.save(buffer, numpy.arange(4))
ARRAY = buffer.getvalue()
CONFIG = json.dumps({"model_type": "bert"}).encode()
FILES = {"model.safetensors": TENSORS, "config.json": CONFIG, "README.md": b"# A model\n", "state.pkl": PLAIN, "data/array.npy": ARRAY}

PACKERS = {
    "gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress, "xz": lzma.compress, "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zst": zstandard.compress, "lz4": lz4.frame.compress,
}


def zipped(files, method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in files.items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, method)
    return buffer.getvalue()


def tarred(files, format=tarfile.USTAR_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as file:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


for extension, pack in PACKERS.items():
    for name in ("model.safetensors", "state.pkl", "config.json", "data/array.npy"):
        family.add(f"packed/{name.split('/')[-1]}.{extension}", pack(FILES[name]), extension, f"{name} in one stream")
    family.add(f"tar/all.tar.{extension}", pack(tarred(FILES)), extension, "a folder in a tar, compressed")
for word, method in {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}.items():
    family.add(f"zip/all-{word}.zip", zipped(FILES, method), "zip", f"a folder in a zip, {word}")
for word, format in {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}.items():
    long = {"a" * 60 + "/" + "b" * 60 + ".npy": ARRAY} if word == "ustar" else {"a" * 150 + ".npy": ARRAY, "ü.npy": ARRAY}
    family.add(f"tar/{word}.tar", tarred(FILES | long, format), "tar", f"a folder in a tar of {word}")
family.add("nested/zip-in-zip.zip", zipped({"a.zip": zipped(FILES, zipfile.ZIP_DEFLATED)}, zipfile.ZIP_STORED), "zip", "a zip in a zip")
family.add("nested/tar-in-zip.zip", zipped({"a.tar": tarred(FILES)}, zipfile.ZIP_DEFLATED), "zip", "a tar in a zip")

family.finish()
