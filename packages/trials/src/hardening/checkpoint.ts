import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TrialsError } from '../errors.ts';
import type { Weights } from './weights.ts';
import { writeWhole } from './write-whole.ts';

/** All that a training needs to go on as if nothing had happened. */
export interface Checkpoint {
  /** What the training began with: `sha256:…` of options, model and samples. */
  readonly of: string;
  /** What survives JSON. */
  readonly numbers: unknown;
  /** By name. */
  readonly arrays: Weights;
}

const magic = 'holdfast.training/1';
/** Bytes of the description that a checkpoint begins with. */
const largestHead = 64 * 2 ** 20;

interface Head {
  readonly magic: string;
  readonly of: string;
  readonly numbers: unknown;
  /** Of `of`, the numbers and all that follows. */
  readonly sha256: string;
  /** Names, and how many numbers each has, in order. */
  readonly arrays: readonly (readonly [name: string, length: number])[];
}

/**
 * Writes a checkpoint, whole or not at all: eight bytes with the length of the head, the head as JSON, float32 numbers as
 * they lie in memory.
 */
export async function writeCheckpoint(path: string, { of, numbers, arrays }: Checkpoint): Promise<void> {
  const bodies = [...arrays.values()].map((values) => bytesOf(values));
  const sha256 = digestOf(of, numbers, bodies);
  const lengths = [...arrays].map(([name, { length }]) => [name, length] as const);
  const head = Buffer.from(JSON.stringify({ magic, of, numbers, sha256, arrays: lengths } satisfies Head));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  await writeWhole(path, [length, head, ...bodies]);
}

/**
 * @param of what the training begins with that is to go on
 * @returns undefined where there is none
 * @throws TrialsError HF_TRIALS_CHECKPOINT
 */
export async function readCheckpoint(path: string, of: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const { head, body } = parted(bytes, path);
  if (head.of !== of) {
    throw new TrialsError('HF_TRIALS_CHECKPOINT', `\`${path}\` is of a training with other options, model or samples`);
  }
  if (digestOf(of, head.numbers, [body]) !== head.sha256) refuse(path);
  const arrays = new Map<string, Float32Array>();
  let at = 0;
  for (const [name, length] of head.arrays) {
    const part = body.subarray(at, (at += 4 * length));
    if (part.length !== 4 * length) refuse(path);
    // a copy, because the place within the file need not be a multiple of four
    arrays.set(name, new Float32Array(Uint8Array.from(part).buffer));
  }
  return { of, numbers: head.numbers, arrays };
}

function parted(bytes: Buffer, path: string): { head: Head; body: Buffer } {
  const length = bytes.length < 8 ? 0n : bytes.readBigUInt64LE(0);
  if (length === 0n || length > largestHead || Number(length) > bytes.length - 8) refuse(path);
  const end = 8 + Number(length);
  try {
    const head: unknown = JSON.parse(bytes.toString('utf8', 8, end));
    if (isHead(head)) return { head, body: bytes.subarray(end) };
  } catch {
    // as below
  }
  return refuse(path);
}

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null) return false;
  const head = value as Partial<Record<keyof Head, unknown>>;
  const isArray = (each: unknown): boolean =>
    Array.isArray(each) && typeof each[0] === 'string' && Number.isSafeInteger(each[1]) && Number(each[1]) >= 0;
  return (
    head.magic === magic &&
    typeof head.of === 'string' &&
    typeof head.sha256 === 'string' &&
    Array.isArray(head.arrays) &&
    head.arrays.every(isArray)
  );
}

function refuse(path: string): never {
  throw new TrialsError('HF_TRIALS_CHECKPOINT', `\`${path}\` is no whole checkpoint`);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function digestOf(of: string, numbers: unknown, parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify([of, numbers]));
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
