import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '@holdfast/data';
import { openTable, type TableColumn } from '@holdfast/dataset';
import { expect } from 'vitest';
import { type ValueCounts, valueCounts } from '../../src/metrics/value-counts.ts';
import { type Associations, associations } from '../../src/profile/associations/associations.ts';

/** By two names with `|` between them; `null` where one of the two does not vary. */
type Pairs = Readonly<Record<string, number | null>>;

/** SciPy 1.16.3 with pandas 2.3.3, written by tools/peers/record-associations.py. */
export const { tables } = JSON.parse(readFileSync(join(import.meta.dirname, 'associations.json'), 'utf8')) as {
  readonly tables: Readonly<Record<string, { readonly spearman: Pairs; readonly cramersV: Pairs }>>;
};

type Method = Associations[number]['method'];

function hold(all: Associations, method: Method, pairs: Pairs): void {
  const found = all.find((each) => each.method === method);
  const at = (name = ''): number => found?.columns.indexOf(name) ?? -1;
  for (const [names, wanted] of Object.entries(pairs)) {
    const [one, other] = names.split('|');
    const value = found?.matrix[at(one)]?.[at(other)];
    expect(found?.matrix[at(other)]?.[at(one)], names).toBe(value);
    if (wanted === null) expect(value, names).toBe(null);
    else expect(Math.abs((value ?? Number.NaN) - wanted), names).toBeLessThanOrEqual(1e-9);
  }
}

/** Holds what is found of a published table against what SciPy said. */
export async function holdTable(name: string, path: string): Promise<void> {
  const recorded = tables[name] ?? { spearman: {}, cramersV: {} };
  const names = name === 'compas-two-years' ? {} : { names: columnsOf(recorded) };
  const options = name === 'adult-train' ? { missing: ['?'], trim: true } : {};
  const table = await openTable(path, { format: 'csv', threads: 1, ...names, ...options });
  const asked = new Map(table.columns.filter(({ type }) => type === 'text').map((each) => [each, valueCounts(each)]));
  const counts = await measure([table], [...asked.values()]);
  const valuesOf = (column: TableColumn): ValueCounts | undefined => {
    const metric = asked.get(column);
    return metric === undefined ? undefined : counts.get(metric);
  };
  const found = await associations([table], { rows: table.rows, valuesOf });
  await table.close();
  expect(Object.keys(recorded.spearman).length).toBeGreaterThan(10);
  hold(found, 'spearman', recorded.spearman);
  hold(found, 'cramers-v', recorded.cramersV);
}

/** Of tables without a line of names, in their order. */
function columnsOf({ spearman, cramersV }: { readonly spearman: Pairs; readonly cramersV: Pairs }): string[] {
  const names = [...new Set([...Object.keys(spearman), ...Object.keys(cramersV)].flatMap((pair) => pair.split('|')))];
  if (names.includes('age')) return census;
  return names.sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
}

const census = [
  ...['age', 'workclass', 'fnlwgt', 'education', 'education_num', 'marital_status', 'occupation', 'relationship'],
  ...['race', 'sex', 'capital_gain', 'capital_loss', 'hours_per_week', 'native_country', 'income'],
];
