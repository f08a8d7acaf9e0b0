import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { published } from '../../../data/test/anomaly/published-tables.ts';
import { Scene } from '../scene.ts';

/* People of a published table are found, classified and masked as proposed. No title of a test and no message of an assertion may hold
 * a value: only counts, and names of columns and files that we gave, are compared. */

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

type Rows = readonly (readonly string[])[];

/** The table has no quotes where it matters: what is read of it here are columns left of any. */
function rowsOf(path: string): { readonly header: readonly string[]; readonly rows: Rows } {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  return { header: header.split(','), rows: lines.map((line) => line.split(',')) };
}

const namesOf = ['name', 'first', 'last'] as const;

/** The same table with other names: what words are left of it are no names of these people. */
function renamed(from: string, to: string): void {
  const { header, rows } = rowsOf(from);
  const places = namesOf.map((name) => header.indexOf(name));
  const [first = '', last = ''] = ['zzada', 'zzexample'];
  const invented = [`${first} ${last}`, first, last];
  const lines = rows.map((row) =>
    row.map((cell, at) => (places.includes(at) ? (invented[places.indexOf(at)] ?? '') : cell)).join(','),
  );
  writeFileSync(to, `${[header.join(','), ...lines].join('\n')}\n`);
}

/** Every file of a folder as text in two encodings, and what is written in it as base64. */
function everything(folder: string, without: readonly string[]): string {
  const texts: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (without.includes(name) || !statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    const text = bytes.toString('utf8');
    texts.push(text, bytes.toString('utf16le'));
    for (const [encoded] of text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g))
      texts.push(Buffer.from(encoded, 'base64').toString('utf8'));
  }
  return texts.join('\n');
}

const wordsOf = (text: string): Set<string> =>
  new Set(text.toLowerCase().match(/(?<![\p{L}\p{N}])\p{L}+(?![\p{L}\p{N}])/gu));

/** Hashes and the like, whose letters are no words. */
const withoutHashes = (text: string): string => text.replaceAll(/[A-Za-z0-9+/=_-]{16,}/g, ' ');

const suite = JSON.stringify({
  name: 'people',
  expectations: namesOf.map((column) => ({
    type: 'expect_column_values_to_be_in_set',
    kwargs: { column, value_set: ['nobody'] },
  })),
});

/** What a person types who has got such a table, mistakes included; with what each ends. */
const typed: readonly (readonly [line: string, status: number])[] = [
  ['data pii people --json > pii.json', 0],
  ['data pii people', 0],
  ['data pii people --fail special', 1],
  ['data pii own/people.csv --samples 3', 2],
  ['data classify people --json', 1],
  ['data classify people', 1],
  ['data profile people --page profile.html --debug', 0],
  ['data validate people --suite suite.json', 1],
  ['data drift people --reference own/people.csv --columns sex,age --page drift.html', 0],
  ['data mask-plan people --personal-data pii.json --output plan.yaml', 0],
  ['data mask people --plan plan.yaml --output masked.csv', 2],
  ['data mask people --plan strict.yaml --key-file mask.key --output masked.csv', 1],
  ['data mask people --plan plan.yaml --key-file mask.key --output masked.csv --lineage lineage.json', 0],
  ['data pii masked.csv --json', 0],
  ['data anonymise people --quasi sex,age,race --sensitive two_year_recid --output safe.csv', 0],
  ['run', 1],
  ['status', 0],
  ['lineage people', 0],
  ['gate people --to production', 1],
  ['evidence list', 0],
];

/** Does all that in a project of its own; everything that was printed and written. */
async function typedWith(fill: (path: string) => void): Promise<{ folder: string; left: string }> {
  const folder = await scene.project();
  mkdirSync(join(folder, 'own'));
  fill(join(folder, 'own/people.csv'));
  writeFileSync(join(folder, 'suite.json'), suite);
  writeFileSync(join(folder, 'mask.key'), '00'.repeat(31) + 'a1', { mode: 0o600 });
  writeFileSync(
    join(folder, 'strict.yaml'),
    'version: 1\nothers: drop\ncolumns: { last: { method: period, to: year, onFailure: fail } }\n',
  );
  const declared = 'artifacts:\n  people: { path: own/people.csv, kind: dataset, classification: confidential }\n';
  const yaml = readFileSync(join(folder, 'holdfast.yaml'), 'utf8').replace('artifacts:\n', declared);
  const checked = '  people: [data.pii, data.classify, data.profile, { data.validate: { suite: suite.json } }]\n';
  writeFileSync(join(folder, 'holdfast.yaml'), yaml.replace('checks:\n', `checks:\n${checked}`));
  const said: string[] = [];
  const ends: (readonly [string, number])[] = [];
  for (const [line] of typed) {
    const { stdout, stderr, status } = await scene.type(`holdfast ${line}`, folder);
    said.push(stdout, stderr);
    ends.push([line, status]);
  }
  expect(ends).toEqual(typed);
  const { stdout } = await scene.type('holdfast evidence list --json', folder);
  const ids = new Set([...stdout.matchAll(/"id": ?"([0-9a-f]{64})"/g)].map(([, id]) => id ?? ''));
  expect(ids.size).toBeGreaterThan(15);
  const shown = await scene.type([...ids].map((id) => `holdfast evidence show ${id} --json`).join(' && '), folder);
  expect(shown.status).toBe(0);
  said.push(stdout, shown.stdout, shown.stderr);
  return { folder, left: [...said, everything(folder, ['own/people.csv', 'mask.key'])].join('\n') };
}

test('real people are found, classified and masked, and no name, day of birth or case of theirs is left anywhere', {
  timeout: 600_000,
}, async (context) => {
  const compas = published('compas-two-years.csv', (reason) => {
    context.skip(reason);
  });
  const { header, rows } = rowsOf(compas);
  const valuesOf = (name: string): string[] => {
    const at = header.indexOf(name);
    return [...new Set(rows.map((row) => row[at] ?? ''))].filter((value) => value !== '');
  };
  const { folder, left } = await typedWith((path) => {
    copyFileSync(compas, path);
  });

  // The masked table is a table of as many people, and what says who they are is gone or another.
  const masked = rowsOf(join(folder, 'masked.csv'));
  expect([masked.rows.length, masked.header.length]).toEqual([rows.length, header.length]);
  for (const column of ['name', 'first', 'last', 'dob', 'id', 'c_case_number', 'race']) {
    const at = masked.header.indexOf(column);
    const before = new Set(valuesOf(column));
    expect(before.size, column).toBeGreaterThan(5);
    expect(masked.rows.filter((row) => before.has(row[at] ?? '')).length, column).toBe(0);
  }

  // Whole values, wherever they stand.
  const lower = left.toLowerCase();
  for (const column of ['name', 'dob', 'c_case_number']) {
    const values = valuesOf(column).filter((value) => value.length >= 8);
    expect(values.length, column).toBeGreaterThan(5000);
    expect(values.filter((value) => lower.includes(value.toLowerCase())).length, column).toBe(0);
  }

  // Names of one word are words of a language, too: those that are left of the same table with other names in it are none.
  const control = await typedWith((path) => {
    renamed(compas, path);
  });
  const explained = wordsOf(control.left);
  const words = wordsOf(withoutHashes(left));
  for (const column of ['first', 'last']) {
    const values = valuesOf(column).map((value) => value.toLowerCase());
    expect(values.length, column).toBeGreaterThan(2000);
    const shown = values.filter((value) => value.length > 2 && words.has(value) && !explained.has(value));
    expect(shown.length, column).toBe(0);
  }
});
