import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import { type FilePlan, planFiles } from './file-plan.ts';
import { gpuDevices } from './gpu.ts';
import type { Enforcement, IsolatedCommand, Isolation, IsolationRequest } from './isolation.ts';
import { type AppliedLimits, applyLimits } from './limits.ts';
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
 *   HF_SANDBOX_PLATFORM, HF_SANDBOX_START. Whether this machine keeps the promise is for `probeSandbox` to find out.
 */
export function bubblewrapIsolation({ program, version, toolchain }: BubblewrapOptions): Isolation {
  return {
    level: 'sandbox',
    wrap: (request) => {
      try {
        return prepare(request, { program, version, toolchain });
      } catch (error) {
        throw asSandboxError(error);
      }
    },
  };
}

function prepare(request: IsolationRequest, { program, version, toolchain }: BubblewrapOptions): IsolatedCommand {
  const plan = planFiles(request, toolchain);
  const filter = seccompFilter();
  const made = writeMadeFiles(request, filter);
  const options = bubblewrapOptions(request, plan, toolchain, made);
  requireSound(options);
  writeFileSync(join(made, 'options'), options.map((option) => `${option}\0`).join(''), { mode: 0o600 });
  const limits = applyLimits(request.limits, request.runId);
  const enforcement = enforcementOf(request, version, filter, limits);
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

/** A tool chest outside the sandbox: `temporary` itself is not shown, a new folder in memory stands in its place. */
function writeMadeFiles(request: IsolationRequest, filter: Uint8Array): string {
  const made = join(request.temporary, 'sandbox');
  mkdirSync(made, { mode: 0o700 });
  writeFileSync(join(made, 'filter'), filter, { mode: 0o600 });
  for (const [name, text] of Object.entries(madeFiles)) {
    writeFileSync(join(made, name), text);
    chmodSync(join(made, name), 0o444); // whatever the umask is
  }
  return made;
}

/** The number that every user has inside, so that runs of different users look the same. */
const insideUser = 1000;

const madeFiles = {
  empty: '',
  passwd: `sandbox:x:${insideUser}:${insideUser}:sandbox:/tmp:/bin/sh\n`,
  group: `sandbox:x:${insideUser}:\n`,
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

function bubblewrapOptions(request: IsolationRequest, plan: FilePlan, toolchain: Toolchain, made: string): string[] {
  return [
    ...namespaces(request),
    ...['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--hostname', 'sandbox'],
    ...['--seccomp', String(seccompDescriptor)],
    ...environment(request, toolchain),
    ...ground(request, toolchain, made),
    ...devices(request),
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
  const path = [...toolchain.path, request.environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':');
  const variables = Object.entries({ ...request.environment, PATH: path });
  return ['--clearenv', ...variables.flatMap(([name, value]) => ['--setenv', name, value])];
}

/** What every sandbox stands on. */
function ground(request: IsolationRequest, toolchain: Toolchain, made: string): string[] {
  const system = toolchain.links.flatMap(({ path, target }) => ['--symlink', target, path]);
  const files = ['passwd', 'group', 'hosts', 'nsswitch.conf'];
  const temporary = isWithin('/tmp', request.temporary) ? ['/tmp'] : ['/tmp', request.temporary];
  return [
    ...system,
    ...files.flatMap((name) => ['--ro-bind', join(made, name), `/etc/${name}`]),
    ...(request.network === 'open' ? ['--ro-bind-try', '/etc/resolv.conf', '/etc/resolv.conf'] : []),
    ...['--proc', '/proc'],
    ...maskedProc(join(made, 'empty'), request),
    ...temporary.flatMap((path) => inMemory(path, request)),
  ];
}

/**
 * What the OCI runtime specification's implementations mask (runc `spec/defaults`, podman): as root, whose number the
 * kernel sees through the user namespace, these would be readable by file permissions alone.
 *
 * All of `/proc` is read-only: bubblewrap covers `/proc/sys` only where `access` finds the folder writable, which it is
 * not for root without capabilities; its files are, `kernel/core_pattern` among them (0.8.0, tried as root).
 */
const maskedFiles = ['kcore', 'keys', 'key-users', 'latency_stats', 'timer_list', 'timer_stats', 'sched_debug', 'kmsg'];
const moreMaskedFiles = ['slabinfo', 'vmallocinfo', 'pagetypeinfo', 'kpagecount', 'kpageflags', 'kpagecgroup', 'mtrr'];
const maskedFolders = ['acpi', 'asound', 'scsi', 'driver', 'dynamic_debug', 'fs', 'pressure'];

function maskedProc(empty: string, { gpu }: IsolationRequest): string[] {
  const present = new Set(readdirSync('/proc'));
  const files = [...maskedFiles, ...moreMaskedFiles].filter((name) => present.has(name));
  const folders = maskedFolders
    .filter((name) => present.has(name) && (name !== 'driver' || gpu === 'none')) // /proc/driver/nvidia
    .map((name) => `/proc/${name}`);
  return [
    ...files.flatMap((name) => ['--ro-bind', empty, `/proc/${name}`]),
    ...folders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    ...['--remount-ro', '/proc'],
  ];
}

function devices(request: IsolationRequest): string[] {
  const accelerator = request.gpu === 'open' ? gpuDevices() : { devices: [], folders: [] };
  return [
    ...['--dev', '/dev'],
    ...accelerator.devices.flatMap((path) => ['--dev-bind', path, path]),
    ...accelerator.folders.flatMap((path) => ['--ro-bind', path, path]),
    ...inMemory('/dev/shm', request),
    ...['--remount-ro', '/dev'],
  ];
}

/** A quarter of the memory each, or what the stage may have: filling it up does not take the machine down. */
function inMemory(path: string, { limits }: IsolationRequest): string[] {
  const size = Math.min(Math.floor(totalmem() / 4), limits.memoryBytes ?? Infinity);
  return ['--perms', '1777', '--size', String(size), '--tmpfs', path];
}

function enforcementOf(
  request: IsolationRequest,
  version: string,
  filter: Uint8Array,
  limits: AppliedLimits,
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
      ...(request.gpu === 'none' ? { gpu: 'none' } : {}),
      ...limits.enforced,
    },
    notEnforced: limits.notEnforced,
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

function asSandboxError(error: unknown): SandboxError {
  if (error instanceof SandboxError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SandboxError('HF_SANDBOX_START', `the sandbox could not be prepared: ${shown(reason)}`, { cause: error });
}
