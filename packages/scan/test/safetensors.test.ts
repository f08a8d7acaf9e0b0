import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanFile } from '../src/index.ts';
import { damaged } from './damage.ts';
import { needsPython, runPython, scanBytes, temporaryFolder, verdictOf } from './files-scene.ts';

const folder = temporaryFolder();

/** A file of a header as it is written here, and so many bytes of data. */
function file(header: string, dataBytes = 0, length = Buffer.byteLength(header)): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([head, Buffer.from(header), Buffer.alloc(dataBytes)]);
}

const tensor = (dtype: string, shape: number[], from: number, to: number): string =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });
const scan = async (bytes: Uint8Array): Promise<string> => verdictOf(await scanBytes(folder, 'x.safetensors', bytes));

describe('a safetensors file', () => {
  it('that safetensors 0.8.0 wrote is clean', async (context) => {
    needsPython(context);
    runPython(
      `
import sys, numpy as np
from safetensors.numpy import save_file
folder = sys.argv[1]
types = [np.float64, np.float32, np.float16, np.int64, np.int32, np.int16, np.int8, np.uint8, np.uint16, np.uint32, np.uint64, np.bool_, np.complex64]
save_file({f"layer.{i}.{t.__name__}": np.ones((i + 1, 3), t) for i, t in enumerate(types)}, f"{folder}/types.safetensors", metadata={"format": "pt"})
save_file({"empty": np.zeros((0, 4), np.float32), "scalar": np.array(1, np.int8), "größe": np.zeros(5, np.uint8)}, f"{folder}/odd.safetensors")
save_file({}, f"{folder}/none.safetensors")
`,
      [folder],
    );
    const results = await Promise.all(
      ['types', 'odd', 'none'].map((name) => scanFile(join(folder, `${name}.safetensors`))),
    );
    expect(results.map(({ verdict, summary }) => `${verdict} ${summary}`)).toEqual([
      'pass 13 tensors',
      'pass 3 tensors',
      'pass 0 tensors',
    ]);
  });

  it('may have types of fewer bits than a byte, and padding', async () => {
    const header = `{"a":${tensor('F4', [4], 0, 2)},"b":${tensor('F6_E2M3', [4], 2, 5)},"c":${tensor('F8_E8M0', [], 5, 6)}}   `;
    expect(await scan(file(header, 6))).toBe('pass');
  });

  it.each([
    ['bytes behind the last tensor', file(`{"a":${tensor('U8', [2], 0, 2)}}`, 3), 'layout'],
    ['an end before the last tensor', file(`{"a":${tensor('U8', [2], 0, 2)}}`, 1), 'layout'],
    ['a gap', file(`{"a":${tensor('U8', [2], 0, 2)},"b":${tensor('U8', [1], 3, 4)}}`, 4), 'layout'],
    ['an overlap', file(`{"a":${tensor('U8', [2], 0, 2)},"b":${tensor('U8', [2], 1, 3)}}`, 3), 'layout'],
    ['a tensor twice', file(`{"a":${tensor('U8', [1], 0, 1)},"a":${tensor('U8', [1], 1, 2)}}`, 2), 'duplicate'],
    ['a field twice', file('{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1), 'duplicate'],
    ['a key of the metadata twice', file('{"__metadata__":{"a":"1","a":"2"}}'), 'duplicate'],
  ])('with %s fails', async (_, bytes, rule) => {
    expect(await scan(bytes)).toBe(`fail scan.safetensors.${rule}`);
  });

  it.each([
    ['a type that is unknown', file(`{"a":${tensor('U7', [1], 0, 1)}}`, 1)],
    ['a type named as JavaScript names something', file(`{"a":${tensor('constructor', [1], 0, 1)}}`, 1)],
    ['another size than its shape says', file(`{"a":${tensor('F32', [2], 0, 4)}}`, 4)],
    ['half a byte', file(`{"a":${tensor('F4', [3], 0, 1)}}`, 1)],
    ['a negative dimension', file(`{"a":${tensor('U8', [-1, -1], 0, 1)}}`, 1)],
    ['an offset that runs backwards', file(`{"a":${tensor('U8', [0], 1, 0)}}`, 1)],
    ['dimensions that overflow 64 bits', file(`{"a":${tensor('U8', [2 ** 32, 2 ** 32, 2 ** 32], 0, 0)}}`)],
    ['a number with a fraction', file('{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}', 1)],
    ['a field more', file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":0}}', 1)],
    ['metadata that is no map of texts', file('{"__metadata__":{"a":1}}')],
    ['a header that is an array', file('[]')],
    ['something behind the header', file('{}{}')],
    ['a comma too many', file(`{"a":${tensor('U8', [1], 0, 1)},}`, 1)],
    ['a header longer than any library reads', file('{}', 2 ** 20, 2 ** 40)],
  ])('with %s is unknown', async (_, bytes) => {
    expect(await scan(bytes)).toBe('unknown');
  });

  it('of 3 GB is read as far as its header, of which there is one', async () => {
    const path = join(folder, 'big.safetensors');
    const size = 3 * 2 ** 30;
    const head = file(`{"a":${tensor('U8', [size], 0, size)}}`);
    const descriptor = openSync(path, 'w');
    writeSync(descriptor, head);
    closeSync(descriptor);
    truncateSync(path, head.length + size);
    expect(await scanFile(path, { hash: false })).toMatchObject({ verdict: 'pass', summary: '1 tensor' });
  });

  it('that is damaged is clean only where safetensors itself takes it', async (context) => {
    needsPython(context);
    const seed = file(`{"a":${tensor('U8', [2], 0, 2)},"b":${tensor('F32', [1], 2, 6)}} `, 6);
    const files = fc.sample(damaged(seed, '{}[],:"0123456789 U8FIB'), { numRuns: 600, seed: 3 });
    const ours: string[] = [];
    for (const bytes of files) ours.push((await scanBytes(folder, 'damaged.safetensors', bytes)).verdict);
    const theirs = JSON.parse(
      runPython(
        `
import json, sys, safetensors
def reads(text):
    try:
        safetensors.deserialize(bytes.fromhex(text))
        return True
    except Exception:
        return False
print(json.dumps([reads(text) for text in json.load(sys.stdin)]))
`,
        [],
        JSON.stringify(files.map((bytes) => Buffer.from(bytes).toString('hex'))),
      ),
    ) as readonly boolean[];
    expect(files.filter((_, index) => ours[index] === 'pass' && theirs[index] !== true)).toEqual([]);
    expect(ours.filter((verdict) => verdict === 'pass').length).toBeGreaterThan(4);
    expect(ours.filter((verdict) => verdict !== 'pass').length).toBeGreaterThan(100);
  });
});
