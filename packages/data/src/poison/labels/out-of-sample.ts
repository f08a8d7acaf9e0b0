import { randomOf } from '@holdfast/statistics';
import type { BinnedColumn } from '../../drift/binned-features.ts';
import { boostedTrees } from '../../drift/boosted-trees.ts';
import type { PoisonScene } from '../scene.ts';

/** Fewer where there are more models to learn. */
const foldsFor = (classes: number): number => (classes === 2 ? 5 : 3);

/**
 * What boosted trees that have not seen a row say about its class: rows × classes, each row sums to 1. One model for each class against
 * the others and each fold (of two classes, one for both).
 * @param isLeftOut rows that nothing is learnt from; they are judged nevertheless
 */
export async function outOfSample(
  scene: PoisonScene,
  columns: readonly BinnedColumn[],
  isLeftOut: Uint8Array,
): Promise<Float64Array> {
  const { rows, labels, classes } = scene;
  const folds = foldsFor(classes.length);
  const fold = foldsOf(scene, folds);
  const chances = new Float64Array(rows * classes.length);
  for (let held = 0; held < folds; held += 1) {
    const learnt = Uint32Array.from(labels.keys()).filter(
      (row) => fold[row] !== held && (labels[row] ?? -1) >= 0 && isLeftOut[row] === 0,
    );
    for (let label = 0; label < (classes.length === 2 ? 1 : classes.length); label += 1) {
      await new Promise(setImmediate);
      scene.signal.throwIfAborted();
      const isOne = Uint8Array.from(labels, (each) => Number(each === label));
      const model = boostedTrees(columns, learnt, isOne);
      for (let row = 0; row < rows; row += 1) {
        if (fold[row] === held) chances[row * classes.length + label] = 1 / (1 + Math.exp(-model.score(row)));
      }
    }
  }
  return normalised(chances, classes.length);
}

/** Every class is dealt evenly. */
function foldsOf({ rows, labels, classes, seed }: PoisonScene, folds: number): Uint8Array {
  const random = randomOf(seed).fork('folds of labels');
  const fold = new Uint8Array(rows);
  for (let label = -1; label < classes.length; label += 1) {
    const own = random.shuffle(Uint32Array.from(labels.keys()).filter((row) => labels[row] === label));
    for (const [at, row] of own.entries()) fold[row] = at % folds;
  }
  return fold;
}

function normalised(chances: Float64Array, classes: number): Float64Array {
  for (let from = 0; from < chances.length; from += classes) {
    if (classes === 2) chances[from + 1] = 1 - (chances[from] as number);
    let sum = 0;
    for (let label = 0; label < classes; label += 1) sum += chances[from + label] as number;
    for (let label = 0; label < classes; label += 1) (chances[from + label] as number) /= sum;
  }
  return chances;
}
