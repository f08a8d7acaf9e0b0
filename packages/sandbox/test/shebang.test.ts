import { interpreterOf } from '@holdfast/sandbox/shebang';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('interpreterOf', () => {
  // pip 23.2 and distlib 0.3.8 (`scripts.py`), uv 0.5 (`wheel.rs`), execve(2) and env(1) of coreutils 9.1
  it.each([
    ['a program', '\u007fELF\u0002', undefined],
    ['text', 'import os\n', undefined],
    ['nothing', '', undefined],
    ['a path', '#!/venv/bin/python\nimport os\n', { path: '/venv/bin/python' }],
    ['a path and an option', '#!/usr/bin/python3 -u\n', { path: '/usr/bin/python3' }],
    ['blanks', '#! \t/bin/bash \n', { path: '/bin/bash' }],
    ['a line without an end', '#!/bin/sh', { path: '/bin/sh' }],
    ['a line of Windows', '#!/bin/sh\r\n', { path: '/bin/sh' }],
    ['env', '#!/usr/bin/env python3\n', { name: 'python3' }],
    ['env elsewhere', '#!/bin/env node\n', { name: 'node' }],
    ['env with a path', '#!/usr/bin/env /opt/bin/python\n', { path: '/opt/bin/python' }],
    ['env that splits', '#!/usr/bin/env -S PYTHONUTF8=1 python3 -X dev\n', { name: 'python3' }],
    ['env that splits, in full', '#!/usr/bin/env --split-string=python3 -u\n', { name: 'python3' }],
    [
      'pip, a path with a space',
      `#!/bin/sh\n'''exec' "/a b/bin/python3" "$0" "$@"\n' '''\n`,
      { path: '/a b/bin/python3' },
    ],
    ['pip, a long path', `#!/bin/sh\n'''exec' /long/bin/python "$0" "$@"\n' '''\n`, { path: '/long/bin/python' }],
    ['uv', `#!/bin/sh\n'''exec' '/a b/bin/python' "$0" "$@"\n' '''\n`, { path: '/a b/bin/python' }],
    [
      'uv, an environment that can be moved',
      `#!/bin/sh\n'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python3' "$0" "$@"\n' '''\n`,
      { path: 'python3' },
    ],
    ['a shell script', '#!/bin/sh\nexec python3 "$@"\n', { path: '/bin/sh' }],
  ])('reads %s', (_, head, expected) => {
    expect(interpreterOf(head)).toEqual(expected);
  });

  it.each([
    ['a relative path', '#!python3\n'],
    ['nothing', '#!\n'],
    ['env alone', '#!/usr/bin/env\n'],
    ['env with an option', '#!/usr/bin/env -i python3\n'],
    ['env with two words that it takes for one name', '#!/usr/bin/env python3 -u\n'],
    ['env with a strange name', '#!/usr/bin/env -S $PYTHON\n'],
    ['env with a path that is relative', '#!/usr/bin/env -S ./python\n'],
    ['a line that the kernel cuts off', `#!/${'x'.repeat(300)}\n`],
    ['a shell that computes it', `#!/bin/sh\n'''exec' "$HOME/bin/python" "$0" "$@"\n`],
    ['a shell that substitutes it', `#!/bin/sh\n'''exec' \`which python\` "$0" "$@"\n`],
  ])('does not guess: %s', (_, head) => {
    expect(interpreterOf(head)).toBe('unknown');
  });

  it('takes anything, and tells a path or a name that is one', () => {
    const part = fc.constantFrom(
      '#!',
      '/usr/bin/env',
      '/bin/sh',
      ' ',
      '\n',
      "'''exec'",
      '"',
      '-S',
      '$0',
      '/',
      'python',
      '\0',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (tail) => {
        const found = interpreterOf(`#!${tail}`);
        if (found === undefined || found === 'unknown') return;
        if ('name' in found) expect(found.name).toMatch(/^\w[\w.+-]*$/);
        else expect(found.path).not.toMatch(/\n/);
      }),
    );
  });
});
