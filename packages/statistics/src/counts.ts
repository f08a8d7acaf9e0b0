import { StatisticsError } from './errors.ts';

function invalid(message: string): never {
  throw new StatisticsError('HF_STATISTICS_VALUES', message);
}

/** The sum of counts. @throws StatisticsError HF_STATISTICS_VALUES unless each is finite and at least 0, and one is more */
function total(what: string, counts: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] ?? Number.NaN;
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) invalid(`one of the counts in ${what} is \`${count}\``);
    sum += count;
  }
  if (sum === 0) invalid(`all counts in ${what} are zero`);
  if (sum === Number.POSITIVE_INFINITY) invalid(`the sum of the counts in ${what} is infinite`);
  return sum;
}

/**
 * The sums of two rows of counts over the same categories, which have to be as long.
 * @throws StatisticsError HF_STATISTICS_VALUES if a count is negative, NaN or infinite, or all are zero, or one row is longer
 */
export function requireCounts(a: ArrayLike<number>, b: ArrayLike<number>): readonly [sumA: number, sumB: number] {
  if (a.length !== b.length)
    invalid(`there are \`${a.length}\` counts in the first row and \`${b.length}\` in the second`);
  return [total('the first row', a), total('the second row', b)];
}

/**
 * Adds up what each category gives.
 * @param each gets the shares of the category in the first and in the second row, each from 0 to 1
 * @throws StatisticsError HF_STATISTICS_VALUES, as {@link requireCounts}
 */
export function sumOfShares(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  each: (shareA: number, shareB: number) => number,
): number {
  const [sumA, sumB] = requireCounts(a, b);
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += each((a[index] ?? 0) / sumA, (b[index] ?? 0) / sumB);
  return sum;
}
