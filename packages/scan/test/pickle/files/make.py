"""Writes the fixtures of this folder with dill 0.4.1 and cloudpickle 3.1.3 on CPython 3.11, in the environment `scan`:

    python packages/scan/test/pickle/files/make.py
"""
import pathlib

import cloudpickle
import dill

FOLDER = pathlib.Path(__file__).parent
SOURCE = """
plus = lambda row: row + 1
def scaled(rows, by=2):
    return [row * by for row in rows]
"""

# So that nothing in them depends on where this is run.
space = {"__name__": "__main__"}
exec(compile(SOURCE, "model.py", "exec"), space)
made = {
    "data": {"epoch": 3, "weights": [0.5, 1.5], "name": "model", "tags": ("a", None, True, b"raw"), "seen": {1, 2}},
    "lambda": space["plus"],
    "function": space["scaled"],
    "holds-lambda": {"weights": [0.5], "post": space["plus"]},
}
for library in (dill, cloudpickle):
    for name, value in made.items():
        (FOLDER / f"{library.__name__}-{name}.pkl").write_bytes(library.dumps(value))
