import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './project.ts';

const start = join(root, 'examples', 'census', 'start.mjs');
mkdirSync(join(root, 'build'), { recursive: true });
/** Inside the clone, where the packages are found, and outside of it. */
const above = mkdtempSync(join(root, 'build', 'example-'));
const folder = join(above, 'census');
const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-census-'));
afterAll(() => {
  for (const place of [above, elsewhere]) rmSync(place, { recursive: true });
});

function startWith(...words: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [start, ...words], { encoding: 'utf8' });
}

describe('examples/census makes a project of the published file only', () => {
  const row =
    '39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, US, <=50K\n';
  it.each([
    ['with a header', `age, workclass, fnlwgt\n${row}`, 'no header'],
    ['with a row too few', row.repeat(32_560), 'has 32560 rows, not 32561'],
    ['with a row too many', row.repeat(32_562), 'has 32562 rows, not 32561'],
    ['with a cell too few', `${row}${row.replace(', White', '')}`, 'has 14 cells in line 2, not 15'],
    ['of the right shape', row.repeat(32_561), 'other bytes than what was published'],
    ['without anything in it', '', 'no header'],
  ])('not of one %s', (_, text, message) => {
    const file = join(elsewhere, 'adult.csv');
    writeFileSync(file, text);
    const { status, stderr } = startWith(file, folder);
    expect(stderr).toContain(message);
    expect(stderr).toContain('archive.ics.uci.edu');
    expect(status).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });

  it('not of a file that is not there, or into a folder where its packages are not found', () => {
    expect(startWith(join(elsewhere, 'nothing.csv'), folder).status).toBe(3);
    const { status, stderr } = startWith(join(elsewhere, 'adult.csv'), join(elsewhere, 'project'));
    expect(stderr).toContain('@holdfast/onnx');
    expect(status).toBe(3);
    expect(startWith().status).toBe(2);
  });
});
