import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerArguments } from './container-arguments.ts';
import { askEngine, type ContainerEngine, engineEnvironment, type HeldLimit } from './container-engine.ts';
import { importRoot } from './container-image.ts';
import { cordScript, initScript } from './container-init.ts';
import { homeFolders, makeRoot, makeStagingPoints, memoryFolders } from './container-root.ts';
import type { Groups } from './control-groups.ts';
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
 * The container has the name `holdfast-RUN`, ends with whoever started it, and its processes carry `HOLDFAST_RUN`.
 * A list of hosts is refused: there is no way out of a container to the egress proxy.
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
  const { engine, toolchain, holds = [] } = options;
  requireReachable(request);
  const files = planFiles(request, toolchain);
  const gpu = openGpu(request.gpu);
  // without a user namespace the processes of this user outside would count, too
  const isCounted = engine.user === 'mapped' && process.geteuid?.() !== 0;
  const limits = applyLimits(request.limits, request.runId, () => heldBy(request.limits, holds), isCounted);
  const inside = insideUserOf(engine);
  const made = writeMadeFiles(request, inside);
  const profile = JSON.stringify(seccompProfile());
  writeFileSync(join(made, 'seccomp.json'), profile, { mode: 0o600 });
  writeInit(made, request, toolchain);
  makeStagingPoints(files);
  const root = await rootOf(made, request, files, options);
  const name = `holdfast-${request.runId}`;
  await requireFree(engine, name);
  const held = heldLimits(request.limits, holds);
  const start = containerArguments({ engine, request, files, gpu, made, root, name, inside, held });
  return {
    argv: [...cord(made, engine, name), engine.program, ...start, ...limits.inside, ...request.argv],
    environment: { ...engineEnvironment(engine.name), ...markerOf(request) },
    cwd: '/',
    enforcement: enforcementOf(request, options, gpu, limits, profile),
    release: () => remove(engine, name),
  };
}

function requireReachable({ network }: IsolationRequest): void {
  if (network === 'none' || network === 'open') return;
  const fix = 'use isolation `sandbox` for this stage, or `network: none`';
  throw new SandboxError('HF_SANDBOX_REQUEST', 'a container cannot be given a list of hosts to reach', { fix });
}

/** The number that every user has inside, where the engine can give one. */
function insideUserOf(engine: ContainerEngine): InsideUser {
  if (engine.user === 'mapped') return { user: insideUser, group: insideUser };
  return { user: process.geteuid?.() ?? insideUser, group: process.getegid?.() ?? insideUser };
}

function writeInit(made: string, request: IsolationRequest, toolchain: Toolchain): void {
  const folders = homeFolders(request).filter((home) => !memoryFolders(request).includes(home));
  writeFileSync(join(made, 'init'), initScript(insideEnvironment(request, toolchain), folders), { mode: 0o600 });
  execFileSync('mkfifo', ['-m', '600', join(made, 'cord')]);
}

async function rootOf(
  made: string,
  request: IsolationRequest,
  files: FilePlan,
  options: ContainerOptions,
): Promise<string[]> {
  const { engine, toolchain } = options;
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

function heldLimits({ memoryBytes, cpus, processCount }: Limits, holds: readonly HeldLimit[]): Limits {
  return {
    ...(memoryBytes !== undefined && holds.includes('memory') ? { memoryBytes } : {}),
    ...(cpus !== undefined && holds.includes('cpus') ? { cpus } : {}),
    ...(processCount !== undefined && holds.includes('process-count') ? { processCount } : {}),
  };
}

/** What the engine's own control groups hold, in place of groups that would be made here. */
function heldBy(limits: Limits, holds: readonly HeldLimit[]): Groups {
  const { memoryBytes, cpus, processCount } = heldLimits(limits, holds);
  const enforced = {
    ...(memoryBytes === undefined ? {} : { memory: String(memoryBytes) }),
    ...(cpus === undefined ? {} : { cpus: String(cpus) }),
    ...(processCount === undefined ? {} : { 'process-count': String(processCount) }),
  };
  return { join: [], enforced, release: () => undefined };
}

function enforcementOf(
  request: IsolationRequest,
  { engine, kernels }: ContainerOptions,
  gpu: OpenGpu,
  limits: AppliedLimits,
  profile: string,
): Enforcement {
  const digest = createHash('sha256').update(profile).digest('hex');
  const namespace = engine.user === 'mapped' ? 'own user namespace, ' : '';
  return {
    level: kernels === undefined ? 'container' : 'vm',
    mechanism: `${engine.name} ${engine.version} with ${engine.runtimeVersion}`,
    ...(kernels === undefined ? {} : { kernels }),
    enforced: {
      ...(request.network === 'none' ? { network: 'none' } : {}),
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
