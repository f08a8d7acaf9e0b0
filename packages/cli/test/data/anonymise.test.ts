import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const shared = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');
const examples = join(import.meta.dirname, '../../../../examples');

/** A published table in the folder; `skip` is called where it is not at hand. */
function published(name: string, folder: string, skip: (reason: string) => void): void {
  const path = join(shared, name);
  if (existsSync(path)) copyFileSync(path, join(folder, name));
  else if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
  else skip(`needs ${name}; say where it is with HOLDFAST_ADULT_DATA`);
}

/** Rows that are alike in the first columns of a CSV file, at least. */
function leastAlike(text: string, columns: number): number {
  const groups = Map.groupBy(text.trimEnd().split('\n').slice(1), (line) =>
    (line.match(/"[^"]*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? []).slice(0, columns).join('|'),
  );
  return Math.min(...[...groups.values()].map((rows) => rows.length));
}

const names =
  'age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship,race,sex,capital-gain,capital-loss,hours-per-week,native-country,income';

test('the census is anonymised without loss of more than has to be', { timeout: 120_000 }, async ({ skip }) => {
  const folder = scene.folder();
  published('adult-train.csv', folder, skip);
  copyFileSync(join(examples, 'census/hierarchies.yaml'), join(folder, 'hierarchies.yaml'));
  const { stdout, stderr, status } = await scene.type(
    `holdfast data anonymise adult-train.csv --names ${names} --missing ? --trim --quasi age,sex,race,education,marital-status --sensitive income --hierarchies hierarchies.yaml --k 10 --l 2 --output safe.csv --json`,
    folder,
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const { result } = JSON.parse(stdout) as { result: { metrics: Record<string, number>; written: string[] } };
  expect(result.written).toEqual(['safe.csv']);
  expect(result.metrics).toMatchObject({ rows: 32_561, optimal: 1, distinct_values: 2 });
  const text = readFileSync(join(folder, 'safe.csv'), 'utf8');
  expect(text.split('\n')[0]).toBe('age,education,marital-status,race,sex,income');
  expect(leastAlike(text, 5)).toBeGreaterThanOrEqual(10);
  expect(text.trimEnd().split('\n')).toHaveLength(1 + (result.metrics['kept'] ?? 0));
});

test('people of public records are nowhere in what is written or said', { timeout: 120_000 }, async ({ skip }) => {
  const folder = scene.folder();
  published('compas-two-years.csv', folder, skip);
  const identifying = 'id,name,first,last,c_case_number,r_case_number,vr_case_number';
  const { stdout, stderr, status } = await scene.type(
    `holdfast data anonymise compas-two-years.csv --identifying ${identifying} --quasi dob,sex,race --sensitive score_text --insensitive two_year_recid --k 10 --suppression 0.02 --t 0.4 --output safe.csv --json`,
    folder,
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const { result } = JSON.parse(stdout) as { result: { metrics: Record<string, number> } };
  expect(result.metrics['smallest_class']).toBeGreaterThanOrEqual(10);
  expect(result.metrics['highest_risk_before']).toBe(1);
  const safe = readFileSync(join(folder, 'safe.csv'), 'utf8');
  expect(leastAlike(safe, 3)).toBeGreaterThanOrEqual(10);
  const people = readFileSync(join(folder, 'compas-two-years.csv'), 'utf8').split('\n').slice(1, 400);
  for (const text of [safe, stdout]) {
    const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}-]+/u));
    // A name, a day of birth and a number of a case of each; how many are found, not which.
    const found = people.filter((line) => {
      const [, name = '', , , , , born = ''] = line.split(',');
      return text.toLowerCase().includes(name.toLowerCase()) || words.has(born);
    });
    expect(found.length).toBe(0);
  }
});

test('in a project the evidence links both tables, and says what was done to what', { timeout: 120_000 }, async () => {
  const project = await scene.project();
  const rows = Array.from(
    { length: 60 },
    (_, at) => `person ${at},${20 + (at % 30)},${at % 7 === 0 ? 'rare' : 'common'}`,
  );
  writeFileSync(join(project, 'people.csv'), `name,age,illness\n${rows.join('\n')}\n`);
  const command =
    'holdfast data anonymise people.csv --identifying name --quasi age --sensitive illness --output safe.csv';
  const { stdout, stderr, status } = await scene.type(command, project);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/data\.anonymise: pass\n {2}smallest class \d+ · suppressed \d+/);
  expect(stdout).toContain('column name: left out: it is identifying');
  expect(stdout).toMatch(/evidence \w+… links what was read and what was written/);
  const shown = await scene.type('holdfast lineage safe.csv', project);
  expect(shown.stdout).toContain('people.csv');
  expect((await scene.type('holdfast ledger verify', project)).status).toBe(0);
  const again = await scene.type(command, project);
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('HF_CLI_EXISTS')]);
});

test.each([
  ['people.csv --output safe.csv', 'the option `quasi` is missing', 2],
  ['people.csv --quasi age', '`--output` is missing', 2],
  ['people.csv --quasi age --output safe.xls', 'ends in none of', 2],
  ['people.csv --quasi age --output people.csv --force', 'written over the data', 2],
  ['people.csv --quasi age --k 50 --output safe.csv', '`k` is 50, and the table has 2 rows', 1],
])('%s is refused', async (rest, message, expected) => {
  const folder = scene.folder();
  writeFileSync(join(folder, 'people.csv'), 'name,age\nann,31\nbob,32\n');
  const { stderr, status } = await scene.type(`holdfast data anonymise ${rest}`, folder);
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  expect(status).toBe(expected);
  expect(existsSync(join(folder, 'safe.csv'))).toBe(false);
});
