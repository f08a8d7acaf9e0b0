import { lstatSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { DuckDBValue } from '@duckdb/node-api';
import { readBounded } from '../../bounded-file.ts';
import type { DuckDbEngine, LoadedPart } from '../../engine/duckdb-engine.ts';
import { loadDuckDb } from '../../engine/load-duckdb.ts';
import { DatasetError, shown } from '../../errors.ts';
import { byCodePoint } from '../../image-folder.ts';
import { JpegDecoder } from '../../jpeg/jpeg-decoder.ts';
import { readPng } from '../../png.ts';
import { defaultLimits, type Limits } from '../../samples.ts';
import { isHousekeeping } from '../housekeeping.ts';
import { type GivenColumn, loadedTable } from '../loaded-table.ts';
import type { Table, TableDefect } from '../table.ts';
import { summaryOf } from './array-columns.ts';
import { imageFormatOf } from './image-format.ts';

const mostImages = 10_000_000;
const deepest = 16;
const mostDefects = 10_000;
/** One image: its pixels are in memory while it is looked at. */
const limits: Limits = { ...defaultLimits, fileBytes: 2 ** 28 };
const pieces = 256;

/** A folder of images: one row an image, its class the folder that it lies in. Pixels are those of PNG and JPEG files. */
export async function imageTable(engine: DuckDbEngine, path: string): Promise<Table> {
  const files = filesOf(path, path, 0).toSorted(byCodePoint);
  if (files.length === 0) throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} holds no files`, { where: path });
  const { BIGINT, DOUBLE, VARCHAR } = await loadDuckDb();
  const column = (name: string, type: GivenColumn['type']): GivenColumn => ({ name, type, native: 'of an image' });
  const columns = [
    ...[column('path', VARCHAR), column('class', VARCHAR), column('format', VARCHAR), column('bytes', BIGINT)],
    ...[column('width', BIGINT), column('height', BIGINT), column('channels', BIGINT)],
    ...[column('mean', DOUBLE), column('deviation', DOUBLE), column('sha256', VARCHAR)],
  ];
  const defects: TableDefect[] = [];
  const folder: Folder = { path, files, jpeg: await JpegDecoder.load() };
  const table = await loadedTable(engine, columns, partsOf(folder, columns.length, defects), []);
  return { ...table, defects };
}

interface Folder {
  readonly path: string;
  readonly files: readonly string[];
  readonly jpeg: JpegDecoder;
}

function* partsOf(folder: Folder, width: number, defects: TableDefect[]): Generator<LoadedPart> {
  for (let from = 0; from < folder.files.length; from += pieces) {
    const files = folder.files.slice(from, from + pieces);
    const rows = files.map((file, index) => rowOf(folder, file, from + index + 1, defects));
    yield Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
  }
}

function rowOf({ path, jpeg }: Folder, file: string, row: number, defects: TableDefect[]): DuckDBValue[] {
  const folders = file.split('/').slice(0, -1);
  const start: DuckDBValue[] = [file, folders.join('/') || null];
  try {
    const bytes = readBounded(join(path, file), limits);
    const format = imageFormatOf(bytes) ?? (extname(file).slice(1).toLowerCase() || null);
    start.push(format, BigInt(bytes.length));
    const { width, height, channels, pixels } = format === 'jpeg' ? jpeg.read(bytes, file) : readPng(bytes, file);
    const { mean, deviation, sha256 } = summaryOf((index) => pixels[index] ?? 0, pixels.length, pixels);
    return [...start, BigInt(width), BigInt(height), BigInt(channels), mean, deviation, sha256];
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    const message = `its pixels are not read: ${error.message}`;
    if (defects.length < mostDefects) defects.push({ kind: 'unreadable', message, row, isLeftOut: true });
    return start;
  }
}

/** Paths below the folder with `/` on every machine; hidden files are files like others, links are not followed. */
function filesOf(root: string, folder: string, depth: number): string[] {
  if (depth > deepest) throw new DatasetError('HF_DATASET_LIMIT', `${shown(root)} is deeper than ${deepest} folders`);
  const found: string[] = [];
  for (const name of namesOf(folder)) {
    if (isHousekeeping(name)) continue;
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isDirectory()) for (const each of filesOf(root, path, depth + 1)) found.push(each);
    else if (stats.isFile()) found.push(relative(root, path).split(sep).join('/'));
    else throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} is a link, or no file`, { where: path });
    if (found.length > mostImages) {
      throw new DatasetError('HF_DATASET_LIMIT', `${shown(root)} holds more than ${mostImages} files`, { where: root });
    }
  }
  return found;
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(folder)} cannot be read`, { where: folder, cause });
  }
}
