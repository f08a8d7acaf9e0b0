import { DatasetError, shown } from '../errors.ts';

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red, green and blue. */
  readonly channels: 1 | 3;
}

/** Pixels of a side, and of an image: four bytes each while it is decoded. */
const widest = 2 ** 15;
const mostPixels = 2 ** 26;
/** A progressive image is decoded in as many passes over all of its pixels as it has scans. */
const mostScans = 200;

/**
 * What a JPEG image says that it is (ITU-T T.81, B.2.2), before anything is decoded: baseline, extended or progressive, with Huffman
 * codes, of eight bits, grey or in three colours.
 *
 * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_LIMIT
 */
export function jpegHeader(bytes: Uint8Array, path: string): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = frameOf(view, path);
  const [marker, precision] = [view.getUint8(at + 1), view.getUint8(at + 4)];
  const [height, width, channels] = [view.getUint16(at + 5), view.getUint16(at + 7), view.getUint8(at + 9)];
  if (marker > 0xc2 || precision !== 8) refuse('is a JPEG image of a kind that is not read', path);
  if (channels !== 1 && channels !== 3) refuse(`is a JPEG image of ${channels} colours, which is not read`, path);
  if (width === 0 || height === 0) refuse('has no width or no height', path);
  if (width > widest || height > widest || width * height > mostPixels) {
    const message = `${shown(path)} has ${width}×${height} pixels, more than ${widest} on a side or ${mostPixels} in all`;
    throw new DatasetError('HF_DATASET_LIMIT', message, { where: path });
  }
  requireFewScans(bytes, path);
  return { width, height, channels };
}

/** The place of the segment that describes the frame. */
function frameOf(view: DataView, path: string): number {
  for (let at = 2; at + 10 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) refuse('is not well-formed JPEG', path);
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // SOF0 to SOF15, of which DHT (C4), JPG (C8) and DAC (CC) are none
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return at;
    if (marker === 0xda || marker === 0xd9) refuse('says nothing about its size before its pixels begin', path);
    const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += isAlone ? 2 : 2 + view.getUint16(at + 2);
  }
  return refuse('is cut short', path);
}

/** What begins a scan is counted wherever it stands: more than there are, and never fewer. */
function requireFewScans(bytes: Uint8Array, path: string): void {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let scans = 0;
  for (let at = all.indexOf('ffda', 0, 'hex'); at !== -1; at = all.indexOf('ffda', at + 2, 'hex')) scans += 1;
  if (scans <= mostScans) return;
  const message = `${shown(path)} has more than ${mostScans} scans: decoding it would take too long`;
  throw new DatasetError('HF_DATASET_LIMIT', message, { where: path });
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
