import type { PairSearch } from './crowded-pairs.ts';
import type { GroupPart } from './grow.ts';

/** Rows of nobody that the share among few rows is drawn to that of all by. */
const prior = 4;
/** What is always so outside may not be so inside. */
const most = 0.95;

/**
 * The share of a group's rows that would have one more item by nature: its share among the rows outside the group, times how many times
 * more frequent it is there where each single item of the group is, which is what the items say together as far as they say it
 * independently of each other. The larger one of the class and of all rows.
 */
export function naturalShare(
  { labels }: Pick<PairSearch, 'labels'>,
  {
    label,
    taken,
    part,
    isLeftOut,
  }: {
    readonly label: number;
    readonly taken: readonly GroupPart[];
    readonly part: GroupPart;
    readonly isLeftOut: Uint8Array;
  },
): number {
  const share = (isWithin: (row: number) => boolean): number => {
    let [all, having] = [0, 0];
    const own = taken.map(() => ({ all: 0, having: 0 }));
    for (let row = 0; row < labels.length; row += 1) {
      if (isLeftOut[row] === 1 || !isWithin(row) || taken.every(({ has }) => has[row] === 1)) continue;
      const item = part.has[row] as number;
      all += 1;
      having += item;
      for (const [at, { has }] of taken.entries()) {
        const count = own[at];
        if (count === undefined || has[row] !== 1) continue;
        count.all += 1;
        count.having += item;
      }
    }
    const base = (having + 1) / (all + 2);
    const lifts = own.map((count) => (count.having + prior * base) / (count.all + prior) / base);
    return Math.min(
      most,
      lifts.reduce((product, lift) => product * Math.max(1, lift), base),
    );
  };
  return Math.max(
    share((row) => labels[row] === label),
    share(() => true),
  );
}
