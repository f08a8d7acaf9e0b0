import type { Cell, Table, TableColumn } from '@holdfast/dataset';
import { isNumeric } from '../rows/equal-rows.ts';
import { rowHash } from '../rows/sampled-rows.ts';
import type { ColumnFacts } from './column-facts.ts';

/** How well one column alone tells the label. */
export interface Telling {
  readonly column: string;
  /** Of the rows that were held back, how many have the label that was guessed for their value. */
  readonly accuracy: number;
  /** The same when the commonest label is guessed for every row. */
  readonly baseline: number;
  /** Which part of the baseline's mistakes is avoided: 0 for a column that tells nothing, 1 for one that tells the label. */
  readonly skill: number;
  /** Mutual information of column and label by the entropy of the label, over all rows. */
  readonly information: number;
}

/** A column of more values is cut into so many ranges of about as many rows; a label of numbers into fewer. */
const ranges = { column: 64, label: 10 };
const most = { texts: 10_000, labels: 50 };

/**
 * How well each column alone tells the label. For each value (or range of numbers) the commonest label in one half of
 * the rows, drawn by hash, is guessed for the other half; so a column that nowhere repeats itself, such as a key, tells nothing.
 *
 * Columns of texts with more than 10,000 values are not tried.
 */
export async function tellings(
  tables: readonly [Table, ...Table[]],
  label: ColumnFacts,
  columns: readonly ColumnFacts[],
  signal?: AbortSignal,
): Promise<Telling[]> {
  const answer = await coded(tables[0], label, most.labels, ranges.label);
  const found: Telling[] = [];
  for (const facts of columns) {
    signal?.throwIfAborted();
    if (!isNumeric(facts.column) && facts.distinct > most.texts) continue;
    const value = await coded(tables[0], facts, ranges.column, ranges.column);
    const counts = new Counts();
    for (const table of tables) counts.add(await table.engine.rows(countsOf(table, value, answer)));
    const telling = counts.telling(facts.column.name);
    if (telling !== undefined) found.push(telling);
  }
  return found;
}

/** SQL: the value as a text, or the number of its range where there are too many values. */
async function coded(table: Table, facts: ColumnFacts, values: number, cuts: number): Promise<string> {
  const { column, distinct } = facts;
  const { dialect } = table.engine;
  if (!isNumeric(column) || distinct <= values) return dialect.text(column.value, column.type);
  const edges = await edgesOf(table, column, cuts);
  const double = dialect.double(column.value);
  const cases = edges.map((edge, index) => `WHEN ${double} < ${dialect.literal(edge)} THEN '${index}'`);
  return `CASE WHEN ${column.value} IS NULL THEN NULL ${cases.join(' ')} ELSE '${edges.length}' END`;
}

/** Where ranges begin that hold about as many rows each, in the first file; equal values are in one range. */
async function edgesOf({ engine, relation }: Table, { value }: TableColumn, cuts: number): Promise<number[]> {
  const { dialect } = engine;
  const ranked = `(SELECT ${dialect.double(value)} AS held_value, rank() OVER (ORDER BY ${value}) - 1 AS held_rank, count(*) OVER () AS held_count FROM ${relation} WHERE ${value} IS NOT NULL) AS ranked`;
  const range = dialect.floor(dialect.double(`held_rank * ${cuts}`) + ` / held_count`);
  const rows = await engine.rows(`SELECT min(held_value) FROM ${ranked} GROUP BY ${range} ORDER BY 1`);
  return rows.slice(1).map(([edge]) => Number(edge));
}

function countsOf(table: Table, value: string, label: string): string {
  const { engine, relation } = table;
  const half = engine.dialect.remainder(rowHash(table), 2n);
  return `SELECT ${value}, ${label}, ${half}, count(*) FROM ${relation} WHERE ${label} IS NOT NULL GROUP BY 1, 2, 3`;
}

/** How often value and label meet, in the rows that are learned from and in those that are held back. */
class Counts {
  readonly #cells = new Map<string, Map<string, [learned: number, held: number]>>();
  readonly #labels = new Map<string, [learned: number, held: number]>();

  add(rows: readonly (readonly Cell[])[]): void {
    for (const [value, label, half, count] of rows) {
      // A value is never the text of no value.
      const key = value === null ? '' : `=${String(value)}`;
      const byLabel = this.#cells.get(key) ?? new Map<string, [number, number]>();
      this.#cells.set(key, byLabel);
      for (const counts of [byLabel, this.#labels]) {
        const known = counts.get(String(label)) ?? [0, 0];
        known[Number(half) === 0 ? 0 : 1] += Number(count);
        counts.set(String(label), known);
      }
    }
  }

  telling(column: string): Telling | undefined {
    const held = sum([...this.#labels.values()].map(([, count]) => count));
    const commonest = commonestOf(this.#labels);
    const base = this.#labels.get(commonest)?.[1] ?? 0;
    if (held === 0 || base === held) return undefined;
    let right = 0;
    for (const byLabel of this.#cells.values()) {
      const learned = sum([...byLabel.values()].map(([count]) => count));
      right += byLabel.get(learned === 0 ? commonest : commonestOf(byLabel))?.[1] ?? 0;
    }
    return {
      ...{ column, accuracy: right / held, baseline: base / held, skill: (right - base) / (held - base) },
      information: this.#information(),
    };
  }

  #information(): number {
    const all = ([learned, held]: readonly [number, number]): number => learned + held;
    const total = sum([...this.#labels.values()].map(all));
    const entropy = (counts: readonly number[], of: number): number =>
      -sum(counts.filter((count) => count > 0).map((count) => (count / of) * Math.log(count / of)));
    const labels = entropy([...this.#labels.values()].map(all), total);
    const given = [...this.#cells.values()].map((byLabel) => {
      const counts = [...byLabel.values()].map(all);
      return (sum(counts) / total) * entropy(counts, sum(counts));
    });
    return labels === 0 ? 0 : 1 - sum(given) / labels;
  }
}

function commonestOf(counts: ReadonlyMap<string, readonly [number, number]>): string {
  let [found, many] = ['', -1];
  for (const [label, [learned]] of counts) {
    if (learned > many || (learned === many && label < found)) [found, many] = [label, learned];
  }
  return found;
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
