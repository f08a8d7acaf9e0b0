import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { npzOf, readSamples } from '../src/index.ts';

const python = join(
  process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers'),
  'sklearn',
  'bin',
  'python',
);
const arrays = {
  x: { shape: [2, 1, 3], data: Float32Array.of(0, 0.5, -1, 1e-40, 3.4e38, 7) },
  y: { shape: [2], data: Int32Array.of(-5, 2_000_000_000) },
  weights: { shape: [3], data: Float64Array.of(Math.PI, 1e300, -0) },
  bytes: { shape: [0, 4], data: new Uint8Array(0) },
};

test('NumPy reads what is written, and zip finds nothing wrong', (context) => {
  if (!existsSync(python)) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs NumPy');
    context.skip('needs NumPy');
  }
  const file = join(temporaryFolder(), 'arrays.npz');
  writeFileSync(file, npzOf(arrays));
  const script = `
import json, sys, zipfile, numpy
assert zipfile.ZipFile(sys.argv[1]).testzip() is None
read = numpy.load(sys.argv[1], allow_pickle=False)
print(json.dumps({n: [str(read[n].dtype), list(read[n].shape), [float(v).hex() for v in read[n].ravel()]] for n in read}))`;
  const seen = JSON.parse(execFileSync(python, ['-c', script, file], { encoding: 'utf8' })) as Record<string, unknown>;
  expect(seen).toEqual({
    x: [
      'float32',
      [2, 1, 3],
      // hexadecimal floats by hand: 1e-40 is 71,362 (0x116c2) times 2^-149
      [
        '0x0.0p+0',
        '0x1.0000000000000p-1',
        '-0x1.0000000000000p+0',
        '0x1.16c2000000000p-133',
        expect.stringMatching(/^0x1\.ff933/),
        '0x1.c000000000000p+2',
      ],
    ],
    y: ['int32', [2], ['-0x1.4000000000000p+2', '0x1.dcd6500000000p+30']],
    weights: ['float64', [3], ['0x1.921fb54442d18p+1', expect.stringMatching(/p\+996$/), '-0x0.0p+0']],
    bytes: ['uint8', [0, 4], []],
  });
});

test('it is read back as samples, and the same arrays are the same bytes', async () => {
  const file = join(temporaryFolder(), 'arrays.npz');
  writeFileSync(file, npzOf(arrays));
  const { shape, values, labels } = await readSamples(file);
  expect([shape, [...values], [...labels!]]).toEqual([[2, 1, 3], [...arrays.x.data], [...arrays.y.data]]);
  expect(Buffer.compare(npzOf(arrays), npzOf(arrays))).toBe(0);
});

test('a shape that does not fit its data is refused', () => {
  expect(() => npzOf({ x: { shape: [2, 2], data: Float32Array.of(1) } })).toThrow(
    expect.objectContaining({ code: 'HF_DATASET_OPTIONS' }),
  );
});
