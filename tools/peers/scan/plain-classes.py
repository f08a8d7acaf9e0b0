"""Writes packages/scan/src/callables/generated/plain-NAME.ts: the classes of a framework that are harmless to make empty
and to fill with attributes, and the functions that a model may name as a parameter (never call while it is loaded).

    python tools/peers/scan/plain-classes.py sklearn scipy xgboost lightgbm      # in the environment `scan`
    python tools/peers/scan/plain-classes.py torch                               # in the environment `scan-torch`

A class is plain when nothing of its own runs while a pickle makes it: `object.__new__`, attributes in a `__dict__`,
no destructor, no hash of its own, no attribute hooks, and no `__setstate__` but those that were read and are named here.
"""
import abc
import importlib
import inspect
import pathlib
import pkgutil
import sys
import types
import warnings

FOLDER = pathlib.Path(__file__).parents[3] / "packages/scan/src/callables/generated"

# Read: they compare versions or add missing attributes, and update `__dict__`.
STATES = {
    "sklearn.base.BaseEstimator.__setstate__",
    "sklearn.utils._metadata_requests._MetadataRequester.__setstate__",
    "scipy.sparse._coo.coo_matrix.__setstate__",
    "torch.nn.modules.module.Module.__setstate__",
    "torch.nn.modules.pooling.AvgPool3d.__setstate__",
    "torch.nn.modules.activation.GELU.__setstate__",
    "torch.nn.modules.activation.MultiheadAttention.__setstate__",
    "torch.nn.modules.activation.Softmax.__setstate__",
    "torch.nn.modules.activation.LogSoftmax.__setstate__",
    "torch.nn.modules.activation.Softmin.__setstate__",
    "torch.nn.modules.activation.Threshold.__setstate__",
    "torch.nn.modules.conv._ConvNd.__setstate__",
    "torch.nn.modules.container.Sequential.__setstate__",
    "torch.nn.modules.transformer.TransformerEncoderLayer.__setstate__",
    "torch.nn.modules.transformer.TransformerDecoderLayer.__setstate__",
    "torch.nn.modules.upsampling.Upsample.__setstate__",
    "torch.nn.modules.rnn.RNNBase.__setstate__",
}
HOOKS = {"torch.nn.modules.module.Module.__getattr__", "torch.nn.modules.module.Module.__setattr__",
         "torch.nn.modules.module.Module.__delattr__"}

# Where to look, what to leave out, and whose functions may be named.
PACKAGES = {
    "sklearn": dict(
        skipped=("tests", "conftest", "datasets", "experimental", "_build_utils", "externals", "_loader", "utils", "inspection"),
        functions=("sklearn.metrics", "sklearn.feature_selection", "sklearn.gaussian_process.kernels",
                   "sklearn.cluster._kmeans"),
    ),
    "scipy": dict(
        only=("scipy.interpolate", "scipy.sparse", "scipy.spatial.transform", "scipy.optimize", "scipy.signal", "scipy.special"),
        skipped=("tests", "conftest", "_lib", "setup"),
        functions=(),
    ),
    "xgboost": dict(only=("xgboost.sklearn",), skipped=(), functions=()),
    "lightgbm": dict(only=("lightgbm.sklearn",), skipped=(), functions=()),
    "torch": dict(only=("torch.nn.modules",), skipped=(), functions=("torch.nn.functional", "torch.nn.init")),
}


def modules_of(name, skipped):
    try:
        module = importlib.import_module(name)
    except Exception:
        return
    yield module
    for found in sorted(part.name for part in pkgutil.iter_modules(getattr(module, "__path__", []))):
        if found not in skipped:
            yield from modules_of(f"{name}.{found}", skipped)


def full(function):
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"


def is_plain(cls):
    if inspect.isabstract(cls) or type(cls) not in (type, abc.ABCMeta) or cls.__new__ is not object.__new__ or not cls.__dictoffset__:
        return False
    if any(base is not object and not base.__flags__ & (1 << 9) for base in cls.__mro__):  # not a heap type: built in
        return False
    if hasattr(cls, "__del__") or cls.__getattribute__ is not object.__getattribute__:
        return False
    if cls.__hash__ not in (None, object.__hash__):
        return False
    if not getattr(cls, "__module__", "").split(".")[0] or "." in cls.__qualname__:
        return False
    for hook in ("__getattr__", "__setattr__", "__delattr__"):
        own = getattr(cls, hook, None)
        if own is not None and own is not getattr(object, hook, None) and full(own) not in HOOKS:
            return False
    if isinstance(inspect.getattr_static(cls, "__dict__", None), property) or "__setstate__" in getattr(cls, "__slots__", ()):
        return False
    state = getattr(cls, "__setstate__", None)
    return state is None or full(state) in STATES


def slots_of(cls):
    """Names of the slots, where every attribute that can be set by name is one; else none."""
    slots = [name for name, value in inspect.getmembers_static(cls) if inspect.ismemberdescriptor(value)]
    return [name for name in slots if not name.startswith("__")]


def collect(package, only=None, skipped=(), functions=()):
    classes, named, states, slotted = {}, {}, set(), {}
    for start in only or (package,):
        for module in modules_of(start, skipped):
            for name, value in sorted(vars(module).items()):
                if isinstance(value, type) and value.__module__ == module.__name__ and value.__qualname__ == name:
                    if is_plain(value):
                        classes.setdefault(module.__name__, []).append(name)
                        if slots_of(value):
                            slotted.setdefault(module.__name__, []).append(f"{name}:{','.join(slots_of(value))}")
                    elif hasattr(value, "__setstate__"):
                        states.add(full(value.__setstate__))
    for start in functions:
        for module in modules_of(start, skipped):
            for name, value in sorted(vars(module).items()):
                if isinstance(value, types.FunctionType) and value.__module__ == module.__name__ and value.__qualname__ == name:
                    named.setdefault(module.__name__, []).append(name)
    return classes, named, states, slotted


def block(name, groups):
    lines = [f"{module} {' '.join(sorted(names))}" for module, names in sorted(groups.items())]
    return f"export const {name} = `\n{chr(10).join(lines)}\n`;"


def main():
    warnings.simplefilter("ignore")
    for package in sys.argv[1:]:
        version = importlib.import_module(package).__version__
        classes, named, states, slotted = collect(package, **PACKAGES[package])
        print(package, version, sum(map(len, classes.values())), "classes,", sum(map(len, named.values())), "functions")
        for state in sorted(states):
            print("  not plain, for", state)
        text = [
            f"// Generated by tools/peers/scan/plain-classes.py with {package} {version}.",
            "/** `module Class …`: nothing of their own runs while a pickle makes them. */",
            block(f"{package}Classes", classes),
            "/** `module function …`: may be named, not called. */",
            block(f"{package}Functions", named),
            *(["/** `module Class:slot,…`: those of the classes that have slots beside their `__dict__`. */",
               block(f"{package}Slots", slotted)] if slotted else []),
            f"export const {package}Version = '{version.split('+')[0]}';",
        ]
        (FOLDER / f"plain-{package}.ts").write_text("\n".join(text) + "\n")


main()
