import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { type Groups, openGroups } from './control-groups.ts';
import { SandboxError, shown } from './errors.ts';
import type { Confinement, Enforcement, Limits } from './isolation.ts';

/** How the limits of a run are put in force. */
export interface AppliedLimits {
  /** Put before the sandbox's own argv. */
  readonly outside: readonly string[];
  /** Put before the command's argv, in the sandbox. */
  readonly inside: readonly string[];
  readonly enforced: Enforcement['enforced'];
  readonly notEnforced: readonly Confinement[];
  /** Removes the control groups; to be called when the last process has ended. */
  readonly release: () => void;
}

export interface LimitOptions {
  /** Makes the control groups; default: those of this machine. */
  readonly groupsOf?: typeof openGroups;
  /** Processes and threads of the isolation's own that the kernel counts with those of the command. Default 0. */
  readonly ownTasks?: number;
  /**
   * Whether the kernel counts the processes of this user in the isolation, and only those. It exempts root from
   * RLIMIT_NPROC, also in a user namespace, which is the default.
   */
  readonly isCounted?: boolean;
}

type Named = 'memory' | 'cpus' | 'process-count' | 'open-files' | 'output-size';

/**
 * Puts limits in force with control groups where this user may make some, else with resource limits (setrlimit(2)).
 *
 * A resource limit counts for each process on its own, so `memory` is then both in `enforced`, which says so, and in
 * `notEnforced`. `outputBytes` is the size of each file while the command runs (RLIMIT_FSIZE); the sum is checked by
 * `adoptOutputs`.
 *
 * @throws SandboxError HF_SANDBOX_REQUEST.
 */
export function applyLimits(limits: Limits, runId: string, more: LimitOptions = {}): AppliedLimits {
  const { groupsOf = openGroups, ownTasks = 0, isCounted = process.geteuid?.() !== 0 } = more;
  requireLimits(limits);
  const { processCount } = limits;
  const counted = processCount === undefined ? limits : { ...limits, processCount: processCount + ownTasks };
  const groups = groupsOf(counted, runId);
  const { options, enforced } = resourceLimits(counted, groups, isCounted);
  const both: AppliedLimits['enforced'] = { ...enforced, ...groups.enforced };
  const got = both['process-count'] === undefined ? both : { ...both, 'process-count': String(processCount) };
  const partly = (name: Named): boolean => got[name]?.endsWith(perProcess) === true;
  return {
    outside: groups.join.length === 0 ? [] : ['/bin/sh', '-c', joinGroups, 'sh', ...groups.join, '--'],
    inside: options.length === 0 ? [] : ['prlimit', ...options, '--'],
    enforced: got,
    notEnforced: wanted(limits).filter((name) => got[name] === undefined || (name === 'memory' && partly(name))),
    release: groups.release,
  };
}

/** Writing 0 moves the writer itself: cgroups(7). */
const joinGroups = 'while [ "$1" != -- ]; do echo 0 >"$1" || exit 125; shift; done; shift; exec "$@"';

const perProcess = ' per process';

function wanted(limits: Limits): Named[] {
  const names: readonly (readonly [Named, number | undefined])[] = [
    ['memory', limits.memoryBytes],
    ['cpus', limits.cpus],
    ['process-count', limits.processCount],
    ['open-files', limits.openFiles],
    ['output-size', limits.outputBytes],
  ];
  return names.filter(([, value]) => value !== undefined).map(([name]) => name);
}

/** prlimit(1) runs inside, so that processes are counted from the user namespace on (user_namespaces(7)). */
function resourceLimits(
  limits: Limits,
  groups: Groups,
  isCounted: boolean,
): { options: string[]; enforced: Enforcement['enforced'] } {
  if (!existsSync('/usr/bin/prlimit')) return { options: [], enforced: {} };
  const { memoryBytes, processCount, openFiles, outputBytes } = limits;
  const memory = groups.enforced.memory === undefined ? memoryBytes : undefined;
  const processes = groups.enforced['process-count'] === undefined && isCounted ? processCount : undefined;
  return {
    options: [
      ...(memory === undefined ? [] : [`--data=${memory}`]), // not --as: V8 and Go reserve far more than they use
      ...(processes === undefined ? [] : [`--nproc=${processes}`]),
      ...(openFiles === undefined ? [] : [`--nofile=${openFiles}`]),
      ...(outputBytes === undefined ? [] : [`--fsize=${outputBytes}`]),
      '--core=0',
    ],
    enforced: {
      ...(memory === undefined ? {} : { memory: `${memory}${perProcess}` }),
      ...(processes === undefined ? {} : { 'process-count': String(processes) }),
      ...(openFiles === undefined ? {} : { 'open-files': `${openFiles}${perProcess}` }),
      ...(outputBytes === undefined ? {} : { 'output-size': `${outputBytes} per file` }),
    },
  };
}

/** Bytes of a folder in memory: a quarter of it each, or what the stage may have; filling it up takes no machine down. */
export function memoryFolderSize({ memoryBytes }: Limits): number {
  return Math.min(Math.floor(totalmem() / 4), memoryBytes ?? Infinity);
}

function requireLimits(limits: Limits): void {
  const whole: readonly (keyof Limits)[] = ['memoryBytes', 'processCount', 'openFiles', 'outputBytes'];
  for (const name of whole) requireNumber(name, limits[name], Number.isSafeInteger);
  requireNumber('cpus', limits.cpus, (value) => value >= 0.01 && value <= 65_536);
}

function requireNumber(name: string, value: number | undefined, isSound: (value: number) => boolean): void {
  if (value === undefined || (value > 0 && isSound(value))) return;
  throw new SandboxError('HF_SANDBOX_REQUEST', `the limit ${shown(name)} cannot be \`${value}\``);
}
