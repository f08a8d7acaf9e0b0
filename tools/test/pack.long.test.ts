import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { installPacked } from '../installed.ts';
import { packedProblems } from '../packed-use.ts';

test('what is packed installs in an empty folder and works there', { timeout: 600_000 }, async () => {
  const folder = await installPacked();
  try {
    expect(await packedProblems(folder, () => undefined)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
