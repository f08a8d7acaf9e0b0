/** Holds what a run read against what is recorded of it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import type { RecordedToolchain, ToolchainRoot } from '@holdfast/sandbox';
import { contentDigests } from '@holdfast/sandbox/content-digests';
import { type DebianPackages, readDebianPackages } from '@holdfast/sandbox/debian-packages';
import { digestListing } from '@holdfast/sandbox/listing';
import { isWithin } from '@holdfast/sandbox/paths';
import { linksTo } from '@holdfast/sandbox/symbolic-links';
import { listRoot } from '@holdfast/sandbox/toolchain-roots';
import type { Read, TracedRun } from './strace-log.ts';

/** What is recorded of a toolchain, file by file. */
export interface RecordedFiles {
  readonly links: ReadonlySet<string>;
  readonly roots: readonly RecordedRoot[];
  readonly debian: DebianPackages | undefined;
}

interface RecordedRoot {
  readonly path: string;
  readonly kind: ToolchainRoot['kind'];
  /** SHA-256 of each file, `''` for a link, by absolute path. */
  readonly files: ReadonlyMap<string, string>;
}

/** The files that the digests of a toolchain stand for. */
export async function recordedFiles({ roots, links }: RecordedToolchain, cache: DigestCache): Promise<RecordedFiles> {
  const debian = readDebianPackages();
  const recorded: RecordedRoot[] = [];
  for (const root of roots) {
    const files = await listRoot(root, debian);
    const digests = await contentDigests(files, cache);
    if (digestListing(files, digests).sha256 !== root.sha256)
      throw new Error(`\`${root.path}\` is not what was recorded`);
    const named = files.map(
      ({ name }, index) => [name === '' ? root.path : join(root.path, name), digests[index] ?? ''] as const,
    );
    recorded.push({ path: root.path, kind: root.kind, files: new Map(named) });
  }
  return { roots: recorded, links: new Set(links.map(({ path }) => path)), debian };
}

/** Where a run took place. */
export interface Place {
  readonly project: string;
  readonly temporary: string;
  /** Absolute paths. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface Account {
  /** What stands for each file, by path: `input`, `package libc6`, the path of a root, `made by the sandbox`, `own`. */
  readonly files: Readonly<Record<string, string>>;
  /** Files that nothing stands for. */
  readonly unaccounted: readonly string[];
}

/** Every file of a run that something must stand for, once. */
export function pathsRead(run: TracedRun, place: Place): readonly string[] {
  return [...new Set(run.reads.flatMap((read) => pathsOf(read, run, place)))];
}

export function accountFor(
  paths: readonly string[],
  { created }: TracedRun,
  record: RecordedFiles,
  place: Place,
): Account {
  const files: Record<string, string> = {};
  const unaccounted: string[] = [];
  for (const path of paths) {
    if (isShownFolder(path, record, place)) continue;
    const part = partOf(path, record, place) ?? (created.has(path) ? 'own' : undefined);
    if (part === undefined) unaccounted.push(path);
    else files[path] = part;
  }
  return { files, unaccounted };
}

/** The file, the links that led to it, and what the kernel read to execute it. */
function pathsOf({ path, asked, by }: Read, { created }: TracedRun, place: Place): string[] {
  if (isOwn(path) || isOwn(asked)) return [];
  const absolute = resolve(place.project, asked);
  const links = linksTo(absolute).map((link) => link.path);
  if (by === 'open') return [path, ...links];
  const real = !created.has(absolute) && existsSync(absolute) ? realpathSync(absolute) : absolute;
  return [
    real,
    ...links,
    ...loadersOf(real).flatMap((loader) => [realpathSync(loader), ...linksTo(loader).map((link) => link.path)]),
  ];
}

/** Its own processes and devices. */
function isOwn(path: string): boolean {
  return ['/proc', '/dev'].some((folder) => isWithin(folder, path)) || /^(?:pipe|socket|anon_inode):/.test(path);
}

/** The interpreter of a script, and the loader of a program, which the kernel opens without a system call. */
function loadersOf(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 2) === '#!') {
    const interpreter = /^#!\s*(\S+)/.exec(bytes.toString('utf8', 0, 256))?.[1] ?? '';
    return [interpreter, ...loadersOf(realpathSync(interpreter))];
  }
  // PT_INTERP of elf(5), 64 bits, little-endian
  if (bytes.toString('latin1', 1, 4) !== 'ELF') return [];
  const [table, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  const headers = Array.from({ length: count }, (_, at) => table + at * size);
  return headers
    .filter((at) => bytes.readUInt32LE(at) === 3)
    .map((at) => {
      const start = Number(bytes.readBigUInt64LE(at + 8));
      return bytes.toString('utf8', start, start + Number(bytes.readBigUInt64LE(at + 32)) - 1);
    });
}

/** Nothing else is mounted in a sandbox: what a folder lists leads to something that is recorded, or is one's own. */
function isShownFolder(path: string, record: RecordedFiles, place: Place): boolean {
  const places = [...place.inputs, ...place.outputs, place.project, place.temporary, '/etc/passwd'];
  const shown = [...record.roots.map((root) => root.path), ...places];
  if (shown.some((known) => known !== path && isWithin(path, known))) return true;
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && shown.some((known) => isWithin(known, path));
}

const made = ['/etc/passwd', '/etc/group', '/etc/hosts', '/etc/nsswitch.conf'];

function partOf(path: string, record: RecordedFiles, place: Place): string | undefined {
  if (place.inputs.some((input) => isWithin(input, path))) return 'input';
  if (made.includes(path) || record.links.has(path)) return 'made by the sandbox';
  for (const root of record.roots) {
    if (!isWithin(root.path, path)) continue;
    if (root.files.has(path)) return root.path;
    const owner = root.kind === 'system' ? record.debian?.owners.get(path) : undefined;
    if (owner !== undefined) return `package ${owner}`;
  }
  return undefined;
}

/** Files whose bytes are not the recorded ones, as `sha256sum` reads them. */
export function changedFiles({ files }: Account, { roots }: RecordedFiles): string[] {
  const digests = new Map(roots.flatMap((root) => [...root.files]));
  const wanted = Object.keys(files).filter(
    (path) => (digests.get(path) ?? '') !== '' && roots.some((root) => root.path === files[path]),
  );
  if (wanted.length === 0) return [];
  const options = { input: wanted.join('\0'), encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  const lines = execFileSync('xargs', ['-0', 'sha256sum', '-z'], options).split('\0').filter(Boolean);
  const found = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  return wanted.filter((path) => found.get(path) !== digests.get(path));
}

/** The same record without one part of it. */
export function without(part: string, record: RecordedFiles, place: Place): [RecordedFiles, Place] {
  if (part === 'input') return [record, { ...place, inputs: [] }];
  const owner = /^package (.*)$/.exec(part)?.[1];
  if (owner === undefined) return [{ ...record, roots: record.roots.filter(({ path }) => path !== part) }, place];
  const owners = new Map([...(record.debian?.owners ?? [])].filter(([, name]) => name !== owner));
  return [{ ...record, debian: { versions: new Map(), owners } }, place];
}
