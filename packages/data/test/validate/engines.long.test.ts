import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { needsPostgres } from '@holdfast/testkit/postgres';
import { everyCase, Engines } from './engines.ts';

test('all', { timeout: 600_000 }, async (context) => {
  needsPostgres(context);
  const engines = await Engines.start();
  const out: unknown[] = [];
  for (const each of everyCase()) out.push(...(await engines.differing([each])));
  writeFileSync('/tmp/pgsuite-diff.json', JSON.stringify(out, null, 1));
  await engines.close();
});
