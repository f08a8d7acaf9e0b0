import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import type { Enforcement, Limits } from './isolation.ts';

/** Control groups that were made for one run. */
export interface Groups {
  /** `cgroup.procs` files that the first process of the run has to join. */
  readonly join: readonly string[];
  readonly enforced: Enforcement['enforced'];
  readonly release: () => void;
}

/** Where the control groups of this process are: `/proc/self`, or a folder that looks like it. */
export interface GroupSource {
  readonly self: string;
}

type Controller = 'memory' | 'cpu' | 'pids';

/** A group of this process, under which others can be made. */
interface Hierarchy {
  readonly version: 1 | 2;
  readonly folder: string;
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
    const hierarchy = findHierarchy(controller, source);
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
  const hierarchy = findHierarchy(controller, source);
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

function findHierarchy(controller: Controller, { self }: GroupSource): Hierarchy | undefined {
  const groups = readText(join(self, 'cgroup')).split('\n');
  const mounts = readText(join(self, 'mountinfo')).split('\n').flatMap(readMount);
  for (const line of groups) {
    // cgroups(7): hierarchy-ID:controller-list:cgroup-path
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    const isUnified = id === '0';
    if (!isUnified && !controllers.split(',').includes(controller)) continue;
    const mount = mounts.find(({ type, options }) =>
      isUnified ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
    );
    if (mount === undefined) continue;
    const own = groupFolder(mount, path);
    if (own === undefined) continue;
    if (!isUnified) return { version: 1, folder: own };
    const parent = delegated(own, mount.point, controller);
    if (parent !== undefined) return { version: 2, folder: parent };
  }
  return undefined;
}

/**
 * In cgroups v2 a group with processes hands no controllers down ("no internal processes"), so the new one is made
 * beside that of this process, where the folder above hands the controller down, or below it when it is the root.
 */
function delegated(own: string, root: string, controller: Controller): string | undefined {
  const candidates = own === root ? [own] : [own, dirname(own)];
  return candidates.find((folder) =>
    readText(join(folder, 'cgroup.subtree_control')).split(/\s+/).includes(controller),
  );
}

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** proc_pid_mountinfo(5): `36 35 98:0 /root /point rw,noatime master:1 - type source options`. */
function readMount(line: string): Mount[] {
  const [left = '', right = ''] = line.split(' - ');
  const [, , , root, point] = left.split(' ');
  const [type, , options] = right.split(' ');
  if (root === undefined || point === undefined || type === undefined || options === undefined) return [];
  return [{ root, point, type, options: options.split(',') }];
}

/** In a container the mount may show a part of the hierarchy only. */
function groupFolder({ root, point }: Mount, path: string): string | undefined {
  if (root === '/') return join(point, path);
  if (path !== root && !path.startsWith(`${root}/`)) return undefined;
  return join(point, path.slice(root.length));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 1 << 20);
  } catch {
    return '';
  }
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
