import { binomialInterval } from '@holdfast/statistics';
import { isRight, type RowResult } from './row-result.ts';
import type { TrialResult } from './trial-result.ts';

/** Accuracy where changes may be so large, with its 95 % interval. */
export interface CurvePoint {
  readonly epsilon: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** The curve goes up to so many times the radius that was asked for, in so many steps. */
export const [furthest, curveSteps] = [4, 32] as const;

/**
 * Accuracy against the size of the change: at each radius the share of rows that are right, and for which no attack of any
 * kind found a change of this length. It never rises. Without a gradient nothing was looked for but at the radius itself.
 */
export function curveOf({ rows, radii, options }: Pick<TrialResult, 'rows' | 'radii' | 'options'>): CurvePoint[] {
  if (rows.length === 0) return [];
  const { epsilon } = options.ball;
  const shares =
    radii.length === 0 ? [0, 1] : Array.from({ length: curveSteps + 1 }, (_, step) => (step * furthest) / curveSteps);
  return shares.map((share) => pointAt(share * epsilon, rows));
}

function pointAt(epsilon: number, rows: readonly RowResult[]): CurvePoint {
  const left = rows.filter((row) => isRight(row) && (row.least === undefined || epsilon === 0 || row.least > epsilon));
  return { epsilon, accuracy: left.length / rows.length, ...binomialInterval(left.length, rows.length, 0.95) };
}

/**
 * The middle of the smallest changes that attacks found, over rows that are right as they are: half of them give way to a
 * change of this length or a smaller one. Undefined where no attack found any for half of them.
 */
export function medianMinimalChange(rows: readonly RowResult[]): number | undefined {
  const lengths = rows
    .filter(isRight)
    .map(({ least }) => least ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  if (lengths.length === 0) return undefined;
  const middle = ((lengths[(lengths.length - 1) >> 1] ?? 0) + (lengths[lengths.length >> 1] ?? 0)) / 2;
  return Number.isFinite(middle) ? middle : undefined;
}
