import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { labelledTables } from './labelled-columns.ts';
import { measured } from './measured-columns.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'columns-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(['helpful', 'unhelpful', 'misleading'] as const)(
  'columns of forty countries are told by %s names',
  { timeout: 600_000 },
  async (naming) => {
    const found = await measured(labelledTables(), naming, (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
    console.log(naming, found);
    expect(found.precision).toBeGreaterThanOrEqual(0.97);
    expect(found.recall).toBeGreaterThanOrEqual(0.97);
  },
);
