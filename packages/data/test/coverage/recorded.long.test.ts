import { expect, test } from 'vitest';
import { census, published } from '../anomaly/published-tables.ts';
import { coverageOfFile, said } from './coverage-scene.ts';
import { expectedCombinations, holdCounts, holdReference, near, recorded } from './recorded.ts';

const { names, missing, trim } = census;

test('the test of the census lies as far from its training data as scikit-learn says, of the rows with the smallest hashes; the labels of its test differ by a full stop', async (context) => {
  const skip = (reason: string): void => {
    context.skip(reason);
  };
  const paths = { table: published('adult-test.csv', skip), reference: published('adult-train.csv', skip) };
  const reading = { names, missing, trim };
  await holdReference(paths, reading, recorded.census);
  const report = await coverageOfFile(paths.table, reading, { reference: paths.reference });
  expect(report.verdict).toBe('fail');
  expect(said(report, 'uncovered')).toEqual([
    "`income` covers 0.0 % of the reference's values, less than 90.0 %: 2 of 2 categories or bins have no row: `<=50K`, `>50K`",
  ]);
  expect(said(report, 'unseen')).toEqual([
    '16281 of 16281 values of `income` are none that the reference has: `<=50K.`, `>50K.`',
  ]);
  expect(said(report, 'few-unseen')).toEqual(['1 of 16281 values of `fnlwgt` are none that the reference has']);
  const { table, usual } = recorded.census.distances.quantiles;
  for (const [metric, value] of [
    ['nearest_p50', table[0]],
    ['nearest_p95', table[1]],
    ['usual_p50', usual[0]],
    ['usual_p95', usual[1]],
  ] as const)
    near(report.metrics[metric], value);
}, 60_000);

test('rows of the census are counted as pandas and NumPy count them', async (context) => {
  const path = published('adult-train.csv', (reason) => {
    context.skip(reason);
  });
  const { combinations, ranges, slices, rows } = recorded.census;
  const reading = { names, missing, trim };
  const [ages = [], open, gain] = ranges.map((each) => [each]);
  const plain = combinations.slice(0, 5);
  await holdCounts(path, reading, { combinations: plain, ranges: [...ages, ...(gain ?? [])] }, 30);
  await holdCounts(path, reading, { combinations: [plain[0]!], ranges: open ?? [] }, 44);
  const where = {
    'women who earn more': [
      { column: 'sex', is: '=', value: 'Female' },
      { column: 'income', is: '=', value: '>50K' },
    ],
    'old and employed': [
      { column: 'age', is: '>=', value: 65 },
      { column: 'workclass', is: 'in', value: ['Private', 'State-gov'] },
    ],
    'no occupation': [{ column: 'occupation', is: 'missing' }],
    'an occupation': [{ column: 'occupation', is: 'present' }],
    neither: [
      { column: 'age', is: '>', value: 60 },
      { column: 'age', is: '<', value: 50 },
    ],
    'not from here': [{ column: 'native-country', is: '!=', value: 'United-States' }],
  };
  const asked = Object.entries(where).map(([name, each]) => ({ name, where: each, min: rows + 1 }));
  const above80 = { columns: ['sex', 'race'], where: [{ column: 'age', is: '>=', value: 80 }], min: 10 };
  const report = await coverageOfFile(path, { ...reading, slices: [...asked, above80] });
  expect(said(report, 'slice').sort()).toEqual(
    Object.entries(slices)
      .map(([name, count]) => `\`${name}\` has ${count} rows, fewer than ${rows + 1}`)
      .sort(),
  );
  expect(said(report, 'combination').sort()).toEqual(expectedCombinations(combinations[5]!, 10).sort());
}, 60_000);
