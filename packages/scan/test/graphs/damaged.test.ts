import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/source.ts';
import type { Format } from '../../src/format.ts';
import { checkpoint } from '../../src/formats/checkpoint/format.ts';
import { hdf5 } from '../../src/formats/hdf5/format.ts';
import { onnx } from '../../src/formats/onnx/format.ts';
import { graphDef, savedModel } from '../../src/formats/savedmodel/format.ts';
import { kerasMetadata } from '../../src/formats/savedmodel/keras-metadata.ts';
import { inspect } from './inspect.ts';

const folder = fileURLToPath(new URL('./files/', import.meta.url));
const file = (path: string): Uint8Array => readFileSync(folder + path);
const vectors = fileURLToPath(new URL('../../../../spec/vectors/valid/', import.meta.url));

const seeds: readonly (readonly [Format, string, Uint8Array])[] = [
  [hdf5, 'plain.hdf5', file('plain.hdf5')],
  [hdf5, 'plain-latest.hdf5', file('plain-latest.hdf5')],
  [hdf5, 'mlp.h5', file('mlp.h5')],
  [savedModel, 'saved-computes', file('saved-computes/saved_model.pb')],
  [savedModel, 'saved-table', file('saved-table/saved_model.pb')],
  [graphDef, 'frozen.pb', file('frozen.pb')],
  [kerasMetadata, 'keras_metadata.pb', file('keras_metadata.pb')],
  [checkpoint, 'variables.index', file('saved-keras/variables/variables.index')],
  [onnx, 'onnx-subgraph.onnx', readFileSync(`${vectors}onnx-subgraph.onnx`)],
];

const edit = fc.record({
  at: fc.nat(),
  byte: fc.nat(255),
  kind: fc.constantFrom('set', 'set', 'zero', 'ones', 'insert', 'delete', 'cut', 'repeat'),
});

function damage(seed: Uint8Array, edits: readonly { at: number; byte: number; kind: string }[]): Uint8Array {
  let bytes = Buffer.from(seed);
  for (const { at, byte, kind } of edits) {
    const place = at % Math.max(1, bytes.length);
    const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
    if (kind === 'set') bytes[place] = byte;
    if (kind === 'zero') bytes.fill(0, place, Math.min(bytes.length, place + 8));
    if (kind === 'ones') bytes.fill(255, place, Math.min(bytes.length, place + (byte % 8)));
    if (kind === 'insert') bytes = Buffer.concat([before, Buffer.of(byte), after]);
    if (kind === 'delete') bytes = Buffer.concat([before, after.subarray(1)]);
    if (kind === 'cut') bytes = Buffer.from(before);
    if (kind === 'repeat') bytes = Buffer.concat([before, after.subarray(0, byte), after]);
  }
  return bytes;
}

describe.each(seeds)('damage', (format, name, seed) => {
  it(`${name}, damaged, ends in a verdict and nothing else`, async () => {
    const scanner = await format.load();
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const part = await inspect(new MemorySource(damage(seed, edits)), scanner);
        expect(['pass', 'warn', 'unknown', 'fail']).toContain(part.verdict);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a file that is cut short', () => {
  it.each(['plain.hdf5', 'plain-latest.hdf5', 'mlp.h5'])('is never clean: %s', async (name) => {
    const bytes = file(name);
    const scanner = await hdf5.load();
    for (let length = 0; length < bytes.length; length += 37) {
      const part = await inspect(new MemorySource(bytes.subarray(0, length)), scanner);
      expect(part.verdict, `${length} bytes`).toBe('unknown');
    }
  });

  it('is never clean: variables.index', async () => {
    const bytes = file('saved-keras/variables/variables.index');
    const scanner = await checkpoint.load();
    for (let length = 0; length < bytes.length; length++) {
      expect((await inspect(new MemorySource(bytes.subarray(0, length)), scanner)).verdict).toBe('unknown');
    }
  });
});
