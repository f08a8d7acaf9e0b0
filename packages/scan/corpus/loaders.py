"""Runs within the sandbox of prove.py: loads samples the way a user's program would, each in a process and a folder of
its own, and says whether the marker was reached. Requests come as lines of JSON, answers go as lines of JSON.
"""

import base64
import bz2
import gzip
import importlib
import io
import json
import lzma
import os
import pathlib
import pickle
import signal
import sys
import time
import zlib

sys.path.insert(0, os.path.dirname(__file__))
from sample import MARKER

SECONDS = 30
COMPANION = f"open('{MARKER}', 'w').close()\n"


def load_pickle(path, steps):
    with open(path, "rb") as file:
        value = pickle.load(file)
    # What an application does with the bytes that it finds in it.
    decoders = {
        "base64": base64.b64decode,
        "hex": bytes.fromhex,
        "zlib": zlib.decompress,
        "gzip": gzip.decompress,
        "bz2": bz2.decompress,
        "lzma": lzma.decompress,
        "zstd": lambda data: __import__("zstandard").decompress(data),
        "lz4": lambda data: __import__("lz4.frame").frame.decompress(data),
        "pickle": pickle.loads,
    }
    for step in steps:
        value = decoders[step](value) if step in decoders else value[step]


def load_pickle_all(path, _):
    """One pickle after the other, as long as there are any."""
    with open(path, "rb") as file:
        while file.read(1):
            file.seek(-1, 1)
            pickle.load(file)


def load_pickle_behind(path, steps):
    """From an offset on: what a program does that skips a header."""
    with open(path, "rb") as file:
        file.seek(steps[0])
        pickle.load(file)


def load_pickle_python(path, _):
    with open(path, "rb") as file:
        pickle._Unpickler(file).load()


def load_packed(path, steps):
    """A pickle in one compressed stream."""
    opened = {"gzip": gzip.open, "bz2": bz2.open, "xz": lzma.open, "lzma": lzma.open}
    with opened[steps[0]](path, "rb") as file:
        pickle.load(file)


def load_numpy(path, _):
    import numpy

    loaded = numpy.load(path, allow_pickle=True)
    if hasattr(loaded, "files"):
        for name in loaded.files:
            try:
                loaded[name]
            except Exception:  # the next entry may be the one
                pass


def load_joblib(path, _):
    import joblib

    joblib.load(path)


def load_torch(path, _):
    import torch

    torch.load(path, weights_only=False)


def load_torchscript(path, _):
    import torch

    torch.jit.load(path)(torch.zeros(1))


def load_keras(path, _):
    import keras
    import numpy

    model = keras.models.load_model(path, safe_mode=False, compile=False)
    model(numpy.zeros([1, *model.input_shape[1:]], "float32"))


def load_keras_config(path, _):
    """`config.json` of a Keras archive without its weights."""
    import zipfile

    import keras

    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    keras.saving.deserialize_keras_object(config, safe_mode=False)


def load_tensorflow(path, _):
    import tensorflow

    model = tensorflow.saved_model.load(str(pathlib.Path(path).parent))
    model.signatures["serving_default"](tensorflow.zeros([1]))


def load_graph(path, _):
    import tensorflow

    graph = tensorflow.compat.v1.GraphDef()
    graph.ParseFromString(pathlib.Path(path).read_bytes())

    def imported():
        tensorflow.import_graph_def(graph, name="")

    with tensorflow.Graph().as_default() as within:
        imported()
        with tensorflow.compat.v1.Session(graph=within) as session:
            session.run(within.get_operations()[-1])


def load_tar(path, steps):
    """Unpacks it as `tar x` does, and then loads what it is told."""
    import tarfile

    with tarfile.open(path) as archive:
        archive.extractall(".", filter="fully_trusted")
    for name in steps:
        load_pickle(name, ())


def load_zip_entry(path, steps):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        pickle.load(io.BytesIO(archive.read(steps[0])))


def load_zip_behind(path, steps):
    """An entry from an offset on."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        pickle.loads(archive.read(steps[0])[steps[1] :])


def load_zip_stream(path, steps):
    """Goes by the local headers, as a program does that unpacks while it downloads: the first entry that is stored."""
    import struct

    data = pathlib.Path(path).read_bytes()
    at = data.index(b"PK\x03\x04")
    for _ in range(steps[0] if steps else 0):
        at = data.index(b"PK\x03\x04", at + 4)
    size, _, name, extra = struct.unpack_from("<IIHH", data, at + 18)
    start = at + 30 + name + extra
    pickle.loads(data[start : start + size] if size else data[start:])


def render(template):
    import jinja2

    jinja2.Environment().from_string(template).render(messages=[{"role": "user", "content": "x"}])


def load_gguf_template(path, _):
    import gguf

    for name, field in gguf.GGUFReader(path).fields.items():
        if "chat_template" in name and name != "tokenizer.chat_templates":
            render(bytes(field.parts[field.data[0]]).decode())


def load_template(path, steps):
    """A template file, or one within a JSON configuration."""
    text = pathlib.Path(path).read_text(encoding="utf-8")
    if steps:
        value = json.loads(text)
        for step in steps:
            value = value[step]
        text = value
    render(text)


def load_import(path, _):
    """What `trust_remote_code=True` does with the module that the configuration names."""
    import importlib.machinery
    import importlib.util

    loader = importlib.machinery.SourceFileLoader("remote", path)
    loader.exec_module(importlib.util.module_from_spec(importlib.util.spec_from_loader("remote", loader)))


def load_yaml(path, _):
    import yaml

    with open(path, encoding="utf-8") as file:
        yaml.load(file, Loader=yaml.UnsafeLoader)


LOADERS = {name.removeprefix("load_").replace("_", "-"): value for name, value in globals().items() if name.startswith("load_")}
FRAMEWORKS = {"torch": "torch", "torchscript": "torch", "keras": "keras", "keras-config": "keras", "tensorflow": "tensorflow",
              "graph": "tensorflow", "numpy": "numpy", "joblib": "joblib", "gguf-template": "gguf"}


def reached():
    return any(name.startswith(MARKER) for name in os.listdir("."))


def child(path, loader, steps, patient):
    signal.alarm(SECONDS)
    problem = ""
    try:
        LOADERS[loader](path, steps)
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}"
    # A program that was started may need a moment.
    for _ in range(40 if patient else 1):
        if reached():
            break
        time.sleep(0.05)
    pathlib.Path("problem").write_text(problem[:500])


def attempt(number, request):
    folder = pathlib.Path(f"/tmp/work/{number}")
    folder.mkdir()
    process = os.fork()
    if process == 0:
        os.chdir(folder)
        sys.path[:0] = [str(folder)]
        pathlib.Path("holdfast_companion.py").write_text(COMPANION)
        pathlib.Path("holdfast.pth").write_text(f"import os; {COMPANION}")
        with open(os.devnull, "r+") as nothing:
            for descriptor in (0, 1, 2):
                os.dup2(nothing.fileno(), descriptor)
        child(request["path"], request["loader"], request["steps"], request["patient"])
        sys.exit(0)  # runs what is registered for the exit
    os.waitpid(process, 0)
    os.chdir(folder)
    problem = pathlib.Path("problem")
    return {"reached": reached(), "problem": problem.read_text() if problem.exists() else "the process ended"}


def main():
    for number, line in enumerate(sys.stdin):
        request = json.loads(line)
        # Imported once, not by each process anew.
        for module in (FRAMEWORKS.get(request["loader"]), *request["preload"]):
            if module is not None:
                importlib.import_module(module)
        print(json.dumps(attempt(number, request)), flush=True)


if __name__ == "__main__":
    main()
