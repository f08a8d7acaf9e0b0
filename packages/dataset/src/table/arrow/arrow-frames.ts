import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DatasetError, shown } from '../../errors.ts';
import { flatMessage, footerBatches } from './flat-message.ts';

const magic = 'ARROW1';
const continuation = 0xff_ff_ff_ff;
const longestMetadata = 2 ** 26;
/** Bytes of a record batch: one is in memory at a time. */
const longestBody = 2 ** 30;
/** Of MessageHeader in Message.fbs. */
const recordBatch = 3;

/**
 * The messages of an Arrow file or stream (https://arrow.apache.org/docs/format/Columnar.html, IPC), one at a time, as a stream
 * has them: each is there as long as it says, and a file's footer lists as many record batches as there are.
 *
 * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_LIMIT
 */
export function* framesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    yield* new Frames(file, path).all();
  } finally {
    closeSync(file);
  }
}

class Frames {
  readonly #file: number;
  readonly #path: string;
  readonly #size: number;

  constructor(file: number, path: string) {
    this.#file = file;
    this.#path = path;
    this.#size = fstatSync(file).size;
  }

  *all(): Generator<Uint8Array> {
    const isFile = this.#size >= 8 && this.#read(0, 6).toString('latin1') === magic;
    const footer = isFile ? this.#footer() : undefined;
    const end = footer?.at ?? this.#size;
    let at = isFile ? 8 : 0;
    let batches = 0;
    while (at < end) {
      const frame = this.#frame(at, end);
      if (frame === undefined) break;
      yield frame.bytes;
      if (frame.kind === recordBatch) batches += 1;
      at += frame.bytes.length;
    }
    if (footer !== undefined && footer.batches !== batches) {
      this.#refuse(`lists ${footer.batches} record batches in its footer, and has ${batches}`);
    }
    if (footer === undefined && this.#rest(at) > 8) this.#refuse('goes on after its end');
  }

  #rest(at: number): number {
    return this.#size - at;
  }

  /** A message with its body; nothing at the mark that ends them. */
  #frame(at: number, end: number): { bytes: Buffer; kind: number } | undefined {
    if (at + 4 > end) this.#refuse('is cut short');
    const isNew = this.#read(at, 4).readUInt32LE(0) === continuation;
    const start = at + (isNew ? 8 : 4);
    if (start > end) this.#refuse('is cut short');
    const length = this.#read(start - 4, 4).readInt32LE(0);
    if (length === 0) return undefined;
    if (length < 16 || length > longestMetadata || start + length > end) this.#refuse('is cut short, or no Arrow file');
    const metadata = this.#read(start, length);
    const { kind, body } = flatMessage(metadata) ?? this.#refuse('has a message that is not well-formed');
    if (body > longestBody) {
      const message = `${shown(this.#path)} has a record batch of ${body} bytes, more than ${longestBody}`;
      throw new DatasetError('HF_DATASET_LIMIT', message, { where: this.#path });
    }
    if (body < 0 || start + length + body > end) this.#refuse('is cut short');
    return { bytes: this.#read(at, start - at + length + body), kind };
  }

  #footer(): { at: number; batches: number } {
    const tail = this.#read(this.#size - 10, 10);
    const length = tail.readInt32LE(0);
    const at = this.#size - 10 - length;
    if (tail.toString('latin1', 4) !== magic || length < 16 || at < 8) this.#refuse('is cut short');
    const batches = footerBatches(this.#read(at, length)) ?? this.#refuse('has a footer that is not well-formed');
    return { at, batches };
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (at < 0 || readSync(this.#file, bytes, 0, length, at) !== length) this.#refuse('is cut short');
    return bytes;
  }

  #refuse(problem: string): never {
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(this.#path)} ${problem}`, { where: this.#path });
  }
}
