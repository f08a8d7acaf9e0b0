import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Pack } from 'tar-stream';
import { type ArchiveEntry, malformed, walkArchive } from './archive-tar.ts';
import { EvidenceError } from './errors.ts';

/** A file that goes into an archive beside the evidence, by the digest that evidence names. */
export interface ArchivedFile {
  /** Where it lies. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * In an archive, bytes of artifacts are called by their SHA-256. Where they go is said by signed evidence alone, so
 * that no archive can name a path.
 */
const namePattern = /^artifact\/([0-9a-f]{64})$/;

/** SHA-256 that an entry is called by; `undefined` for one that holds no bytes of an artifact. */
export const artifactDigest = (name: string): string | undefined => namePattern.exec(name)?.[1];

/** Most files of artifacts in one archive. */
export const mostArtifactFiles = 10_000;

/** Puts files into an archive, each once. @throws EvidenceError HF_DIGEST_CHANGED */
export async function packArtifact(
  tar: Pack,
  files: readonly ArchivedFile[],
  header: (name: string) => object & { name: string },
): Promise<void> {
  const distinct = new Map(files.map((file) => [file.sha256, file]));
  for (const { path, sha256, size } of distinct.values()) {
    const hash = createHash('sha256');
    const done = Promise.withResolvers<undefined>();
    const entry = tar.entry({ ...header(`artifact/${sha256}`), size }, (error) => {
      if (error) done.reject(error);
      else done.resolve(undefined);
    });
    entry.on('error', done.reject);
    // It is awaited below; until then nobody else listens.
    done.promise.catch(() => undefined);
    let left = size;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      left -= chunk.length;
      if (left < 0) break;
      if (!entry.write(chunk)) await Promise.race([drained(entry), done.promise]);
    }
    if (left !== 0 || hash.digest('hex') !== sha256) {
      throw new EvidenceError('HF_DIGEST_CHANGED', `\`${path}\` changed while it was read`, { where: path });
    }
    entry.end(undefined);
    await done.promise;
  }
}

type Sink = ReturnType<Pack['entry']>;

const drained = (entry: Sink): Promise<void> =>
  new Promise((resolve) => {
    entry.once('drain', () => {
      resolve();
    });
  });

/** Reads an entry to its end. @throws EvidenceError HF_ARCHIVE_FORMAT when it is not the bytes that it is called by */
export async function requireDigest(entry: ArchiveEntry, file: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of entry.chunks()) hash.update(chunk);
  if (hash.digest('hex') !== artifactDigest(entry.name)) {
    throw malformed(file, `\`${entry.name.slice(0, 24)}…\` is not the bytes that it is called by`);
  }
}

/**
 * Hands out the files of artifacts in an archive that was opened before, one after the other. Nothing is known of
 * their bytes: whoever takes them has to digest them.
 *
 * @throws EvidenceError HF_ARCHIVE_FORMAT; what `take` throws
 */
export function readArtifact(
  file: string,
  take: (sha256: string, size: number, chunks: () => AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  return walkArchive(file, async (entry) => {
    const sha256 = artifactDigest(entry.name);
    if (sha256 !== undefined) await take(sha256, entry.size, () => entry.chunks());
  });
}
