import { symlinkSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatasetError, openTable, readSamples } from '@holdfast/dataset';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, seen } from './scene.ts';

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('a CSV file', () => {
  test.each([
    [',', 'a,b\n1,"x;y"\n2,z\n'],
    ['\t', 'a\tb\n1\tx;y\n2\tz\n'],
    [';', 'a;b\n1;"x;y"\n2;z\n'],
    ['|', 'a|b\n1|x;y\n2|z\n'],
  ])('whose separator is %j is found out', async (_, text) => {
    expect(await seen(fileOf(text))).toEqual({
      columns: { a: 'integer', b: 'text' },
      rows: [
        [1, '1', 'x;y'],
        [2, '2', 'z'],
      ],
      ...{ total: 2, defects: [] },
    });
  });

  test('has line ends of every kind, quoted ones, empty lines, blanks around quotes, a mark of its byte order', async () => {
    const rows = [
      [1, '1', 'x\ny'],
      [2, '2', 'a "q"'],
    ];
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `\uFEFFa,b${end}${end}1,"x\ny"${end}2, "a ""q"""`;
      expect(await seen(fileOf(text))).toMatchObject({ columns: { a: 'integer', b: 'text' }, rows, defects: [] });
      expect(await seen(fileOf(`${text.replace('a,b', '0,z')}${end}`), { names: ['a', 'b'] })).toMatchObject({
        rows: [[1, '0', 'z'], ...rows.map(([number, ...values]) => [Number(number) + 1, ...values])],
      });
    }
    expect(await seen(fileOf('a,b\n1,"x\ny"\r\n2,"a ""q"""\n'))).toMatchObject({ rows, defects: [] });
  });

  test('gets the types of all of its values where those of a sample are others', async () => {
    // of 4,200 rows every fourth is in the sample: the odd value is not
    const others: Readonly<Record<string, string>> = { a: 'x', b: '2.5', c: '2024-02-30', d: '1234567890.123456789' };
    const usual: Readonly<Record<string, string>> = { a: '7', b: '7', c: '2024-02-01', d: '7.5', e: '' };
    const names = [...Object.keys(usual)];
    const lines = Array.from({ length: 4200 }, (_, row) =>
      names.map((name) => (row === 3001 ? (others[name] ?? '9') : (usual[name] ?? ''))).join(','),
    );
    const all = await openTable(fileOf([names.join(','), ...lines].join('\n')));
    const one = async (name: string): Promise<string | undefined> => {
      const cells = lines.map((line) => line.split(',')[names.indexOf(name)] ?? '');
      const table = await openTable(fileOf(`${name},z\n${cells.map((text) => `${text},1`).join('\n')}\n`));
      const [found] = table.columns;
      await table.close();
      return found?.type;
    };
    const types = all.columns.map(({ type }) => type);
    await all.close();
    expect(types).toEqual(['text', 'number', 'text', 'decimal', 'integer']);
    expect(await Promise.all(names.map(one))).toEqual(types);
  });

  test('of one column keeps its empty lines as rows', async () => {
    const { rows, total } = await seen(fileOf('a\n1\n\n3\n'));
    expect([rows, total]).toEqual([
      [
        [1, '1'],
        [2, null],
        [3, '3'],
      ],
      3,
    ]);
  });

  test('of UTF-16 or Latin-1 is read where that is said, and refused where it is not', async () => {
    const text = 'näme,b\né,1\n';
    const expected = { columns: { näme: 'text', b: 'integer' }, rows: [[1, 'é', '1']], defects: [] };
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(await seen(fileOf(wide), { encoding: 'utf-16' })).toMatchObject(expected);
    expect(await seen(fileOf(Buffer.from(text, 'latin1')), { encoding: 'latin-1' })).toMatchObject(expected);
    for (const bytes of [wide, Buffer.from(wide).swap16(), Buffer.from('ab,c\n1,2\n', 'utf16le')]) {
      await expect(openTable(fileOf(bytes))).rejects.toThrow('UTF-16');
    }
    await expect(openTable(fileOf(Buffer.from(text, 'latin1')))).rejects.toThrow('is not UTF-8');
    await expect(openTable(fileOf(wide.subarray(0, -1)), { encoding: 'utf-16' })).rejects.toEqual(
      code('HF_DATASET_FORMAT'),
    );
  });

  test('with names that are there twice, or differ in case, or are none', async () => {
    const { columns, defects, rows } = await seen(fileOf('a,a,A,,rowid,a (2)\n1,2,3,4,5,6\n'));
    expect(Object.keys(columns)).toEqual(['a', 'a.1', 'A', 'Unnamed: 3', 'rowid', 'a (2)']);
    expect(rows).toEqual([[1, '1', '2', '3', '4', '5', '6']]);
    expect(defects).toEqual(['duplicate-name column a.1', 'blank-name column Unnamed: 3']);
  });

  test('that is nothing but names has columns and no rows; an empty one is refused', async () => {
    expect(await seen(fileOf('a,b\n'))).toEqual({ columns: { a: 'text', b: 'text' }, rows: [], total: 0, defects: [] });
    expect(await seen(fileOf('a,b'))).toMatchObject({ total: 0 });
    await expect(openTable(fileOf(''))).rejects.toThrow('is empty');
  });

  test('under a name with the characters of patterns, behind a link, and not another that would match', async () => {
    const path = fileOf('a\n1\n', 'data-*[x]?.csv');
    fileOf('a\n2\n', 'data-zx1.csv');
    expect((await seen(path)).rows).toEqual([[1, '1']]);
    const link = join(dirname(path), 'link.csv');
    symlinkSync(path, link);
    expect((await seen(link)).rows).toEqual([[1, '1']]);
  });

  test('has the columns that are in it, whatever the folders above it are called', async () => {
    const path = fileOf('x,y\n7,a\n', 'x=1/z=2/table.csv');
    expect(await seen(path)).toMatchObject({
      columns: { x: 'integer', y: 'text' },
      rows: [[1, '7', 'a']],
      defects: [],
    });
    expect(await readSamples(path, { label: 'y', classes: ['a'] })).toMatchObject({
      columns: [{ name: 'x' }],
      values: Float32Array.of(7),
    });
  });
});

describe('bad input', () => {
  test('rows that cannot be taken are left out, with their numbers, and the others keep theirs', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\n1,x\n2\n3,y,z\n4,"\n"\n'),
      Buffer.from([0x35, 0x2c, 0xff, 0xfe, 0x0a]),
      Buffer.from('6,x\0y\n7,"q"r\n8,end\n9,"never\n10,closed\n'),
    ]);
    expect(await seen(fileOf(bytes))).toEqual({
      columns: { a: 'integer', b: 'text' },
      rows: [
        [1, '1', 'x'],
        [4, '4', '\n'],
        [6, '6', 'x\0y'],
        [8, '8', 'end'],
      ],
      total: 9,
      defects: [
        ...['ragged row 2, left out', 'ragged row 3, left out', 'encoding row 5, left out', 'nul row 6'],
        ...['unreadable row 7, left out', 'cut-short row 9, left out'],
      ],
    });
  });

  test('more rows that cannot be taken than are counted: the separator is another', async () => {
    await expect(openTable(fileOf(`a,b\n${'1\n'.repeat(100_001)}`))).rejects.toThrow('more than 100000 rows');
  });

  test('numbers of more digits than a float64 or a decimal holds are not rounded without a word', async () => {
    const lines = [
      'whole,exact,wide,printed,fine',
      '9223372036854775808,0.1234567890123456789,1.5,1.000000000000000000e+00,0.1',
      `-1,-12.5,${'9'.repeat(39)},2.5e-1,0.30000000000000004`,
    ];
    expect(await seen(fileOf(lines.join('\n')))).toEqual({
      columns: { whole: 'decimal', exact: 'decimal', wide: 'text', printed: 'number', fine: 'number' },
      rows: [
        [1, '9223372036854775808', '0.1234567890123456789', '1.5', '1.0', '0.1'],
        [2, '-1', '-12.5000000000000000000', '9'.repeat(39), '0.25', '0.30000000000000004'],
      ],
      total: 2,
      defects: ['precision row 2 column wide', 'precision row 1 column printed'],
    });
  });

  test('days that do not exist leave their column text, and say so', async () => {
    const { columns, defects } = await seen(
      fileOf('day,at,some\n2024-02-29,2024-02-29 10:00:00,2024-01-01\n2023-02-30,2024-02-30T10:00:00Z,never\n'),
    );
    expect(columns).toEqual({ day: 'text', at: 'text', some: 'text' });
    expect(defects).toEqual(['unreadable row 2 column day', 'unreadable row 2 column at']);
  });

  test('a line of a gigabyte is refused before it is in memory', async () => {
    const path = fileOf('a,b\n1,');
    truncateSync(path, 2 ** 30);
    const before = process.memoryUsage().rss;
    await expect(openTable(path)).rejects.toEqual(code('HF_DATASET_LIMIT'));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });

  test('a separator that is none, a file that is not there', async () => {
    await expect(openTable(fileOf('a\n'), { separator: '"' })).rejects.toEqual(code('HF_DATASET_OPTIONS'));
    await expect(openTable(join(dirname(fileOf('')), 'none.csv'))).rejects.toEqual(code('HF_DATASET_UNREADABLE'));
  });
});

test('whatever bytes: an error with a code, or a table whose rows are all accounted for', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a',
      '1',
      ',',
      '\n',
      '\r\n',
      '\r',
      '"',
      '""',
      ' ',
      ';',
      '\t',
      '\0',
      'é',
      '"x"',
      '1,2\n',
      '2024-02-30',
    ),
    fc.constantFrom('\u00FF', '\u{1F600}', '#', '\\', "'", '\uFEFF'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.boolean(), async (pieces, isCut) => {
      const bytes = Buffer.from(`a,b\n1,2\n${pieces.join('')}`);
      try {
        const found = await seen(fileOf(isCut ? bytes.subarray(0, -1) : bytes));
        const out = found.defects.filter((defect) => defect.endsWith('left out'));
        const left = new Set(out.flatMap((defect) => /row (\d+)/.exec(defect)?.[1] ?? []));
        const isDoubted = found.defects.includes('unreadable, left out');
        expect(isDoubted || found.rows.length + left.size === found.total).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
      }
    }),
    { numRuns: 12, seed: 6 },
  );
});
