import { expect, test, vi } from 'vitest';
import { lookAt } from './anomaly-scene.ts';
import { census, published } from './published-tables.ts';

vi.setConfig({ testTimeout: 600_000 });

/**
 * Counted with pandas 2.3.3 (`duplicated`, `isin` of rows as texts, `nunique` of labels by rows); near rows as pairs of
 * different rows that agree in all columns but one, through groups that leave one column out.
 */
const counted = { duplicates: 24, groups: 23, conflicts: 2, near: 5595 };

test('the census has the duplicates, contradictions and near twins that pandas counts', async (context) => {
  const path = published('adult-train.csv', (reason) => {
    context.skip(reason);
  });
  const report = await lookAt(path, { options: { ...census, rows: 2000 } });
  expect(report.verdict).toBe('warn');
  expect(report.metrics).toMatchObject({
    ...{ rows: 32_561, duplicate_rows: counted.duplicates, duplicate_groups: counted.groups },
    ...{ conflict_rows: counted.conflicts, identifier_columns: 0, constant_columns: 0, target_leak_columns: 0 },
  });
  expect(report.metrics['near_duplicate_rows']).toBe(counted.near);
  expect(report.findings.find(({ rule }) => rule === 'data.anomaly.label-conflict')?.where).toBe('rows 849, 22762');
});

test.for<[string, number, string[]]>([
  ['german.csv', 1000, Array.from({ length: 21 }, (_, at) => `c${at}`)],
  ['pima-indians-diabetes.csv', 768, Array.from({ length: 9 }, (_, at) => `c${at}`)],
  ['sonar.csv', 208, Array.from({ length: 61 }, (_, at) => `c${at}`)],
])('%s has no two rows that are the same, and its label is told by no column', async ([name, rows, names], context) => {
  const path = published(name, (reason) => {
    context.skip(reason);
  });
  const report = await lookAt(path, { options: { names, label: names.at(-1) } });
  expect(report.metrics).toMatchObject({ rows, duplicate_rows: 0, conflict_rows: 0, target_leak_columns: 0 });
  expect(report.coverage.left).toEqual([]);
});

test('people in court are known by keys and names, whose values are not shown', async (context) => {
  const path = published('compas-two-years.csv', (reason) => {
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
