import { type Random, randomOf } from '@holdfast/statistics';
import type { Points } from './nearest.ts';

export interface ForestOptions {
  readonly trees?: number;
  /** Points that each tree is grown from. */
  readonly sample?: number;
  readonly seed: string;
}

/**
 * Isolation forest (F. T. Liu, K. M. Ting, Z.-H. Zhou, 2008): how soon random cuts leave a point alone, from 0 to 1, higher
 * where it is sooner.
 *
 * @param among numbers of the points that trees are grown from
 */
export function isolationScores(
  points: Points,
  among: Uint32Array,
  { trees = 100, sample = 256, seed }: ForestOptions,
): Float64Array {
  const rows = points.width === 0 ? 0 : points.values.length / points.width;
  const size = Math.min(sample, among.length);
  const depths = new Float64Array(rows);
  for (let tree = 0; tree < trees; tree += 1) {
    const random = randomOf(seed).fork(`tree ${tree}`);
    const grown = new Tree(points, drawn(among, size, random), random);
    for (let row = 0; row < rows; row += 1) depths[row] = (depths[row] ?? 0) + grown.depth(row);
  }
  const usual = pathLength(size);
  return depths.map((sum) => (usual === 0 ? 0.5 : 2 ** (-sum / trees / usual)));
}

/** Without replacement. */
function drawn(among: Uint32Array, size: number, random: Random): Uint32Array {
  const pool = among.slice();
  for (let at = 0; at < size; at += 1) {
    const chosen = at + random.integer(pool.length - at);
    [pool[at], pool[chosen]] = [pool[chosen] ?? 0, pool[at] ?? 0];
  }
  return pool.subarray(0, size);
}

/** Steps of an unsuccessful search in a binary search tree of n, on average: as deep as a leaf of n points would go on. */
function pathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}

const eulerGamma = 0.5772156649015329;

class Tree {
  readonly #points: Points;
  /** By node: the column of the cut, or −1 of a leaf; where it cuts, or how deep a leaf is; its right child, left is next. */
  readonly #columns: number[] = [];
  readonly #values: number[] = [];
  readonly #rights: number[] = [];

  constructor(points: Points, rows: Uint32Array, random: Random) {
    this.#points = points;
    this.#grow(rows, 0, Math.ceil(Math.log2(Math.max(2, rows.length))), random);
  }

  depth(row: number): number {
    const { values, width } = this.#points;
    let node = 0;
    for (;;) {
      const column = this.#columns[node] ?? -1;
      const value = this.#values[node] ?? 0;
      if (column < 0) return value;
      node = (values[row * width + column] ?? 0) <= value ? node + 1 : (this.#rights[node] ?? 0);
    }
  }

  #grow(rows: Uint32Array, depth: number, deepest: number, random: Random): void {
    const node = this.#columns.length;
    const cut = rows.length <= 1 || depth >= deepest ? undefined : this.#cut(rows, random);
    this.#columns.push(cut?.column ?? -1);
    this.#values.push(cut?.value ?? depth + pathLength(rows.length));
    this.#rights.push(-1);
    if (cut === undefined) return;
    const { values, width } = this.#points;
    const isLeft = (row: number): boolean => (values[row * width + cut.column] ?? 0) <= cut.value;
    this.#grow(rows.filter(isLeft), depth + 1, deepest, random);
    this.#rights[node] = this.#columns.length;
    this.#grow(
      rows.filter((row) => !isLeft(row)),
      ...([depth + 1, deepest, random] as const),
    );
  }

  /** A random value of a random column that has different ones; nothing where none has. */
  #cut(rows: Uint32Array, random: Random): { column: number; value: number } | undefined {
    const { values, width } = this.#points;
    const order = random.shuffle(Uint32Array.from({ length: width }, (_, at) => at));
    for (const column of order) {
      let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const row of rows) {
        const value = values[row * width + column] ?? 0;
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
      if (least < greatest) return { column, value: Math.min(least + random.uniform() * (greatest - least), greatest) };
    }
    return undefined;
  }
}
