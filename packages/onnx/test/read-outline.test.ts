import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { describeModel, OnnxError, type RandomAccess, readModel, readOutline, writeModel } from '../src/index.ts';
import { vector, vectorJson } from './vectors.ts';
import { logisticRegression } from './written-models.ts';

const { models } = vectorJson('valid/onnx-read.json') as { models: Record<string, { file: string }> };
const seeds = Object.values(models).map(({ file: name }) => vector(`valid/${name}`));
const { vectors } = vectorJson('must-fail/onnx/index.json') as { vectors: { file: string; code: string }[] };

/** A file that hands out copies, and nothing beyond its end. */
function access(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read(offset, length) {
      if (offset < 0 || offset + length > bytes.length) throw new RangeError('read beyond the file');
      return bytes.slice(offset, offset + length);
    },
  };
}

/** What a reader says about bytes: the description of the model, or the code of the refusal. */
function answer(read: () => ReturnType<typeof readModel>): unknown {
  try {
    return describeModel(read());
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    return [error.code, error.message];
  }
}

function expectSame(bytes: Uint8Array): void {
  expect(answer(() => readOutline(access(bytes)))).toEqual(answer(() => readModel(bytes)));
}

describe('an outline', () => {
  it.each(Object.values(models))('says the same as the whole model: $file', ({ file: name }) => {
    const bytes = vector(`valid/${name}`);
    expectSame(bytes);
    expect(readOutline(access(bytes)).graph.nodes).toHaveLength(readModel(bytes).graph.nodes.length);
  });

  it.each(vectors)('refuses what must be refused: $file', ({ file: name, code }) => {
    expect(() => readOutline(access(vector(`must-fail/onnx/${name}`)))).toThrow(expect.objectContaining({ code }));
  });

  it('answers damaged files as the reader of whole files does', () => {
    const edit = fc.record({ at: fc.nat(2000), byte: fc.nat(255), kind: fc.constantFrom('set', 'insert', 'cut') });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (seed, edits) => {
        let bytes = [...seed];
        for (const { at, byte, kind } of edits) {
          const place = bytes.length === 0 ? 0 : at % bytes.length;
          if (kind === 'set') bytes[place] = byte;
          if (kind === 'insert') bytes.splice(place, 0, byte);
          if (kind === 'cut') bytes = bytes.slice(0, place);
        }
        expectSame(Uint8Array.from(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('has the lengths of raw weights, and neither their values nor anything that could be written', () => {
    const bytes = writeModel(logisticRegression());
    const outline = readOutline(access(bytes));
    expect(outline.graph.initializers.get('w')?.content).toEqual({ kind: 'omitted', length: 12 });
    expect(() => writeModel(outline)).toThrow(expect.objectContaining({ code: 'HF_ONNX_NO_VALUES' }));
  });

  it('of more than the limit is refused', () => {
    const bytes = writeModel(logisticRegression());
    expect(() => readOutline(access(bytes), { outlineBytes: 100 })).toThrow(
      expect.objectContaining({ code: 'HF_ONNX_LIMIT' }),
    );
  });
});

describe('a file of almost 2 GiB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-outline-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes reads of a few windows', () => {
    const large = openSync(join(folder, 'large.onnx'), 'w+');
    const { size, weights } = writeLarge(large);
    let read = 0;
    const outline = readOutline({
      size,
      read(offset, length) {
        const bytes = Buffer.alloc(length);
        expect(readSync(large, bytes, 0, length, offset)).toBe(length);
        read += length;
        return bytes;
      },
    });
    closeSync(large);
    expect(outline.graph.initializers.get('w')?.content).toEqual({ kind: 'omitted', length: weights });
    expect(read).toBeLessThan(2 ** 18);
  });
});

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, body: number[], more = 0): number[] => [
  number * 8 + 2,
  ...varint(body.length + more),
  ...body,
];
const ascii = (text: string): number[] => [...Buffer.from(text)];

/** A model with one weight of FLOAT [2^29 − 2^10] that is a hole in the file: onnx.proto, by hand. */
function writeLarge(file: number): { size: number; weights: number } {
  const elements = 2 ** 29 - 2 ** 10;
  const weights = elements * 4;
  const tensor = [8, ...varint(elements), 16, 1, ...field(8, ascii('w')), 9 * 8 + 2, ...varint(weights)];
  const output = field(12, field(1, ascii('w')));
  const graph = [...field(2, ascii('g')), 5 * 8 + 2, ...varint(tensor.length + weights), ...tensor];
  const opset = field(8, [16, 17]);
  const head = [8, 8, 7 * 8 + 2, ...varint(graph.length + weights + output.length), ...graph];
  writeSync(file, Uint8Array.from(head), 0, head.length, 0);
  ftruncateSync(file, head.length + weights);
  const tail = [...output, ...opset];
  writeSync(file, Uint8Array.from(tail), 0, tail.length, head.length + weights);
  return { size: head.length + weights + tail.length, weights };
}
