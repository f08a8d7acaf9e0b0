import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type IsolationRequest, SandboxError, type SandboxErrorCode, type Toolchain } from '@holdfast/sandbox';
import { planFiles } from '@holdfast/sandbox/file-plan';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

const bare: Toolchain = { binds: ['/usr'], links: [], path: [] };

describe('planFiles', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
    scene.write('project/data/rows.csv', '1');
    scene.write('project/.holdfast/keys/key', 'secret');
    scene.write('outside/shared.csv', '1');
  });
  afterEach(() => {
    scene.remove();
  });

  const inProject = (path: string): string => join(scene.project, path);
  const plan = (more: Partial<IsolationRequest>, toolchain = bare) => planFiles(scene.request('true', more), toolchain);
  const refused = (code: SandboxErrorCode): unknown => expect.objectContaining({ name: 'SandboxError', code });

  it('puts inputs of the project on the staging folder, and others where they are, parents first', () => {
    scene.write('outside/deep/er/file', 'x');
    const readable = [
      join(scene.outside, 'deep/er/file'),
      join(scene.outside, 'shared.csv'),
      inProject('data/rows.csv'),
    ];
    const { binds, bindsInProject, folders } = plan({ readable, writable: [inProject('build/model')] });
    expect(binds.map(({ path }) => path)).toEqual(['/usr', readable[1], readable[0]]);
    expect(bindsInProject).toEqual([{ source: readable[2], path: readable[2] }]);
    expect(folders).toContain(inProject('build'));
  });

  it('binds what a link leads to where the link is, and inputs inside of inputs once', () => {
    symlinkSync(join(scene.outside, 'shared.csv'), inProject('linked.csv'));
    const { bindsInProject } = plan({
      readable: [inProject('linked.csv'), inProject('data'), inProject('data/rows.csv')],
    });
    expect(bindsInProject).toEqual([
      { source: join(scene.outside, 'shared.csv'), path: inProject('linked.csv') },
      { source: inProject('data'), path: inProject('data') },
    ]);
  });

  it('puts files of secrets where they are, behind all else, and only from the temporary folder', () => {
    const { temporary } = scene.request('true');
    const secret = join(temporary, 'secrets/KEY');
    const readable = [join(scene.outside, 'shared.csv')];
    expect(plan({ temporary, readable, secretFiles: [secret] }).binds.slice(1)).toEqual([
      { source: readable[0], path: readable[0] },
      { source: secret, path: secret },
    ]);
    for (const path of [temporary, `${temporary}/../x`, '/etc/shadow', inProject('data/rows.csv'), 'secrets/KEY']) {
      expect(() => plan({ temporary, secretFiles: [path] })).toThrow(refused('HF_SANDBOX_REQUEST'));
    }
  });

  it.each(['/', '/proc/cpuinfo', '/sys', '/dev/null', '/run', '/var/run', '/etc', '/home', '/tmp', homedir()])(
    'refuses the input %s',
    (path) => {
      expect(() => plan({ readable: [path] })).toThrow(refused('HF_SANDBOX_INPUT'));
    },
  );

  it('refuses inputs that show more than themselves, also through a link', () => {
    execFileSync('mkfifo', [inProject('pipe')]);
    symlinkSync('/', inProject('machine'));
    symlinkSync('.holdfast/keys', inProject('keys'));
    symlinkSync('..', inProject('data/up'));
    const bad = ['.', '..', '.holdfast', '.holdfast/keys/key', 'pipe', 'machine', 'keys', 'not-there', 'data/up'];
    for (const path of bad)
      expect(() => plan({ readable: [inProject(path)] }), path).toThrow(refused('HF_SANDBOX_INPUT'));
    symlinkSync(join(scene.outside, 'shared.csv'), inProject('data/link.csv'));
    const both = [inProject('data'), inProject('data/link.csv')];
    expect(() => plan({ readable: both })).toThrow(refused('HF_SANDBOX_INPUT'));
  });

  it('refuses outputs that are not below the project', () => {
    for (const path of [scene.project, scene.outside, '/usr/local/bin/x', inProject('../outside/x')]) {
      expect(() => plan({ writable: [path] })).toThrow(refused('HF_SANDBOX_OUTPUT'));
    }
  });

  it('refuses inputs, tools and outputs in one another', () => {
    const readable = [inProject('data')];
    expect(() => plan({ readable, writable: [inProject('data/new')] })).toThrow(refused('HF_SANDBOX_OVERLAP'));
    const file = [inProject('data/rows.csv')];
    expect(() => plan({ readable: file, writable: [inProject('data')] })).toThrow(refused('HF_SANDBOX_OVERLAP'));
    const tools = { ...bare, binds: ['/usr', inProject('.venv')] };
    expect(() => plan({ writable: [inProject('.venv/model')] }, tools)).toThrow(refused('HF_SANDBOX_OVERLAP'));
  });

  it('refuses requests that are not sound', () => {
    const staging = join(scene.root, 'open/staging');
    mkdirSync(staging, { recursive: true });
    chmodSync(join(scene.root, 'open'), 0o755);
    const filled = join(scene.root, 'closed');
    mkdirSync(join(filled, 'x'), { recursive: true });
    const bad: Partial<IsolationRequest>[] = [
      { staging },
      { staging: filled },
      { staging: join(scene.root, 'nowhere') },
      { cwd: scene.outside },
      { cwd: 'relative' },
      { project: '/' },
      { project: '/usr' },
      { project: '/tmp' },
      { project: '/proc/self/cwd' },
      { readable: ['relative'] },
      { readable: Array.from({ length: 3000 }, (_, at) => `/usr/${at}`) },
    ];
    for (const more of bad)
      expect(() => plan(more), JSON.stringify(more).slice(0, 80)).toThrow(refused('HF_SANDBOX_REQUEST'));
    const request = scene.request('true');
    for (const name of ['staging', 'project']) {
      const without = Object.fromEntries(Object.entries(request).filter(([key]) => key !== name));
      expect(() => planFiles(without as unknown as IsolationRequest, bare)).toThrow(refused('HF_SANDBOX_REQUEST'));
    }
  });

  it('never shows the project, the keys or the machine, whatever is asked', () => {
    const part = fc.constantFrom(
      'data',
      'rows.csv',
      '..',
      '.',
      '.holdfast',
      'keys',
      'key',
      'outside',
      'project',
      'tmp',
      '',
      '\0',
    );
    const path = fc.tuple(fc.boolean(), fc.array(part, { maxLength: 6 }));
    const request = scene.request('true');
    fc.assert(
      fc.property(fc.array(path, { maxLength: 4 }), (paths) => {
        const readable = paths.map(
          ([isInProject, parts]) => (isInProject ? scene.project : '') + `/${parts.join('/')}`,
        );
        let binds: readonly { source: string }[];
        try {
          const planned = planFiles({ ...request, readable }, bare);
          binds = [...planned.binds, ...planned.bindsInProject].filter(({ source }) => source !== '/usr');
        } catch (error) {
          expect(error).toBeInstanceOf(SandboxError);
          return;
        }
        for (const { source } of binds) {
          expect(`${inProject('.holdfast/keys/key')}/`.startsWith(`${source}/`)).toBe(false);
          expect(source.startsWith(inProject('.holdfast'))).toBe(false);
        }
      }),
    );
  });
});
