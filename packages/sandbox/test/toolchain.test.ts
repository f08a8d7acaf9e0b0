import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findToolchain } from '@holdfast/sandbox';
import { linksTo } from '@holdfast/sandbox/symbolic-links';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { needsBubblewrap } from './scene.ts';
import { needsPython, python, refused, ToolchainScene } from './toolchain-scene.ts';

describe('findToolchain', () => {
  let scene: ToolchainScene;
  beforeEach(() => {
    scene = new ToolchainScene();
  });
  afterEach(() => {
    scene.remove();
    vi.unstubAllEnvs();
  });

  it('always has sh, and shows the system only', async () => {
    const { programs, binds, roots } = await scene.findOn('');
    expect(programs.map(({ name }) => name)).toEqual(['sh']);
    expect(binds.every((path) => /^\/(?:usr|lib|bin|sbin|etc\/(?:ld|alt|ssl|pki))/.test(path))).toBe(true);
    expect(roots.map(({ path }) => path)).toEqual(binds);
    expect(new Set(roots.map(({ kind }) => kind))).toEqual(new Set(['system']));
  });

  it('asks Node.js and shows the modules above the project with what they link to', async () => {
    scene.write('project/node_modules/plain/index.js', '');
    scene.write('workspace/linked/index.js', '');
    mkdirSync(join(scene.project, 'node_modules/@scope'));
    symlinkSync(scene.at('workspace/linked'), join(scene.project, 'node_modules/@scope/linked'));
    symlinkSync(scene.root, join(scene.project, 'node_modules/everything'));
    const { roots, binds, programs } = await scene.findOn(dirname(process.execPath), 'node');
    for (const path of [join(scene.project, 'node_modules'), scene.at('workspace/linked')]) {
      expect(roots).toContainEqual({ path, kind: 'node-modules' });
    }
    expect(binds).not.toContain(scene.root);
    expect(programs[1]).toMatchObject({ name: 'node', version: process.versions.node });
  });

  it('shows another program alone', async () => {
    const folder = scene.program('tools/bin/hello', '#!/bin/sh\necho hello\n');
    scene.write('tools/bin/secret', 'secret');
    const { binds, programs } = await scene.findOn(folder, 'hello');
    expect(binds).toContain(join(folder, 'hello'));
    expect(binds).not.toContain(folder);
    expect(programs.map(({ name }) => name)).toEqual(['sh', 'hello']); // its interpreter is sh
  });

  it('refuses what is not there and what is no name', async () => {
    for (const name of ['no-such-program', '', '../sh', '/bin/sh', 'a b', '-x', 'x'.repeat(100), 'a\0b']) {
      await expect(scene.findOn('/usr/bin:/bin', name)).rejects.toThrow(refused);
    }
    const many = Array.from({ length: 40 }, (_, at) => `p${at}`);
    await expect(scene.findOn('/usr/bin', ...many)).rejects.toThrow(refused);
    await expect(scene.findOn('relative:.', 'ls')).rejects.toThrow(refused);
    const nowhere = findToolchain({ names: [], project: scene.at('nowhere') });
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
    const folder = scene.program('liar/python', `#!/bin/sh\n/bin/cat <<'EOF'\n${answer}\nEOF\n`);
    await expect(scene.findOn(`${folder}:/usr/bin`, 'python')).rejects.toThrow(refused);
  });

  it('follows links, but not for ever', () => {
    symlinkSync('loop', scene.at('loop'));
    expect(() => linksTo(scene.at('loop'))).toThrow(refused);
    symlinkSync('project', scene.at('short'));
    expect(linksTo(scene.at('short/x'))).toEqual([{ path: scene.at('short'), target: 'project' }]);
  });

  describe('virtual environments', () => {
    beforeEach(needsPython);

    it.each(['.venv', 'venv'])('of the project come before the PATH, without being activated: %s', async (name) => {
      const environment = scene.environment(`project/${name}`);
      const { programs, roots, path } = await scene.findOn('/usr/bin', 'python');
      expect(roots).toContainEqual(expect.objectContaining({ path: environment, kind: 'virtual-environment' }));
      expect(path[0]).toBe(join(environment, 'bin'));
      const version = execFileSync(python, ['--version'], { encoding: 'utf8' }).trim();
      expect(`Python ${programs[1]!.version}`).toBe(version);
    });

    it('are searched in the order of VIRTUAL_ENV, CONDA_PREFIX, .venv, venv, PATH', async () => {
      const places = ['active', 'conda', 'project/.venv', 'project/venv', 'path'];
      for (const place of places) scene.program(`${place}/bin/tool`, `#!/bin/sh\n# ${place}\n`);
      const environment = {
        VIRTUAL_ENV: scene.at('active'),
        CONDA_PREFIX: scene.at('conda'),
        PATH: scene.at('path/bin'),
      };
      for (const place of places) {
        const { programs } = await scene.find(environment, 'tool');
        expect(programs[1]!.program).toBe(scene.at(`${place}/bin/tool`));
        execFileSync('rm', [scene.at(`${place}/bin/tool`)]);
      }
      await expect(scene.find(environment, 'tool')).rejects.toThrow(refused);
    });

    it.for(['project/.venv', 'elsewhere/env'])('run in the sandbox: %s', async (place, context) => {
      needsBubblewrap(context);
      const environment = scene.environment(place);
      const toolchain = await scene.find({ VIRTUAL_ENV: environment, PATH: '/usr/bin' }, 'python');
      const { stdout, stderr } = await scene.run(
        toolchain,
        `python -c 'import sys, json; print(sys.prefix)'; touch ${environment}/x`,
      );
      expect(stdout).toBe(`${environment}\n`);
      expect(stderr).toMatch(/read-only file system/i);
    });

    it('may be links to environments elsewhere', async () => {
      const environment = scene.environment('elsewhere/env');
      symlinkSync(environment, join(scene.project, '.venv'));
      const { binds } = await scene.findOn('/usr/bin', 'python');
      expect(binds).toEqual(expect.arrayContaining([environment, join(scene.project, '.venv')]));
    });

    it('may lie in a home, but cannot be one', async () => {
      mkdirSync(scene.at('home'));
      vi.stubEnv('HOME', scene.at('home'));
      const environment = scene.environment('home/environments/one');
      const { binds } = await scene.find({ VIRTUAL_ENV: environment, PATH: '' }, 'python');
      expect(binds).toContain(environment);
      expect(binds).not.toContain(scene.at('home'));
      scene.environment('home');
      await expect(scene.find({ VIRTUAL_ENV: scene.at('home'), PATH: '' }, 'python')).rejects.toThrow(refused);
    });

    it('do not show the project through an editable install', async (context) => {
      needsBubblewrap(context);
      scene.environment('project/.venv');
      scene.write('project/package/module.py', '');
      const [folder = ''] = execFileSync('sh', ['-c', 'echo lib/python3*/site-packages'], {
        cwd: join(scene.project, '.venv'),
        encoding: 'utf8',
      }).split('\n');
      scene.write(`project/.venv/${folder}/__editable__.pth`, `${join(scene.project, 'package')}\n`);
      const { stderr } = await scene.run(await scene.findOn('/usr/bin', 'python'), 'python -c "import module"');
      expect(stderr).toContain("No module named 'module'");
    });
  });

  it('starts by a name what it found by it', async () => {
    scene.program('base/bin/tool', '#!/bin/sh\n');
    scene.program(
      'base/bin/python',
      `#!/bin/sh\necho '["${scene.at('base/bin/python')}", "${scene.at('base')}", "3"]'\n`,
    );
    mkdirSync(scene.at('base/lib'));
    scene.write('env/pyvenv.cfg', `home = ${scene.at('base/bin')}\n`);
    mkdirSync(scene.at('env/bin'));
    symlinkSync(scene.at('base/bin/python'), scene.at('env/bin/python'));
    const folder = scene.program('other/tool', '#!/bin/sh\n');
    // the environment shows its base, which has another `tool`
    const { path, programs } = await scene.find({ VIRTUAL_ENV: scene.at('env'), PATH: folder }, 'python', 'tool');
    expect(path).toEqual([scene.at('env/bin'), folder, scene.at('base/bin'), '/bin']);
    expect(programs.map(({ name }) => name)).toEqual(['sh', 'python', 'tool']);
    // behind a shim, which comes first, it would be the other one
    scene.program('shims/python', `#!/bin/sh\nexec ${scene.at('base/bin/python')} "$@"\n`);
    await expect(scene.findOn(`${scene.at('shims')}:${folder}`, 'python', 'tool')).rejects.toThrow(refused);
  });
});
