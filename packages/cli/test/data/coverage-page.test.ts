import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  const made = folder;
  onTestFinished(() => {
    rmSync(made, { recursive: true });
  });
  writeFileSync(join(folder, 'people.csv'), 'sex,age\nf,31\nf,40\n<b>m,44\n');
  writeFileSync(join(folder, 'training.csv'), 'sex,age\nf,31\nm,40\n');
});
afterAll(() => {
  scene.remove();
});
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('holdfast data coverage --page', () => {
  test('writes a page of what is short, also where the check fails', async () => {
    const slices = `--slices '[{"columns":["sex"],"min":2}]' --ranges '{"age":[null,35,null]}' --min 1`;
    const { stdout, stderr, status } = await scene.type(
      `holdfast data coverage people.csv ${slices} --page p.html`,
      folder,
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
    expect(stdout).toContain('wrote p.html');
    expect(readdirSync(folder).sort()).toEqual(['p.html', 'people.csv', 'training.csv']);
    const page = read('p.html');
    expect(page).toContain('<title>people.csv: coverage</title>');
    expect(page).toContain('<span class="verdict fail">');
    expect(page).toContain('from 35 on: 2');
    expect(page).not.toContain('<b>m');
    const { stdout: sum } = await scene.type("sha256sum people.csv | cut -d' ' -f1", folder);
    expect(page).toContain(`sha256:${sum.trim()}`);
  });

  test('names what it wrote as JSON, and the reference with its digest on the page', async () => {
    const line = 'holdfast data coverage people.csv --reference training.csv --min-covered 0 --page p.html --json';
    const { stdout } = await scene.type(line, folder);
    expect(JSON.parse(stdout)).toMatchObject({
      result: { written: ['p.html'], report: { metrics: { covered: 0.5 } } },
    });
    const { stdout: sum } = await scene.type("sha256sum training.csv | cut -d' ' -f1", folder);
    expect(read('p.html')).toContain(`training.csv sha256:${sum.trim()}`);
  });

  test.each(['people.csv', 'training.csv'])('over %s is refused, and everything is as it was', async (name) => {
    const before = read(name);
    const line = `holdfast data coverage people.csv --reference training.csv --page ${name}`;
    const { stderr, status } = await scene.type(line, folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('it would be written over the data')]);
    expect(read(name)).toBe(before);
  });

  test('is not written where nothing was found out', async () => {
    writeFileSync(join(folder, 'broken.parquet'), 'PAR1 and nothing more');
    const line = 'holdfast data coverage broken.parquet --ranges \'{"age":[0,1]}\' --page p.html';
    const { status } = await scene.type(line, folder);
    expect(status).not.toBe(0);
    expect(readdirSync(folder)).not.toContain('p.html');
  });

  test('of a reference that cannot be read, or is not there, is an error with a code', async () => {
    writeFileSync(join(folder, 'broken.parquet'), 'PAR1 and nothing more');
    const of = async (name: string): Promise<unknown> => {
      const { stdout, stderr, status } = await scene.type(
        `holdfast data coverage people.csv --reference ${name} --json`,
        folder,
      );
      expect(status).not.toBe(0);
      return `${stdout}${stderr}`;
    };
    expect(await of('broken.parquet')).toMatch(/HF_DATASET_\w+|the check failed/);
    expect(await of('gone.csv')).toMatch(/HF_\w+/);
  });
});
