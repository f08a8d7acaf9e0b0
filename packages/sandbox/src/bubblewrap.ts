import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notPrepared, SandboxError } from './errors.ts';
import { type FilePlan, planFiles } from './file-plan.ts';
import { type OpenGpu, openGpu } from './gpu.ts';
import type { Enforcement, IsolatedCommand, Isolation, IsolationRequest } from './isolation.ts';
import { type AppliedLimits, applyLimits, memoryFolderSize } from './limits.ts';
import { etcFiles, insideEnvironment, insideUser, writeMadeFiles } from './made-files.ts';
import { maskedInProc } from './masked-proc.ts';
import { isWithin } from './paths.ts';
import { seccompFilter } from './seccomp.ts';
import type { Toolchain } from './toolchain.ts';

export interface BubblewrapOptions {
  /** Absolute path of `bwrap`. */
  readonly program: string;
  /** `0.8.0`. */
  readonly version: string;
  readonly toolchain: Toolchain;
}

/** Descriptors of {@link IsolatedCommand}: the filter, and the options, which hold variables that `ps` must not show. */
const seccompDescriptor = 3;
const optionsDescriptor = 4;

/** MAX_ARGS of bubblewrap.c. */
const maximumOptions = 9000;

/**
 * An isolation of level `sandbox`: a root built from nothing with bubblewrap.
 *
 * Visible are the inputs and the toolchain, both read-only; made `/etc/passwd`, `/etc/group` and `/etc/hosts`; a
 * `/proc` of its own processes; a minimal `/dev`; and to write to, an empty staging folder where the project is, and
 * `/tmp` and `/dev/shm` in memory. No capability, no new privileges, no namespace inside, no network unless `open`.
 *
 * @throws SandboxError (from `wrap`) HF_SANDBOX_REQUEST, HF_SANDBOX_INPUT, HF_SANDBOX_OVERLAP, HF_SANDBOX_OUTPUT,
 *   HF_SANDBOX_GPU, HF_SANDBOX_PLATFORM, HF_SANDBOX_START. Whether this machine keeps the promise is for `probeSandbox` to find out.
 */
export function bubblewrapIsolation({ program, version, toolchain }: BubblewrapOptions): Isolation {
  return {
    level: 'sandbox',
    wrap: (request) => {
      try {
        return prepare(request, { program, version, toolchain });
      } catch (error) {
        throw notPrepared(error);
      }
    },
  };
}

function prepare(request: IsolationRequest, { program, version, toolchain }: BubblewrapOptions): IsolatedCommand {
  const plan = planFiles(request, toolchain);
  const gpu = openGpu(request.gpu);
  const filter = seccompFilter();
  const made = writeFilter(request, filter);
  const options = bubblewrapOptions(request, plan, toolchain, made, gpu);
  requireSound(options);
  writeFileSync(join(made, 'options'), options.map((option) => `${option}\0`).join(''), { mode: 0o600 });
  const limits = applyLimits(request.limits, request.runId);
  const enforcement = enforcementOf(request, version, filter, limits, gpu);
  return { ...start(program, request, made, limits), enforcement, release: limits.release };
}

function start(program: string, request: IsolationRequest, made: string, limits: AppliedLimits) {
  const bubblewrap = [program, '--args', String(optionsDescriptor), '--', ...limits.inside, ...request.argv];
  const argv = [...limits.outside, ...bubblewrap] as [string, ...string[]];
  const marker = request.environment['HOLDFAST_RUN'];
  return {
    argv,
    environment: { PATH: '/usr/bin:/bin', ...(marker === undefined ? {} : { HOLDFAST_RUN: marker }) },
    cwd: '/',
    descriptors: [
      { descriptor: seccompDescriptor, path: join(made, 'filter') },
      { descriptor: optionsDescriptor, path: join(made, 'options') },
    ],
  } satisfies Omit<IsolatedCommand, 'enforcement'>;
}

function writeFilter(request: IsolationRequest, filter: Uint8Array): string {
  const made = writeMadeFiles(request);
  writeFileSync(join(made, 'filter'), filter, { mode: 0o600 });
  return made;
}

function bubblewrapOptions(
  request: IsolationRequest,
  plan: FilePlan,
  toolchain: Toolchain,
  made: string,
  gpu: OpenGpu,
): string[] {
  return [
    ...namespaces(request),
    ...['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--hostname', 'sandbox'],
    ...['--seccomp', String(seccompDescriptor)],
    ...environment(request, toolchain),
    ...ground(request, toolchain, made),
    ...devices(request, gpu),
    ...plan.binds.flatMap(({ source, path }) => ['--ro-bind', source, path]),
    ...['--bind', plan.staging, plan.project],
    ...plan.folders.flatMap((path) => ['--dir', path]),
    ...plan.bindsInProject.flatMap(({ source, path }) => ['--ro-bind', source, path]),
    ...plan.hidden.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    // the tmpfs that all of this was mounted on would be one more place to write to
    ...['--remount-ro', '/', '--chdir', plan.cwd],
  ];
}

/**
 * `--disable-userns` makes namespaces inside impossible; it needs an explicit `--unshare-user`. As root without a
 * user namespace `--cap-drop ALL` would leave the bounding set.
 */
function namespaces({ network }: IsolationRequest): string[] {
  const user = ['--unshare-user', '--disable-userns', '--uid', String(insideUser), '--gid', String(insideUser)];
  const others = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'];
  return [...user, ...others, ...(network === 'open' ? [] : ['--unshare-net'])];
}

function environment(request: IsolationRequest, toolchain: Toolchain): string[] {
  const variables = Object.entries(insideEnvironment(request, toolchain));
  return ['--clearenv', ...variables.flatMap(([name, value]) => ['--setenv', name, value])];
}

/** What every sandbox stands on. */
function ground(request: IsolationRequest, toolchain: Toolchain, made: string): string[] {
  const system = toolchain.links.flatMap(({ path, target }) => ['--symlink', target, path]);
  const temporary = isWithin('/tmp', request.temporary) ? ['/tmp'] : ['/tmp', request.temporary];
  return [
    ...system,
    ...etcFiles.flatMap((name) => ['--ro-bind', join(made, name), `/etc/${name}`]),
    ...(request.network === 'open' ? ['--ro-bind-try', '/etc/resolv.conf', '/etc/resolv.conf'] : []),
    ...['--proc', '/proc'],
    ...maskedProc(join(made, 'empty'), request),
    ...temporary.flatMap((path) => inMemory(path, request)),
  ];
}

/**
 * All of `/proc` is read-only: bubblewrap covers `/proc/sys` only where `access` finds the folder writable, which it is
 * not for root without capabilities; its files are, `kernel/core_pattern` among them (0.8.0, tried as root).
 */
function maskedProc(empty: string, request: IsolationRequest): string[] {
  const { files, folders } = maskedInProc(request);
  return [
    ...files.flatMap((path) => ['--ro-bind', empty, path]),
    ...folders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    ...['--remount-ro', '/proc'],
  ];
}

function devices(request: IsolationRequest, gpu: OpenGpu): string[] {
  return [
    ...['--dev', '/dev'],
    ...gpu.devices.flatMap((path) => ['--dev-bind', path, path]),
    ...gpu.folders.flatMap((path) => ['--ro-bind', path, path]),
    ...inMemory('/dev/shm', request),
    ...['--remount-ro', '/dev'],
  ];
}

function inMemory(path: string, { limits }: IsolationRequest): string[] {
  return ['--perms', '1777', '--size', String(memoryFolderSize(limits)), '--tmpfs', path];
}

function enforcementOf(
  request: IsolationRequest,
  version: string,
  filter: Uint8Array,
  limits: AppliedLimits,
  gpu: OpenGpu,
): Enforcement {
  const digest = createHash('sha256').update(filter).digest('hex');
  return {
    level: 'sandbox',
    mechanism: `bubblewrap ${version}`,
    enforced: {
      ...(request.network === 'none' ? { network: 'none' } : {}),
      files: 'declared inputs and toolchain, read-only',
      processes: 'own pid and ipc namespaces',
      privileges: 'own user namespace, no capabilities, no new privileges',
      'system-calls': `seccomp sha256:${digest}`,
      ...gpu.enforced,
      ...limits.enforced,
    },
    notEnforced: limits.notEnforced,
    ...gpu.recorded,
  };
}

/** The options are separated by NUL: one inside of a variable would be the begin of another option. */
function requireSound(options: readonly string[]): void {
  if (options.length > maximumOptions) {
    const fix = 'declare folders in place of many single files';
    throw new SandboxError('HF_SANDBOX_REQUEST', `the sandbox would need \`${options.length}\` options`, { fix });
  }
  if (options.some((option) => option.includes('\0'))) {
    throw new SandboxError('HF_SANDBOX_REQUEST', 'a variable or a path holds a NUL');
  }
}
