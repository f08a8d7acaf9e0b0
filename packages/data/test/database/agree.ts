import { anomalyCheck } from '@holdfast/data/anomaly/check';
import { coverageCheck } from '@holdfast/data/coverage/check';
import { driftCheck } from '@holdfast/data/drift/check';
import { profileCheck } from '@holdfast/data/profile/check';
import type { CheckDescription } from '@holdfast/evidence/check';
import { expect } from 'vitest';
import { asked, both, parted } from './scene.ts';

/** How a file of the census has to be read. */
export const fileOptions = { missing: ['?'], trim: true };

const rootOf = async (path: string): Promise<string> =>
  parted(await asked(profileCheck, path, { correlations: false })).roots[0] ?? '';

/** Holds every check that compares two tables against itself, on so many rows of files and of tables of PostgreSQL. */
export async function agree(rows: number, context: { skip(note: string): unknown }, isShort = false): Promise<void> {
  const now = await both('census_now', [0, rows], context);
  const before = await both('census_before', [16_000, rows], context);
  const [root, reference] = [await rootOf(now.described), await rootOf(before.described)];
  expect(root).toMatch(/^[0-9a-f]{64}$/);
  expect(reference).not.toBe(root);
  const cases: (readonly [CheckDescription, Record<string, unknown>, string?])[] = [
    ...(isShort ? [] : ([[anomalyCheck, { label: 'income' }]] as const)),
    [anomalyCheck, { label: 'income' }, 'against'],
    [
      coverageCheck,
      { slices: [{ columns: ['sex', 'race'] }], ranges: { age: [0, 30, 60, 100] }, min: 40 },
      'reference',
    ],
    [driftCheck, { multivariate: !isShort }, 'reference'],
  ];
  for (const [check, options, other] of cases) {
    const beside = (path: string): Record<string, string> => (other === undefined ? {} : { [other]: path });
    const ofFile = parted(await asked(check, now.file, { ...options, ...fileOptions }, beside(before.file)));
    expect(ofFile.roots).toEqual([]);
    expect(ofFile.said.findings.length).toBeGreaterThan(1);
    const ofTable = parted(await asked(check, now.described, options, beside(before.described)));
    expect(ofTable.said).toEqual(ofFile.said);
    expect(ofTable.roots.toSorted()).toEqual((other === undefined ? [root] : [root, reference]).toSorted());
    if (other === undefined || isShort) continue;
    const mixed = parted(await asked(check, now.file, { ...options, ...fileOptions }, beside(before.described)));
    expect(mixed).toEqual({ said: ofFile.said, roots: [reference] });
  }
}
