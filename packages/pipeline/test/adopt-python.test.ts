import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, type TestContext, test } from 'vitest';
import { CodeReader } from '../src/adopt/code.ts';
import { openProjectFolder } from '../src/adopt/project-folder.ts';
import { pythonTokens } from '../src/adopt/python-tokens.ts';
import { shellQuoted } from '../src/adopt/python-value.ts';
import { repository } from './adopt-scene.ts';
import { needs } from './execution-scene.ts';

const hasPython = spawnSync('sh', ['-c', 'python3 --version']).stdout.toString().startsWith('Python 3');
const python = (context: TestContext, program: string, cwd: string, input: string): unknown => {
  needs(context, hasPython, 'python3');
  return JSON.parse(execFileSync('python3', ['-I', '-c', program], { cwd, input, encoding: 'utf8' }));
};

test('strings are where Python itself finds them, in modules of its own library', (context) => {
  const program = `
import ast, importlib.util, io, json, sys, tokenize
found = {}
for name in json.load(sys.stdin):
    path = importlib.util.find_spec(name).origin
    strings = []
    for token in tokenize.tokenize(open(path, "rb").readline):
        if token.type == tokenize.STRING and "\\\\" not in token.string and "f" not in token.string.split(token.string[-1])[0].lower():
            value = ast.literal_eval(token.string)
            strings.append([token.start[0], value if isinstance(value, str) else value.decode("latin-1")])
    found[path] = strings
print(json.dumps(found))`;
  const modules = [
    'argparse',
    'pathlib',
    'csv',
    'shutil',
    'subprocess',
    'tarfile',
    'textwrap',
    'statistics',
    'inspect',
    'dataclasses',
  ];
  const found = python(context, program, '/', JSON.stringify(modules)) as Record<string, [number, string][]>;
  expect(Object.keys(found)).toHaveLength(modules.length);
  for (const [path, strings] of Object.entries(found)) {
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n');
    const ours = pythonTokens(text)
      .filter(({ kind, pieces }) => kind === 'string' && pieces?.every((piece) => 'literal' in piece))
      .map((token): [number, string] => [token.line, token.text]);
    const theirs = new Set(strings.map(([line, value]) => JSON.stringify([line, value])));
    const own = new Set(ours.map((one) => JSON.stringify(one)));
    expect([path, [...theirs].filter((one) => !own.has(one))]).toEqual([path, []]);
    // and no others, but for those that hold a backslash
    const more = ours.filter((one) => !theirs.has(JSON.stringify(one)));
    const isEscaped = ([line, value]: [number, string]): boolean =>
      lines
        .slice(line - 1, line + value.split('\n').length)
        .join('\n')
        .includes('\\') || /[fF]["']/.test(lines[line - 1] ?? '');
    expect([path, more.filter((one) => !isEscaped(one))]).toEqual([path, []]);
  }
});

const files = {
  'run.py':
    'import top\nfrom pkg import inner, value\nfrom pkg.deep.leaf import x as y\nimport pkg.other as o, json\nif True:\n    import late\n',
  'top.py': 'import run2 as r\n',
  'run2.py': '"""import ghost"""\n# import ghost\n',
  'late.py': '',
  'ghost.py': '',
  'pkg/__init__.py': 'value = 1\n',
  'pkg/inner.py': 'from . import sibling\nfrom .deep import leaf\n',
  'pkg/sibling.py': 'from .. import nothing\n',
  'pkg/other.py': 'from .deep.leaf import (\n    x,  # one\n    z,\n)\n',
  'pkg/deep/__init__.py': '',
  'pkg/deep/leaf.py': 'from ..sibling import a\nx = z = 1\n',
  'pkg/unused.py': '',
};

test('a script imports the files that modulefinder of Python finds', async (context) => {
  const folder = repository(files);
  const program = `
import json, modulefinder, os, sys
finder = modulefinder.ModuleFinder(path=[os.getcwd()])
finder.run_script("run.py")
print(json.dumps(sorted({os.path.relpath(m.__file__) for m in finder.modules.values() if m.__file__})))`;
  const theirs = python(context, program, folder, '');
  const reading = await new CodeReader(await openProjectFolder(folder, '')).read('run.py', '');
  expect([...reading.files].sort()).toEqual(theirs);
  expect([...reading.modules].sort()).toEqual(['json']);
});

test('a folder without __init__.py is a package as well: as Python imports it', async (context) => {
  const folder = repository({
    'run.py': 'from spaces import member\nimport spaces.deep.other\n',
    'spaces/member.py': '',
    'spaces/deep/other.py': '',
    'spaces/unused.py': '',
  });
  const program = `
import json, os, sys
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True
import run
files = [getattr(m, "__file__", None) for m in sys.modules.values()]
print(json.dumps(sorted(os.path.relpath(f) for f in files if f and f.startswith(os.getcwd()))))`;
  const theirs = python(context, program, folder, '');
  const reading = await new CodeReader(await openProjectFolder(folder, '')).read('run.py', '');
  expect([...reading.files].sort()).toEqual(theirs);
});

test('texts are quoted for the shell as shlex quotes them, and come back', (context) => {
  const texts = [
    '',
    'plain',
    'a b',
    "it's",
    '$HOME `x` "y"',
    'ä',
    'a/b=c:d,e.f-g%h@i+j',
    '\\',
    'two\nlines',
    '*',
    '~',
    "''",
  ];
  const program = 'import json, shlex, sys\nprint(json.dumps([shlex.quote(t) for t in json.load(sys.stdin)]))';
  expect(texts.map(shellQuoted)).toEqual(python(context, program, '/', JSON.stringify(texts)));
  for (const text of texts)
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuoted(text)}`], { encoding: 'utf8' })).toBe(text);
});

test('floats are written as repr writes them', async (context) => {
  const { pythonFloat } = await import('../src/adopt/python-value.ts');
  const numbers = [
    0, -0, 1, -1.5, 0.1, 1e15, 1e16, 123456789012345680, 1e22, 1e-4, 1e-5, 1.5e-7, 5e-324, 1.7976931348623157e308,
    100.25, 3e-5,
  ];
  const program =
    'import json, struct, sys\nprint(json.dumps([repr(struct.unpack("<d", bytes.fromhex(t))[0]) for t in json.load(sys.stdin)]))';
  const hex = numbers.map((number) => {
    const buffer = Buffer.alloc(8);
    buffer.writeDoubleLE(number);
    return buffer.toString('hex');
  });
  expect(numbers.map(pythonFloat)).toEqual(python(context, program, '/', JSON.stringify(hex)));
});

test('a module that is run is found by its name', async () => {
  const folder = repository({ 'pkg/__init__.py': '', 'pkg/__main__.py': 'import pkg.a\n', 'pkg/a.py': '' });
  const { commandPaths } = await import('../src/adopt/command-paths.ts');
  const opened = await openProjectFolder(folder, '');
  expect(commandPaths('python -m pkg', '', opened).scripts).toEqual([{ path: 'pkg/__main__.py', base: '' }]);
  expect(commandPaths('python -m pkg.a', '', opened).scripts).toEqual([{ path: 'pkg/a.py', base: '' }]);
});
