import { expect, test } from 'vitest';
import { lookAt } from './anomaly-scene.ts';
import { census, published } from './published-tables.ts';

/**
 * Counted with pandas 2.3.3 (`duplicated`, `isin` of rows as texts, `nunique` of labels by rows); near rows as pairs of
 * different rows that agree in all columns but one, through groups that leave one column out.
 */
const counted = { duplicates: 5, conflicts: 2, near: 1781, leaked: 26, leakedReference: 28, nearLeaked: 3032 };

test('the census has 26 rows of its test in its training data, and thousands nearly', async (context) => {
  const skip = (reason: string): void => {
    context.skip(reason);
  };
  const [path, against] = [published('adult-test.csv', skip), published('adult-train.csv', skip)];
  const report = await lookAt(path, { against, options: { ...census, rows: 1000 } });
  expect(report.verdict).toBe('fail');
  expect(report.metrics).toMatchObject({
    ...{ rows: 16_281, duplicate_rows: counted.duplicates, conflict_rows: counted.conflicts },
    ...{ leaked_rows: counted.leaked, leaked_reference_rows: counted.leakedReference },
    // fnlwgt of row 7975, 1490400, above all of the training data
    ...{ out_of_range_values: 1 },
  });
  expect(report.metrics).toMatchObject({
    ...{ near_leaked_rows: counted.nearLeaked, near_duplicate_rows: counted.near },
  });
  const leak = report.findings.find(({ rule }) => rule === 'data.anomaly.leakage');
  expect(leak?.where).toMatch(/^row 1669 there row 3119; row 1782 there row 16684; /);
}, 180_000);
