import type { Hierarchy, Level } from '../hierarchy/hierarchy.ts';
import type { Classes, Combinations } from '../search/classes.ts';
import type { Utility, UtilityScene } from './utility.ts';

/** What a cell loses that became something, by code of what it became; more on a coarser level. */
type CellLoss = (level: Level, hierarchy: Hierarchy, column: number) => Float64Array;

/**
 * Loss (Iyengar, 2002): of a cell, the share of the domain that it may be, (leaves − 1) / (domain − 1); the mean over all cells. A
 * suppressed cell has lost all.
 */
export const loss = (scene: UtilityScene): Utility =>
  cellUtility('loss', scene, ({ leaves }, { domain }) =>
    leaves.map((each) => (domain < 2 ? 0 : (each - 1) / (domain - 1))),
  );

/** 1 − Prec (Sweeney, 2002): of a cell, its level of those that its column has; the mean over all cells. A suppressed one has lost all. */
export const precision = (scene: UtilityScene): Utility =>
  cellUtility('precision', scene, (level, { levels }) =>
    level.leaves.map(() => (levels.length < 2 ? 0 : levels.indexOf(level) / (levels.length - 1))),
  );

/**
 * Non-uniform entropy (de Waal and Willenborg, 1999; Gionis and Tassa, 2009): of a cell, −log2 of the share that its value has of the rows with
 * what it became; the sum over all cells, in shares of what it is where all are suppressed. A suppressed cell became what every cell is.
 */
export function nonUniformEntropy(scene: UtilityScene): Utility {
  const weights = scene.values.map(({ counts }) => counts.map((rows) => (rows > 0 ? Math.log2(rows) : 0)));
  const bits: CellLoss = ({ codes, labels }, _, column) => {
    const rows = new Float64Array(labels.length);
    for (const [value, code] of codes.entries()) {
      rows[code] = (rows[code] ?? 0) + (scene.values[column]?.counts[value] ?? 0);
    }
    return rows.map((count) => (count > 0 ? Math.log2(count) : 0));
  };
  return {
    ...cellUtility('entropy', scene, bits, { weights, suppressed: Math.log2(Math.max(1, scene.rows)) }),
    weights,
  };
}

interface Cells {
  /** What is taken off for each value. */
  readonly weights?: readonly Float64Array[];
  /** What a suppressed cell loses, before that. */
  readonly suppressed: number;
}

function cellUtility(
  name: Utility['name'],
  { hierarchies, values, rows }: UtilityScene,
  lossOf: CellLoss,
  { weights, suppressed }: Cells = { suppressed: 1 },
): Utility {
  const cells = hierarchies.map((hierarchy, at) => hierarchy.levels.map((level) => lossOf(level, hierarchy, at)));
  const taken = hierarchies.map((_, at) => total(values[at]?.counts, (value) => weights?.[at]?.[value] ?? 0));
  const most = hierarchies.length * rows * suppressed - taken.reduce((sum, each) => sum + each, 0);
  const share = (lost: number): number => (most > 0 ? Math.max(0, lost) / most : 0);
  const columns = hierarchies.map(({ levels }, at) =>
    levels.map(
      ({ codes }, level) =>
        total(values[at]?.counts, (value) => cells[at]?.[level]?.[codes[value] ?? 0] ?? 0) - (taken[at] ?? 0),
    ),
  );
  const ofLevels = (levels: readonly number[]): number =>
    share(columns.reduce((sum, column, at) => sum + (column[levels[at] ?? 0] ?? 0), 0));
  return {
    ...{ name, ofLevels, least: ({ levels }) => ofLevels(levels) },
    score(classes, kept, codes) {
      const costs = rowCosts(hierarchies, codes, classes, cells);
      let sum = 0;
      for (let id = 0; id < classes.count; id += 1) {
        const cost = kept[id] === 1 ? (costs[id] ?? 0) : hierarchies.length * suppressed;
        sum += cost * (classes.rows[id] ?? 0) - (weights === undefined ? 0 : (classes.weights[id] ?? 0));
      }
      return share(sum);
    },
  };
}

/** By class, what a row in it loses in all its cells. */
function rowCosts(
  hierarchies: readonly Hierarchy[],
  codes: Combinations['codes'],
  { levels, count, sample }: Classes,
  cells: readonly (readonly Float64Array[])[],
): Float64Array {
  const costs = new Float64Array(count);
  for (const [at, hierarchy] of hierarchies.entries()) {
    const level = hierarchy.levels[levels[at] ?? 0] ?? hierarchy.levels[0];
    const losses = cells[at]?.[levels[at] ?? 0] ?? new Float64Array();
    const ofCombination = codes[at] ?? new Int32Array();
    for (let id = 0; id < count; id += 1) {
      const value = ofCombination[sample[id] ?? 0] ?? 0;
      costs[id] = (costs[id] ?? 0) + (losses[level.codes[value] ?? 0] ?? 0);
    }
  }
  return costs;
}

function total(counts: Float64Array | undefined, lossOf: (value: number) => number): number {
  return (counts ?? new Float64Array()).reduce((sum, rows, value) => sum + rows * lossOf(value), 0);
}
