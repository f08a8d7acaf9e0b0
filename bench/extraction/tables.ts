import { join } from 'node:path';
import { type Random, randomOf } from '@holdfast/statistics';
import { publishedTable } from '../poison/tables.ts';

/** A column as a caller fills it in: a number, or the number of one of its categories. */
export interface Column {
  readonly isNumber: boolean;
  /** Whether all numbers are whole. */
  readonly isWhole: boolean;
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  readonly deviation: number;
  readonly levels: number;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Float64Array[];
  readonly labels: Int8Array;
}

const files = {
  census: 'adult-train.csv',
  credit: 'german.csv',
  diabetes: 'pima-indians-diabetes.csv',
  sonar: 'sonar.csv',
} as const;

export type TableName = keyof typeof files;
export const tableNames = Object.keys(files) as TableName[];

/** Missing numbers are the mean, missing categories one of their own. */
export function tableOf(folder: string, name: TableName): Table {
  const { rows: cells, isNumber } = publishedTable(name, join(folder, files[name]), { most: 6000 });
  const width = isNumber.length - 1;
  const columns: Column[] = [];
  const rows = cells.map(() => new Float64Array(width));
  for (let at = 0; at < width; at += 1) {
    const texts = cells.map((row) => row[at] ?? '');
    const levels = [...new Set(texts)].sort();
    const numbers = texts.map((text) => (isNumber[at] === true ? Number(text) : levels.indexOf(text)));
    const present = numbers.filter(Number.isFinite);
    const mean = present.reduce((sum, each) => sum + each, 0) / present.length;
    const deviation = Math.sqrt(present.reduce((sum, each) => sum + (each - mean) ** 2, 0) / present.length) || 1;
    for (const [row, value] of numbers.entries()) rows[row]![at] = Number.isFinite(value) ? value : mean;
    const [least, greatest] = [Math.min(...present), Math.max(...present)];
    columns.push({
      ...{
        isNumber: isNumber[at] === true,
        isWhole: present.every(Number.isInteger),
        least,
        greatest,
        mean,
        deviation,
      },
      levels: levels.length,
    });
  }
  const classes = [...new Set(cells.map((row) => row[width] ?? ''))].sort();
  return { name, columns, rows, labels: Int8Array.from(cells, (row) => classes.indexOf(row[width] ?? '')) };
}

export interface Split {
  /** What the model was trained with. */
  readonly train: readonly Float64Array[];
  readonly trainLabels: Int8Array;
  /** Rows nobody has seen, for calibration. */
  readonly held: readonly Float64Array[];
  /** What callers ask, and fidelity is measured on. */
  readonly fresh: readonly Float64Array[];
}

export function splitOf({ rows, labels }: Table, seed: string): Split {
  const order = randomOf(seed).shuffle(rows.map((_, at) => at));
  const [one, two] = [Math.floor(rows.length * 0.4), Math.floor(rows.length * 0.7)];
  const pick = (from: number, to: number) => order.slice(from, to).map((at) => rows[at]!);
  return {
    ...{ train: pick(0, one), held: pick(one, two), fresh: pick(two, rows.length) },
    trainLabels: Int8Array.from(order.slice(0, one), (at) => labels[at] ?? 0),
  };
}

/** Standardised numbers and one of k: what models see. */
export function encoder(columns: readonly Column[]): {
  readonly width: number;
  readonly encode: (row: Float64Array) => Float64Array;
} {
  const starts: number[] = [];
  let width = 0;
  for (const { isNumber, levels } of columns) {
    starts.push(width);
    width += isNumber ? 1 : levels;
  }
  return {
    width,
    encode(row) {
      const encoded = new Float64Array(width);
      for (const [at, { isNumber, mean, deviation }] of columns.entries()) {
        if (isNumber) encoded[starts[at]!] = (row[at]! - mean) / deviation;
        else encoded[starts[at]! + Math.max(0, row[at]!)] = 1;
      }
      return encoded;
    },
  };
}

export const pickOf = <Value>(random: Random, values: readonly Value[]): Value =>
  values[random.integer(values.length)]!;
