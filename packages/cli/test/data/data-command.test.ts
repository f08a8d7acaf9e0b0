import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'));
  writeFileSync(join(folder, 'people.csv'), 'name,age\nann,31\nbob,\n');
  const kwargs = { column: 'age' };
  const suite = { expectations: [{ type: 'expect_column_values_to_not_be_null', kwargs }] };
  writeFileSync(join(folder, 'suite.json'), JSON.stringify(suite));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  scene.remove();
});

describe('a check of data without a project', () => {
  test('tells what is wrong and where, and ends with 1', async () => {
    const { stdout, stderr, status } = await scene.type('holdfast data validate people.csv --suite suite.json', folder);
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
    expect(stdout).toBe(`✗ people.csv   data.validate: fail
  expectations 1 · met 0 · missed 1 · unanswered 0 · 2 rows

  ✗ expect_column_values_to_not_be_null of \`age\`: 1 of 2 values are unexpected:
    row 2 (age = nothing)
`);
  });

  test.each([
    ['people.csv', 'the option `suite` is missing'],
    ['people.csv --suite suite.json --rows many', '`--rows` takes a number, not `many`'],
    ['people.csv --suite suite.json --rows 5000', 'the option `rows` must be <= 1000'],
    ['people.csv --suite suite.json --parameters {', '`--parameters` takes JSON'],
    ['people.csv --suite suite.json --keys nobody', 'there is no column `nobody`, which `keys` names'],
    ['people.csv --suite people.csv', 'the suite is no JSON'],
  ])('%s is wrong usage', async (rest, message) => {
    const { stderr, status } = await scene.type(`holdfast data validate ${rest}`, folder);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/HF_CLI_USAGE|HF_DATA_OPTIONS|HF_DATA_SUITE/);
  });

  test('a first line that looks like data is never passed, and flags say what it is', async () => {
    writeFileSync(join(folder, 'iris.csv'), '5.1,3.5,setosa\n4.9,3.0,setosa\n4.7,3.2,virginica\n');
    const profile = async (flags: string): Promise<{ stdout: string; stderr: string; status: number | null }> =>
      scene.type(`holdfast data profile iris.csv ${flags}`.trim(), folder);
    const told = await profile('');
    expect(told.status).toBe(3);
    expect(told.stdout.replaceAll(/\s+/g, ' ')).toContain(
      '3 of its 3 cells are like the values below them; say `header: false`',
    );
    expect(await profile('--no-header')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('rows 3') as string,
    });
    expect(await profile('--header')).toMatchObject({ status: 0, stdout: expect.stringContaining('rows 2') as string });
    const both = await profile('--header --no-header');
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('say the opposite of each other')]);
    const names = await profile('--header --names a,b,c');
    expect([names.status, names.stderr]).toEqual([2, expect.stringContaining('HF_DATASET_OPTIONS')]);
  });

  test('of a file that is not there is exit 2', async () => {
    const { status } = await scene.type('holdfast data validate nothing.csv --suite suite.json', folder);
    expect(status).toBe(2);
  });
});

test('in a project the report is signed, and a value of what is confidential is not shown', async () => {
  const project = await scene.project();
  writeFileSync(join(project, 'people.csv'), 'name,age\nann,31\nbob,230\n');
  const expectation = { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'age', value_set: [31] } };
  writeFileSync(join(project, 'suite.json'), JSON.stringify({ expectations: [expectation] }));
  const declare = String.raw`sed -i 's/^artifacts:/artifacts:\n  people: { path: people.csv, kind: dataset, classification: confidential }/' holdfast.yaml`;
  await scene.type(declare, project);
  const { stdout, stderr, status } = await scene.type('holdfast data validate people --suite suite.json', project);
  expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  expect(stdout).toMatch(/signed by \w+, in the ledger at \d+/);
  expect(stdout).toContain('row 2');
  expect(stdout).not.toContain('230');
  const verified = await scene.type('holdfast ledger verify', project);
  expect(verified.status).toBe(0);
});
