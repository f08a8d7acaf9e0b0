import type { Report } from '@holdfast/evidence/check';
import { binomialInterval } from '@holdfast/statistics';
import type { Threat } from '../attacks/attack.ts';
import type { Comparison, Measured } from './comparison.ts';

/**
 * What a hardening cost and won, as a check of the new model reports it: what it is now under the names of the robustness
 * trial, what it was with `before_` before them. Times are no part of it: they say more about the machine.
 */
export function hardeningReport({ rows, before, after, agreeing }: Comparison, threat?: Threat): Report {
  return {
    verdict: 'pass',
    origin: 'measured',
    metrics: {
      rows,
      ...(threat === undefined
        ? {}
        : { epsilon: threat.ball.epsilon, [`${threat.ball.norm}_epsilon`]: threat.ball.epsilon }),
      ...figures(after, rows, ''),
      ...figures(before, rows, 'before_'),
      same_answers: agreeing / rows,
      ...(before.withstood === undefined || after.withstood === undefined || before.withstood === 0
        ? {}
        : { robust_gain: after.withstood / before.withstood - 1 }),
    },
    findings: [],
    coverage: { examined: rows, total: rows, left: [] },
  };
}

function figures({ bytes, right, withstood }: Measured, rows: number, prefix: string): Record<string, number> {
  const share = (name: string, count: number): Record<string, number> => {
    const { low, high } = binomialInterval(count, rows, 0.95);
    return { [prefix + name]: count / rows, [`${prefix}${name}_low`]: low, [`${prefix}${name}_high`]: high };
  };
  return {
    [`${prefix}bytes`]: bytes,
    ...share('clean_accuracy', right),
    ...(withstood === undefined ? {} : share('robust_accuracy', withstood)),
  };
}
