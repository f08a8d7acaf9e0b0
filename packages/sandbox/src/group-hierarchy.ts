import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWithin } from './paths.ts';

/** Where the control groups of a process are: `/proc/self`, `/proc/PID`, or a folder that looks like it. */
export interface GroupSource {
  readonly self: string;
  /** Where the mounts are by which they can be reached; default: the same. */
  readonly mounts?: string;
}

export type Controller = 'memory' | 'cpu' | 'pids';

/** A control group: cgroups(7). */
export interface Group {
  readonly version: 1 | 2;
  readonly folder: string;
}

/** The group in which others can be made for this process, or `undefined`. */
export function findParent(controller: Controller, source: GroupSource): Group | undefined {
  for (const { group, root } of groupsOf(controller, source)) {
    if (group.version === 1) return group;
    const folder = delegated(group.folder, root, controller);
    if (folder !== undefined) return { version: 2, folder };
  }
  return undefined;
}

/** The group that a process is in and those above it, whose limits hold for it, too; the nearest first. */
export function findOwn(controller: Controller, source: GroupSource): Group[] {
  const file = { memory: 'memory.max', cpu: 'cpu.max', pids: 'pids.max' }[controller];
  for (const { group, root } of groupsOf(controller, source)) {
    const groups = foldersUpTo(root, group.folder).map((folder) => ({ version: group.version, folder }));
    if (group.version === 1 || groups.some(({ folder }) => existsSync(join(folder, file)))) return groups;
  }
  return [];
}

function foldersUpTo(root: string, folder: string): string[] {
  if (folder === root || !isWithin(root, folder)) return [folder];
  return [folder, ...foldersUpTo(root, dirname(folder))];
}

/** The groups of a process that may have a controller, in the order of its list; v1 ones have it. */
function* groupsOf(controller: Controller, { self, mounts = self }: GroupSource) {
  const shown = readText(join(mounts, 'mountinfo')).split('\n').flatMap(readMount);
  for (const line of readText(join(self, 'cgroup')).split('\n')) {
    // cgroups(7): hierarchy-ID:controller-list:cgroup-path
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    const isUnified = id === '0';
    if (!isUnified && !controllers.split(',').includes(controller)) continue;
    const mount = shown.find(({ type, options }) =>
      isUnified ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
    );
    if (mount === undefined) continue;
    const folder = groupFolder(mount, path);
    if (folder === undefined) continue;
    yield { group: { version: isUnified ? 2 : 1, folder } satisfies Group, root: mount.point };
  }
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
