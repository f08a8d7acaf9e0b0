import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { randomOf } from '@holdfast/statistics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Drift, driftOf } from '../../src/drift/drift-of.ts';
import { type Judged, judge } from '../../src/drift/judge.ts';
import { quantileBins } from '../../src/drift/quantile-bins.ts';
import { shareChange } from '../../src/drift/share-change.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const defaults = { tests: 'default', alpha: 0.05, maxRows: 5_000_000, multivariate: true, seed: 0 } as const;

async function compared(current: string, reference: string, more = {}): Promise<{ drift: Drift; judged: Judged[] }> {
  const paths = [join(folder, 'current.csv'), join(folder, 'reference.csv')] as const;
  writeFileSync(paths[0], current);
  writeFileSync(paths[1], reference);
  const [now, before] = [await openTable(paths[0]), await openTable(paths[1])];
  const { signal } = new AbortController();
  const drift = await driftOf([now], [before], { ...defaults, ...more }, { signal });
  await now.close();
  await before.close();
  return { drift, judged: judge(drift, { alpha: 0.05, correction: 'holm' }) };
}

function csv(rows: number, seed: number, shift = 0): string {
  const random = randomOf(seed);
  const line = (): string => `${random.normal() + shift},${random.normal()},${'abc'.charAt(random.integer(3))}`;
  return ['x,y,k', ...Array.from({ length: rows }, line)].join('\n');
}

describe('drift', () => {
  test('is seen in the column that moved by a standard deviation, and in rows as a whole', async () => {
    const { judged } = await compared(csv(400, 1, 1), csv(400, 2));
    const drifted = judged.filter(({ standing }) => standing === 'drifted').map(({ column, about }) => column ?? about);
    expect(drifted).toEqual(['x', 'joint']);
  });

  test('is not seen between two halves of one distribution', async () => {
    const { judged, drift } = await compared(csv(400, 3), csv(400, 4), { tests: 'all' });
    expect(judged.every(({ standing }) => standing === 'same')).toBe(true);
    expect(drift.columns[0]?.tests).toHaveLength(5);
  });

  test('columns that came, went or hold other values are told; empty ones have no type', async () => {
    const { drift } = await compared('a,b,c,e\n1,x,1,\n2,y,2,\n', 'a,b,d,e\n1,1,1,5\n2,2,2,6\n');
    const { appeared, vanished, retyped } = drift.pairs;
    expect({ appeared, vanished, retyped }).toEqual({
      appeared: ['c'],
      vanished: ['d'],
      retyped: [{ name: 'b', from: 'integer', to: 'text' }],
    });
  });

  test('tables without rows, with one row, or constant ones are compared without an error', async () => {
    expect((await compared('a,b\n', 'a,b\n1,2\n')).drift.columns).toEqual([]);
    const { judged } = await compared('a,b\n1,2\n', 'a,b\n1,3\n');
    expect(judged.every(({ standing }) => standing === 'same')).toBe(true);
    expect((await compared('a\n1\n1\n', 'a\n1\n1\n', { tests: 'all' })).drift.columns[0]?.effects['psi']).toBe(0);
  });
});

test('what lies below the least value of the reference, where that is a quantile, has a bin of its own', () => {
  const bins = quantileBins(Float64Array.of(0, 1, 2), Float64Array.of(1, 1, 1, 1));
  expect(bins).toMatchObject({ current: [1, 1, 1], reference: [0, 4, 0] });
});

test('small shares are compared exactly: 3 of 4 and 1 of 4 are the tea of R. A. Fisher, p 34/70', () => {
  expect(shareChange([3, 4], [1, 4]).p).toBeCloseTo(34 / 70, 12);
});
