import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTable, type Table } from '@holdfast/dataset';
import { parsePythonJson } from '../../src/validate/parse-json.ts';
import { type Judged, runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';

/** The recordings of Great Expectations: tools/peers/record-expectations.py makes them. */
export const recordings = join(import.meta.dirname, '../fixtures/expectations');

/** What one engine of theirs said. */
export interface Recorded {
  readonly success?: boolean;
  readonly result?: {
    readonly element_count?: number;
    readonly unexpected_count?: number;
    readonly missing_count?: number;
    readonly observed_value?: unknown;
    readonly partial_unexpected_list?: readonly unknown[];
    readonly unexpected_index_list?: readonly number[];
  };
  /** Messages of exceptions. */
  readonly raised?: readonly string[];
  /** They refuse to make such an expectation. */
  readonly invalid?: string;
}

export interface RecordedCase {
  readonly name: string;
  readonly table: string;
  readonly expectation: { readonly type: string; readonly kwargs: Readonly<Record<string, unknown>> };
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly pandas: Recorded;
  readonly sqlite: Recorded | 'same';
}

/** The cases of a file, such as `sets`. */
export function casesOf(file: string): readonly RecordedCase[] {
  const text = readFileSync(join(recordings, `${file}.json`), 'utf8');
  // JSON has no infinite numbers: where a case holds one, its name stands there.
  const { cases } = parsePythonJson(text.replaceAll(/\{"\$":"(-?Infinity)"\}/g, '$1')) as { cases: RecordedCase[] };
  return cases;
}

/** Tables of the recordings by their names, opened once. */
export class RecordedTables {
  readonly #open = new Map<string, Promise<Table>>();
  readonly #opener: (path: string, name: string) => Promise<Table>;

  constructor(
    opener: (path: string, name: string) => Promise<Table> = async (path) => openTable(path, { threads: 1 }),
  ) {
    this.#opener = opener;
  }

  async table(name: string): Promise<Table> {
    const file = readdirSync(join(recordings, 'tables')).find((each) => each.startsWith(`${name}.`));
    if (file === undefined) throw new Error(`there is no recorded table ${name}`);
    const known = this.#open.get(name) ?? this.#opener(join(recordings, 'tables', file), name);
    this.#open.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    for (const table of this.#open.values()) await (await table).close();
  }

  async #named(names: readonly string[]): Promise<(readonly [string, Table])[]> {
    return Promise.all(names.map(async (name) => [name, await this.table(name)] as const));
  }

  /** What we say to a case, of the table or of the parts that are made of it. */
  async judge(
    { expectation, table, parameters }: RecordedCase,
    partsOf: (table: Table) => readonly [Table, ...Table[]] = (whole) => [whole],
  ): Promise<Judged> {
    const written = JSON.stringify({ expectations: [expectation] }, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? `\u0001${value}` : value,
    ).replaceAll(/"\\u0001(-?Infinity|NaN)"/g, '$1');
    const suite = parseSuite(written);
    const others = new Map([
      ...(await this.#named(['mixed', 'single', 'empty'])),
      [table, await this.table(table)] as const,
    ]);
    const options = { name: table, others, ...(parameters === undefined ? {} : { parameters }) };
    const [judged] = await runSuite(partsOf(await this.table(table)), suite, options);
    if (judged === undefined) throw new Error('nothing was judged');
    return judged;
  }
}

/** Of a recorded answer, what has to be the same as ours: of a type only whether it is met, since the pandas engine counts. */
export function comparable(recorded: Recorded, { expectation }: RecordedCase): string {
  if ((recorded.raised ?? []).length > 0 || recorded.invalid !== undefined) return 'unanswered';
  const { element_count: elements, missing_count: missing, unexpected_count: unexpected } = recorded.result ?? {};
  const isAboutType = /_of_type$|_type_list$|_type_to_be$|query_results/.test(expectation.type);
  const counts = elements === undefined || isAboutType ? {} : { elements, missing: missing ?? 0, unexpected };
  return JSON.stringify({ success: recorded.success, ...counts });
}

export function oursComparable({ outcome }: Judged): string {
  if (outcome === undefined) return 'unanswered';
  return JSON.stringify({ success: outcome.success, ...outcome.counts });
}

/** Whether ours is what one of their engines says. */
export function isAsRecorded(each: RecordedCase, ours: Judged): boolean {
  const engines = [each.pandas, ...(each.sqlite === 'same' ? [] : [each.sqlite])];
  return engines.some((engine) => comparable(engine, each) === oursComparable(ours));
}
