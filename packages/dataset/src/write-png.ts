import { crc32, deflateSync } from 'node:zlib';
import type { Image } from './png.ts';

/** PNG (Third Edition), table 11.1, by the number of channels. */
const colours: Readonly<Record<number, number>> = { 1: 0, 2: 4, 3: 2, 4: 6 };

/**
 * Writes a PNG image (https://www.w3.org/TR/png-3/) of eight bits a sample. The same pixels give the same bytes.
 * @throws RangeError if there are not as many pixels as the size says
 * @example
 * ```ts
 * import { writePng } from '@holdfast/dataset/write-png';
 * const grey = writePng({ width: 2, height: 1, channels: 1, pixels: Uint8Array.of(0, 255) });
 * ```
 */
export function writePng({ width, height, channels, pixels }: Image): Uint8Array {
  const colour = colours[channels];
  if (colour === undefined || width < 1 || height < 1 || pixels.length !== width * height * channels) {
    throw new RangeError(`${pixels.length} bytes are no image of ${width} by ${height} pixels of ${channels}`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colour], 8);
  const stride = width * channels;
  // each line begins with its filter: none
  const lines = Buffer.alloc(height * (stride + 1));
  for (let line = 0; line < height; line += 1) {
    lines.set(pixels.subarray(line * stride, (line + 1) * stride), line * (stride + 1) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(lines, { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
