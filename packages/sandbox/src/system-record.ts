import { existsSync } from 'node:fs';
import type { DebianPackages } from './debian-packages.ts';
import { sha256OfFile } from './file-digest.ts';
import { readHead } from './file-head.ts';

/** Which system libraries were there: names and versions, because there are too many files to read for each run. */
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

/** @param programs Real paths of programs; those that a Debian package brought are named by it. */
export async function describeSystem(
  programs: readonly string[],
  debian: DebianPackages | undefined,
): Promise<SystemRecord> {
  const database = packageDatabases.find((path) => existsSync(path));
  const digest = database === undefined ? undefined : await sha256OfFile(database);
  const names = new Set([...basePackages, ...programs.flatMap((path) => debian?.owners.get(path) ?? [])]);
  const packages = [...names].sort().flatMap((name) => {
    const version = debian?.versions.get(name);
    return version === undefined ? [] : [[name, version] as const];
  });
  return {
    os: operatingSystem(),
    packages: Object.fromEntries(packages),
    ...(digest === undefined ? {} : { packagesSha256: digest }),
  };
}

function operatingSystem(): string {
  const text = readHead('/etc/os-release', 65_536) ?? readHead('/usr/lib/os-release', 65_536);
  if (text === undefined) return process.platform;
  const field = (name: string): string => new RegExp(`^${name}="?([A-Za-z0-9._-]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return `${field('ID')} ${field('VERSION_ID')}`.trim();
}
