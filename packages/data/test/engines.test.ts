import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countWhere, extremes, type Metric, measure, moments, present, sumOf } from '@holdfast/data';
import { type ColumnType, openPostgresTable, openTable, type Table } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';
import { needsPostgres, type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { histogram } from '../src/metrics/histogram.ts';
import { narrowedQuantiles, quantiles } from '../src/metrics/quantiles.ts';
import { valueCounts } from '../src/metrics/value-counts.ts';
import { associations } from '../src/profile/associations/associations.ts';
import { rowText } from '../src/profile/row-text.ts';

const published = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../..', 'shared', 'data');
const census = join(published, 'adult-train.csv');
const inPostgres: Partial<Record<ColumnType, string>> = {
  integer: 'bigint',
  number: 'double precision',
  decimal: 'numeric(12,3)',
};
const names = [
  ...['age', 'workclass', 'weight', 'education', 'years', 'marital', 'occupation', 'relationship', 'race', 'sex'],
  ...['gain', 'loss', 'hours', 'country', 'income', 'seventh', 'tiny'],
];
const text = { names, missing: ['?'], trim: true, format: 'csv' } as const;

let server: RunningPostgres | undefined;
afterAll(async () => server?.stop());

/** The census with two columns of fractions, whole and in three uneven parts. */
function written(): [whole: string, parts: string[]] {
  const folder = temporaryFolder();
  const lines = readFileSync(census, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const [age, , weight] = line.split(', ').map(Number);
      return `${line}, ${(weight ?? 0) / 7}, ${((age ?? 0) - 40.3) * 2 ** -(index % 60)}`;
    });
  const write = (name: string, some: readonly string[]): string => {
    writeFileSync(join(folder, name), `${some.join('\n')}\n`);
    return join(folder, name);
  };
  const parts = [lines.slice(0, 1), lines.slice(1, 20_000), lines.slice(20_000)];
  return [write('whole.csv', lines), parts.map((part, index) => write(`part-${index}.csv`, part))];
}

async function copied(table: Table, url: string): Promise<Table> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const columns = table.columns.map(({ name, type }) => `"${name}" ${inPostgres[type] ?? 'text'}`);
  await client.query(`CREATE TABLE census (${columns.join(', ')})`);
  const { dialect } = table.engine;
  const texts = table.columns.map(({ value, type }) => dialect.text(value, type));
  for await (const part of table.engine.stream(`SELECT ${texts.join(', ')} FROM ${table.relation}`)) {
    const typed = table.columns.map(({ type }, index) => `$${index + 1}::text[]::${inPostgres[type] ?? 'text'}[]`);
    await client.query(`INSERT INTO census SELECT * FROM unnest(${typed.join(', ')})`, part);
  }
  await client.end();
  return openPostgresTable({ connection: url, table: 'census' });
}

/** Every metric of every column, as text that tells each float64 from its neighbours. */
async function measured(tables: readonly Table[]): Promise<string[]> {
  const [first] = tables;
  const where = `${first?.engine.dialect.identifier('age') ?? ''} >= 50`;
  const asked: Metric<unknown>[] = [countWhere(), countWhere(where)];
  for (const column of first?.columns ?? []) {
    asked.push(present(column), present(column, where));
    if (['integer', 'number'].includes(column.type)) {
      asked.push(sumOf(column), sumOf(column, where), extremes(column), moments(column), moments(column, where));
      asked.push(
        quantiles(column, [0.1, 0.5, 0.99], tables),
        narrowedQuantiles(column, [0.1, 0.5, 0.99]),
        histogram(column),
      );
    }
  }
  const found = await measure(tables, asked);
  return asked.map((metric) => JSON.stringify(found.get(metric)));
}

/** The sum of the hashes of all rows' canonical texts, which their order has no say in. */
async function textsOfRows({ engine, relation, ...table }: Table): Promise<bigint> {
  const { dialect } = engine;
  const [row] = await engine.rows(
    `SELECT ${dialect.exactSum(dialect.hash(rowText({ engine, ...table })))} FROM ${relation}`,
  );
  return BigInt(String(row?.[0]));
}

/** How columns go together by ranks and as categories, as text that tells each float64 from its neighbours. */
async function associated(tables: readonly [Table, ...Table[]]): Promise<string> {
  const asked = new Map(tables[0].columns.map((column) => [column, valueCounts(column)]));
  const found = await measure(tables, [...asked.values()]);
  const valuesOf: Parameters<typeof associations>[1]['valuesOf'] = (column) => {
    const counts = column.type === 'text' ? asked.get(column) : undefined;
    return counts === undefined ? undefined : found.get(counts);
  };
  return JSON.stringify(await associations(tables, { rows: 32_561, valuesOf }));
}

test('the metrics of the census are the very same on DuckDB, on PostgreSQL and in parts', async (context) => {
  needsPostgres(context);
  if (!existsSync(census)) context.skip('needs adult-train.csv');
  server = await startPostgres();
  const [whole, parts] = written();
  const table = await openTable(whole, text);
  const shards = [];
  for (const part of parts) shards.push(await openTable(part, text));
  const postgres = await copied(table, server.url);
  const numbers = await measured([table]);
  expect(numbers.slice(0, 2)).toEqual(['32561', '7062']);
  expect(await measured(shards)).toEqual(numbers);
  expect(await measured([postgres])).toEqual(numbers);
  expect(await textsOfRows(postgres)).toBe(await textsOfRows(table));
  expect(numbers.length).toBeGreaterThan(70);
  const pairs = await associated([table]);
  expect(pairs).toMatch(/spearman.*cramers-v/);
  expect(await associated([postgres])).toBe(pairs);
  for (const each of [table, ...shards, postgres]) await each.close();
});
