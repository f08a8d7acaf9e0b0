import type { Effect } from './judge.ts';

/**
 * What is known to reach further than data. Whole modules and families, never single gadgets: a name in a module is of
 * the module's effect unless it stands in a narrower line. The names are those of modules, classes and functions.
 */
export const effects: readonly (readonly [effect: Effect, does: string, names: string])[] = [
  ['process', 'starts, signals or ends a process', 'os pty subprocess multiprocessing concurrent.futures signal'],
  ['process', 'starts a program', '_winapi asyncio.subprocess webbrowser antigravity popen2 fabric sh plumbum pexpect'],
  ['process', 'starts an installer', 'pip ensurepip venv setuptools pkg_resources distutils conda'],
  [
    'process',
    'starts a program',
    'numpy.distutils numpy.f2py platform.popen platform._syscmd_file platform._syscmd_ver',
  ],
  [
    'process',
    'starts a program',
    'imaplib.IMAP4_stream ctypes.util pydoc.pipepager pydoc.tempfilepager uuid._get_command_stdout',
  ],
  ['process', 'starts workers', 'joblib.parallel joblib.externals loky joblib.Parallel torch.multiprocessing'],
  [
    'process',
    'starts workers',
    'torch.distributed.rpc torch.distributed.run torch.distributed.launch torch.distributed.elastic',
  ],
  ['code', 'runs Python code', 'builtins.eval builtins.exec builtins.compile builtins.execfile builtins.breakpoint'],
  [
    'code',
    'runs Python code',
    'code codeop runpy timeit cProfile profile trace pdb bdb doctest pydoc unittest idlelib',
  ],
  [
    'code',
    'runs Python code',
    'test lib2to3 turtledemo this sched IPython jupyter_client nbconvert numpy.testing ast.parse',
  ],
  [
    'code',
    'runs Python code',
    'typing.get_type_hints typing.ForwardRef typing._eval_type inspect.get_annotations annotationlib',
  ],
  [
    'code',
    'makes code or functions',
    'types.CodeType types.FunctionType types.LambdaType types.MethodType types.new_class',
  ],
  ['code', 'makes code or functions', 'types.ModuleType types.GeneratorType types.CoroutineType types.prepare_class'],
  [
    'code',
    'makes code or functions',
    'compileall py_compile dis symtable dataclasses.make_dataclass dataclasses._create_fn',
  ],
  ['code', 'makes code or functions', 'cloudpickle joblib.externals.cloudpickle builtins.type types.resolve_bases'],
  [
    'code',
    'calls a function',
    'atexit threading weakref.finalize functools.singledispatch contextlib contextvars asyncio',
  ],
  ['code', 'calls a function', 'builtins.apply builtins.map builtins.filter functools.reduce functools.cmp_to_key'],
  [
    'code',
    'calls a function',
    'functools.partialmethod functools.cached_property itertools.starmap itertools.accumulate',
  ],
  ['code', 'calls a function', 'itertools.filterfalse itertools.takewhile itertools.dropwhile itertools.groupby'],
  [
    'code',
    'calls a function',
    'operator.call operator.methodcaller operator.attrgetter functools.partial builtins.getattr',
  ],
  ['code', 'calls a function', 'numpy.vectorize numpy.frompyfunc numpy.apply_along_axis numpy.apply_over_axes'],
  [
    'code',
    'calls a function',
    'numpy.fromfunction numpy.piecewise numpy.lib._iotools pandas.core.apply pandas.api.indexers',
  ],
  ['code', 'calls foreign code', 'ctypes cffi _cffi_backend numpy.ctypeslib comtypes win32com pyximport'],
  ['code', 'compiles and runs code', 'numba Cython llvmlite triton torch._dynamo torch._inductor torch.compile'],
  [
    'code',
    'compiles and runs code',
    'torch.jit torch.utils.cpp_extension torch.fx torch.ops torch.classes torch.library',
  ],
  ['code', 'evaluates expressions', 'pandas.eval pandas.core.computation numexpr sympy jinja2 mako logging.config'],
  ['code', 'runs code in another language', 'sqlite3 rpy2 tkinter turtle jpype oct2py'],
  ['import', 'imports a module', 'builtins.__import__ builtins.reload importlib zipimport pkgutil modulefinder site'],
  ['import', 'imports a module', 'pydoc.locate pydoc.safeimport unittest.loader six.moves torch.package lazy_loader'],
  [
    'deserialise',
    'loads a pickle',
    'pickle shelve marshal copyreg.pickle copyreg.add_extension dill jsonpickle hickle',
  ],
  [
    'deserialise',
    'loads a pickle',
    'cloudpickle.load cloudpickle.loads joblib xmlrpc pandas.read_pickle pandas.io.pickle',
  ],
  [
    'deserialise',
    'loads a pickle',
    'pandas.compat.pickle_compat numpy.load numpy.lib.npyio numpy.lib._npyio_impl numpy.lib.format',
  ],
  [
    'deserialise',
    'loads a pickle',
    'numpy.loads numpy.ma.core.loads numpy.core._methods._load numpy._core._methods._load',
  ],
  [
    'deserialise',
    'loads a pickle',
    'torch.load torch.serialization torch.hub torch.export torch._weights_only_unpickler',
  ],
  ['deserialise', 'loads a pickle', 'torch.storage._load_from_bytes torch.distributed.checkpoint'],
  [
    'deserialise',
    'loads a model',
    'keras.models keras.saving keras.src.saving keras.src.legacy tf_keras.src.saving mlflow skops',
  ],
  [
    'deserialise',
    'loads a model',
    'tensorflow.keras.models tensorflow.python.saved_model tensorflow.saved_model yaml ruamel.yaml',
  ],
  [
    'deserialise',
    'loads a model',
    'onnxruntime.InferenceSession xgboost.core.Booster.load_model lightgbm.basic.Booster',
  ],
  ['file', 'reads or writes files', 'builtins.open builtins.file io.FileIO io.open_code io.TextIOWrapper codecs.open'],
  ['file', 'reads or writes files', 'codecs.EncodedFile shutil tempfile fileinput glob linecache mmap dbm gdbm bsddb'],
  [
    'file',
    'reads or writes files',
    'zipfile tarfile gzip.open gzip.GzipFile bz2.open bz2.BZ2File lzma.open lzma.LZMAFile zipapp',
  ],
  [
    'file',
    'reads or writes files',
    'fcntl termios logging.FileHandler logging.handlers logging.basicConfig filecmp netrc mailbox',
  ],
  [
    'file',
    'reads or writes files',
    'mailcap wave.open aifc.open sunau.open sndhdr imghdr readline tokenize.open genericpath',
  ],
  [
    'file',
    'reads or writes files',
    'posixpath.exists posixpath.realpath posixpath.islink posixpath.lexists posixpath.ismount',
  ],
  [
    'file',
    'reads or writes files',
    'xml.sax.parse xml.dom.minidom.parse xml.etree.ElementTree.parse xml.etree.ElementTree.iterparse',
  ],
  [
    'file',
    'reads or writes files',
    'numpy.fromfile numpy.loadtxt numpy.savetxt numpy.genfromtxt numpy.save numpy.savez numpy.tofile',
  ],
  [
    'file',
    'reads or writes files',
    'numpy.savez_compressed numpy.memmap numpy.fromregex numpy.DataSource numpy.lib._datasource',
  ],
  [
    'file',
    'reads or writes files',
    'numpy._core.records.fromfile numpy._core.memmap numpy.core.memmap numpy._core.multiarray.fromfile',
  ],
  [
    'file',
    'reads or writes files',
    'numpy.core.multiarray.fromfile numpy.rec.fromfile joblib.memory joblib.disk joblib.dump',
  ],
  [
    'file',
    'reads or writes files',
    'joblib.numpy_pickle_compat joblib.numpy_pickle.NDArrayWrapper joblib.numpy_pickle.ZNDArrayWrapper',
  ],
  [
    'file',
    'reads or writes files',
    'pandas.io pandas.ExcelFile pandas.ExcelWriter pandas.HDFStore scipy.io sklearn.datasets',
  ],
  [
    'file',
    'reads or writes files',
    'torch.save torch.from_file torchvision.io torchaudio.load PIL.Image.open cv2.imread cv2.imwrite',
  ],
  [
    'file',
    'reads or writes files',
    'h5py.File tables.open_file openpyxl pyarrow.fs pyarrow.parquet pyarrow.csv pyarrow.memory_map',
  ],
  ['network', 'opens a network connection', 'socket ssl http urllib urllib2 httplib ftplib smtplib poplib imaplib'],
  [
    'network',
    'opens a network connection',
    'nntplib telnetlib socketserver xmlrpclib asyncore asynchat wsgiref cgi cgitb smtpd',
  ],
  [
    'network',
    'opens a network connection',
    'requests urllib3 aiohttp httpx fsspec s3fs boto3 paramiko select selectors pycurl',
  ],
  [
    'network',
    'opens a network connection',
    'huggingface_hub sklearn.datasets._openml sklearn.datasets._base.fetch_file pooch',
  ],
  [
    'state',
    'changes the interpreter',
    'sys gc faulthandler tracemalloc resource _xxsubinterpreters inspect.currentframe inspect.stack',
  ],
  [
    'state',
    'changes the interpreter',
    'builtins.setattr builtins.delattr builtins.globals builtins.locals builtins.vars',
  ],
  [
    'state',
    'changes the interpreter',
    'builtins.exit builtins.quit builtins.help builtins.input _testcapi _testinternalcapi',
  ],
  [
    'state',
    'changes the interpreter',
    'operator.setitem operator.delitem codecs.register codecs.register_error warnings.showwarning',
  ],
  ['state', 'changes the interpreter', 'copyreg.clear_extension_cache copyreg.remove_extension locale.setlocale'],
];

const frameworks =
  '(?:numpy|scipy|sklearn|pandas|torch\\w*|tensorflow|keras|tf_keras|joblib|xgboost|lightgbm|catboost|transformers|diffusers|onnx\\w*|polars|dask|datasets|mlflow)';

/** Functions of the frameworks by the beginning or the end of their names. */
export const families: readonly (readonly [effect: Effect, does: string, pattern: RegExp])[] = [
  ['file', 'reads a file or an address', /^(?:pandas|polars|dask)(?:\.\w+)*\.(?:read|scan)_\w+$/],
  ['file', 'reads or writes files', /^pathlib\.(?:Path|PosixPath|WindowsPath)\.\w+$/],
  [
    'file',
    'writes a file',
    new RegExp(`^${frameworks}\\.[\\w.]*to_(?:csv|excel|hdf|parquet|feather|stata|sql|orc|clipboard|pickle)$`),
  ],
  [
    'file',
    'reads or writes files',
    new RegExp(`^${frameworks}\\.[\\w.]*\\b(?:tofile|fromfile|from_file|save\\w*|_save\\w*)$`),
  ],
  [
    'deserialise',
    'loads what a file holds',
    new RegExp(`^${frameworks}\\.[\\w.]*\\b(?:_?load|_?loads|load_\\w+|unpickle|from_pickle|from_pretrained)$`),
  ],
  [
    'process',
    'starts a program',
    new RegExp(
      `^${frameworks}\\.[\\w.]*\\b(?:Popen|popen|system|spawn\\w*|execv\\w*|check_output|check_call|getoutput|exec_command\\w*)$`,
    ),
  ],
  [
    'code',
    'runs Python code',
    new RegExp(`^${frameworks}\\.[\\w.]*\\b(?:_?eval|_?exec|runstring|run_code|exec_module)$`),
  ],
  [
    'import',
    'imports a module',
    new RegExp(`^${frameworks}\\.[\\w.]*\\b(?:_?import_module|__import__|import_string|import_from_string)$`),
  ],
];

/** Modules that nobody calls something else: as an attribute they are themselves. */
export const unmistakable: ReadonlySet<string> = new Set(
  (
    'os posix nt sys subprocess builtins __builtin__ importlib imp runpy socket shutil pickle cPickle marshal ctypes pty ' +
    'multiprocessing threading tempfile webbrowser urllib gc zipimport pkgutil'
  ).split(' '),
);

/** Attributes that lead from any object to everything else. */
export const insides: ReadonlySet<string> = new Set(
  (
    '__globals__ __builtins__ __subclasses__ __code__ __closure__ __dict__ __getattribute__ __getattr__ __setattr__ ' +
    '__class__ __base__ __bases__ __mro__ __func__ __self__ __wrapped__ __loader__ __spec__ __init_subclass__ ' +
    '__reduce__ __reduce_ex__ __import__ __call__ __get__ __set__ __delattr__ __subclasshook__ __kwdefaults__ ' +
    'f_globals f_locals f_builtins f_back f_code gi_frame cr_frame ag_frame tb_frame func_globals im_func'
  ).split(' '),
);
