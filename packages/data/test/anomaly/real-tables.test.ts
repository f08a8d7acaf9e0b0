import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookAt } from './anomaly-scene.ts';

const published = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');

function table(name: string, skip: (reason: string) => void): string {
  const path = join(published, name);
  if (existsSync(path)) return path;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
  skip(`needs ${name}; say where it is with HOLDFAST_ADULT_DATA`);
  return path;
}

const census = {
  names: [
    ...['age', 'workclass', 'fnlwgt', 'education', 'education-num', 'marital-status', 'occupation', 'relationship'],
    ...['race', 'sex', 'capital-gain', 'capital-loss', 'hours-per-week', 'native-country', 'income'],
  ],
  missing: ['?'],
  trim: true,
  label: 'income',
};

/**
 * Counted with pandas 2.3.3 (`duplicated`, `isin` of rows as texts, `nunique` of labels by rows); near rows as pairs of
 * different rows that agree in all columns but one, through groups that leave one column out.
 */
const counted = {
  train: { duplicates: 24, groups: 23, conflicts: 2, near: 5595 },
  test: { duplicates: 5, conflicts: 2, near: 1781, leaked: 26, leakedReference: 28, nearLeaked: 3032 },
};

describe('the census', () => {
  test('has the duplicates, contradictions and near twins that pandas counts', async (context) => {
    const path = table('adult-train.csv', (reason) => {
      context.skip(reason);
    });
    const report = await lookAt(path, { options: { ...census, rows: 2000 } });
    expect(report.verdict).toBe('warn');
    expect(report.metrics).toMatchObject({
      ...{ rows: 32_561, duplicate_rows: counted.train.duplicates, duplicate_groups: counted.train.groups },
      ...{ conflict_rows: counted.train.conflicts, identifier_columns: 0, constant_columns: 0, target_leak_columns: 0 },
    });
    expect(report.metrics['near_duplicate_rows']! / counted.train.near).toBeGreaterThan(0.99);
    expect(report.metrics['near_duplicate_rows']).toBeLessThanOrEqual(counted.train.near);
    expect(report.findings.find(({ rule }) => rule === 'data.anomaly.label-conflict')?.where).toBe('rows 849, 22762');
  });

  test('has 26 rows of its test in its training data, and thousands nearly', async (context) => {
    const skip = (reason: string): void => {
      context.skip(reason);
    };
    const [path, against] = [table('adult-test.csv', skip), table('adult-train.csv', skip)];
    const report = await lookAt(path, { against, options: { ...census, rows: 4000 } });
    expect(report.verdict).toBe('fail');
    expect(report.metrics).toMatchObject({
      ...{ rows: 16_281, duplicate_rows: counted.test.duplicates, conflict_rows: counted.test.conflicts },
      ...{ leaked_rows: counted.test.leaked, leaked_reference_rows: counted.test.leakedReference },
      // fnlwgt of row 7975, 1490400, above all of the training data
      ...{ out_of_range_values: 1 },
    });
    expect(report.metrics['near_leaked_rows']! / counted.test.nearLeaked).toBeGreaterThan(0.99);
    expect(report.metrics['near_leaked_rows']).toBeLessThanOrEqual(counted.test.nearLeaked);
    const leak = report.findings.find(({ rule }) => rule === 'data.anomaly.leakage');
    expect(leak?.where).toMatch(/^row 1669 there row 3119; row 1782 there row 16684; /);
  });
});

test.for<[string, number, string[]]>([
  ['german.csv', 1000, Array.from({ length: 21 }, (_, at) => `c${at}`)],
  ['pima-indians-diabetes.csv', 768, Array.from({ length: 9 }, (_, at) => `c${at}`)],
  ['sonar.csv', 208, Array.from({ length: 61 }, (_, at) => `c${at}`)],
])('%s has no two rows that are the same, and its label is told by no column', async ([name, rows, names], context) => {
  const path = table(name, (reason) => {
    context.skip(reason);
  });
  const report = await lookAt(path, { options: { names, label: names.at(-1) } });
  expect(report.metrics).toMatchObject({ rows, duplicate_rows: 0, conflict_rows: 0, target_leak_columns: 0 });
  expect(report.coverage.left).toEqual([]);
});

test('people in court are known by keys and names, whose values are not shown', async (context) => {
  const path = table('compas-two-years.csv', (reason) => {
    context.skip(reason);
  });
  const report = await lookAt(path, { classification: 'confidential', options: { label: 'two_year_recid' } });
  const of = (rule: string): (string | undefined)[] =>
    report.findings.filter((finding) => finding.rule === `data.anomaly.${rule}`).map(({ where }) => where);
  expect(of('identifier')).toEqual(expect.arrayContaining(['column id', 'column name']));
  // pandas 2.3.3: nunique() ≤ 1
  expect(of('constant').toSorted()).toEqual(
    ['column type_of_assessment', 'column v_type_of_assessment', 'column violent_recid'].toSorted(),
  );
  // is_recid is the same question asked without the two years
  expect(of('target-leak').join()).toMatch(/^(column (event|is_recid|r_charge_desc|r_charge_degree|r_[a-z_]+)(,|$))*$/);
  expect(report.metrics['duplicate_rows']).toBe(0);
});
