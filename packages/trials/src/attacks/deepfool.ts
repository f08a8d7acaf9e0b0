import { predictions, type Victim } from '../victim.ts';
import type { Attack, Samples } from './attack.ts';
import { type Ball, type Bounds, clip } from './ball.ts';
import { type Step, steps } from './linear-step.ts';
import { rowsOf } from './rows.ts';

export interface DeepFoolOptions {
  /** 50 in the paper. */
  readonly steps?: number;
  /** How far behind the boundary; 0.02 in the paper. */
  readonly overshoot?: number;
  /** Classes that are looked at, the row's own among them: those with the largest logits; 10 in the paper. */
  readonly candidates?: number;
  /** In what measure the change is to be small; that of the threat unless given. */
  readonly norm?: Ball['norm'];
}

/**
 * DeepFool: the nearest decision boundary of the linearised model, again and again. With f = z_k − z_y and w = ∇f of the
 * class k that is nearest by |f| / ‖w‖*, a step is |f| w / ‖w‖₂² in L2, and (|f| / ‖w‖₁) · sign(w) in L∞; x is the sample
 * and 1.02 times the sum of the steps. It looks for the smallest change and does not keep to the radius of the threat.
 *
 * Source: Moosavi-Dezfooli et al., arXiv:1511.04599, algorithm 2 and section 3.3, the order of things as in Foolbox 3.3.4.
 * In L1 a step changes the numbers of the greatest |w| first, each as far as the bounds let it.
 * @example
 * ```ts
 * import { deepFool, type OnnxVictim, type Samples } from '@holdfast/trials';
 * import { randomOf } from '@holdfast/statistics';
 * declare const victim: OnnxVictim;
 * declare const samples: Samples;
 * const threat = { ball: { norm: 'l2', epsilon: 0.5 }, bounds: { low: 0, high: 1 } } as const;
 * const changed = await deepFool({ steps: 50 })(victim, samples, threat, randomOf(0));
 * ```
 */
export function deepFool({ steps: most = 50, overshoot = 0.02, candidates = 10, norm }: DeepFoolOptions = {}): Attack {
  return async (victim, samples, { ball, bounds }) => {
    const { size } = victim;
    const change = new Float32Array(samples.x.length);
    const x = samples.x.slice();
    const measure = { step: steps[norm ?? ball.norm], bounds, candidates };
    const clean = predictions(await victim.logits(x), victim.classes);
    let rows = [...samples.labels.keys()].filter((row) => clean[row] === samples.labels[row]);
    for (let step = 0; step < most && rows.length > 0; step += 1) {
      const moves = await nearest(victim, rowsOf({ x, labels: samples.labels }, rows, size), measure);
      for (const [place, row] of rows.entries()) {
        for (let index = 0; index < size; index += 1) {
          const at = row * size + index;
          change[at] = (change[at] as number) + (moves[place * size + index] as number);
          x[at] = (samples.x[at] as number) + (1 + overshoot) * change[at];
        }
      }
      clip(x, bounds);
      const now = rowsOf({ x, labels: samples.labels }, rows, size);
      const found = predictions(await victim.logits(now.x), victim.classes);
      rows = rows.filter((_, place) => found[place] === now.labels[place]);
    }
    return x;
  };
}

interface Measure {
  readonly step: Step;
  readonly bounds: Bounds;
  readonly candidates: number;
}

/** For each row the shortest step to the boundary of any candidate. */
async function nearest(victim: Victim, { x, labels }: Samples, measure: Measure): Promise<Float32Array> {
  const { size, classes } = victim;
  const logits = (await victim.logits(x)).slice();
  const shortest = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
  const moves = new Float32Array(x.length);
  const order = Array.from(labels, (label, row) => others(logits.subarray(row * classes, (row + 1) * classes), label));
  for (let place = 0; place < Math.min(measure.candidates, classes) - 1; place += 1) {
    const seed = new Float32Array(logits.length);
    for (const [row, label] of labels.entries()) {
      seed[row * classes + (order[row]?.[place] ?? 0)] = 1;
      seed[row * classes + label] = -1;
    }
    const { gradient } = await victim.pullback(x, seed);
    for (const [row, label] of labels.entries()) {
      const other = order[row]?.[place] ?? 0;
      const gap = Math.abs((logits[row * classes + other] as number) - (logits[row * classes + label] as number));
      const [from, to] = [row * size, (row + 1) * size];
      const step = measure.step(gap, gradient.subarray(from, to), x.subarray(from, to), measure.bounds);
      if (!(step.distance < (shortest[row] as number))) continue;
      shortest[row] = step.distance;
      moves.set(step.move(), from);
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
