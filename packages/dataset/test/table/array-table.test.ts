import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError, openTable } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, seen } from './scene.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const fixture = (name: string): string => join(fixtures, name);
const code = (name: string): unknown => expect.objectContaining({ code: name });

/** What NumPy wrote, by record.py beside the fixtures. */
const recorded = (
  JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as {
    arrays: Record<string, { shape: number[]; values: number[] }>;
  }
).arrays;

describe('arrays', () => {
  const flat = Object.entries(recorded).filter(([, { shape }]) => shape.length === 2);
  test.each(flat)(
    '%s is a column for each number of a row',
    async (name, { shape: [rows = 0, columns = 0], values }) => {
      const found = await seen(fixture(name));
      expect(Object.keys(found.columns)).toEqual(Array.from({ length: columns }, (_, index) => String(index)));
      expect(
        found.rows.map((row) =>
          row.slice(1).map((text) => (text === 'true' ? 1 : text === 'false' ? 0 : Number(text))),
        ),
      ).toEqual(Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns)));
      expect([found.total, found.defects]).toEqual([rows, []]);
    },
  );

  test('whole numbers of 64 bits keep their last digits', async () => {
    const header = Buffer.from(`{'descr': '<i8', 'fortran_order': False, 'shape': (2, 1), }`.padEnd(117) + '\n');
    const values = Buffer.alloc(16);
    values.writeBigInt64LE(2n ** 53n + 1n, 0);
    values.writeBigInt64LE(-(2n ** 63n), 8);
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
    const { rows } = await seen(fileOf(Buffer.concat([start, header, values]), 'a.npy'));
    expect(rows).toEqual([
      [1, '9007199254740993'],
      [2, '-9223372036854775808'],
    ]);
  });

  test('an npz is its arrays, IDX images what can be said of each, with labels', async () => {
    expect((await seen(fixture('stored.npz'))).columns).toEqual({ 'x.0': 'number', 'x.1': 'number', y: 'integer' });
    const { columns, rows } = await seen(fixture('images.idx3-ubyte'), { labels: fixture('labels.idx1-ubyte') });
    expect(Object.keys(columns)).toEqual(['mean', 'min', 'max', 'deviation', 'non-zero', 'sha256', 'label']);
    const images = [
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10, 11],
    ];
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const [index, pixels] of images.entries()) {
      const row = rows[index] ?? [];
      expect(Number(row[1])).toBeCloseTo(mean(pixels), 12);
      expect([Number(row[2]), Number(row[3])]).toEqual([pixels[0], pixels[5]]);
      expect(Number(row[4]) ** 2).toBeCloseTo(mean(pixels.map((pixel) => pixel ** 2)) - mean(pixels) ** 2, 12);
      expect(Number(row[5])).toBeCloseTo(index === 0 ? 5 / 6 : 1, 12);
      expect(row[6]).toBe(createHash('sha256').update(Uint8Array.from(pixels)).digest('hex'));
      expect(row[7]).toBe(String([7, 9][index]));
    }
  });

  test.each(['refused-objects.npy', 'refused-texts.npy', 'refused-complex.npy', 'refused-records.npy'])(
    '%s is refused',
    async (name) => {
      await expect(openTable(fixture(name))).rejects.toEqual(code('HF_DATASET_TYPE'));
    },
  );

  test('labels of another length, options that have no meaning', async () => {
    await expect(openTable(fixture('images.idx3-ubyte'), { labels: fixture('npy-version-2.npy') })).rejects.toEqual(
      code('HF_DATASET_LABELS'),
    );
    await expect(openTable(fixture('labels.npy'), { separator: ';' })).rejects.toEqual(code('HF_DATASET_OPTIONS'));
  });

  test('with any bytes changed or cut: an error with a code, or a table', async () => {
    const files = ['npy-little-f4.npy', 'deflated.npz', 'images.idx3-ubyte'].map(
      (name) => [name, readFileSync(fixture(name))] as const,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.nat(255),
        fc.boolean(),
        async ([name, original], at, value, isCut) => {
          const bytes = Buffer.from(original);
          bytes[at % bytes.length] = value;
          try {
            const { rows, total } = await seen(fileOf(isCut ? bytes.subarray(0, at % bytes.length) : bytes, name));
            expect(rows).toHaveLength(total);
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError);
          }
        },
      ),
      { numRuns: 15, seed: 6 },
    );
  });
});

describe('a folder of images', () => {
  const folderOf = (files: Readonly<Record<string, Uint8Array>>): string => {
    const folder = temporaryFolder('holdfast-images');
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return folder;
  };

  test('is a row an image; what is no PNG is there without its pixels, and said', async () => {
    const png = readFileSync(fixture('RGB.png'));
    const folder = folderOf({
      'cat/b.png': png,
      'cat/a.png': png.subarray(0, -5),
      'dog/c.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      'd.txt': Buffer.from('hello'),
    });
    const { columns, rows, total, defects } = await seen(folder);
    expect(Object.keys(columns)).toEqual([
      'path',
      'class',
      'format',
      'bytes',
      'width',
      'height',
      'channels',
      'mean',
      'deviation',
      'sha256',
    ]);
    expect(rows.map((row) => row.slice(1, 5))).toEqual([
      ['cat/a.png', 'cat', 'png', String(png.length - 5)],
      ['cat/b.png', 'cat', 'png', String(png.length)],
      ['d.txt', null, 'txt', '5'],
      ['dog/c.jpg', 'dog', 'jpeg', '4'],
    ]);
    expect(rows[1]?.[7]).toBe('3');
    expect([total, defects]).toEqual([
      4,
      ['unreadable row 1, left out', 'unreadable row 3, left out', 'unreadable row 4, left out'],
    ]);
  });

  test('has the pixels of JPEG images too', async () => {
    const { images } = JSON.parse(readFileSync(fixture('jpeg.json'), 'utf8')) as {
      images: Record<string, { width: number; height: number; channels: number; sha256: string }>;
    };
    const names = ['grey.jpg', 'progressive.jpg'];
    const { rows, defects } = await seen(
      folderOf(Object.fromEntries(names.map((name) => [name, readFileSync(fixture(name))]))),
    );
    for (const [index, name] of names.entries()) {
      const { width, height, channels, sha256 } = images[name] ?? {};
      expect([...(rows[index] ?? []).slice(5, 8), rows[index]?.[10]]).toEqual([
        ...[width, height, channels].map(String),
        sha256,
      ]);
    }
    expect(defects).toEqual([]);
  });

  test('has hidden files as rows, and none of what looks after folders', async () => {
    const png = readFileSync(fixture('L.png'));
    const { rows } = await seen(folderOf({ '.a.png': png, 'b.png': png, '.DS_Store': png, 'Thumbs.db': png }));
    expect(rows.map((row) => row[1])).toEqual(['.a.png', 'b.png']);
  });

  test('with a link in it, or nothing, is refused', async () => {
    const folder = folderOf({ 'a.png': readFileSync(fixture('L.png')) });
    symlinkSync('/etc/hostname', join(folder, 'b.png'));
    await expect(openTable(folder)).rejects.toEqual(code('HF_DATASET_UNREADABLE'));
    await expect(openTable(temporaryFolder())).rejects.toEqual(code('HF_DATASET_FORMAT'));
  });
});
