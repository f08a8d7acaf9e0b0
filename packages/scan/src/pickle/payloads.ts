import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { type ByteSource, MemorySource, NotUnderstood, PartSource } from '../bytes/source.ts';
import type { Inspection } from '../inspection.ts';
import { formatsOf } from '../recognise.ts';
import { type Input, latin1 } from './input.ts';
import { tryPickle } from './trial.ts';

const mostCandidates = 1024;
const headBytes = 48;
const trialBytes = 2 ** 14;
/** Bytes of a text that stands for others: it is in memory with all that it becomes. */
const mostEncoded = 2 ** 24;

type Form = 'bytes' | 'latin1' | 'base64' | 'hex';

interface Candidate {
  readonly start: number;
  readonly length: number;
  readonly form: Form;
}

/** Strings of a pickle that may hold another one, plain, compressed, or in base64 or hex; opened when all is read. */
export class Payloads {
  readonly #candidates: Candidate[] = [];
  #missed = 0;

  /** Looks at the first bytes of a string: it has to be quick. */
  consider(start: number, length: number, text: boolean, input: Input): void {
    const head = input.read(start, Math.min(length, headBytes));
    if (beginnings[((head[0] ?? 0) << 8) | (head[1] ?? 0)] !== 1) return;
    const form = formOf(head, text);
    if (form === undefined) return;
    if (this.#candidates.length < mostCandidates) this.#candidates.push({ start, length, form });
    else this.#missed += 1;
  }

  /** Opens those that hold something that loads: others are data. */
  async open(part: Inspection): Promise<void> {
    for (const candidate of this.#candidates) await openOne(part, candidate);
    if (this.#missed > 0) part.leave(`${this.#missed} more strings that may hold another pickle were not opened`);
    this.#candidates.length = 0;
  }
}

/** How a string may hold a payload, by its first bytes. */
function formOf(head: Uint8Array, text: boolean): Form | undefined {
  if (startsPayload(head)) return 'bytes';
  if (text && head.some((byte) => byte > 0x7f) && startsPayload(asLatin1(head))) return 'latin1';
  const letters = latin1(head.subarray(0, 24));
  if (/^[0-9a-fA-F]{12,}$/.test(letters) && startsPayload(Buffer.from(letters, 'hex'))) return 'hex';
  if (!/^[A-Za-z0-9+/_-]{12}/.test(letters)) return undefined;
  return startsPayload(Buffer.from(letters, 'base64')) ? 'base64' : undefined;
}

/** Of pickles, and of what is compressed; a hole is any byte. */
const signatures: readonly (readonly (number | undefined)[])[] = [
  ...[2, 3, 4, 5].map((protocol) => [0x80, protocol]),
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => [0x78, level]),
  [0x1f, 0x8b, 0x08],
  [0x42, 0x5a, 0x68, undefined, 0x31, 0x41, 0x59, 0x26],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  [0x5d, 0x00, undefined, undefined, undefined, 0xff, 0xff, 0xff, 0xff],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x04, 0x22, 0x4d, 0x18],
  [0x50, 0x4b, 0x03, 0x04],
];

/** The first two bytes that a string has in any form if it holds a payload: of nearly all strings they are others. */
const beginnings = beginningsOf();

function beginningsOf(): Uint8Array {
  const found = new Uint8Array(2 ** 16);
  const add = (text: Uint8Array): void => {
    found[((text[0] ?? 0) << 8) | (text[1] ?? 0)] = 1;
  };
  const globals = Array.from({ length: 256 }, (_, byte) => [0x63, byte]);
  const marks = Array.from({ length: 256 }, (_, byte) => [0x28, byte]);
  for (const [first = 0, second, third = 0] of [...signatures, ...globals, ...marks]) {
    for (const other of second === undefined ? found.subarray(0, 256).keys() : [second]) {
      const bytes = Buffer.from([first, other, third]);
      const [hex, base64] = [bytes.toString('hex'), bytes.toString('base64')];
      const forms = [hex, hex.toUpperCase(), base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
      for (const form of [bytes, Buffer.from(bytes.toString('latin1')), ...forms.map((text) => Buffer.from(text))])
        add(form);
    }
  }
  return found;
}

function startsPayload(head: Uint8Array): boolean {
  return isSigned(head) || startsWithGlobal(head);
}

/** A pickle without a signature: a global, after a few marks and values at most. */
function startsWithGlobal(head: Uint8Array): boolean {
  const [first] = head;
  if (first !== 0x63 && first !== 0x28) return false;
  return /^[(\])}]*[ci][A-Za-z_][\w.]*\n[A-Za-z_]/.test(latin1(head));
}

function isSigned(head: Uint8Array): boolean {
  return signatures.some((signature) => signature.every((byte, at) => byte === undefined || head[at] === byte));
}

/** The bytes that a text of UTF-8 stands for when it is encoded as latin-1; the first of them, where it is cut. */
function asLatin1(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

  const [plain = ''] = /^[\0-\xff]*/.exec(text) ?? [];
  return Buffer.from(plain, 'latin1');
}

async function openOne(part: Inspection, candidate: Candidate): Promise<void> {
  const { start, length, form } = candidate;
  const name = `${form === 'bytes' ? 'string' : form} at ${start}`;
  if (form !== 'bytes' && length > Math.min(mostEncoded, part.limits.textBytes)) {
    part.leave(`a string of ${length} bytes in ${form} was not opened`, { at: start });
    return;
  }
  const source = sourceOf(part.source, candidate);
  if (!isLoadable(source, 0)) return;
  if (form !== 'bytes') part.unpack(source.size);
  if (formatsOf(source).length > 0) await part.enter(name, source);
}

function sourceOf(whole: ByteSource, { start, length, form }: Candidate): ByteSource {
  if (form === 'bytes') return new PartSource(whole, start, length);
  const bytes = whole.read(start, length);
  if (form === 'latin1') return new MemorySource(asLatin1(bytes));
  return new MemorySource(Buffer.from(latin1(bytes), form));
}

/** Whether bytes are something that loads code, or something compressed that holds it, as far as can be told here. */
function isLoadable(source: ByteSource, depth: number): boolean {
  try {
    const head = source.read(0, Math.min(source.size, trialBytes));
    if (!startsPayload(head) || depth > 4) return false;
    if (head[0] === 0x78) return isLoadable(new MemorySource(unpackedHead(inflateSync, head)), depth + 1);
    if (head[0] === 0x1f) return isLoadable(new MemorySource(unpackedHead(gunzipSync, head)), depth + 1);
    if (head[0] !== 0x80 && isSigned(head)) return true;
    const { end, named, cut } = tryPickle(source);
    return end !== undefined || named || cut;
  } catch (error) {
    if (error instanceof NotUnderstood || isBroken(error)) return false;
    throw error;
  }
}

function unpackedHead(unpack: typeof inflateSync, head: Uint8Array): Uint8Array {
  try {
    return unpack(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: trialBytes * 16 });
  } catch (error) {
    // More than is looked at: the beginning is small enough.
    if (!(error instanceof RangeError)) throw error;
    return unpack(head.subarray(0, 64), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 20 });
  }
}

/** What zlib says of bytes that it did not write. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
