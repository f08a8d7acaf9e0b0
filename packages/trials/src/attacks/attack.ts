import type { Random } from '@holdfast/statistics';
import type { Victim } from '../victim.ts';
import type { Ball, Bounds } from './ball.ts';

/** What an attack works on: rows that the model classifies rightly, one behind the other. */
export interface Samples {
  /** [N·size] */
  readonly x: Float32Array;
  /** [N] */
  readonly labels: Int32Array;
}

/** What an attacker may do. */
export interface Threat {
  readonly ball: Ball;
  readonly bounds: Bounds;
}

/** Changes rows within the threat so that the model errs; gives for each row the best that it found. */
export type Attack = (victim: Victim, samples: Samples, threat: Threat, random: Random) => Promise<Float32Array>;
