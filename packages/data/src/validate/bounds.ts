import type { Json, Outcome } from './expectation-type.ts';
import type { Kwargs } from './kwargs.ts';

/** Between what a number has to lie: `min_value`, `max_value`, each included unless `strict_min`, `strict_max`. */
export interface Bounds {
  readonly least?: number;
  readonly greatest?: number;
  readonly isStrictBelow: boolean;
  readonly isStrictAbove: boolean;
}

/** As in GX, neither end has to be given, and nothing lies between ends that are the wrong way round. */
export function boundsOf(kwargs: Kwargs): Bounds {
  const [least, greatest] = [kwargs.number('min_value'), kwargs.number('max_value')];
  return {
    ...(least === undefined ? {} : { least }),
    ...(greatest === undefined ? {} : { greatest }),
    isStrictBelow: kwargs.flag('strict_min'),
    isStrictAbove: kwargs.flag('strict_max'),
  };
}

/** Whether it lies there; of no number (no values) nothing is said to be met. */
export function within(value: number | undefined, { least, greatest, isStrictBelow, isStrictAbove }: Bounds): boolean {
  if (value === undefined || Number.isNaN(value)) return false;
  const isAbove = least === undefined || (isStrictBelow ? value > least : value >= least);
  const isBelow = greatest === undefined || (isStrictAbove ? value < greatest : value <= greatest);
  return isAbove && isBelow;
}

/** An outcome that shows the number. */
export function boundedOutcome(value: number | undefined, bounds: Bounds): Outcome {
  const observed: Json = value === undefined || Number.isNaN(value) ? null : value;
  return { success: within(value, bounds), observed };
}
