import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Egress, openEgress } from './egress/egress.ts';
import { forwarderTasks } from './egress/way-in.ts';
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
 * `/tmp` and `/dev/shm` in memory. No capability, no new privileges, no namespace inside; no network unless `open`, or,
 * with a list of hosts, by a proxy to these alone.
 *
 * @throws SandboxError (from `wrap`) HF_SANDBOX_REQUEST, HF_SANDBOX_INPUT, HF_SANDBOX_OVERLAP, HF_SANDBOX_OUTPUT,
 *   HF_SANDBOX_GPU, HF_SANDBOX_PLATFORM, HF_SANDBOX_START. Whether this machine keeps the promise is for
 *   `probeSandbox` to find out.
 */
export function bubblewrapIsolation({ program, version, toolchain }: BubblewrapOptions): Isolation {
  return {
    level: 'sandbox',
    wrap: async (request) => {
      try {
        return await prepare(request, { program, version, toolchain });
      } catch (error) {
        throw notPrepared(error);
      }
    },
  };
}

async function prepare(request: IsolationRequest, options: BubblewrapOptions): Promise<IsolatedCommand> {
  const plan = planFiles(request, options.toolchain);
  const gpu = openGpu(request.gpu);
  const filter = seccompFilter();
  const made = writeMadeFiles(request);
  writeFileSync(join(made, 'filter'), filter, { mode: 0o600 });
  const egress = await openEgress(request, made, options.toolchain.binds);
  try {
    return assemble(request, options, { plan, gpu, filter, made, egress });
  } catch (error) {
    await egress?.close();
    throw error;
  }
}

/** What was made ready for one run. */
interface Ready {
  readonly plan: FilePlan;
  readonly gpu: OpenGpu;
  readonly filter: Uint8Array;
  /** Folder of files for the sandbox, outside of it. */
  readonly made: string;
  /** Only where the network is a list of hosts. */
  readonly egress: Egress | undefined;
}

function assemble(request: IsolationRequest, { program, version, toolchain }: BubblewrapOptions, ready: Ready) {
  const { made, egress } = ready;
  const options = bubblewrapOptions(request, toolchain, ready);
  requireSound(options);
  writeFileSync(join(made, 'options'), options.map((option) => `${option}\0`).join(''), { mode: 0o600 });
  const limits = applyLimits(request.limits, request.runId, { ownTasks: egress === undefined ? 0 : forwarderTasks });
  const inside = [...(egress?.inside ?? []), ...limits.inside];
  return {
    ...start(program, request, made, { outside: limits.outside, inside }),
    enforcement: enforcementOf(request, version, ready, limits),
    ...(egress === undefined ? {} : { account: () => ({ network: egress.account() }) }),
    release: async () => {
      limits.release();
      await egress?.close();
    },
  } satisfies IsolatedCommand;
}

function start(
  program: string,
  request: IsolationRequest,
  made: string,
  before: { readonly outside: readonly string[]; readonly inside: readonly string[] },
) {
  const bubblewrap = [program, '--args', String(optionsDescriptor), '--', ...before.inside, ...request.argv];
  const argv = [...before.outside, ...bubblewrap] as [string, ...string[]];
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

function bubblewrapOptions(request: IsolationRequest, toolchain: Toolchain, ready: Ready): string[] {
  const { plan, gpu, made, egress } = ready;
  return [
    ...namespaces(request),
    ...['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--hostname', 'sandbox'],
    ...['--seccomp', String(seccompDescriptor)],
    ...environment(insideEnvironment({ ...request.environment, ...egress?.variables }, toolchain)),
    ...ground(request, toolchain, made),
    ...(egress?.binds ?? []).flatMap(({ source, path }) => ['--ro-bind', source, path]),
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

function environment(variables: Readonly<Record<string, string>>): string[] {
  return ['--clearenv', ...Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value])];
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
  { filter, egress, gpu }: Ready,
  limits: AppliedLimits,
): Enforcement {
  const digest = createHash('sha256').update(filter).digest('hex');
  const network = egress?.description ?? request.network;
  return {
    level: 'sandbox',
    mechanism: `bubblewrap ${version}`,
    enforced: {
      ...(typeof network !== 'string' || network === 'open' ? {} : { network }),
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
