import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const people = 'name,age\nann,31\nbob,\n"cy, jr",40\ndee,007\n';

function folderWithPeople(): string {
  const folder = scene.folder();
  writeFileSync(join(folder, 'people.csv'), people);
  return folder;
}

const quarantine = 'holdfast data quarantine people.csv --output kept.csv --set-aside aside.csv';

describe('rows that are named', () => {
  test('lie in one file, the others in another, and each in one of the two', async () => {
    const folder = folderWithPeople();
    const { stdout, stderr, status } = await scene.type(`${quarantine} --rows 2-3`, folder);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toBe(`✓ people.csv   data.quarantine: pass
  kept 2 · set aside 2 · 4 rows

    set aside: 2–3

  wrote kept.csv, aside.csv
  no evidence: this is no project (\`holdfast init\` makes one)
`);
    expect(readFileSync(join(folder, 'kept.csv'), 'utf8')).toBe('name,age\nann,31\ndee,007\n');
    expect(readFileSync(join(folder, 'aside.csv'), 'utf8')).toBe('name,age\nbob,\n"cy, jr",40\n');
  });

  test.each([
    ['--rows 5', 'HF_DATA_OPTIONS', 'there is no row `5`: the table has 4'],
    ['--rows 3-2', 'HF_DATA_OPTIONS', 'the range `3-2` goes backwards'],
    ['--rows 0', 'HF_DATA_OPTIONS', 'the option `rows.0` must match pattern'],
    ['', 'HF_DATA_SUSPECTS', 'no evidence says which rows of `people.csv` are suspect'],
    ['--rows 1 --suspects people.csv', 'HF_DATA_OPTIONS', 'one of them is enough'],
    ['--suspects people.csv', 'HF_DATA_SUSPECTS', 'is not what `data poison --json` prints'],
  ])('%s is refused, and nothing is written', async (rest, code, message) => {
    const folder = folderWithPeople();
    const { stderr, status } = await scene.type(`${quarantine} ${rest}`.trim(), folder);
    expect(status).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(stderr).toContain(code);
    expect(await scene.type('ls', folder)).toMatchObject({ stdout: 'people.csv\n' });
  });

  test('never take the place of a file that is there, or of the data', async () => {
    const folder = folderWithPeople();
    writeFileSync(join(folder, 'kept.csv'), 'mine');
    const there = await scene.type(`${quarantine} --rows 1`, folder);
    expect([there.status, there.stderr]).toEqual([2, expect.stringContaining('HF_CLI_EXISTS')]);
    const over = `holdfast data quarantine people.csv --output people.csv --set-aside aside.csv --rows 1 --force`;
    expect(await scene.type(over, folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('over the data') as string,
    });
    const twice = 'holdfast data quarantine people.csv --output aside.csv --set-aside aside.csv --rows 1';
    expect(await scene.type(twice, folder)).toMatchObject({ status: 2 });
    const without = await scene.type('holdfast data quarantine people.csv --output new.csv --rows 1', folder);
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining('`--set-aside` is missing')]);
    expect(await scene.type(`${quarantine} --rows 1 --force`, folder)).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'people.csv'), 'utf8')).toBe(people);
  });
});

test('in a project evidence links both files with the data, and status says which they are', async () => {
  const project = await scene.project();
  writeFileSync(join(project, 'people.csv'), people);
  const artifacts = ['people', 'kept', 'aside'].map((name) => `  ${name}: { path: ${name}.csv, kind: dataset }`);
  const yaml = readFileSync(join(project, 'holdfast.yaml'), 'utf8');
  writeFileSync(join(project, 'holdfast.yaml'), yaml.replace('artifacts:\n', `artifacts:\n${artifacts.join('\n')}\n`));
  const done = await scene.type(`${quarantine} --rows 2,4`, project);
  expect(done.status).toBe(0);
  expect(done.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /evidence [0-9a-f]{12}… links what was read and what was written, signed by builder/,
  );
  const { stdout: evidence } = await scene.type('holdfast evidence list', project);
  expect(evidence).toContain('run data.quarantine: kept.csv and 1 more');
  expect(evidence).toContain('sets 2 rows of people aside: aside.csv');
  const { stdout: status } = await scene.type('holdfast status', project);
  expect(status).toMatch(/✓ people +people.csv +2 rows set aside/);
  expect(status).toMatch(/✓ kept +kept.csv +2 of 4 rows of people kept/);
  expect(status).toMatch(/! aside +aside.csv +set aside from people/);
  const { stdout: lineage } = await scene.type('holdfast lineage aside', project);
  expect(lineage).toContain('✗ withdrawn by checker: 2 rows of people, set aside');
});
