import { closeSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { requireStats } from '../bounded-file.ts';
import { DatasetError, shown } from '../errors.ts';
import { formatOf } from '../format.ts';
import type { Format } from '../samples.ts';

export type TableFormat = Format | 'arrow';

const arrowEndings = new Set(['.arrow', '.arrows', '.feather', '.ipc']);

/** What a file or folder is, Arrow files included. @throws DatasetError HF_DATASET_UNREADABLE, HF_DATASET_FORMAT */
export function tableFormatOf(path: string): TableFormat {
  if (requireStats(path).isDirectory()) return 'images';
  if (extname(path).toLowerCase() === '.tab') return 'csv';
  const start = startOf(path);
  if (start === 'ARROW1' || arrowEndings.has(extname(path).toLowerCase())) return 'arrow';
  return formatOf(path);
}

function startOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(6);
      return bytes.toString('latin1', 0, readSync(file, bytes, 0, 6, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be opened`, { where: path, cause });
  }
}
