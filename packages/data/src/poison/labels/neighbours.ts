import { randomOf } from '@holdfast/statistics';
import type { PoisonScene, SceneColumn } from '../scene.ts';

/** Neighbours that have a say. */
const k = 10;
/** Rows that neighbours are looked for among: some seconds. */
const mostAmong = 4000;

/** Who the nearest rows of each row are, the nearest first; rows × k, -1 where there are fewer. */
export interface Neighbours {
  readonly k: number;
  readonly rows: Int32Array;
}

/**
 * The k nearest rows of each: numbers by their standard score, cut off at 4; categories are 1 apart or not. A row that has no value in
 * a column is the mean there.
 */
export function neighboursOf(scene: PoisonScene): Neighbours {
  const parts = coordinatesOf(scene);
  const among = amongOf(scene);
  const width = parts.length;
  const points = new Float32Array(width * scene.rows);
  for (const [at, part] of parts.entries())
    for (let row = 0; row < scene.rows; row += 1) points[row * width + at] = part[row] ?? 0;
  const rows = new Int32Array(scene.rows * k).fill(-1);
  const nearest = new Float32Array(k);
  for (let row = 0; row < scene.rows; row += 1) {
    if (row % 256 === 0) scene.signal.throwIfAborted();
    nearest.fill(Number.POSITIVE_INFINITY);
    for (const other of among) {
      if (other === row) continue;
      let distance = 0;
      const bound = nearest[k - 1] as number;
      for (let at = 0; at < width && distance < bound; at += 1) {
        const difference = (points[row * width + at] as number) - (points[other * width + at] as number);
        distance += difference * difference;
      }
      if (distance < bound) insert(nearest, rows, row * k, distance, other);
    }
  }
  return { k, rows };
}

function insert(nearest: Float32Array, rows: Int32Array, from: number, distance: number, other: number): void {
  let at = k - 1;
  for (; at > 0 && (nearest[at - 1] as number) > distance; at -= 1) {
    nearest[at] = nearest[at - 1] as number;
    rows[from + at] = rows[from + at - 1] as number;
  }
  nearest[at] = distance;
  rows[from + at] = other;
}

function amongOf({ rows, labels, seed }: PoisonScene): Uint32Array {
  const known = Uint32Array.from(labels.keys()).filter((row) => (labels[row] ?? -1) >= 0);
  if (rows <= mostAmong) return known;
  return randomOf(seed).fork('neighbours').shuffle(known).slice(0, mostAmong).sort();
}

/** Columns as coordinates by row: standard scores cut off at 4; of categories one for each of the most frequent. */
export const coordinatesOf = ({ columns }: Pick<PoisonScene, 'columns'>): Float32Array[] =>
  columns.flatMap(coordinates);

function coordinates(column: SceneColumn): Float32Array[] {
  if (column.kind === 'number') return [standardised(column.values)];
  // A level that is not among the most frequent is as far from all others.
  const levels = Math.min(column.levels, 16);
  const counts = new Uint32Array(column.levels);
  for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  const kept = [...counts.keys()].sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0)).slice(0, levels);
  return kept.map((level) => Float32Array.from(column.codes, (code) => (code === level ? Math.SQRT1_2 : 0)));
}

function standardised(values: Float64Array): Float32Array {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
  const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2 / finite.length, 0));
  if (!(deviation > 0) || !Number.isFinite(deviation)) return new Float32Array(values.length);
  return Float32Array.from(values, (value) =>
    Number.isNaN(value) ? 0 : Math.max(-4, Math.min(4, (value - mean) / deviation)),
  );
}

/** The share of each class among a row's neighbours, the nearer the more; rows × classes. Rows that are left out have no say. */
export function neighbourShares(scene: PoisonScene, { rows }: Neighbours, isLeftOut: Uint8Array): Float64Array {
  const classes = scene.classes.length;
  const shares = new Float64Array(scene.rows * classes);
  const prior = 1 / classes;
  for (let row = 0; row < scene.rows; row += 1) {
    let sum = 1;
    for (let label = 0; label < classes; label += 1) shares[row * classes + label] = prior;
    for (let at = 0; at < k; at += 1) {
      const other = rows[row * k + at] as number;
      const label = scene.labels[other] ?? -1;
      if (other < 0 || label < 0 || isLeftOut[other] === 1) continue;
      const weight = 1 / (1 + at / k);
      (shares[row * classes + label] as number) += weight;
      sum += weight;
    }
    for (let label = 0; label < classes; label += 1) (shares[row * classes + label] as number) /= sum;
  }
  return shares;
}
