"""Writes ONNX files: by PyTorch's two exporters and by skl2onnx, without a word about the machine that did it."""
import logging
import warnings

import onnx
import torch

from networks import Block

logging.getLogger("torch.onnx").setLevel(logging.ERROR)
warnings.filterwarnings("ignore")


def strip(path):
    """The exporter notes its stack traces, with paths, in metadata and doc strings."""
    file = onnx.load(path)
    graph = file.graph
    del file.metadata_props[:], graph.metadata_props[:]
    for part in [*graph.node, *graph.input, *graph.output, *graph.initializer]:
        part.ClearField("doc_string")
        del part.metadata_props[:]
    graph.ClearField("doc_string")
    del graph.value_info[:]
    onnx.checker.check_model(file, full_check=True)
    with open(path, "wb") as out:
        out.write(file.SerializeToString(deterministic=True))


def export_network(network, x, path, exporter, opset):
    """@param x: two rows or more, of the right shape; only the first dimension stays free."""
    for part in network.modules():
        if isinstance(part, Block):
            part.fused = exporter == "export"
    names = {"input_names": ["x"], "output_names": ["y"]}
    if exporter == "trace":
        torch.onnx.export(network, (x,), path, opset_version=opset, dynamo=False,
                          dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}}, **names)
    else:
        torch.onnx.export(network, (x,), path, opset_version=opset, dynamo=True, external_data=False, verbose=False,
                          dynamic_shapes=({0: torch.export.Dim("batch")},), **names)
    strip(path)


def export_pipeline(pipeline, features, path, opset):
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    file = to_onnx(pipeline, initial_types=[("x", FloatTensorType([None, features]))], target_opset={"": opset, "ai.onnx.ml": 3},
                   options={"zipmap": False}, naming="")
    file.graph.name = "pipeline"  # else a random one
    with open(path, "wb") as out:
        out.write(file.SerializeToString(deterministic=True))
    strip(path)
