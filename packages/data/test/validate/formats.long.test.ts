import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { afterAll, expect, test } from 'vitest';
import { runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';
import { differing, isSlow, RecordedTables } from './formats.ts';
import { casesOf } from './recorded.ts';

const tables = new RecordedTables();
afterAll(async () => {
  await tables.close();
});

test('patterns that need a process, as Great Expectations says', { timeout: 300_000 }, async () => {
  expect(await differing(tables, 'regex', casesOf('regex').filter(isSlow))).toEqual([]);
});

test('a pattern that takes for ever is left, with the reason', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'formats-'));
  const path = join(folder, 'texts.csv');
  writeFileSync(path, `text\n${'a'.repeat(60)}!\n`);
  const table = await openTable(path, { threads: 1 });
  const kwargs = { column: 'text', regex: '^(?=(a|aa)+$)b' };
  const suite = parseSuite(JSON.stringify({ expectations: [{ type: 'expect_column_values_to_match_regex', kwargs }] }));
  const [judged] = await runSuite([table], suite);
  expect(judged?.outcome).toBeUndefined();
  expect(judged?.reason).toContain('without an answer');
  await table.close();
  rmSync(folder, { recursive: true });
});
