import type { PairSearch } from './crowded-pairs.ts';
import type { GroupPart } from './grow.ts';

/** Rows of nobody that the share among few rows is drawn to that of all by. */
const prior = 4;
/** What is always so outside may not be so inside. */
const most = 0.95;

/** A group that is to have one more part. */
interface Growing {
  readonly label: number;
  readonly taken: readonly GroupPart[];
  readonly part: GroupPart;
  readonly isLeftOut: Uint8Array;
}

/** Rows, and those of them that have the part. */
interface Having {
  all: number;
  having: number;
}

/**
 * The share of a group's rows that would have one more item by nature: its share among the rows outside the group, times how many times
 * more frequent it is there where each single item of the group is, which is what the items say together as far as they say it
 * independently of each other. The larger one of the class and of all rows.
 */
export function naturalShare({ labels }: Pick<PairSearch, 'labels'>, growing: Growing): number {
  const ofClass = outside(labels.length, growing, (row) => labels[row] === growing.label);
  return Math.max(
    ofClass,
    outside(labels.length, growing, () => true),
  );
}

function outside(rows: number, growing: Growing, isWithin: (row: number) => boolean): number {
  const { together, single } = countsOf(rows, growing, isWithin);
  const base = (together.having + 1) / (together.all + 2);
  const lifts = single.map((count) => (count.having + prior * base) / (count.all + prior) / base);
  return Math.min(
    most,
    lifts.reduce((product, lift) => product * Math.max(1, lift), base),
  );
}

/** Of the rows outside the group, and of those of them with each of its items. */
function countsOf(rows: number, { taken, part, isLeftOut }: Growing, isWithin: (row: number) => boolean) {
  const together: Having = { all: 0, having: 0 };
  const single = taken.map((): Having => ({ all: 0, having: 0 }));
  for (let row = 0; row < rows; row += 1) {
    if (isLeftOut[row] === 1 || !isWithin(row) || taken.every(({ has }) => has[row] === 1)) continue;
    const item = part.has[row] as number;
    together.all += 1;
    together.having += item;
    for (const [at, { has }] of taken.entries()) {
      const count = single[at];
      if (count === undefined || has[row] !== 1) continue;
      count.all += 1;
      count.having += item;
    }
  }
  return { together, single };
}
