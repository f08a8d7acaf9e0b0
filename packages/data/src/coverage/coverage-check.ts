import type { Check, CheckContext, Coverage, Report } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import type { Tables } from '../drift/column-pairs.ts';
import { referenceOf } from '../drift/drift-check.ts';
import { rowsOf } from '../drift/values.ts';
import { DataError } from '../errors.ts';
import { isShown } from '../profile/profile-check.ts';
import { readOptions } from '../read-options.ts';
import { rangeFindings, referenceFindings, sliceFindings } from './findings.ts';
import { type CoverageOptions, coverageSchema } from './options.ts';
import { type RangeCount, rangeCounts } from './ranges.ts';
import { type ReferenceCoverage, referenceCoverage } from './reference-coverage.ts';
import { coverageRules } from './rules.ts';
import { type SliceCoverage, sliceCoverage } from './slices.ts';

/** The check behind `coverageCheck`. */
export const coverageCheckRun: Check = {
  async run(artifact, given, context) {
    const options = readOptions(coverageSchema, given) as unknown as CoverageOptions;
    const { slices = [], ranges = {} } = options;
    if (slices.length + Object.keys(ranges).length === 0 && options.reference === undefined) {
      throw new DataError('HF_DATA_OPTIONS', 'it is not said what has to be covered', {
        fix: 'give `slices`, `ranges` or a `reference`',
      });
    }
    const reference = options.reference === undefined ? undefined : referenceOf(context.inputs['reference'], options);
    const values = isShown(artifact) && (reference === undefined || isShown(reference));
    const bound = { signal: context.signal, rule: coverageRules.rows, others: [artifact, reference] };
    const withReference = async (work: (before?: Tables) => Promise<Report>): Promise<Report> =>
      reference === undefined ? work() : withCopiedTable(reference, options, { ...bound, role: 'reference' }, work);
    return withReference(async (before) =>
      withCopiedTable(artifact, options, bound, async (tables) =>
        reportOf(tables, before, { ...options, isShown: values }, context),
      ),
    );
  },
};

async function reportOf(
  tables: Tables,
  reference: Tables | undefined,
  options: CoverageOptions & { readonly isShown: boolean },
  { signal }: CheckContext,
): Promise<Report> {
  const { slices = [], ranges = {}, min, minCovered, seed } = options;
  const counted: SliceCoverage[] = [];
  for (const slice of slices) {
    signal.throwIfAborted();
    counted.push(await sliceCoverage(tables, reference, slice, min));
  }
  const inRanges: RangeCount[] = [];
  for (const [column, edges] of Object.entries(ranges)) inRanges.push(...(await rangeCounts(tables, column, edges)));
  const held = reference === undefined ? undefined : await referenceCoverage(tables, reference, { seed, signal });
  const found = [
    ...counted.flatMap((slice) => sliceFindings(slice, options.isShown)),
    ...rangeFindings(inRanges, min),
    ...(held === undefined ? [] : referenceFindings(held, minCovered)),
  ].slice(0, 10_000);
  return {
    verdict: found.some(({ severity }) => severity === 'high') ? 'fail' : 'pass',
    origin: 'measured',
    metrics: metricsOf(counted, inRanges, held, { min, rows: rowsOf(tables) }),
    findings: found,
    coverage: coverageWith(coverageOf(tables), counted, held, reference),
  };
}

function metricsOf(
  slices: readonly SliceCoverage[],
  ranges: readonly RangeCount[],
  held: ReferenceCoverage | undefined,
  { min, rows }: { readonly min: number; readonly rows: number },
): Record<string, number> {
  const least = [...slices.map(({ leastRows }) => leastRows), ...ranges.map((range) => range.rows)];
  const nearest = held?.nearest;
  const classifier = held?.classifier;
  return {
    ...{ rows, slices: slices.reduce((sum, { expected }) => sum + expected, 0), ranges: ranges.length },
    short: slices.reduce((sum, { short }) => sum + short.length, 0) + ranges.filter((range) => range.rows < min).length,
    ...(least.length === 0 ? {} : { least_rows: Math.min(...least) }),
    ...(held === undefined
      ? {}
      : { covered: held.columns.reduce((fewest, { covered }) => Math.min(fewest, covered), 1) }),
    ...Object.fromEntries(
      (held?.columns ?? []).slice(0, 1000).map(({ name, covered }) => [`${name.slice(0, 80)}.covered`, covered]),
    ),
    ...(nearest === undefined
      ? {}
      : {
          ...{ nearest_p50: nearest.median, nearest_p95: nearest.far },
          ...{ usual_p50: nearest.usualMedian, usual_p95: nearest.usualFar },
        }),
    ...(classifier === undefined
      ? {}
      : { auc: classifier.auc, auc_low: classifier.interval.low, auc_high: classifier.interval.high }),
  };
}

function coverageWith(
  coverage: Coverage,
  slices: readonly SliceCoverage[],
  held: ReferenceCoverage | undefined,
  reference: Tables | undefined,
): Coverage {
  const before = reference === undefined ? undefined : coverageOf(reference);
  const left = [
    ...coverage.left,
    ...slices.flatMap((slice) => slice.left ?? []),
    ...(held?.left ?? []),
    ...(before?.left ?? []).map((line) => `reference: ${line}`),
    ...(before !== undefined && before.total === 0 ? ['the reference has no row'] : []),
    ...(before !== undefined && coverage.total === 0 ? ['the table has no row'] : []),
  ];
  return { ...coverage, left: left.map((line) => line.slice(0, 4000)).slice(0, 10_000) };
}
