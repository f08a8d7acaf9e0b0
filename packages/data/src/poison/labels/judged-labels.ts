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
  /** Chance of the given label by the neighbours, by the trees, and by the neighbours in what a model makes of the rows. */
  readonly byNeighbours: Float64Array;
  readonly byTrees: Float64Array;
  readonly byEmbeddings?: Float64Array;
}

/**
 * Judges each label by what rows like it have: trees that have not seen the row, its neighbours, and its neighbours among embeddings where
 * there are any; the mean of them. Rows that are far from what all say are left out, and all are judged again, so that wrong labels do
 * not vouch for each other. Embeddings are no more than one of three, because a model that was trained on wrong labels may have learnt them;
 * of rows without columns they are all there is.
 */
export async function judgedLabels({ embeddings, ...given }: PoisonScene): Promise<JudgedLabels> {
  const isBare = given.columns.length === 0 && embeddings !== undefined;
  const scene = isBare ? asColumns(given, embeddings) : given;
  const columns = binnedScene(scene);
  const neighbours = neighboursOf(scene);
  const embedded = embeddings === undefined || isBare ? undefined : neighboursOf(asColumns(given, embeddings));
  const classes = scene.classes.length;
  const round = async (isLeftOut: Uint8Array): Promise<JudgedLabels> => {
    const trees = await outOfSample(scene, columns, isLeftOut);
    const shares = neighbourShares(scene, neighbours, isLeftOut);
    const more = embedded === undefined ? undefined : neighbourShares(scene, embedded, isLeftOut);
    const chances = meanOf(more === undefined ? [trees, shares] : [trees, shares, more]);
    const judged = { labels: scene.labels, classes, chances };
    const own = (all: Float64Array): Float64Array =>
      Float64Array.from(scene.labels, (label, row) => (label < 0 ? 1 : (all[row * classes + label] ?? 1)));
    return {
      judged,
      joint: confidentJoint(judged),
      margins: margins(judged),
      byNeighbours: own(shares),
      byTrees: own(trees),
      ...(more === undefined ? {} : { byEmbeddings: own(more) }),
    };
  };
  const first = await round(new Uint8Array(scene.rows));
  return round(Uint8Array.from(first.margins, (margin) => Number(margin > leastDoubt)));
}

const meanOf = (judges: readonly Float64Array[]): Float64Array =>
  Float64Array.from(judges[0] ?? [], (_, at) => judges.reduce((sum, each) => sum + (each[at] ?? 0), 0) / judges.length);

/** The scene with what the model makes of its rows in place of its columns. */
function asColumns(scene: PoisonScene, { values, width }: NonNullable<PoisonScene['embeddings']>): PoisonScene {
  const columns = Array.from({ length: width }, (_, at) => ({
    ...{ name: `embedding ${at}`, kind: 'number' as const },
    values: Float64Array.from({ length: scene.rows }, (__, row) => values[row * width + at] ?? 0),
  }));
  return { ...scene, columns };
}
