import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { graphOf, modelOf, node, readModel, type Tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { afterAll, describe, expect, it } from 'vitest';
import { robustnessOptions } from '../../src/robustness/options.ts';
import { trialRobustness } from '../../src/robustness/run-robustness.ts';
import { corpus } from '../corpus.ts';

/* Models that scikit-learn fitted and skl2onnx exported; what scikit-learn says of the same rows: tables/recorded.json. */

const tables = join(corpus, 'tables');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-tables-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
copyFileSync(join(tables, 'applicants-test.csv'), join(folder, 'applicants.csv'));

const told = (
  JSON.parse(readFileSync(join(tables, 'recorded.json'), 'utf8')) as {
    models: Readonly<Record<string, { rows: number; accuracy: number; mae: number; rmse: number }>>;
  }
).models;

const numbers = `
  - { name: age, kind: integer, direction: up, change: 2 }
  - { name: income, kind: numeric }
  - { name: savings, kind: integer }
  - { name: debt, kind: integer }`;
const parts = `
  - { name: cards, kind: integer, input: false }
  - { name: mortgage, kind: integer, input: false }`;
const texts = `
  - { name: housing, kind: categorical, categories: [free, own, rent] }
  - { name: purpose, kind: categorical, immutable: true, categories: [business, car, education, furniture] }`;
const rules = `
rules: [debt = cards + mortgage, savings <= income]`;

async function trial(model: string, columns: string, more: Readonly<Record<string, unknown>> = {}): Promise<Report> {
  writeFileSync(join(folder, 'columns.yaml'), columns);
  const given = {
    data: 'applicants.csv',
    label: 'repaid',
    columns: 'columns.yaml',
    norm: 'linf',
    epsilon: 0.5,
    ...more,
  };
  return trialRobustness(readFileSync(join(tables, `${model}.onnx`)), robustnessOptions(given), { folder });
}

const rowsOf = ({ findings }: Report): string[] =>
  findings.filter(({ rule }) => rule === 'trial.robustness.rows').map(({ message }) => message);

describe('a trial of a table', { timeout: 60_000 }, () => {
  it('a model with an input for each column, texts among them', async () => {
    const report = await trial('applicants-columns', `columns:${numbers}${texts}${parts}${rules}\n`);
    expect(report.verdict).toBe('pass');
    expect(report.metrics).toMatchObject({ rows: 120, epsilon: 0.5, linf_epsilon_deviation: 0.5 });
    expect(report.metrics['clean_accuracy']).toBeCloseTo(told['applicants-columns']!.accuracy, 10);
    expect(report.metrics['robust_accuracy']).toBeLessThan(0.5);
    const [first = ''] = rowsOf(report);
    // It names what was changed: what follows from it and what nobody can change are not there.
    expect(first).toMatch(/`(age|income|savings|cards|mortgage|housing)`/);
    expect(rowsOf(report).join()).not.toMatch(/`(debt|purpose)`/);
    const [data] = report.findings;
    expect(data?.message).toContain('linf of 0.5 standard deviations');
    expect(data?.message).not.toContain('without gradients');
  });

  it.each(['applicants-forest', 'applicants-boosted'])('%s, which has no gradient', async (model) => {
    const columns = `changes: 2\ncolumns:${numbers}${parts}${rules}\n`;
    const report = await trial(model, columns);
    expect(report.metrics['clean_accuracy']).toBeCloseTo(told[model]!.accuracy, 10);
    expect(report.metrics['robust_accuracy']).toBeLessThan(told[model]!.accuracy - 0.1);
    expect(report.findings[0]?.message).toMatch(
      /changes of at most 2 columns.*only a search without gradients.*TreeEnsembleClassifier/,
    );
    const [first, again] = [await trial(model, columns, { rows: 20 }), await trial(model, columns, { rows: 20 })];
    expect(again).toEqual(first);
  });

  it('fewer changes break less, and none of those that do not count', async () => {
    const budgets = ['changes: 1\n', 'changes: 2\n', ''];
    const robust: number[] = [];
    for (const budget of budgets) {
      const { metrics } = await trial('applicants-columns', `${budget}columns:${numbers}${texts}${parts}${rules}\n`, {
        rows: 60,
      });
      robust.push(metrics['robust_accuracy'] ?? Number.NaN);
    }
    expect(robust).toEqual([...robust].sort((a, b) => b - a));
    expect(robust[0]).toBeGreaterThan(robust[2]!);
  });

  it('a value: how much the error grows', async () => {
    const columns = `columns:${numbers.replace(/\n.*debt.*/, '')}\n`;
    const report = await trial('debt-forest', columns, { task: 'regression', label: 'debt' });
    const { metrics } = report;
    expect(metrics['clean_mae']).toBeCloseTo(told['debt-forest']!.mae, 2);
    expect(metrics['clean_rmse']).toBeCloseTo(told['debt-forest']!.rmse, 2);
    expect(metrics['worst_mae']).toBeGreaterThan(1.1 * told['debt-forest']!.mae);
    expect(metrics['worst_rmse']).toBeGreaterThan(1.05 * told['debt-forest']!.rmse);
    expect(metrics['error_growth']).toBeCloseTo(metrics['worst_mae']! / metrics['clean_mae']!, 10);
    for (const name of ['clean_mae', 'clean_rmse', 'worst_mae', 'worst_rmse']) {
      expect(metrics[`${name}_low`]).toBeLessThan(metrics[name]!);
      expect(metrics[`${name}_high`]).toBeGreaterThan(metrics[name]!);
    }
  });

  const diabetes = readFileSync(join(corpus, 'models/diabetes-mlp.export-18.onnx'));
  const ofDiabetes = {
    data: join(corpus, 'data/diabetes-test.npz'),
    task: 'regression',
    low: -100,
    high: 400,
    norm: 'linf',
    epsilon: 0.5,
    rows: 60,
  };

  it('a value, of a model that has a gradient and samples without columns', async () => {
    const { metrics, figures } = await trialRobustness(diabetes, robustnessOptions(ofDiabetes));
    expect(metrics['rows']).toBe(60);
    expect(metrics['linf_epsilon']).toBe(0.5);
    expect(metrics['worst_rmse']).toBeGreaterThan(metrics['clean_rmse']!);
    const { data } = figures![0]!.specification as { data: { values: readonly { epsilon: number; error: number }[] } };
    const errors = data.values.map(({ error }) => error);
    expect(errors).toHaveLength(7);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    expect(errors[0]).toBeCloseTo(metrics['clean_mae']!, 6);
  });

  it('a model whose weights lie beside it: the same as of one file', async () => {
    const whole = readModel(diabetes);
    const pieces: Uint8Array[] = [];
    const initializers = [...whole.graph.initializers].map(([name, each]): [string, Tensor] => {
      if (each.content.kind !== 'raw') return [name, each];
      const { bytes } = each.content;
      const offset = pieces.reduce((sum, { length }) => sum + length, 0);
      pieces.push(bytes);
      const data = { location: 'diabetes.bin', offset, length: bytes.length };
      return [name, { ...each, content: { kind: 'external', data } }];
    });
    expect(pieces.length).toBeGreaterThan(1);
    const path = join(folder, 'diabetes.onnx');
    writeFileSync(path, writeModel({ ...whole, graph: { ...whole.graph, initializers: new Map(initializers) } }));
    writeFileSync(join(folder, 'diabetes.bin'), Buffer.concat(pieces));
    const options = robustnessOptions({ ...ofDiabetes, rows: 10 });
    expect(await trialRobustness(path, options)).toEqual(await trialRobustness(diabetes, options));
  });
});

it('a value that becomes NaN fails, and what cannot be measured is missing', async () => {
  const graph = graphOf({
    name: 'logarithm',
    nodes: [node('Log', ['x'], ['y'])],
    inputs: [tensorValue('x', 'FLOAT', ['N', 1])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 1])],
  });
  writeFileSync(join(folder, 'small.csv'), 'x,y\n1,0.5\n2,0.75\n3,1\n');
  writeFileSync(join(folder, 'columns.yaml'), 'scale: unit\ncolumns: [{ name: x, kind: numeric, low: -5 }]\n');
  const options = {
    data: 'small.csv',
    label: 'y',
    columns: 'columns.yaml',
    task: 'regression',
    norm: 'linf',
    epsilon: 2.5,
  };
  const bytes = writeModel(modelOf({ graph, opsets: { '': 18 } }));
  const { verdict, findings, metrics } = await trialRobustness(bytes, robustnessOptions(options), { folder });
  expect(verdict).toBe('fail');
  // 3 cannot get below 0
  expect(findings.map(({ message }) => message)).toContain('the outputs of 2 rows are no numbers');
  expect(metrics['clean_mae']).toBeCloseTo((0.5 + (0.75 - Math.LN2) + (Math.log(3) - 1)) / 3, 6);
  expect(metrics).not.toHaveProperty('worst_mae');
});

describe('what cannot be tried is refused', () => {
  const all = `columns:${numbers}${texts}${parts}${rules}\n`;
  it.each([
    [
      'a regressor for a classifier',
      'debt-forest',
      `columns:${numbers.replace(/\n.*debt.*/, '')}\n`,
      {},
      'HF_TRIALS_TASK',
      'a classifier gives',
    ],
    [
      'a classifier for a regressor',
      'applicants-columns',
      all,
      { task: 'regression' },
      'HF_TRIALS_TASK',
      'a regressor gives',
    ],
    ['an unknown task', 'applicants-columns', all, { task: 'ranking' }, 'HF_TRIALS_OPTIONS', '`task` is none of'],
    [
      'bounds beside columns',
      'applicants-columns',
      all,
      { low: 0 },
      'HF_TRIALS_OPTIONS',
      'no meaning beside `columns`',
    ],
    [
      'channels of a regression',
      'debt-forest',
      all,
      { columns: undefined, task: 'regression', mean: [0], deviation: [1] },
      'HF_TRIALS_OPTIONS',
      'no meaning for a regression',
    ],
    [
      'columns that are not there',
      'applicants-columns',
      all,
      { columns: 'none.yaml' },
      'HF_TRIALS_COLUMNS',
      'cannot be read',
    ],
    ['a folder of columns', 'applicants-columns', all, { columns: '.' }, 'HF_TRIALS_COLUMNS', 'is no file'],
    [
      'columns that are not UTF-8',
      'applicants-columns',
      all,
      { columns: 'latin.yaml' },
      'HF_TRIALS_COLUMNS',
      'is not UTF-8',
    ],
    [
      'columns of 512 KiB and more',
      'applicants-columns',
      all,
      { columns: 'large.yaml' },
      'HF_TRIALS_COLUMNS',
      'over 512 KiB',
    ],
    [
      'a column that the data lack',
      'applicants-forest',
      all.replace('name: age', 'name: height'),
      {},
      'HF_DATASET_COLUMN',
      'height',
    ],
    [
      'a category that is not listed',
      'applicants-columns',
      all.replace('[free, own, rent]', '[free, own]'),
      {},
      'HF_DATASET_COLUMN',
      'rent',
    ],
    [
      'a row outside its range',
      'applicants-columns',
      all.replace('name: age, kind: integer', 'name: age, kind: integer, high: 60'),
      {},
      'HF_TRIALS_DATA',
      'not between',
    ],
    [
      'a row with a part of a whole number',
      'applicants-forest',
      all.replace('income, kind: numeric', 'income, kind: integer'),
      {},
      'HF_TRIALS_DATA',
      'no whole number',
    ],
    [
      'a row that breaks an order',
      'applicants-columns',
      all.replace('savings <= income', 'savings >= income'),
      {},
      'HF_TRIALS_DATA',
      '`savings >= income` does not hold',
    ],
    [
      'a row that breaks an equality',
      'applicants-columns',
      all.replace('= cards +', '= 2 * cards +'),
      {},
      'HF_TRIALS_DATA',
      'gives',
    ],
    [
      'nothing that changes',
      'applicants-forest',
      `columns:${numbers.replaceAll('kind:', 'immutable: true, kind:')}\n`,
      {},
      'HF_TRIALS_COLUMNS',
      'nothing of a row',
    ],
    [
      'columns that the model has no input for',
      'applicants-forest',
      `columns:${numbers}${texts}\n`,
      {},
      'HF_TRIALS_MODEL',
      'its columns have 6 numbers',
    ],
    [
      'an input without a column',
      'applicants-columns',
      `columns:${numbers}\n`,
      {},
      'HF_TRIALS_MODEL',
      '`housing` takes',
    ],
    [
      'an input that is not there',
      'applicants-columns',
      all.replace('name: age,', 'name: age, input: years,'),
      {},
      'HF_TRIALS_MODEL',
      'age',
    ],
    [
      'numbers for texts',
      'applicants-columns',
      all.replace('purpose, kind: categorical', 'purpose, kind: one-hot'),
      {},
      'HF_TRIALS_MODEL',
      '`purpose`',
    ],
    [
      'a label that is no class',
      'applicants-forest',
      `columns:${numbers}\n`,
      { label: 'cards' },
      'HF_TRIALS_DATA',
      'the model knows classes 0 to 1',
    ],
    [
      'texts without columns',
      'debt-forest',
      all,
      { columns: undefined, task: 'regression', label: 'debt' },
      'HF_TRIALS_DATA',
      'is no number',
    ],
    [
      'a value that is a text',
      'debt-forest',
      `columns:${numbers.replace(/\n.*debt.*/, '')}\n`,
      { task: 'regression', label: 'housing' },
      'HF_DATASET_LABELS',
      'is no value',
    ],
    ['no labels', 'applicants-forest', `columns:${numbers}\n`, { label: undefined }, 'HF_TRIALS_DATA', 'has no labels'],
  ])('%s', { timeout: 30_000 }, async (_, model, columns, more, code, words) => {
    writeFileSync(join(folder, 'latin.yaml'), Buffer.of(0xff));
    writeFileSync(join(folder, 'large.yaml'), '#'.repeat(2 ** 19 + 1));
    const given = Object.fromEntries(
      Object.entries({
        data: 'applicants.csv',
        label: 'repaid',
        columns: 'columns.yaml',
        norm: 'linf',
        epsilon: 0.5,
        ...more,
      }).filter(([, value]) => value !== undefined),
    );
    writeFileSync(join(folder, 'columns.yaml'), columns);
    const started = (async () =>
      trialRobustness(readFileSync(join(tables, `${model}.onnx`)), robustnessOptions(given), { folder }))();
    await expect(started).rejects.toMatchObject({ code });
    await expect(started).rejects.toThrow(words);
  });

  it('an array with too few numbers for its columns', async () => {
    writeFileSync(join(folder, 'columns.yaml'), `columns:${numbers}\n`);
    const options = robustnessOptions({
      data: join(corpus, 'data/wine-test.npz'),
      columns: 'columns.yaml',
      norm: 'linf',
      epsilon: 1,
    });
    const started = trialRobustness(readFileSync(join(corpus, 'models/wine-mlp.skl2onnx-18.onnx')), options, {
      folder,
    });
    await expect(started).rejects.toMatchObject({ code: 'HF_TRIALS_DATA' });
    await expect(started).rejects.toThrow('has 13 numbers, its columns say 4');
  });
});
