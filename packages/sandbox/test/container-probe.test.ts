import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findToolchain, type SandboxError } from '@holdfast/sandbox';
import { containerIsolation } from '@holdfast/sandbox/container';
import { probeContainer } from '@holdfast/sandbox/container-probe';
import { launch } from '@holdfast/sandbox/launch';
import { describeLevels, isolationFor } from '@holdfast/sandbox/levels';
import { virtualMachineProblem } from '@holdfast/sandbox/virtual-machine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { needsPodman } from './container-scene.ts';
import { bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

describe('probeContainer', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
    vi.unstubAllEnvs();
  });

  const information = JSON.stringify({
    host: { ociRuntime: { name: 'crun', version: 'crun version 1.8.1\n' }, serviceIsRemote: false },
    version: { Version: '4.3.1' },
  });

  /** A `podman` that tells of itself as a real one does, and starts containers by `run`, a shell script. */
  function fake(run: string, told = information): string {
    const path = join(scene.root, 'bin/podman');
    mkdirSync(dirname(path), { recursive: true });
    scene.write('bin/info.json', told);
    const lines = [
      `case " $* " in *" info "*) cat ${scene.root}/bin/info.json; exit;; *" inspect "*|*" rm "*) exit 1;; esac`,
      run,
    ];
    writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it('is not taken in by an engine that confines nothing', async () => {
    const open = 'while [ "$1" != /run/holdfast/init ]; do shift; done; shift; exec "$@"';
    const { available, problems } = await probeContainer({ level: 'container', engine: fake(open) });
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
    for (const door of doors) expect(said).toContain(`the container does not stop \`${door}\``);
  });

  it.each([
    [
      'cannot start a container',
      'echo "Error: OCI runtime error" >&2; exit 126',
      information,
      /could not be started: Error: OCI/,
    ],
    ['prints that all is well', 'echo "[]"', information, /could not be read/],
    ['prints what it likes', 'echo "[1]"', information, /could not be started/],
    ['is too old', '', information.replace('4.3.1', '3.4.4'), /3\.4\.4 is too old, 4\.3 is needed/],
    ['asks another machine', '', information.replace('false', 'true'), /another machine/],
    ['tells nothing', '', '', /does not answer/],
    ['tells something else', '', '{"version":{"Version":4},"host":[]}', /does not answer/],
    ['tells a list', '', '[]', /does not answer/],
  ])('says so when the engine %s', async (_, run, told, problem) => {
    const result = await probeContainer({ level: 'container', engine: fake(run, told) });
    expect(result.available).toBe(false);
    expect(result.engine).toBeUndefined();
    expect(result.problems.join('\n')).toMatch(problem);
    expect(result.fix).toBeTruthy();
  });

  it.each([
    ['no subuid ranges found for user "me" in /etc/subuid', /usermod --add-subuids .*newuidmap/],
    ['cgroups in hybrid mode not supported', /runc/],
    ['default OCI runtime "x" not found', /install the runtime/],
  ])('knows what to do about: %s', async (complaint, fix) => {
    const { problems, ...result } = await probeContainer({
      level: 'container',
      engine: fake(`echo '${complaint}' >&2; exit 125`),
    });
    expect(problems.join()).toContain(complaint.slice(0, 20));
    expect(result.fix).toMatch(fix);
  });

  it('says so when there is none, with the command that installs one', async () => {
    const result = await probeContainer({ level: 'container', engine: '/nowhere/podman' });
    expect(result).toMatchObject({ available: false, problems: ['`/nowhere/podman` is not installed'] });
    expect(result.fix).toMatch(/podman/);
    // another program is not run as one of them
    expect((await probeContainer({ level: 'container', engine: '/bin/sh' })).available).toBe(false);
    for (const runtime of ['--privileged', '', 'a b', '$(id)']) {
      const refused = await probeContainer({ level: 'container', engine: fake('exit 0'), runtime });
      expect(refused.problems).toEqual([`\`${runtime}\` is no name of a runtime`]);
    }
  });

  it('finds an engine that holds, and remembers it for this start of the machine', async (context) => {
    const { engine, holds } = await needsPodman(context);
    const cache = join(scene.root, 'cache/container.json');
    const runtime = engine.runtime ?? engine.runtimeVersion.split(' ')[0]!;
    const options = { level: 'container', engine: 'podman', runtime, cache } as const;
    expect(await probeContainer(options)).toEqual({
      available: true,
      engine: { ...engine, runtime },
      holds,
      problems: [],
    });
    const kept = JSON.parse(readFileSync(cache, 'utf8')) as { key: string; engine: object };
    const claim = { ...kept, engine: { ...engine, version: '9.9.9' } };
    writeFileSync(cache, JSON.stringify(claim));
    expect((await probeContainer(options)).engine?.version).toBe('9.9.9');
    // kept for a container, it says nothing of a virtual machine
    expect((await probeContainer({ ...options, level: 'vm' })).available).toBe(false);
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    for (const other of [{ ...claim, key: kept.key.replace(boot, 'another') }, { ...claim, engine: 1 }, [], null]) {
      writeFileSync(cache, JSON.stringify(other));
      expect((await probeContainer(options)).engine?.version).toBe(engine.version);
    }
  });

  it('sees what the settings of an engine add to every container', async (context) => {
    const { engine } = await needsPodman(context);
    const runtime = engine.runtimeVersion.split(' ')[0]!;
    scene.write('outside/passwords', 'secret');
    const settings = (text: string) =>
      vi.stubEnv('CONTAINERS_CONF', scene.write('containers.conf', `[containers]\n${text}`));
    settings(`volumes = ["${scene.outside}:/opt/more:ro"]\n`);
    const shown = await probeContainer({ level: 'container', engine: 'podman', runtime });
    expect(shown.problems.join()).toContain('a container shows `/opt/more`, which nobody declared');
    settings('devices = ["/dev/null:/dev/other:rw"]\n');
    expect((await probeContainer({ level: 'container', engine: 'podman', runtime })).available).toBe(false);
    // what weakens it without a trace is said again by each command
    settings(
      'pidns = "host"\nutsns = "host"\nipcns = "host"\nnetns = "host"\ninit = true\nenv = ["LEAK=1"]\nenv_host = true\n',
    );
    expect((await probeContainer({ level: 'container', engine: 'podman', runtime })).problems).toEqual([]);
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const command = await containerIsolation({ engine, toolchain }).wrap(scene.request('env; ls -d /proc/[0-9]*'));
    const { stdout } = await launch(command);
    expect(stdout).toContain('/proc/1\n');
    expect(stdout.match(/\/proc\//g)!.length).toBeLessThan(10);
    expect(stdout).not.toMatch(/LEAK|CONTAINERS_CONF/);
  });

  it('does not remember a bad result', async () => {
    const cache = join(scene.root, 'container.json');
    await probeContainer({ level: 'container', engine: fake('exit 1'), cache });
    expect(existsSync(cache)).toBe(false);
  });

  it('does not take a runtime on the kernel of this machine for a virtual machine', async (context) => {
    const { engine } = await needsPodman(context);
    const runtime = engine.runtimeVersion.split(' ')[0]!;
    const { available, problems, fix } = await probeContainer({ level: 'vm', engine: 'podman', runtime });
    expect(available).toBe(false);
    expect(problems.join()).toContain('runs on the kernel of this machine');
    expect(fix).toContain('HOLDFAST_VM_RUNTIME');
  });
});

describe('virtualMachineProblem', () => {
  const host = '5f9a0f6e-2f4b-4f1c-9c44-0d0e2a1b3c4d';
  const guest = '0b1c2d3e-4f50-4a61-8b72-c3d4e5f60718';

  it.each([
    ['the same start of a kernel', { bootId: host, hypervisor: true }, 'kata', /kernel of this machine/],
    ['a processor that is there', { bootId: guest, hypervisor: false }, 'kata', /no virtual machine/],
    ['a kernel that is a program', { bootId: guest, hypervisor: true }, 'runsc 2024', /no virtual machine/],
    ['the same by its path', { bootId: guest, hypervisor: true }, '/opt/gVisor/run', /no virtual machine/],
  ])('sees %s', (_, seen, runtime, problem) => {
    expect(virtualMachineProblem(seen, runtime, host)).toMatch(problem);
  });

  it('has nothing against another kernel on a virtual processor', () => {
    expect(virtualMachineProblem({ bootId: guest, hypervisor: true }, 'kata 3.2.0', host)).toBeUndefined();
  });
});

describe('isolationFor', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
    vi.stubEnv('HOLDFAST_VM_RUNTIME', undefined);
  });
  afterEach(() => {
    scene.remove();
    vi.unstubAllEnvs();
  });

  const refused = (message: RegExp, fix: RegExp): unknown =>
    expect.objectContaining<Partial<SandboxError>>({
      code: 'HF_SANDBOX_UNAVAILABLE',
      exit: 3,
      message: expect.stringMatching(message) as string,
      fix: expect.stringMatching(fix) as string,
    });

  it('gives the level that was demanded', async (context) => {
    needsBubblewrap(context);
    await needsPodman(context);
    const options = { toolchain: [], project: scene.project, cache: join(scene.root, 'cache'), engine: 'podman' };
    for (const level of ['sandbox', 'container'] as const) {
      const { isolation } = await isolationFor(level, options);
      const command = await isolation.wrap(scene.request('echo hello'));
      expect([isolation.level, command.enforcement.level]).toEqual([level, level]);
      expect((await launch(command)).stdout).toBe('hello\n');
      expect(existsSync(join(scene.root, 'cache', `${level}.json`))).toBe(true);
    }
  });

  it('gives no other in place of it, weaker or stronger', async () => {
    const options = { toolchain: [], project: scene.project, engine: '/nowhere/podman' };
    const missing = refused(/`container` cannot be had here: .*not installed/, /podman/);
    await expect(isolationFor('container', options)).rejects.toThrow(missing);
    const noRuntime = refused(/`vm` cannot be had here: no container runtime/, /HOLDFAST_VM_RUNTIME/);
    await expect(isolationFor('vm', options)).rejects.toThrow(noRuntime);
    await expect(isolationFor('vm', { ...options, vmRuntime: 'kata' })).rejects.toThrow(refused(/`vm`/, /podman/));
    vi.stubEnv('HOLDFAST_VM_RUNTIME', 'kata');
    await expect(isolationFor('vm', options)).rejects.toThrow(refused(/`vm` .*not installed/, /podman/));
  });

  it('is told of before, level by level', async (context) => {
    needsBubblewrap(context);
    const levels = await describeLevels({ engine: '/nowhere/podman' });
    expect(levels.map(({ level, available }) => [level, available])).toEqual([
      ['sandbox', true],
      ['container', false],
      ['vm', false],
    ]);
    expect(levels[0]!.mechanism).toBe(`bubblewrap ${bubblewrapVersion()}`);
    for (const { problems, fix } of levels.slice(1))
      expect([problems.length > 0, fix !== undefined]).toEqual([true, true]);
  });
});
