import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
let folder: string;
const table = 'name,age\nann,31\nbob,\n<b>eve</b>,44\n';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const made = folder;
  onTestFinished(() => {
    rmSync(made, { recursive: true });
  });
  writeFileSync(join(folder, 'people.csv'), table);
});
afterAll(() => {
  scene.remove();
});
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('holdfast data profile', () => {
  test('writes the page and the metadata that it is asked for, and nothing else', async () => {
    const line = 'holdfast data profile people.csv --page people.html --croissant people.json';
    const { stdout, stderr, status } = await scene.type(line, folder);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain('wrote people.html, people.json');
    expect(readdirSync(folder).sort()).toEqual(['people.csv', 'people.html', 'people.json']);
    const page = read('people.html');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<title>people.csv: profile</title>');
    expect(page).not.toContain('<b>eve');
    // sha256sum of the table, by coreutils
    const { stdout: sum } = await scene.type("sha256sum people.csv | cut -d' ' -f1", folder);
    expect(JSON.parse(read('people.json'))).toMatchObject({
      conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
      name: 'people.csv',
      distribution: [{ '@id': 'people.csv', contentSize: `${table.length} B`, sha256: sum.trim() }],
      recordSet: [{ field: [{ name: 'name' }, { name: 'age' }] }],
    });
    expect(page).toContain(sum.trim());
  });

  test('names what it wrote as JSON', async () => {
    const { stdout } = await scene.type('holdfast data profile people.csv --page p.html --json', folder);
    expect(JSON.parse(stdout)).toMatchObject({ exit: 0, result: { artifact: 'people.csv', written: ['p.html'] } });
    expect(stdout).not.toContain(folder);
  });

  test.each([
    ['people.csv --page people.csv', 'it would be written over the data'],
    ['people.csv --page link.csv', 'it would be written over the data'],
    ['parts --croissant parts/new.json', 'it would be written over the data'],
    ['people.csv --page a.html --croissant ./a.html', 'two files cannot lie in one place'],
  ])('of %s is refused, and everything is as it was', async (rest, message) => {
    symlinkSync('people.csv', join(folder, 'link.csv'));
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts', '1.csv'), table);
    const { stderr, status } = await scene.type(`holdfast data profile ${rest}`, folder);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder).sort()).toEqual(['link.csv', 'parts', 'people.csv']);
    expect([read('people.csv'), readdirSync(join(folder, 'parts'))]).toEqual([table, ['1.csv']]);
  });

  test('into a folder that is not there is exit 3, and leaves no half of it', async () => {
    const { stderr, status } = await scene.type('holdfast data profile people.csv --page nowhere/p.html', folder);
    expect(status).toBe(3);
    expect(stderr).toContain('nowhere');
    expect(readdirSync(folder)).toEqual(['people.csv']);
  });
});

test('in a project the page says what is declared, and shows no value of what is confidential', async () => {
  const project = await scene.project();
  writeFileSync(join(project, 'people.csv'), 'name,age\nzoltan,31\nbob,987654\n');
  const declare = String.raw`sed -i 's/^artifacts:/artifacts:\n  people: { path: people.csv, kind: dataset, source: bureau, classification: confidential }/' holdfast.yaml
cat >> holdfast.yaml <<'END'
sources:
  bureau: { uri: "https://data.example/people.csv?token=s3cr3t", license: CC-BY-4.0, consent: form 7, retention: 2y }
END`;
  await scene.type(declare, project);
  const over = await scene.type('holdfast data profile people --page people.csv', project);
  expect([over.status, over.stderr]).toEqual([2, expect.stringContaining('written over the data')]);
  const { stdout, stderr, status } = await scene.type(
    'holdfast data profile people --page p.html --croissant p.json',
    project,
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/signed by \w+, in the ledger at \d+\n\n {2}wrote p\.html, p\.json/);
  const [page, metadata] = ['p.html', 'p.json'].map((name) => readFileSync(join(project, name), 'utf8'));
  for (const said of ['CC-BY-4.0', 'form 7', '730 days', 'confidential', 'https://data.example/people.csv'])
    expect(page, said).toContain(said);
  expect(`${page ?? ''}${metadata ?? ''}`).not.toMatch(/s3cr3t|zoltan|987654/);
  expect(JSON.parse(metadata ?? '')).toMatchObject({ license: 'CC-BY-4.0', name: 'people' });
});

describe('holdfast data drift', () => {
  const lines = (from: number): string => Array.from({ length: 60 }, (_, at) => `${from + at}\n`).join('');

  test('writes the page of what changed, and names it', async () => {
    writeFileSync(join(folder, 'old.csv'), `<i>n</i>\n${lines(0)}`);
    writeFileSync(join(folder, 'new.csv'), `<i>n</i>\n${lines(40)}`);
    const line = 'holdfast data drift new.csv --reference old.csv --page drift.html';
    const { stdout, stderr, status } = await scene.type(line, folder);
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
    expect(stdout).toContain('wrote drift.html');
    const page = read('drift.html');
    expect(page).toContain('<title>new.csv: drift</title>');
    expect(page).toContain('held against <bdi>old.csv</bdi>');
    expect(page).toContain('&lt;i&gt;n&lt;/i&gt;');
    expect(page).not.toContain('<i>n');
    const { stdout: sums } = await scene.type("sha256sum new.csv old.csv | cut -d' ' -f1", folder);
    for (const sum of sums.trim().split('\n')) expect(page).toContain(sum);
  });

  test.each(['new.csv', 'old.csv'])('is not written over %s', async (name) => {
    for (const table of ['old.csv', 'new.csv']) writeFileSync(join(folder, table), `n\n${lines(0)}`);
    const line = `holdfast data drift new.csv --reference old.csv --page ${name}`;
    const { stderr, status } = await scene.type(line, folder);
    expect(status).toBe(2);
    expect(stderr).toContain('it would be written over the data');
    expect(read(name)).toBe(`n\n${lines(0)}`);
  });

  test('of a reference that is not there, or says nothing that can be read, is an error and no page', async () => {
    for (const [reference, exit] of [
      ['nothing.csv', 2],
      ['empty.parquet', 3],
    ] as const) {
      writeFileSync(join(folder, 'empty.parquet'), 'PAR1');
      const { status } = await scene.type(
        `holdfast data drift people.csv --reference ${reference} --page p.html`,
        folder,
      );
      expect(status).toBe(exit);
      expect(readdirSync(folder)).not.toContain('p.html');
    }
  });
});
