import { expect, test } from 'vitest';
import { JsonSchema } from '../../src/validate/texts/json-schema.ts';
import { agrees, cases } from './json-schemas.ts';

test('every recorded schema has its answers', { timeout: 120_000 }, async () => {
  for (const each of cases) await agrees(each);
});

test('a pattern that never ends leaves no answer', { timeout: 60_000 }, async () => {
  const judge = new JsonSchema({ pattern: '^(a+)+$' });
  try {
    await expect(judge.judge([`"${'a'.repeat(60)}!"`])).rejects.toThrow('without an answer: time');
  } finally {
    judge.close();
  }
});
