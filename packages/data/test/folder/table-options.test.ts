import { join } from 'node:path';
import { dataChecks } from '@holdfast/data/check';
import { describe, expect, test } from 'vitest';
import { tableProperties } from '../../src/table-options.ts';
import { folderOf, reportOf, verdictOf } from './folder-scene.ts';

const fixtures = join(import.meta.dirname, '../../../dataset/test');
const fixture = (name: string): string => join(fixtures, name);
const file = (content: string | Uint8Array, name = 'table.csv'): string => join(folderOf({ [name]: content }), name);
const code = (name: string, message = ''): unknown =>
  expect.objectContaining({ code: name, message: expect.stringContaining(message) as string });
const suite = file('{"expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "x"}}]}', 'suite.json');

/** Every check with the least that it is asked for. */
const asked = (path: string): readonly (readonly [string, Record<string, unknown>])[] => [
  ['data.profile', {}],
  ['data.validate', { suite }],
  ['data.anomaly', {}],
  ['data.coverage', { slices: [{ columns: ['x'], min: 0 }] }],
  ['data.drift', { reference: path }],
  ['data.suggest', {}],
];

describe('a file whose first line looks like data', () => {
  const path = file('1,2\n3,4\n5,7\n');

  test('is never passed: the report of every check says so, and the option ends it', async () => {
    const second = file('x,y\n1,2\n2,4\n');
    for (const [check, options] of asked(path)) {
      const reading = check === 'data.coverage' ? { slices: [{ columns: ['1'], min: 0 }] } : options;
      const { coverage, verdict } = await reportOf(check, path, reading);
      expect(coverage.left.join()).toMatch(/looks like data.*`header: false` \(`--no-header`\)/);
      if (verdict !== 'fail') expect(await verdictOf(check, path, reading)).toBe('unknown');
      for (const read of [{ header: true }, { header: false }]) {
        const names = check === 'data.coverage' && !read.header ? { slices: [{ columns: ['0'], min: 0 }] } : {};
        expect((await reportOf(check, path, { ...reading, ...read, ...names })).coverage.left).toEqual([]);
      }
    }
    const { coverage } = await reportOf('data.anomaly', second, { against: path });
    expect(coverage.left.join()).toContain('looks like data');
  });

  test('has its rows where they are said to be rows', async () => {
    expect((await reportOf('data.profile', path)).metrics['rows']).toBe(2);
    expect((await reportOf('data.profile', path, { header: false })).metrics['rows']).toBe(3);
    expect((await reportOf('data.profile', path, { names: ['x', 'y'] })).metrics['rows']).toBe(3);
  });
});

describe('options of how a table lies in its file', () => {
  test('are all options of every check, and described', () => {
    for (const { name, options } of dataChecks) {
      const { properties } = options as { properties: Record<string, { description?: string }> };
      for (const option of Object.keys(tableProperties)) {
        expect(`${name} ${option} ${properties[option]?.description ?? ''}`).toMatch(/\S \S+ \S.{9,}/);
      }
    }
  });

  test('encoding', async () => {
    const path = file(Buffer.from('x,y\né,1\nà,2\n', 'latin1'));
    expect((await reportOf('data.profile', path)).coverage.left).toHaveLength(2);
    expect(await verdictOf('data.profile', path, { encoding: 'latin-1' })).toBe('pass');
    await expect(reportOf('data.profile', path, { encoding: 'ebcdic' })).rejects.toEqual(
      code('HF_DATA_OPTIONS', 'utf-8, utf-16, latin-1'),
    );
  });

  test('format', async () => {
    const path = file('x,y\na,1\n', 'table.txt');
    await expect(reportOf('data.profile', path)).rejects.toEqual(code('HF_DATASET_FORMAT'));
    for (const [check, options] of asked(path)) {
      expect((await reportOf(check, path, { ...options, format: 'csv' })).coverage.examined).toBe(1);
    }
  });

  test('labels, of the second table too', async () => {
    const [images, labels] = [fixture('fixtures/images.idx3-ubyte'), fixture('fixtures/labels.idx1-ubyte')];
    const plain = await reportOf('data.profile', images);
    for (const [check, given] of asked(images)) {
      const slices = [{ columns: ['label'], min: 1 }];
      const second = check === 'data.drift' ? { referenceLabels: labels } : {};
      const options = { ...given, ...second, ...(check === 'data.coverage' ? { slices } : {}), labels };
      expect((await reportOf(check, images, options)).coverage).toMatchObject({ examined: 2, left: [] });
    }
    const { metrics } = await reportOf('data.profile', images, { labels });
    expect(metrics['columns']).toBe((plain.metrics['columns'] ?? 0) + 1);
    const reference = { reference: images, slices: [{ columns: ['label'], min: 1 }] };
    const both = { ...reference, labels, referenceLabels: labels };
    expect((await reportOf('data.coverage', images, both)).metrics['least_rows']).toBe(1);
  });

  test('labels of one table of two, of none, of several files, that are not there', async () => {
    const [images, labels] = [fixture('fixtures/images.idx3-ubyte'), fixture('fixtures/labels.idx1-ubyte')];
    const refused = async (check: string, options: object, path = images): Promise<unknown> =>
      reportOf(check, path, { ...options }).catch((error: unknown) => error);
    const together = code('HF_DATA_OPTIONS', 'go together');
    expect(await refused('data.drift', { reference: images, labels })).toEqual(together);
    expect(await refused('data.drift', { reference: images, referenceLabels: labels })).toEqual(together);
    expect(await refused('data.anomaly', { against: images, labels })).toEqual(together);
    const without = code('HF_DATA_OPTIONS', '`againstLabels` has no meaning without `against`');
    expect(await refused('data.anomaly', { againstLabels: labels })).toEqual(without);
    const folder = folderOf({ 'a.npy': 'x', 'b.npy': 'y' });
    expect(await refused('data.profile', { labels: folder })).toEqual(code('HF_DATA_OPTIONS', 'is one file'));
    expect(await refused('data.profile', { labels: 7 })).toEqual(code('HF_DATA_OPTIONS', 'must be string'));
  });

  test('statistics', async () => {
    const path = fixture('table/fixtures/groups.parquet');
    for (const statistics of ['verified', 'believed']) {
      expect((await reportOf('data.profile', path, { statistics })).coverage.left).toEqual([]);
    }
    await expect(reportOf('data.profile', path, { statistics: 'checked' })).rejects.toEqual(code('HF_DATA_OPTIONS'));
  });

  test.each([
    ['separator', ';', 'parquet'],
    ['encoding', 'latin-1', 'parquet'],
    ['header', false, 'parquet'],
    ['names', ['a'], 'parquet'],
    ['missing', ['?'], 'parquet'],
    ['trim', true, 'parquet'],
    ['labels', fixture('fixtures/labels.npy'), 'parquet'],
    ['statistics', 'believed', 'csv'],
    ['labels', fixture('fixtures/labels.npy'), 'csv'],
  ])('%s: %j has no meaning for %s, which is said', async (option, value, format) => {
    const path = format === 'csv' ? file('x\na\n') : fixture('table/fixtures/groups.parquet');
    await expect(reportOf('data.profile', path, { [option]: value })).rejects.toEqual(
      code('HF_DATASET_OPTIONS', `\`${option}\` has no meaning for \`${format}\``),
    );
  });
});

test.each([
  ...[{ format: 'csv' }, { names: ['a'] }, { header: true }, { separator: ';' }, { encoding: 'utf-8' }],
  ...[{ missing: ['?'] }, { trim: true }, { labels: suite }, { statistics: 'believed' }],
])('%j is about files, not about tables of a database', async (options) => {
  const path = file('postgres: {}', 'orders.table.yaml');
  await expect(reportOf('data.profile', path, options)).rejects.toEqual(
    code('HF_DATA_OPTIONS', `\`${Object.keys(options)[0] ?? ''}\` is about files`),
  );
});

describe('a suite that was written with the names of pandas', () => {
  test('finds the columns of a file whose names are there twice or are none', async () => {
    const path = file('a,a,,b \n1,5,x,p\n2,6,y,q\n');
    const expectation = (type: string, kwargs: object): object => ({ type: `expect_${type}`, kwargs });
    const expectations = [
      expectation('table_columns_to_match_ordered_list', { column_list: ['a', 'a.1', 'Unnamed: 2', 'b '] }),
      expectation('column_values_to_be_between', { column: 'a', min_value: 1, max_value: 2 }),
      expectation('column_values_to_be_between', { column: 'a.1', min_value: 5, max_value: 6 }),
      expectation('column_values_to_be_in_set', { column: 'Unnamed: 2', value_set: ['x', 'y'] }),
      expectation('column_values_to_be_in_set', { column: 'b ', value_set: ['p', 'q'] }),
    ];
    const pandas = file(JSON.stringify({ expectations }), 'suite.json');
    const { metrics, findings } = await reportOf('data.validate', path, { suite: pandas });
    expect([metrics['met'], findings]).toEqual([expectations.length, []]);
    const told = (await reportOf('data.profile', path)).findings.filter(({ rule }) => rule === 'data.profile.defect');
    expect(told.map(({ message }) => message)).toEqual([
      'the name `a` is there more than once: column 2 is called `a.1`',
      'column 3 has no name: it is called `Unnamed: 2`',
      'the blanks around the name `b ` belong to it; `trim: true` takes them off',
    ]);
  });
});
