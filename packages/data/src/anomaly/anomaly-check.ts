import type { Table } from '@holdfast/dataset';
import type { ArtifactReader, Check, CheckContext, Report } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { withSecondTable } from '../second-table.ts';
import { observeColumns, observeTargetLeaks } from './aspects/columns.ts';
import { observeConflicts, observeDuplicates } from './aspects/duplicates.ts';
import { observeLeakage } from './aspects/leakage.ts';
import { observeNear, observeNearLeakage } from './aspects/near.ts';
import { observeOutliers } from './aspects/outliers.ts';
import { observeRanges } from './aspects/ranges.ts';
import type { Observed, Outcome, Scene, Tables } from './aspects/scene.ts';
import { type AnomalyOptions, anomalyOptions } from './options.ts';
import { readColumns } from './outliers/read-columns.ts';
import { isNumeric } from './rows/equal-rows.ts';
import { anomalyRules } from './rules.ts';
import { sceneOf } from './scene-of.ts';

/** The check behind `anomalyCheck`. */
export const anomalyCheckRun: Check = {
  async run(artifact, given, context) {
    const options = anomalyOptions(given);
    const against = context.inputs['against'];
    if (options.against !== undefined && against === undefined) {
      throw new DataError('HF_DATA_ARTIFACT', `there is no \`${options.against}\``, { where: 'against' });
    }
    const bound = { signal: context.signal, rule: anomalyRules.rows, others: [artifact, against] };
    const second = { reader: against, named: 'against', inputs: context.inputs, bound } as const;
    return withCopiedTable(artifact, options, { ...bound, labels: context.inputs['labels'] }, async (tables) =>
      withSecondTable(second, options, async (reference) => {
        const other = reference === undefined || against === undefined ? undefined : { reference, reader: against };
        return reportOn(artifact, tables, other, options, context);
      }),
    );
  },
};

interface Against {
  readonly reference: Tables;
  readonly reader: ArtifactReader;
}

async function reportOn(
  artifact: ArtifactReader,
  tables: Tables,
  against: Against | undefined,
  options: AnomalyOptions,
  context: CheckContext,
): Promise<Report> {
  const { signal } = context;
  const showsValues = [artifact, ...(against === undefined ? [] : [against.reader])].every(isShown);
  const scene = await sceneOf(tables, against?.reference, options, { showsValues, signal });
  const steps = [
    observeDuplicates,
    observeNear,
    observeConflicts,
    observeLeakage,
    observeNearLeakage,
    observeTargetLeaks,
  ];
  const seen: Observed[] = [observeColumns(scene)];
  for (const [index, step] of steps.entries()) {
    signal.throwIfAborted();
    context.progress(index / (steps.length + 1));
    const observed = await step(scene);
    if (observed !== undefined) seen.push(observed);
  }
  const read = await readColumns(tables, scene.reference ?? [], scoredColumns(scene), scoredRows(scene));
  seen.push(await observeRanges(scene, read));
  const far = observeOutliers(scene, read);
  if (far !== undefined) seen.push(far);
  context.progress(1);
  return together(tables, against?.reference ?? [], scene, seen);
}

/** Of what is confidential or restricted no value is shown. */
const isShown = ({ classification }: ArtifactReader): boolean =>
  classification !== 'confidential' && classification !== 'restricted';

/** Categories with more values than this are texts, whose frequency says nothing. */
const mostCategories = 1000;
/** Numbers that are held at a time, of the table and of the reference each. */
const mostNumbers = 16_000_000;

function scoredColumns({ facts, identifiers, label }: Scene): string[] {
  return facts
    .filter(({ column, isConstant, distinct }) => {
      if (isConstant || identifiers.has(column.name) || column.name === label?.column.name) return false;
      return isNumeric(column) || (['text', 'boolean'].includes(column.type) && distinct <= mostCategories);
    })
    .map(({ column }) => column.name);
}

function scoredRows(scene: Scene): number {
  return Math.max(1, Math.min(scene.options.rows, Math.floor(mostNumbers / Math.max(1, scoredColumns(scene).length))));
}

/** The worst of what was seen; what was not looked at makes `unknown` of all but what is broken already. */
function together(
  tables: readonly Table[],
  reference: readonly Table[],
  { rows }: Scene,
  seen: readonly Observed[],
): Report {
  const { examined, total, left } = coverageOf(tables);
  const others = coverageOf(reference).left.map((reason) => `of the reference: ${reason}`);
  const missed = [...left, ...others, ...seen.flatMap((each) => each.left)];
  if (rows === 0) missed.push('the table has no rows');
  if (reference.length > 0 && reference.every((table) => table.rows === 0)) missed.push('the reference has no rows');
  const outcomes = new Set<Outcome>(seen.map(({ outcome }) => outcome));
  const verdict = outcomes.has('fail')
    ? 'fail'
    : missed.length > 0
      ? 'unknown'
      : outcomes.has('warn')
        ? 'warn'
        : 'pass';
  return {
    ...{ verdict, origin: 'measured' },
    metrics: Object.assign({ rows }, ...seen.map(({ metrics }) => metrics)) as Record<string, number>,
    findings: seen.flatMap(({ findings }) => findings),
    coverage: { examined, total, left: missed },
    figures: seen.flatMap(({ figures }) => figures ?? []),
  };
}
