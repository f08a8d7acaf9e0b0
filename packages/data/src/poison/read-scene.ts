import type { Cell, Table, TableColumn } from '@holdfast/dataset';
import { type ColumnFacts, columnFacts } from '../anomaly/columns/column-facts.ts';
import { identifierSign } from '../anomaly/columns/identifiers.ts';
import { DataError } from '../errors.ts';
import type { PoisonOptions } from './options.ts';
import type { CategoryColumn, PoisonScene, SceneColumn } from './scene.ts';

/** A row of a file: index of the file, and the number of the row in it, from 1. */
export interface RowPlace {
  readonly file: number;
  readonly row: number;
}

export interface ReadScene {
  readonly scene: PoisonScene;
  readonly places: readonly RowPlace[];
  /** Columns that tell rows apart, and were not read. */
  readonly apart: readonly string[];
  /** Labels that are missing. */
  readonly unlabelled: number;
  /** Rows that there are beyond those that were read. */
  readonly more: number;
  /** The column, the array or the folder that holds the labels. */
  readonly labelColumn: string;
  /** Where rows are pictures of files or arrays. */
  readonly pictures?: ReadPictures;
}

/** What is known of pictures beside their pixels. */
export interface ReadPictures {
  /** Pixels as they stand in the file, pictures × channels × height × width. */
  readonly raw: Float32Array;
  /** Whether they are bytes, from 0 to 255. */
  readonly areBytes: boolean;
  /** A picture as the report names it: its file, or its place in an array, from 0. */
  readonly nameOf: (row: number) => string;
}

type Tables = readonly [Table, ...Table[]];

/** Texts from which a column is of documents, and texts with more different values say nothing by which one they are. */
const longText = 50;
const mostLevels = 1000;
/** Classes; labels with more are numbers, or names. */
const mostClasses = 1000;
const mostColumns = 2000;

/** @throws DataError HF_DATA_OPTIONS for a column that is not there, or a label that is no class */
export async function readScene(tables: Tables, options: PoisonOptions, signal: AbortSignal): Promise<ReadScene> {
  const { source, seed, alpha } = options;
  const label = requireLabel(options);
  for (const name of [label, source, ...(options.columns ?? []), ...(options.leaveOut ?? [])]) {
    if (name === undefined || tables[0].columns.some((column) => column.name === name)) continue;
    throw new DataError('HF_DATA_OPTIONS', `there is no column \`${name.slice(0, 200)}\``, { where: 'label' });
  }
  const { kept, apart } = await chosenColumns(tables, options, signal);
  const asked = [label, ...(source === undefined ? [] : [source]), ...kept.map(({ name }) => name)];
  const { cells, places, more } = await cellsOf(tables, asked, options.rows, signal);
  const [labelCells = [], ...rest] = cells;
  const labels = categoriesOf(label, labelCells);
  requireFewClasses(label, labels.levels);
  const sources = source === undefined ? undefined : categoriesOf(source, rest.shift() ?? []);
  const columns = kept.map((column, at): SceneColumn => sceneColumn(column, rest[at] ?? []));
  return {
    scene: {
      ...{ rows: places.length, labels: labels.codes, classes: labels.texts, columns, alpha, seed, signal },
      ...(sources === undefined ? {} : { sources: { of: sources.codes, names: sources.texts } }),
    },
    ...{ places, apart, more, labelColumn: label, unlabelled: unlabelledOf(labels) },
  };
}

/** @throws DataError HF_DATA_OPTIONS */
function requireLabel({ label }: PoisonOptions): string {
  if (label !== undefined) return label;
  throw new DataError('HF_DATA_OPTIONS', 'the option `label` is missing: it names the column with the labels', {
    where: 'label',
  });
}

/** @throws DataError HF_DATA_OPTIONS for labels with so many values that they are no classes */
export function requireFewClasses(label: string, classes: number): void {
  if (classes <= mostClasses) return;
  const message = `\`${label.slice(0, 200)}\` has ${classes} values, more than ${mostClasses} classes`;
  throw new DataError('HF_DATA_OPTIONS', message, { where: 'label' });
}

export const unlabelledOf = ({ codes }: CategoryColumn): number =>
  codes.reduce((sum, code) => sum + Number(code < 0), 0);

async function chosenColumns(
  tables: Tables,
  { label, source, columns, leaveOut = [] }: PoisonOptions,
  signal: AbortSignal,
) {
  const others = tables[0].columns.filter(({ name }) => ![label, source, ...leaveOut].includes(name));
  if (columns !== undefined) return { kept: others.filter(({ name }) => columns.includes(name)), apart: [] };
  const facts = await columnFacts(tables, others, signal);
  const isApart = (each: ColumnFacts): boolean => identifierSign(each, longText) !== undefined || saysNothing(each);
  const kept = facts.filter((each) => !isApart(each)).map(({ column }) => column);
  if (kept.length > mostColumns) {
    throw new DataError(
      'HF_DATA_OPTIONS',
      `${kept.length} columns are more than ${mostColumns}: name some in \`columns\``,
    );
  }
  return { kept, apart: facts.filter(isApart).map(({ column }) => column.name) };
}

const numeric = new Set(['integer', 'number', 'decimal', 'boolean']);

/** Texts, dates and the like that hardly ever come back. */
const saysNothing = ({ column, distinct, present }: ColumnFacts): boolean =>
  !numeric.has(column.type) && (distinct > mostLevels || distinct > Math.max(20, present / 4));

async function cellsOf(tables: Tables, names: readonly string[], most: number, signal: AbortSignal) {
  const cells: Cell[][] = names.map(() => []);
  const places: RowPlace[] = [];
  let more = 0;
  for (const [file, table] of tables.entries()) {
    const room = Math.max(0, most - places.length);
    more += Math.max(0, table.rows - room);
    if (room === 0) continue;
    for await (const part of table.engine.stream(queryOf(table, names, room))) {
      signal.throwIfAborted();
      const [numbers = [], ...columns] = part;
      for (const number of numbers) places.push({ file, row: Number(number) });
      for (const [at, column] of columns.entries()) for (const cell of column) cells[at]?.push(cell);
    }
  }
  return { cells, places, more };
}

function queryOf(
  { engine: { dialect }, relation, rowNumber = '0', columns }: Table,
  names: readonly string[],
  most: number,
) {
  const asked = names.map((name, at) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) return 'NULL';
    return at > 0 && isNumber(column) ? dialect.double(column.value) : dialect.text(column.value, column.type);
  });
  return `SELECT ${[rowNumber, ...asked].join(', ')} FROM ${relation} ORDER BY ${rowNumber} LIMIT ${most}`;
}

const isNumber = ({ type }: TableColumn): boolean => type === 'integer' || type === 'number' || type === 'decimal';

function sceneColumn(column: TableColumn, cells: readonly Cell[]): SceneColumn {
  if (!isNumber(column)) return categoriesOf(column.name, cells);
  const values = Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell)));
  return { name: column.name, kind: 'number', values };
}

/** Values in the order of their code points, so that no order of rows matters. */
export function categoriesOf(name: string, cells: readonly Cell[]): CategoryColumn {
  const texts = [...new Set(cells.filter((cell) => cell !== null).map(String))].sort();
  const codeOf = new Map(texts.map((text, code) => [text, code]));
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : (codeOf.get(String(cell)) ?? -1)));
  return { name, kind: 'category', codes, levels: texts.length, texts };
}
