import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract } from 'tar-stream';
import { EvidenceError } from './errors.ts';

/** One file of an archive, while it passes by. */
export interface ArchiveEntry {
  readonly name: string;
  readonly type: string;
  /** Bytes, as its header promises. */
  readonly size: number;
  chunks(): AsyncIterable<Buffer>;
}

/** What nobody read is passed over. */
interface Passing extends ArchiveEntry {
  readonly isRead: boolean;
}

/** POSIX ustar: 512-byte blocks, a header before each file, two blocks of zeros at the end. */
const block = 512;
export const endOfArchive = 2 * block;

/** Bytes that a file of this size takes, with its header. */
export const takenBy = (size: number): number => block + Math.ceil(size / block) * block;

/**
 * Goes through a tar file once, entry by entry. There is nothing in it but headers, files and the end: no extended
 * header, nothing behind, no cut.
 *
 * @throws EvidenceError HF_ARCHIVE_FORMAT; what `visit` throws
 */
export async function walkArchive(file: string, visit: (entry: ArchiveEntry) => Promise<void>): Promise<void> {
  const tar = extract();
  const work = [pipeline(createReadStream(file), tar), walk(tar, visit, file)];
  const failures = (await Promise.allSettled(work)).flatMap((end): unknown[] =>
    end.status === 'rejected' ? [end.reason] : [],
  );
  const refusal = failures.find((failure) => failure instanceof EvidenceError);
  if (refusal !== undefined) throw refusal;
  const visitors = failures.find((failure) => failure instanceof VisitorError);
  if (visitors !== undefined) throw visitors.own;
  if (failures.length === 0) return;
  const [cause] = failures;
  throw malformed(file, cause instanceof Error ? lowerFirst(cause.message) : String(cause), cause);
}

/** Carries what a visitor threw past the errors of the tar file itself. */
class VisitorError extends Error {
  readonly own: Error;

  constructor(own: Error) {
    super(own.message, { cause: own });
    this.own = own;
  }
}

async function walk(tar: Extract, visit: (entry: ArchiveEntry) => Promise<void>, file: string): Promise<void> {
  let total = endOfArchive;
  for await (const entry of tar) {
    total += takenBy(entry.header.size);
    const passing = passingOf(entry);
    await visit(passing).catch((error: unknown) => {
      // The system's own errors, of a disk that is full, are not about the archive.
      const isElsewhere = error instanceof Error && 'syscall' in error;
      throw isElsewhere ? new VisitorError(error) : error;
    });
    if (!passing.isRead) await drain(passing);
  }
  const { size } = await stat(file);
  if (size !== total) throw malformed(file, `it has ${size} bytes, but what it holds takes ${total}`);
}

async function drain(passing: Passing): Promise<void> {
  const chunks = passing.chunks()[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true);
}

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

function passingOf(entry: Entry): Passing {
  const { name, type, size } = entry.header;
  let isRead = false;
  return {
    name,
    type,
    size,
    get isRead() {
      return isRead;
    },
    chunks() {
      isRead = true;
      return Readable.from(entry) as AsyncIterable<Buffer>;
    },
  };
}

export function malformed(file: string, why: string, cause?: unknown): EvidenceError {
  return new EvidenceError('HF_ARCHIVE_FORMAT', `\`${file}\` cannot be read: ${why}`, { where: file, cause });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
