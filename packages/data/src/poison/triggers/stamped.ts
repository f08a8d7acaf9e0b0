import type { Random } from '@holdfast/statistics';
import { type ItemColumn, intervalItems, type RankedColumn } from './item-columns.ts';

const draws = 199;

/** Each column as a few coarse items, to compare sets of rows by. */
export function coarseColumns(columns: readonly RankedColumn[]): ItemColumn[] {
  return columns.map((column) => (column.kind === 'number' ? intervalItems(column.ranks, 8, 0) : column.items));
}

/**
 * The chance that rows drawn from these and `reference` together differ from all of them, in the columns that are compared, as much as
 * these do. Rows that a trigger was stamped on were chosen without regard to the rest of them, and look like any others; rows that have
 * two values in common by nature have more in common. A permutation test of Pearson's statistic, summed over columns.
 * @param rows at least one, none of them in `reference`
 * @param skipped columns that are not compared
 */
export function drawnAlike(
  coarse: readonly ItemColumn[],
  {
    rows,
    reference,
    skipped,
  }: { readonly rows: Uint32Array; readonly reference: Uint32Array; readonly skipped: ReadonlySet<number> },
  random: Random,
): number {
  if (reference.length < rows.length) return 0;
  const compared = coarse.filter((_, at) => !skipped.has(at));
  if (compared.length === 0) return 1;
  const pool = Uint32Array.from([...rows, ...reference]);
  const expected = compared.map((column) => sharesOf(column, pool));
  const found = distance(compared, expected, rows);
  let asFar = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    if (distance(compared, expected, drawnFrom(pool, rows.length, random)) >= found) asFar += 1;
    // Enough to know that it is no small chance (J. Besag and P. Clifford, "Sequential Monte Carlo p-values", 1991).
    if (asFar >= 20) return asFar / (draw + 1);
  }
  return (asFar + 1) / (draws + 1);
}

/** The first so many of the pool, after as many steps of R. Fisher and F. Yates's shuffle: no row twice. */
function drawnFrom(pool: Uint32Array, count: number, random: Random): Uint32Array {
  for (let at = 0; at < count; at += 1) {
    const other = at + random.integer(pool.length - at);
    const row = pool[at] ?? 0;
    pool[at] = pool[other] ?? 0;
    pool[other] = row;
  }
  return pool.subarray(0, count);
}

function sharesOf({ items, count }: ItemColumn, rows: Uint32Array): Float64Array {
  const shares = new Float64Array(count + 1);
  for (const row of rows) {
    const at = (items[row] ?? -1) + 1;
    shares[at] = (shares[at] ?? 0) + 1 / rows.length;
  }
  return shares;
}

function distance(columns: readonly ItemColumn[], expected: readonly Float64Array[], rows: Uint32Array): number {
  let sum = 0;
  for (const [at, { items, count }] of columns.entries()) {
    const seen = new Uint32Array(count + 1);
    for (const row of rows) (seen[(items[row] as number) + 1] as number) += 1;
    const shares = expected[at] as Float64Array;
    for (let item = 0; item <= count; item += 1) {
      const chance = (shares[item] as number) * rows.length;
      // Half a row more, so that an item which the reference lacks does not decide alone.
      sum += ((seen[item] as number) - chance) ** 2 / (chance + 0.5);
    }
  }
  return sum;
}
