"""Writes what CPython's own unpickler does with the pickles of real frameworks: what each names, calls, sets and adds.

One JSON object a line: `{"name": …, "steps": [{"do": "name" | "reduce" | "new" | "build" | "extend" | "setitems" | …}]}`.
A value is `[kind, …]`; `["made", n]` is the n-th thing that a call made.

    python tools/peers/scan/trace-pickles.py sklearn numpy …      # in the environment `scan` or `scan-torch`
"""
import json
import pickle
import sys
import warnings

import io

sys.path.insert(0, __file__.rsplit("/", 1)[0])

SEEN_ITEMS = 300


class Tracer(pickle._Unpickler):
    """CPython's unpickler in Python, which says what it does."""

    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(self, data):
        super().__init__(io.BytesIO(data))
        self.steps, self.made, self.kept = [], {}, []

    def find_class(self, module, name):
        self.steps.append({"do": "name", "module": module, "name": name})
        found = super().find_class(module, name)
        self.kept.append(found)
        self.made[id(found)] = ["ref", module, name]
        return found

    def persistent_load(self, pid):
        return self.load_persistent(pid)

    def value(self, thing, depth=0):
        known = self.made.get(id(thing))
        if known is not None:
            return known
        kind = type(thing).__name__
        if thing is None:
            return ["none"]
        if kind in ("bool", "str", "float"):
            return [kind, thing if kind != "float" else repr(thing)]
        if kind == "int":
            return [kind, str(thing)]
        if kind in ("bytes", "bytearray"):
            return ["bytes", bytes(thing).hex()]
        if kind in ("tuple", "list", "set", "frozenset", "dict"):
            if depth > 40:
                return ["opaque"]
            items = list(thing.items()) if kind == "dict" else list(thing)
            seen = [self.value(part, depth + 1) for part in items[:SEEN_ITEMS]]
            rest = sorted({self.value(part, depth + 1)[0] for part in items[SEEN_ITEMS:]})
            return [kind, seen, rest]
        return ["opaque"]

    def keep(self, thing, step):
        step["made"] = len(self.kept)
        self.kept.append(thing)
        self.made[id(thing)] = ["made", step["made"]]
        self.steps.append(step)

    def load_reduce(self):
        positional, callee = self.stack[-1], self.stack[-2]
        step = {"do": "reduce", "callee": self.value(callee), "args": [self.value(one) for one in positional]}
        pickle._Unpickler.load_reduce(self)
        self.keep(self.stack[-1], step)

    def load_newobj(self):
        positional, callee = self.stack[-1], self.stack[-2]
        step = {"do": "new", "callee": self.value(callee), "args": [self.value(one) for one in positional]}
        pickle._Unpickler.load_newobj(self)
        self.keep(self.stack[-1], step)

    def load_build(self):
        self.steps.append({"do": "build", "callee": self.value(self.stack[-2]), "args": [self.value(self.stack[-1])]})
        pickle._Unpickler.load_build(self)

    def added(self, do, target, value):
        callee = self.value(target)
        if callee[0] not in ("list", "dict", "set"):
            self.steps.append({"do": do, "callee": callee, "args": [self.value(value)]})

    def load_appends(self):
        self.added("extend", self.metastack[-1][-1], list(self.stack))
        pickle._Unpickler.load_appends(self)

    def load_append(self):
        self.added("extend", self.stack[-2], [self.stack[-1]])
        pickle._Unpickler.load_append(self)

    def load_setitems(self):
        items = self.stack
        self.added("setitems", self.metastack[-1][-1], dict(zip(items[::2], items[1::2])))
        pickle._Unpickler.load_setitems(self)

    def load_setitem(self):
        self.added("setitems", self.stack[-3], {self.stack[-2]: self.stack[-1]})
        pickle._Unpickler.load_setitem(self)

    def load_additems(self):
        self.added("additems", self.metastack[-1][-1], list(self.stack))
        pickle._Unpickler.load_additems(self)


for _opcode, _name in (
    (pickle.REDUCE, "load_reduce"), (pickle.NEWOBJ, "load_newobj"), (pickle.BUILD, "load_build"),
    (pickle.APPENDS, "load_appends"), (pickle.APPEND, "load_append"), (pickle.SETITEMS, "load_setitems"),
    (pickle.SETITEM, "load_setitem"), (pickle.ADDITEMS, "load_additems"),
):
    Tracer.dispatch[_opcode[0]] = getattr(Tracer, _name)


def main():
    warnings.simplefilter("ignore")
    from real_objects import objects_of

    for package in sys.argv[1:]:
        for name, thing in objects_of(package):
            for protocol in (0, 2, 5):
                try:
                    data = pickle.dumps(thing, protocol)
                except Exception:  # what has no pickle has no trace
                    continue
                tracer = Tracer(data)
                tracer.load()
                print(json.dumps({"name": f"{package}: {name}, protocol {protocol}", "steps": tracer.steps}))


main()
