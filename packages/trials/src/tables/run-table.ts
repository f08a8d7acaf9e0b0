import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { mean, type Random, randomOf } from '@holdfast/statistics';
import { TrialsError } from '../errors.ts';
import { bytesWithWeights, readModelFile } from '../model-file.ts';
import { digestOf, requireSame } from '../read-files.ts';
import type { RobustnessOptions } from '../robustness/options.ts';
import type { TrialSurroundings } from '../robustness/run-robustness.ts';
import { isNumeric, type TableColumns } from './columns.ts';
import { columnLimits } from './columns-schema.ts';
import { rowProblem } from './constraints.ts';
import { evaluateTable, type LabelledRows, type TableEvaluation } from './evaluate-table.ts';
import { parseColumns } from './parse-columns.ts';
import { readRows } from './read-rows.ts';
import { openTableModel, type TableModel } from './table-model.ts';
import { type TableResult, tableReport } from './table-report.ts';
import { type TableSpace, tableSpace } from './table-space.ts';
import { tableSuite } from './table-suite.ts';

/**
 * Attacks a model of tables, or one that gives values: how often does it withstand, or how much does its error grow, when
 * somebody changes rows as they could be submitted?
 * @param source the ONNX file: its bytes, or its path, where its weights may lie beside it
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function trialTable(
  source: Uint8Array | string,
  options: RobustnessOptions,
  where: TrialSurroundings = {},
): Promise<Report> {
  const files = await filesOf(options, where);
  const read = await readRows(files.data, { ...options, columns: await files.declared() });
  const space = tableSpace(read.columns, read.x);
  const rows = Math.min(read.labels.length, options.rows);
  const samples = { x: read.x.slice(0, rows * space.width), labels: read.labels.slice(0, rows) };
  requireRows(space, samples, options);
  requireFreedom(space, options);
  const model = await openTableModel(bytesWithWeights(readModelFile(source)), space, options.task, options);
  try {
    if (options.task === 'classification') requireClasses(samples.labels, model.classes);
    const result = await measured(model, samples, options, where);
    await files.requireSame();
    const found = { total: read.labels.length, classes: read.classes, withoutGradient: model.gradientProblem?.message };
    return tableReport({ ...samples, ...result, ...found, options, task: options.task, space, digests: files.digests });
  } finally {
    await model.release();
  }
}

/** The files of a trial, digested before they are read. */
async function filesOf(options: RobustnessOptions, { folder = '.', dataPath, columnsPath }: TrialSurroundings) {
  const data = dataPath ?? resolve(folder, options.data);
  const { columns: named } = options;
  if (named === undefined) {
    const digest = await digestOf(data);
    return {
      ...{ data, digests: { data: digest }, declared: async () => Promise.resolve(undefined) },
      requireSame: async () => {
        requireSame(await digestOf(data), digest, options.data);
      },
    };
  }
  const columns = columnsPath ?? resolve(folder, named);
  await requireColumnsFile(columns, named);
  const digests = { data: await digestOf(data), columns: await digestOf(columns) };
  return {
    ...{ data, digests, declared: async () => readColumns(columns, named) },
    requireSame: async () => {
      requireSame(await digestOf(data), digests.data, options.data);
      requireSame(await digestOf(columns), digests.columns, named);
    },
  };
}

function refuseColumns(message: string, where: string): never {
  throw new TrialsError('HF_TRIALS_COLUMNS', message, { where });
}

async function requireColumnsFile(path: string, named: string): Promise<void> {
  const found = await stat(path).catch(() => refuseColumns(`\`${named}\` cannot be read`, named));
  if (!found.isFile()) refuseColumns(`\`${named}\` is no file`, named);
  if (found.size > columnLimits.bytes) refuseColumns(`\`${named}\` is over 512 KiB`, named);
}

async function readColumns(path: string, named: string): Promise<TableColumns> {
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) refuseColumns(`\`${named}\` is not UTF-8`, named);
  return parseColumns(bytes.toString('utf8'), named);
}

function requireRows(space: TableSpace, { x, labels }: LabelledRows, { data, columns }: RobustnessOptions): void {
  const { width } = space;
  const fix =
    columns === undefined
      ? 'say with `low` and `high` what values there are, or with `columns` what each column is'
      : 'correct what the columns say, or the row';
  if (labels.length === 0) throw new TrialsError('HF_TRIALS_DATA', `\`${data}\` has no rows`);
  for (const row of labels.keys()) {
    const problem = rowProblem(space, x.subarray(row * width, (row + 1) * width));
    if (problem === undefined) continue;
    throw new TrialsError('HF_TRIALS_DATA', `row ${row} of \`${data}\` is none that its columns allow: ${problem}`, {
      fix,
    });
  }
}

/** A trial in which nobody can change anything would say that the model withstands everything. */
function requireFreedom(
  { numbers, categories, scale, declared }: TableSpace,
  { data, columns }: RobustnessOptions,
): void {
  const canMove = numbers.some(
    ({ column, start }) => isNumeric(column) && (column.change !== undefined || (scale[start] ?? 0) > 0),
  );
  const canSwitch =
    declared.categoryChanges !== 0 &&
    categories.some(({ column }) => !isNumeric(column) && column.categories.length > 1);
  if (canMove || canSwitch) return;
  throw new TrialsError('HF_TRIALS_COLUMNS', `nothing of a row of \`${data}\` can be changed`, {
    ...(columns === undefined ? {} : { where: columns }),
    fix: 'leave at least one column that is not immutable and not always the same',
  });
}

function requireClasses(labels: LabelledRows['labels'], classes: number): void {
  const odd = labels.findIndex((label) => label < 0 || label >= classes);
  if (odd < 0) return;
  throw new TrialsError(
    'HF_TRIALS_DATA',
    `the label of row ${odd} is ${labels[odd]}; the model knows classes 0 to ${classes - 1}`,
  );
}

/** Radii of the curve, as multiples of the one that was asked for. */
const multiples = [0, 0.25, 0.5, 1, 1.5, 2, 4];

async function measured(
  model: TableModel,
  samples: LabelledRows,
  options: RobustnessOptions,
  { progress }: TrialSurroundings,
): Promise<Pick<TableResult, 'evaluation' | 'curve'>> {
  const random = randomOf(options.seed);
  const members = tableSuite(options.suite);
  const evaluation = await evaluateTable(model, samples, options.ball, members.attacks, random, (done, what) => {
    progress?.(0.7 * done, what);
  });
  const curve: { epsilon: number; value: number }[] = [];
  for (const [index, multiple] of multiples.entries()) {
    progress?.(0.7 + (0.3 * index) / multiples.length, 'other radii');
    const epsilon = multiple * options.ball.epsilon;
    const found = multiple === 1 ? evaluation : await atRadius(model, samples, options, epsilon, random);
    curve.push({ epsilon, value: valueOf(found, samples, options) });
  }
  return { evaluation, curve: nested(curve, options).filter(({ value }) => Number.isFinite(value)) };
}

async function atRadius(
  model: TableModel,
  samples: LabelledRows,
  options: RobustnessOptions,
  epsilon: number,
  random: Random,
): Promise<TableEvaluation> {
  const { curve } = tableSuite(options.suite);
  const members = curve.filter(({ usesGradient }) => usesGradient === (model.gradientProblem === undefined));
  return evaluateTable(model, samples, { ...options.ball, epsilon }, members, random.fork('curve'));
}

function valueOf({ outcomes }: TableEvaluation, { labels }: LabelledRows, { task }: RobustnessOptions): number {
  if (task === 'regression') {
    const errors = outcomes.map(({ clean, became }, row) => Math.abs((became ?? clean) - (labels[row] as number)));
    return errors.every((error) => Number.isFinite(error)) ? mean(errors) : Number.POSITIVE_INFINITY;
  }
  const left = outcomes.filter(({ clean, brokenBy }, row) => clean === labels[row] && brokenBy === undefined);
  return left.length / labels.length;
}

/** What can be done within a radius can be done within a larger one: each point is at least as bad as those before it. */
function nested(
  curve: { epsilon: number; value: number }[],
  { task }: RobustnessOptions,
): { epsilon: number; value: number }[] {
  const worse = task === 'regression' ? Math.max : Math.min;
  return curve.map(({ epsilon }, index) => ({
    epsilon,
    value: worse(...curve.slice(0, index + 1).map(({ value }) => value)),
  }));
}
