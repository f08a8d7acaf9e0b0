import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import type { ArtifactReader, CheckDescription, Report } from '@holdfast/evidence/check';
import { temporaryFolder } from '@holdfast/testkit';
import { postgresPassword, postgresUser, type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { readerOf } from '../anomaly/anomaly-scene.ts';
import { census, published } from '../anomaly/published-tables.ts';

const folder = temporaryFolder();
let server: RunningPostgres | undefined;
beforeEach(() => {
  vi.stubEnv('CENSUS_PASSWORD', postgresPassword);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => server?.stop());

/** Runs statements on the server, which is started for the first. */
export async function sql(text: string, values: unknown[] = []): Promise<void> {
  server ??= await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(text, values).finally(async () => client.end());
}

/** So many rows of the census from `first` on as a CSV file and as a table of PostgreSQL, which gets them in another order. */
export async function both(
  name: string,
  [first, rows]: readonly [first: number, rows: number],
  context: { skip(note: string): unknown },
): Promise<{ file: string; described: string }> {
  const lines = readFileSync(
    published('adult-train.csv', (note) => context.skip(note)),
    'utf8',
  ).split('\n');
  const file = join(folder, `${name}.csv`);
  const numbered = lines.slice(first, first + rows).map((line, index) => `${index + 1}, ${line}`);
  writeFileSync(file, [['id', ...census.names].join(','), ...numbered].join('\n'));
  const table = await openTable(file, { missing: ['?'], trim: true });
  const typeOf = (type: string): string => (type === 'integer' ? 'bigint' : 'text');
  const columns = table.columns.map((column) => `"${column.name}" ${typeOf(column.type)}`);
  const texts = table.columns.map(({ value, type }) => table.engine.dialect.text(value, type));
  await sql(`CREATE TABLE ${name} (${columns.join(', ')}, PRIMARY KEY (id))`);
  const given = table.columns.map(({ type }, index) => `$${index + 1}::text[]::${typeOf(type)}[]`);
  const asked = `SELECT ${texts.join(', ')} FROM ${table.relation}`;
  for await (const part of table.engine.stream(asked)) {
    await sql(`INSERT INTO ${name} SELECT * FROM unnest(${given.join(', ')}) AS u ORDER BY random()`, part);
  }
  await table.close();
  return { file, described: describeTable(name) };
}

/** Writes what says where a table is. @returns its path */
export function describeTable(name: string): string {
  const where = {
    ...{ host: '127.0.0.1', port: Number(new URL(server?.url ?? '').port), database: 'postgres' },
    ...{ user: postgresUser, table: name, passwordEnvironment: 'CENSUS_PASSWORD' },
  };
  const path = join(folder, `${name}.table.json`);
  writeFileSync(path, JSON.stringify({ postgres: where }));
  return path;
}

async function read(path: string): Promise<ArtifactReader> {
  return { ...(await readerOf(path)), name: 'census', read: async () => Promise.resolve(readFileSync(path)) };
}

const { signal } = new AbortController();

/** What a check says of a file. */
export async function asked(
  check: CheckDescription,
  path: string,
  options: Record<string, unknown>,
  inputs: Record<string, string> = {},
): Promise<Report> {
  const readers: Record<string, ArtifactReader> = {};
  for (const [name, other] of Object.entries(inputs)) readers[name] = await read(other);
  const given = { ...options, threads: 1, ...Object.fromEntries(Object.keys(inputs).map((name) => [name, 'other'])) };
  const run = await check.load();
  return run.run(await read(path), given, { signal, inputs: readers, progress: () => undefined });
}

const isBound = ({ rule }: { rule: string }): boolean => rule.endsWith('.rows');

/** What a report says, and the roots of rows that it names. */
export function parted(report: Report): { said: Report; roots: string[] } {
  const roots = report.findings
    .filter(isBound)
    .map(({ message }) => /sha256:([0-9a-f]{64})$/.exec(message)?.[1] ?? message);
  return { said: { ...report, findings: report.findings.filter((each) => !isBound(each)) }, roots };
}
