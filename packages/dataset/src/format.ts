import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { requireStats } from './bounded-file.ts';
import { DatasetError, shown } from './errors.ts';
import { isIdx } from './idx.ts';
import { isNpy } from './npy.ts';
import type { Format } from './samples.ts';

const endings: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.data': 'csv',
  '.jsonl': 'json-lines',
  '.ndjson': 'json-lines',
};

/**
 * What a file or folder is: by its first bytes, and where they say nothing, as in a text, by the ending of its name.
 * @throws DatasetError HF_DATASET_UNREADABLE, HF_DATASET_FORMAT
 */
export function formatOf(path: string): Format {
  if (requireStats(path).isDirectory()) return 'images';
  const bytes = firstBytes(path);
  if (isNpy(bytes)) return 'npy';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'idx';
  if (isIdx(bytes)) return 'idx';
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === 'PK\u0003\u0004') return 'npz';
  if (start === 'PAR1') return 'parquet';
  const ending = extname(path).toLowerCase();
  const format = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  if (format !== undefined) return format;
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} is of no format that is read`, { where: path });
}

function firstBytes(path: string): Uint8Array {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(8);
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be opened`, { where: path, cause });
  }
}
