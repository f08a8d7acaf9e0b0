import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/callables/aliases.ts';
import { stdlibAliases, stdlibVersion } from '../../src/callables/generated/stdlib-aliases.ts';
import { needsPython, pythonOf, runPython } from './python.ts';

describe('names that mean something else', () => {
  // The standard library itself: `random._os is os`, `os.system.__module__ == 'posix'` (CPython 3.11).
  it.each([
    ['random', '_os.system', 'os', 'system'],
    ['posix', 'system', 'os', 'system'],
    ['nt', 'system', 'os', 'system'],
    ['shutil', 'fnmatch.os.popen', 'os', 'popen'],
    ['__builtin__', 'eval', 'builtins', 'eval'],
    ['__builtin__', 'xrange', 'builtins', 'range'],
    ['copy_reg', '_reconstructor', 'copyreg', '_reconstructor'],
    ['cPickle', 'loads', 'pickle', 'loads'],
    ['_pickle', 'Unpickler', 'pickle', 'Unpickler'],
    ['commands', 'getoutput', 'subprocess', 'getoutput'],
    ['io', 'open', 'builtins', 'open'],
    ['_operator', 'attrgetter', 'operator', 'attrgetter'],
    ['codecs', 'encode', '_codecs', 'encode'],
    ['os', 'path.join', 'posixpath', 'join'],
  ])('%s %s is %s.%s', (module, name, realModule, realName) => {
    expect(canonical({ module, name })).toEqual({ module: realModule, name: realName });
  });

  it('leaves what is nowhere else', () => {
    for (const name of ['collections.OrderedDict', 'sklearn.svm._classes.SVC', 'nowhere.at.all']) {
      const dot = name.lastIndexOf('.');
      const reference = { module: name.slice(0, dot), name: name.slice(dot + 1) };
      expect(canonical(reference)).toEqual(reference);
    }
  });

  it('ends, whatever refers to whatever', () => {
    const deep = Array.from({ length: 400 }, () => '_os').join('.');
    expect(canonical({ module: 'random', name: `${deep}.system` }).module).not.toBe('');
  });
});

describe('the table of the standard library', () => {
  it('is what the Python that is here says, for a sample of modules', (context) => {
    needsPython(context, 'system');
    const version = execFileSync(pythonOf('system'), ['-c', 'import platform; print(platform.python_version())'], {
      encoding: 'utf8',
    }).trim();
    const [ours, theirs] = [stdlibVersion, version].map((one) => one.split('.').slice(0, 2).join('.'));
    if (ours !== theirs) context.skip(`needs CPython ${ours!}`);
    const sample = ['random', 'io', 'shutil', 'tempfile', 'subprocess', 'ast'];
    const said = runPython('system', 'stdlib-aliases.py', sample).trim().split('\n');
    const kept = stdlibAliases.split('\n').filter((line) => sample.includes(line.split(' ')[0]!));
    expect(kept.sort()).toEqual(said.sort());
  });
});
