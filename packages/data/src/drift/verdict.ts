import type { Finding, Verdict } from '@holdfast/evidence/check';
import type { Drift } from './drift-of.ts';
import type { Judged } from './judge.ts';
import { driftedColumns } from './metrics.ts';
import type { DriftOptions } from './options.ts';

/**
 * `fail` where as many columns drifted as were asked about, or rows as a whole did, or the tables have not the same columns; `warn` where
 * there is something to look at. That chance would hardly do it is not enough: a change has to be large, too.
 */
export function verdictOf(
  { columns, pairs: { vanished, retyped } }: Drift,
  judged: readonly Judged[],
  found: readonly Finding[],
  { fail }: Pick<DriftOptions, 'fail'>,
): Verdict {
  const drifted = driftedColumns(judged).size;
  const isTooMuch = drifted > 0 && drifted >= (fail < 1 ? fail * columns.length : fail);
  // Where some columns may drift, rows as a whole may, too.
  const isJoint = fail === 1 && judged.some(({ about, standing }) => about === 'joint' && standing === 'drifted');
  if (isTooMuch || isJoint || vanished.length + retyped.length > 0) return 'fail';
  return found.some(({ severity }) => severity !== 'info') ? 'warn' : 'pass';
}
