import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Bind, FilePlan } from './file-plan.ts';
import type { IsolationRequest } from './isolation.ts';
import { isWithin, partsBelow } from './paths.ts';
import type { Toolchain } from './toolchain.ts';

/** Where the first program of a container is. */
export const initPath = '/run/holdfast/init';

/** Folders in memory, for the command to write to: `/tmp`, the run's own, and a home in which a secret lies. */
export function memoryFolders(request: IsolationRequest): string[] {
  const { temporary, secretFiles = [] } = request;
  const homes = homeFolders(request).filter((home) => secretFiles.some((path) => isWithin(home, path)));
  return ['/tmp', temporary, ...homes];
}

/** Home and temporary folder of the run lie in its `temporary`, which is a new one inside. */
export function homeFolders({ environment, temporary }: IsolationRequest): string[] {
  const wanted = [environment['HOME'], environment['TMPDIR']].filter((path) => path !== undefined);
  return [...new Set(wanted)].filter((path) => path !== temporary && isWithin(temporary, path));
}

/** What is to be mounted. */
type RootPlan = Pick<FilePlan, 'project' | 'binds'> & { readonly wayOut: readonly Bind[] };

/** What container engines mount or make by themselves. */
const engineFolders = ['/proc', '/sys', '/dev/pts', '/dev/shm', '/dev/mqueue', '/run/holdfast'];
const engineFiles = ['/run/.containerenv', initPath, '/etc/hostname', '/etc/resolv.conf'];

/**
 * Makes the root of a container, which is mounted read-only: empty files and folders to mount on, and the links of the
 * toolchain. A runtime would make the missing ones as another user, and nobody could remove them afterwards.
 *
 * @returns Its folder, below `made`.
 */
export function makeRoot(made: string, request: IsolationRequest, plan: RootPlan, toolchain: Toolchain): string {
  const root = join(made, 'root');
  mkdirSync(root, { mode: 0o755 });
  for (const { path, target } of toolchain.links) makeLink(root, path, target);
  makeLink(root, '/etc/mtab', '/proc/mounts'); // podman makes one where there is none
  for (const path of [...engineFolders, plan.project]) makePoint(root, path, true);
  for (const path of [...engineFiles, ...['passwd', 'group', 'hosts', 'nsswitch.conf'].map((name) => `/etc/${name}`)]) {
    makePoint(root, path, false);
  }
  for (const { source, path } of [...plan.binds, ...plan.wayOut]) makePoint(root, path, statSync(source).isDirectory());
  for (const path of memoryFolders(request)) {
    // runtimes give a tmpfs the permissions of the folder below it
    if (makePoint(root, path, true)) chmodSync(join(root, path), 0o1777);
  }
  chmodSync(join(root, 'dev/shm'), 0o1777);
  return root;
}

/** What is mounted in the staging folder, which the command writes to, is mounted on something there. */
export function makeStagingPoints({ staging, project, folders, bindsInProject }: FilePlan): void {
  for (const folder of folders.filter((path) => isWithin(project, path))) {
    mkdirSync(join(staging, ...partsBelow(project, folder)), { recursive: true });
  }
  for (const { source, path } of bindsInProject) {
    makePoint(staging, `/${partsBelow(project, path).join('/')}`, statSync(source).isDirectory());
  }
}

function makeLink(root: string, path: string, target: string): void {
  if (!isPlain(root, dirname(path))) return;
  mkdirSync(join(root, dirname(path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

/**
 * Makes an empty file or folder below a root, unless the way to it leads through a link: followed from here, that would
 * lead out of the root. The runtime follows it inside.
 */
function makePoint(root: string, path: string, isFolder: boolean): boolean {
  if (!isPlain(root, path)) return false;
  const place = join(root, path);
  mkdirSync(isFolder ? place : dirname(place), { recursive: true });
  if (!isFolder && lstatSync(place, { throwIfNoEntry: false }) === undefined) writeFileSync(place, '', { flag: 'wx' });
  return true;
}

/** Whether everything on the way that is there is a folder, or the file itself. */
function isPlain(root: string, path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  for (const at of parts.keys()) {
    const entry = lstatSync(join(root, ...parts.slice(0, at + 1)), { throwIfNoEntry: false });
    if (entry === undefined) return true;
    if (entry.isSymbolicLink()) return false;
  }
  return true;
}
