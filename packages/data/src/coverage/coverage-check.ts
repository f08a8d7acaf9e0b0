import type { Check, CheckContext, Coverage, Finding, Report, Verdict } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import type { Tables } from '../drift/column-pairs.ts';
import { referenceOf } from '../drift/drift-check.ts';
import { rowsOf } from '../drift/values.ts';
import { DataError } from '../errors.ts';
import { isShown } from '../profile/profile-check.ts';
import { readOptions } from '../read-options.ts';
import { withSecondTable } from '../second-table.ts';
import type { Covered, Judged } from './covered.ts';
import { coverageFigures } from './figures.ts';
import { combinationFindings, rangeFindings, sliceFindings } from './findings.ts';
import { coverageMetrics } from './metrics.ts';
import { type CoverageOptions, coverageSchema } from './options.ts';
import { rangeCoverages } from './ranges.ts';
import { referenceCoverage } from './reference-coverage.ts';
import { referenceFindings } from './reference-findings.ts';
import { coverageRules } from './rules.ts';
import { sliceCoverages } from './slices.ts';

/** A report has so many findings; what is short is told first, and single combinations after what sums them up. */
const mostFindings = 10_000;

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
    const second = { reader: reference, named: 'reference', inputs: context.inputs, bound } as const;
    return withSecondTable(second, options, async (before) =>
      withCopiedTable(artifact, options, { ...bound, labels: context.inputs['labels'] }, async (tables) => {
        const covered = await coveredBy(tables, before, options, context);
        const coverage = coverageWith(coverageOf(tables), covered, before);
        return reportOf(covered, { ...options, isShown: values }, coverage);
      }),
    );
  },
};
async function coveredBy(
  tables: Tables,
  reference: Tables | undefined,
  { slices = [], ranges = {}, min, seed }: CoverageOptions,
  { signal }: CheckContext,
): Promise<Covered> {
  return {
    rows: rowsOf(tables),
    slices: await sliceCoverages(tables, slices, { signal, reference, min }),
    ranges: await rangeCoverages(tables, ranges, signal),
    held: reference === undefined ? undefined : await referenceCoverage(tables, reference, { seed, signal }),
  };
}

function reportOf(covered: Covered, judged: Judged, coverage: Coverage): Report {
  const found = [
    ...covered.slices.flatMap(sliceFindings),
    ...covered.ranges.flatMap((each) => rangeFindings(each, judged.min)),
    ...(covered.held === undefined ? [] : referenceFindings(covered.held, judged)),
    ...(judged.isShown ? covered.slices.flatMap(combinationFindings) : []),
  ];
  const isHigh = ({ severity }: Finding): boolean => severity === 'high';
  return {
    verdict: verdictOf(found, coverage),
    origin: 'measured',
    metrics: coverageMetrics(covered, judged.min),
    findings: [...found.filter(isHigh), ...found.filter((each) => !isHigh(each))].slice(0, mostFindings),
    coverage,
    figures: coverageFigures(covered, judged),
  };
}

function verdictOf(found: readonly Finding[], { left, examined, total }: Coverage): Verdict {
  if (found.some(({ severity }) => severity === 'high')) return 'fail';
  if (left.length > 0 || examined < total) return 'unknown';
  return found.some(({ severity }) => severity !== 'info') ? 'warn' : 'pass';
}

function coverageWith(coverage: Coverage, { slices, held }: Covered, reference: Tables | undefined): Coverage {
  const before = reference === undefined ? undefined : coverageOf(reference);
  const isPart = before !== undefined && before.examined < before.total && before.left.length === 0;
  const left = [
    ...(coverage.total === 0 ? ['the table has no row'] : []),
    ...(before !== undefined && before.total === 0 ? ['the reference has no row'] : []),
    ...coverage.left,
    ...slices.flatMap((slice) => slice.left ?? []),
    ...(held?.left ?? []),
    ...(before?.left ?? []).map((line) => `reference: ${line}`),
    ...(isPart ? ['reference: rows were left out'] : []),
  ];
  return { ...coverage, left: left.map((line) => line.slice(0, 4000)).slice(0, 10_000) };
}
