import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatasetError, readSamples } from '@holdfast/dataset';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import recorded from './fixtures/expected.json' with { type: 'json' };

const fixtures = join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => join(fixtures, name);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-dataset-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('an npy file of NumPy', () => {
  it.each(Object.entries(recorded.arrays))('%s gives its numbers', async (name, { shape, values }) => {
    const samples = await readSamples(fixture(name));
    expect(samples.shape).toEqual(shape);
    expect([...samples.values]).toEqual(values.map(Math.fround));
    expect(samples.labels).toBeUndefined();
  });

  it.each([
    ['refused-objects.npy', 'HF_DATASET_TYPE', 'Python objects, which only unpickling would read'],
    ['refused-texts.npy', 'HF_DATASET_TYPE', '`U2`'],
    ['refused-complex.npy', 'HF_DATASET_TYPE', '`c16`'],
    ['refused-records.npy', 'HF_DATASET_TYPE', '`structured`'],
    ['refused-scalar.npy', 'HF_DATASET_FORMAT', 'one number'],
  ])('%s is refused', async (name, code, words) => {
    await expect(readSamples(fixture(name))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
  });

  it('is as long as it says', async () => {
    const bytes = readFileSync(fixture('npy-little-f4.npy'));
    for (const other of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), bytes.subarray(0, 9)]) {
      await expect(readSamples(written('cut.npy', other))).rejects.toMatchObject({ code: 'HF_DATASET_FORMAT' });
    }
    const huge = bytes.toString('latin1').replace('(2, 3), }      ', '(9999999999999, 3), }');
    await expect(readSamples(written('huge.npy', Buffer.from(huge, 'latin1')))).rejects.toMatchObject({
      code: 'HF_DATASET_FORMAT',
    });
  });

  it('or what is left of it gives numbers or an error with a code, and nothing else', async () => {
    const names = ['npy-little-f4.npy', 'stored.npz', 'deflated.npz', 'images.idx3-ubyte', 'images.idx3-ubyte.gz'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.nat(20),
        async (name, changes, cut) => {
          const bytes = new Uint8Array(readFileSync(fixture(name)));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const path = written(name, bytes.subarray(0, bytes.length - (cut > 10 ? cut : 0)));
          const answer = await readSamples(path).catch((error: unknown) => error);
          if (answer instanceof Error) expect(answer).toBeInstanceOf(DatasetError);
          else expect(answer).toHaveProperty('values');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('labels', () => {
  it('lie in a file of their own, in a row or a column', async () => {
    const x = fixture('npy-little-f4.npy');
    expect((await readSamples(x, { labels: fixture('labels.npy') })).labels).toEqual(Int32Array.of(3, -1));
    expect((await readSamples(x, { labels: fixture('labels-column.npy') })).labels).toEqual(Int32Array.of(1, 0));
    const { labels, classes } = await readSamples(x, { labels: fixture('labels-column.npy'), classes: ['no', 'yes'] });
    expect([labels, classes]).toEqual([Int32Array.of(1, 0), ['no', 'yes']]);
  });

  it.each([
    ['npy-little-f4.npy', 'refused-labels.npy', 'not a whole number'],
    ['npy-fortran.npy', 'npy-version-2.npy', 'there are 2 samples, and labels of the shape [3]'],
    ['npy-little-f4.npy', 'npy-little-i4.npy', 'labels of the shape [2, 3]'],
  ])('are refused: %s with %s', async (x, labels, words) => {
    await expect(readSamples(fixture(x), { labels: fixture(labels) })).rejects.toMatchObject({
      code: 'HF_DATASET_LABELS',
      message: expect.stringContaining(words) as string,
    });
  });

  it('are within the classes', async () => {
    const options = { labels: fixture('labels.npy'), classes: ['a', 'b', 'c', 'd'] };
    await expect(readSamples(fixture('npy-little-f4.npy'), options)).rejects.toMatchObject({
      code: 'HF_DATASET_LABELS',
      message: 'the label `-1` is beyond the 4 classes',
    });
  });
});

describe('targets', () => {
  it('are what stands where labels do, whole or not', async () => {
    const { targets, labels } = await readSamples(fixture('npy-little-f4.npy'), {
      labels: fixture('refused-labels.npy'),
      targets: true,
    });
    // tests/fixtures/record.py
    expect([targets, labels]).toEqual([Float32Array.of(0.5, 1), undefined]);
    expect((await readSamples(fixture('stored.npz'), { targets: true })).targets).toEqual(Float32Array.of(2, 0, 1));
    expect(await readSamples(fixture('no-labels.npz'), { targets: true })).not.toHaveProperty('targets');
  });

  it('are finite, and one a sample', async () => {
    const [x, options] = [fixture('npy-fortran.npy'), { labels: fixture('npy-version-2.npy'), targets: true }];
    await expect(readSamples(x, options)).rejects.toThrow('there are 2 samples, and values of the shape [3]');
    const bytes = readFileSync(fixture('refused-labels.npy'));
    const infinite = written(
      'infinite.npy',
      Buffer.concat([bytes.subarray(0, -8), Buffer.from('000000000000f07f', 'hex')]),
    );
    await expect(readSamples(fixture('npy-little-f4.npy'), { labels: infinite, targets: true })).rejects.toMatchObject({
      code: 'HF_DATASET_LABELS',
      message: expect.stringContaining('the value of sample 1 is `Infinity`') as string,
    });
  });

  it.each([
    ['npy-little-f4.npy', { classes: ['a'] }],
    ['.', {}],
  ])('have no meaning for classes and images: %s', async (name, more) => {
    const path = name === '.' ? import.meta.dirname : fixture(name);
    await expect(readSamples(path, { ...more, targets: true })).rejects.toMatchObject({ code: 'HF_DATASET_OPTIONS' });
  });
});

describe('an npz file of NumPy', () => {
  it('holds x and y, stored or deflated', async () => {
    const stored = await readSamples(fixture('stored.npz'));
    expect(stored).toEqual({
      shape: [3, 2],
      values: Float32Array.of(0, 1, 2, 3, 4, 5),
      labels: Int32Array.of(2, 0, 1),
    });
    const deflated = await readSamples(fixture('deflated.npz'));
    expect([deflated.shape, deflated.values.at(-1), deflated.labels]).toEqual([[3, 100], 5, Int32Array.of(2, 0, 1)]);
    expect((await readSamples(fixture('no-labels.npz'))).labels).toBeUndefined();
  });

  it('is refused without x, damaged, or too large', async () => {
    await expect(readSamples(fixture('no-samples.npz'))).rejects.toMatchObject({ code: 'HF_DATASET_FORMAT' });
    const bytes = readFileSync(fixture('stored.npz'));
    const damaged = Buffer.from(bytes);
    damaged[bytes.indexOf('NUMPY') + 122] = 1;
    await expect(readSamples(written('damaged.npz', damaged))).rejects.toMatchObject({
      code: 'HF_DATASET_FORMAT',
      message: expect.stringContaining('another length or checksum') as string,
    });
    await expect(readSamples(fixture('deflated.npz'), { limits: { fileBytes: 1000 } })).rejects.toMatchObject({
      code: 'HF_DATASET_LIMIT',
      message: expect.stringContaining('unpacks to 1328 bytes, more than `fileBytes`: 1000') as string,
    });
  });
});

describe('an IDX file', () => {
  it.each(['images.idx3-ubyte', 'images.idx3-ubyte.gz'])('%s gives its numbers and labels', async (name) => {
    expect(await readSamples(fixture(name), { labels: fixture('labels.idx1-ubyte') })).toEqual({
      shape: [2, 2, 3],
      values: Float32Array.from({ length: 12 }, (_, index) => index),
      labels: Int32Array.of(7, 9),
    });
  });

  it('holds big-endian floats', async () => {
    const { shape, values } = await readSamples(fixture('floats.idx'));
    expect([shape, values]).toEqual([[1, 2], Float32Array.of(-0.5, 3.25)]);
  });

  it('is refused when it is cut short, or unpacks to too much', async () => {
    const bytes = readFileSync(fixture('images.idx3-ubyte'));
    await expect(readSamples(written('cut.idx', bytes.subarray(0, 20)))).rejects.toMatchObject({
      code: 'HF_DATASET_FORMAT',
      message: expect.stringContaining('has 4 bytes of data, its shape [2, 2, 3] says 12') as string,
    });
    await expect(readSamples(written('not.gz', Buffer.of(0x1f, 0x8b, 1, 2)))).rejects.toMatchObject({
      code: 'HF_DATASET_FORMAT',
    });
    const bomb = written('bomb.gz', gzipSync(Buffer.alloc(1_000_000)));
    await expect(readSamples(bomb, { limits: { fileBytes: 2000 } })).rejects.toMatchObject({
      code: 'HF_DATASET_LIMIT',
      message: expect.stringContaining('unpacks to more, more than `fileBytes`: 2000') as string,
    });
  });
});

describe('what is not read', () => {
  it('is what is not there, of no known format, or larger than accepted', async () => {
    await expect(readSamples(join(folder, 'nothing.npy'))).rejects.toMatchObject({ code: 'HF_DATASET_UNREADABLE' });
    await expect(readSamples(written('text.txt', Buffer.from('hello')))).rejects.toMatchObject({
      code: 'HF_DATASET_FORMAT',
    });
    const x = fixture('npy-little-f4.npy');
    for (const [limits, words] of [
      [{ fileBytes: 100 }, 'has 152 bytes, more than `fileBytes`: 100'],
      [{ rows: 1 }, 'has 2 samples, more than `rows`: 1'],
      [{ valueBytes: 20 }, 'takes 24 bytes in memory, more than `valueBytes`: 20'],
    ] as const) {
      await expect(readSamples(x, { limits })).rejects.toMatchObject({
        code: 'HF_DATASET_LIMIT',
        message: expect.stringContaining(words) as string,
      });
    }
  });

  it('is what an option is said for that has no meaning', async () => {
    for (const options of [{ label: 'y' }, { missing: {} }, { names: ['a'] }, { separator: ';' }, { columns: [] }]) {
      await expect(readSamples(fixture('labels.npy'), options)).rejects.toMatchObject({ code: 'HF_DATASET_OPTIONS' });
    }
  });
});
