import { z } from 'zod';
import type { CheckDescription, Report } from '../check.ts';
import { EvidenceError } from '../errors.ts';

const severity = z.enum(['info', 'low', 'medium', 'high', 'critical']);
const finite = z.number().refine(Number.isFinite);

/** The report of a check, as evidence: `check/v1`. The subject is the artifact that was looked at. */
export const checkSchema = z.strictObject({
  check: z.strictObject({
    name: z.string().regex(/^[a-z][a-z0-9]*(\.[a-z][a-z0-9-]*)*$/),
    version: z.string().max(128),
    options: z.record(z.string(), z.unknown()),
  }),
  inputs: z
    .record(
      z.string().max(128),
      z.strictObject({
        name: z.string().max(4000),
        digest: z.record(z.string().max(64), z.string().regex(/^[0-9a-f]{32,256}$/)),
      }),
    )
    .optional(),
  verdict: z.enum(['pass', 'warn', 'fail', 'unknown']),
  origin: z.enum(['measured', 'reported']),
  metrics: z.record(z.string().max(128), finite),
  findings: z
    .array(
      z.strictObject({
        rule: z.string().max(128),
        severity,
        message: z.string().max(4000),
        where: z.string().max(4000).optional(),
        fix: z.string().max(4000).optional(),
      }),
    )
    .max(100_000),
  coverage: z.strictObject({
    examined: z.int().nonnegative(),
    total: z.int().nonnegative(),
    left: z.array(z.string().max(4000)).max(10_000),
  }),
  figures: z
    .array(z.strictObject({ title: z.string().max(200), specification: z.record(z.string(), z.unknown()) }))
    .max(32)
    .optional(),
  startedOn: z.iso.datetime(),
  finishedOn: z.iso.datetime(),
});

export type CheckPredicate = z.infer<typeof checkSchema>;

interface Timing {
  readonly startedOn: string;
  readonly finishedOn: string;
}

/**
 * Turns a report into a predicate. What was not measured never passes: a metric that is not finite is left out and
 * makes the verdict `unknown`, and so does anything that the coverage says was left.
 *
 * @param inputs what was read beside the artifact, by the option that names it
 * @throws EvidenceError HF_REPORT_FORMAT
 */
export function checkPredicate(
  check: Pick<CheckDescription, 'name' | 'version'>,
  options: Record<string, unknown>,
  report: Report,
  timing: Timing,
  inputs: CheckPredicate['inputs'] = {},
): CheckPredicate {
  const broken = Object.entries(report.metrics).filter(([, value]) => !Number.isFinite(value));
  const left = [...report.coverage.left, ...broken.map(([name]) => `metric ${name} is not a finite number`)];
  const partial = left.length > 0 || report.coverage.examined < report.coverage.total;
  const predicate = {
    check: { name: check.name, version: check.version, options },
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    verdict: partial && report.verdict !== 'fail' ? 'unknown' : report.verdict,
    origin: report.origin,
    metrics: Object.fromEntries(Object.entries(report.metrics).filter(([, value]) => Number.isFinite(value))),
    findings: report.findings,
    coverage: { ...report.coverage, left },
    ...(report.figures === undefined ? {} : { figures: report.figures }),
    ...timing,
  };
  const parsed = checkSchema.safeParse(predicate);
  if (parsed.success) return parsed.data;
  throw new EvidenceError(
    'HF_REPORT_FORMAT',
    `the report of \`${check.name}\` is malformed: ${z.prettifyError(parsed.error)}`,
  );
}
