import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@holdfast/testkit';
import {
  needsPostgres,
  postgresPassword,
  postgresUser,
  type RunningPostgres,
  startPostgres,
} from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { Scene } from '../scene.ts';
import type { Answer } from '../script.ts';

const scene = new Scene('nothing', 'one');
const folder = temporaryFolder();
const env = { APPLICANTS_PASSWORD: postgresPassword };
let server: RunningPostgres | undefined;
afterAll(async () => {
  scene.remove();
  await server?.stop();
});

async function asked(sql: string): Promise<string> {
  if (server === undefined) {
    server = await startPostgres();
    const kwargs = { column: 'age', min_value: 18 };
    const suite = { expectations: [{ type: 'expect_column_values_to_be_between', kwargs }] };
    writeFileSync(join(folder, 'suite.json'), JSON.stringify(suite));
  }
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(sql);
  await client.end();
  return new URL(server.url).port;
}

/** Writes `NAME.table.yaml`. */
async function described(name: string, more: readonly string[] = [], host = '127.0.0.1'): Promise<void> {
  const port = await asked('SELECT 1');
  const where = [`host: ${host}`, `port: ${port}`, 'database: postgres', `user: ${postgresUser}`, `table: ${name}`];
  const lines = ['postgres:', ...[...where, 'passwordEnvironment: APPLICANTS_PASSWORD'].map((line) => `  ${line}`)];
  writeFileSync(join(folder, `${name}.table.yaml`), `${[...lines, ...more].join('\n')}\n`);
}

async function typed(line: string, given: Readonly<Record<string, string>> = env): Promise<Answer> {
  const answer = await scene.type(`holdfast data ${line}`, folder, given);
  expect(answer.stdout + answer.stderr).not.toContain(postgresPassword);
  return answer;
}

const validate = 'validate applicants.table.yaml --suite suite.json';

/** The Merkle root that an answer names. */
const rootOf = (text: string): string => /sha256:([0-9a-f]{64})/.exec(text.replaceAll(/\s+/g, ''))?.[1] ?? text;

test('a table of PostgreSQL is validated, and the report is bound to its rows', {
  timeout: 120_000,
}, async (context) => {
  needsPostgres(context);
  await asked(`CREATE TABLE applicants (id int, age int); INSERT INTO applicants VALUES (2, 17), (1, 40), (3, NULL)`);
  await described('applicants', ['keys: [id]']);
  const first = await typed(`${validate} --json`);
  expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 1, stderr: '' });
  expect(first.stdout).toContain('id = 2');
  expect(first.stdout).toContain('data.validate.rows');
  // the same rows lie elsewhere after they are written again: the root is of the rows in the order of their keys
  await asked(`UPDATE applicants SET age = age WHERE id = 1`);
  expect(rootOf((await typed(`${validate} --json`)).stdout)).toBe(rootOf(first.stdout));
  const profile = await typed('profile applicants.table.yaml --json');
  expect(profile.status).toBe(0);
  expect(rootOf(profile.stdout)).toBe(rootOf(first.stdout));
  await asked(`UPDATE applicants SET age = 18 WHERE id = 2`);
  const mended = await typed(`${validate} --json`);
  expect(mended.status).toBe(0);
  expect(rootOf(mended.stdout)).toMatch(/^[0-9a-f]{64}$/);
  expect(rootOf(mended.stdout)).not.toBe(rootOf(first.stdout));
});

test('the other checks take a table of PostgreSQL as well, as the reference too', {
  timeout: 120_000,
}, async (context) => {
  needsPostgres(context);
  await asked(
    'CREATE TABLE people (id int PRIMARY KEY, age int); INSERT INTO people SELECT i, i % 50 FROM generate_series(1, 200) i',
  );
  await described('people');
  for (const line of [
    'anomaly people.table.yaml',
    'coverage people.table.yaml --reference people.table.yaml',
    'drift people.table.yaml --reference people.table.yaml',
  ]) {
    const answer = await typed(`${line} --json`);
    expect({ line, status: answer.status, stderr: answer.stderr }).toEqual({ line, status: 0, stderr: '' });
    expect(rootOf(answer.stdout)).toMatch(/^[0-9a-f]{64}$/);
  }
  const suite = await typed('suggest people.table.yaml');
  expect(suite.status).toBe(0);
  expect(suite.stdout).toContain('expect_column_values_to_be_between');
  expect(rootOf(suite.stdout)).toMatch(/^[0-9a-f]{64}$/);
});

test('what cannot be bound to rows, or sent in secret, is refused', { timeout: 120_000 }, async (context) => {
  needsPostgres(context);
  await asked('CREATE TABLE keyless (id int, age int); INSERT INTO keyless VALUES (1, 20), (1, 30)');
  const line = 'validate keyless.table.yaml --suite suite.json';
  await described('keyless');
  const keyless = await typed(line);
  expect(keyless.status).toBe(2);
  expect(keyless.stderr).toContain('have no keys');
  await described('keyless', ['keys: [id]']);
  expect((await typed(line)).stderr).toMatch(/do not tell the rows of `keyless`\s+apart/);
  expect((await typed(line, {})).stderr).toMatch(/`APPLICANTS_PASSWORD`,\s+which is not set/);
  expect((await typed(`${line} --trim`)).stderr).toContain('`trim` is about files');
  // an address that is none of those that stay on this machine, though it leads here: nothing is said without TLS
  await described('keyless', ['keys: [id, age]'], '0.0.0.0');
  const plain = await typed(line);
  expect(plain.status).toBe(3);
  expect(plain.stdout.replaceAll(/\s+/g, ' ')).toContain('does not support SSL');
  await described('keyless', ['  sslmode: disable', 'keys: [id, age]'], '0.0.0.0');
  expect((await typed(line)).status).toBe(0);
});

test('a password that is wrong is not shown', { timeout: 120_000 }, async (context) => {
  needsPostgres(context);
  await described('keyless', ['keys: [id, age]']);
  const line = 'validate keyless.table.yaml --suite suite.json';
  const { stdout, stderr, status } = await typed(line, { APPLICANTS_PASSWORD: 'opensesame' });
  expect(status).toBe(3);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('PostgreSQL does not let us in');
  expect(stdout + stderr).not.toContain('opensesame');
});
