import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { requireStats } from '../bounded-file.ts';
import { DatasetError, shown } from '../errors.ts';
import { formatOf } from '../format.ts';
import type { Format } from '../samples.ts';
import { imageFormatOf } from './array/image-format.ts';

export type TableFormat = Format | 'arrow';

const arrowEndings = new Set(['.arrow', '.arrows', '.feather', '.ipc']);

/** What a file or folder is, Arrow files included. @throws DatasetError HF_DATASET_UNREADABLE, HF_DATASET_FORMAT */
export function tableFormatOf(path: string): TableFormat {
  if (requireStats(path).isDirectory()) return 'images';
  if (extname(path).toLowerCase() === '.tab') return 'csv';
  if (startOf(path).toString('latin1', 0, 6) === 'ARROW1' || arrowEndings.has(extname(path).toLowerCase()))
    return 'arrow';
  return formatOf(path);
}

/** What a file in a folder is: a table or array, an image, or nothing of the kind. @throws DatasetError HF_DATASET_UNREADABLE */
export function kindOfFile(path: string): TableFormat | 'image' | undefined {
  try {
    return tableFormatOf(path);
  } catch (error) {
    if (!(error instanceof DatasetError) || error.code !== 'HF_DATASET_FORMAT') throw error;
    return imageFormatOf(startOf(path)) === undefined ? undefined : 'image';
  }
}

function startOf(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(12);
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be opened`, { where: path, cause });
  }
}
