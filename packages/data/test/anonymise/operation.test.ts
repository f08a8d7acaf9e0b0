import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv } from '../anomaly/anomaly-scene.ts';
import { anonymise, linesOf } from './anonymise-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anonymise-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let outputs = 0;
const fresh = (ending = 'csv'): string => join(folder, `out-${outputs++}.${ending}`);

/** Machanavajjhala et al., 2006, figure 1, without the nationality, and with names that nobody has. */
const patients = [
  ['name', 'zip', 'age', 'condition', 'weight'],
  ['p1', 13053, 28, 'heart', 61],
  ['p2', 13068, 29, 'heart', 62],
  ['p3', 13068, 21, 'viral', 63],
  ['p4', 13053, 23, 'viral', 64],
  ['p5', 14853, 50, 'cancer', 65],
  ['p6', 14853, 55, 'heart', 66],
  ['p7', 14850, 47, 'viral', 67],
  ['p8', 14850, 49, 'viral', 68],
  ['p9', 13053, 31, 'cancer', 69],
  ['p10', 13053, 37, 'cancer', 70],
  ['p11', 13068, 36, 'cancer', 71],
  ['p12', 13068, 35, 'cancer', 72],
];
const declared = 'zip: { mask: [1, 2] }\nage: { intervals: [[30, 40]] }\n';
const roles = { identifying: ['name'], quasi: ['zip', 'age'], sensitive: ['condition'] };

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a table of patients', () => {
  const table = (): string => csv(folder, 'patients.csv', patients);
  const hierarchies = (): string => written('hierarchies.yaml', declared);

  test('becomes the table of figure 2, which is 4-anonymous', async () => {
    const output = fresh();
    const report = await anonymise(table(), output, {
      options: { ...roles, k: 4, suppression: 0 },
      hierarchies: hierarchies(),
    });
    expect(linesOf(output)).toEqual([
      'zip,age,condition',
      ...Array.from({ length: 4 }, (_, at) => `130**,< 30,${['heart', 'heart', 'viral', 'viral'][at] ?? ''}`),
      ...['cancer', 'heart', 'viral', 'viral'].map((condition) => `148**,>= 40,${condition}`),
      ...Array.from({ length: 4 }, () => '130**,"[30, 40[",cancer'),
    ]);
    expect(report).toMatchObject({
      verdict: 'pass',
      metrics: {
        rows: 12,
        kept: 12,
        suppressed: 0,
        optimal: 1,
        smallest_class: 4,
        classes: 3,
        smallest_class_before: 1,
      },
    });
    expect(report.metrics).toMatchObject({ highest_risk_before: 1, highest_risk: 0.25, unique_share_before: 1 });
    expect(report.findings.map(({ where, message }) => `${where ?? ''}: ${message}`)).toEqual([
      'column name: left out: it is identifying',
      'column zip: generalised to level 2 of 3: 2 characters masked',
      'column age: generalised to level 1 of 2: 3 intervals',
      'column condition: kept as it is: it is sensitive',
      'column weight: left out: it has no role',
      ': 12 of 12 rows are recognised with a chance above 0.2: the highest is 0.25',
    ]);
  });

  test('is generalised further to be diverse, or close to the whole', async () => {
    const options = { ...roles, suppression: 0, k: 4 };
    const diverse = await anonymise(table(), fresh(), { options: { ...options, l: 3 }, hierarchies: hierarchies() });
    expect(diverse.metrics['distinct_values']).toBeGreaterThanOrEqual(3);
    const plain = await anonymise(table(), fresh(), { options, hierarchies: hierarchies() });
    expect(diverse.metrics['lost']).toBeGreaterThan(plain.metrics['lost'] ?? 1);
    const close = await anonymise(table(), fresh(), { options: { ...options, t: 0.2 }, hierarchies: hierarchies() });
    expect(close.metrics['distance']).toBeLessThanOrEqual(0.2);
    const order = `${declared}condition: { order: [viral, heart, cancer] }\n`;
    const ordered = { ...options, t: 0.3, distance: 'ordered' };
    const ranked = await anonymise(table(), fresh(), { options: ordered, hierarchies: written('order.yaml', order) });
    expect(ranked.metrics['distance']).toBeLessThanOrEqual(0.3);
    const groups = `${declared}condition: { tree: { chronic: [heart, cancer], acute: [viral] } }\n`;
    const far = { ...options, t: 0.3, distance: 'hierarchical' };
    const grouped = await anonymise(table(), fresh(), { options: far, hierarchies: written('groups.yaml', groups) });
    expect(grouped.metrics['distance']).toBeLessThanOrEqual(0.3);
  });

  test('loses rows rather than values, where it may', async () => {
    const output = fresh();
    const options = { ...roles, quasi: ['zip'], sensitive: [], insensitive: ['age'], k: 4, suppression: 0.34 };
    const report = await anonymise(table(), output, {
      options,
      hierarchies: written('coarse.yaml', 'zip: { mask: [4] }'),
    });
    expect(report.metrics).toMatchObject({ suppressed: 4, kept: 8, level_1: 0 });
    expect(
      linesOf(output)
        .slice(1)
        .every((line) => line.startsWith('130')),
    ).toBe(true);
    expect(report.findings.some(({ message }) => message.startsWith('4 of 12 rows were left out'))).toBe(true);
  });

  test('is written as Parquet with the types of what was not changed', async () => {
    const output = fresh('parquet');
    await anonymise(table(), output, {
      options: { ...roles, insensitive: ['weight'], k: 4 },
      hierarchies: hierarchies(),
    });
    const found = await openTable(output);
    expect(found.columns.map(({ name, type }) => [name, type])).toEqual([
      ['zip', 'text'],
      ['age', 'text'],
      ['condition', 'text'],
      ['weight', 'integer'],
    ]);
    await found.close();
  });

  test('takes hierarchies from a folder, one file a column', async () => {
    const many = join(folder, 'many');
    mkdirSync(many, { recursive: true });
    const zips = ['13053', '13068', '14853', '14850'];
    writeFileSync(join(many, 'zip.csv'), zips.map((zip) => `${zip};${zip.slice(0, 3)};*`).join('\n'));
    writeFileSync(join(many, 'hierarchies.yaml'), 'age: { file: ages.csv }\n');
    const ages = patients.slice(1).map(([, , age]) => Number(age));
    writeFileSync(
      join(many, 'ages.csv'),
      ages.map((age) => `${age};${age < 30 ? 'young' : age < 40 ? 'middle' : 'old'};*`).join('\n'),
    );
    const output = fresh();
    await anonymise(table(), output, { options: { ...roles, k: 4 }, hierarchies: many });
    expect(linesOf(output)[1]).toBe('130,young,heart');
  });

  test('is held against a population: the risk of a journalist', async () => {
    const people = [...patients, ...patients.slice(1), ['x', 13053, 29, '', '']];
    const population = csv(
      folder,
      'population.csv',
      people.map(([, zip, age]) => [zip, age]),
    );
    const options = { ...roles, k: 4, suppression: 0, populationSize: 25 };
    const report = await anonymise(table(), fresh(), { options, hierarchies: hierarchies(), population });
    // Of 25 people 9, 8 and 8 are like the 4 of each class.
    expect(report.metrics).toMatchObject({
      journalist_highest_risk: 1 / 8,
      journalist_highest_risk_before: 1 / 2,
      journalist_at_risk_share: 0,
      marketer_risk: expect.closeTo((4 / 9 + 4 / 8 + 4 / 8) / 12, 12) as number,
      population_uniques: 0,
    });
    const few = csv(
      folder,
      'few.csv',
      patients.slice(0, 6).map(([, zip, age]) => [zip, age]),
    );
    const strange = await anonymise(table(), fresh(), { options, hierarchies: hierarchies(), population: few });
    expect(strange.findings.some(({ rule }) => rule === 'data.anonymise.population')).toBe(true);
  });

  test('is told not to be known as the best where the search is cut', async () => {
    const options = { ...roles, k: 3, nodes: 3 };
    const report = await anonymise(table(), fresh(), { options, hierarchies: hierarchies() });
    expect(report).toMatchObject({ verdict: 'warn', metrics: { optimal: 0, visited: 3 } });
    expect(report.findings.find(({ rule }) => rule === 'data.anonymise.not-optimal')?.message).toMatch(
      /not known whether another loses less than .*; none loses less than/,
    );
    expect(report.metrics['lost_at_least']).toBeLessThanOrEqual(report.metrics['lost'] ?? 0);
  });
});

describe('what cannot be anonymised is refused, and nothing is written', () => {
  test.each([
    [{ ...roles, k: 13 }, 'HF_DATA_ANONYMITY', '`k` is 13, and the table has 12 rows'],
    [{ ...roles, l: 4, suppression: 0 }, 'HF_DATA_ANONYMITY', 'no way of generalising'],
    [{ ...roles, l: 4, nodes: 1 }, 'HF_DATA_ANONYMITY', 'among the 1 ways'],
    [{ ...roles, quasi: ['zip', 'nobody'] }, 'HF_DATA_OPTIONS', 'no column `nobody`'],
    [{ ...roles, quasi: ['zip', 'name'] }, 'HF_DATA_OPTIONS', '`name` has two roles'],
    [{ quasi: ['zip'], l: 2 }, 'HF_DATA_OPTIONS', 'none is named'],
    [{ ...roles, l: 2.5 }, 'HF_DATA_OPTIONS', 'whole number'],
    [{ ...roles, t: 0.2, distance: 'ordered' }, 'HF_DATA_OPTIONS', 'have no order'],
    [{ ...roles, k: 1 }, 'HF_DATA_OPTIONS', '`k` must be >= 2'],
    [{ identifying: ['name'] }, 'HF_DATA_OPTIONS', '`quasi` is missing'],
    [{ ...roles, hierarchies: 'nowhere.yaml' }, 'HF_DATA_ARTIFACT', 'there is no `nowhere.yaml`'],
    [{ ...roles, population: 'nowhere.csv' }, 'HF_DATA_ARTIFACT', 'there is no `nowhere.csv`'],
  ])('%j', async (options, code, message) => {
    const output = fresh();
    await expect(anonymise(csv(folder, 'patients.csv', patients), output, { options })).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining(message) as string },
    });
    expect(existsSync(output)).toBe(false);
  });

  test.each([
    ['zip: [1', 'neither YAML nor JSON'],
    ['zip: { mask: [1], dates: [year] }', 'declared in 2 ways'],
    ['zip: { file: nowhere.csv }', 'which is not there'],
    ['zip: { dates: [year] }', 'none'],
    ['zip: { tree: 5 }', '`zip.tree` must be object,array'],
    ['zip: { tree: { a: 5 } }', 'no tree of names'],
    ['zip: { masks: [1] }', '`masks` is not known'],
    ['condition: { order: [viral] }', 'lacks 2 of its 3 values'],
  ])('hierarchies such as %s', async (text, message) => {
    const options = { ...roles, t: 0.3, distance: 'ordered' };
    const refused = anonymise(csv(folder, 'patients.csv', patients), fresh(), {
      options,
      hierarchies: written('bad.yaml', text),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(message) as string });
  });

  test('a table without rows, or with values that are too long', async () => {
    const nothing = csv(folder, 'nothing.csv', [['a', 'b']]);
    await expect(anonymise(nothing, fresh(), { options: { quasi: ['a'] } })).rejects.toMatchObject({
      code: 'HF_DATA_ANONYMITY',
    });
    const long = csv(folder, 'long.csv', [
      ['a', 'b'],
      ...Array.from({ length: 10 }, (_, at) => ['x'.repeat(at === 3 ? 2 ** 20 : 3), at]),
    ]);
    await expect(anonymise(long, fresh(), { options: { quasi: ['a'] } })).rejects.toMatchObject({
      ...{
        code: 'HF_DATA_OPTIONS',
        message: expect.stringContaining('has 1 values of more than 1000 characters') as string,
      },
    });
  });

  test('a search that is stopped', async () => {
    const stopped = new AbortController();
    stopped.abort();
    const output = fresh();
    await expect(
      anonymise(csv(folder, 'patients.csv', patients), output, { options: roles, signal: stopped.signal }),
    ).rejects.toThrow();
    expect(existsSync(output)).toBe(false);
  });

  test('a file that is there', async () => {
    const output = written('there.csv', 'mine');
    await expect(anonymise(csv(folder, 'patients.csv', patients), output, { options: roles })).rejects.toMatchObject({
      code: 'HF_DATASET_EXISTS',
    });
    expect(readFileSync(output, 'utf8')).toBe('mine');
    const report = await anonymise(csv(folder, 'patients.csv', patients), output, { options: roles, isForced: true });
    expect(report.metrics['kept']).toBe(linesOf(output).length - 1);
  });
});

describe('odd values', () => {
  test('long ones of a column that is kept are kept; one value, missing ones and NaN are values', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => [
      at % 3 === 0 ? '' : 'nan',
      'same',
      `${'y'.repeat(2 ** 20)}${at % 2}`,
      at < 6 ? '' : 'z',
    ]);
    const path = csv(folder, 'odd.csv', [['x', 'one', 'note', 'some'], ...rows]);
    const output = fresh('parquet');
    const options = { quasi: ['x', 'one', 'some'], sensitive: ['note'], l: 2, k: 2 };
    const report = await anonymise(path, output, { options });
    expect(report.metrics).toMatchObject({ kept: 12, distinct_values: 2 });
    const found = await openTable(output);
    expect(await found.engine.rows(`SELECT min(length("note")) FROM ${found.relation}`)).toEqual([[2 ** 20 + 1]]);
    await found.close();
  });

  test('names of columns with quotes, and numbers with fractions', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => [at / 8, `v;"${at % 2}"`, `=cmd${at % 2}`]);
    const path = csv(folder, 'quotes.csv', [['a "b"', "c'd", 'e,f'], ...rows]);
    const output = fresh('jsonl');
    const report = await anonymise(path, output, { options: { quasi: ['a "b"', "c'd"], sensitive: ['e,f'], k: 5 } });
    expect(report.metrics['smallest_class']).toBeGreaterThanOrEqual(5);
    const first = JSON.parse(linesOf(output)[0] ?? '') as object;
    expect(Object.keys(first)).toEqual(['a "b"', "c'd", 'e,f']);
  });

  test('parts of a folder are one table', async () => {
    const parts = join(folder, 'parts');
    mkdirSync(parts);
    for (const part of [0, 1]) {
      csv(parts, `part-${part}.csv`, [
        ['age', 'town'],
        ...Array.from({ length: 6 }, (_, at) => [20 + at, part === 1 && at === 5 ? 'rare' : 'common']),
      ]);
    }
    const output = fresh();
    const report = await anonymise(parts, output, {
      options: { quasi: ['town'], insensitive: ['age'], k: 5, suppression: 0.1 },
    });
    expect(report.metrics).toMatchObject({ rows: 12, suppressed: 1 });
    expect(linesOf(output)).toHaveLength(12);
    expect(readFileSync(output, 'utf8')).not.toContain('rare');
    expect(readdirSync(parts)).toEqual(['part-0.csv', 'part-1.csv']);
  });
});
