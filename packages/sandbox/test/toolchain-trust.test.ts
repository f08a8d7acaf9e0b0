import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsPython, python, refused, ToolchainScene } from './toolchain-scene.ts';

describe('findToolchain', () => {
  let scene: ToolchainScene;
  beforeEach(() => {
    scene = new ToolchainScene();
  });
  afterEach(() => {
    scene.remove();
  });

  describe('never starts what lies in the project', () => {
    const trap = (): string => `#!/bin/sh\n/bin/echo started >> ${scene.at('started')}\n`;
    afterEach(() => {
      expect(existsSync(scene.at('started'))).toBe(false);
    });

    it('the Python of its virtual environment, or what lies in that', async (context) => {
      needsPython(context);
      scene.write('project/.venv/pyvenv.cfg', `home = ${dirname(python)}\n`);
      scene.program('project/.venv/bin/python', trap());
      const code = `import os; open(${JSON.stringify(scene.at('started'))}, "w")\n`;
      const version = execFileSync(python, ['-c', 'import sys; print("python%d.%d" % sys.version_info[:2])'], {
        encoding: 'utf8',
      }).trim();
      scene.write(`project/.venv/lib/${version}/site-packages/trap.pth`, code);
      scene.write(`project/.venv/lib/${version}/site-packages/sitecustomize.py`, code);
      for (const name of ['json.py', 'sys.py', 'sitecustomize.py']) scene.write(`project/${name}`, code);
      const { programs } = await scene.find({ PATH: '/usr/bin', PYTHONPATH: scene.project }, 'python');
      expect(programs[1]!.program).toBe(join(scene.project, '.venv/bin/python'));
    });

    it('a Python without an environment, or whose environment names the project as its home', async () => {
      const folder = scene.program('project/bin/python', trap());
      symlinkSync(folder, scene.at('link'));
      scene.program('project/.venv/bin/python', trap());
      await expect(scene.findOn(`${folder}:/usr/bin`, 'python')).rejects.toThrow(refused);
      scene.write('project/.venv/pyvenv.cfg', `home = ${folder}\n`);
      await expect(scene.findOn('/usr/bin', 'python')).rejects.toThrow(refused);
      scene.write('project/.venv/pyvenv.cfg', `home = ${scene.at('link')}\n`);
      await expect(scene.findOn('/usr/bin', 'python')).rejects.toThrow(refused);
    });

    it('a Python by a link from elsewhere, or to something that is none', async () => {
      scene.program('project/bin/python', trap());
      mkdirSync(scene.at('bin'));
      symlinkSync(join(scene.project, 'bin/python'), scene.at('bin/python'));
      await expect(scene.findOn(scene.at('bin'), 'python')).rejects.toThrow(refused);
      scene.write('project/.venv/pyvenv.cfg', 'home = /nowhere\n');
      mkdirSync(join(scene.project, '.venv/bin'));
      symlinkSync(join(scene.program('tools/rm', trap()), 'rm'), join(scene.project, '.venv/bin/python'));
      await expect(scene.findOn('', 'python')).rejects.toThrow(refused);
    });

    it('a Python of its own, which is known by its library', async () => {
      const folder = scene.program('project/conda/bin/python', trap());
      scene.write('project/conda/lib/python3.12/os.py', '');
      const { programs, roots } = await scene.find({ CONDA_PREFIX: dirname(folder), PATH: '' }, 'python');
      expect(programs[1]).toMatchObject({ program: join(folder, 'python'), version: '3.12' });
      expect(roots).toContainEqual({ path: dirname(folder), kind: 'python', version: '3.12' });
    });

    it('a Node.js', async () => {
      scene.program('project/node_modules/node/bin/node', trap());
      const { programs } = await scene.findOn(join(scene.project, 'node_modules/node/bin'), 'node');
      expect(programs[1]).not.toHaveProperty('version');
    });

    it('what a shim starts by its name', async () => {
      const hidden = scene.program('project/node_modules/.bin/bash', trap());
      scene.program('pyenv/shims/python', '#!/usr/bin/env bash\necho \'["/usr/bin/env", "/usr", "3"]\'\n');
      const { programs } = await scene.findOn(`${hidden}:${scene.at('pyenv/shims')}:/usr/bin:/bin`, 'python');
      expect(programs[1]!.version).toBe('3');
    });

    it('an interpreter of a script, or the pyenv of a shim', async () => {
      const folder = scene.program('tools/jupyter', `#!${join(scene.project, 'python3')}\n`);
      scene.program('project/python3', trap());
      await expect(scene.findOn(folder, 'jupyter')).rejects.toThrow(refused);
      scene.program('project/libexec/pyenv', trap());
      scene.program('tools/lab', `#!/usr/bin/env bash\nexec "${scene.project}/libexec/pyenv" exec "$program" "$@"\n`);
      await expect(scene.findOn(`${folder}:/usr/bin:/bin`, 'lab')).rejects.toThrow(refused);
    });
  });
});
