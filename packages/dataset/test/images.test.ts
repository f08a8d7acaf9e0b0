import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { DatasetError, readSamples } from '@holdfast/dataset';
import { readPng } from '@holdfast/dataset/png';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import recorded from './fixtures/expected.json' with { type: 'json' };

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);
const root = mkdtempSync(join(tmpdir(), 'holdfast-images-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A folder of images: where each lies, and of which fixture it is a copy. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  for (const [path, from] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    cpSync(fixture(from), join(folder, path));
  }
  return folder;
}

describe('a PNG image of Pillow', () => {
  it.each(Object.entries(recorded.images))('%s gives its pixels', (name, { shape, pixels }) => {
    const image = readPng(readFileSync(fixture(name)), name);
    expect([image.height, image.width, image.channels]).toEqual(shape);
    expect([...image.pixels]).toEqual(pixels);
  });

  it('of sixteen bits a sample is refused', () => {
    const name = 'refused-16-bits.png';
    expect(() => readPng(readFileSync(fixture(name)), name)).toThrow('16 bits a sample');
  });

  it('damaged is refused: nothing but an error with a code is thrown', () => {
    const bytes = new Uint8Array(readFileSync(fixture('RGB.png')));
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(bytes.length - 1),
        (at, by, cut) => {
          const changed = bytes.slice();
          changed[at] = (changed[at] ?? 0) ^ by;
          expect(() => readPng(changed, 'changed')).toThrow(DatasetError);
          expect(() => readPng(bytes.subarray(0, cut), 'cut')).toThrow(DatasetError);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('unpacks to no more than its size says', () => {
    for (const length of [0, 3, 5, 10_000_000]) {
      expect(() => readPng(greyPng({ lines: Buffer.alloc(length) }), 'bomb')).toThrow('not packed as its size says');
    }
    expect(readPng(greyPng({ lines: Buffer.of(0, 5, 1, 7) }), 'good').pixels).toEqual(Uint8Array.of(5, 7));
    expect(() => readPng(greyPng({ lines: Buffer.of(0, 5, 9, 7) }), 'odd')).toThrow('a line with filter 9');
    expect(() => readPng(greyPng({ lines: Buffer.of(0, 5, 1, 7), interlace: 1 }), 'odd')).toThrow('interlaced');
    expect(() => readPng(greyPng({ lines: Buffer.of(0, 5, 1, 7), colour: 3 }), 'odd')).toThrow('no palette');
    expect(() => readPng(greyPng({ lines: Buffer.of(0, 5, 1, 7), chunk: 'tRNS' }), 'odd')).toThrow('`tRNS`');
  });
});

/** An image one pixel wide and two high, out of lines that may not fit it. */
function greyPng(parts: { lines: Uint8Array; interlace?: number; colour?: number; chunk?: string }): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, checksum]);
  };
  const header = Buffer.of(0, 0, 0, 1, 0, 0, 0, 2, 8, parts.colour ?? 0, 0, 0, parts.interlace ?? 0);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...(parts.chunk === undefined ? [] : [chunk(parts.chunk, Buffer.alloc(2))]),
    chunk('IDAT', deflateSync(parts.lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a folder of images', () => {
  it('gives them channels first, with the class that their folder is', async () => {
    const folder = folderOf('good', { 'dog/2.png': 'RGB.png', 'cat/1.png': 'RGB.png', 'dog/10.png': 'RGB.png' });
    const { shape, values, labels, classes } = await readSamples(folder);
    expect([shape, classes, labels]).toEqual([[3, 3, 5, 7], ['cat', 'dog'], Int32Array.of(0, 1, 1)]);
    const { pixels } = recorded.images['RGB.png'];
    // Of the second image the green of the pixel in row 4, column 6; and the first red.
    expect(values[105 + 35 + 4 * 7 + 6]).toBe(pixels[(4 * 7 + 6) * 3 + 1]);
    expect(values[105]).toBe(pixels[0]);
    const other = await readSamples(folder, { classes: ['dog', 'fox', 'cat'] });
    expect([other.labels, other.classes]).toEqual([Int32Array.of(2, 0, 0), ['dog', 'fox', 'cat']]);
  });

  it.each([
    [
      'of two sizes',
      { 'a/1.png': 'RGB.png', 'a/2.png': 'palette.png' },
      'HF_DATASET_FORMAT',
      'is 4×4×3, others are 7×5×3',
    ],
    ['with what is no image', { 'a/1.png': 'labels.npy' }, 'HF_DATASET_FORMAT', 'is not a PNG image'],
    ['without folders', { '1.png': 'RGB.png' }, 'HF_DATASET_UNREADABLE', 'is not a folder of images'],
  ] as const)('%s is refused', async (name, files, code, words) => {
    await expect(readSamples(folderOf(name, files))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
  });

  it('is refused when it is empty, or has a class too many', async () => {
    mkdirSync(join(root, 'empty', 'a'), { recursive: true });
    await expect(readSamples(join(root, 'empty'))).rejects.toMatchObject({ code: 'HF_DATASET_FORMAT' });
    const folder = folderOf('classes', { 'a/1.png': 'L.png', 'b/1.png': 'L.png' });
    await expect(readSamples(folder, { classes: ['a'] })).rejects.toMatchObject({ code: 'HF_DATASET_LABELS' });
    await expect(readSamples(folder, { limits: { rows: 1 } })).rejects.toMatchObject({ code: 'HF_DATASET_LIMIT' });
    writeFileSync(join(folder, 'a', '.hidden'), '');
    expect((await readSamples(folder)).shape).toEqual([2, 1, 5, 7]);
  });
});
