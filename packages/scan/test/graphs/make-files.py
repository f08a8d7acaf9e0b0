"""Writes the files beside this script, with the frameworks of tools/peers/requirements-scan-tensorflow.txt:

    ~/.cache/holdfast-peers/scan-tensorflow/bin/python packages/scan/test/graphs/make-files.py

Malicious ones only ever write a marker or name a file that does not exist. versions.json says what wrote them.
"""
import json
import os
import shutil
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import h5py
import keras
import numpy
import tensorflow as tf

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
shutil.rmtree(here, ignore_errors=True)
os.makedirs(here)
os.chdir(here)
keras.utils.set_random_seed(1)
layers = keras.layers


def mlp():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1)])
    model.compile("adam", loss="mse", metrics=["mae", keras.metrics.AUC()])
    return model


def functional():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(2, 3, kernel_initializer=keras.initializers.HeNormal(), kernel_regularizer=keras.regularizers.L2(0.1))(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = keras.ops.sqrt(x * x + 1.0)
    model = keras.Model(inputs, layers.Dense(2, activation=keras.activations.softmax)(x))
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)), loss=keras.losses.CategoricalCrossentropy())
    return model


def recurrent():
    return keras.Sequential([keras.Input((4, 3)), layers.Bidirectional(layers.LSTM(2, return_sequences=True)), layers.TimeDistributed(layers.Dense(2))])


def words():
    lookup = layers.StringLookup(vocabulary=["a", "b", "c"])
    return keras.Sequential([keras.Input((1,), dtype="string"), lookup])


def with_lambda():
    return keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x * 2)])


def nested_lambda():
    inner = keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x * 2)])
    return keras.Sequential([keras.Input((4, 3)), layers.TimeDistributed(inner)])


@keras.saving.register_keras_serializable("somebody")
class Doubled(layers.Layer):
    def call(self, x):
        return x * 2


def custom():
    return keras.Sequential([keras.Input((3,)), Doubled()])


mlp().save("mlp.keras")
functional().save("functional.keras")
recurrent().save("recurrent.keras")
words().save("words.keras")
with_lambda().save("lambda.keras")
nested_lambda().save("nested-lambda.keras")
custom().save("custom.keras")
mlp().save("mlp.h5")
functional().save("functional.h5")
recurrent().save("recurrent.h5")
with_lambda().save("lambda.h5")
nested_lambda().save("nested-lambda.h5")
custom().save("custom.h5")
mlp().save_weights("mlp.weights.h5")

# HDF5 as h5py writes it.
values = numpy.arange(12, dtype="f4").reshape(3, 4)


def hdf5(name, fill, **options):
    with h5py.File(name, "w", **options) as file:
        fill(file)


def plain(file):
    file["a"] = values
    group = file.create_group("b/c")
    group.create_dataset("packed", data=values, chunks=(1, 4), compression="gzip", shuffle=True, fletcher32=True)
    group.create_dataset("lzf", data=values, chunks=(1, 4), compression="lzf")
    group["words"] = ["x", "y"]
    group.attrs["names"] = [b"p", b"q"]
    group.attrs["text"] = "é"
    file["type"] = numpy.dtype([("x", "f4"), ("y", "i8")])
    file["same"] = file["b/c"]
    file["soft"] = h5py.SoftLink("/b/c/packed")
    file["b/c/up"] = file["b"]


def many(file):
    for index in range(300):
        file.create_group(f"g{index:03}").attrs["n"] = index


hdf5("plain.hdf5", plain)
hdf5("plain-latest.hdf5", plain, libver="latest")
hdf5("plain-v108.hdf5", plain, libver=("earliest", "v108"))
hdf5("many.hdf5", many)
hdf5("many-latest.hdf5", many, libver="latest")
hdf5("external-link.hdf5", lambda file: file.__setitem__("x", h5py.ExternalLink("/does/not/exist.h5", "/x")))
hdf5("user-block.hdf5", plain, userblock_size=512)
# PyTables would unpickle the first when it reads it; the second is no more than a name.
hdf5("pickled-attribute.hdf5", lambda file: file.attrs.__setitem__("note", numpy.bytes_(b"cos\nsystem\n(S'true'\ntR.")))
hdf5("named-attribute.hdf5", lambda file: file.attrs.__setitem__("note", numpy.bytes_(b"conv2d/kernel:0")))


def external_storage(file):
    file.create_dataset("x", (4,), "u1", external=[("/does/not/exist", 0, 4)])


def virtual(file):
    layout = h5py.VirtualLayout((4,), "u1")
    layout[:] = h5py.VirtualSource("/does/not/exist.h5", "x", (4,))
    file.create_virtual_dataset("x", layout)


def plug_in(file):
    # A filter that is not installed can be named when the dataset may do without it.
    space = h5py.h5s.create_simple((4,))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((4,))
    properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (1, 2))
    h5py.h5d.create(file.id, b"x", h5py.h5t.STD_U8LE, space, properties)


hdf5("external-storage.hdf5", external_storage)
hdf5("virtual.hdf5", virtual, libver="latest")
hdf5("plug-in.hdf5", plug_in)
hdf5("pytables.hdf5", lambda file: file.attrs.__setitem__("PYTABLES_FORMAT_VERSION", "2.1"))

with h5py.File("plain.hdf5") as file:
    names = []
    file.visititems_links(lambda name, link: names.append([name, type(link).__name__]))
json.dump(sorted(names), open("plain.json", "w"))


# TensorFlow.
def export(name, module, **signatures):
    tf.saved_model.save(module, name, **signatures)


keras_model = mlp()
keras_model.export("saved-keras", verbose=False)
words().export("saved-words", verbose=False)


class Computes(tf.Module):
    def __init__(self):
        self.weight = tf.Variable([[1.0], [2.0]])

    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        total = tf.zeros(())
        for step in tf.range(3):
            if tf.reduce_sum(x) > tf.cast(step, tf.float32):
                total += tf.reduce_mean(tf.linalg.matmul(x, self.weight))
        return tf.map_fn(lambda row: row * total, x)


class Reads(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        return x, tf.io.read_file("/does/not/exist")


class Writes(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        if tf.reduce_sum(x) > 0:
            tf.io.write_file("/does/not/exist/marker", "marker")
        return x


class Python(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        return tf.py_function(lambda value: value, [x], tf.float32)


class Restores(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        return x, tf.raw_ops.RestoreV2(prefix="/does/not/exist", tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32])


class Prints(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        tf.print(x, output_stream="file:///does/not/exist/marker")
        return x


class Says(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        tf.print(x)
        return x


for name, module in dict(computes=Computes, reads=Reads, writes=Writes, python=Python, restores=Restores, prints=Prints, says=Says).items():
    export(f"saved-{name}", module())

# A table of words that lies in the assets, and one whose path is passed on from function to function.
with open("words.txt", "w") as file:
    file.write("a\nb\n")


class Table(tf.Module):
    def __init__(self):
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer("words.txt", tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1
        )

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
    def __call__(self, x):
        return self.table.lookup(x)


@tf.function
def restore(prefix):
    return tf.raw_ops.RestoreV2(prefix=prefix, tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32])


@tf.function
def passes_on(prefix):
    return restore(tf.strings.join([prefix, "/part"]))


class Passes(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x):
        return x, passes_on("/does/not/exist")


class Asked(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((), tf.string)])
    def __call__(self, prefix):
        return passes_on(prefix)


export("saved-table", Table())
export("saved-passes", Passes())
asked = Asked()
export("saved-asked", asked, signatures=asked.__call__)
os.remove("words.txt")

# A graph with a saver, as TensorFlow 1 exports it, and one that is frozen.
v1 = tf.compat.v1
with tf.Graph().as_default(), v1.Session() as session:
    x = v1.placeholder(tf.float32, (None, 2), "x")
    w = v1.get_variable("w", (2, 1), initializer=v1.zeros_initializer(), use_resource=False)
    y = tf.identity(tf.matmul(x, w), "y")
    session.run(v1.global_variables_initializer())
    v1.saved_model.simple_save(session, "saved-v1", {"x": x}, {"y": y})
    frozen = v1.graph_util.convert_variables_to_constants(session, session.graph_def, ["y"])
    open("frozen.pb", "wb").write(frozen.SerializeToString())
with tf.Graph().as_default() as graph:
    tf.io.write_file("/does/not/exist/marker", tf.constant("marker"))
    open("frozen-writes.pb", "wb").write(graph.as_graph_def().SerializeToString())

# As hickle 5 keeps what it does not know: a pickle in the values of a dataset, and marks in attributes.
with h5py.File("pickled-values.hdf5", "w") as file:
    file["x"] = numpy.frombuffer(b"cposix\nsystem\n(S'touch marker'\ntR.", "u1")
with h5py.File("hickle.hdf5", "w") as file:
    file.attrs["HICKLE_VERSION"] = b"5.0.3"
    file.create_dataset("data", data=numpy.arange(3))

# What no saver writes: real files, with one thing changed.
from tensorflow.core.framework import graph_pb2
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.keras.protobuf import saved_metadata_pb2


def forge(name, source, change):
    model = saved_model_pb2.SavedModel()
    with open(f"{source}/saved_model.pb", "rb") as file:
        model.ParseFromString(file.read())
    change(model.meta_graphs[0])
    with open(f"forged-{name}.pb", "wb") as file:
        file.write(model.SerializeToString(deterministic=True))


def node(graph, name):
    return next(node for node in graph.node if node.name == name)


def traced_save(meta):
    return next(function for function in meta.graph_def.library.function if "traced_save" in function.signature.name)


def outside(meta):
    meta.asset_file_def[0].filename = "../../does/not/exist"


def default_path(meta):
    node(meta.graph_def, "save/filename/input").attr["value"].tensor.string_val[0] = b"/does/not/exist"


def separator(meta):
    join = next(node for node in traced_save(meta).node_def if node.op == "StringJoin")
    join.attr["separator"].s = b"/../../../does/not/exist"


def suffix(meta):
    next(node for node in traced_save(meta).node_def if node.name == "Const_1").attr["value"].tensor.string_val[0] = b"/../../x"


def constant_call(meta):
    path = meta.graph_def.node.add(name="path", op="Const")
    path.attr["dtype"].type = 7
    path.attr["value"].tensor.dtype = 7
    path.attr["value"].tensor.string_val.append(b"/does/not/exist")
    path.attr["value"].tensor.tensor_shape.SetInParent()
    call = next(node for node in meta.graph_def.node if node.op == "StatefulPartitionedCall" and "saver_filename" in node.input)
    call.input[0] = "path"


def captured(meta):
    function = meta.object_graph_def.concrete_functions[traced_save(meta).signature.name]
    count = len(traced_save(meta).signature.input_arg)
    del function.bound_inputs[:]
    function.bound_inputs.extend([0] * count)


def served(meta):
    signature = meta.signature_def["serving_default"]
    next(iter(signature.inputs.values())).name = "saver_filename:0"


def unregistered(meta):
    meta.graph_def.node.add(name="odd", op="SomebodysOperation")


def by_name(meta):
    # A function of the library that is called as an operation, with a path of the model's own.
    constant_call(meta)
    call = next(node for node in meta.graph_def.node if node.op == "StatefulPartitionedCall" and node.input[0] == "path")
    call.op = call.attr["f"].func.name


def in_branch(meta):
    branch = traced_save(meta)
    choice = meta.graph_def.node.add(name="choice", op="If", input=["Const", "saver_filename"])
    choice.attr["then_branch"].func.name = branch.signature.name


def contradicting(meta):
    # TensorFlow takes `tensor_content` where a tensor has both: a list of lengths, then the texts.
    tensor = next(node for node in traced_save(meta).node_def if node.name == "Const_1").attr["value"].tensor
    tensor.tensor_content = bytes([8]) + b"/../../x"


def shadowing(meta):
    meta.graph_def.library.function.add().signature.name = "ReadFile"


def asset_and_constant():
    # An object of two kinds: a parser takes the last of a `oneof`, and the table is read from the constant path.
    model = saved_model_pb2.SavedModel()
    model.ParseFromString(open("saved-table/saved_model.pb", "rb").read())
    graph = model.meta_graphs[0]
    path = graph.graph_def.node.add(name="path", op="Const")
    path.attr["dtype"].type = 7
    path.attr["value"].tensor.CopyFrom(tf.make_tensor_proto("/does/not/exist"))
    asset = next(each for each in graph.object_graph_def.nodes if each.WhichOneof("kind") == "asset")
    second = type(asset)()
    second.constant.operation = "path"
    both = asset.SerializeToString() + second.SerializeToString()
    stand_in = type(asset)(registered_name="Z" * (len(both) - 2))
    assert len(stand_in.SerializeToString()) == len(both)
    asset.CopyFrom(stand_in)
    whole = model.SerializeToString(deterministic=True)
    assert whole.count(stand_in.SerializeToString()) == 1
    open("forged-asset-and-constant.pb", "wb").write(whole.replace(stand_in.SerializeToString(), both))


asset_and_constant()
forge("contradicting", "saved-computes", contradicting)
forge("shadowing", "saved-computes", shadowing)
forge("asset-outside", "saved-table", outside)
forge("default-path", "saved-v1", default_path)
forge("separator", "saved-computes", separator)
forge("suffix", "saved-computes", suffix)
forge("constant-call", "saved-computes", constant_call)
forge("captured", "saved-computes", captured)
forge("served", "saved-computes", served)
forge("unregistered", "saved-computes", unregistered)
forge("by-name", "saved-computes", by_name)
forge("in-branch", "saved-computes", in_branch)


def metadata(name, *layers):
    found = saved_metadata_pb2.SavedMetadata()
    for index, layer in enumerate(layers):
        found.nodes.add(node_id=index, node_path=f"root.layer-{index}", identifier="_tf_keras_layer", metadata=json.dumps(layer))
    with open(name, "wb") as file:
        file.write(found.SerializeToString(deterministic=True))


# As Keras 2.15 writes it (keras/src/saving/legacy/saved_model/save.py).
dense = {"class_name": "Dense", "name": "dense", "trainable": True, "config": {"name": "dense", "units": 2, "activation": "relu",
    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}, "shared_object_id": 1}}}
code = {"class_name": "Lambda", "name": "lambda", "config": {"name": "lambda", "function": {"class_name": "__tuple__", "items": ["bWFya2Vy", None, None]}, "function_type": "lambda", "module": "__main__"}}
metadata("keras_metadata.pb", dense)
metadata("keras_metadata-lambda.pb", dense, code)

json.dump(
    {"tensorflow": tf.__version__, "keras": keras.__version__, "h5py": h5py.__version__, "hdf5": h5py.version.hdf5_version, "python": sys.version.split()[0]},
    open("versions.json", "w"),
)
