import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cards, csvOf, foundIn, ibans, piiOf } from './pii-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pii-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at * 3 + 1));
const rowsOf = (count: number, text: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => text(at));

/** A Parquet file that DuckDB writes, as others do. */
async function parquetOf(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  return path;
}

describe('bad input', () => {
  test('bytes that are no text are not understood, and words in them are found', async () => {
    const path = await parquetOf(
      'bytes.parquet',
      `SELECT i AS n, ('\\xFF\\xFE'::BLOB || encode(' ann.' || i || '@mail.example ')) AS b FROM range(30) AS t(i)`,
    );
    const report = await piiOf(path);
    expect(report.verdict).toBe('unknown');
    expect(report.coverage.left).toEqual(['`b`: 30 cells are bytes that are no text']);
    expect(foundIn(report)).toContain('b email 30/30');
  });

  test('bytes that are text are looked at as text', async () => {
    const path = await parquetOf(
      'text.parquet',
      `SELECT encode('ann.' || i || '@mail.example') AS b FROM range(30) AS t(i)`,
    );
    const report = await piiOf(path);
    expect([report.verdict, foundIn(report)]).toEqual(['warn', ['b email 30/30']]);
  });

  test('invalid UTF-8 is never passed', async () => {
    const path = join(folder, 'latin.csv');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('n,word\n1,ab\n2,caf'), Buffer.from([0xe9]), Buffer.from('\n3,cd\n')]),
    );
    const report = await piiOf(path);
    expect(report.verdict).toBe('unknown');
    expect(report.coverage.left).not.toEqual([]);
  });

  test('marks of direction, what has no width and letters that look alike hide nothing, and are told', async () => {
    const hide = (text: string): string => Array.from(text).join('\u200b');
    const path = csvOf(folder, {
      a: ibans(20).map(hide),
      b: cards(20).map((card) => `\u202e${card}\u202c`),
      c: rowsOf(20, (at) => `аnn${at}@mаil.exаmple`),
      d: cards(20).map((card) => card.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))),
    });
    const report = await piiOf(path);
    expect(foundIn(report).sort()).toEqual([
      'a iban 20/20',
      'b credit-card 20/20',
      'c email 20/20',
      'd credit-card 20/20',
    ]);
    const hidden = report.findings.filter(({ rule }) => rule === 'data.pii.hidden').map(({ where }) => where);
    expect(hidden).toEqual(['a', 'b']);
  });

  test('a card number in four columns and an IBAN in two are put together', async () => {
    const all = cards(40);
    const other = ibans(40);
    const path = csvOf(folder, {
      n: numbers(40),
      p1: all.map((card) => card.slice(0, 4)),
      p2: all.map((card) => card.slice(4, 8)),
      p3: all.map((card) => card.slice(8, 12)),
      p4: all.map((card) => card.slice(12)),
      k: numbers(40).map((each) => `x-${each}`),
      q1: other.map((iban) => iban.slice(0, 9)),
      q2: other.map((iban) => iban.slice(9)),
    });
    const report = await piiOf(path);
    expect(foundIn(report).sort()).toEqual(['p1 + p2 + p3 + p4 credit-card 40/40', 'q1 + q2 iban 40/40']);
    expect(report.verdict).toBe('warn');
  });

  test('one split number among thousands of rows is put together', async () => {
    const [iban = ''] = ibans(1);
    const path = csvOf(folder, {
      first: rowsOf(5000, (at) => (at === 4321 ? iban.slice(0, 11) : `note ${at % 7}`)),
      second: rowsOf(5000, (at) => (at === 4321 ? iban.slice(11) : `more ${at % 5}`)),
    });
    expect(foundIn(await piiOf(path))).toEqual(['first + second iban 1/5000']);
  });

  test('neighbouring numbers are not put together to what they are not', async () => {
    const digits = (seed: number): string[] =>
      rowsOf(3000, (at) => String(1000 + ((at * 7919 * seed + 13 * at * at) % 9000)));
    const path = csvOf(folder, { a: digits(3), b: digits(5), c: digits(7), d: digits(11), e: digits(13) });
    expect(foundIn(await piiOf(path))).toEqual([]);
  });

  test('what is nested in cells is opened, however it is escaped, and names in it are no way out', async () => {
    const [iban = ''] = ibans(1);
    const escaped = Array.from(iban, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`).join('');
    const path = csvOf(folder, {
      n: numbers(20),
      payload: rowsOf(20, (at) => `{"deep": [{"account": "${escaped}"}], "bob${at}@mail.example": ${at}}`),
    });
    const report = await piiOf(path);
    expect(foundIn(report).sort()).toEqual([
      'payload, names in nested values email 20/40',
      'payload, nested values iban 20/20',
    ]);
    expect(JSON.stringify(report)).not.toMatch(/bob\d/);
  });

  test('nested values that are too deep are named', async () => {
    const path = csvOf(folder, { n: numbers(3), deep: rowsOf(3, () => `${'['.repeat(200)}1${']'.repeat(200)}`) });
    const report = await piiOf(path);
    expect([report.verdict, report.coverage.left]).toEqual([
      'unknown',
      ['`deep`: 3 nested cells are too long or too deep to be opened'],
    ]);
  });

  test('cells of megabytes are looked at to their ends', async () => {
    const path = csvOf(folder, {
      n: numbers(3),
      log: rowsOf(3, (at) => `${'lorem ipsum '.repeat(200_000)} ann${at}@mail.example`),
    });
    const report = await piiOf(path);
    expect([report.verdict, foundIn(report)]).toEqual(['warn', ['log email 3/3']]);
  });

  test('no row is unknown, and one row is looked at', async () => {
    const none = await piiOf(csvOf(folder, { email: [], n: [] }, 'none.csv'));
    expect([none.verdict, none.coverage.left[0]]).toEqual(['unknown', 'the table has no row']);
    const one = await piiOf(csvOf(folder, { email: ['ann@mail.example'], n: ['1'] }, 'one.csv'));
    expect([one.verdict, foundIn(one)]).toEqual(['warn', ['email email 1/1']]);
  });

  test('a column of one value is looked at', async () => {
    const report = await piiOf(
      csvOf(folder, { contact_mail: rowsOf(50, () => 'ann@mail.example'), k: rowsOf(50, () => '7') }),
    );
    expect([report.verdict, foundIn(report)]).toEqual(['warn', ['contact_mail email 50/50']]);
  });

  test('NaN and infinities are nobody’s', async () => {
    const path = await parquetOf(
      'numbers.parquet',
      `SELECT CASE i % 3 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE ELSE '-inf'::DOUBLE END AS x FROM range(60) AS t(i)`,
    );
    const report = await piiOf(path);
    expect([report.verdict, foundIn(report)]).toEqual(['pass', []]);
  });

  test('numbers that are stored as floats are still card numbers', async () => {
    const path = await parquetOf(
      'floats.parquet',
      `SELECT CAST(c AS DOUBLE) AS card_number FROM (VALUES ${cards(30)
        .map((card) => `(${card})`)
        .join(',')}) AS t(c)`,
    );
    expect(foundIn(await piiOf(path))).toEqual(['card_number credit-card 30/30']);
  });

  test('a file without a line of names does not show its first row', async () => {
    const path = join(folder, 'headless.csv');
    writeFileSync(path, rowsOf(30, (at) => `ann.smith${at}@mail.example,${cards(30)[at] ?? ''},Ann Smith`).join('\n'));
    const report = await piiOf(path);
    expect(JSON.stringify(report)).not.toMatch(/ann\.smith|Ann Smith|4\d{15}/);
    expect(foundIn(report).map((line) => line.split(' ').slice(0, 2).join(' '))).toContain('column 1');
  });
});
