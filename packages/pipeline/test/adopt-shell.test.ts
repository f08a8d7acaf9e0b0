import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '@holdfast/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandPaths } from '../src/adopt/command-paths.ts';
import { joinCommands } from '../src/adopt/shell-commands.ts';
import { readShell } from '../src/adopt/shell-text.ts';
import { toolchainOf } from '../src/adopt/toolchain.ts';
import { folderOf } from './adopt-scene.ts';

const join = (...lines: string[]): string | undefined =>
  joinCommands(lines.map((text) => ({ text, ignoreErrors: false })))?.text;

test.for([
  [['a', 'b -c'], 'a && b -c'],
  [['a | b && c'], 'a | b && c'],
  [['a', '', '# only a comment', 'b # and why'], 'a && b'],
  [['cd x', 'b'], '(cd x) && b'],
  [['cd x'], 'cd x'],
  [['a; b', 'c || d', 'e &'], '(a; b) && (c || d) && (e &)'],
  [['(a; b)', 'c'], '( (a; b) ) && c'],
  [['export X=1', 'Y=2 b', 'Z=3'], '(export X=1) && Y=2 b && (Z=3)'],
  [['echo "a; b" \'c || d\' e\\;f', 'b'], 'echo "a; b" \'c || d\' e\\;f && b'],
  [['echo a#b "#" $# # gone'], 'echo a#b "#" $#'],
  [['a \\\n  -b "c \\\nd"'], 'a   -b "c d"'],
] as const)('%j', ([lines, expected]) => {
  expect(join(...lines)).toBe(expected);
});

test.for([
  ["echo 'open"],
  ['echo "open'],
  ['echo $(open'],
  ['cat <<EOF'],
  ['echo a \\'],
  ["echo 'two\nlines'"],
  ['echo `x'],
])('must fail: %j is not put on one line', ([line = '']) => {
  expect(join('a', line)).toBeUndefined();
});

/** Commands that leave a trace of what they saw, and fail or not. */
const command = fc.constantFrom(
  'echo one >> trace',
  'false',
  'echo "in $(basename "$PWD") X=$X" >> "$T"',
  'cd sub',
  'X=1',
  'export X=2; cd sub',
  'false; echo after >> trace',
  'false || echo rescued >> trace',
  'true && echo both >> trace',
  'echo piped | cat >> trace',
  '! false',
  'exit 3',
  '(cd sub; echo "$PWD" > /dev/null; false) || true',
  'if false; then echo no >> trace; else echo yes >> trace; fi',
  'echo "a # b" >> trace # comment',
  '{ echo group >> trace; false; }',
);

test('joined commands do what make and DVC do with them one by one', () => {
  const folder = temporaryFolder();
  const inShell = (text: string, name: string): number => {
    const options = {
      cwd: `${folder}/${name}`,
      env: { T: `${folder}/${name}/trace`, PATH: process.env['PATH'] ?? '' },
    };
    return spawnSync('/bin/sh', ['-c', text], options).status ?? -1;
  };
  spawnSync('mkdir', ['-p', `${folder}/alone/sub`, `${folder}/joined/sub`]);
  const trace = (name: string): string => {
    const text = spawnSync('cat', [`${folder}/${name}/trace`]).stdout.toString();
    spawnSync('rm', ['-f', `${folder}/${name}/trace`]);
    return text.replaceAll('alone', 'joined');
  };
  const lines = fc.array(fc.record({ text: command, ignoreErrors: fc.boolean() }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lines, (all) => {
      let failed = false;
      for (const { text, ignoreErrors } of all) {
        if (!failed) failed = inShell(text, 'alone') !== 0 && !ignoreErrors;
      }
      const joined = joinCommands(all)?.text ?? '';
      expect([joined, inShell(joined, 'joined') !== 0, trace('joined')]).toEqual([joined, failed, trace('alone')]);
    }),
    { numRuns: 60 },
  );
});

test('any text is read or refused, and its tokens are where they are said to be', () => {
  const shellish = fc.string({
    unit: fc.constantFrom(...'ab \t\n\\\'"`$(){}|&;<>#=*?[]!~0'.split(''), 'é', '\u{1F600}'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(shellish, (text) => {
      for (const token of readShell(text)?.tokens ?? []) expect(text.slice(token.start, token.end)).toBe(token.text);
      const joined = join(text, 'echo');
      expect(joined?.includes('\n') ?? false).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

describe('the programs that a command starts', () => {
  const files = {
    'run.sh': '#!/bin/bash\nset -e\nfor f in *; do Rscript fit.R "$f"; done\n[ -f x ] || sh more.sh\n',
    'more.sh': 'node tool.js\nsh run.sh\n',
    'bin/fit': '#!/usr/bin/env -S python3.11 -u\n',
    'bin/plain': 'julia x.jl\n',
  };
  test.for([
    ['python train.py', ['python']],
    ['mkdir -p a && cp b c; cat < d | sort > e', []],
    ['A=1 B="x y" python3.11 -m pkg', ['python3.11']],
    ['env -u X A=1 nice -n 5 timeout -k 1 30m node x.js', ['node']],
    ['jupyter nbconvert --execute x.ipynb', ['jupyter', 'python']],
    ['poetry run python x.py && uv run --frozen python y.py', ['poetry', 'python', 'uv']],
    ["bash -euo pipefail -c 'python a.py && (node b.js)'", ['node', 'python']],
    ['sh run.sh', ['Rscript', 'node']],
    ['bash ./run.sh', ['Rscript', 'node']],
    ['./run.sh arg', ['Rscript', 'node']],
    ['bin/fit x', ['python3.11']],
    ['bin/plain', ['julia']],
    ['.venv/bin/python x.py', ['python']],
    ['echo $(git rev-parse HEAD) `python -V`', ['git', 'python']],
    ['find . -name x -exec perl {} \\;', ['perl']],
    ['if test -f x; then python a.py; else ! node b.js; fi', ['node', 'python']],
    ['$PYTHON x.py', []],
    ['"my tool" x', []],
    ['make all', []],
    ['constructor __proto__', ['constructor']],
  ] as const)('%s', async ([text, tools]) => {
    expect(await toolchainOf(text, await folderOf(files))).toEqual(tools);
  });
});

describe('the files that a command names', () => {
  const files = {
    'src/a.py': '',
    'src/pkg/b.py': '',
    'data/x.csv': '',
    'data/y.csv': '',
    'conf.yaml': '',
    'run.sh': '',
  };
  test.for([
    [
      'python src/a.py --data data/x.csv --out made/m.pkl --config=conf.yaml',
      ['src/a.py'],
      ['data/x.csv', 'conf.yaml'],
      ['made/m.pkl'],
    ],
    ['cd src && python -m pkg.b ../data > log.txt', ['src/pkg/b.py'], ['data'], ['src/log.txt']],
    [
      '(cd src; python a.py > out.csv); cat data/x.csv > all.csv',
      ['src/a.py'],
      ['data/x.csv'],
      ['src/out.csv', 'all.csv'],
    ],
    ['cp data/x.csv data/y.csv made/', [], ['data/x.csv', 'data/y.csv'], ['made/x.csv', 'made/y.csv']],
    ['sort < data/x.csv 2> err.txt | tee made/s.csv', [], ['data/x.csv'], ['err.txt', 'made/s.csv']],
    ['sh run.sh && ./run.sh && python gone.py', ['run.sh'], [], []],
    ['cat /etc/passwd ../outside.csv data/*.csv > /dev/null', [], [], []],
    ['(echo a; echo b) > both.txt', [], [], ['both.txt']],
    ['echo "made/x.csv" && mkdir made', [], [], []],
  ] as const)('%s', async ([text, scripts, reads, writes]) => {
    const paths = commandPaths(text, '', await folderOf(files));
    expect([paths.scripts.map(({ path }) => path), paths.reads, paths.writes]).toEqual([scripts, reads, writes]);
  });
});
