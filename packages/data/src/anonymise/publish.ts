import { rmSync } from 'node:fs';
import {
  type Cell,
  type ColumnsOf,
  columnOf,
  openTable,
  type Table,
  type WriteOptions,
  type WrittenColumn,
  writeTable,
} from '@holdfast/dataset';
import type { OperationContext } from '@holdfast/evidence/check';
import { DataError } from '../errors.ts';
import type { Hierarchy, Label } from './hierarchy/hierarchy.ts';
import type { AnonymiseOptions } from './options.ts';
import type { Role } from './roles.ts';
import type { Scene } from './scene.ts';
import type { Solution } from './search/optimal-search.ts';

/** What is written, and where. */
interface Publication {
  readonly path: string;
  readonly scene: Scene;
  readonly solution: Solution;
  readonly roles: ReadonlyMap<string, Role>;
}

/**
 * Writes the rows that are kept, with the values that the solution gives them, and counts in the file what is alike.
 *
 * @returns rows that were written
 * @throws DataError HF_DATA_CHANGED where the file is not what was worked out: it is removed; as `writeTable`
 */
export async function publish(
  tables: readonly [Table, ...Table[]],
  { path, scene, solution, roles }: Publication,
  options: AnonymiseOptions,
  context: OperationContext,
): Promise<number> {
  const left = leftOut(tables, scene, solution);
  const { memory, threads } = options;
  const how: WriteOptions = {
    where: (table) => notIn(table, left.get(table) ?? []),
    ...{ isForced: context.isForced, signal: context.signal },
    progress: (rows) => {
      context.progress(0.8 + (0.15 * rows) / Math.max(1, scene.read.rows));
    },
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
  };
  const rows = await writeTable(tables, path, columnsOf(scene, solution, roles), how);
  const expected = scene.read.rows - solution.judged.suppressed;
  try {
    if (rows !== expected) throw changed(`${rows} rows were written where ${expected} are kept`);
    if (rows > 0) await requireAnonymous(path, options, rows);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  return rows;
}

const changed = (message: string): DataError => new DataError('HF_DATA_CHANGED', message);

function leftOut(
  tables: readonly Table[],
  { read, combinations }: Scene,
  { classes, judged, into }: Solution,
): Map<Table, number[]> {
  const found = new Map<Table, number[]>();
  let row = 0;
  for (const [part, table] of tables.entries()) {
    const numbers: number[] = [];
    for (const number of read.numbers[part] ?? []) {
      const id = into[combinations.ofRow[row] ?? 0] ?? classes.count;
      if (judged.kept[id] !== 1) numbers.push(number);
      row += 1;
    }
    found.set(table, numbers);
  }
  return found;
}

const notIn = ({ rowNumber = 'NULL' }: Table, numbers: readonly number[]): string =>
  numbers.length === 0 ? 'TRUE' : `${rowNumber} NOT IN (${numbers.join(', ')})`;

function columnsOf({ hierarchies }: Scene, { levels }: Solution, roles: ReadonlyMap<string, Role>): ColumnsOf {
  const generalised = new Map(
    hierarchies.flatMap((hierarchy, at): [string, ReadonlyMap<Label, Label>][] =>
      levels[at] === 0 ? [] : [[hierarchy.column, labelsOf(hierarchy, levels[at] ?? 0)]],
    ),
  );
  return (_, columns) =>
    columns.flatMap((column): readonly WrittenColumn[] => {
      const role = roles.get(column.name);
      if (role === undefined || role === 'identifying') return [];
      const labels = generalised.get(column.name);
      return [labels === undefined ? column : relabelled(column, labels)];
    });
}

function labelsOf({ column, values, levels }: Hierarchy, at: number): ReadonlyMap<Label, Label> {
  const level = levels[at];
  if (level === undefined) throw new Error(`${column} has no level ${at}`);
  return new Map(values.map((value, code) => [value, level.labels[level.codes[code] ?? 0] ?? null]));
}

function relabelled({ name, from }: WrittenColumn, labels: ReadonlyMap<Label, Label>): WrittenColumn {
  const map = ([cells = []]: readonly (readonly Cell[])[]): Label[] =>
    cells.map((cell) => {
      const label = labels.get(cell === null ? null : String(cell));
      if (label === undefined) throw changed(`the column \`${name.slice(0, 200)}\` has a value that it did not have`);
      return label;
    });
  return { name, type: 'VARCHAR', from, map };
}

/** Reads the file again and counts with the engine: whatever went wrong before is not believed. */
async function requireAnonymous(
  path: string,
  { quasi, k, memory, threads }: AnonymiseOptions,
  rows: number,
): Promise<void> {
  const table = await openTable(path, {
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const values = quasi.map((name) => columnOf(table, name)?.value);
    if (values.includes(undefined)) throw changed('a quasi-identifier is not in what was written');
    const classes = `SELECT count(*) AS n FROM ${table.relation} GROUP BY ${values.join(', ')}`;
    const [[least, all] = []] = await table.engine.rows(
      `SELECT min(n), CAST(sum(n) AS BIGINT) FROM (${classes}) AS classes`,
    );
    if (Number(least) >= k && Number(all) === rows) return;
    throw changed(`what was written has ${Number(all)} rows, of which only ${Number(least)} are alike somewhere`);
  } finally {
    await table.close();
  }
}
