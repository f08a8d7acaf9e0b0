"""What a malicious sample calls: public functions and classes of the standard library and of the frameworks, taken from
their documentation, one family of effects after the other. Each makes the marker in the working folder and nothing else.
"""

from dataclasses import dataclass

from assemble import Call, Ref
from sample import MARKER

TOUCH = f"touch {MARKER}"
CODE = f"open('{MARKER}', 'w').close()"
# `import holdfast_companion` makes the marker: prove.py puts the module into the working folder.
COMPANION = "holdfast_companion"


@dataclass(frozen=True)
class Gadget:
    name: str
    effect: str  # process, code, file, network, import, deserialise, state
    call: Call
    loader: str = "pickle"


def calls(target, *args):
    """`module:name` called with the arguments."""
    module, _, name = target.partition(":")
    return Call(Ref(module, name), args)


def chain(first, *steps):
    """What a call gives is called again: with each tuple of arguments in turn."""
    for args in steps:
        first = Call(first, args)
    return first


def method(instance, name, *args):
    """A method of what another call made."""
    return Call(calls("builtins:getattr", instance, name), args)


def module(name):
    return calls("importlib:import_module", name)


def marshalled():
    """A compiled program in marshal's form, for the Python that runs this."""
    import marshal

    return marshal.dumps(compile(CODE, "<sample>", "exec"))


def inner():
    """A pickle that makes the marker by itself."""
    from assemble import assemble

    return assemble(calls("os:system", TOUCH), 2)


PROCESS = {
    "os-system": calls("os:system", TOUCH),
    "posix-system": calls("posix:system", TOUCH),
    "os-popen": calls("os:popen", TOUCH),
    "os-spawnlp": calls("os:spawnlp", 0, "touch", "touch", MARKER),
    "os-spawnvp": calls("os:spawnvp", 0, "touch", ["touch", MARKER]),
    "os-posix-spawn": calls("os:posix_spawn", "/usr/bin/touch", ["touch", MARKER], {}),
    "os-execvp": calls("os:execvp", "touch", ["touch", MARKER]),
    "os-execlp": calls("os:execlp", "touch", "touch", MARKER),
    "subprocess-popen": calls("subprocess:Popen", ["touch", MARKER]),
    "subprocess-run": calls("subprocess:run", ["touch", MARKER]),
    "subprocess-call": calls("subprocess:call", ["touch", MARKER]),
    "subprocess-check-call": calls("subprocess:check_call", ("touch", MARKER)),
    "subprocess-check-output": calls("subprocess:check_output", ["touch", MARKER]),
    "subprocess-getoutput": calls("subprocess:getoutput", TOUCH),
    "subprocess-getstatusoutput": calls("subprocess:getstatusoutput", TOUCH),
    "pty-spawn": calls("pty:spawn", ["touch", MARKER]),
    "imaplib-stream": calls("imaplib:IMAP4_stream", TOUCH),
    "distutils-spawn": calls("distutils.spawn:spawn", ["touch", MARKER]),
    "multiprocessing-process": method(calls("multiprocessing:Process", None, Ref("os", "system"), None, (TOUCH,)), "start"),
    "ctypes-libc-system": Call(calls("builtins:getattr", calls("ctypes:CDLL", None), "system"), (TOUCH.encode(),)),
    "ctypes-pydll-system": Call(calls("builtins:getattr", calls("ctypes:PyDLL", None), "system"), (TOUCH.encode(),)),
}

CODE_RUN = {
    "exec": calls("builtins:exec", CODE),
    "eval": calls("builtins:eval", CODE),
    "eval-compiled": calls("builtins:eval", calls("builtins:compile", CODE, "s", "exec")),
    "timeit": calls("timeit:timeit", "pass", CODE),
    "timeit-repeat": calls("timeit:repeat", "pass", CODE),
    "profile-run": calls("profile:run", CODE),
    "cprofile-run": calls("cProfile:run", CODE),
    "cprofile-runctx": calls("cProfile:runctx", CODE, {}, {}),
    "code-interpreter": method(calls("code:InteractiveInterpreter"), "runsource", CODE),
    "code-console-push": method(calls("code:InteractiveConsole"), "push", CODE),
    "bdb-run": method(calls("bdb:Bdb"), "run", CODE),
    "trace-run": method(calls("trace:Trace"), "run", CODE),
    "types-function": chain(calls("types:FunctionType", calls("builtins:compile", CODE, "s", "exec"), {}), ()),
    "marshal-function": chain(calls("types:FunctionType", calls("marshal:loads", marshalled()), {}), ()),
    "functools-partial": chain(calls("functools:partial", Ref("os", "system"), TOUCH), ()),
    "functools-reduce": calls("functools:reduce", Ref("builtins", "exec"), [CODE, {}]),
    "operator-methodcaller": chain(calls("operator:methodcaller", "system", TOUCH), (module("os"),)),
    "operator-attrgetter": chain(calls("operator:attrgetter", "system"), (module("os"),), (TOUCH,)),
    "operator-call": calls("operator:call", Ref("os", "system"), TOUCH),
    "map-list": calls("builtins:list", calls("builtins:map", Ref("os", "system"), [TOUCH])),
    "map-deque": calls("collections:deque", calls("builtins:map", Ref("os", "system"), [TOUCH])),
    "map-sum": calls("builtins:sum", calls("builtins:map", Ref("os", "system"), [TOUCH])),
    "filter-tuple": calls("builtins:tuple", calls("builtins:filter", Ref("os", "system"), [TOUCH])),
    "starmap-set": calls("builtins:set", calls("itertools:starmap", Ref("os", "system"), [(TOUCH,)])),
    "takewhile-any": calls("builtins:any", calls("itertools:takewhile", Ref("os", "system"), [TOUCH])),
    "groupby-list": calls("builtins:list", calls("itertools:groupby", [TOUCH], Ref("os", "system"))),
    "defaultdict-missing": method(calls("collections:defaultdict", calls("functools:partial", Ref("os", "system"), TOUCH)), "__missing__", 1),
    "thread": method(calls("threading:Thread", None, Ref("os", "system"), None, (TOUCH,)), "run"),
    "timer": method(calls("threading:Timer", 0, Ref("os", "system"), (TOUCH,)), "start"),
    "executor": method(calls("concurrent.futures:ThreadPoolExecutor", 1), "submit", Ref("os", "system"), TOUCH),
    "sched": method(calls("contextvars:copy_context"), "run", Ref("os", "system"), TOUCH),
    "atexit": calls("atexit:register", Ref("os", "system"), TOUCH),
    "weakref-finalize": calls("weakref:finalize", calls("collections:OrderedDict"), Ref("os", "system"), TOUCH),
    "unittest-case": method(calls("unittest:FunctionTestCase", calls("functools:partial", Ref("os", "system"), TOUCH)), "debug"),
    "dict-config": calls(
        "logging.config:dictConfig",
        {"version": 1, "formatters": {"a": {"()": "os.system", "command": TOUCH}}},
    ),
}

FILE = {
    "open": calls("builtins:open", MARKER, "w"),
    "io-open": calls("io:open", MARKER, "w"),
    "io-fileio": calls("io:FileIO", MARKER, "w"),
    "codecs-open": calls("codecs:open", MARKER, "w"),
    "os-open": calls("os:open", MARKER, 65),
    "os-mkdir": calls("os:mkdir", MARKER),
    "os-makedirs": calls("os:makedirs", f"{MARKER}/a"),
    "os-symlink": calls("os:symlink", "nowhere", MARKER),
    "os-mkfifo": calls("os:mkfifo", MARKER),
    "shutil-copyfile": calls("shutil:copyfile", "/usr/bin/env", MARKER),
    "shutil-copy": calls("shutil:copy", "/usr/bin/env", MARKER),
    "shutil-make-archive": calls("shutil:make_archive", MARKER, "tar", "/usr/bin", "env"),
    "tempfile-mkdtemp": calls("tempfile:mkdtemp", "", MARKER, "."),
    "tempfile-mkstemp": calls("tempfile:mkstemp", "", MARKER, "."),
    "zipfile": calls("zipfile:ZipFile", MARKER, "w"),
    "tarfile-open": calls("tarfile:open", MARKER, "w"),
    "gzip-open": calls("gzip:open", MARKER, "w"),
    "bz2-file": calls("bz2:BZ2File", MARKER, "w"),
    "lzma-open": calls("lzma:open", MARKER, "w"),
    "shelve-open": calls("shelve:open", MARKER),
    "dbm-dumb": method(calls("dbm.dumb:open", MARKER, "n"), "sync"),
    "sqlite3": calls("sqlite3:connect", MARKER),
    "logging-file-handler": calls("logging:FileHandler", MARKER),
    "logging-rotating": calls("logging.handlers:RotatingFileHandler", MARKER),
    "mailbox-maildir": calls("mailbox:Maildir", MARKER),
    "py-compile": calls("py_compile:compile", "/dev/null", MARKER),
    "path-touch": Call(Ref("pathlib", "Path.touch"), (calls("pathlib:PosixPath", MARKER),)),
    "path-write-text": Call(Ref("pathlib", "Path.write_text"), (calls("pathlib:PosixPath", MARKER), "x")),
    "path-mkdir": method(calls("pathlib:Path", MARKER), "mkdir"),
    "cookiejar-save": method(calls("http.cookiejar:MozillaCookieJar", MARKER), "save"),
    "etree-write": method(
        calls("xml.etree.ElementTree:ElementTree", calls("xml.etree.ElementTree:fromstring", "<a/>")), "write", MARKER
    ),
    "cprofile-stats": calls("cProfile:run", "pass", MARKER),
    "urlretrieve-data": calls("urllib.request:urlretrieve", "data:,reached", MARKER),
}

NETWORK = {
    "socket-bind": method(calls("socket:socket", 1, 1), "bind", MARKER),
    "socketserver-unix": calls("socketserver:UnixStreamServer", MARKER, Ref("socketserver", "BaseRequestHandler")),
    "socketserver-datagram": calls("socketserver:UnixDatagramServer", MARKER, Ref("socketserver", "BaseRequestHandler")),
}

IMPORT = {
    "import": calls("builtins:__import__", COMPANION),
    "import-module": calls("importlib:import_module", COMPANION),
    "importlib-import": calls("importlib:__import__", COMPANION),
    "pkgutil-resolve": calls("pkgutil:resolve_name", COMPANION),
    "pydoc-locate": calls("pydoc:locate", COMPANION),
    "runpy-module": calls("runpy:run_module", COMPANION),
    "runpy-path": calls("runpy:run_path", f"{COMPANION}.py"),
    "source-loader": method(calls("importlib.machinery:SourceFileLoader", COMPANION, f"{COMPANION}.py"), "load_module"),
    "unittest-load": method(Ref("unittest", "defaultTestLoader"), "loadTestsFromName", COMPANION),
    "site-addsitedir": calls("site:addsitedir", "."),
    "global-only": Ref(COMPANION, "anything"),
}

DESERIALISE = {
    "pickle-loads": calls("pickle:loads", inner()),
    "c-pickle-loads": calls("_pickle:loads", inner()),
    "pickle-load": calls("pickle:load", calls("io:BytesIO", inner())),
    "unpickler": method(calls("pickle:Unpickler", calls("io:BytesIO", inner())), "load"),
    "python-unpickler": method(calls("pickle:_Unpickler", calls("io:BytesIO", inner())), "load"),
    "forking-pickler": calls("multiprocessing.reduction:ForkingPickler.loads", inner()),
    "marshal-exec": calls("builtins:exec", calls("marshal:loads", marshalled())),
}

# Of frameworks: each where it is installed, from its reference.
FRAMEWORKS = {
    "numpy-save": Gadget("numpy-save", "file", calls("numpy:save", MARKER, [1]), "pickle@scan"),
    "numpy-savetxt": Gadget("numpy-savetxt", "file", calls("numpy:savetxt", MARKER, [1]), "pickle@scan"),
    "numpy-memmap": Gadget("numpy-memmap", "file", calls("numpy:memmap", MARKER, "u1", "w+", 0, (1,)), "pickle@scan"),
    "numpy-tofile": Gadget("numpy-tofile", "file", method(calls("numpy:zeros", 1), "tofile", MARKER), "pickle@scan"),
    "joblib-dump": Gadget("joblib-dump", "file", calls("joblib:dump", [1], MARKER), "pickle@scan"),
    "joblib-load": Gadget("joblib-load", "deserialise", calls("joblib:load", calls("io:BytesIO", inner())), "pickle@scan"),
    "pandas-read-pickle": Gadget("pandas-read-pickle", "deserialise", calls("pandas:read_pickle", calls("io:BytesIO", inner())), "pickle@scan"),
    "pandas-to-csv": Gadget("pandas-to-csv", "file", method(calls("pandas:DataFrame", [1]), "to_csv", MARKER), "pickle@scan"),
    "pandas-to-pickle": Gadget("pandas-to-pickle", "file", calls("pandas:to_pickle", [1], MARKER), "pickle@scan"),
    "scipy-savemat": Gadget("scipy-savemat", "file", calls("scipy.io:savemat", MARKER, {}), "pickle@scan"),
    "dill-loads": Gadget("dill-loads", "deserialise", calls("dill:loads", inner()), "pickle@scan"),
    "cloudpickle-loads": Gadget("cloudpickle-loads", "deserialise", calls("cloudpickle:loads", inner()), "pickle@scan"),
    "onnx-save": Gadget("onnx-save", "file", calls("onnx:save", calls("onnx:ModelProto"), MARKER), "pickle@scan"),
    "h5py-file": Gadget("h5py-file", "file", calls("h5py:File", MARKER, "w"), "pickle@scan"),
    "sklearn-function": Gadget("sklearn-function", "code", method(calls("sklearn.preprocessing:FunctionTransformer", Ref("builtins", "exec")), "transform", CODE), "pickle@scan"),
    "torch-save": Gadget("torch-save", "file", calls("torch:save", [1], MARKER), "pickle@scan-torch"),
    "torch-from-file": Gadget("torch-from-file", "file", calls("torch:from_file", MARKER, True, 1), "pickle@scan-torch"),
    "torch-serialization-load": Gadget("torch-serialization-load", "deserialise", calls("torch.storage:_load_from_bytes", inner()), "pickle@scan-torch"),
}

GADGETS = [
    *(Gadget(name, "process", call) for name, call in PROCESS.items()),
    *(Gadget(name, "code", call) for name, call in CODE_RUN.items()),
    *(Gadget(name, "file", call) for name, call in FILE.items()),
    *(Gadget(name, "network", call) for name, call in NETWORK.items()),
    *(Gadget(name, "import", call) for name, call in IMPORT.items()),
    *(Gadget(name, "deserialise", call) for name, call in DESERIALISE.items()),
    *FRAMEWORKS.values(),
]

# One of each effect, for where the way matters and not what is called.
FEW = [next(gadget for gadget in GADGETS if gadget.name == name) for name in (
    "os-system", "exec", "open", "import-module", "subprocess-call", "pickle-loads", "sqlite3", "timeit",
)]
