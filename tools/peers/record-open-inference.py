"""Records requests of the Open Inference Protocol as NVIDIA's client writes them, and what NumPy has in their tensors.

    python3 -m venv ~/.cache/holdfast-peers/open-inference
    ~/.cache/holdfast-peers/open-inference/bin/pip install -r tools/peers/requirements-open-inference.txt
    ~/.cache/holdfast-peers/open-inference/bin/python tools/peers/record-open-inference.py \
        > packages/gateway/test/fixtures/open-inference-tritonclient-2.73.0.json
"""

import base64
import json
from importlib.metadata import version

import numpy
import tritonclient.http as client

TENSORS = {
    "BOOL": numpy.array([[True, False], [False, True]]),
    "UINT8": numpy.array([0, 1, 255], numpy.uint8),
    "UINT16": numpy.array([0, 1, 65535], numpy.uint16),
    "UINT32": numpy.array([0, 1, 4294967295], numpy.uint32),
    "UINT64": numpy.array([0, 2**53 + 1, 2**64 - 1], numpy.uint64),
    "INT8": numpy.array([-128, 0, 127], numpy.int8),
    "INT16": numpy.array([-32768, 0, 32767], numpy.int16),
    "INT32": numpy.array([[-(2**31)], [0], [2**31 - 1]], numpy.int32),
    "INT64": numpy.array([-(2**63), -1, 2**53 + 1, 2**63 - 1], numpy.int64),
    "FP16": numpy.array([0.0, -0.0, 1.0, -2.5, 65504.0, 2**-24, 2**-14, 0.333251953125], numpy.float16),
    "FP32": numpy.array([[[0.1, -1.5], [3.4028234663852886e38, 1e-45]]], numpy.float32),
    "FP64": numpy.array([0.1, -1.5, 1.7976931348623157e308, 5e-324, -0.0], numpy.float64),
    "BYTES": numpy.array([["", "a"], ["Grüße", "𝛼β\n\""]], numpy.object_),
}


def exact(value):
    """A value as text that every language reads alike: the shortest of a float, the digits of an integer."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, numpy.bool_)):
        return int(value)
    if isinstance(value, (int, numpy.integer)):
        return str(int(value))
    return repr(float(value))


def request(tensors, binary):
    inputs = []
    for name, (datatype, array) in tensors.items():
        one = client.InferInput(name, list(array.shape), datatype)
        one.set_data_from_numpy(array, binary_data=binary)
        inputs.append(one)
    outputs = [client.InferRequestedOutput("scores", binary_data=binary)]
    body, header = client.InferenceServerClient.generate_request_body(inputs, outputs=outputs, request_id="42")
    return {
        "body": base64.b64encode(body).decode(),
        "header": header,
        "tensors": [
            {
                "name": name,
                "datatype": datatype,
                "shape": list(array.shape),
                "values": [exact(value) for value in array.reshape(-1)],
            }
            for name, (datatype, array) in tensors.items()
        ],
    }


def halves():
    """What 16 bits become, and what becomes of numbers in 16 bits."""
    bits = numpy.array([0, 1, 2, 0x3FF, 0x400, 0x3555, 0x3C00, 0x7BFF, 0x7C00, 0x8000, 0x8001, 0xC000, 0xFBFF, 0xFC00], numpy.uint16)
    draw = numpy.random.default_rng(7)
    wide = numpy.concatenate(
        [
            draw.normal(0, 1, 40),
            draw.normal(0, 1e5, 20),
            draw.normal(0, 1e-6, 40),
            [65504.0, 65519.99, 65520.0, 2**-24, 2**-25, 2**-25 * 1.0000001, 3 * 2**-25, 2**-14 - 2**-26, 1 + 2**-11, 1 + 3 * 2**-11, -0.0],
        ]
    )
    with numpy.errstate(over="ignore", under="ignore"):
        narrow = wide.astype(numpy.float16).view(numpy.uint16)
    return {
        "widened": [[int(one), repr(float(wide))] for one, wide in zip(bits, bits.view(numpy.float16))],
        "narrowed": [[repr(float(one)), int(half)] for one, half in zip(wide, narrow)],
    }


def main():
    typed = {f"in-{name}": (name, array) for name, array in TENSORS.items()}
    in_json = {name: pair for name, pair in typed.items() if pair[0] != "FP16"}
    recorded = {
        "versions": {name: version(name) for name in ("numpy", "tritonclient")},
        "binary": request(typed, True),
        "json": request(in_json, False),
        "single": [request({f"in-{name}": (name, array)}, True) for name, array in TENSORS.items()],
        "halves": halves(),
    }
    print(json.dumps(recorded, indent=1, ensure_ascii=False))


main()
