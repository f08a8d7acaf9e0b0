import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetError, readSamples, type SampleOptions } from '@holdfast/dataset';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-tables-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const people = 'age,job,"pay, per year",fit\n39, clerk,1e3,yes\n50,farmer,-0.5,no\n?,"cl""erk",7,yes\n';

describe('a CSV file', () => {
  it('becomes numbers, categories, labels', async () => {
    const options = { label: 'fit', missing: { texts: ['?'], becomes: -1 } };
    expect(await readSamples(written('people.csv', people), options)).toEqual({
      shape: [3, 3],
      values: Float32Array.of(39, 1, 1000, 50, 2, -0.5, -1, 0, 7),
      labels: Int32Array.of(1, 0, 1),
      columns: [
        { name: 'age', kind: 'numeric' },
        { name: 'job', kind: 'categorical', categories: ['cl"erk', 'clerk', 'farmer'] },
        { name: 'pay, per year', kind: 'numeric' },
      ],
      classes: ['no', 'yes'],
    });
  });

  it('is read in the order of columns, categories and classes that is given', async () => {
    const samples = await readSamples(written('people.csv', people), {
      label: 'fit',
      classes: ['yes', 'maybe', 'no'],
      columns: [
        { name: 'pay, per year', kind: 'numeric' },
        { name: 'job', kind: 'categorical', categories: ['farmer', 'cl"erk', 'baker', 'clerk'] },
      ],
    });
    expect(samples.values).toEqual(Float32Array.of(1000, 3, -0.5, 0, 7, 1));
    expect(samples.labels).toEqual(Int32Array.of(0, 2, 0));
    expect(samples.classes).toEqual(['yes', 'maybe', 'no']);
  });

  it('may have values where labels are', async () => {
    const path = written('prices.csv', 'a,price\n1,2.5\n2,-1e3\n');
    const { targets, labels, values } = await readSamples(path, { label: 'price', targets: true });
    expect([targets, labels, values]).toEqual([Float32Array.of(2.5, -1000), undefined, Float32Array.of(1, 2)]);
  });

  it('may have no line of names, another separator, labels that are numbers', async () => {
    const path = written('plain.data', '1;0.25;2\n3;.5;-1\n');
    expect(await readSamples(path, { names: ['a', 'b', 'c'], separator: ';', label: 'c' })).toEqual({
      shape: [2, 2],
      values: Float32Array.of(1, 0.25, 3, 0.5),
      labels: Int32Array.of(2, -1),
      columns: [
        { name: 'a', kind: 'numeric' },
        { name: 'b', kind: 'numeric' },
      ],
    });
    const tabbed = written('tabbed.tsv', 'a\tb\n1\t2\n');
    expect((await readSamples(tabbed)).values).toEqual(Float32Array.of(1, 2));
  });

  it('has a kind that no sample of its rows decides', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => `${index},${index}`);
    const path = written('late.csv', `a,b\n${rows.join('\n')}\n1,late\n`);
    const { columns, shape, values } = await readSamples(path);
    expect(columns?.map(({ kind }) => kind)).toEqual(['numeric', 'categorical']);
    expect(shape).toEqual([30_001, 2]);
    // The rows keep their order, across all parts in which they come.
    expect(values.filter((_, index) => index % 2 === 0).slice(0, -1)).toEqual(
      Float32Array.from(rows, (_, index) => index),
    );
  });

  it.each<[string, string, SampleOptions, string, string]>([
    ['a missing value', 'a,b\n1,\n', {}, 'HF_DATASET_MISSING', 'a value is missing in row 1 of the column `b`'],
    ['a missing label', 'a,b\n1,\n', { label: 'b' }, 'HF_DATASET_LABELS', 'the label is missing in row 1'],
    [
      'a missing value',
      'a,b\n1,\n',
      { label: 'b', targets: true },
      'HF_DATASET_LABELS',
      'the label is missing in row 1',
    ],
    ['no value', 'a,b\n1,x\n', { label: 'b', targets: true }, 'HF_DATASET_LABELS', '`x` is no value in row 1'],
    ['an infinite value', 'a,b\n1,inf\n', { label: 'b', targets: true }, 'HF_DATASET_LABELS', '`inf` is no value'],
    ['no such column', 'a,b\n1,2\n', { label: 'c' }, 'HF_DATASET_COLUMN', 'no column `c`'],
    [
      'a column twice',
      'a,b\n1,2\n',
      { label: 'a', columns: [{ name: 'a', kind: 'numeric' }] },
      'HF_DATASET_COLUMN',
      'asked for twice',
    ],
    ['only a label', 'a\n1\n', { label: 'a' }, 'HF_DATASET_COLUMN', 'no column beside the label'],
    [
      'no number',
      'a,b\n1,2\nx,2\n',
      { columns: [{ name: 'a', kind: 'numeric' }] },
      'HF_DATASET_COLUMN',
      '`x` is not a number in row 2 of the column `a`',
    ],
    [
      'no category',
      'a,b\n1,2\n3,2\n',
      { columns: [{ name: 'a', kind: 'categorical', categories: ['1'] }] },
      'HF_DATASET_COLUMN',
      '`3` is not among the categories in row 2',
    ],
    [
      'a category twice',
      'a,b\n1,2\n',
      { columns: [{ name: 'a', kind: 'categorical', categories: ['1', '1'] }] },
      'HF_DATASET_OPTIONS',
      'given twice',
    ],
    ['no class', 'a,b\n1,z\n', { label: 'b', classes: ['y'] }, 'HF_DATASET_LABELS', '`z` is not among the classes'],
    ['too few values', 'a,b\n1,2\n3\n', { names: ['a', 'b'] }, 'HF_DATASET_FORMAT', ''],
    [
      'too many rows',
      'a\n1\n2\n3\n',
      { limits: { rows: 2 } },
      'HF_DATASET_LIMIT',
      '3 rows or more, more than `rows`: 2',
    ],
    ['too many texts', 'a\nx\ny\nz\n', { limits: { categories: 2 } }, 'HF_DATASET_LIMIT', '`categories`: 2'],
    ['too many bytes', 'a\nx\ny\nz\n', { limits: { fileBytes: 2 } }, 'HF_DATASET_LIMIT', 'has 8 bytes'],
    ['too many values', 'a\n1\n2\n', { limits: { valueBytes: 4 } }, 'HF_DATASET_LIMIT', 'takes 8 bytes in memory'],
  ])('is refused: %s', async (_, text, options, code, words) => {
    const answer = await readSamples(written('bad.csv', text), options).catch((error: unknown) => error);
    expect(answer).toMatchObject({ code, message: expect.stringContaining(words) as string });
  });

  it('is not several: no pattern is followed', async () => {
    written('one.csv', 'a\n1\n');
    const star = join(folder, '*.csv');
    await expect(readSamples(star)).rejects.toMatchObject({ code: 'HF_DATASET_UNREADABLE' });
    await expect(readSamples(written('[o]ne.csv', 'a\n2\n'))).rejects.toMatchObject({ code: 'HF_DATASET_OPTIONS' });
    const quoted = written("it's.csv", 'a\n3\n');
    expect((await readSamples(quoted)).values).toEqual(Float32Array.of(3));
  });

  it('of any bytes gives samples or an error with a code, and nothing else', async () => {
    const bytes = Buffer.from(people);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 5 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        const path = join(folder, 'changed.csv');
        writeFileSync(path, changed);
        const answer = await readSamples(path, { missing: { becomes: Number.NaN } }).catch((error: unknown) => error);
        if (answer instanceof Error) expect(answer).toBeInstanceOf(DatasetError);
        else expect(answer).toHaveProperty('columns');
      }),
      { numRuns: 15 },
    );
  });
});

describe('a Parquet file of pyarrow', () => {
  it('gives its columns, with nulls and NaN missing', async () => {
    const options = { label: 'grade', missing: { becomes: Number.NaN } };
    const { values, ...others } = await readSamples(fixture('people.parquet'), options);
    expect(others).toEqual({
      shape: [3, 4],
      labels: Int32Array.of(1, 0, 1),
      columns: [
        { name: 'age', kind: 'numeric' },
        { name: 'rate', kind: 'numeric' },
        { name: 'job', kind: 'categorical', categories: ['clerk', 'farmer'] },
        { name: 'member', kind: 'categorical', categories: ['false', 'true'] },
      ],
    });
    const nan = Number.NaN;
    expect([...values]).toEqual([39, Math.fround(0.1), 0, 1, 50, nan, 1, 0, nan, Math.fround(-2.5e-3), 0, nan]);
  });

  it('is refused with lists in it, or damaged', async () => {
    await expect(readSamples(fixture('refused-lists.parquet'))).rejects.toMatchObject({
      code: 'HF_DATASET_TYPE',
      message: expect.stringContaining('the column `a` holds BIGINT[]') as string,
    });
    const bytes = readFileSync(fixture('people.parquet'));
    for (const length of [4, 12, bytes.length - 1]) {
      const path = join(folder, 'cut.parquet');
      writeFileSync(path, bytes.subarray(0, length));
      await expect(readSamples(path)).rejects.toMatchObject({ code: 'HF_DATASET_FORMAT' });
    }
  });
});

describe('JSON lines', () => {
  it('give their members, whichever of them a line has', async () => {
    const path = written('people.jsonl', '{"a":1.5,"b":"x"}\n{"b":true,"a":null}\n{"a":-2e3,"b":"x","c":7}\n');
    expect(await readSamples(path, { missing: { becomes: -1 } })).toEqual({
      shape: [3, 3],
      values: Float32Array.of(1.5, 1, -1, -1, 0, -1, -2000, 1, 7),
      columns: [
        { name: 'a', kind: 'numeric' },
        { name: 'b', kind: 'categorical', categories: ['true', 'x'] },
        { name: 'c', kind: 'numeric' },
      ],
    });
  });

  it('are refused with records in them, or when they are not JSON', async () => {
    await expect(readSamples(written('nested.jsonl', '{"a":1}\n{"a":{"b":1}}\n'))).rejects.toMatchObject({
      code: 'HF_DATASET_TYPE',
      message: expect.stringContaining('nested values in the column a') as string,
    });
    await expect(readSamples(written('broken.jsonl', '{"a":1}\n{"a":'))).rejects.toMatchObject({
      code: 'HF_DATASET_FORMAT',
    });
  });
});

describe('the census', () => {
  const published = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../..', 'shared', 'data');
  const path = join(published, 'adult-train.csv');

  it('is read as it was published', async (context) => {
    if (!existsSync(path)) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs the census');
      context.skip('needs the census');
    }
    const names =
      'age,workclass,fnlwgt,education,years,marital,occupation,relationship,race,sex,gain,loss,hours,country,income';
    const { shape, values, labels, columns, classes } = await readSamples(path, {
      names: names.split(','),
      label: 'income',
      missing: { texts: ['?'], becomes: -1 },
    });
    expect([shape, classes]).toEqual([
      [32_561, 14],
      ['<=50K', '>50K'],
    ]);
    // What adult.names says: 24.08 % earn more, six attributes are continuous, and how many values the others have.
    expect(labels?.filter((label) => label === 1).length).toBe(7841);
    expect(columns?.filter(({ kind }) => kind === 'numeric').map(({ name }) => name)).toEqual(
      'age,fnlwgt,years,gain,loss,hours'.split(','),
    );
    const sizes = columns?.flatMap((column) => (column.kind === 'categorical' ? [column.categories.length] : []));
    expect(sizes).toEqual([8, 16, 7, 14, 6, 5, 2, 41]);
    // 1,836 people of no known work class, counted by grep in the file itself.
    const missing = execFileSync('grep', ['-c', '^[0-9]*, ?,', path], { encoding: 'utf8' });
    expect(values.filter((value, index) => index % 14 === 1 && value === -1).length).toBe(Number(missing));
  });
});

describe('without DuckDB', () => {
  it('arrays are read, and tables say how to get it', () => {
    const copy = join(folder, 'alone');
    cpSync(join(import.meta.dirname, '..', 'src'), copy, { recursive: true });
    writeFileSync(
      join(copy, 'try.ts'),
      `import { readSamples } from './index.ts';
       const [npy, csv] = process.argv.slice(2);
       const { shape } = await readSamples(npy!);
       const error = await readSamples(csv!).catch((error: unknown) => error);
       console.log(JSON.stringify({ shape, error }));`,
    );
    const words = ['--disable-warning=ExperimentalWarning', join(copy, 'try.ts'), fixture('labels.npy')];
    const csv = written('one.csv', 'a\n1\n');
    const said = JSON.parse(execFileSync(process.execPath, [...words, csv], { encoding: 'utf8' })) as object;
    expect(said).toMatchObject({
      shape: [2],
      error: {
        code: 'HF_DATASET_ENGINE',
        exit: 3,
        fix: expect.stringContaining('npm install @duckdb/node-api') as string,
      },
    });
  });
});
