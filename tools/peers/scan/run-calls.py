"""Really runs calls, each given as a line of JSON, under an audit hook, and says what it saw.

In: `{"do": "reduce" | "new", "callee": value, "args": [value …], "named": {…}, "then": [["build" | "extend" | "setitems", value]]}`.
A value is `[kind, …]` as in trace-pickles.py, and `["call", "reduce" | "new", callee, args, then]` for what a call makes.
Out: one line each, `{"events": [[name, argument] …], "raised": null | text}`. Modules are imported before the hook watches.
"""
import importlib
import json
import sys
import warnings

warnings.simplefilter("ignore")

# They say nothing about what is reached: attributes of frames and objects that Python itself asks for.
SILENT = {"object.__getattr__", "object.__setattr__", "object.__delattr__", "sys._getframe", "sys._getframemodulename",
          "builtins.id", "array.__new__"}
events = None


# A function of its own library, found when it is first called.
OWN_LIBRARIES = ("libxgboost", "lib_lightgbm")


def is_own(name, arguments):
    return name == "ctypes.dlsym" and any(library in repr(arguments[0]) for library in OWN_LIBRARIES)


def watch(name, arguments):
    if events is not None and name not in SILENT and not is_own(name, arguments):
        events.append([name, repr(arguments)[:200]])


def named(module, name):
    thing = importlib.import_module(module)
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


def reference(full):
    parts = full.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            return named(".".join(parts[:cut]), ".".join(parts[cut:]))
        except (ImportError, AttributeError):
            continue
    raise LookupError(full)


def value(coded):
    kind, *rest = coded
    if kind == "none":
        return None
    if kind == "bool":
        return rest[0]
    if kind == "int":
        return int(rest[0])
    if kind == "float":
        return float(rest[0])
    if kind == "str":
        return rest[0]
    if kind == "bytes":
        return bytes.fromhex(rest[0])
    if kind == "ref":
        return reference(f"{rest[0]}.{rest[1]}")
    if kind == "persistent":
        import torch

        return torch.storage.TypedStorage(wrap_storage=torch.UntypedStorage(4 * 64), dtype=torch.float32, _internal=True)
    if kind == "dict":
        return {value(pair[1][0]): value(pair[1][1]) for pair in rest[0]}
    if kind in ("tuple", "list", "set", "frozenset"):
        return {"tuple": tuple, "list": list, "set": set, "frozenset": frozenset}[kind](map(value, rest[0]))
    if kind == "call":
        do, callee, arguments, then = rest
        return made(do, value(callee), list(map(value, arguments)), {}, [(what, value(one)) for what, one in then])
    raise LookupError(kind)


def made(do, callee, positional, words, then):
    """As `load_reduce`, `load_newobj`, `load_build`, `load_appends` and `load_setitems` of CPython's pickle.py do."""
    thing = callee.__new__(callee, *positional, **words) if do == "new" else callee(*positional, **words)
    for what, given in then:
        if what == "build":
            build(thing, given)
        elif what == "setitems":
            for key, one in given.items():
                thing[key] = one
        elif what == "additems":
            for one in given:
                thing.add(one)
        else:
            for one in given:
                thing.append(one)
    return thing


def build(thing, state):
    setstate = getattr(thing, "__setstate__", None)
    if setstate is not None:
        setstate(state)
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state:
        for key, one in state.items():
            thing.__dict__[key] = one
    for key, one in (slots or {}).items():
        setattr(thing, key, one)


def run(order):
    global events
    try:
        callee = value(order["callee"])
        positional = [value(one) for one in order["args"]]
        then = [(what, value(one)) for what, one in order.get("then", [])]
    except Exception as error:
        return {"events": [], "unmade": f"{type(error).__name__}: {error}"[:200]}
    raised = None
    events = []
    try:
        thing = made(order["do"], callee, positional, {}, then)
        del thing
    except Exception as error:
        raised = f"{type(error).__name__}: {error}"[:200]
    seen, events = events, None
    return {"events": seen, "raised": raised}


def main():
    orders = [json.loads(line) for line in sys.stdin]
    for order in orders:  # imports come first
        try:
            value(order["callee"])
        except Exception:
            pass
    "".encode("latin1"), "".encode("latin-1")  # the codec is a module, too
    sys.addaudithook(watch)
    for order in orders:
        print(json.dumps(run(order)), flush=True)


main()
