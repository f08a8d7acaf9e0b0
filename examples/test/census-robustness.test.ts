import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModel, valuesOf } from '@holdfast/onnx';
import { parseColumns } from '@holdfast/trials/tables/parse-columns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featuresOf, type Levels, numbers } from '../census/features.ts';
import { earnsMore, type Person, readPeople } from '../census/people.ts';
import { ExampleProject, needs, root } from './project.ts';

/** The data sets are not part of the repository. */
const data = join(process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '..', 'shared', 'data'), 'adult-train.csv');
const project = new ExampleProject('census');
const at = (path: string): string => join(project.folder, path);
const rows = 300;
const epsilon = 0.25;

beforeAll(() => {
  if (!existsSync(data)) return;
  const start = join(root, 'examples', 'census', 'start.mjs');
  expect(spawnSync(process.execPath, [start, data, project.folder], { encoding: 'utf8' }).stderr).toBe('');
  for (const stage of ['prepare.ts', 'train.ts']) {
    execFileSync(process.execPath, ['--conditions=source', stage], {
      cwd: project.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }
}, 60_000);
afterAll(() => {
  project.remove();
});

interface Answer {
  readonly verdict: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
}

/** The weights of the features as they stand in the table, and the bias. */
function linearModel(): { weights: number[]; bias: number } {
  const { graph } = readModel(readFileSync(at('build/model/model.onnx')));
  const [mean = [], scale = [], weights = [], bias = []] = ['mean', 'scale', 'weights', 'bias'].map((name) => [
    ...valuesOf(graph.initializers.get(name)!, 'FLOAT'),
  ]);
  const own = weights.map((weight, index) => weight / scale[index]!);
  return { weights: own, bias: own.reduce((sum, weight, index) => sum - weight * mean[index]!, bias[0] ?? Number.NaN) };
}

/** Whole steps that a number may go up and down: columns.yaml, in arithmetic of this test's own. */
function room(person: Person, column: (typeof numbers)[number], deviation: number): [down: number, up: number] {
  const value = Number(person[column]);
  const [least, greatest] = {
    age: [17, 90],
    'education-num': [1, 16],
    'capital-gain': [0, 99999],
    'capital-loss': [0, 4356],
    'hours-per-week': [1, 99],
  }[column] as [number, number];
  if (column === 'age') return [0, Math.min(2, greatest - value)];
  if (column === 'education-num') return [0, Math.min(1, greatest - value)];
  const radius = Math.floor(epsilon * deviation);
  return [Math.min(radius, value - least), Math.min(radius, greatest - value)];
}

/** How far the best three answers move the logit: of a linear model the sum of the greatest gains, one category among them. */
function greatestGain(
  person: Person,
  levels: Levels,
  weights: readonly number[],
  deviations: readonly number[],
): number {
  const sign = earnsMore(person) ? -1 : 1;
  const gains = numbers.map((column, index) => {
    const [down, up] = room(person, column, deviations[index]!);
    const slope = sign * weights[index]!;
    return Math.max(0, slope * up, -slope * down);
  });
  let start: number = numbers.length;
  const switches: number[] = [];
  for (const [column, names] of Object.entries(levels) as [keyof Levels, readonly string[]][]) {
    const own = weights.slice(start, start + names.length).map((weight) => sign * weight);
    const now = own[names.indexOf(person[column])]!;
    if (column === 'workclass' || column === 'occupation') switches.push(Math.max(...own) - now);
    start += names.length;
  }
  const best = [...gains, Math.max(...switches)].sort((a, b) => b - a);
  return best.slice(0, 3).reduce((sum, gain) => sum + gain, 0);
}

describe('examples/census under attack by people who answer otherwise', { timeout: 60_000 }, () => {
  it('names in columns.yaml the features of the model, in their order', (context) => {
    needs(context, 'the census data', data);
    const { columns } = parseColumns(readFileSync(at('columns.yaml'), 'utf8'));
    const named = columns
      .filter(({ input }) => input !== false)
      .flatMap((column) =>
        column.kind === 'one-hot' ? column.categories.map((each) => `${column.name}=${each}`) : [column.name],
      );
    expect(named).toEqual((project.readJson('build/model/card.json') as { features: unknown }).features);
  });

  it('withstands for as many people as arithmetic says', (context) => {
    needs(context, 'the census data', data);
    const people = readPeople(at('build/test.csv'));
    const { levels } = project.readJson('build/model/card.json') as { levels: Levels };
    const { weights, bias } = linearModel();
    const deviations = numbers.map((column) => {
      const values = people.map((person) => Number(person[column]));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    });
    const margins = people.slice(0, rows).map((person) => {
      const logit = featuresOf(person, levels).reduce((sum, value, index) => sum + value * weights[index]!, bias);
      return { own: earnsMore(person) ? logit : -logit, gain: greatestGain(person, levels, weights, deviations) };
    });
    const words = `trial robustness build/model/model.onnx --data build/test.csv --label income --columns columns.yaml --norm linf --epsilon ${epsilon} --rows ${rows}`;
    const { verdict, metrics, findings } = project.answer(words.split(' ')) as Answer;
    expect(verdict).toBe('pass');
    expect(metrics['clean_accuracy']).toBeCloseTo(margins.filter(({ own }) => own > 0).length / rows, 9);
    expect(metrics['robust_accuracy']).toBeCloseTo(margins.filter(({ own, gain }) => own > gain).length / rows, 9);
    expect(metrics['robust_accuracy']).toBeLessThan(metrics['clean_accuracy']! - 0.05);
    const changed = findings.filter(({ rule }) => /columns|rows/.test(rule)).map(({ message }) => message);
    expect(changed.join()).toMatch(
      /`(age|education-num|capital-gain|capital-loss|hours-per-week|workclass|occupation)`/,
    );
    expect(changed.join()).not.toMatch(/`(marital-status|relationship|race|sex|native-country)`/);
  });
});
