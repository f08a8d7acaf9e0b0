import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '@holdfast/dataset';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { JpegDecoder } from '../src/jpeg/jpeg-decoder.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const fixture = (name: string): Buffer => readFileSync(join(fixtures, name));

/** What Pillow 13.0.0 reads, by jpeg.py beside the images. */
const recorded = JSON.parse(fixture('jpeg.json').toString()) as {
  images: Record<string, { width: number; height: number; channels: number; sha256: string }>;
};
let decoder: JpegDecoder;
beforeAll(async () => {
  decoder = await JpegDecoder.load();
});

function read(bytes: Uint8Array): object {
  const { pixels, ...image } = decoder.read(bytes, 'a.jpg');
  return { ...image, sha256: createHash('sha256').update(pixels).digest('hex') };
}

/** The image with what its frame says replaced, from `at` on. */
function framed(name: string, at: number, ...values: number[]): Buffer {
  const bytes = Buffer.from(fixture(name));
  const frame = bytes.indexOf(Buffer.from('ffc00011', 'hex'));
  expect(frame).toBeGreaterThan(0);
  Buffer.from(values).copy(bytes, frame + at);
  return bytes;
}

const code = (name: string, message: string): unknown =>
  expect.objectContaining({ code: name, message: expect.stringContaining(message) as string });

describe('a JPEG image', () => {
  test.each(Object.entries(recorded.images).filter(([name]) => !name.startsWith('refused')))(
    '%s has the pixels that Pillow reads, to the last bit',
    (name, expected) => {
      expect(read(fixture(name))).toEqual(expected);
    },
  );

  test.each([
    ['in four colours', () => fixture('refused-cmyk.jpg'), 'HF_DATASET_FORMAT', 'of 4 colours'],
    ['cut short', () => fixture('full.jpg').subarray(0, -200), 'HF_DATASET_FORMAT', 'Premature end'],
    ['cut short before its pixels', () => fixture('full.jpg').subarray(0, 30), 'HF_DATASET_FORMAT', 'is cut short'],
    ['wide without bound', () => framed('full.jpg', 5, 0xff, 0xff, 0xff, 0xff), 'HF_DATASET_LIMIT', '65535×65535'],
    ['large without bound', () => framed('full.jpg', 5, 0x7f, 0xff, 0x7f, 0xff), 'HF_DATASET_LIMIT', '32767×32767'],
    ['taller than its pixels', () => framed('full.jpg', 5, 0, 200), 'HF_DATASET_FORMAT', 'damaged'],
    ['without a height', () => framed('full.jpg', 5, 0, 0), 'HF_DATASET_FORMAT', 'no width or no height'],
    ['of twelve bits', () => framed('full.jpg', 4, 12), 'HF_DATASET_FORMAT', 'of a kind that is not read'],
    ['without losses', () => framed('full.jpg', 1, 0xc3), 'HF_DATASET_FORMAT', 'of a kind that is not read'],
    ['that is nothing', () => Buffer.from('ffd8ffd9', 'hex'), 'HF_DATASET_FORMAT', 'is cut short'],
    [
      'of many scans',
      () => Buffer.concat([fixture('progressive.jpg').subarray(0, -2), Buffer.alloc(402, Buffer.from('ffda', 'hex'))]),
      'HF_DATASET_LIMIT',
      'more than 200 scans',
    ],
  ])('%s is refused, and the next one is read', (_, bytes, name, message) => {
    expect(() => read(bytes())).toThrow(code(name, message));
    expect(read(fixture('quartered.jpg'))).toEqual(recorded.images['quartered.jpg']);
  });

  test('with any bytes changed or cut: an error with a code, or pixels of the size that it says', () => {
    const originals = ['full.jpg', 'progressive.jpg', 'grey.jpg', 'restarts.jpg'].map(fixture);
    fc.assert(
      fc.property(
        ...([fc.constantFrom(...originals), fc.nat(), fc.nat(255), fc.boolean()] as const),
        (original, at, value, isCut) => {
          const bytes = Buffer.from(original);
          bytes[at % bytes.length] = value;
          try {
            const image = decoder.read(isCut ? bytes.subarray(0, at % bytes.length) : bytes, 'a.jpg');
            expect(image.pixels).toHaveLength(image.width * image.height * image.channels);
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError);
          }
        },
      ),
      { numRuns: 200, seed: 6 },
    );
    expect(read(fixture('full.jpg'))).toEqual(recorded.images['full.jpg']);
    expect('ImageData' in globalThis).toBe(false);
  });
});
