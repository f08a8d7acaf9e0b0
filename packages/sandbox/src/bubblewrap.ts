import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type Egress, openEgress } from './egress/egress.ts';
import { forwarderTasks } from './egress/way-in.ts';
import { SandboxError, shown } from './errors.ts';
import { type FilePlan, planFiles } from './file-plan.ts';
import { gpuDevices } from './gpu.ts';
import type { Enforcement, IsolatedCommand, Isolation, IsolationRequest } from './isolation.ts';
import { type AppliedLimits, applyLimits } from './limits.ts';
import { maskedProc } from './masked-proc.ts';
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
 *   HF_SANDBOX_PLATFORM, HF_SANDBOX_START. Whether this machine keeps the promise is for `probeSandbox` to find out.
 */
export function bubblewrapIsolation({ program, version, toolchain }: BubblewrapOptions): Isolation {
  return {
    level: 'sandbox',
    wrap: async (request) => {
      try {
        return await prepare(request, { program, version, toolchain });
      } catch (error) {
        throw asSandboxError(error);
      }
    },
  };
}

async function prepare(request: IsolationRequest, options: BubblewrapOptions): Promise<IsolatedCommand> {
  const plan = planFiles(request, options.toolchain);
  const filter = seccompFilter();
  const made = writeMadeFiles(request, filter);
  const egress = await openEgress(request, made, options.toolchain.binds);
  try {
    return assemble(request, options, { plan, filter, made, egress });
  } catch (error) {
    await egress?.close();
    throw error;
  }
}

/** What was made ready for one run. */
interface Ready {
  readonly plan: FilePlan;
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
  const limits = applyLimits(request.limits, request.runId, undefined, egress === undefined ? 0 : forwarderTasks);
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

function bubblewrapOptions(request: IsolationRequest, toolchain: Toolchain, { plan, made, egress }: Ready): string[] {
  return [
    ...namespaces(request),
    ...['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--hostname', 'sandbox'],
    ...['--seccomp', String(seccompDescriptor)],
    ...environment({ ...request.environment, ...egress?.variables }, toolchain),
    ...ground(request, toolchain, made),
    ...(egress?.mounts ?? []),
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

function environment(variables: Readonly<Record<string, string>>, toolchain: Toolchain): string[] {
  const path = [...toolchain.path, variables['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':');
  const all = Object.entries({ ...variables, PATH: path });
  return ['--clearenv', ...all.flatMap(([name, value]) => ['--setenv', name, value])];
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
    ...maskedProc(join(made, 'empty'), request.gpu),
    ...temporary.flatMap((path) => inMemory(path, request)),
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
  { filter, egress }: Ready,
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
