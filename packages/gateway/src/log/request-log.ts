import { closeSync, fdatasyncSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { entryLine, firstDigest, lineDigest, type RequestEntry } from './entry.ts';

/** Lines of a log that nobody adds to any more. */
export interface LogSegment {
  readonly path: string;
  readonly entries: number;
  /** Of the first entry, counted from 0 over all segments of this log. */
  readonly first: number;
  /** Digests of the lines before its first, and of its last. */
  readonly before: string;
  readonly last: string;
}

export interface RequestLogOptions {
  readonly folder: string;
  /** Unlike that of every other log in the folder. */
  readonly name: string;
  /** What is done with a segment that has ended; it stays on the disk whatever comes of it. */
  readonly ended: (segment: LogSegment) => void;
}

interface Waiting {
  readonly line: string;
  readonly written: (error?: Error) => void;
}

/**
 * A log of requests, each line chained to the one before. Whoever is told that an entry is written may answer: it is with the system then,
 * and outlives the process. Entries of one turn of the event loop are written together.
 */
export class RequestLog {
  readonly #options: RequestLogOptions;
  #file: number | undefined;
  #path = '';
  #part = 0;
  #entries = 0;
  #first = 0;
  #before = firstDigest;
  #last = firstDigest;
  #waiting: Waiting[] = [];
  #failure: Error | undefined;

  constructor(options: RequestLogOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  /** @param written called once the entry is with the system, or with what kept it from being */
  append(entry: RequestEntry, written: (error?: Error) => void): void {
    if (this.#failure !== undefined) {
      written(this.#failure);
      return;
    }
    const line = entryLine(entry, this.#first + this.#entries, this.#last);
    this.#last = lineDigest(line);
    this.#entries += 1;
    if (this.#waiting.push({ line, written }) === 1) setImmediate(this.#write);
  }

  /**
   * Ends the segment, if it has entries: its bytes are on the disk then. One that could not be written whole is left as it is, and said
   * to nobody to be a segment.
   */
  rotate(): void {
    this.#write();
    if (this.#failure !== undefined || this.#file === undefined || this.#entries === 0) return;
    try {
      fdatasyncSync(this.#file);
      closeSync(this.#file);
    } catch (error) {
      this.#failure = asError(error);
      return;
    }
    this.#file = undefined;
    const segment = { path: this.#path, entries: this.#entries, first: this.#first };
    const ended = { ...segment, before: this.#before, last: this.#last };
    this.#first += this.#entries;
    this.#entries = 0;
    this.#before = this.#last;
    this.#options.ended(ended);
  }

  readonly #write = (): void => {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    try {
      const file = (this.#file ??= this.#open());
      writeWhole(file, Buffer.from(`${waiting.map(({ line }) => line).join('\n')}\n`));
    } catch (error) {
      // The chain has a gap in what is written now: nothing more may be said to be in this log.
      this.#failure = asError(error);
    }
    for (const { written } of waiting) written(this.#failure);
  };

  #open(): number {
    this.#part += 1;
    this.#path = join(this.#options.folder, `${this.#options.name}-${String(this.#part).padStart(6, '0')}.jsonl`);
    const file = openSync(this.#path, 'ax', 0o600);
    if (fstatSync(file).size > 0) throw new Error(`\`${this.#path}\` is not new`);
    return file;
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
