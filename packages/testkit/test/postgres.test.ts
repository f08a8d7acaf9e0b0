import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { needsPostgres, startPostgres } from '../src/postgres.ts';

test('a PostgreSQL of its own answers, orders texts as a language does, and is gone when it is stopped', async (context) => {
  needsPostgres(context);
  const postgres = await startPostgres();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query<{ language: boolean; points: boolean; folder: string }>(
    `SELECT 'a' < 'B' AS language, 'a' < 'B' COLLATE "C" AS points, current_setting('data_directory') AS folder`,
  );
  await client.end();
  const [row] = rows;
  expect(row).toMatchObject({ language: true, points: false });
  expect(existsSync(row?.folder ?? '')).toBe(true);
  await postgres.stop();
  expect(existsSync(row?.folder ?? '')).toBe(false);
  await expect(new pg.Client({ connectionString: postgres.url }).connect()).rejects.toThrow('ECONNREFUSED');
});
