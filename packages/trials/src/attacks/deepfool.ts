import { predictions, type Victim } from '../victim.ts';
import type { Attack } from './attack.ts';
import { clip } from './ball.ts';
import { rowsOf } from './rows.ts';

export interface DeepFoolOptions {
  /** 50 in the paper. */
  readonly steps?: number;
  /** How far behind the boundary; 0.02 in the paper. */
  readonly overshoot?: number;
  /** Classes that are looked at beside the predicted one: those with the largest logits; 10 in the paper. */
  readonly candidates?: number;
}

/**
 * The nearest decision boundary of the linearised model, again and again, in L2 (Moosavi-Dezfooli et al., arXiv:1511.04599,
 * algorithm 2). It looks for the smallest change and does not keep to the radius of the threat.
 */
export function deepFool({ steps = 50, overshoot = 0.02, candidates = 10 }: DeepFoolOptions = {}): Attack {
  return async (victim, samples, threat) => {
    const { size } = victim;
    const change = new Float32Array(samples.x.length);
    const x = samples.x.slice();
    const clean = predictions(await victim.logits(x), victim.classes);
    let rows = [...samples.labels.keys()].filter((row) => clean[row] === samples.labels[row]);
    for (let step = 0; step < steps && rows.length > 0; step += 1) {
      const part = rowsOf({ x, labels: samples.labels }, rows, size);
      const moves = await nearest(victim, part.x, part.labels, candidates);
      for (const [place, row] of rows.entries()) {
        for (let index = 0; index < size; index += 1) {
          const at = row * size + index;
          change[at] = (change[at] as number) + (moves[place * size + index] as number);
          x[at] = (samples.x[at] as number) + (1 + overshoot) * change[at];
        }
      }
      clip(x, threat.bounds);
      const found = predictions(
        await victim.logits(rowsOf({ x, labels: samples.labels }, rows, size).x),
        victim.classes,
      );
      rows = rows.filter((row, place) => found[place] === samples.labels[row]);
    }
    return x;
  };
}

/** For each row the shortest move to the boundary of any candidate: |f|/‖w‖² · w, f and w the differences to its own class. */
async function nearest(victim: Victim, x: Float32Array, labels: Int32Array, candidates: number): Promise<Float32Array> {
  const { size, classes } = victim;
  const logits = (await victim.logits(x)).slice();
  const shortest = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
  const moves = new Float32Array(x.length);
  const order = [...labels.keys()].map((row) =>
    others(logits.subarray(row * classes, (row + 1) * classes), labels[row] as number),
  );
  for (let place = 0; place < Math.min(candidates, classes) - 1; place += 1) {
    const seed = new Float32Array(logits.length);
    for (const [row, label] of labels.entries()) {
      seed[row * classes + (order[row]?.[place] ?? 0)] = 1;
      seed[row * classes + label] = -1;
    }
    const { gradient } = await victim.pullback(x, seed);
    for (const [row, label] of labels.entries()) {
      const other = order[row]?.[place] ?? 0;
      const gap = Math.abs((logits[row * classes + other] as number) - (logits[row * classes + label] as number));
      const w = gradient.subarray(row * size, (row + 1) * size);
      const length = Math.sqrt(w.reduce((sum, each) => sum + each * each, 0));
      const distance = gap / length;
      if (!(distance < (shortest[row] as number))) continue;
      shortest[row] = distance;
      // 10⁻⁴ behind a boundary that the linear model meets exactly, as Foolbox 3.3.4 goes
      w.forEach((each, index) => (moves[row * size + index] = ((distance + 1e-4) * each) / length));
    }
  }
  return moves;
}

/** The other classes, the most likely first. */
function others(logits: Float32Array, label: number): number[] {
  return Array.from(logits.keys())
    .filter((index) => index !== label)
    .sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);
}
