import type { GroupPart } from './grow.ts';
import type { ItemColumn } from './item-columns.ts';

/** Rows of nobody that the shares of few rows are evened out by. */
const prior = 8;
/** Rows with an item, apart from the group, that say what it comes with. */
const fewestWith = 5;

/**
 * How many standard errors the rest of a group's rows speaks more for one of its items, or for all of them together, than the rest of rows that are drawn without regard
 * to it. What comes together by nature comes with more: rows of Mexico that left school early have the work and the age of others from
 * there, stamped ones those of anybody. The logarithm of the likelihood ratio of the compared columns (independent within the rows with
 * the item, and within those without), learnt from rows outside the group; its mean over the group, against all rows drawn without
 * repetition.
 * @param reference rows that the group's would have been drawn from, none of them in the group
 */
export function foretold(
  coarse: readonly ItemColumn[],
  {
    rows,
    parts,
    reference,
    skipped,
  }: {
    readonly rows: Uint32Array;
    readonly parts: readonly GroupPart[];
    readonly reference: Uint32Array;
    readonly skipped: ReadonlySet<number>;
  },
): number {
  const compared = coarse.filter((_, at) => !skipped.has(at));
  const all = Uint32Array.from([...rows, ...reference]);
  const sum = new Float64Array(all.length);
  let most = 0;
  for (const { has } of parts) {
    const withItem = reference.filter((row) => has[row] === 1);
    const without = reference.filter((row) => has[row] !== 1);
    if (withItem.length < fewestWith || without.length < fewestWith) continue;
    const tables = compared.map((column) => ({ column, ratios: logRatios(column, withItem, without) }));
    const scores = standardised(
      Float64Array.from(all, (row) =>
        tables.reduce((total, { column, ratios }) => total + (ratios[(column.items[row] ?? -1) + 1] ?? 0), 0),
      ),
    );
    most = Math.max(most, standardErrors(scores, rows.length));
    for (const [at, score] of scores.entries()) sum[at] = (sum[at] ?? 0) + score;
  }
  return Math.max(most, standardErrors(standardised(sum), rows.length));
}

function logRatios({ items, count }: ItemColumn, withItem: Uint32Array, without: Uint32Array): Float64Array {
  const [own, rest] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  for (const row of withItem) (own[(items[row] ?? -1) + 1] as number) += 1;
  for (const row of without) (rest[(items[row] ?? -1) + 1] as number) += 1;
  return own.map((seen, at) => {
    const share = ((rest[at] ?? 0) + 0.5) / (without.length + 0.5 * (count + 1));
    return Math.log((seen + prior * share) / (withItem.length + prior) / share);
  });
}

/** With mean 0 and variance 1. */
function standardised(scores: Float64Array): Float64Array {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return scores.map((score) => (variance > 0 ? (score - mean) / Math.sqrt(variance) : 0));
}

/** Of the mean of the first so many, as if they were drawn from all without repetition. */
function standardErrors(scores: Float64Array, own: number): number {
  const mean = scores.subarray(0, own).reduce((sum, score) => sum + score / own, 0);
  return mean / Math.sqrt((1 - own / scores.length) / own);
}
