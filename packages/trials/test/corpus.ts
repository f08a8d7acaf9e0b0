import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** packages/trials/corpus: see the README there. */
export const corpus = join(import.meta.dirname, '../corpus');

/** What the manifest says about a model file. */
export interface CorpusModel {
  readonly file: string;
  readonly sha256: string;
  /** Whose weights: several files are exports of one model, and share what is recorded. */
  readonly model: string;
  readonly exporter: 'trace' | 'export' | 'skl2onnx';
  readonly opset: number;
  readonly data: string;
  readonly input: string;
  readonly outputs: 'logits' | 'probabilities' | 'values';
  readonly operators: readonly string[];
  readonly accuracy?: number;
  readonly rmse?: number;
}

export function corpusModels(): readonly CorpusModel[] {
  const text = readFileSync(join(corpus, 'manifest.json'), 'utf8');
  return (JSON.parse(text) as { models: readonly CorpusModel[] }).models;
}

/** An array that NumPy wrote. */
export interface StoredArray {
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array;
}

/** The arrays of an .npz that the scripts of the corpus wrote, by name. For tests: it trusts the file. */
export function arraysOf(path: string): Readonly<Record<string, StoredArray>> {
  const bytes = readFileSync(path);
  const arrays: Record<string, StoredArray> = {};
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replace(/\.npy$/, '');
    arrays[name] = arrayOf(memberAt(bytes, at), `${path}: ${name}`);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return arrays;
}

/** @param entry where its entry in the central directory is */
function memberAt(bytes: Buffer, entry: number): Buffer {
  const local = bytes.readUInt32LE(entry + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const stored = bytes.subarray(start, start + bytes.readUInt32LE(entry + 20));
  return bytes.readUInt16LE(entry + 10) === 8 ? inflateRawSync(stored) : stored;
}

const types = { '<f4': Float32Array, '<f8': Float64Array, '<i8': BigInt64Array } as const;

/** An .npy of version 1. */
function arrayOf(npy: Buffer, where: string): StoredArray {
  const start = 10 + npy.readUInt16LE(8);
  const header = npy.toString('latin1', 10, start);
  const found = /'descr': '(<f4|<f8|<i8)', 'fortran_order': False, 'shape': \(([\d, ]*)\)/.exec(header);
  if (found === null) throw new Error(`${where} is not what the scripts write: ${header}`);
  const dims = found[2]!.split(',').filter((part) => part.trim() !== '');
  const values = Uint8Array.from(npy.subarray(start));
  return { dims: dims.map(Number), data: new types[found[1] as keyof typeof types](values.buffer) };
}

/** What is recorded about a model: the JSON of a part. */
export function recorded(model: string, part: string): unknown {
  return JSON.parse(readFileSync(join(corpus, 'recorded', `${model}.${part}.json`), 'utf8'));
}

/** The arrays of a part. */
export function recordedArrays(model: string, part: string): Readonly<Record<string, StoredArray>> {
  return arraysOf(join(corpus, 'recorded', `${model}.${part}.npz`));
}
