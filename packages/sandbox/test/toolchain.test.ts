import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { bubblewrapIsolation, resolveToolchain, type SandboxError, toolchainDependencies } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { linksTo } from '@holdfast/sandbox/symbolic-links';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

describe('resolveToolchain', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  const refused = expect.objectContaining<Partial<SandboxError>>({ code: 'HF_SANDBOX_TOOLCHAIN', exit: 2 });
  const resolveOn = (path: string, ...names: string[]) => resolveToolchain({ names, project: scene.project, path });

  function program(path: string, text: string): string {
    const file = scene.write(path, text);
    chmodSync(file, 0o755);
    return dirname(file);
  }

  it('always has sh, records what it is, and shows the system only', async () => {
    const { programs, binds, system } = await resolveOn('');
    expect(programs.map(({ name }) => name)).toEqual(['sh']);
    const bytes = readFileSync('/bin/sh');
    expect(programs[0]!.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(binds.every((path) => /^\/(?:usr|lib|bin|sbin|etc\/(?:ld|alt|ssl|pki))/.test(path))).toBe(true);
    expect(system.os).toMatch(/^[a-z]+/);
    if (existsSync('/var/lib/dpkg/status')) {
      const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'libc6'], { encoding: 'utf8' });
      expect(system.packages['libc6']).toBe(version);
    }
  });

  it('asks Node.js and shows the modules above the project with what they link to', async () => {
    scene.write('project/node_modules/plain/index.js', '');
    scene.write('workspace/linked/index.js', '');
    mkdirSync(join(scene.project, 'node_modules/@scope'));
    symlinkSync(join(scene.root, 'workspace/linked'), join(scene.project, 'node_modules/@scope/linked'));
    symlinkSync(scene.root, join(scene.project, 'node_modules/everything'));
    const toolchain = await resolveOn(dirname(process.execPath), 'node');
    expect(toolchain.binds).toEqual(
      expect.arrayContaining([join(scene.project, 'node_modules'), join(scene.root, 'workspace/linked')]),
    );
    expect(toolchain.binds).not.toContain(scene.root);
    const [, node] = toolchain.programs;
    expect(node).toMatchObject({ name: 'node', version: process.versions.node });
    expect(toolchainDependencies(toolchain)[1]).toMatchObject({
      name: 'toolchain:node',
      digest: { sha256: node!.sha256 },
    });
  });

  it('shows a virtual environment and the Python that it was made from', async (context) => {
    needsBubblewrap(context);
    const base = '/usr/bin/python3';
    if (!existsSync(base)) context.skip('needs python3');
    const venv = join(scene.project, '.venv');
    execFileSync(base, ['-m', 'venv', '--without-pip', '--symlinks', venv]);
    scene.write('project/.venv/lib/marker', '');
    const toolchain = await resolveOn(join(venv, 'bin'), 'python');
    expect(toolchain.binds).toContain(venv);
    expect(toolchain.path[0]).toBe(join(venv, 'bin'));
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    const request = scene.request(`python -c 'import sys; print(sys.prefix)'`);
    expect(await launch(await isolation.wrap(request))).toMatchObject({ stdout: `${venv}\n`, code: 0 });
  });

  it('shows another program alone', async () => {
    const folder = program('tools/bin/hello', '#!/bin/sh\necho hello\n');
    scene.write('tools/bin/secret', 'secret');
    const { binds } = await resolveOn(folder, 'hello');
    expect(binds).toContain(join(folder, 'hello'));
    expect(binds).not.toContain(folder);
  });

  it('refuses what is not there and what is no name', async () => {
    for (const name of ['no-such-program', '', '../sh', '/bin/sh', 'a b', '-x', 'x'.repeat(100), 'a\0b']) {
      await expect(resolveOn('/usr/bin:/bin', name)).rejects.toThrow(refused);
    }
    const many = Array.from({ length: 40 }, (_, at) => `p${at}`);
    await expect(resolveOn('/usr/bin', ...many)).rejects.toThrow(refused);
    await expect(resolveOn('relative:.', 'ls')).rejects.toThrow(refused);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['another shape', '{"prefix": "/"}'],
    ['numbers', '[1, 2, 3, 4]'],
    ['relative paths', '["python", "lib", "lib", "3"]'],
    ['the root folder as its prefix', '["/usr/bin/env", "/", "/", "3"]'],
    ['the home folder as its prefix', `["/usr/bin/env", "${homedir()}", "${homedir()}", "3"]`],
    ['the password file as its prefix', '["/usr/bin/env", "/etc", "/etc", "3"]'],
    ['a path that is not there', '["/nowhere/python", "/nowhere", "/nowhere", "3"]'],
  ])('refuses a Python that answers %s', async (_, answer) => {
    const folder = program('liar/python', `#!/bin/sh\ncat <<'EOF'\n${answer}\nEOF\n`);
    await expect(resolveOn(`${folder}:/usr/bin`, 'python')).rejects.toThrow(refused);
  });

  it('follows links, but not for ever', () => {
    symlinkSync('loop', join(scene.root, 'loop'));
    expect(() => linksTo(join(scene.root, 'loop'))).toThrow(refused);
    symlinkSync('project', join(scene.root, 'short'));
    const path = join(scene.root, 'short');
    expect(linksTo(join(path, 'x'))).toEqual([{ path, target: 'project' }]);
  });
});
