import { type ByteSource, NotUnderstood, PartSource } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { fieldsOf, type WireField } from './wire.ts';

const maximumPieces = 4_000_000;
/** Fields of `ModelProto`. */
const field = { piece: 1, trainer: 2, normaliser: 3, selfTest: 4, denormaliser: 5 } as const;

/** Reads pieces, scores and settings: texts and numbers. A field that the definition has not is not understood. */
export function scanSentencepiece(part: Inspection): void {
  let pieces = 0;
  for (const top of fieldsOf(part.source)) {
    if (top.type !== 'bytes') throw new NotUnderstood('a field that no tokenizer has', top.at);
    const message = new PartSource(part.source, top.start, top.length);
    if (top.number === field.piece) {
      if (pieces % 4096 === 0) part.requireTime();
      pieces += 1;
      if (pieces > maximumPieces) throw new NotUnderstood(`more than ${maximumPieces} pieces`, top.at);
      requirePiece(message, top.start);
    } else if (top.number === field.trainer) requireSettings(message, top.start, []);
    else if (top.number === field.normaliser || top.number === field.denormaliser)
      requireSettings(message, top.start, [2]);
    else if (top.number === field.selfTest) requireSamples(message, top.start);
    else throw new NotUnderstood('a field that no tokenizer has', top.at);
  }
  part.summary = `tokenizer of ${pieces} pieces`;
  part.scan.progress(part.source.size);
}

/** A text, a float, a kind. */
function requirePiece(message: ByteSource, start: number): void {
  for (const inside of fieldsOf(message)) {
    const expected = ['', 'bytes', 'fixed32', 'varint'][inside.number];
    if (inside.type !== expected) throw new NotUnderstood('a piece of another form', start + inside.at);
    if (inside.number === 1) requireText(message, inside, start);
  }
}

/** Texts and numbers, and one table of characters. */
function requireSettings(message: ByteSource, start: number, tables: readonly number[]): void {
  for (const inside of fieldsOf(message)) {
    if (inside.number >= 200) throw new NotUnderstood('an extension', start + inside.at);
    if (inside.type !== 'bytes') continue;
    if (tables.includes(inside.number)) requireTable(message, inside, start);
    else requireText(message, inside, start);
  }
}

function requireSamples(message: ByteSource, start: number): void {
  for (const sample of fieldsOf(message)) {
    if (sample.type !== 'bytes' || sample.number !== 1)
      throw new NotUnderstood('a test of another form', start + sample.at);
    requireSettings(new PartSource(message, sample.start, sample.length), start + sample.start, []);
  }
}

/** The length of a trie of 32-bit units, the trie, texts that end in NUL: readers believe the length. */
function requireTable(message: ByteSource, { start, length }: WireField, base: number): void {
  if (length === 0) return;
  const bytes = message.read(start, Math.min(4, length));
  const trie = length < 4 ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (trie >= 0 && trie % 4 === 0 && trie <= length - 4) return;
  throw new NotUnderstood('a table of characters of another form', base + start);
}

function requireText(message: ByteSource, { start, length }: WireField, base: number): void {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(message.read(start, length));
  } catch (error) {
    if (error instanceof NotUnderstood) throw error;
    throw new NotUnderstood('a text that is not UTF-8', base + start);
  }
}
