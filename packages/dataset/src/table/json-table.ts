import type { TriedType } from '../dialect/dialect.ts';
import { duckdb } from '../dialect/duckdb.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { DatasetError, shown } from '../errors.ts';
import { columnNames, type NamedColumn } from './column-names.ts';
import { surveyCsv } from './csv/csv-survey.ts';
import { isHeldOf } from './held.ts';
import { rowsOfFile } from './left-out.ts';
import type { TableOptions } from './open-table.ts';
import { cell, type Table, type TableDefect } from './table.ts';
import { textIn, typedTable } from './typed-table.ts';
import { type ReadSome, typedBlocks, type WideTable, wide } from './wide/typed-blocks.ts';

/** No text of JSON holds it. */
const noSeparator = '\u0001';
const mostColumns = 20_000;
/** Keys for which a line is taken apart at once. */
const keysTogether = 500;
const mostBroken = 100_000;
const mostDefects = 10_000;

/** A file with an object of JSON on each line: its keys, in the order in which they appear, are the columns. */
export async function jsonTable(engine: DuckDbEngine, path: string, options: TableOptions): Promise<Table> {
  const survey = surveyCsv(path, { names: ['line'], separator: noSeparator, quotes: false });
  await engine.run(
    `CREATE TABLE texts AS SELECT * FROM read_csv(${duckdb.literal(engine.pathOf(path))}, columns = {'line': 'VARCHAR'}, delim = '${noSeparator}', quote = '', escape = '', max_line_size = ${Math.max(2 ** 21, 4 * survey.longest + 1024)}, header = false, auto_detect = false, compression = 'none', skip = 0, comment = '', strict_mode = ${!survey.isMixed}, null_padding = false, ignore_errors = true, store_rejects = true, rejects_limit = 1)`,
  );
  const taken = Number(await cell(engine, 'SELECT count(*) FROM texts'));
  const number = await rowsOfFile(engine, 'texts', survey.leftOut);
  const isObject = `CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE FALSE END`;
  await engine.run(
    `CREATE TABLE lines AS SELECT line, ${number} AS number, ${isObject} AS fits FROM texts WHERE line IS NOT NULL AND trim(line) <> ''`,
  );
  await engine.run('DROP TABLE texts');
  const total = Number(await cell(engine, 'SELECT count(*) FROM lines')) + survey.leftOut.length;
  const defects = [...survey.defects, ...mismatch(taken, survey.rows - survey.leftOut.length)];
  defects.push(...(await brokenLines(engine, path)), ...(await silentLosses(engine)));
  const typed = await typedObjects(engine, path, options);
  const rows = Number(await cell(typed.engine, `SELECT count(*) FROM ${typed.relation}`));
  return {
    ...typed,
    rows,
    total,
    keys: [],
    defects: [...defects, ...typed.defects],
    close: async () => engine.close(),
  };
}

function mismatch(taken: number, expected: number): TableDefect[] {
  if (taken === expected) return [];
  const message = `DuckDB takes ${taken} lines for what are ${expected}: row numbers and values are not to be relied on`;
  return [{ kind: 'unreadable', message, isLeftOut: true }];
}

async function brokenLines(engine: DuckDbEngine, path: string): Promise<TableDefect[]> {
  const rows = await engine.rows(`SELECT number FROM lines WHERE NOT fits ORDER BY number LIMIT ${mostBroken + 1}`);
  if (rows.length > mostBroken) {
    const message = `more than ${mostBroken} lines of ${shown(path)} are no objects of JSON`;
    throw new DatasetError('HF_DATASET_FORMAT', message, { where: path });
  }
  await engine.run('DELETE FROM lines WHERE NOT fits');
  return rows.slice(0, mostDefects).map(([row]) => ({
    ...{ kind: 'unreadable', message: 'it is no object of JSON', row: Number(row), isLeftOut: true },
  }));
}

/** What DuckDB reads in its own way without a word: the first of two equal keys, numbers with more digits than a float64. */
async function silentLosses(engine: DuckDbEngine): Promise<TableDefect[]> {
  const first = async (condition: string): Promise<number | undefined> => {
    const row = await cell(engine, `SELECT min(number) FROM lines WHERE ${condition}`);
    return row === null ? undefined : Number(row);
  };
  const twice = await first('len(json_keys(line)) <> len(list_distinct(json_keys(line)))');
  const digits = await first(`regexp_matches(line, ':[ \\t]*-?[0-9]*[.][0-9]{18,}')`);
  const defects: TableDefect[] = [];
  if (twice !== undefined) {
    const message = 'a key is there twice: the first value is taken';
    defects.push({ kind: 'duplicate-name', message, row: twice, isLeftOut: true });
  }
  if (digits !== undefined) {
    const message = 'a number has more digits than a float64 holds: it is rounded';
    defects.push({ kind: 'precision', message, row: digits, isLeftOut: false });
  }
  return defects;
}

async function typedObjects(engine: DuckDbEngine, path: string, options: TableOptions): Promise<WideTable> {
  const keys = await keysOf(engine, path);
  const { columns } = columnNames(keys);
  if (columns.length > wide) return wideObjects(engine, { path, keys, columns, options });
  const values = keys.map((key) => `json_extract(line, ${pointerTo(key)})`);
  const kinds = await kindsOf(engine, values, 'lines');
  const texts = columns.map(
    ({ stored }, index) => `json_extract_string(line, ${pointerTo(keys[index] ?? '')}) AS ${duckdb.identifier(stored)}`,
  );
  await engine.run(`CREATE TABLE texts AS SELECT ${[...texts, 'number AS "\u0001number"'].join(', ')} FROM lines`);
  await engine.run('DROP TABLE lines');
  const typed = await typedTable(engine, columns, {
    ...options,
    number: '"\u0001number"',
    hasEmpty: true,
    candidates: kinds.map(candidatesOf),
    nested: nestedAmong(columns, kinds),
  });
  return { ...typed, engine, relation: 'typed' };
}

const pointerTo = (key: string): string => duckdb.literal(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);

const nestedAmong = (columns: readonly NamedColumn[], kinds: readonly ReadonlySet<Kind>[]): Set<string> =>
  new Set(columns.filter((_, index) => kinds[index]?.has('nested') === true).map(storedOf));

interface Keyed {
  readonly path: string;
  readonly keys: readonly string[];
  readonly columns: readonly NamedColumn[];
  readonly options: TableOptions;
}

/** A line is taken apart once for many keys: to look for each of them in all of it would take the square of their number. */
async function wideObjects(engine: DuckDbEngine, { path, keys, columns, options }: Keyed): Promise<WideTable> {
  const readSome: ReadSome = async (create, some, from) => {
    const form = some.map((_, index) => `${JSON.stringify(keys[from + index] ?? '')}:"JSON"`);
    const parsed = `from_json(line, ${duckdb.literal(`{${form.join(',')}}`)}) AS fields, number AS "\u0001number"`;
    // made before the blocks, which lie in a database of their own
    await engine.run(`${create} AS SELECT ${parsed} FROM tables.lines`);
    const values = some.map((_, index) => `struct_extract_at(fields, ${index + 1})`);
    const kinds = await kindsOf(engine, values, 'fields');
    return {
      number: '"\u0001number"',
      texts: values.map((value) => textIn(`(${value} ->> '$')`, { ...options, hasEmpty: true })),
      candidates: kinds.map(candidatesOf),
      nested: nestedAmong(some, kinds),
    };
  };
  return typedBlocks(engine, columns, { readSome, together: keysTogether, isHeld: isHeldOf(path) });
}

const storedOf = ({ stored }: NamedColumn): string => stored;

async function keysOf(engine: DuckDbEngine, path: string): Promise<string[]> {
  const rows = await engine.rows(
    `SELECT name FROM (SELECT number, unnest(json_keys(line)) AS name, generate_subscripts(json_keys(line), 1) AS place FROM lines) AS keys GROUP BY name ORDER BY min(number * 100000 + place) LIMIT ${mostColumns + 1}`,
  );
  if (rows.length > mostColumns) {
    const message = `${shown(path)} has more than ${mostColumns} keys`;
    throw new DatasetError('HF_DATASET_LIMIT', message, { where: path });
  }
  if (rows.length > 0) return rows.map(([name]) => String(name));
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} holds no objects of JSON with keys`, { where: path });
}

type Kind = 'boolean' | 'number' | 'text' | 'nested';
/** How the types of DuckDB's JSON begin; `null` is none of them. */
const kindOf: readonly (readonly [begin: string, kind: Kind])[] = [
  ...[['BO', 'boolean'] as const, ['UB', 'number'] as const, ['BI', 'number'] as const, ['HU', 'number'] as const],
  ...[['DO', 'number'] as const, ['VA', 'text'] as const, ['OB', 'nested'] as const, ['AR', 'nested'] as const],
];

/** What kinds of values the keys have. */
async function kindsOf(engine: DuckDbEngine, values: readonly string[], relation: string): Promise<Set<Kind>[]> {
  const kinds: Set<Kind>[] = [];
  // a bit for each type: the place where it begins (sets of texts would take DuckDB a hundred times as much memory)
  const begins = duckdb.literal(kindOf.map(([begin]) => begin).join(' '));
  for (let at = 0; at < values.length; at += 100) {
    const asked = values.slice(at, at + 100).map((v) => `bit_or(1 << strpos(${begins}, left(json_type(${v}), 2)))`);
    const [row = []] = await engine.rows(`SELECT ${asked.join(', ')} FROM ${relation}`);
    for (const found of row) {
      const bits = Number(found ?? 0);
      const isThere = (index: number): boolean => (bits & (1 << (3 * index + 1))) !== 0;
      kinds.push(new Set(kindOf.filter((_, index) => isThere(index)).map(([, kind]) => kind)));
    }
  }
  return kinds;
}

/** A number in quotes is a text; a date has no other way to be written. */
function candidatesOf(kinds: ReadonlySet<Kind>): readonly TriedType[] {
  if (kinds.size !== 1) return [];
  if (kinds.has('number')) return ['integer', 'number'];
  if (kinds.has('boolean')) return ['boolean'];
  return kinds.has('text') ? ['date', 'timestamp', 'time'] : [];
}
