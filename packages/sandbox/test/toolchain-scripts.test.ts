import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { SandboxError } from '@holdfast/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrap, needsBubblewrap } from './scene.ts';
import { needsPython, python, refused, ToolchainScene } from './toolchain-scene.ts';

describe('programs that are scripts or shims', () => {
  let scene: ToolchainScene;
  beforeEach(() => {
    scene = new ToolchainScene();
  });
  afterEach(() => {
    scene.remove();
  });

  describe('scripts', () => {
    beforeEach(needsPython);

    const script = (first: string): string => `${first}\nimport sys\nprint(sys.prefix, sys.argv[1])\n`;

    it.each([
      ['a path', 'env', (environment: string) => `#!${environment}/bin/python`],
      [
        'a path that a shell starts',
        'an env',
        (at: string) => `#!/bin/sh\n'''exec' "${at}/bin/python" "$0" "$@"\n' '''`,
      ],
      ['a name', 'an env', () => '#!/usr/bin/env python3'],
      ['a name with options', 'an env', () => '#!/usr/bin/env -S X=1 python3 -u'],
    ])('show the Python behind %s, and run', async (_, name, first) => {
      const environment = scene.environment(`elsewhere/${name}`);
      const folder = scene.program('tools/jupyter', script(first(environment)));
      const toolchain = await scene.find({ VIRTUAL_ENV: environment, PATH: `${folder}:/usr/bin` }, 'jupyter');
      const [, jupyter, interpreter] = toolchain.programs;
      expect(jupyter).toMatchObject({ name: 'jupyter', program: join(folder, 'jupyter') });
      expect(interpreter!.name).toMatch(/^jupyter:python3?$/);
      expect(interpreter!.program).toBe(realpathSync(python));
      expect(toolchain.binds).toContain(environment);
      if (existsSync(bubblewrap))
        expect((await scene.run(toolchain, 'jupyter lab')).stdout).toBe(`${environment} lab\n`);
    });

    it('made by pip run by their name alone', async (context) => {
      needsBubblewrap(context);
      const environment = scene.environment('project/.venv');
      scene.program('project/.venv/bin/jupyter', script(`#!${environment}/bin/python3`));
      const toolchain = await scene.findOn('/usr/bin', 'jupyter');
      expect((await scene.run(toolchain, 'jupyter lab')).stdout).toBe(`${environment} lab\n`);
    });

    it('name their interpreter once', async () => {
      const environment = scene.environment('project/.venv');
      scene.program('project/.venv/bin/jupyter', script(`#!${environment}/bin/python3`));
      const { programs } = await scene.findOn('/usr/bin', 'jupyter', 'python');
      expect(programs.map(({ name }) => name)).toEqual(['sh', 'jupyter', 'python']);
    });

    it('of npm packages show Node.js and the modules around them', async () => {
      scene.write('project/node_modules/typescript/bin/tsc', '#!/usr/bin/env node\n');
      chmodSync(join(scene.project, 'node_modules/typescript/bin/tsc'), 0o755);
      mkdirSync(join(scene.project, 'node_modules/.bin'));
      symlinkSync('../typescript/bin/tsc', join(scene.project, 'node_modules/.bin/tsc'));
      const path = `${join(scene.project, 'node_modules/.bin')}:${dirname(process.execPath)}`;
      const { programs, binds } = await scene.findOn(path, 'tsc');
      expect(programs.map(({ name }) => name)).toEqual(['sh', 'tsc', `tsc:${basename(process.execPath)}`]);
      expect(binds).toContain(join(scene.project, 'node_modules'));
    });

    it.each([
      ['an interpreter that is not there', '#!/nowhere/python3'],
      ['a name that is not on the PATH', '#!/usr/bin/env no-such-interpreter'],
      ['a relative interpreter', '#!python3'],
      ['options of env that are not known', '#!/usr/bin/env -i python3'],
      ['an interpreter that a shell computes', `#!/bin/sh\n'''exec' "$(cat path)" "$0" "$@"\n' '''`],
      ['itself', '#!/usr/bin/env jupyter'],
    ])('are refused when they name %s', async (_, first) => {
      const folder = scene.program('tools/jupyter', script(first));
      await expect(scene.findOn(`${folder}:/usr/bin`, 'jupyter')).rejects.toThrow(refused);
    });
  });

  describe('shims', () => {
    /** As pyenv 2.6.30 writes them (libexec/pyenv-rehash). */
    const shim = (root: string): string => `#!/usr/bin/env bash
set -e
[ -n "$PYENV_DEBUG" ] && set -x

program="\${0##*/}"

export PYENV_ROOT="${root}"
SHIM_PATH=\${0%/*}
if [[ $SHIM_PATH != "${root}/shims" ]]; then
  export _PYENV_SHIM_PATH="$SHIM_PATH"
fi
exec "${root}/libexec/pyenv" exec "$program" "$@"
`;

    it('of pyenv lead to the program that pyenv names in the project', async () => {
      const root = scene.at('pyenv');
      scene.program('pyenv/shims/jupyter', shim(root));
      scene.program('pyenv/versions/3/bin/jupyter', '#!/bin/sh\n');
      scene.program(
        'pyenv/libexec/pyenv',
        `#!/bin/sh\n[ "$1 $PWD" = "which ${scene.project}" ] && echo ${root}/versions/3/bin/$2\n`,
      );
      const { programs, binds, path } = await scene.findOn(`${root}/shims:/usr/bin:/bin`, 'jupyter');
      expect(programs[1]).toMatchObject({ name: 'jupyter', program: `${root}/versions/3/bin/jupyter` });
      expect(binds).not.toContain(`${root}/shims/jupyter`);
      expect(path).toContain(`${root}/versions/3/bin`);
      const shims = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'shims');
      if (!existsSync(join(shims, 'pip'))) return; // no pyenv on this machine
      const installed = await scene.findOn(`${shims}:/usr/bin:/bin`, 'pip', 'python');
      const question = ['-c', 'import sys; print(sys.prefix)'];
      const prefix = execFileSync(join(shims, 'python'), question, { cwd: scene.project, encoding: 'utf8' }).trim();
      for (const { program: found } of installed.programs.slice(1)) expect(dirname(found)).toBe(join(prefix, 'bin'));
    });

    it.each([
      ['pyenv that knows nothing behind it', (root: string) => shim(root), '#!/bin/sh\nexit 127\n'],
      [
        'pyenv that names the shim again',
        (root: string) => shim(root),
        '#!/bin/sh\necho "$(dirname "$0")/../shims/$2"\n',
      ],
      ['pyenv that is not there', (root: string) => shim(`${root}/nowhere`), ''],
      [
        'asdf',
        () => '#!/usr/bin/env bash\n# asdf-plugin: python 3.12.1\nexec /opt/asdf/bin/asdf exec "jupyter" "$@"\n',
        '',
      ],
    ])('are refused, with what to do: of %s', async (_, text, pyenv) => {
      const folder = scene.program('pyenv/shims/jupyter', text(scene.at('pyenv')));
      scene.program('pyenv/libexec/pyenv', pyenv);
      const failure = await scene.findOn(`${folder}:/usr/bin:/bin`, 'jupyter').catch((error: unknown) => error);
      expect(failure).toEqual(refused);
      expect((failure as SandboxError).fix).toMatch(/(?:pyenv|asdf) which jupyter/);
    });

    it.each(['mise', 'volta-shim'])(
      'are refused when they are links to one program for all names: %s',
      async (manager) => {
        scene.program(`manager/bin/${manager}`, '\u007fELF');
        mkdirSync(scene.at('manager/shims'));
        symlinkSync(`../bin/${manager}`, scene.at('manager/shims/jupyter'));
        await expect(scene.findOn(scene.at('manager/shims'), 'jupyter')).rejects.toThrow(refused);
      },
    );
  });
});
