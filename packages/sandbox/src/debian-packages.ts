import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What dpkg knows of a machine (dpkg(1), FILES). */
export interface DebianPackages {
  /** Version by name of each package that is installed. */
  readonly versions: ReadonlyMap<string, string>;
  /** Name of the package by absolute path of each file, link and folder that it brought. */
  readonly owners: ReadonlyMap<string, string>;
}

const maximumBytes = 256 << 20;

/** @returns `undefined` where there is no dpkg. */
export function readDebianPackages(database = '/var/lib/dpkg', root = '/'): DebianPackages | undefined {
  const status = join(database, 'status');
  if (!existsSync(status)) return undefined;
  const versions = versionsOf(readFileSync(status, 'utf8'));
  return { versions, owners: ownersOf(join(database, 'info'), mergedFolders(root)) };
}

/** @param status Paragraphs of fields (deb822(5)). */
function versionsOf(status: string): Map<string, string> {
  const versions = new Map<string, string>();
  for (const paragraph of status.split(/\n\n+/)) {
    const field = (name: string): string => new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1] ?? '';
    const [, , state] = field('Status').split(' ');
    if (state === 'installed') versions.set(field('Package'), field('Version'));
  }
  return versions;
}

/** Each `PACKAGE.list` or `PACKAGE:ARCHITECTURE.list` holds a path a line. */
function ownersOf(folder: string, merged: ReadonlyMap<string, string>): Map<string, string> {
  const owners = new Map<string, string>();
  let bytes = 0;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!name.endsWith('.list')) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    bytes += text.length;
    if (bytes > maximumBytes) break; // what is left out counts as owned by nobody
    const owner = name.slice(0, -'.list'.length).split(':', 1)[0] ?? '';
    for (const path of text.split('\n')) owners.set(unmerged(path, merged), owner);
  }
  return owners;
}

/** A package that was built before `/usr` was merged knows `/usr/bin/dash` as `/bin/dash`. */
function unmerged(path: string, merged: ReadonlyMap<string, string>): string {
  const top = path.slice(0, path.indexOf('/', 1));
  const target = merged.get(top);
  return target === undefined ? path : `${target}${path.slice(top.length)}`;
}

function mergedFolders(root: string): Map<string, string> {
  const merged = new Map<string, string>();
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const target = readlinkSync(join(root, entry.name)).replace(/^\/?/, '/');
    if (target === `/usr/${entry.name}`) merged.set(`/${entry.name}`, target);
  }
  return merged;
}
