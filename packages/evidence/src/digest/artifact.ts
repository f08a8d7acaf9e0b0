import { EvidenceError } from '../errors.ts';
import type { DigestCache } from './cache.ts';
import { dirHash, type FileEntry, inModelOrder, rootDigest } from './folder.ts';
import { ignoreList } from './ignore.ts';
import { hashRanges, type PoolOptions } from './pool.ts';
import type { RangeTask } from './range.ts';
import { type FoundFile, type ScanOptions, scan } from './scan.ts';
import { sameStamp } from './stamp.ts';

/** A single file: plain SHA-256, lowercase hex, the value that `sha256sum` prints. */
export interface FileDigest {
  readonly kind: 'file';
  readonly digests: { readonly sha256: string };
  /** Bytes. */
  readonly size: number;
}

/**
 * A folder. `dirHash` is in-toto's and commits to names; `sha256` is the root digest of OpenSSF Model Signing v1 and
 * does not. Evidence carries both, and both must match.
 */
export interface FolderDigest {
  readonly kind: 'folder';
  readonly digests: { readonly dirHash: string; readonly sha256: string };
  /** Bytes of all files together. */
  readonly size: number;
  /** In model-signing order: by path components. */
  readonly files: readonly FileEntry[];
  /** What was left out: the fixed list and the caller's own. */
  readonly ignorePaths: readonly string[];
}

export type ArtifactDigest = FileDigest | FolderDigest;

/** What may change from call to call. */
export interface DigestOptions extends PoolOptions {
  /** `refuse` (default), or `follow` links to files inside the same folder. */
  readonly symlinks?: 'refuse' | 'follow';
  /** Further relative POSIX paths to leave out of a folder, each with everything below it. */
  readonly ignorePaths?: readonly string[];
  /** Most files and folders in a folder. Default: one million. */
  readonly maxFiles?: number;
  /** Digests of files that have not been touched since. See {@link DigestCache} for what that trusts. */
  readonly cache?: DigestCache;
  /** Read every byte, whatever the cache says (and refresh it). */
  readonly force?: boolean;
}

/**
 * Digests a file or a folder in one streamed pass. Memory does not grow with the size of the files. A folder is
 * listed again afterwards: anything that was added, removed or touched meanwhile is an error, so the digest speaks
 * of one moment.
 *
 * A file is plain SHA-256. (A model signature of a single file has SHA-256 of that digest as its subject: the file's
 * own digest is found in the signature's list of resources.)
 *
 * @throws EvidenceError `HF_DIGEST_NOT_FOUND`, `HF_DIGEST_SYMLINK`, `HF_DIGEST_SPECIAL_FILE`, `HF_DIGEST_NAME`,
 *   `HF_DIGEST_TOO_MANY_FILES`, `HF_DIGEST_CHANGED`, `HF_DIGEST_UNREADABLE`
 * @example
 * ```ts
 * import { digestArtifact } from '@holdfast/evidence/digest/artifact';
 * const model = await digestArtifact('build/model');
 * const subject = { name: 'model', digest: model.digests };
 * ```
 */
export async function digestArtifact(path: string, options: DigestOptions = {}): Promise<ArtifactDigest> {
  const ignorePaths = ignoreList(options.ignorePaths);
  const scanOptions = scanOptionsOf(options, ignorePaths);
  const found = await scan(path, scanOptions);
  if (found.kind === 'file') {
    const [sha256 = ''] = (await digestFiles([found.file], options)).digests;
    return { kind: 'file', digests: { sha256 }, size: Number(found.file.stamp.size) };
  }
  const { digests, read } = await digestFiles(found.files, options);
  if (read > 0) await mustBeUnchanged(path, found.files, scanOptions);
  const files = inModelOrder(
    found.files.map(({ name, stamp }, index) => ({ name, sha256: digests[index] ?? '', size: Number(stamp.size) })),
  );
  return {
    kind: 'folder',
    digests: { dirHash: dirHash(files), sha256: rootDigest(files.map((file) => file.sha256)) },
    size: files.reduce((sum, file) => sum + file.size, 0),
    files,
    ignorePaths,
  };
}

function scanOptionsOf(options: DigestOptions, ignored: readonly string[]): ScanOptions {
  return {
    ignored: new Set(ignored),
    ...(options.symlinks !== undefined && { symlinks: options.symlinks }),
    ...(options.maxFiles !== undefined && { maxFiles: options.maxFiles }),
  };
}

/** SHA-256 of each file, from the cache where it knows, and how many had to be read. */
async function digestFiles(
  files: readonly FoundFile[],
  options: DigestOptions,
): Promise<{ readonly digests: readonly string[]; readonly read: number }> {
  const { cache } = options;
  const known = options.force === true ? [] : (cache?.get(files.map(({ stamp }) => stamp)) ?? []);
  const unknown = files.filter((_, index) => known[index] === undefined);
  const digests = await hashRanges(unknown.map(wholeFile), options);
  cache?.put(unknown.map(({ stamp }, index) => ({ stamp, sha256: digests[index] ?? '' })));
  const fresh = digests.values();
  return { digests: files.map((_, index) => known[index] ?? fresh.next().value ?? ''), read: unknown.length };
}

/** A task for all of a file. */
export function wholeFile({ path, stamp }: FoundFile): RangeTask {
  return { path, stamp, start: 0, end: Number(stamp.size) };
}

/**
 * Lists the folder a second time and demands the same files in the same state.
 *
 * @throws EvidenceError `HF_DIGEST_CHANGED`
 */
export async function mustBeUnchanged(path: string, before: readonly FoundFile[], options: ScanOptions): Promise<void> {
  const after = await scan(path, options);
  const stamps = new Map(after.kind === 'folder' ? after.files.map((file) => [file.name, file.stamp]) : []);
  for (const { name, stamp } of before) {
    const now = stamps.get(name);
    if (now === undefined || !sameStamp(now, stamp)) throw changed(name);
    stamps.delete(name);
  }
  for (const name of stamps.keys()) throw changed(name);
}

function changed(name: string): EvidenceError {
  return new EvidenceError('HF_DIGEST_CHANGED', `\`${name}\` changed while the folder was being read`, { where: name });
}
