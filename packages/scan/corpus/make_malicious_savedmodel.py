"""SavedModels and frozen graphs whose operators touch files or call Python."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow

from sample import MARKER, Family

family = Family("malicious", "savedmodel", "tensorflow")
V1 = tensorflow.compat.v1


def write(x):
    tensorflow.io.write_file(MARKER, "reached")
    return x


def write_nested(x):
    return tensorflow.cond(tensorflow.constant(True), lambda: write(x), lambda: x)


def write_loop(x):
    return tensorflow.while_loop(lambda y: tensorflow.reduce_sum(y) < 1, lambda y: (write(y) + 1,), [x])[0]


def printed(x):
    tensorflow.print("reached", output_stream=f"file://{MARKER}")
    return x


def summary(x):
    with tensorflow.control_dependencies([tensorflow.raw_ops.SaveV2(prefix=MARKER, tensor_names=["x"], shape_and_slices=[""], tensors=[x])]):
        return tensorflow.identity(x)


READS = {"unproven": "it reads a file, and makes no marker"}
FUNCTIONS = {"write-file": (write, {}), "write-file-cond": (write_nested, {}), "write-file-loop": (write_loop, {}), "print-file": (printed, {}), "save": (summary, {}),
             "read-file": (lambda x: x + tensorflow.cast(tensorflow.strings.length(tensorflow.io.read_file("/etc/passwd")), tensorflow.float32), READS),
             "matching-files": (lambda x: x + tensorflow.cast(tensorflow.size(tensorflow.io.matching_files("/etc/*")), tensorflow.float32), READS)}
for name, (function, more) in FUNCTIONS.items():
    module = tensorflow.Module()
    module.run = tensorflow.function(lambda x: {"y": function(x)}, input_signature=[tensorflow.TensorSpec([1], tensorflow.float32)])
    tensorflow.saved_model.save(module, str(family.path(name)), signatures={"serving_default": module.run})
    for path in sorted((family.folder / name).rglob("*")):
        if path.is_file():
            relative = path.relative_to(family.folder).as_posix()
            graph = path.name == "saved_model.pb"
            family.written(relative, "savedmodel" if graph else "raw", f"the graph touches files: {name}" if graph else "a part of it", effect="file", varies=True, folder=name,
                           **((more or {"load": "tensorflow@scan-tensorflow"}) if graph else {"companion": True}))

# Frozen graphs: nodes of one GraphDef.
def frozen(name, build, **more):
    with tensorflow.Graph().as_default() as graph:
        build()
    family.add(f"frozen/{name}.pb", graph.as_graph_def().SerializeToString(deterministic=True), "graphdef", f"a graph of TensorFlow 1 with an operator of {name}", effect="file", **(more or {"load": "graph@scan-tensorflow"}))


frozen("write-file", lambda: V1.raw_ops.WriteFile(filename=MARKER, contents="x"))
frozen("read-file", lambda: V1.raw_ops.ReadFile(filename="/etc/passwd"), **READS)
frozen("py-func", lambda: V1.py_func(lambda: 1.0, [], tensorflow.float32), unproven="it calls a function by its token, of the process that loads it")

family.finish()
