import type { NumberArray } from '../../array.ts';
import { readBounded } from '../../bounded-file.ts';
import type { DuckDbEngine } from '../../engine/duckdb-engine.ts';
import { loadDuckDb } from '../../engine/load-duckdb.ts';
import { DatasetError, shown } from '../../errors.ts';
import { readIdx } from '../../idx.ts';
import { isNpy, readNpy } from '../../npy.ts';
import { arraysOf, memberOf } from '../../npz.ts';
import { defaultLimits } from '../../samples.ts';
import { loadedTable } from '../loaded-table.ts';
import type { TableOptions } from '../open-table.ts';
import type { Table, TableDefect } from '../table.ts';
import { arrayColumns, partsOf } from './array-columns.ts';

const mostColumns = 20_000;

interface Named {
  /** Empty where a file holds one array. */
  readonly name: string;
  readonly array: NumberArray;
}

/** Arrays of npy, npz and IDX as a table: one row for each step along the first dimension. */
export async function arrayTable(
  engine: DuckDbEngine,
  path: string,
  { labels }: TableOptions,
  format: 'npy' | 'npz' | 'idx',
): Promise<Table> {
  const bytes = readBounded(path, defaultLimits);
  const found = format === 'npz' ? members(bytes, path) : [{ name: '', array: arrayOf(bytes, path) }];
  const rows = Math.max(0, ...found.map(({ array }) => array.shape[0] ?? 0));
  if (labels !== undefined) found.push({ name: 'label', array: arrayOf(readBounded(labels, defaultLimits), labels) });
  const [taken, defects] = alike(found, rows, path);
  const width = taken.reduce((sum, { array }) => sum + (array.shape.length === 2 ? (array.shape[1] ?? 0) : 6), 0);
  if (width > mostColumns) refuse('HF_DATASET_LIMIT', `has ${width} columns, more than ${mostColumns}`, path);
  const duck = await loadDuckDb();
  const columns = taken.flatMap(({ name, array }) => arrayColumns(array, name, duck));
  if (columns.length === 0) refuse('HF_DATASET_FORMAT', 'has no columns', path);
  return loadedTable(engine, columns, partsOf(columns, rows), defects);
}

function members(bytes: Uint8Array, path: string): Named[] {
  return arraysOf(bytes, path).map((name) => {
    const content = memberOf(bytes, name, path, defaultLimits);
    if (content === undefined) refuse('HF_DATASET_FORMAT', `holds no array ${shown(name)}`, path);
    return { name, array: readNpy(content, path) };
  });
}

function arrayOf(bytes: Uint8Array, path: string): NumberArray {
  return isNpy(bytes) ? readNpy(bytes, path) : readIdx(bytes, path);
}

/** Arrays of as many rows; one of another length is no column of the table, and is left out. */
function alike(found: readonly Named[], rows: number, path: string): [Named[], TableDefect[]] {
  const scalar = found.find(({ array }) => array.shape.length === 0);
  if (scalar !== undefined && found.length === 1) refuse('HF_DATASET_FORMAT', 'holds one number, not rows', path);
  const taken = found.filter(({ array }) => array.shape[0] === rows);
  const others = found.filter(({ array }) => array.shape[0] !== rows);
  const label = others.find(({ name }) => name === 'label' || name === 'y');
  if (label !== undefined) {
    refuse('HF_DATASET_LABELS', `has ${rows} rows, and labels of the shape [${label.array.shape.join(', ')}]`, path);
  }
  return [
    taken,
    others.map(({ name, array }) => ({
      kind: 'unreadable',
      message: `the array ${shown(name)} of the shape [${array.shape.join(', ')}] has not ${rows} rows`,
      isLeftOut: true,
    })),
  ];
}

function refuse(
  code: 'HF_DATASET_FORMAT' | 'HF_DATASET_LIMIT' | 'HF_DATASET_LABELS',
  problem: string,
  path: string,
): never {
  throw new DatasetError(code, `${shown(path)} ${problem}`, { where: path });
}
