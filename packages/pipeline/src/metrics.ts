import { readFile, stat } from 'node:fs/promises';
import { type CheckPredicate, checkPredicate } from '@holdfast/evidence/predicates/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type Statement, type Subject, statementOf } from '@holdfast/evidence/statement';
import { PipelineError } from './errors.ts';

const maximumBytes = 1024 * 1024;
const maximumMetrics = 1000;

/** Two underscores at the start are JavaScript's (`__proto__`) and Cedar's (`__cedar`). */
const metricName = /^(?!__)[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** The check under which a stage's own metrics become evidence. */
export const metricsCheck = { name: 'metrics', version: '1' } as const;

/**
 * Reads the metrics file of a stage: a flat JSON object of numbers. JSON has no NaN, and a number that is too large
 * for a double reads as infinite: that is refused, not guessed.
 *
 * @throws PipelineError HF_METRICS_FORMAT
 */
export async function readMetrics(file: string): Promise<Record<string, number>> {
  const refuse = (why: string): PipelineError =>
    new PipelineError('HF_METRICS_FORMAT', `\`${file}\` ${why}`, { where: file });
  if (((await stat(file).catch(() => undefined))?.size ?? 0) > maximumBytes) throw refuse('is over 1 MiB');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new PipelineError('HF_METRICS_FORMAT', `\`${file}\` is not JSON`, { where: file, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('is not a JSON object');
  const entries = Object.entries(value);
  if (entries.length === 0 || entries.length > maximumMetrics) throw refuse(`holds ${entries.length} metrics`);
  for (const [name, metric] of entries) {
    if (!metricName.test(name)) throw refuse(`has a metric with the name \`${name.slice(0, 80)}\``);
    if (typeof metric !== 'number' || !Number.isFinite(metric)) throw refuse(`has no finite number in \`${name}\``);
  }
  return Object.fromEntries(entries);
}

/** A stage's metrics as evidence about what it evaluated; `reported`, because Holdfast did not measure them. */
export function metricsStatement(
  subject: readonly Subject[],
  metrics: Record<string, number>,
  run: {
    readonly stage: string;
    readonly invocationId: string;
    readonly startedOn: string;
    readonly finishedOn: string;
  },
): Statement<CheckPredicate> {
  const count = Object.keys(metrics).length;
  const predicate = checkPredicate(
    metricsCheck,
    { stage: run.stage, invocation: run.invocationId },
    {
      verdict: 'pass',
      origin: 'reported',
      metrics,
      findings: [],
      coverage: { examined: count, total: count, left: [] },
    },
    { startedOn: run.startedOn, finishedOn: run.finishedOn },
  );
  return statementOf(predicateTypes.check, subject, predicate);
}
