"""Keras archives and HDF5 files: Lambdas at any nesting, names of other modules, links out of the file."""

import base64
import io
import json
import marshal
import zipfile

import h5py

from sample import MARKER, Family

family = Family("malicious", "keras", "specification")
LOADER = "keras-config@scan-tensorflow"
NAMED = "it names a module of somebody, which the loader imports where it is there"


def lambda_code():
    """A function that makes the marker, as Keras writes it: marshal in base64."""
    namespace = {}
    exec(compile(f"def f(x):\n    open('{MARKER}', 'w').close()\n    return x\n", "<sample>", "exec"), namespace)
    return base64.b64encode(marshal.dumps(namespace["f"].__code__)).decode()


def lambda_value():
    return {"class_name": "__lambda__", "config": {"code": lambda_code(), "defaults": None, "closure": None}}


def layer(name, config, module="keras.layers", inbound=None, shape=(None, 4), **more):
    built = {"module": module, "class_name": name, "config": {"name": name.lower(), **config}, "registered_name": None, **more}
    if inbound is not None:
        tensor = {"class_name": "__keras_tensor__", "config": {"shape": list(shape), "dtype": "float32", "keras_history": [inbound, 0, 0]}}
        built |= {"name": built["config"]["name"], "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}
    return built


LAMBDA = layer("Lambda", {"function": lambda_value(), "output_shape": None, "mask": None, "arguments": {}})
INPUT = layer("InputLayer", {"batch_shape": [None, 4], "dtype": "float32", "sparse": False, "name": "input"})


def sequential(*layers, name="sequential"):
    return {"module": "keras", "class_name": "Sequential", "config": {"name": name, "trainable": True, "layers": [INPUT, *layers], "build_input_shape": [None, 4]}, "registered_name": None}


def archive(config, more=()):
    buffer = io.BytesIO()
    weights = io.BytesIO()
    with h5py.File(weights, "w"):
        pass
    entries = [("metadata.json", json.dumps({"keras_version": "3.15.1", "date_saved": "2026-11-28@00:00:00"})), ("config.json", json.dumps(config)), ("model.weights.h5", weights.getvalue()), *more]
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in entries:
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def add(name, config, why, **more):
    family.add(f"v3/{name}.keras", archive(config), "keras", why, effect="code", **(more or {"load": LOADER}))


FUNCTIONAL = {"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "functional", "trainable": True, "layers": [
    {**INPUT, "name": "input", "inbound_nodes": []},
    layer("Lambda", LAMBDA["config"], inbound="input"),
], "input_layers": [["input", 0, 0]], "output_layers": [["lambda", 0, 0]]}, "registered_name": "Functional"}
add("lambda-functional", FUNCTIONAL, "a Lambda in a functional model")
add("lambda-sequential", sequential(LAMBDA), "a Lambda in a sequence")
add("lambda-nested", sequential(sequential(sequential(LAMBDA, name="c"), name="b")), "a Lambda in a model in a model in a model")

add("lambda-time-distributed", sequential(layer("Reshape", {"target_shape": [2, 2]}), layer("TimeDistributed", {"layer": LAMBDA})), "a Lambda within TimeDistributed")
ACTIVATION = layer("Dense", {"units": 4, "activation": lambda_value(), "use_bias": True})
add("lambda-activation", sequential(ACTIVATION), "the activation of a layer is a lambda", unproven="the newest Keras takes no lambda there; older ones did")
add("lambda-initializer", sequential(layer("Dense", {"units": 4, "activation": "linear", "kernel_initializer": lambda_value()})), "the initializer of a layer is a lambda", unproven="an initializer is called with other arguments than the program takes")
add("lambda-output-shape", sequential(layer("Lambda", {"function": {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "relu"}, "output_shape": lambda_value(), "arguments": {}})), "the shape of a layer's output is computed by a lambda", unproven="the loader refuses the function beside it")
# Names of other modules.
for module, name in (("os", "system"), ("builtins", "exec"), ("subprocess", "call"), ("importlib", "import_module"), ("holdfast_companion", "Layer")):
    add(f"module-{module}-{name}", sequential(layer(name, {}, module=module)), f"a layer is said to be {module}.{name}", unproven=NAMED)
    function = {"module": module, "class_name": "function", "config": name, "registered_name": name}
    add(f"function-{module}-{name}", sequential(layer("Dense", {"units": 4, "activation": function})), f"an activation is said to be {module}.{name}", unproven=NAMED)
add("registered", sequential(layer("Custom", {}, module="somewhere.models", registered_name="package>Custom")), "a layer of a package that is not Keras", unproven=NAMED)
add("loss", sequential(layer("Dense", {"units": 1})) | {"compile_config": {"loss": lambda_value(), "optimizer": "adam"}}, "the loss is a lambda", unproven="it runs when the model is trained")
for name in ("TFSMLayer", "TorchModuleWrapper"):
    add(f"layer-{name.lower()}", sequential(layer(name, {"filepath": "/tmp/other", "module": "gASVAA=="})), f"a layer that loads another model: {name}", unproven="it loads a model that is not in this file")
add("vocabulary", sequential(layer("StringLookup", {"vocabulary": "/etc/passwd"})), "a vocabulary is read from a file out of the model", unproven="it makes another file be read")
family.add("v3/duplicate-config.keras", archive(sequential(), [("config.json", json.dumps(sequential(LAMBDA)))]), "keras", "two configurations of one name", effect="code", load=LOADER)
family.add("v3/extra-pickle.keras", archive(sequential(), [("assets/state.pkl", b"\x80\x02cposix\nsystem\nX\x15\x00\x00\x00touch holdfast-marker\x85R.")]), "keras", "a pickle that runs lies among the assets", effect="process", load="zip-entry", steps=["assets/state.pkl"])


# HDF5.
def h5(name, write, why, **more):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver=more.pop("libver", None)) as file:
        write(file)
    family.add(f"h5/{name}.h5", buffer.getvalue(), "hdf5", why, effect="file", made_by="h5py", **more)


READS = {"unproven": "it makes another file be read"}
LEGACY = {"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Lambda", "config": {"name": "l", "function": [lambda_code(), None, None], "function_type": "lambda", "module": "__main__", "output_shape": None, "output_shape_type": "raw", "arguments": {}}}]}}
CONFIGS = {
    "lambda": LEGACY,
    "lambda-nested": {"class_name": "Sequential", "config": {"name": "o", "layers": [LEGACY]}},
    "lambda-wrapped": {"class_name": "Sequential", "config": {"name": "o", "layers": [{"class_name": "TimeDistributed", "config": {"name": "t", "layer": LEGACY["config"]["layers"][0]}}]}},
    "custom": {"class_name": "Sequential", "config": {"name": "o", "layers": [{"class_name": "somewhere>Layer", "config": {"name": "t"}}]}},
    "module": {"class_name": "Sequential", "config": {"name": "o", "layers": [{"class_name": "system", "module": "os", "config": {"command": f"touch {MARKER}"}}]}},
}
for name, config in CONFIGS.items():
    h5(f"config-{name}", lambda file: file.attrs.__setitem__("model_config", json.dumps(config)), f"the configuration runs or names what it must not: {name}", unproven="the loader of old models needs their weights beside; the same code is proven in v3")
h5("training-config", lambda file: (file.attrs.__setitem__("model_config", json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": []}})), file.attrs.__setitem__("training_config", json.dumps({"loss": lambda_value()}))), "the loss in the configuration of the training is a lambda", unproven="it runs when the model is trained")
h5("external-link", lambda file: file.__setitem__("weights", h5py.ExternalLink("/etc/secret.h5", "/w")), "a link leads into another file", **READS)
h5("external-link-deep", lambda file: file.create_group("a/b/c").__setitem__("w", h5py.ExternalLink("../other.h5", "/w")), "a link in a group leads into another file", **READS)
h5("external-link-latest", lambda file: file.__setitem__("weights", h5py.ExternalLink("/etc/secret.h5", "/w")), "a link leads into another file, in the newest layout", libver="latest", **READS)
h5("external-storage", lambda file: file.create_dataset("w", (4,), "u1", external=[("/etc/passwd", 0, 4)]), "a dataset has its numbers in another file", **READS)


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/secret.h5", "w", (4,))
    file.create_virtual_dataset("w", layout)


h5("virtual", virtual, "a dataset is put together from another file", libver="latest", **READS)

family.finish()
