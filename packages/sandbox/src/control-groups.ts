import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import { type Controller, findParent, type GroupSource } from './group-hierarchy.ts';
import type { Enforcement, Limits } from './isolation.ts';

/** Control groups that were made for one run. */
export interface Groups {
  /** `cgroup.procs` files that the first process of the run has to join. */
  readonly join: readonly string[];
  readonly enforced: Enforcement['enforced'];
  readonly release: () => void;
}

/**
 * Makes a control group below the one of this process for each limit that one can hold: cgroups v1 or v2, whichever
 * has the controller, and only where this user may write. What cannot be made is missing in `enforced`.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html and .../cgroup-v1/
 */
export function openGroups(limits: Limits, runId: string, source: GroupSource = { self: '/proc/self' }): Groups {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(runId)) {
    throw new SandboxError('HF_SANDBOX_REQUEST', `${shown(runId)} is no run id`);
  }
  const made = new Set<string>();
  const enforced: Partial<Record<'memory' | 'cpus' | 'process-count', string>> = {};
  const { memoryBytes, cpus, processCount } = limits;
  const name = groupName(runId);
  if (memoryBytes !== undefined && setUp('memory', memoryFiles(memoryBytes), name, source, made)) {
    enforced.memory = String(memoryBytes);
  }
  if (cpus !== undefined && setUp('cpu', cpuFiles(cpus), name, source, made)) enforced.cpus = String(cpus);
  if (processCount !== undefined && setUp('pids', pidsFiles(processCount), name, source, made)) {
    enforced['process-count'] = String(processCount);
  }
  return {
    join: [...made].map((folder) => join(folder, 'cgroup.procs')),
    enforced,
    release: () => {
      for (const folder of made) removeGroup(folder);
    },
  };
}

/** Removes the groups of a run whose process died before it could: to be called when its last process has ended. */
export function releaseGroups(runId: string, source: GroupSource = { self: '/proc/self' }): void {
  for (const controller of ['memory', 'cpu', 'pids'] as const) {
    const hierarchy = findParent(controller, source);
    const folder = hierarchy === undefined ? undefined : join(hierarchy.folder, groupName(runId));
    if (folder !== undefined && existsSync(folder)) removeGroup(folder);
  }
}

const groupName = (runId: string): string => `holdfast-${runId}`;

/** Contents by file name: what must be written, and what is written where the kernel has it. */
interface GroupFiles {
  readonly 1: { readonly must: Readonly<Record<string, string>>; readonly may?: Readonly<Record<string, string>> };
  readonly 2: { readonly must: Readonly<Record<string, string>>; readonly may?: Readonly<Record<string, string>> };
}

function memoryFiles(bytes: number): GroupFiles {
  const limit = String(bytes);
  return {
    1: { must: { 'memory.limit_in_bytes': limit }, may: { 'memory.memsw.limit_in_bytes': limit } },
    2: { must: { 'memory.max': limit }, may: { 'memory.swap.max': '0', 'memory.oom.group': '1' } },
  };
}

const cpuPeriod = 100_000; // microseconds, the kernel's default

function cpuFiles(cpus: number): GroupFiles {
  const quota = Math.round(cpus * cpuPeriod);
  return {
    1: { must: { 'cpu.cfs_period_us': String(cpuPeriod), 'cpu.cfs_quota_us': String(quota) } },
    2: { must: { 'cpu.max': `${quota} ${cpuPeriod}` } },
  };
}

function pidsFiles(count: number): GroupFiles {
  const must = { 'pids.max': String(count + overhead) };
  return { 1: { must }, 2: { must } };
}

/** bwrap outside and the init inside are in the group, too. */
const overhead = 2;

function setUp(
  controller: Controller,
  files: GroupFiles,
  name: string,
  source: GroupSource,
  made: Set<string>,
): boolean {
  const hierarchy = findParent(controller, source);
  if (hierarchy === undefined) return false;
  const folder = join(hierarchy.folder, name);
  const isNew = !made.has(folder);
  try {
    if (isNew) mkdirSync(folder);
    made.add(folder);
    for (const [file, text] of Object.entries(files[hierarchy.version].must)) writeGroup(join(folder, file), text);
  } catch {
    if (isNew && made.delete(folder)) removeGroup(folder);
    return false;
  }
  for (const [file, text] of Object.entries(files[hierarchy.version].may ?? {})) {
    if (existsSync(join(folder, file))) writeGroup(join(folder, file), text);
  }
  return true;
}

/** Without O_CREAT: in a folder that is no control group, nothing is made that looks like a limit. */
function writeGroup(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'r+' });
}

/** A group can be removed when its last process is gone; the kernel needs a moment for that. */
function removeGroup(folder: string): void {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
