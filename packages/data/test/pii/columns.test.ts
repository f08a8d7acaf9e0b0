import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelledTables } from './labelled-columns.ts';
import { measured } from './measured-columns.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'columns-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// Eight countries here; the long suite takes all forty.
const some = labelledTables().filter((_, at) => at % 5 === 0);

describe('columns of labelled tables', () => {
  test.each(['helpful', 'unhelpful', 'misleading'] as const)(
    'are told by %s names',
    { timeout: 240_000 },
    async (naming) => {
      const { precision, recall, columns } = await measured(some, naming, (name, text) => {
        const path = join(folder, name);
        writeFileSync(path, text);
        return path;
      });
      expect(columns).toBeGreaterThan(100);
      expect({ naming, precision: precision >= 0.97, recall: recall >= 0.97 }).toEqual({
        naming,
        precision: true,
        recall: true,
      });
    },
  );
});
