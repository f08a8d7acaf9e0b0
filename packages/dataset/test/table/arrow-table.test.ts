import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError, openTable } from '@holdfast/dataset';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, seen } from './scene.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const bytesOf = (name: string): Buffer => readFileSync(join(fixtures, name));

/** Recorded by pyarrow 26.0.1, as Python writes the values. */
const recorded = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
  rows: Record<string, string>[];
};

/** A text of Python as the one form has it. */
function expected(name: string, text: string): string | null {
  if (text === 'None' || text === 'nan') return null;
  if (name === 'zoned')
    return new Date(text).getUTCFullYear() === 1969 ? '1969-12-31 23:59:59.999999+00' : '2024-02-29 00:00:00+00';
  if (name === 'nanos') return text;
  if (name === 'bytes') return text === "b''" ? '' : '00ff';
  if (name === 'list') return text.replaceAll(' ', '');
  return name === 'flag' ? text.toLowerCase() : text;
}

test.each(['table.arrow', 'stream.arrows'])('%s of pyarrow has the values that pyarrow says', async (name) => {
  const { columns, rows, total, defects } = await seen(join(fixtures, name));
  const names = Object.keys(columns);
  expect(rows.map((row) => Object.fromEntries(names.map((each, index) => [each, row[index + 1]])))).toEqual(
    recorded.rows.map((row) => Object.fromEntries(names.map((each) => [each, expected(each, row[each] ?? '')]))),
  );
  expect(
    Object.entries(columns)
      .filter(([, type]) => type === 'text')
      .map(([each]) => each),
  ).toEqual([...['text', 'large', 'kind', 'huge', 'nothing']]);
  expect(columns).toMatchObject({
    wide: 'integer',
    half: 'number',
    money: 'decimal',
    day: 'date',
    micros: 'timestamp',
  });
  expect([total, defects]).toEqual([3, ['precision column huge']]);
});

test('what Zstandard packed is read, what LZ4 packed is refused with what to do', async () => {
  expect((await seen(join(fixtures, 'zstd.arrow'))).rows).toEqual([
    [1, '9007199254740993', 'é'],
    [2, '-9223372036854775808', ''],
    [3, null, null],
  ]);
  await expect(openTable(join(fixtures, 'lz4.arrow'))).rejects.toThrow('write it without compression');
});

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['cut in the middle', (bytes: Buffer) => bytes.subarray(0, 3000)],
  [
    'with a footer that lists other batches',
    (bytes: Buffer) =>
      Buffer.concat(
        [bytes.subarray(0, -10), bytes.subarray(-10)].flatMap((part, index) =>
          index === 0 ? [footerLess(part)] : [part],
        ),
      ),
  ],
  ['nothing but its name', () => Buffer.from('ARROW1\0\0')],
  ['nothing', () => Buffer.alloc(0)],
])('a file %s is refused', async (_, change) => {
  await expect(openTable(fileOf(change(bytesOf('table.arrow')), 'a.arrow'))).rejects.toEqual(
    expect.objectContaining({ code: 'HF_DATASET_FORMAT' }),
  );
});

/** The stream that a file holds ends before its last batch. */
function footerLess(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const marks: number[] = [];
  for (let at = changed.indexOf('ffffffff', 0, 'hex'); at >= 0; at = changed.indexOf('ffffffff', at + 1, 'hex')) {
    if (at % 8 === 0) marks.push(at);
  }
  const last = marks.filter((at) => changed.readInt32LE(at + 4) > 0).at(-1) ?? 0;
  changed.writeInt32LE(0, last + 4);
  return changed;
}

test('a file with any bytes changed: an error with a code, or a table of the rows that it says', async () => {
  const files = ['table.arrow', 'stream.arrows'].map(bytesOf);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (file, changes) => {
        const bytes = Buffer.from(files[file] ?? []);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          const { rows, total } = await seen(fileOf(bytes, 'a.arrow'));
          expect(rows).toHaveLength(total);
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      },
    ),
    { numRuns: 12, seed: 6 },
  );
});
