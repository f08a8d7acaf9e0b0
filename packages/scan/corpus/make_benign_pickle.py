"""Plain data of the standard library, NumPy and pandas, written by pickle, dill and cloudpickle in every protocol."""

import array
import collections
import datetime
import decimal
import fractions
import pathlib
import pickle
import random
import types
import uuid

import cloudpickle
import dill
import numpy
import pandas

from sample import Family

family = Family("benign", "pickle", "python")
random.seed(4)
rng = numpy.random.default_rng(4)

PLAIN = {
    "scalars": [None, True, False, 0, 1, -1, 255, 256, 65536, -(2**31), 2**31, 2**63, -(2**70), 1.5, float("inf"), 1e-300],
    "texts": ["", "a", "ü", "日本", "a" * 300, "line\nbreak", "back\\slash", "\0", "🙂"],
    "bytes": [b"", b"a", bytes(range(256)), bytearray(b"mutable"), b"x" * 1000],
    "containers": {"list": [[], [1], [[2]]], "tuple": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)), "set": {1, 2}, "frozen": frozenset("ab"), "dict": {}},
    "metrics": {"epoch": 12, "loss": [random.random() for _ in range(40)], "accuracy": 0.93, "best": {"step": 1200, "path": "model-1200.pt"}},
    "vocabulary": {f"token{number}": number for number in range(500)},
}
SHARED = [1, 2]
PLAIN["shared"] = {"a": SHARED, "b": SHARED, "c": [SHARED] * 3}
LOOP = []
LOOP.append(LOOP)
PLAIN["recursive"] = LOOP

TYPES = {
    "ordered-dict": collections.OrderedDict(a=1, b=[2]),
    "defaultdict": collections.defaultdict(list, {"a": [1]}),
    "counter": collections.Counter("hold fast"),
    "deque": collections.deque([1, 2, 3], maxlen=5),
    "datetime": [datetime.datetime(2026, 11, 28, 1, 2, 3), datetime.date(2026, 1, 1), datetime.time(1, 2), datetime.timedelta(days=2)],
    "datetime-utc": datetime.datetime(2026, 11, 28, tzinfo=datetime.timezone.utc),
    "decimal": decimal.Decimal("1.10"),
    "fraction": fractions.Fraction(1, 3),
    "uuid": uuid.UUID(int=4),
    "complex": complex(1, 2),
    "range-slice": [range(3, 9, 2), slice(1, None, 2)],
    "array": array.array("d", [1.0, 2.0]),
    "namespace": types.SimpleNamespace(lr=0.1, layers=[64, 32]),
    "pure-path": pathlib.PurePosixPath("data/train.csv"),
}

for name, value in PLAIN.items():
    for protocol in range(6):
        family.add(f"plain/{name}-p{protocol}.pkl", pickle.dumps(value, protocol), "pickle", f"plain data: {name}", load="pickle")
for number, (name, value) in enumerate(TYPES.items()):
    for protocol in {2, 4, number % 6}:
        family.add(f"types/{name}-p{protocol}.pkl", pickle.dumps(value, protocol), "pickle", f"types of the standard library: {name}", load="pickle")
for name in ("metrics", "vocabulary", "containers", "scalars"):
    for protocol in (3, 4):
        family.add(f"dill/{name}-p{protocol}.dill", dill.dumps(PLAIN[name], protocol), "pickle", "plain data", made_by="dill", load="pickle@scan")
    family.add(f"cloudpickle/{name}.pkl", cloudpickle.dumps(PLAIN[name]), "pickle", "plain data", made_by="cloudpickle", load="pickle")
family.add("several/three.pkl", b"".join(pickle.dumps(PLAIN[name], 4) for name in ("metrics", "texts", "vocabulary")), "pickle", "three pickles in a row", load="pickle-all")
family.add("several/python.pkl", pickle._dumps(PLAIN["metrics"], 4), "pickle", "by the pickler in Python", load="pickle")

ARRAYS = {
    "float64": rng.normal(size=(4, 3)),
    "float32": rng.normal(size=5).astype("float32"),
    "integers": numpy.arange(6, dtype="int16").reshape(2, 3),
    "booleans": numpy.array([True, False]),
    "texts": numpy.array(["a", "bc"]),
    "bytes": numpy.array([b"a", b"bc"]),
    "structured": numpy.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    "datetime": numpy.array(["2026-01-01"], dtype="datetime64[D]"),
    "fortran": numpy.asfortranarray(rng.normal(size=(2, 3))),
    "complex": numpy.array([1 + 2j]),
    "scalar": numpy.float64(1.5),
    "empty": numpy.zeros((0, 3)),
    "big-endian": numpy.arange(3, dtype=">f8"),
    "generator": numpy.random.default_rng(4),
    "random-state": numpy.random.RandomState(4),
    "masked": numpy.ma.array([1.0, 2.0], mask=[False, True]),
    "dtype": numpy.dtype("float32"),
    "object-array": numpy.array([{"a": 1}, None, "text"], dtype=object),
}
for number, (name, value) in enumerate(ARRAYS.items()):
    for protocol in {4, (number * 5 + 2) % 6}:
        family.add(f"numpy/{name}-p{protocol}.pkl", pickle.dumps(value, protocol), "pickle", f"an array of NumPy: {name}", made_by="numpy", load="pickle@scan")

FRAME = pandas.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "c": ["x", "y", "z"]})
FRAMES = {
    "frame": FRAME,
    "series": FRAME["b"],
    "categories": FRAME["c"].astype("category"),
    "dates": pandas.Series(pandas.date_range("2026-01-01", periods=3)),
    "multi-index": FRAME.set_index(["a", "c"]),
    "timestamp": pandas.Timestamp("2026-11-28 01:02:03"),
    "timedelta": pandas.Timedelta(days=1),
    "nullable": pandas.array([1, None, 3], dtype="Int64"),
    "range-index": pandas.RangeIndex(3),
}
for name, value in FRAMES.items():
    for protocol in (4, 5):
        family.add(f"pandas/{name}-p{protocol}.pkl", pickle.dumps(value, protocol), "pickle", f"a table or a part of one: {name}", made_by="pandas", load="pickle@scan")

family.finish()
