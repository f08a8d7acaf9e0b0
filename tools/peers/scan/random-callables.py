"""Draws callables at random from the standard library and the packages of this environment, with a seed.

    python tools/peers/scan/random-callables.py SEED COUNT

One JSON list a line: `[module, name]`, or `[module, "Class.method"]`.
"""
import importlib
import inspect
import json
import os
import pathlib
import random
import sys
import tempfile
import warnings

# They act when they are imported, or need a display.
ACTING = {"antigravity", "this", "idlelib", "turtledemo", "turtle", "tkinter", "test", "tests", "conftest", "__main__", "lib2to3",
          "ensurepip", "venv", "setup", "distutils", "pip", "setuptools", "nvidia"}


def module_names():
    """Every module that could be imported, by the names of files; nothing is imported yet."""
    yield from sorted(sys.stdlib_module_names)
    for folder in (os.path.dirname(os.__file__), *(path for path in sys.path if path.endswith("site-packages"))):
        for path in sorted(pathlib.Path(folder).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if "site-packages" not in parts and all(part.isidentifier() for part in parts):
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def callables_of(module):
    for name, value in sorted(vars(module).items()):
        if callable(value) and not (name.startswith("__") and name.endswith("__")):
            yield name
            if inspect.isclass(value):
                yield from (f"{name}.{one}" for one in sorted(vars(value)) if callable(getattr(value, one, None)))


def main():
    seed, count = map(int, sys.argv[1:])
    warnings.simplefilter("ignore")
    chance = random.Random(seed)
    names = [name for name in dict.fromkeys(module_names()) if name and not ACTING & set(name.split("."))]
    chance.shuffle(names)
    output, sys.stdout = sys.stdout, open(os.devnull, "w")
    os.chdir(tempfile.mkdtemp())
    drawn = []
    for name in names:
        if len(drawn) >= count:
            break
        try:
            found = list(callables_of(importlib.import_module(name)))
        except BaseException:  # it needs what is not here
            continue
        drawn += [(name, one) for one in chance.sample(found, min(len(found), 4))]
    for one in drawn[:count]:
        print(json.dumps(one), file=output)
    output.flush()
    os._exit(0)  # whatever was imported may have started threads


main()
