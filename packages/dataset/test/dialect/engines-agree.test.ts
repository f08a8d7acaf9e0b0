import { createHash } from 'node:crypto';
import { type Cell, type ColumnType, type Dialect, duckdb, type Engine, postgres } from '@holdfast/dataset';
import { DuckDbEngine } from '@holdfast/dataset/engine/duckdb-engine';
import { PostgresEngine } from '@holdfast/dataset/engine/postgres-engine';
import { needsPostgres, type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { patterns, tries, values } from './hostile-values.ts';

type Member = (dialect: Dialect, value: string, type: ColumnType) => string;
const always: Readonly<Record<string, Member>> = {
  value: (_, value) => value,
  text: (dialect, value, type) => dialect.text(value, type),
  isNaN: (dialect, value, type) => dialect.isNaN(value, type),
  hash: (dialect, value, type) => dialect.hash(dialect.text(value, type)),
  length: (dialect, value, type) => dialect.length(dialect.text(value, type)),
  bucket: (dialect, value, type) => dialect.remainder(dialect.hash(dialect.text(value, type)), 1000n),
};
const ofNumbers: Readonly<Record<string, Member>> = {
  double: (dialect, value, type) => dialect.double(value, type),
  floor: (dialect, value, type) =>
    `CASE WHEN abs(${dialect.double(value, type)}) < ${dialect.literal(2 ** 62)} THEN ${dialect.floor(dialect.double(value, type))} END`,
};

let postgresServer: RunningPostgres | undefined;
let engines: [Engine, Engine] | undefined;
afterAll(async () => {
  for (const engine of engines ?? []) await engine.close();
  await postgresServer?.stop();
});

/** One table a type in both engines: `n`, the number of the value, and `v`; the last row is NULL. */
async function scene(context: { skip(note: string): unknown }): Promise<[Engine, Engine]> {
  needsPostgres(context);
  if (engines !== undefined) return engines;
  postgresServer = await startPostgres();
  const client = new pg.Client({ connectionString: postgresServer.url });
  await client.connect();
  const duck = await DuckDbEngine.open({ readable: [] });
  await duck.run('CREATE SCHEMA public');
  const tables = { ...values, tries: { names: ['VARCHAR', 'text'] as const, texts: tries } };
  for (const [name, { names, texts }] of Object.entries(tables)) {
    await client.query(`CREATE TABLE public."${name}" (n integer PRIMARY KEY, v ${names[1]})`);
    await duck.run(`CREATE TABLE public."${name}" (n INTEGER, v ${names[0]})`);
    for (const [n, text] of [...texts, null].entries()) {
      await client.query(`INSERT INTO public."${name}" VALUES ($1, CAST($2::text AS ${names[1]}))`, [n, text]);
      await duck.run(`INSERT INTO public."${name}" VALUES (${n}, CAST(${duckdb.literal(text)} AS ${names[0]}))`);
    }
  }
  await client.end();
  engines = [duck, await PostgresEngine.open({ connection: postgresServer.url })];
  return engines;
}

/** Cells of a question that is put in each engine's own words; a difference is shown with its row. */
async function both(
  [duck, server]: [Engine, Engine],
  table: string,
  expressions: (dialect: Dialect) => string[],
): Promise<Cell[][]> {
  const ask = async (engine: Engine): Promise<Cell[][]> =>
    engine.rows(`SELECT n, ${expressions(engine.dialect).join(', ')} FROM public."${table}" ORDER BY n`);
  const [one, other] = [await ask(duck), await ask(server)];
  expect(other.map(exact)).toEqual(one.map(exact));
  return one;
}

/** As the engines write what is no finite number. */
const numberOf = (text: string): number => Number(text.replace(/^(-?)inf(?:inity)?$/i, '$1Infinity'));

/** −0 told apart from 0, and NaN equal to itself. */
const exact = (row: readonly Cell[]): string[] =>
  row.map((cell) => (typeof cell === 'number' && Object.is(cell, -0) ? '-0' : `${typeof cell} ${String(cell)}`));

/** What RE2 takes as it stands and JavaScript does not, or otherwise. */
const inJavaScript = (pattern: string): string =>
  ({ '[[]': '\\[', '}': '\\}', '\\s': '[\\t\\n\\f\\r ]' })[pattern] ?? pattern;

describe('DuckDB and PostgreSQL give the same cells', () => {
  for (const [name, { type, texts }] of Object.entries(values)) {
    test(`for every member, of ${name}`, async (context) => {
      const members = { ...always, ...(['number', 'integer', 'decimal'].includes(type) ? ofNumbers : {}) };
      const rows = await both(await scene(context), name, (dialect) =>
        Object.values(members).map((member) => member(dialect, 'v', type)),
      );
      expect(rows).toHaveLength(texts.length + 1);
      const md5 = (text: string): string => createHash('md5').update(text).digest('hex').slice(0, 15);
      for (const [, , text, , hash, length] of rows) {
        if (typeof text !== 'string') continue;
        expect(BigInt(String(hash))).toBe(BigInt(`0x${md5(text)}`));
        expect(length).toBe(Array.from(text).length);
      }
    });
  }

  test('for texts tried as each type', async (context) => {
    const types = ['boolean', 'integer', 'number', 'date', 'time', 'timestamp'] as const;
    const rows = await both(await scene(context), 'tries', (dialect) =>
      types.flatMap((type) => [dialect.text(dialect.tried('v', type), type), dialect.tried('v', type)]),
    );
    const of = (text: string): readonly Cell[] =>
      rows[tries.indexOf(text)]?.slice(1).filter((_, at) => at % 2 === 0) ?? [];
    expect(of('\u00A01\u3000')).toEqual([null, '1', '1.0', null, null, null]);
    expect(of('9223372036854775808')).toEqual([null, null, '9.223372036854776e+18', null, null, null]);
    expect(of('1e309')).toEqual([null, null, null, null, null, null]);
    expect(of('-1e-400')).toEqual([null, null, '-0.0', null, null, null]);
    expect(of('1.797693134862315807e308')[2]).toBe('1.7976931348623157e+308');
    expect(of('2023-02-29')).toEqual([null, null, null, null, null, null]);
    expect(of('2024-02-29')).toEqual([null, null, null, '2024-02-29', null, null]);
    expect(of('2024-01-01 12:00:00-0230')[5]).toBe('2024-01-01 14:30:00');
    expect(of('12:00:00.123456789')).toEqual([null, null, null, null, null, null]);
    for (const [at, text] of tries.entries()) {
      const number = rows[at]?.[6];
      if (typeof number === 'number' && !/[a-df-z]/i.test(text)) expect(number).toBe(Number(text));
    }
  });

  test('for patterns, and those that JavaScript finds', async (context) => {
    const rows = await both(await scene(context), 'text', (dialect) =>
      patterns.map((pattern) => dialect.matches('v', pattern)),
    );
    for (const [at, text] of (values['text']?.texts ?? []).entries()) {
      for (const [index, pattern] of patterns.entries()) {
        const isFound = new RegExp(inJavaScript(pattern), 'u').test(text);
        expect([text, pattern, rows[at]?.[index + 1]]).toEqual([text, pattern, isFound]);
      }
    }
  });

  test('for the parts of a timestamp', async (context) => {
    const parts = ['year', 'quarter', 'month', 'day', 'dayOfWeek', 'dayOfYear', 'hour', 'minute', 'second'] as const;
    await both(await scene(context), 'timestamp', (dialect) => parts.map((part) => dialect.datePart('v', part)));
    const [duck, server] = await scene(context);
    for (const engine of [duck, server]) {
      const ask = async (text: string): Promise<Cell[]> => {
        const value = `CAST('${text}' AS TIMESTAMP)`;
        return (
          (await engine.rows(`SELECT ${parts.map((part) => engine.dialect.datePart(value, part)).join(', ')}`))[0] ?? []
        );
      };
      expect(await ask('infinity')).toEqual(parts.map(() => null));
      // a Thursday, the day 60 of a leap year; and a Sunday
      expect(await ask('2024-02-29 23:59:59.999999')).toEqual([2024, 1, 2, 29, 3, 60, 23, 59, 59]);
      expect(await ask('1969-12-28 00:00:00')).toEqual([1969, 4, 12, 28, 6, 362, 0, 0, 0]);
    }
  });

  test('for orders and extremes: texts by code points, NaN above all, NULL last', async (context) => {
    const [duck, server] = await scene(context);
    for (const [name, { type, texts }] of Object.entries(values)) {
      for (const direction of ['ascending', 'descending'] as const) {
        const ask = async (engine: Engine): Promise<Cell[]> => {
          const order = engine.dialect.order('v', type, direction);
          return (await engine.rows(`SELECT n FROM public."${name}" ORDER BY ${order}, n`)).flat();
        };
        const found = await ask(duck);
        expect([name, await ask(server)]).toEqual([name, found]);
        expect(found.at(-1)).toBe(texts.length);
        if (name !== 'text' || direction === 'descending') continue;
        const sorted = [...texts.keys()].toSorted((a, b) =>
          Buffer.compare(Buffer.from(texts[a] ?? ''), Buffer.from(texts[b] ?? '')),
        );
        expect(found.slice(0, -1)).toEqual(sorted);
      }
    }
  });

  test('for sums beyond 64 bits, with a condition and without, and of nothing', async (context) => {
    const [duck, server] = await scene(context);
    const ask = async (engine: Engine): Promise<Cell[]> => {
      const { dialect } = engine;
      const sums = [dialect.exactSum('v'), dialect.exactSum('v', 'v > 0'), dialect.exactSum('v', 'v IS NULL')];
      return (await engine.rows(`SELECT ${sums.join(', ')} FROM public.integer`))[0] ?? [];
    };
    const whole = (values['integer']?.texts ?? []).map(BigInt);
    const sum = (some: readonly bigint[]): string => String(some.reduce((one, other) => one + other, 0n));
    expect(await ask(duck)).toEqual([sum(whole), sum(whole.filter((value) => value > 0n)), null]);
    expect(await ask(server)).toEqual(await ask(duck));
  });

  test('for values at ranks, which are those of sorting', async (context) => {
    const [duck, server] = await scene(context);
    const texts = values['number']?.texts ?? [];
    const sorted = texts
      .map(numberOf)
      .filter((value) => !Number.isNaN(value))
      .toSorted((one, other) => one - other);
    const ranks = [...sorted.keys()];
    const ask = async (engine: Engine): Promise<number[]> => {
      const { dialect } = engine;
      const number = `CASE WHEN NOT ${dialect.isNaN('v', 'number')} THEN v END`;
      const [row] = await engine.rows(`SELECT ${dialect.atRanks(number, ranks, sorted.length)} FROM public.number`);
      return String(row?.[0]).split(',').map(numberOf);
    };
    // −0 and 0 are one value, of which either may come first
    expect((await ask(duck)).map((value) => value + 0)).toEqual(sorted.map((value) => value + 0));
    expect((await ask(server)).map((value) => value + 0)).toEqual(sorted.map((value) => value + 0));
  });

  test('for whole numbers below and above, as float64', async (context) => {
    const rows = await both(await scene(context), 'number', (dialect) => [dialect.whole('v')]);
    for (const [at, text] of (values['number']?.texts ?? []).entries()) {
      expect([text, rows[at]?.[1]]).toEqual([text, Math.floor(numberOf(text))]);
    }
  });

  test('for constants', async (context) => {
    const numbers = [
      0,
      -0,
      1,
      -1,
      0.1,
      1e308,
      5e-324,
      -1.5,
      2 ** 53,
      2 ** 53 + 2,
      -(2 ** 53),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    const others = [null, true, false, 2n ** 63n - 1n, -(2n ** 63n) + 1n, ...(values['text']?.texts ?? [])];
    const rows = await both(await scene(context), 'boolean', (dialect) => [
      ...numbers.map((value) => dialect.double(dialect.literal(value))),
      ...others.map((value) => dialect.literal(value)),
    ]);
    expect(rows[0]?.slice(1)).toEqual([...numbers, ...others]);
  });
});

test('different whole numbers are counted by a bit each, those that are missing are not', async () => {
  const engine = await DuckDbEngine.open({ readable: [] });
  try {
    const count = (numbers: readonly (number | null)[]): string =>
      `SELECT ${duckdb.differentWithin?.('v', -3, 9) ?? ''} FROM (VALUES ${numbers.map((number) => `(CAST(${number ?? 'NULL'} AS INTEGER))`).join(', ')}) AS a(v)`;
    expect(await engine.rows(count([-3, 9, 9, null, 0, -3, 4]))).toEqual([[4]]);
    expect(await engine.rows(count([null]))).toEqual([[null]]);
    await expect(engine.rows(count([10]))).rejects.toThrow(expect.objectContaining({ code: 'HF_DATASET_QUERY' }));
  } finally {
    await engine.close();
  }
});

test('a pattern that PostgreSQL has no word for is refused, and a text that it cannot hold', () => {
  for (const pattern of [
    '(?i)a',
    '\\pL',
    '[\\D]',
    'a{300}',
    '\\',
    '[a',
    '(?=a)',
    '\\Qa\\E',
    '\\x{110000}',
    '[[:^alpha:]]',
  ]) {
    expect(() => postgres.matches('v', pattern), pattern).toThrow(
      expect.objectContaining({ code: 'HF_DATASET_OPTIONS' }),
    );
  }
  expect(() => postgres.literal('a\0b')).toThrow('zero character');
});
