import { DatasetError, openTable } from '@holdfast/dataset';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, seen } from './scene.ts';

const lines = (...texts: string[]): string => fileOf(`${texts.join('\n')}\n`, 'rows.jsonl');

test('keys are columns in the order in which they appear, of the types that JSON says', async () => {
  const path = lines(
    '{"id": 1, "x": 1.5, "zip": "01234", "ok": true, "day": "2024-02-29", "tags": ["a"], "mixed": 1, "": 0, "a/b~c": "é"}',
    '{"id": 9007199254740993, "x": 2, "zip": "", "ok": null, "day": "2024-01-01", "mixed": "one", "late": {"k": 1}}',
  );
  expect(await seen(path)).toEqual({
    columns: {
      ...{ id: 'integer', x: 'number', zip: 'text', ok: 'boolean', day: 'date', tags: 'nested', mixed: 'text' },
      ...{ 'Unnamed: 7': 'integer', 'a/b~c': 'text', late: 'nested' },
    },
    rows: [
      [1, '1', '1.5', '01234', 'true', '2024-02-29', '["a"]', '1', '0', 'é', null],
      [2, '9007199254740993', '2.0', '', null, '2024-01-01', null, 'one', null, null, '{"k":1}'],
    ],
    ...{ total: 2, defects: [] },
  });
});

test('lines that are no objects are left out by their numbers; a key that is there twice, digits that are rounded are said', async () => {
  const path = lines(
    '{"a": 1}',
    '{"a": ',
    '[1]',
    '',
    '{"a": 2, "a": 3}',
    '{"a": 0.12345678901234567890}',
    '"text"',
    'null',
    '{"a": 4}x',
  );
  const { rows, total, defects } = await seen(path);
  expect(rows).toEqual([
    [1, '1.0'],
    [5, '2.0'],
    [6, '0.12345678901234568'],
  ]);
  expect(total).toBe(8);
  expect(defects).toEqual([
    ...[2, 3, 7, 8, 9].map((row) => `unreadable row ${row}, left out`),
    ...['duplicate-name row 5, left out', 'precision row 6'],
  ]);
});

test('without an object that has keys, or with bytes that are no UTF-8', async () => {
  const refused = expect.objectContaining({ code: 'HF_DATASET_FORMAT' }) as unknown;
  await expect(openTable(lines('{}'))).rejects.toEqual(refused);
  await expect(openTable(fileOf('', 'rows.jsonl'))).rejects.toEqual(refused);
  const bytes = Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"a":3}\n')]);
  const { rows, defects } = await seen(fileOf(bytes, 'rows.jsonl'));
  expect(rows).toEqual([
    [1, '1'],
    [3, '3'],
  ]);
  expect(defects).toEqual(['encoding row 2, left out']);
});

test('of any texts: an error with a code, or a table whose rows are all accounted for', async () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '"a"',
    ':',
    ',',
    '1',
    '1e999',
    'null',
    '[',
    ']',
    '\n',
    '\r',
    '"',
    '\\u0000',
    '\\ud800',
    '\u0001',
    '\0',
    ' ',
    '{"a":1}\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      try {
        const { rows, total, defects } = await seen(fileOf(`{"a": 1}\n${pieces.join('')}`, 'rows.jsonl'));
        const out = defects.filter((defect) => defect.endsWith('left out') && !defect.startsWith('duplicate'));
        const left = new Set(out.flatMap((defect) => /row (\d+)/.exec(defect)?.[1] ?? []));
        expect(defects.includes('unreadable, left out') || rows.length + left.size === total).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
      }
    }),
    { numRuns: 12, seed: 6 },
  );
});
