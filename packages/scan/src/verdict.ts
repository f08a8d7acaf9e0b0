import type { Rule, Verdict } from '@holdfast/evidence/check';

/** A rule of the scan, with what a finding of it means for the file. */
export interface ScanRule extends Rule {
  /** `fail`: proven harmful or forged. `unknown`: not proven clean. `warn`: odd, but harmless. */
  readonly verdict: Exclude<Verdict, 'pass'>;
}

const order: readonly Verdict[] = ['pass', 'warn', 'unknown', 'fail'];

/** The worst of several verdicts: fail, unknown, warn, pass. Of none: `pass`. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result = 0;
  for (const verdict of verdicts) result = Math.max(result, order.indexOf(verdict));
  return order[result] ?? 'unknown';
}
