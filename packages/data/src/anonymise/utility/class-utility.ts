import type { Classes } from '../search/classes.ts';
import type { Utility, UtilityScene } from './utility.ts';

/**
 * Discernibility (Bayardo and Agrawal, 2005): each row costs as many as there are in its class, and a suppressed one as many as there
 * are in the table.
 */
export const discernibility = ({ rows: all }: UtilityScene): Utility => ({
  name: 'discernibility',
  ofLevels: () => 0,
  least: (classes) => summed(classes, (rows) => rows * rows),
  score: (classes, kept) => summed(classes, (rows, id) => rows * (kept[id] === 1 ? rows : all)),
});

/** Average class size (LeFevre et al., 2006, not divided by k): rows by classes, of which what is suppressed is one. */
export const classSize = ({ rows: all }: UtilityScene): Utility => ({
  name: 'class-size',
  ofLevels: () => 0,
  least: ({ count }) => (count === 0 ? 0 : all / count),
  score(classes, kept) {
    const published = summed(classes, (_, id) => kept[id] ?? 0);
    const groups = published + (published < classes.count ? 1 : 0);
    return groups === 0 ? 0 : all / groups;
  },
});

function summed({ count, rows }: Classes, costOf: (rows: number, id: number) => number): number {
  let sum = 0;
  for (let id = 0; id < count; id += 1) sum += costOf(rows[id] ?? 0, id);
  return sum;
}
