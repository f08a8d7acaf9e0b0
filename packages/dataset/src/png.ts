import { crc32, inflateSync } from 'node:zlib';
import { DatasetError, shown } from './errors.ts';

/** An image as bytes: `[height, width, channels]`, row-major. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 red, green and blue, 4 with alpha. */
  readonly channels: number;
  readonly pixels: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples a pixel takes in the file, by colour type: PNG (Third Edition), table 11.1. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const widest = 2 ** 15;

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly bits: number;
  readonly colour: number;
}

/**
 * A PNG image (https://www.w3.org/TR/png-3/) of up to eight bits a sample that is not interlaced. It is unpacked to exactly the bytes that
 * its size says, checksums and all; nothing is guessed where it is damaged.
 * @throws DatasetError HF_DATASET_FORMAT
 */
export function readPng(bytes: Uint8Array, path: string): Image {
  if (!signature.every((byte, index) => bytes[index] === byte)) refuse('is not a PNG image', path);
  const chunks = chunksOf(bytes, path);
  const header = headerOf(chunks[0], path);
  const depth = samples[header.colour] ?? 0;
  const stride = Math.ceil((header.width * depth * header.bits) / 8);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const lines = unfiltered(inflated(packed, header.height * (stride + 1), path), stride, depth, path);
  const pixels = header.bits === 8 ? lines : spread(lines, stride, header);
  const { width, height, colour } = header;
  if (colour !== 3) return { width, height, channels: depth, pixels };
  return { width, height, channels: 3, pixels: coloured(pixels, chunks, path) };
}

/**
 * The size that a PNG image says that it has, before anything is unpacked: its first 33 bytes are enough.
 * @throws DatasetError HF_DATASET_FORMAT of what {@link readPng} does not read
 */
export function pngSize(start: Uint8Array, path: string): Pick<Image, 'width' | 'height' | 'channels'> {
  if (!signature.every((byte, index) => start[index] === byte)) refuse('is not a PNG image', path);
  if (start.length < 33) refuse('is cut short', path);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (crc32(start.subarray(12, 29)) !== view.getUint32(29)) refuse('has a chunk with another checksum', path);
  const type = String.fromCharCode(...start.subarray(12, 16));
  const { width, height, colour } = headerOf({ type, data: start.subarray(16, 16 + view.getUint32(8)) }, path);
  return { width, height, channels: colour === 3 ? 3 : (samples[colour] ?? 0) };
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

function chunksOf(bytes: Uint8Array, path: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < bytes.length; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at + 12 + length > bytes.length) refuse('is cut short', path);
    const named = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(named) !== view.getUint32(at + 8 + length)) refuse('has a chunk with another checksum', path);
    chunks.push({ type: String.fromCharCode(...named.subarray(0, 4)), data: named.subarray(4) });
    at += 12 + length;
  }
  if (chunks.at(-1)?.type !== 'IEND') refuse('is cut short', path);
  // What makes pixels transparent without an alpha channel would be lost.
  const odd = chunks.find(({ type }) => type === 'tRNS' || type === 'acTL');
  if (odd !== undefined) refuse(`has the chunk ${shown(odd.type)}, which is not read`, path);
  return chunks;
}

function headerOf(chunk: Chunk | undefined, path: string): Header {
  if (chunk?.type !== 'IHDR' || chunk.data.length !== 13) refuse('has no header', path);
  const view = new DataView(chunk.data.buffer, chunk.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bits, colour, compression, filter, interlace] = [8, 9, 10, 11, 12].map((at) => view.getUint8(at));
  if (width < 1 || height < 1 || width > widest || height > widest) refuse(`is ${width} by ${height} pixels`, path);
  const isNarrow = (colour === 0 || colour === 3) && [1, 2, 4].includes(bits ?? 0);
  if (bits !== 8 && !isNarrow) refuse(`has ${bits ?? 0} bits a sample: up to eight are read`, path);
  if (interlace !== 0) refuse('is interlaced, which is not read', path);
  if (compression !== 0 || filter !== 0 || !Object.hasOwn(samples, colour ?? 9)) refuse('has an unknown header', path);
  return { width, height, bits: bits ?? 8, colour: colour ?? 0 };
}

function inflated(packed: Uint8Array, expected: number, path: string): Uint8Array {
  let lines: Uint8Array;
  try {
    lines = inflateSync(packed, { maxOutputLength: expected });
  } catch (cause) {
    const message = `${shown(path)} is not packed as its size says`;
    throw new DatasetError('HF_DATASET_FORMAT', message, { where: path, cause });
  }
  if (lines.length !== expected) refuse('is not packed as its size says', path);
  return lines;
}

/** Undoes the filter of each line: chapter 9. The bytes to the left of a line and above the first are zero. */
function unfiltered(lines: Uint8Array, stride: number, depth: number, path: string): Uint8Array {
  const height = lines.length / (stride + 1);
  const pixels = new Uint8Array(height * stride);
  for (let line = 0; line < height; line += 1) {
    const filter = lines[line * (stride + 1)] ?? 0;
    if (filter > 4) refuse(`has a line with filter ${filter}`, path);
    for (let index = 0; index < stride; index += 1) {
      const at = line * stride + index;
      const left = index < depth ? 0 : (pixels[at - depth] ?? 0);
      const above = line === 0 ? 0 : (pixels[at - stride] ?? 0);
      const corner = index < depth || line === 0 ? 0 : (pixels[at - stride - depth] ?? 0);
      pixels[at] = (lines[line * (stride + 1) + 1 + index] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return pixels;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return Math.floor((left + above) / 2);
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value));
  if (toLeft === undefined || toAbove === undefined || toCorner === undefined) return 0;
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** A byte for each sample of less than eight bits, the highest first; grey is stretched to 255, numbers of colours are not. */
function spread(lines: Uint8Array, stride: number, { width, height, bits, colour }: Header): Uint8Array {
  const largest = 2 ** bits - 1;
  const scale = colour === 0 ? 255 / largest : 1;
  const pixels = new Uint8Array(width * height);
  for (const index of pixels.keys()) {
    const bit = (index % width) * bits;
    const byte = lines[Math.floor(index / width) * stride + (bit >> 3)] ?? 0;
    pixels[index] = ((byte >> (8 - bits - (bit & 7))) & largest) * scale;
  }
  return pixels;
}

/** Colours of a palette in place of their numbers. */
function coloured(numbers: Uint8Array, chunks: readonly Chunk[], path: string): Uint8Array {
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data ?? refuse('has no palette', path);
  const pixels = new Uint8Array(numbers.length * 3);
  for (const [index, number] of numbers.entries()) {
    if (3 * number + 3 > palette.length) refuse(`has a pixel of colour ${number}, which its palette lacks`, path);
    pixels.set(palette.subarray(3 * number, 3 * number + 3), 3 * index);
  }
  return pixels;
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
