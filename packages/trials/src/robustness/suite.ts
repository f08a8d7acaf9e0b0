import { apgd } from '../attacks/apgd.ts';
import type { Attack } from '../attacks/attack.ts';
import type { Ball } from '../attacks/ball.ts';
import { fastGradient, projectedGradient } from '../attacks/gradient-ascent.ts';
import { square } from '../attacks/square.ts';
import { plus, rand, standard } from './auto-attack.ts';
import type { SuiteName } from './choices.ts';

/** An attack with a name, as a suite runs it. */
export interface Member {
  readonly name: string;
  /** Whether it looks at gradients; what needs none finds out where gradients mislead. */
  readonly usesGradient: boolean;
  readonly attack: Attack;
}

/** Attacks in the order in which they run; each sees only the rows that withstood those before. */
export type Suite = (ball: Ball, classes: number) => readonly Member[];

/** Seconds for a small model: one step, many steps, and a search without gradients. */
const quick: Suite = (ball, classes) => [
  { name: 'fast-gradient', usesGradient: true, attack: fastGradient },
  {
    name: 'projected-gradient',
    usesGradient: true,
    attack: projectedGradient({ steps: 40, stepSize: ball.epsilon / 8, restarts: 2 }),
  },
  // DLR is a ratio to the third largest logit: of two classes there is none
  classes < 3
    ? { name: 'auto-pgd-margin', usesGradient: true, attack: apgd({ loss: 'margin', steps: 50, restarts: 1 }) }
    : { name: 'auto-pgd-dlr', usesGradient: true, attack: apgd({ loss: 'dlr', steps: 50, restarts: 1 }) },
  { name: 'square', usesGradient: false, attack: square({ queries: 500 }) },
];

export const suites: Readonly<Record<SuiteName, Suite>> = { quick, standard, plus, rand };
