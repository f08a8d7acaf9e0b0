import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileOf, withoutValues } from '@holdfast/data';
import { type ArtifactReader, datasetProfileSchema, digestArtifact } from '@holdfast/evidence';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, test } from 'vitest';
import { profileCheckRun } from '../../src/profile/profile-check.ts';
import { columnNamed, profileOfText, withTables } from './scene.ts';

const head = 'id,amount,city,day,note';
const random = randomOf('profile');
const rows = Array.from({ length: 300 }, (_, at) => {
  const day = String(1 + (at % 28)).padStart(2, '0');
  const city = ['Oslo', 'Bergen', ''][Math.floor(random.uniform() * 3)] ?? '';
  return `${at + 0.5},${(random.uniform() * 100 - 20).toFixed(3)},${city},2024-02-${day},note ${at % 7}`;
});

describe('a profile', () => {
  test('of parts is that of the whole, to the last bit', async () => {
    const whole = await profileOfText([head, ...rows].join('\n'));
    const cut = (from: number, to?: number): string => [head, ...rows.slice(from, to)].join('\n');
    expect(await profileOfText([cut(0, 100), cut(100, 101), cut(101)])).toEqual(whole);
    expect(datasetProfileSchema.parse(whole)).toEqual(whole);
  });

  test('says in its digest what rows there are, in what order, whatever the file calls their types', async () => {
    const digest = async (text: string, options = {}): Promise<string | undefined> =>
      (await profileOfText(text, options)).digest?.root;
    const one = await digest('a,b\n1,x\n2,\n');
    // 1:1,1:x and 1:2,- as leaves
    const leaf = (row: string): Buffer => createHash('sha256').update(`\u0000${row}`).digest();
    const root = createHash('sha256').update('\u0001').update(leaf('1:1,1:x')).update(leaf('1:2,-')).digest('hex');
    expect(one).toBe(root);
    expect(await digest('a;b\n"1";"x"\n2;""\n', { separator: ';' })).toBe(root);
    expect(await digest('a,b\n2,\n1,x\n')).not.toBe(root);
    expect(await digest('a,b\n1,\n2,x\n')).not.toBe(root);
    // 1 and 2.5 are numbers: the whole one is written as one
    expect(await digest('a\n1.0\n2.5\n')).toBe(
      createHash('sha256').update('\u0001').update(leaf('1:1')).update(leaf('3:2.5')).digest('hex'),
    );
  });

  test('of an empty table, of no values, of one row says so, and keeps to its schema', async () => {
    for (const text of ['a,b\n', 'a,b\n,\n,\n', 'a,b\n1,x\n']) {
      const profile = await profileOfText(text);
      expect(datasetProfileSchema.safeParse(profile).error).toBeUndefined();
      expect(profile.columns.map(({ present, missing }) => present + missing)).toEqual([profile.rows, profile.rows]);
    }
  });

  test('counts infinite values and leaves them out of what is finite', async () => {
    const profile = await profileOfText('x\n1\n3\ninf\n-inf\nnan\n');
    const x = columnNamed(profile, 'x');
    expect([x.present, x.missing]).toEqual([4, 1]);
    expect(x.numbers).toMatchObject({ infinite: 2, mean: 2, least: 1, greatest: 3 });
    expect(datasetProfileSchema.safeParse(profile).success).toBe(true);
  });

  test('of numbers at the ends of float64 is finite', async () => {
    const profile = await profileOfText('x,y\n1.7e308,5e-324\n-1.7e308,1e-323\n1e300,0\n2.5,1\n');
    expect(datasetProfileSchema.safeParse(profile).error).toBeUndefined();
    expect(columnNamed(profile, 'x').numbers?.quantiles?.find(({ probability }) => probability === 0.5)?.value).toBe(
      5e299,
    );
  });

  test('counts rows that are equal to an earlier one', async () => {
    const twice = Array.from({ length: 5000 }, (_, at) => `${at % 1700},a`);
    expect((await profileOfText(['a,b', ...twice].join('\n'))).duplicates).toBe(3300);
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    stop.abort(reason);
    await withTables(['a\n1\n'], async (tables) => {
      await expect(profileOf(tables, {}, { signal: stop.signal })).rejects.toBe(reason);
    });
  });
});

test('what is confidential leaves no value of a row behind', async () => {
  const text = [head, ...rows.slice(0, 30), '77777.5,-55555.125,Secretville,1961-07-04,top secret words here'].join(
    '\n',
  );
  const shown = JSON.stringify(await profileOfText(text));
  const hidden = JSON.stringify(await profileOfText(text, { values: false }));
  for (const value of ['77777.5', '-55555.125', 'Secretville', '1961', 'secret words']) {
    expect(shown).toContain(value);
    expect(hidden).not.toContain(value);
  }
  const few = withoutValues(await profileOfText('x\n1.5\n2.5\n'));
  expect(few.columns[0]?.numbers?.quantiles).toEqual([]);
});

describe('the check', () => {
  const context = { signal: new AbortController().signal, inputs: {}, progress: () => undefined };
  const check = async (text: string, options: object = {}, more: Partial<ArtifactReader> = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'profile-'));
    const path = join(folder, 'table.csv');
    writeFileSync(path, text);
    const { digests } = await digestArtifact(path);
    const artifact: ArtifactReader = {
      ...{ name: 'table', kind: 'dataset', path, digest: { ...digests }, ...more },
      files: [{ name: 'table.csv', size: text.length, sha256: digests.sha256 }],
      read: () => Promise.reject(new Error('not read')),
    };
    try {
      return await profileCheckRun.run(artifact, options, context);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const rulesOf = async (text: string, options: object = {}): Promise<string[]> =>
    (await check(text, options)).findings.map(({ rule, where = '' }) =>
      `${rule.replace('data.profile.', '')} ${where}`.trim(),
    );
  const column = (value: (at: number) => string | number): string =>
    ['x,id', ...Array.from({ length: 200 }, (_, at) => `${value(at)},${at % 150}`)].join('\n');

  test('passes what it read, and remarks on what is odd', async () => {
    expect(await check('a,b\n1,x\n2,y\n')).toMatchObject({
      verdict: 'pass',
      metrics: { rows: 2, columns: 2, missing: 0 },
    });
    expect(await rulesOf(column((at) => (at % 10 === 0 ? 'n/a' : at)))).toContain('mixed column x');
    expect(await rulesOf(column(() => 'same'))).toContain('constant column x');
    expect(await rulesOf(column(() => ''))).toContain('empty column x');
    expect(await rulesOf(column((at) => (at < 20 ? at : '')))).toContain('mostly-null column x');
    expect(await rulesOf(column((at) => (at === 7 ? 'inf' : at / 2)))).toContain('infinite column x');
    expect(await rulesOf(column((at) => (at === 7 ? 'b' : 'a')))).toContain('imbalanced column x');
    expect(
      await rulesOf(column((at) => `word${'abcdefghijklmnopqrstuvwxyz'[at % 26] ?? ''}${'xyz'[at % 3] ?? ''}`)),
    ).toContain('high-cardinality column x');
    expect(await rulesOf(column((at) => `KX-${at}`))).toContain('identifier column x');
    expect(await rulesOf(column((at) => (at < 150 ? 0 : at)))).toContain('zeros column x');
    expect(await rulesOf(column((at) => at % 150))).toContain('correlated column id');
    expect(await rulesOf(column(() => 1))).toContain('duplicate-rows');
    const far = ['x,y', ...Array.from({ length: 2000 }, (_, at) => `${at === 5 ? 1e9 : at % 9},${at}`)].join('\n');
    expect(await rulesOf(far)).toContain('skewed column x');
    const plain = ['x,y', ...Array.from({ length: 40 }, (_, at) => `${(at * 7) % 11},${(at * 5) % 13}`)].join('\n');
    expect(await rulesOf(plain)).toEqual([]);
  });

  test('has small pictures, none of values that are not to be shown', async () => {
    const text = [head, ...rows].join('\n');
    const { figures = [] } = await check(text);
    expect(figures.length).toBeGreaterThan(4);
    expect(JSON.stringify(figures).length).toBeLessThan(30_000);
    const wide = Array.from({ length: 40 }, (_, at) => `c${at}`).join(',');
    const many = [
      wide,
      ...Array.from({ length: 9 }, (_, at) => Array.from({ length: 40 }, (__, of) => at * of).join(',')),
    ].join('\n');
    expect((await check(many)).figures?.length).toBe(32);
    const hidden = await check(text, {}, { classification: 'restricted' });
    expect(JSON.stringify(hidden)).not.toContain('Oslo');
    expect(hidden.statements?.[0]?.predicate['values']).toBe('left-out');
    expect(JSON.stringify(await check(text, {}, { classification: 'internal' }))).toContain('Oslo');
  });

  test('refuses options that it does not know', async () => {
    for (const options of [{ tops: 3 }, { top: 33 }, { top: 'many' }]) {
      await expect(check('a\n1\n', options)).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS' });
    }
  });
});
