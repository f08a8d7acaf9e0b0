import { coordinatesOf } from '../labels/neighbours.ts';
import type { PoisonScene } from '../scene.ts';

/** Neighbours that have a say, and rows that they are looked for among. */
const neighbours = 10;
const mostAmong = 4000;
/** Deviations by which a group has to be apart in a coordinate for that to be what sets it apart. */
const apart = 1.5;

/** Rows as points: their columns, or what a model makes of them. */
export interface Witness {
  readonly points: Float32Array;
  readonly width: number;
}

/**
 * Columns as they are, or the embeddings where there are none: what a model that was trained on these labels makes of rows says what it
 * was taught, and is the worse witness.
 */
export function witnessOf({ rows, columns, embeddings }: PoisonScene): Witness {
  if (columns.length === 0) return { points: embeddings?.values ?? new Float32Array(), width: embeddings?.width ?? 0 };
  const parts = coordinatesOf({ columns });
  const points = new Float32Array(rows * parts.length);
  for (const [at, part] of parts.entries()) {
    for (let row = 0; row < rows; row += 1) points[row * parts.length + at] = part[row] ?? 0;
  }
  return { points, width: parts.length };
}

/**
 * How many rows of a group, and how many of the rest of its class, have a label that few of the rows like them have. Coordinates that set
 * the group apart from all others do not count: a trigger makes rows alike, whatever they were before. Nothing where fewer than `least`
 * of the group have one: the rest is then not asked.
 */
export function contradictedIn(
  { labels }: Pick<PoisonScene, 'labels'>,
  witness: Witness,
  { group, rest, least }: Asking,
): { readonly group: number; readonly rest: number } | undefined {
  const isOwn = new Set(group);
  const others = amongOf(labels);
  const kept = commonCoordinates(
    witness,
    group,
    others.filter((row) => !isOwn.has(row)),
  );
  if (kept.length === 0) return undefined;
  const isContradicted = (row: number): boolean => {
    const [same, known] = votes(labels, witness, { row, others, kept });
    return same * 2 < known;
  };
  let found = 0;
  for (const [at, row] of group.entries()) {
    found += Number(isContradicted(row));
    if (found + group.length - at - 1 < least) return undefined;
  }
  return { group: found, rest: rest.filter(isContradicted).length };
}

interface Asking {
  readonly group: readonly number[];
  /** Of the same class. */
  readonly rest: readonly number[];
  readonly least: number;
}

/** Every so many-th row with a label, so that there are no more than can be compared. */
function amongOf(labels: Int32Array): Uint32Array {
  const known = Uint32Array.from(labels.keys()).filter((row) => (labels[row] ?? -1) >= 0);
  const step = Math.ceil(known.length / mostAmong);
  return step <= 1 ? known : known.filter((_, at) => at % step === 0);
}

function commonCoordinates({ points, width }: Witness, group: readonly number[], others: Uint32Array): number[] {
  return Array.from({ length: width }, (_, at) => at).filter((at) => {
    const mean = (rows: ArrayLike<number> & Iterable<number>): number => {
      let sum = 0;
      for (const row of rows) sum += points[row * width + at] ?? 0;
      return sum / Math.max(1, rows.length);
    };
    const [own, all] = [mean(group), mean(others)];
    let squares = 0;
    for (const row of others) squares += ((points[row * width + at] ?? 0) - all) ** 2;
    const deviation = Math.sqrt(squares / Math.max(1, others.length));
    return Math.abs(own - all) <= apart * deviation;
  });
}

interface Asked {
  readonly row: number;
  readonly others: Uint32Array;
  readonly kept: readonly number[];
}

/** Of the nearest others: those with the same label, and all. */
function votes(
  labels: Int32Array,
  { points, width }: Witness,
  { row, others, kept }: Asked,
): [same: number, known: number] {
  const distances = new Float64Array(neighbours).fill(Number.POSITIVE_INFINITY);
  const nearest = new Int32Array(neighbours).fill(-1);
  for (const other of others) {
    if (other === row) continue;
    let distance = 0;
    const bound = distances[neighbours - 1] as number;
    for (const at of kept) {
      distance += ((points[row * width + at] as number) - (points[other * width + at] as number)) ** 2;
      if (distance >= bound) break;
    }
    if (distance >= bound) continue;
    let place = neighbours - 1;
    for (; place > 0 && (distances[place - 1] as number) > distance; place -= 1) {
      distances[place] = distances[place - 1] as number;
      nearest[place] = nearest[place - 1] as number;
    }
    distances[place] = distance;
    nearest[place] = other;
  }
  const known = nearest.filter((other) => other >= 0);
  return [known.reduce((sum, other) => sum + Number(labels[other] === labels[row]), 0), known.length];
}
