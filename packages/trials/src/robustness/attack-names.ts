import { apgd } from '../attacks/apgd.ts';
import type { Attack } from '../attacks/attack.ts';
import type { Ball } from '../attacks/ball.ts';
import { carliniWagner } from '../attacks/carlini-wagner.ts';
import { deepFool } from '../attacks/deepfool.ts';
import { fab } from '../attacks/fab.ts';
import { basicIterative, fastGradient, momentumIterative, projectedGradient } from '../attacks/gradient-ascent.ts';
import { hopSkipJump } from '../attacks/hop-skip-jump.ts';
import { square } from '../attacks/square.ts';
import { universal } from '../attacks/universal.ts';
import { TrialsError } from '../errors.ts';
import { type AttackName, attackNames, type SuiteName } from './choices.ts';
import { type Member, suites } from './suite.ts';

/** An attack that can be asked for by name, with the settings of its paper or of its usual implementations. */
interface NamedAttack {
  readonly usesGradient: boolean;
  /** Norms that it knows; all unless given. */
  readonly norms?: readonly Ball['norm'][];
  /** Two unless given. */
  readonly leastClasses?: number;
  readonly make: (ball: Ball) => Attack;
}

/** So many steps of 2.5 times the radius together (Madry et al., arXiv:1706.06083). */
function stepOf({ epsilon }: Ball, steps: number): number {
  return (2.5 * epsilon) / steps;
}

export const namedAttacks: Readonly<Record<AttackName, NamedAttack>> = {
  fgsm: { usesGradient: true, make: () => fastGradient },
  bim: { usesGradient: true, make: (ball) => basicIterative(10, stepOf(ball, 10)) },
  pgd: { usesGradient: true, make: (ball) => projectedGradient({ steps: 40, stepSize: stepOf(ball, 40) }) },
  mim: { usesGradient: true, make: (ball) => momentumIterative(10, stepOf(ball, 10)) },
  'apgd-ce': { usesGradient: true, make: () => apgd({ loss: 'cross-entropy', steps: 100, restarts: 1 }) },
  // a ratio to the third largest logit
  'apgd-dlr': { usesGradient: true, leastClasses: 3, make: () => apgd({ loss: 'dlr', steps: 100, restarts: 1 }) },
  fab: { usesGradient: true, make: () => fab({ steps: 100 }) },
  square: { usesGradient: false, make: () => square({ queries: 5000 }) },
  cw: { usesGradient: true, norms: ['l2'], make: () => carliniWagner() },
  deepfool: { usesGradient: true, make: () => deepFool() },
  universal: { usesGradient: true, make: () => universal() },
  hopskipjump: { usesGradient: false, norms: ['l2', 'linf'], make: () => hopSkipJump() },
};

/** What chooses the attacks of a trial. */
export interface AttackChoice {
  readonly ball: Ball;
  readonly suite: SuiteName;
  /** In place of the suite. */
  readonly attack?: readonly AttackName[];
}

/**
 * The attacks of a trial in their order.
 * @throws TrialsError HF_TRIALS_OPTIONS where an attack is not for so few classes
 */
export function chosenMembers({ ball, suite, attack }: AttackChoice, classes: number): readonly Member[] {
  if (attack === undefined) return suites[suite](ball, classes);
  return attack.map((name) => {
    const { usesGradient, leastClasses = 2, make }: NamedAttack = namedAttacks[name];
    if (classes < leastClasses) refuse(name, `is for ${leastClasses} classes or more; the model knows ${classes}`);
    return { name, usesGradient, attack: make(ball) };
  });
}

/** `suite quick`, or `attacks fgsm, pgd`. */
export function choiceInWords({ suite, attack }: AttackChoice): string {
  if (attack === undefined) return `suite ${suite}`;
  return `attack${attack.length === 1 ? '' : 's'} ${attack.join(', ')}`;
}

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function attackOption(given: unknown, { norm }: Ball): readonly AttackName[] | undefined {
  if (given === undefined) return undefined;
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (names.length === 0) throw new TrialsError('HF_TRIALS_OPTIONS', 'the option `attack` names no attack');
  const known = names.map((name) => attackNames.find((each) => each === name) ?? refuse(name, isNone));
  for (const [place, name] of known.entries()) {
    const { norms }: NamedAttack = namedAttacks[name];
    if (norms?.includes(norm) === false) refuse(name, `is for ${norms.map((each) => `\`${each}\``).join(' and ')}`);
    if (known.indexOf(name) !== place) refuse(name, 'is named twice');
  }
  return known;
}

const isNone = `is none of ${attackNames.map((each) => `\`${each}\``).join(', ')}`;

function refuse(name: unknown, why: string): never {
  throw new TrialsError('HF_TRIALS_OPTIONS', `the attack \`${String(name)}\` ${why}`);
}
