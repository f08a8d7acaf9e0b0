import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError, openTable } from '@holdfast/dataset';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, seen } from './scene.ts';

/** Of pyarrow 26.0.1: 1000 rows in groups of 300, `n` from 0, `t` of seven texts, missing in every tenth row. */
const original = readFileSync(join(import.meta.dirname, 'fixtures/groups.parquet'));
const footerOf = (bytes: Buffer): number => bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
const footer = footerOf(original);

/** The file with the last occurrence of a value in its footer replaced. */
function lying(from: Buffer, to: Buffer, file = original): string {
  const bytes = Buffer.from(file);
  const at = bytes.lastIndexOf(from);
  expect(at).toBeGreaterThan(footerOf(file));
  to.copy(bytes, at);
  return fileOf(bytes, 'lying.parquet');
}

function whole(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

test('a file whose footer tells the truth has no defects', async () => {
  const { columns, rows, total, defects } = await seen(fileOf(original, 'a*.parquet'));
  expect([columns, total, defects]).toEqual([{ n: 'integer', t: 'text' }, 1000, []]);
  expect(rows[10]).toEqual([11, '10', null]);
  expect((await seen(fileOf(original, 't=1/z=2/a.parquet'))).rows).toEqual(rows);
});

test('a footer that says less than the data have, or other than they have, is found out', async () => {
  const narrow = lying(whole(899n), whole(700n));
  expect((await seen(narrow)).defects).toEqual(['statistics column n, left out']);
  const table = await openTable(narrow);
  expect(table.defects[0]?.message).toBe('the footer says another greatest value of row group 2 than its data have');
  await table.close();
  expect((await seen(lying(whole(600n), whole(601n)))).defects).toEqual(['statistics column n, left out']);
  expect((await seen(lying(whole(999n), whole(5000n)))).defects).toEqual(['statistics column n, left out']);
  expect((await seen(lying(Buffer.from('k6'), Buffer.from('k2')))).defects).toEqual(['statistics column t, left out']);
  expect((await seen(narrow, { statistics: 'believed' })).defects).toEqual([]);
});

test('of row groups of unlike sizes each one is held against what is said of it', async () => {
  // pyarrow 26.0.1: groups of 5, 3, 70, 1 and 21 rows of the same table, so that the last of them end with 4, 7, 77, 78, 99
  const uneven = readFileSync(join(import.meta.dirname, 'fixtures/uneven.parquet'));
  const { rows, defects } = await seen(fileOf(uneven, 'uneven.parquet'));
  expect([rows.length, defects]).toEqual([100, []]);
  for (const [group, last] of [4n, 7n, 77n, 78n, 99n].entries()) {
    const table = await openTable(lying(whole(last), whole(last + 1000n), uneven));
    expect(table.defects.map(({ message }) => message)).toEqual([
      `the footer says another ${group === 3 ? 'least' : 'greatest'} value of row group ${group} than its data have`,
    ]);
    await table.close();
  }
});

test.each([
  ['cut short', original.subarray(0, -1)],
  ['without its footer', original.subarray(0, footer)],
  ['with half of its data', Buffer.concat([original.subarray(0, 2000), original.subarray(footer)])],
  ['of nothing', Buffer.from('PAR1')],
])('a file %s is refused', async (_, bytes) => {
  await expect(openTable(fileOf(bytes, 'a.parquet'))).rejects.toEqual(
    expect.objectContaining({ code: 'HF_DATASET_FORMAT' }),
  );
});

test('with any bytes changed: an error with a code, or a table of the rows that it says', async () => {
  const change = fc.tuple(fc.boolean(), fc.nat(), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const bytes = Buffer.from(original);
      for (const [isFooter, at, value] of changes) {
        const start = isFooter ? footer : 0;
        bytes[start + (at % (bytes.length - start))] = value;
      }
      try {
        const { rows, total } = await seen(fileOf(bytes, 'a.parquet'));
        expect(rows).toHaveLength(total);
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
      }
    }),
    { numRuns: 12, seed: 6 },
  );
});
