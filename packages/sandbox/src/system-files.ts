import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { ask } from './ask.ts';

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

/** Which system libraries were there: names and versions, because there are too many files to hash for each run. */
export interface SystemRecord {
  /** `ID VERSION_ID` of os-release(5), `debian 12`. */
  readonly os: string;
  /** Version by Debian package, of the programs that were asked for and the libraries beneath them. */
  readonly packages: Readonly<Record<string, string>>;
  /** Of the package database: the same only when every package has the same version. */
  readonly packagesSha256?: string;
}

const packageDatabases = ['/var/lib/dpkg/status', '/lib/apk/db/installed', '/var/lib/rpm/rpmdb.sqlite'];
const basePackages = ['libc6', 'libstdc++6', 'libgomp1', 'libssl3', 'libssl3t64', 'zlib1g', 'ca-certificates'];

/** @param programs Real paths of programs; those that a Debian package holds are named by it. */
export async function describeSystem(programs: readonly string[]): Promise<SystemRecord> {
  const database = packageDatabases.find((path) => existsSync(path));
  const [packages, digest] = await Promise.all([
    debianPackages(programs),
    database === undefined ? undefined : sha256OfFile(database),
  ]);
  return { os: operatingSystem(), packages, ...(digest === undefined ? {} : { packagesSha256: digest }) };
}

function operatingSystem(): string {
  const path = ['/etc/os-release', '/usr/lib/os-release'].find((candidate) => existsSync(candidate));
  if (path === undefined) return process.platform;
  const text = readFileSync(path, 'utf8').slice(0, 65_536);
  const field = (name: string): string => new RegExp(`^${name}="?([A-Za-z0-9._-]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return `${field('ID')} ${field('VERSION_ID')}`.trim();
}

async function debianPackages(programs: readonly string[]): Promise<Record<string, string>> {
  if (!existsSync('/var/lib/dpkg/status')) return {};
  // a package built before /usr was merged knows /usr/bin/dash as /bin/dash
  const names = programs.flatMap((path) => [path, path.replace(/^\/usr(?=\/(?:bin|sbin|lib)\/)/, '')]);
  const owners = await Promise.all([...new Set(names)].map((path) => ask('dpkg-query', ['-S', path])));
  const found = owners.flatMap((line) => /^([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9]+)?: /.exec(line ?? '')?.[1] ?? []);
  const wanted = new Set([...basePackages, ...found]);
  const lines = await ask('sh', [
    '-c',
    'dpkg-query -W -f \'${Package}\\t${Version}\\n\' "$@" 2>&- || :',
    'sh',
    ...wanted,
  ]);
  const versions = (lines ?? '').split('\n').map((line) => line.split('\t'));
  return Object.fromEntries(versions.flatMap(([name, version]) => (name && version ? [[name, version]] : [])));
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(realpathSync(path), { highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
