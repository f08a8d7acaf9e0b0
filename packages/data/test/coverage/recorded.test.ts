import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { published } from '../anomaly/published-tables.ts';
import { holdCounts, holdReference, recorded } from './recorded.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `c${at}`);

describe('rows are counted as pandas and NumPy count them', () => {
  test.for([
    ['german.csv', { names: numbered(21) }, recorded.german, 5],
    ['pima-indians-diabetes.csv', { names: numbered(9) }, { ...recorded.pima, combinations: [] }, 60],
    ['compas-two-years.csv', {}, recorded.compas, 50],
  ] as const)('in %s', async ([name, reading, table, min], context) => {
    const path = published(name, (reason) => {
      context.skip(reason);
    });
    await holdCounts(path, reading, table, min);
  });
});

/** A table of which the first rows are the training data and the others are held back. */
function divided(path: string, at: number): { readonly table: string; readonly reference: string } {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const [table, reference] = [join(folder, `held-back-${at}.csv`), join(folder, `training-${at}.csv`)];
  writeFileSync(reference, lines.slice(0, at).join('\n'));
  writeFileSync(table, lines.slice(at).join('\n'));
  return { table, reference };
}

describe('an evaluation set lies as far from its training data as scikit-learn says', () => {
  test.for([
    ['german.csv', 700, { names: numbered(21) }, recorded.german],
    ['pima-indians-diabetes.csv', 500, { names: numbered(9) }, recorded.pima],
  ] as const)('in %s', async ([name, at, reading, table], context) => {
    const path = published(name, (reason) => {
      context.skip(reason);
    });
    await holdReference(divided(path, at), reading, table);
  });
});
