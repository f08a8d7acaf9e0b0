import type { PoisonScene } from '../scene.ts';
import { binnedScene } from './binned-scene.ts';
import { confidentJoint, type Joint, type Judged, margins } from './confident-learning.ts';
import { neighbourShares, neighboursOf } from './neighbours.ts';
import { outOfSample } from './out-of-sample.ts';

/** Margin from which on a row teaches nobody in the second round. */
const leastDoubt = 0.2;

export interface JudgedLabels {
  readonly judged: Judged;
  readonly joint: Joint;
  /** From -1 to 1 by row, larger is more suspicious. */
  readonly margins: Float64Array;
  /** Chance of the given label by the neighbours, and by the trees. */
  readonly byNeighbours: Float64Array;
  readonly byTrees: Float64Array;
}

/**
 * Judges each label by what rows like it have: trees that have not seen the row, and its neighbours; the mean of the two. Rows that are far
 * from what both say are left out, and all are judged again, so that wrong labels do not vouch for each other.
 */
export async function judgedLabels(scene: PoisonScene): Promise<JudgedLabels> {
  const columns = binnedScene(scene);
  const neighbours = neighboursOf(scene);
  const classes = scene.classes.length;
  const round = async (isLeftOut: Uint8Array): Promise<JudgedLabels> => {
    const trees = await outOfSample(scene, columns, isLeftOut);
    const shares = neighbourShares(scene, neighbours, isLeftOut);
    const chances = trees.map((chance, at) => (chance + (shares[at] as number)) / 2);
    const judged = { labels: scene.labels, classes, chances };
    const own = (all: Float64Array): Float64Array =>
      Float64Array.from(scene.labels, (label, row) => (label < 0 ? 1 : (all[row * classes + label] ?? 1)));
    return {
      judged,
      joint: confidentJoint(judged),
      margins: margins(judged),
      byNeighbours: own(shares),
      byTrees: own(trees),
    };
  };
  const first = await round(new Uint8Array(scene.rows));
  return round(Uint8Array.from(first.margins, (margin) => Number(margin > leastDoubt)));
}
