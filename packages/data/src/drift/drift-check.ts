import type { ArtifactReader, Check, Coverage, Report } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { isShown } from '../profile/profile-check.ts';
import { readOptions } from '../read-options.ts';
import { withSecondTable } from '../second-table.ts';
import type { Tables } from './column-pairs.ts';
import { columnsFigure } from './columns-figure.ts';
import { type Drift, driftOf } from './drift-of.ts';
import { figures } from './figures.ts';
import { findings } from './findings.ts';
import { type Judged, judge } from './judge.ts';
import { driftedColumns, driftMetrics } from './metrics.ts';
import { type DriftOptions, driftSchema } from './options.ts';
import { driftRules } from './rules.ts';
import { verdictOf } from './verdict.ts';

/** The check behind `driftCheck`. */
export const driftCheckRun: Check = {
  async run(artifact, given, context) {
    const options = readOptions(driftSchema, given) as unknown as DriftOptions;
    const reference = referenceOf(context.inputs['reference'], options);
    const values = { isShown: isShown(artifact) && isShown(reference) };
    const bound = { signal: context.signal, rule: driftRules.rows, others: [artifact, reference] };
    const second = { reader: reference, named: 'reference', inputs: context.inputs, bound } as const;
    return withSecondTable(second, options, async (before) =>
      withCopiedTable(artifact, options, { ...bound, labels: context.inputs['labels'] }, async (current) => {
        if (before === undefined) throw new DataError('HF_DATA_ARTIFACT', 'there is no reference');
        requireColumns(options, current, before);
        const drift = await driftOf(current, before, options, {
          signal: context.signal,
          progress: (done) => {
            context.progress(done);
          },
        });
        const judged = judge(drift, options);
        const coverage = coverageWith(drift, coverageOf(current), coverageOf(before));
        return { ...reportOf(drift, judged, { ...options, ...values }), coverage };
      }),
    );
  },
};

/** The reader of the reference. @throws DataError HF_DATA_ARTIFACT */
export function referenceOf(
  reference: ArtifactReader | undefined,
  options: { readonly reference?: string },
): ArtifactReader {
  if (reference !== undefined) return reference;
  const where = options.reference ?? 'reference';
  throw new DataError('HF_DATA_ARTIFACT', `there is no reference \`${where}\``, {
    ...{ where, fix: 'name a file with `reference`, or a declared artifact' },
  });
}

function requireColumns({ columns = [] }: DriftOptions, [current]: Tables, [reference]: Tables): void {
  const known = new Set([...current.columns, ...reference.columns].map(({ name }) => name));
  const unknown = columns.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const message = `there is no column \`${unknown.slice(0, 200)}\` in either table`;
  throw new DataError('HF_DATA_OPTIONS', message, { where: 'columns' });
}

function reportOf(
  drift: Drift,
  judged: readonly Judged[],
  options: DriftOptions & { readonly isShown: boolean },
): Omit<Report, 'coverage'> {
  const { alpha, correction } = options;
  const found = findings(drift, judged, options);
  const drifted = driftedColumns(judged);
  const pictured = drift.columns.filter(({ name }) => drifted.has(name));
  return {
    verdict: verdictOf(drift, judged, found, options),
    origin: 'measured',
    metrics: driftMetrics(drift, judged),
    findings: found,
    figures: [
      columnsFigure(drift, judged, { ...{ alpha, correction }, values: options.isShown ? 'shown' : 'left-out' }),
      ...figures(pictured, options.isShown),
    ],
  };
}

function coverageWith({ rows, pairs }: Drift, current: Coverage, reference: Coverage): Coverage {
  const left = [
    ...(rows.current === 0 ? ['the table has no row'] : []),
    ...(rows.reference === 0 ? ['the reference has no row'] : []),
    ...pairs.incomparable.map((name) => `column ${name}: values of its type are not compared`),
    ...current.left,
    ...reference.left.map((line) => `reference: ${line}`),
    ...(reference.examined < reference.total && reference.left.length === 0 ? ['reference: rows were left out'] : []),
  ];
  return { ...current, left: left.map((line) => line.slice(0, 4000)).slice(0, 10_000) };
}
