import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerArguments, initTasks } from './container-arguments.ts';
import { askEngine, type ContainerEngine, engineEnvironment, type HeldLimit } from './container-engine.ts';
import { importRoot } from './container-image.ts';
import { cordScript, initScript } from './container-init.ts';
import { homeFolders, makeRoot, makeStagingPoints, memoryFolders } from './container-root.ts';
import type { Groups } from './control-groups.ts';
import { type Egress, openEgress } from './egress/egress.ts';
import { forwarderTasks } from './egress/way-in.ts';
import { notPrepared, SandboxError, shown } from './errors.ts';
import { type FilePlan, planFiles } from './file-plan.ts';
import { type OpenGpu, openGpu } from './gpu.ts';
import type { Enforcement, IsolatedCommand, Isolation, IsolationRequest, Kernels, Limits } from './isolation.ts';
import { type AppliedLimits, applyLimits } from './limits.ts';
import { type InsideUser, insideEnvironment, insideUser, writeMadeFiles } from './made-files.ts';
import { seccompProfile } from './seccomp-profile.ts';
import type { Toolchain } from './toolchain.ts';

export interface ContainerOptions {
  readonly engine: ContainerEngine;
  readonly toolchain: Toolchain;
  /** Limits that the engine's control groups were seen to hold; the others are left to resource limits. Default: none. */
  readonly holds?: readonly HeldLimit[];
  /** The kernels of level `vm`, as they were seen; without them the level is `container`. */
  readonly kernels?: Kernels;
}

/**
 * An isolation of level `container`, or `vm` when its runtime was seen to have a kernel of its own: the same files,
 * user, filter and network as in `bubblewrapIsolation`, started by podman or docker from an empty root.
 *
 * The container has the name `holdfast-RUN`, ends with whoever started it, and its processes carry `HOLDFAST_RUN`. Into a
 * virtual machine no socket of the egress proxy leads, so a list of hosts is refused there.
 *
 * @throws SandboxError (from `wrap`) HF_SANDBOX_REQUEST, HF_SANDBOX_INPUT, HF_SANDBOX_OVERLAP, HF_SANDBOX_OUTPUT,
 *   HF_SANDBOX_GPU, HF_SANDBOX_PLATFORM, HF_SANDBOX_START. Whether this machine keeps the promise is for
 *   `probeContainer` to find out.
 */
export function containerIsolation(options: ContainerOptions): Isolation {
  return {
    level: options.kernels === undefined ? 'container' : 'vm',
    wrap: async (request) => {
      try {
        return await prepare(request, options);
      } catch (error) {
        throw notPrepared(error);
      }
    },
  };
}

async function prepare(request: IsolationRequest, options: ContainerOptions): Promise<IsolatedCommand> {
  requireReachable(request, options);
  const { engine, toolchain } = options;
  const files = planFiles(request, toolchain);
  const gpu = openGpu(request.gpu);
  const inside = insideUserOf(engine);
  const made = writeMadeFiles(request, inside);
  const name = `holdfast-${request.runId}`;
  await requireFree(engine, name);
  const egress = await openEgress(request, made, toolchain.binds);
  try {
    return await assemble(request, options, { files, gpu, inside, made, name, egress });
  } catch (error) {
    await egress?.close();
    throw error;
  }
}

/** What was made ready for one run. */
interface Ready {
  readonly files: FilePlan;
  readonly gpu: OpenGpu;
  readonly inside: InsideUser;
  /** Folder of files for the container, outside of it. */
  readonly made: string;
  readonly name: string;
  /** Only where the network is a list of hosts. */
  readonly egress: Egress | undefined;
}

async function assemble(request: IsolationRequest, options: ContainerOptions, ready: Ready): Promise<IsolatedCommand> {
  const { engine } = options;
  const { files, made, name, egress } = ready;
  const { limits, held } = limitsOf(request, options, egress);
  const profile = JSON.stringify(seccompProfile());
  writeFileSync(join(made, 'seccomp.json'), profile, { mode: 0o600 });
  writeInit(request, options, ready);
  makeStagingPoints(files);
  const wayOut = egress?.binds ?? [];
  const root = await rootOf(request, options, { made, files: { ...files, wayOut } });
  const start = containerArguments({ ...ready, engine, request, root, held, wayOut });
  return {
    argv: [
      ...cord(made, engine, name),
      ...[engine.program, ...start, ...(egress?.inside ?? []), ...limits.inside, ...request.argv],
    ],
    environment: { ...engineEnvironment(engine.name), ...markerOf(request) },
    cwd: '/',
    enforcement: enforcementOf(request, options, { ...ready, limits, profile }),
    ...(egress === undefined ? {} : { account: () => ({ network: egress.account() }) }),
    release: async () => {
      await remove(engine, name);
      await egress?.close();
    },
  };
}

/** What the engine's own control groups hold, in place of groups that would be made here, and resource limits. */
function limitsOf(request: IsolationRequest, { engine, holds = [] }: ContainerOptions, egress: Egress | undefined) {
  let held: Limits = {};
  const groupsOf = (limits: Limits): Groups => {
    held = heldLimits(limits, holds);
    const { memoryBytes, cpus, processCount } = held;
    const enforced = {
      ...(memoryBytes === undefined ? {} : { memory: String(memoryBytes) }),
      ...(cpus === undefined ? {} : { cpus: String(cpus) }),
      ...(processCount === undefined ? {} : { 'process-count': String(processCount) }),
    };
    return { join: [], enforced, release: () => undefined };
  };
  const limits = applyLimits(request.limits, request.runId, {
    groupsOf,
    ownTasks: initTasks + (egress === undefined ? 0 : forwarderTasks),
    // without a user namespace the processes of this user outside would count, too
    isCounted: engine.user === 'mapped' && process.geteuid?.() !== 0,
  });
  return { limits, held };
}

function heldLimits({ memoryBytes, cpus, processCount }: Limits, holds: readonly HeldLimit[]): Limits {
  return {
    ...(memoryBytes !== undefined && holds.includes('memory') ? { memoryBytes } : {}),
    ...(cpus !== undefined && holds.includes('cpus') ? { cpus } : {}),
    ...(processCount !== undefined && holds.includes('process-count') ? { processCount } : {}),
  };
}

function requireReachable({ network }: IsolationRequest, { kernels }: ContainerOptions): void {
  if (network === 'none' || network === 'open' || kernels === undefined) return;
  const fix = 'use isolation `sandbox` or `container` for this stage, or `network: none`';
  throw new SandboxError('HF_SANDBOX_REQUEST', 'a virtual machine cannot be given a list of hosts to reach', { fix });
}

/** The number that every user has inside, where the engine can give one. */
function insideUserOf(engine: ContainerEngine): InsideUser {
  if (engine.user === 'mapped') return { user: insideUser, group: insideUser };
  return { user: process.geteuid?.() ?? insideUser, group: process.getegid?.() ?? insideUser };
}

function writeInit(request: IsolationRequest, { toolchain }: ContainerOptions, { made, egress }: Ready): void {
  const folders = homeFolders(request).filter((home) => !memoryFolders(request).includes(home));
  const variables = insideEnvironment({ ...request.environment, ...egress?.variables }, toolchain);
  writeFileSync(join(made, 'init'), initScript(variables, folders), { mode: 0o600 });
  execFileSync('mkfifo', ['-m', '600', join(made, 'cord')]);
}

async function rootOf(
  request: IsolationRequest,
  { engine, toolchain }: ContainerOptions,
  { made, files }: { readonly made: string; readonly files: Parameters<typeof makeRoot>[2] },
): Promise<string[]> {
  if (engine.name === 'docker') return [await importRoot(engine, made, toolchain)];
  return ['--rootfs', makeRoot(made, request, files, toolchain)];
}

/**
 * Also starts what podman without root leaves running for its next start: it takes its environment along, and with the
 * run's it would be taken for a process of the run.
 */
async function requireFree(engine: ContainerEngine, name: string): Promise<void> {
  const { code } = await askEngine(engine, ['container', 'inspect', '--format', 'there', name]);
  if (code === 0) throw new SandboxError('HF_SANDBOX_START', `a container ${shown(name)} is there already`);
}

/** `setpriv` is of util-linux; PR_SET_PDEATHSIG outlives exec (prctl(2)). */
function cord(made: string, engine: ContainerEngine, name: string): [string, ...string[]] {
  const teller = engine.name === 'podman' ? engine.program : 'false';
  const script = ['/bin/sh', '-c', cordScript, 'sh', join(made, 'cord'), teller, name];
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...script];
}

function markerOf({ environment }: IsolationRequest): Record<string, string> {
  const marker = environment['HOLDFAST_RUN'];
  return marker === undefined ? {} : { HOLDFAST_RUN: marker };
}

async function remove(engine: ContainerEngine, name: string): Promise<void> {
  const at = engine.name === 'podman' ? ['--ignore', '--time', '0'] : [];
  await askEngine(engine, ['rm', '--force', ...at, name]);
}

function enforcementOf(
  request: IsolationRequest,
  { engine, kernels }: ContainerOptions,
  { gpu, egress, limits, profile }: Ready & { readonly limits: AppliedLimits; readonly profile: string },
): Enforcement {
  const digest = createHash('sha256').update(profile).digest('hex');
  const namespace = engine.user === 'mapped' ? 'own user namespace, ' : '';
  const network = egress?.description ?? request.network;
  return {
    level: kernels === undefined ? 'container' : 'vm',
    mechanism: `${engine.name} ${engine.version} with ${engine.runtimeVersion}`,
    ...(kernels === undefined ? {} : { kernels }),
    enforced: {
      ...(typeof network !== 'string' || network === 'open' ? {} : { network }),
      files: 'declared inputs and toolchain, read-only',
      processes: 'own pid and ipc namespaces',
      privileges: `${namespace}no capabilities, no new privileges`,
      'system-calls': `seccomp sha256:${digest}`,
      ...gpu.enforced,
      ...limits.enforced,
    },
    notEnforced: limits.notEnforced,
    ...gpu.recorded,
  };
}
