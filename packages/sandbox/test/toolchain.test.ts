import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { bubblewrapIsolation, findToolchain, type SandboxError } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { linksTo } from '@holdfast/sandbox/symbolic-links';
import { afterEach, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

const refused = expect.objectContaining<Partial<SandboxError>>({ code: 'HF_SANDBOX_TOOLCHAIN', exit: 2 });

/** The system's, which every user can read. */
const python = '/usr/bin/python3';

function needsPython(context: TestContext): void {
  if (existsSync(python)) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${python}`);
  context.skip('needs python3');
}

describe('findToolchain', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
    vi.unstubAllEnvs();
  });

  const find = (environment: Readonly<Record<string, string>>, ...names: string[]) =>
    findToolchain({ names, project: scene.project, environment });
  const findOn = (path: string, ...names: string[]) => find({ PATH: path }, ...names);
  const inRoot = (path: string): string => join(scene.root, path);

  function program(path: string, text: string): string {
    const file = scene.write(path, text);
    chmodSync(file, 0o755);
    return dirname(file);
  }

  function makeEnvironment(path: string, ...options: string[]): string {
    execFileSync(python, ['-m', 'venv', '--without-pip', '--symlinks', ...options, inRoot(path)]);
    return inRoot(path);
  }

  async function run(toolchain: Awaited<ReturnType<typeof find>>, command: string) {
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    return await launch(await isolation.wrap(scene.request(command)));
  }

  it('always has sh, and shows the system only', async () => {
    const { programs, binds, roots } = await findOn('');
    expect(programs.map(({ name }) => name)).toEqual(['sh']);
    expect(binds.every((path) => /^\/(?:usr|lib|bin|sbin|etc\/(?:ld|alt|ssl|pki))/.test(path))).toBe(true);
    expect(roots.map(({ path }) => path)).toEqual(binds);
    expect(new Set(roots.map(({ kind }) => kind))).toEqual(new Set(['system']));
  });

  it('asks Node.js and shows the modules above the project with what they link to', async () => {
    scene.write('project/node_modules/plain/index.js', '');
    scene.write('workspace/linked/index.js', '');
    mkdirSync(join(scene.project, 'node_modules/@scope'));
    symlinkSync(inRoot('workspace/linked'), join(scene.project, 'node_modules/@scope/linked'));
    symlinkSync(scene.root, join(scene.project, 'node_modules/everything'));
    const { roots, binds, programs } = await findOn(dirname(process.execPath), 'node');
    for (const path of [join(scene.project, 'node_modules'), inRoot('workspace/linked')]) {
      expect(roots).toContainEqual({ path, kind: 'node-modules' });
    }
    expect(binds).not.toContain(scene.root);
    expect(programs[1]).toMatchObject({ name: 'node', version: process.versions.node });
  });

  it('shows another program alone', async () => {
    const folder = program('tools/bin/hello', '#!/bin/sh\necho hello\n');
    scene.write('tools/bin/secret', 'secret');
    const { binds, programs } = await findOn(folder, 'hello');
    expect(binds).toContain(join(folder, 'hello'));
    expect(binds).not.toContain(folder);
    expect(programs.map(({ name }) => name)).toEqual(['sh', 'hello']); // its interpreter is sh
  });

  it('refuses what is not there and what is no name', async () => {
    for (const name of ['no-such-program', '', '../sh', '/bin/sh', 'a b', '-x', 'x'.repeat(100), 'a\0b']) {
      await expect(findOn('/usr/bin:/bin', name)).rejects.toThrow(refused);
    }
    const many = Array.from({ length: 40 }, (_, at) => `p${at}`);
    await expect(findOn('/usr/bin', ...many)).rejects.toThrow(refused);
    await expect(findOn('relative:.', 'ls')).rejects.toThrow(refused);
    const nowhere = findToolchain({ names: [], project: inRoot('nowhere') });
    await expect(nowhere).rejects.toThrow(expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' }));
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['another shape', '{"prefix": "/"}'],
    ['numbers', '[1, 2, 3]'],
    ['relative paths', '["python", "lib", "3"]'],
    ['the root folder as its prefix', '["/usr/bin/env", "/", "3"]'],
    ['the home folder as its prefix', `["/usr/bin/env", "${homedir()}", "3"]`],
    ['the password file as its prefix', '["/usr/bin/env", "/etc", "3"]'],
    ['a path that is not there', '["/nowhere/python", "/nowhere", "3"]'],
  ])('refuses a Python that answers %s', async (_, answer) => {
    const folder = program('liar/python', `#!/bin/sh\n/bin/cat <<'EOF'\n${answer}\nEOF\n`);
    await expect(findOn(`${folder}:/usr/bin`, 'python')).rejects.toThrow(refused);
  });

  it('follows links, but not for ever', () => {
    symlinkSync('loop', inRoot('loop'));
    expect(() => linksTo(inRoot('loop'))).toThrow(refused);
    symlinkSync('project', inRoot('short'));
    expect(linksTo(inRoot('short/x'))).toEqual([{ path: inRoot('short'), target: 'project' }]);
  });

  describe('virtual environments', () => {
    beforeEach(needsPython);

    it.each(['.venv', 'venv'])('of the project come before the PATH, without being activated: %s', async (name) => {
      const environment = makeEnvironment(`project/${name}`);
      const { programs, roots, path } = await findOn('/usr/bin', 'python');
      expect(roots).toContainEqual(expect.objectContaining({ path: environment, kind: 'virtual-environment' }));
      expect(path[0]).toBe(join(environment, 'bin'));
      const version = execFileSync(python, ['--version'], { encoding: 'utf8' }).trim();
      expect(`Python ${programs[1]!.version}`).toBe(version);
    });

    it('are searched in the order of VIRTUAL_ENV, CONDA_PREFIX, .venv, venv, PATH', async () => {
      const places = ['active', 'conda', 'project/.venv', 'project/venv', 'path'];
      for (const place of places) program(`${place}/bin/tool`, `#!/bin/sh\n# ${place}\n`);
      const environment = { VIRTUAL_ENV: inRoot('active'), CONDA_PREFIX: inRoot('conda'), PATH: inRoot('path/bin') };
      for (const place of places) {
        const { programs } = await find(environment, 'tool');
        expect(programs[1]!.program).toBe(inRoot(`${place}/bin/tool`));
        execFileSync('rm', [inRoot(`${place}/bin/tool`)]);
      }
      await expect(find(environment, 'tool')).rejects.toThrow(refused);
    });

    it.for(['project/.venv', 'elsewhere/env'])('run in the sandbox: %s', async (place, context) => {
      needsBubblewrap(context);
      const environment = makeEnvironment(place);
      const toolchain = await find({ VIRTUAL_ENV: environment, PATH: '/usr/bin' }, 'python');
      const { stdout, stderr } = await run(
        toolchain,
        `python -c 'import sys, json; print(sys.prefix)'; touch ${environment}/x`,
      );
      expect(stdout).toBe(`${environment}\n`);
      expect(stderr).toMatch(/read-only file system/i);
    });

    it('may be links to environments elsewhere', async () => {
      const environment = makeEnvironment('elsewhere/env');
      symlinkSync(environment, join(scene.project, '.venv'));
      const { binds } = await findOn('/usr/bin', 'python');
      expect(binds).toEqual(expect.arrayContaining([environment, join(scene.project, '.venv')]));
    });

    it('may lie in a home, but cannot be one', async () => {
      mkdirSync(inRoot('home'));
      vi.stubEnv('HOME', inRoot('home'));
      const environment = makeEnvironment('home/environments/one');
      const { binds } = await find({ VIRTUAL_ENV: environment, PATH: '' }, 'python');
      expect(binds).toContain(environment);
      expect(binds).not.toContain(inRoot('home'));
      makeEnvironment('home');
      await expect(find({ VIRTUAL_ENV: inRoot('home'), PATH: '' }, 'python')).rejects.toThrow(refused);
    });

    it('do not show the project through an editable install', async (context) => {
      needsBubblewrap(context);
      makeEnvironment('project/.venv');
      scene.write('project/package/module.py', '');
      const [folder = ''] = execFileSync('sh', ['-c', 'echo lib/python3*/site-packages'], {
        cwd: join(scene.project, '.venv'),
        encoding: 'utf8',
      }).split('\n');
      scene.write(`project/.venv/${folder}/__editable__.pth`, `${join(scene.project, 'package')}\n`);
      const { stderr } = await run(await findOn('/usr/bin', 'python'), 'python -c "import module"');
      expect(stderr).toContain("No module named 'module'");
    });
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
      const environment = makeEnvironment(`elsewhere/${name}`);
      const folder = program('tools/jupyter', script(first(environment)));
      const toolchain = await find({ VIRTUAL_ENV: environment, PATH: `${folder}:/usr/bin` }, 'jupyter');
      const [, jupyter, interpreter] = toolchain.programs;
      expect(jupyter).toMatchObject({ name: 'jupyter', program: join(folder, 'jupyter') });
      expect(interpreter!.name).toMatch(/^jupyter:python3?$/);
      expect(interpreter!.program).toBe(realpathSync(python));
      expect(toolchain.binds).toContain(environment);
      if (existsSync(bubblewrap)) expect((await run(toolchain, 'jupyter lab')).stdout).toBe(`${environment} lab\n`);
    });

    it('made by pip run by their name alone', async (context) => {
      needsBubblewrap(context);
      const environment = makeEnvironment('project/.venv');
      program('project/.venv/bin/jupyter', script(`#!${environment}/bin/python3`));
      const toolchain = await findOn('/usr/bin', 'jupyter');
      expect((await run(toolchain, 'jupyter lab')).stdout).toBe(`${environment} lab\n`);
    });

    it('name their interpreter once', async () => {
      const environment = makeEnvironment('project/.venv');
      program('project/.venv/bin/jupyter', script(`#!${environment}/bin/python3`));
      const { programs } = await findOn('/usr/bin', 'jupyter', 'python');
      expect(programs.map(({ name }) => name)).toEqual(['sh', 'jupyter', 'python']);
    });

    it('of npm packages show Node.js and the modules around them', async () => {
      scene.write('project/node_modules/typescript/bin/tsc', '#!/usr/bin/env node\n');
      chmodSync(join(scene.project, 'node_modules/typescript/bin/tsc'), 0o755);
      mkdirSync(join(scene.project, 'node_modules/.bin'));
      symlinkSync('../typescript/bin/tsc', join(scene.project, 'node_modules/.bin/tsc'));
      const path = `${join(scene.project, 'node_modules/.bin')}:${dirname(process.execPath)}`;
      const { programs, binds } = await findOn(path, 'tsc');
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
      const folder = program('tools/jupyter', script(first));
      await expect(findOn(`${folder}:/usr/bin`, 'jupyter')).rejects.toThrow(refused);
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
      const root = inRoot('pyenv');
      program('pyenv/shims/jupyter', shim(root));
      program('pyenv/versions/3/bin/jupyter', '#!/bin/sh\n');
      program(
        'pyenv/libexec/pyenv',
        `#!/bin/sh\n[ "$1 $PWD" = "which ${scene.project}" ] && echo ${root}/versions/3/bin/$2\n`,
      );
      const { programs, binds, path } = await findOn(`${root}/shims:/usr/bin:/bin`, 'jupyter');
      expect(programs[1]).toMatchObject({ name: 'jupyter', program: `${root}/versions/3/bin/jupyter` });
      expect(binds).not.toContain(`${root}/shims/jupyter`);
      expect(path).toContain(`${root}/versions/3/bin`);
      const shims = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'shims');
      if (!existsSync(join(shims, 'pip'))) return; // no pyenv on this machine
      const installed = await findOn(`${shims}:/usr/bin:/bin`, 'pip', 'python');
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
      const folder = program('pyenv/shims/jupyter', text(inRoot('pyenv')));
      program('pyenv/libexec/pyenv', pyenv);
      const failure = await findOn(`${folder}:/usr/bin:/bin`, 'jupyter').catch((error: unknown) => error);
      expect(failure).toEqual(refused);
      expect((failure as SandboxError).fix).toMatch(/(?:pyenv|asdf) which jupyter/);
    });

    it.each(['mise', 'volta-shim'])(
      'are refused when they are links to one program for all names: %s',
      async (manager) => {
        program(`manager/bin/${manager}`, '\u007fELF');
        mkdirSync(inRoot('manager/shims'));
        symlinkSync(`../bin/${manager}`, inRoot('manager/shims/jupyter'));
        await expect(findOn(inRoot('manager/shims'), 'jupyter')).rejects.toThrow(refused);
      },
    );
  });

  describe('never starts what lies in the project', () => {
    const trap = (): string => `#!/bin/sh\n/bin/echo started >> ${inRoot('started')}\n`;
    afterEach(() => {
      expect(existsSync(inRoot('started'))).toBe(false);
    });

    it('the Python of its virtual environment, or what lies in that', async (context) => {
      needsPython(context);
      scene.write('project/.venv/pyvenv.cfg', `home = ${dirname(python)}\n`);
      program('project/.venv/bin/python', trap());
      const code = `import os; open(${JSON.stringify(inRoot('started'))}, "w")\n`;
      const version = execFileSync(python, ['-c', 'import sys; print("python%d.%d" % sys.version_info[:2])'], {
        encoding: 'utf8',
      }).trim();
      scene.write(`project/.venv/lib/${version}/site-packages/trap.pth`, code);
      scene.write(`project/.venv/lib/${version}/site-packages/sitecustomize.py`, code);
      for (const name of ['json.py', 'sys.py', 'sitecustomize.py']) scene.write(`project/${name}`, code);
      const { programs } = await find({ PATH: '/usr/bin', PYTHONPATH: scene.project }, 'python');
      expect(programs[1]!.program).toBe(join(scene.project, '.venv/bin/python'));
    });

    it('a Python without an environment, or whose environment names the project as its home', async () => {
      const folder = program('project/bin/python', trap());
      symlinkSync(folder, inRoot('link'));
      program('project/.venv/bin/python', trap());
      await expect(findOn(`${folder}:/usr/bin`, 'python')).rejects.toThrow(refused);
      scene.write('project/.venv/pyvenv.cfg', `home = ${folder}\n`);
      await expect(findOn('/usr/bin', 'python')).rejects.toThrow(refused);
      scene.write('project/.venv/pyvenv.cfg', `home = ${inRoot('link')}\n`);
      await expect(findOn('/usr/bin', 'python')).rejects.toThrow(refused);
    });

    it('a Python by a link from elsewhere, or to something that is none', async () => {
      program('project/bin/python', trap());
      mkdirSync(inRoot('bin'));
      symlinkSync(join(scene.project, 'bin/python'), inRoot('bin/python'));
      await expect(findOn(inRoot('bin'), 'python')).rejects.toThrow(refused);
      scene.write('project/.venv/pyvenv.cfg', 'home = /nowhere\n');
      mkdirSync(join(scene.project, '.venv/bin'));
      symlinkSync(join(program('tools/rm', trap()), 'rm'), join(scene.project, '.venv/bin/python'));
      await expect(findOn('', 'python')).rejects.toThrow(refused);
    });

    it('a Python of its own, which is known by its library', async () => {
      const folder = program('project/conda/bin/python', trap());
      scene.write('project/conda/lib/python3.12/os.py', '');
      const { programs, roots } = await find({ CONDA_PREFIX: dirname(folder), PATH: '' }, 'python');
      expect(programs[1]).toMatchObject({ program: join(folder, 'python'), version: '3.12' });
      expect(roots).toContainEqual({ path: dirname(folder), kind: 'python', version: '3.12' });
    });

    it('a Node.js', async () => {
      program('project/node_modules/node/bin/node', trap());
      const { programs } = await findOn(join(scene.project, 'node_modules/node/bin'), 'node');
      expect(programs[1]).not.toHaveProperty('version');
    });

    it('what a shim starts by its name', async () => {
      const hidden = program('project/node_modules/.bin/bash', trap());
      program('pyenv/shims/python', '#!/usr/bin/env bash\necho \'["/usr/bin/env", "/usr", "3"]\'\n');
      const { programs } = await findOn(`${hidden}:${inRoot('pyenv/shims')}:/usr/bin:/bin`, 'python');
      expect(programs[1]!.version).toBe('3');
    });

    it('an interpreter of a script, or the pyenv of a shim', async () => {
      const folder = program('tools/jupyter', `#!${join(scene.project, 'python3')}\n`);
      program('project/python3', trap());
      await expect(findOn(folder, 'jupyter')).rejects.toThrow(refused);
      program('project/libexec/pyenv', trap());
      program('tools/lab', `#!/usr/bin/env bash\nexec "${scene.project}/libexec/pyenv" exec "$program" "$@"\n`);
      await expect(findOn(`${folder}:/usr/bin:/bin`, 'lab')).rejects.toThrow(refused);
    });
  });

  it('starts by a name what it found by it', async () => {
    program('base/bin/tool', '#!/bin/sh\n');
    program('base/bin/python', `#!/bin/sh\necho '["${inRoot('base/bin/python')}", "${inRoot('base')}", "3"]'\n`);
    mkdirSync(inRoot('base/lib'));
    scene.write('env/pyvenv.cfg', `home = ${inRoot('base/bin')}\n`);
    mkdirSync(inRoot('env/bin'));
    symlinkSync(inRoot('base/bin/python'), inRoot('env/bin/python'));
    const folder = program('other/tool', '#!/bin/sh\n');
    // the environment shows its base, which has another `tool`
    const { path, programs } = await find({ VIRTUAL_ENV: inRoot('env'), PATH: folder }, 'python', 'tool');
    expect(path).toEqual([inRoot('env/bin'), folder, inRoot('base/bin'), '/bin']);
    expect(programs.map(({ name }) => name)).toEqual(['sh', 'python', 'tool']);
    // behind a shim, which comes first, it would be the other one
    program('shims/python', `#!/bin/sh\nexec ${inRoot('base/bin/python')} "$@"\n`);
    await expect(findOn(`${inRoot('shims')}:${folder}`, 'python', 'tool')).rejects.toThrow(refused);
  });
});
