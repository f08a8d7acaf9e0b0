import { type ApgdOptions, apgd, shrinking } from '../attacks/apgd.ts';
import { fab } from '../attacks/fab.ts';
import { square } from '../attacks/square.ts';
import type { Member, Suite } from './suite.ts';

/** Of every version: steps of an attack with gradients, queries of the one without, targets. */
const [steps, queries, mostTargets] = [100, 5000, 9];

/**
 * AutoAttack, version `standard`, as published: APGD on cross-entropy, APGD on the targeted DLR, targeted FAB, Square (Croce
 * & Hein, arXiv:2003.01690; for L1 with five restarts, five targets and radii that shrink: arXiv:2103.01208). Where the
 * classes are few there are fewer targets; of three classes the untargeted DLR takes the place of the targeted, which needs
 * four, and of two there is none.
 */
export const standard: Suite = ({ norm }, classes) => {
  const isL1 = norm === 'l1';
  const radii = isL1 ? { radii: shrinking } : {};
  const restarts = isL1 ? 5 : 1;
  const targets = targetsOf(classes, isL1 ? 5 : mostTargets);
  return [
    climb('apgd-ce', { loss: 'cross-entropy', steps, restarts, ...radii }),
    ...(classes === 3 ? [climb('apgd-dlr', { loss: 'dlr', steps, restarts, ...radii })] : []),
    ...(classes > 3 ? [climb('apgd-t', { loss: 'dlr-targeted', steps, restarts: 1, targets, ...radii })] : []),
    boundary('fab-t', 1, targetsOf(classes, mostTargets)),
    squares,
  ];
};

/** Version `plus`: both forms of APGD and FAB, with five restarts where they have no targets. */
export const plus: Suite = (_, classes) => [
  climb('apgd-ce', { loss: 'cross-entropy', steps, restarts: 5 }),
  ...(classes > 2 ? [climb('apgd-dlr', { loss: 'dlr', steps, restarts: 5 })] : []),
  boundary('fab', 5, undefined),
  squares,
  ...(classes > 3
    ? [climb('apgd-t', { loss: 'dlr-targeted', steps, restarts: 1, targets: targetsOf(classes, mostTargets) })]
    : []),
  boundary('fab-t', 1, targetsOf(classes, mostTargets)),
];

/** Version `rand`, for models that draw random numbers: each gradient is the mean of twenty. */
export const rand: Suite = (_, classes) => [
  climb('apgd-ce', { loss: 'cross-entropy', steps, restarts: 1, expectation: 20 }),
  ...(classes > 2 ? [climb('apgd-dlr', { loss: 'dlr', steps, restarts: 1, expectation: 20 })] : []),
];

function targetsOf(classes: number, most: number): number {
  return Math.min(most, classes - 1);
}

function climb(name: string, options: ApgdOptions): Member {
  return { name, usesGradient: true, attack: apgd(options) };
}

function boundary(name: string, restarts: number, targets: number | undefined): Member {
  const attack = fab({ steps, restarts, ...(targets === undefined ? {} : { targets }) });
  return { name, usesGradient: true, attack };
}

const squares: Member = { name: 'square', usesGradient: false, attack: square({ queries, rescale: false }) };
