import type { Report } from '@holdfast/evidence/check';
import { isWhole, type TrialResult } from '../trial-result.ts';

/** What a report file says that it is; another number means another shape. */
export const reportFormat = 'holdfast.trial.robustness/1';

/**
 * A trial as JSON: first what a check reports, then everything that it was computed from, a line for each row. The same
 * result gives the same bytes.
 */
export function reportText(name: string, result: TrialResult, report: Report): string {
  const { options, subject, software, members, radii, asked, shard, signs, isInterrupted, rows } = result;
  const trial = { options, subject, software, members, radii, asked, shard, signs, isInterrupted };
  const head = { format: reportFormat, name, isFinished: isWhole(result), report, trial: inOrder(trial) };
  const text = JSON.stringify({ ...head, rows: [] }, null, 2);
  const lines = rows.map((row) => `    ${JSON.stringify(inOrder(row))}`).join(',\n');
  return rows.length === 0 ? `${text}\n` : `${text.slice(0, text.lastIndexOf('[]'))}[\n${lines}\n  ]\n}\n`;
}

/** With the fields of every object in the order of their names, however it came about. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([field, part]) => [field, inOrder(part)]));
}
