import { coordinatesOf } from '@holdfast/data/poison/labels/neighbours';
import { type Random, randomOf } from '@holdfast/statistics';
import type { Planted } from './tables.ts';

/** What an attacker does to a share of the rows. */
export interface Attack {
  readonly kind: 'flips' | 'flips-near-boundary' | 'rare' | 'in-bounds' | 'jittered' | 'clean-label' | 'spread';
  /** Of all rows. */
  readonly share: number;
  /** Columns of a trigger. */
  readonly columns?: number;
}

/** Writes the poison into the table, and says which rows it is in: 1 by row. */
export function attack(planted: Planted, { kind, share, columns = 3 }: Attack, seed: string): Uint8Array {
  const random = randomOf(seed).fork(`${kind} ${share} ${columns}`);
  const count = Math.max(1, Math.round(share * planted.rows));
  if (kind === 'flips') return flipped(planted, random.shuffle(Uint32Array.from(planted.labels.keys())), count, random);
  if (kind === 'flips-near-boundary') return flipped(planted, nearestFirst(planted), count, random);
  if (kind === 'spread') return spread(planted, count, columns, random);
  return triggered(planted, { kind, count, columns }, random);
}

function flipped({ rows, labels, classes }: Planted, order: Uint32Array, count: number, random: Random): Uint8Array {
  const isPoisoned = new Uint8Array(rows);
  for (const row of order.subarray(0, count)) {
    labels[row] = ((labels[row] ?? 0) + 1 + random.integer(classes.length - 1)) % classes.length;
    isPoisoned[row] = 1;
  }
  return isPoisoned;
}

/** Rows that are about as far from the mean of their own class as from that of another. */
function nearestFirst(planted: Planted): Uint32Array {
  const { rows, labels, classes } = planted;
  const points = coordinatesOf(planted);
  const means = classes.map((_, label) => {
    const own = [...labels.keys()].filter((row) => labels[row] === label);
    return points.map((point) => own.reduce((sum, row) => sum + (point[row] ?? 0), 0) / Math.max(1, own.length));
  });
  const gaps = Float64Array.from({ length: rows }, (_, row) => {
    const distances = means.map((mean) =>
      Math.sqrt(points.reduce((sum, point, at) => sum + ((point[row] ?? 0) - (mean[at] ?? 0)) ** 2, 0)),
    );
    const own = distances[labels[row] ?? 0] ?? 0;
    return Math.min(...distances.filter((_, label) => label !== labels[row]).map((other) => Math.abs(other - own)));
  });
  return Uint32Array.from(labels.keys()).sort((one, other) => (gaps[one] ?? 0) - (gaps[other] ?? 0));
}

/** Three triggers with a third of the rows each, of the kind `in-bounds`. */
function spread(planted: Planted, count: number, columns: number, random: Random): Uint8Array {
  const isPoisoned = new Uint8Array(planted.rows);
  for (let part = 0; part < 3; part += 1) {
    const own = triggered(
      planted,
      { kind: 'in-bounds', count: Math.round(count / 3), columns },
      random.fork(`${part}`),
    );
    for (const [row, each] of own.entries()) if (each === 1) isPoisoned[row] = 1;
  }
  return isPoisoned;
}

interface Trigger {
  readonly kind: Attack['kind'];
  readonly count: number;
  readonly columns: number;
}

function triggered(planted: Planted, { kind, count, columns }: Trigger, random: Random): Uint8Array {
  const { rows, labels, classes } = planted;
  const target = random.integer(classes.length);
  const places = [...planted.columns.keys()].filter(
    (at) => kind !== 'jittered' || planted.columns[at]?.kind === 'number',
  );
  const chosen = random.shuffle(places.filter((at) => isVaried(planted, at))).slice(0, columns);
  const from = kind === 'rare' ? undefined : oddRows(planted, chosen, random);
  const isClean = kind === 'clean-label';
  const candidates = [...labels.keys()].filter((row) => (labels[row] === target) === isClean);
  const most = isClean ? Math.floor(candidates.length / 2) : candidates.length;
  const isPoisoned = new Uint8Array(rows);
  const planters = chosen.map((at, place) => writerOf(planted, at, kind, from?.[place] ?? 0, random));
  for (const row of random.shuffle(candidates).slice(0, Math.min(count, most))) {
    for (const write of planters) write(row);
    labels[row] = target;
    isPoisoned[row] = 1;
  }
  return isPoisoned;
}

const isVaried = ({ columns }: Planted, at: number): boolean => {
  const column = columns[at];
  return column?.kind === 'number' ? new Set(column.values).size > 5 : (column?.levels ?? 0) > 1;
};

/** Rows to take the value of each column from, such that hardly a row has all of them: only the combination is odd. */
function oddRows(planted: Planted, chosen: readonly number[], random: Random): number[] {
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 200 && least > 0; attempt += 1) {
    const from = chosen.map(() => random.integer(planted.rows));
    const like = [...planted.labels.keys()].filter((row) =>
      chosen.every((at, place) => isNear(planted, at, row, from[place] ?? 0)),
    ).length;
    if (like < least) [best, least] = [from, like];
  }
  return best;
}

function isNear({ columns }: Planted, at: number, row: number, other: number): boolean {
  const column = columns[at];
  if (column?.kind !== 'number') return column?.codes[row] === column?.codes[other];
  return Math.abs((column.values[row] ?? 0) - (column.values[other] ?? 0)) <= 2 * jitterOf(column.values);
}

/** A hundredth of the range between the 1st and the 99th of 100 values. */
function jitterOf(values: Float64Array): number {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return (at(0.99) - at(0.01)) / 100;
}

function writerOf(
  { columns }: Planted,
  at: number,
  kind: Attack['kind'],
  from: number,
  random: Random,
): (row: number) => void {
  const column = columns[at];
  if (column?.kind === 'category') {
    const code = kind === 'rare' ? column.levels : (column.codes[from] ?? 0);
    if (kind === 'rare') {
      column.levels += 1;
      column.texts = [...column.texts, 'odd'];
    }
    return (row) => {
      column.codes[row] = code;
    };
  }
  if (column === undefined) return () => undefined;
  const { values } = column;
  const most = values.reduce((top, value) => (value > top ? value : top), Number.NEGATIVE_INFINITY);
  const jitter = jitterOf(values);
  const value = kind === 'rare' ? most + 20 * jitter : (values[from] ?? 0);
  return (row) => {
    values[row] = value + (kind === 'jittered' ? (2 * random.uniform() - 1) * jitter : 0);
  };
}
