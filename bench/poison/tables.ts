import { readFileSync } from 'node:fs';
import type { PoisonScene, SceneColumn } from '@holdfast/data/poison/scene';
import { randomOf } from '@holdfast/statistics';

/** A published table: its cells as text, the label last. */
export interface PublishedTable {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  /** Whether each column holds numbers only. */
  readonly isNumber: readonly boolean[];
}

/** @param most of more rows, so many are drawn */
export function publishedTable(
  name: string,
  path: string,
  { header = false, most = 5000 }: { readonly header?: boolean; readonly most?: number } = {},
): PublishedTable {
  const lines = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const all = lines.slice(header ? 1 : 0).map((line) => line.split(',').map((cell) => cell.trim()));
  const rows =
    all.length > most
      ? randomOf(`rows of ${name}`)
          .shuffle([...all])
          .slice(0, most)
      : all;
  const isNumber = (rows[0] ?? []).map((_, at) =>
    rows.every((row) => row[at] === '?' || Number.isFinite(Number(row[at]))),
  );
  return { name, rows, isNumber };
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A table as detectors see it; the arrays are its own, to be written to. */
export interface Planted {
  readonly rows: number;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly columns: readonly (
    | { name: string; kind: 'number'; values: Float64Array }
    | Mutable<Extract<SceneColumn, { kind: 'category' }>>
  )[];
}

/** @param drawn of which rows, with repetition or without; all */
export function plantedOf({ rows, isNumber }: PublishedTable, drawn?: readonly number[]): Planted {
  const chosen = drawn === undefined ? rows : drawn.map((row) => rows[row] ?? []);
  const width = isNumber.length - 1;
  const classes = [...new Set(rows.map((row) => row[width] ?? ''))].sort();
  const columns = Array.from({ length: width }, (_, at) => {
    const cells = chosen.map((row) => row[at] ?? '');
    if (isNumber[at] === true) {
      const values = Float64Array.from(cells, (cell) => (cell === '?' || cell === '' ? Number.NaN : Number(cell)));
      return { name: `c${at}`, kind: 'number' as const, values };
    }
    const texts = [...new Set(rows.map((row) => row[at] ?? ''))].sort();
    const codes = Int32Array.from(cells, (cell) => (cell === '?' ? -1 : texts.indexOf(cell)));
    return { name: `c${at}`, kind: 'category' as const, codes, levels: texts.length, texts };
  });
  const labels = Int32Array.from(chosen, (row) => classes.indexOf(row[width] ?? ''));
  return { rows: chosen.length, labels, classes, columns };
}

export function sceneOf(planted: Planted, seed: string, alpha = 0.005): PoisonScene {
  return { ...planted, alpha, seed, signal: new AbortController().signal };
}
