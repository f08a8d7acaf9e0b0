import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { allArrays, pictureArrays, picturesOfArray } from '@holdfast/dataset/pictures/picture-arrays';
import { pictureFiles } from '@holdfast/dataset/pictures/picture-files';
import { pictureLayout } from '@holdfast/dataset/pictures/picture-layout';
import { pngSize } from '@holdfast/dataset/png';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import recorded from './fixtures/expected.json' with { type: 'json' };
import jpegs from './fixtures/jpeg.json' with { type: 'json' };

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const all = (total: number): Uint32Array => Uint32Array.from({ length: total }, (_, at) => at);

/** A folder with copies of fixtures, or with bytes, by their paths. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder('holdfast-pictures');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (typeof content === 'string') cpSync(fixture(content), join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A PNG header that says so, and hardly any data. */
function declared(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = chunk('IDAT', deflateSync(Buffer.alloc(100)));
  return Buffer.concat([signature, chunk('IHDR', header), data, chunk('IEND', new Uint8Array())]);
}

/** Pixels as Pillow has them (channels last), with channels first. */
function channelsFirst(pixels: readonly number[], channels: number): number[] {
  const area = pixels.length / channels;
  return Array.from({ length: pixels.length }, (_, at) => pixels[(at % area) * channels + Math.floor(at / area)] ?? -1);
}

describe('files', () => {
  test('PNG of Pillow are their pixels with channels first; a grey one among coloured ones has three equal colours', async () => {
    const folder = folderOf({ 'a/1.png': 'RGB.png', 'a/2.png': 'RGB.png', 'b/3.png': 'L.png' });
    const found = await pictureFiles(folder, ['a/1.png', 'a/2.png', 'b/3.png'], all);
    const colour = channelsFirst(recorded.images['RGB.png'].pixels, 3);
    const grey = recorded.images['L.png'].pixels;
    expect(found).toMatchObject({ shape: [3, 5, 7], total: 3, unread: 0, left: [], areBytes: true });
    expect([...found.places]).toEqual([0, 1, 2]);
    expect([...found.values]).toEqual([...colour, ...colour, ...grey, ...grey, ...grey]);
  });

  test('JPEG have the pixels that Pillow sees', async () => {
    const { width, height, sha256 } = jpegs.images['full.jpg'];
    const { values, shape } = await pictureFiles(folderOf({ 'a.jpg': 'full.jpg' }), ['a.jpg'], all);
    expect(shape).toEqual([3, height, width]);
    const area = width * height;
    const last = Uint8Array.from({ length: 3 * area }, (_, at) => values[(at % 3) * area + Math.floor(at / 3)] ?? 0);
    expect(createHash('sha256').update(last).digest('hex')).toBe(sha256);
  });

  test('what is cut short, of another size, of another kind or too large is left out by its name, and the rest is read', async () => {
    const bytes = readFileSync(fixture('RGB.png'));
    const files = {
      ...{ '1.png': 'RGB.png', '2.png': bytes.subarray(0, bytes.length - 20), '3.png': 'palette.png' },
      ...{ '4.png': 'RGB.png', '5.png': declared(32_000, 32_000), '6.txt': Buffer.from('read me') },
      ...{ '7.png': new Uint8Array(), '8.png': 'RGBA.png', '9.png': 'refused-16-bits.png' },
    };
    const found = await pictureFiles(folderOf(files), Object.keys(files), all);
    expect([...found.places]).toEqual([0, 3]);
    expect(found).toMatchObject({ total: 9, unread: 7, shape: [3, 5, 7] });
    const left = found.left.join('\n');
    for (const why of [
      '`2.png`: its pixels are not read: `2.png` is cut short',
      '`3.png`: it is 4×4×3, and most are 7×5×3',
      '`5.png`: its pixels are not read: `5.png` is 32000×32000×3, more than 16777216 pixels',
      '`6.txt`: its pixels are not read: `6.txt` is not a PNG image',
      '`7.png`: its pixels are not read',
      '`8.png`: it is 7×5×4',
      '`9.png`: its pixels are not read',
    ]) {
      expect(left).toContain(why);
    }
  });

  test('a folder without any picture is an error, and only chosen ones are decoded', async () => {
    const none = folderOf({ 'a.txt': Buffer.from('no picture') });
    await expect(pictureFiles(none, ['a.txt'], all)).rejects.toMatchObject({ code: 'HF_DATASET_FORMAT' });
    await expect(pictureFiles(none, [], all)).rejects.toThrow('holds no picture');
    const files = { '1.png': 'RGB.png', '2.png': 'RGB.png', '3.png': 'RGB.png' };
    const found = await pictureFiles(folderOf(files), Object.keys(files), (total, size) => {
      expect([total, size]).toEqual([3, 105]);
      return Uint32Array.of(1);
    });
    expect([[...found.places], found.values.length, found.total, found.unread]).toEqual([[1], 105, 3, 0]);
  });

  test('a header says the size before anything is unpacked', () => {
    expect(pngSize(declared(9, 5).subarray(0, 33), 'a.png')).toEqual({ width: 9, height: 5, channels: 3 });
    const changed = Buffer.from(declared(9, 5));
    changed[17] = 1;
    expect(() => pngSize(changed, 'a.png')).toThrow('another checksum');
    expect(() => pngSize(changed.subarray(0, 20), 'a.png')).toThrow('is cut short');
  });
});

describe('arrays', () => {
  test('IDX is pictures and labels', () => {
    const { pictures, labels } = pictureArrays(fixture('images.idx3-ubyte'), 'idx', {
      labels: fixture('labels.idx1-ubyte'),
    });
    const found = picturesOfArray(pictures, all, { path: 'images' });
    expect(found).toMatchObject({ shape: [1, 2, 3], total: 2, areBytes: true });
    expect([...found.values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(labels?.array.length).toBe(2);
  });

  test('colours that lie side by side are put apart', () => {
    const at = (index: number): number => index;
    const array = {
      shape: [2, 5, 5, 3],
      at,
      length: 150,
      element: 'single',
      bytesOf: () => new Uint8Array(4),
    } as const;
    const { values, shape, areBytes } = picturesOfArray({ ...array, shape: [...array.shape] }, all, { path: 'x' });
    expect([shape, areBytes]).toEqual([[3, 5, 5], false]);
    const pixels = Array.from({ length: 75 }, (_, each) => each);
    expect([...values.subarray(0, 75)]).toEqual(channelsFirst(pixels, 3));
    expect([...values.subarray(75)]).toEqual(channelsFirst(pixels, 3).map((value) => value + 75));
  });

  test.each([
    [[28, 28], undefined, [1, 28, 28], false],
    [[3, 32, 32], undefined, [3, 32, 32], false],
    [[32, 32, 3], undefined, [3, 32, 32], true],
    [[64], [8, 8], [1, 8, 8], false],
    [[3072], [3, 32, 32], [3, 32, 32], false],
    [[3, 9, 3], [3, 3, 9], [3, 3, 9], true],
    [[8, 8, 1], [8, 8], [1, 8, 8], true],
    [[1, 8, 8], [8, 8], [1, 8, 8], false],
  ])('%j as %j are %j', (dims, asked, shape, isChannelsLast) => {
    expect(pictureLayout(dims, asked, 'x')).toEqual({ shape, isChannelsLast });
  });

  test.each([
    [[64], undefined, 'are no pictures'],
    [[3, 9, 3], undefined, 'may begin or end with the channels'],
    [[9, 9, 9], undefined, 'have no channels'],
    [[2, 3, 4, 5], undefined, 'are no pictures'],
    [[0, 4], undefined, 'have no pixel'],
    [[64], [9, 9], 'are no pictures of 9×9'],
  ])('%j as %j are refused', (dims, asked, why) => {
    expect(() => pictureLayout(dims, asked, 'x')).toThrow(why);
  });

  test('npz holds `x` and `y`; without `x`, or with other labels, it is refused', () => {
    expect(allArrays(fixture('stored.npz'), 'npz', {}).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['x', 'y']),
    );
    expect(() => pictureArrays(fixture('no-samples.npz'), 'npz', { label: 'nothing' })).toBeDefined();
    expect(() => pictureArrays(fixture('images.idx3-ubyte'), 'idx', { labels: fixture('npy-empty.npy') })).toThrow(
      'there are 2 pictures, and labels of the shape',
    );
  });
});
