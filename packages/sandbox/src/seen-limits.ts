import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Controller, findOwn, type Group, type GroupSource } from './group-hierarchy.ts';

/** Limits that the kernel holds for a process by its control groups; those without one are absent. */
export interface SeenLimits {
  readonly memoryBytes?: number;
  readonly cpus?: number;
  readonly processCount?: number;
}

/**
 * Reads the limits of the control groups that a process is in, as the kernel has them: of each the smallest on the way
 * up.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html and .../cgroup-v1/
 */
export function seenLimits(source: GroupSource): SeenLimits {
  const read = (controller: Controller, files: Record<Group['version'], readonly string[]>): string[][] =>
    findOwn(controller, source).map(({ version, folder }) =>
      files[version].flatMap((name) => words(join(folder, name))),
    );
  const memory = read('memory', { 1: ['memory.limit_in_bytes'], 2: ['memory.max'] });
  const cpu = read('cpu', { 1: ['cpu.cfs_quota_us', 'cpu.cfs_period_us'], 2: ['cpu.max'] });
  const pids = read('pids', { 1: ['pids.max'], 2: ['pids.max'] });
  const cpus = cpu.map(([quota, period]) => numberOf(quota) / numberOf(period));
  return {
    ...smallest(
      'memoryBytes',
      memory.map(([text]) => numberOf(text)),
    ),
    ...smallest('cpus', cpus),
    ...smallest(
      'processCount',
      pids.map(([text]) => numberOf(text)),
    ),
  };
}

function words(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/);
  } catch {
    return [];
  }
}

/** NaN for `max`, for `-1` and for nothing: there is no limit then. */
function numberOf(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,18}$/.test(text) ? Number(text) : Number.NaN;
}

function smallest<Name extends string>(name: Name, values: readonly number[]): Partial<Record<Name, number>> {
  const limits = values.filter((value) => !Number.isNaN(value));
  return limits.length === 0 ? {} : ({ [name]: Math.min(...limits) } as Record<Name, number>);
}
