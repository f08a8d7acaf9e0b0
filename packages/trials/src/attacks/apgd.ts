import type { Random } from '@holdfast/statistics';
import type { LossName } from '../gradient/losses.ts';
import type { Victim } from '../victim.ts';
import { Climb } from './apgd-climb.ts';
import { DensePace } from './apgd-dense.ts';
import { SparsePace } from './apgd-sparse.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { clip, project } from './ball.ts';
import { projectDiamondInBox } from './box-diamond.ts';
import { awayFrom } from './random-direction.ts';
import { rowsOf } from './rows.ts';

export interface ApgdOptions {
  readonly loss: LossName;
  /** 100 in AutoAttack. */
  readonly steps: number;
  readonly restarts: number;
  /** For `dlr-targeted`: the classes that come second, third … at the sample are the targets, one after the other. */
  readonly targets?: number;
  /** Radii, as multiples of that of the threat, one after the other, and shares of the steps: `shrinking` for L1 in AutoAttack. */
  readonly radii?: readonly Stage[];
  /** Gradients of each point that are averaged, for models that draw random numbers; 20 in AutoAttack's `rand`. */
  readonly expectation?: number;
}

export interface Stage {
  readonly multiple: number;
  /** Of the steps. */
  readonly share: number;
}

/** Radii of 3 ε, 2 ε and ε (Croce & Hein, arXiv:2103.01208, section 3.4: "multi-ε-APGD"). */
export const shrinking: readonly Stage[] = [
  { multiple: 3, share: 0.3 },
  { multiple: 2, share: 0.3 },
  { multiple: 1, share: 0.4 },
];

/**
 * Auto-PGD: steps that are shortened where a row stops gaining (L∞ and L2: Croce & Hein, arXiv:2003.01690, algorithm 1;
 * L1, with sparse steps: arXiv:2103.01208, algorithm 1).
 */
export function apgd(options: ApgdOptions): Attack {
  return async (victim, samples, threat, random) => {
    const best = samples.x.slice();
    const broken = new Uint8Array(samples.labels.length);
    for (let run = 0; run < options.restarts * (options.targets ?? 1); run += 1) {
      const rows = [...broken.keys()].filter((row) => broken[row] === 0);
      if (rows.length === 0) break;
      const part = rowsOf(samples, rows, victim.size);
      const place = 2 + Math.trunc(run / options.restarts);
      const targets = options.targets === undefined ? undefined : await ranked(victim, part, place);
      const found = await oneRun(victim, part, threat, options, random, targets);
      for (const [at, row] of rows.entries()) {
        best.set(found.x.subarray(at * victim.size, (at + 1) * victim.size), row * victim.size);
        broken[row] = found.broken[at] ?? 0;
      }
    }
    return best;
  };
}

/** The class that comes `place`-th at each sample, counted from 1. */
export async function ranked(victim: Victim, { x, labels }: Samples, place: number): Promise<Int32Array> {
  const logits = await victim.logits(x);
  return labels.map((_, row) => {
    const own = logits.subarray(row * victim.classes, (row + 1) * victim.classes);
    const order = Array.from(own.keys()).sort((a, b) => (own[b] as number) - (own[a] as number) || a - b);
    return order[place - 1] ?? 0;
  });
}

/** One start of every row, and with several radii one climb after the other, each from the best of that before. */
async function oneRun(
  victim: Victim,
  samples: Samples,
  threat: Threat,
  options: ApgdOptions,
  random: Random,
  targets: Int32Array | undefined,
): Promise<{ x: Float32Array; broken: Uint8Array }> {
  const stages = options.radii ?? [{ multiple: 1, share: 1 }];
  const epsilon = threat.ball.epsilon * (stages[0]?.multiple ?? 1);
  let x = startOf(samples.x, victim.size, { ...threat, ball: { ...threat.ball, epsilon } }, random);
  let left = options.steps;
  for (const [index, { multiple, share }] of stages.entries()) {
    const isLast = index === stages.length - 1;
    const steps = isLast ? left : Math.min(Math.ceil(share * options.steps), left);
    left -= steps;
    const ball = { ...threat.ball, epsilon: threat.ball.epsilon * multiple };
    const inside = { samples, threat: { ...threat, ball }, size: victim.size, steps };
    if (index > 0) putInside(x, samples.x, victim.size, inside.threat);
    const isWarm = options.radii !== undefined;
    const pace = ball.norm === 'l1' ? new SparsePace(inside, isWarm ? x : undefined) : new DensePace(inside);
    const climb = new Climb({ victim, samples, targets, loss: options.loss, expectation: options.expectation ?? 1 });
    const found = await climb.run(x, pace, steps, isLast);
    if (isLast) return { x: found.adversarial, broken: found.broken };
    x = found.best;
  }
  throw new RangeError('no radius');
}

/** L∞ and L2: on the surface of the ball, as far as the bounds let it; L1: normal noise, projected. */
function startOf(origin: Float32Array, size: number, threat: Threat, random: Random): Float32Array {
  const { norm, epsilon } = threat.ball;
  const x =
    norm === 'l1' ? origin.map((value) => value + random.normal()) : awayFrom(origin, size, norm, epsilon, random);
  putInside(x, origin, size, threat);
  return x;
}

function putInside(x: Float32Array, origin: Float32Array, size: number, { ball, bounds }: Threat): void {
  if (ball.norm === 'l1') {
    projectDiamondInBox(x, origin, size, ball.epsilon, bounds);
    return;
  }
  project(x, origin, size, ball);
  clip(x, bounds);
}
