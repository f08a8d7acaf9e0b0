import { needsPostgres } from '@holdfast/testkit/postgres';
import { test } from 'vitest';
import { agree } from './agree.ts';

test('checks say of half of the census in PostgreSQL what they say of a file of the same rows', {
  timeout: 600_000,
}, async (context) => {
  needsPostgres(context);
  await agree(16_000, context);
});
