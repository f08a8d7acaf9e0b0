import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxError } from '@holdfast/sandbox';
import { openSandbox, probeSandbox, requireSandbox } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

describe('probeSandbox', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  function fake(text: string): string {
    const path = scene.write('bin/bwrap', `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it('tries what a sandbox must deny, and leaves nothing behind', async (context) => {
    needsBubblewrap(context);
    vi.stubEnv('HOME', scene.root); // others may be trying at the same time
    const result = await probeSandbox().finally(() => vi.unstubAllEnvs());
    if (!result.available) context.skip(`needs user namespaces: ${result.problems.join()}`);
    expect(result).toEqual({ available: true, version: bubblewrapVersion(), program: bubblewrap, problems: [] });
    expect(readdirSync(scene.root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is not taken in by a bwrap that confines nothing', async () => {
    const open =
      'test "$1" = --version && echo "bubblewrap 0.9.0" && exit; while [ "$1" != -- ]; do shift; done; shift; exec "$@"';
    const { available, problems } = await probeSandbox({ program: fake(open) });
    expect(available).toBe(false);
    const said = problems.join('\n');
    const doors = [
      'project-canary',
      'tcp',
      'abstract-socket',
      'change-input',
      'ptrace',
      'clone3',
      'new-privileges',
      'no-filter',
    ];
    for (const door of doors) expect(said).toContain(`\`${door}\``);
  });

  it.each([
    ['is too old', 'echo "bubblewrap 0.4.1"', /too old/],
    ['is something else', 'echo "hello 1.0"', /does not tell/],
    ['fails', 'exit 1', /does not tell/],
    [
      'may not make namespaces',
      'test "$1" = --version && echo "bubblewrap 0.8.0" && exit; echo "bwrap: No permissions to create new namespace" >&2; exit 1',
      /could not be started: bwrap: No permissions/,
    ],
    [
      'prints what it likes',
      'test "$1" = --version && echo "bubblewrap 0.8.0" && exit; echo "[1]"',
      /could not be started/,
    ],
    [
      'prints that all is well',
      'test "$1" = --version && echo "bubblewrap 0.8.0" && exit; echo "[]"',
      /could not be read/,
    ],
  ])('says so when bwrap %s', async (_, text, problem) => {
    const result = await probeSandbox({ program: fake(text) });
    expect(result.available).toBe(false);
    expect(result.problems.join('\n')).toMatch(problem);
    expect(result.fix).toBeTruthy();
  });

  it('says so when there is none', async () => {
    const result = await probeSandbox({ program: '/nowhere/bwrap' });
    expect(result).toMatchObject({ available: false, problems: ['bubblewrap is not installed'] });
    const refused = expect.objectContaining<Partial<SandboxError>>({ code: 'HF_SANDBOX_UNAVAILABLE', exit: 3 });
    await expect(requireSandbox({ program: '/nowhere/bwrap' })).rejects.toThrow(refused);
    await expect(openSandbox({ program: '/nowhere/bwrap', toolchain: [], project: scene.project })).rejects.toThrow(
      refused,
    );
  });

  it('remembers a good result for this start of the machine and this bubblewrap', async (context) => {
    needsBubblewrap(context);
    const program = join(scene.root, 'bwrap');
    copyFileSync(bubblewrap, program);
    const cache = join(scene.root, 'cache/probe.json');
    if (!(await probeSandbox({ program, cache })).available) context.skip('needs user namespaces');
    const kept = JSON.parse(readFileSync(cache, 'utf8')) as { key: string; version: string };
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    expect(kept.key).toContain(boot);
    writeFileSync(cache, JSON.stringify({ ...kept, version: '9.9.9' }));
    expect((await probeSandbox({ program, cache })).version).toBe('9.9.9');
    writeFileSync(cache, JSON.stringify({ ...kept, version: '9.9.9', key: kept.key.replace(boot, 'another') }));
    expect((await probeSandbox({ program, cache })).version).toBe(bubblewrapVersion());
    writeFileSync(program, '\n', { flag: 'a' }); // another program
    writeFileSync(cache, JSON.stringify({ ...kept, version: '9.9.9' }));
    expect((await probeSandbox({ program, cache })).version).not.toBe('9.9.9');
    for (const text of ['', '[]', 'null', '{', '{"key":1}']) {
      writeFileSync(cache, text);
      expect((await probeSandbox({ program, cache })).version).toBe(bubblewrapVersion());
    }
  });

  it('does not remember a bad one', async () => {
    const cache = join(scene.root, 'probe.json');
    await probeSandbox({ program: fake('exit 1'), cache });
    expect(existsSync(cache)).toBe(false);
  });

  it('opens a sandbox with its toolchain', async (context) => {
    needsBubblewrap(context);
    if (!(await probeSandbox()).available) context.skip('needs user namespaces');
    const { isolation, toolchain } = await openSandbox({ toolchain: [], project: scene.project });
    expect(toolchain.programs).toHaveLength(1);
    expect((await launch(await isolation.wrap(scene.request('echo hello')))).stdout).toBe('hello\n');
  });

  it('says so when the program cannot be started', async () => {
    const enforcement = { level: 'sandbox', mechanism: '', enforced: {}, notEnforced: [] } as const;
    const command = { argv: ['/nowhere/bwrap'] as [string], environment: {}, cwd: '/', enforcement };
    const start = launch(command).then((result) => result.code);
    // with a leaked descriptor bash stands before it, and says the same by its status
    const outcome = await start.catch((error: unknown) => (error as SandboxError).code);
    expect(['HF_SANDBOX_START', 127]).toContain(outcome);
    const missing = { ...command, descriptors: [{ descriptor: 3, path: '/nowhere' }] };
    await expect(launch(missing)).rejects.toThrow(expect.objectContaining({ code: 'HF_SANDBOX_START' }));
  });
});
