import { lstatSync, readlinkSync } from 'node:fs';

/** A symbolic link to be made in the sandbox. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** The part of a toolchain that the operating system owns. */
export interface SystemFiles {
  /** Absolute paths, bound read-only where they are. */
  readonly binds: readonly string[];
  readonly links: readonly Link[];
}

/** Beside `/usr`; on most systems links into it (Filesystem Hierarchy Standard 3.0, chapters 3 and 4). */
const rootFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Nothing that names a person, a host or a secret: `/etc/ssl/private` is not among them. */
const configuration = [
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls',
];

/** Finds the programs and libraries of the operating system. */
export function findSystemFiles(): SystemFiles {
  const binds: string[] = ['/usr'];
  const links: Link[] = [];
  for (const path of [...rootFolders, ...configuration]) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) continue;
    if (entry.isSymbolicLink() && rootFolders.includes(path)) links.push({ path, target: readlinkSync(path) });
    else binds.push(path);
  }
  return { binds, links };
}
