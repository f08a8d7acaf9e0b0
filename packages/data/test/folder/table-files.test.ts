import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { describe, expect, test } from 'vitest';
import { tableFiles } from '../../src/folder/table-files.ts';
import { folderOf, readerOf, reportOf, verdictOf } from './folder-scene.ts';

const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../../dataset/test/fixtures', name));
const png = fixture('RGB.png');
const refused = (message: RegExp, fix = /./): unknown =>
  expect.objectContaining({
    code: 'HF_DATA_ARTIFACT',
    message: expect.stringMatching(message) as string,
    fix: expect.stringMatching(fix) as string,
  });

interface ProfiledColumn {
  readonly name: string;
  readonly type: string;
  readonly distinct?: { readonly count: number };
}

async function profiled(path: string, options = {}): Promise<{ rows: number; columns: Record<string, string> }> {
  const { metrics, statements = [] } = await reportOf('data.profile', path, options);
  const profile = statements.find(({ predicateType }) => predicateType === predicateTypes.datasetProfile)?.predicate;
  const columns = profile?.['columns'] as ProfiledColumn[];
  return {
    rows: metrics['rows'] ?? -1,
    columns: Object.fromEntries(columns.map(({ name, type, distinct }) => [name, `${type} ${distinct?.count ?? '?'}`])),
  };
}

describe('a folder', () => {
  test('of images is one table, whose classes are folders', async () => {
    const folder = folderOf({ 'cat/a.png': png, 'cat/b.png': png, 'dog/c.png': fixture('L.png'), '.DS_Store': 'x' });
    const { rows, columns } = await profiled(folder);
    expect(rows).toBe(3);
    expect(columns).toMatchObject({ class: 'text 2', width: 'integer 1', sha256: 'text 2' });
    expect(await verdictOf('data.profile', folder)).toBe('pass');
  });

  test('of images with a file that is none has it as a row that is not read', async () => {
    const folder = folderOf({ 'a.png': png, 'notes.txt': 'hello', '.hidden.png': png });
    const { coverage, metrics } = await reportOf('data.profile', folder);
    expect([metrics['rows'], coverage.left.length]).toEqual([3, 1]);
    expect(coverage.left[0]).toContain('notes.txt');
    expect(await verdictOf('data.profile', folder)).toBe('unknown');
  });

  test('of parts, in folders too, is one table; what Spark leaves beside them is none of it', async () => {
    const folder = folderOf({
      'a/1.csv': 'x,y\n1,p\n',
      'b/c/2.csv': 'x,y\n2,q\n3,q\n',
      ...{ _SUCCESS: '', 'a/.1.csv.crc': 'crc', 'b/_committed_123': '{}' },
    });
    expect(await profiled(folder)).toEqual({ rows: 3, columns: { x: 'integer 3', y: 'text 2' } });
    expect(await verdictOf('data.profile', folder)).toBe('pass');
  });

  test('of folders that name columns has them, of the types that all of their values have', async () => {
    const folder = folderOf({
      'year=2019/city=Sankt%20P%C3%B6lten/1.csv': 'x\n1\n2\n',
      'year=2020/city=__HIVE_DEFAULT_PARTITION__/1.csv': 'x\n3\n',
    });
    expect(await profiled(folder)).toEqual({
      rows: 3,
      columns: { x: 'integer 3', year: 'integer 2', city: 'text 1' },
    });
    const suite = join(folderOf({ 'suite.json': JSON.stringify({ expectations: suiteOfPartitions }) }), 'suite.json');
    const { findings, metrics } = await reportOf('data.validate', folder, { suite });
    expect([metrics['met'], findings.map(({ message }) => message)]).toEqual([suiteOfPartitions.length, []]);
    for (const check of ['data.anomaly', 'data.suggest']) {
      expect((await reportOf(check, folder)).coverage.examined).toBe(3);
    }
    const slices = [{ columns: ['year'], min: 1 }];
    expect((await reportOf('data.coverage', folder, { slices })).metrics['least_rows']).toBe(1);
    expect((await reportOf('data.drift', folder, { reference: folder })).metrics['drifted']).toBe(0);
  });

  test('whose names are dates, or differ in kind', async () => {
    const days = folderOf({ 'day=2020-02-29/1.csv': 'x\n1\n', 'day=2021-03-01/1.csv': 'x\n2\n' });
    expect((await profiled(days)).columns['day']).toBe('date 2');
    const mixed = folderOf({ 'k=1/1.csv': 'x\n1\n', 'k=01/1.csv': 'x\n2\n', 'k=2020-02-30/1.csv': 'x\n2\n' });
    expect((await profiled(mixed)).columns['k']).toBe('text 3');
  });

  test.each([
    [
      'a table and a README',
      { 'data.csv': 'x\n1\n', 'README.md': '# hi' },
      /`README.md`, which is no table/,
      /name `data.csv` itself/,
    ],
    ['a hidden part', { 'data.csv': 'x\n1\n', '.more': 'x\n1\n' }, /`.more`, which is no table/, /./],
    [
      'several formats',
      { 'a.csv': 'x\n1\n', 'b.jsonl': '{"x":1}\n' },
      /several formats: `a.csv` and `b.jsonl`/,
      /one format/,
    ],
    [
      'images and tables',
      { 'a.png': png, 'labels.csv': 'x\n1\n' },
      /images \(`a.png`\) and tables \(`labels.csv`\)/,
      /of their own/,
    ],
    ['nothing but a README', { 'README.md': '# hi' }, /no file that is a table/, /./],
    ['nothing but what is left behind', { _SUCCESS: '' }, /holds no file with rows/, /./],
    [
      'folders of different columns',
      { 'y=1/a.csv': 'x\n1\n', 'b.csv': 'x\n1\n' },
      /do not name the same columns/,
      /same depth/,
    ],
    [
      'a folder and a column of one name',
      { 'x=1/a.csv': 'x\n1\n' },
      /`x` is the name of a folder and of a column/,
      /without that column/,
    ],
    ['folders that name a column twice', { 'y=1/y=2/a.csv': 'x\n1\n' }, /`y` is the name of a folder/, /./],
    ['parts of different columns', { 'a.csv': 'x\n1\n', 'b.csv': 'z\n1\n' }, /do not have the same columns/, /./],
  ] as const)('of %s is refused, and it is said what to do', async (_, files, message, fix) => {
    await expect(reportOf('data.profile', folderOf(files))).rejects.toEqual(refused(message, fix));
  });

  test('of more parts than can be opened is refused; images are not parts', async () => {
    const artifact = await readerOf(folderOf({ 'a.csv': 'x\n1\n' }));
    const files = Array.from({ length: 1001 }, () => artifact.files[0] ?? { name: '', size: 0, sha256: '' });
    expect(() => tableFiles({ ...artifact, files })).toThrow('1001 files, more than 1000');
    expect(tableFiles({ ...artifact, files }, 'images').files).toHaveLength(1);
  });

  test('whose files have no ending that tells is read as what it is said to be', async () => {
    const folder = folderOf({ '1.txt': 'x\n1\n', '2.txt': 'x\n2\n' });
    await expect(reportOf('data.profile', folder)).rejects.toEqual(refused(/no file that is a table/));
    expect((await profiled(folder, { format: 'csv' })).rows).toBe(2);
  });
});

const suiteOfPartitions = [
  { type: 'expect_column_values_to_be_between', kwargs: { column: 'year', min_value: 2019, max_value: 2020 } },
  { type: 'expect_column_unique_value_count_to_be_between', kwargs: { column: 'year', min_value: 2, max_value: 2 } },
  { type: 'expect_column_value_lengths_to_equal', kwargs: { column: 'city', value: 12 } },
  { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'city', mostly: 0.6 } },
  { type: 'expect_column_mean_to_be_between', kwargs: { column: 'year', min_value: 2019.3, max_value: 2019.4 } },
];
