import type { Cell, Table } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import { requireOnePart } from '../columns.ts';
import { type ExpectationType, type Outcome, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { answers, asRelation, named, requireOneQuery } from '../user-query.ts';

const unexpectedRows: ExpectationType = {
  name: 'unexpected_rows_expectation',
  prepare(kwargs, scene) {
    requireOnePart(scene, 'the answer to a query');
    const [table] = scene.tables;
    const query = kwargs.text('unexpected_rows_query');
    requireOneQuery(query);
    const placeholders = query.match(/\{\w*\}/g) ?? [];
    const strange = placeholders.find((each) => each !== '{batch}');
    if (strange !== undefined) throw new Unanswerable(`the query holds \`${strange}\`, which stands for nothing`);
    const batch = table.engine.dialect.identifier('{batch}');
    const asked = named(query.replaceAll('{batch}', batch), scene.name, table, [batch, asRelation(table, scene.where)]);
    return {
      metrics: [],
      async judge(): Promise<Outcome> {
        const [row] = await answers(table, `SELECT count(*) FROM (${asked}) AS answer`);
        const count = Number(row?.[0] ?? 0);
        return { success: count === 0, observed: count };
      },
    };
  },
};

/** The other table of a name. @throws Unanswerable */
function otherTable({ others, tables: [table], name }: Scene, wanted: string): Table {
  const found = wanted === name ? table : others.get(wanted);
  if (found !== undefined) return found;
  throw new Unanswerable(`there is no table \`${wanted}\`: name its file with the option \`other\``);
}

const rowsOfOther: ExpectationType = {
  name: 'expect_table_row_count_to_equal_other_table',
  prepare(kwargs, scene) {
    const other = otherTable(scene, kwargs.text('other_table_name'));
    const rows = countWhere(scene.where);
    return {
      metrics: [rows],
      judge(found) {
        const [self, theirs] = [found.get(rows), other.rows];
        return { success: self === theirs, observed: { self, other: theirs } };
      },
    };
  },
};

/** Rows of an answer that are held to be compared. */
const mostCompared = 1_000_000;

const sameAnswers: ExpectationType = {
  name: 'expect_query_results_to_match_comparison',
  prepare(kwargs, scene) {
    requireOnePart(scene, 'the answer to a query');
    const mostly = kwargs.mostly();
    const [mine, theirs] = ['base_query', 'comparison_query'].map((name) => queryOf(kwargs, name, scene));
    // The name of a connection: the tables are those that are named here, wherever GX had them from.
    kwargs.raw('comparison_data_source_name');
    return {
      metrics: [],
      async judge(): Promise<Outcome> {
        const [base, comparison] = [await mine?.(), await theirs?.()];
        return compared(base ?? [], comparison ?? [], mostly);
      },
    };
  },
};

/** Asks a query of whichever table it names. */
function queryOf(kwargs: Kwargs, argument: string, scene: Scene): () => Promise<Cell[][]> {
  const query = kwargs.text(argument);
  requireOneQuery(query);
  const tables = new Map<string, Table>([...scene.others, [scene.name, scene.tables[0]]]);
  const found = [...tables].find(([name]) => new RegExp(String.raw`\b${escaped(name)}\b`).test(query));
  const [name, table] = found ?? [scene.name, scene.tables[0]];
  return async () => {
    const rows = await answers(
      table,
      `SELECT * FROM (${named(query, name, table)}) AS answer LIMIT ${mostCompared + 1}`,
    );
    if (rows.length > mostCompared) throw new Unanswerable(`the answer has more than ${mostCompared} rows`);
    return rows;
  };
}

const escaped = (text: string): string => text.replaceAll(/[^\w]/g, String.raw`\$&`);

/** GX: rows that have no equal in the other answer, each as often as it is there, of the larger answer. */
function compared(base: readonly Cell[][], comparison: readonly Cell[][], mostly: number): Outcome {
  const largest = Math.max(base.length, comparison.length);
  if (largest === 0) return { success: true, observed: 0 };
  const counts = new Map<string, number>();
  const keyOf = (row: readonly Cell[]): string =>
    JSON.stringify(row.map((cell) => (typeof cell === 'bigint' ? String(cell) : cell)));
  for (const row of base) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  let matching = 0;
  for (const row of comparison) {
    const left = counts.get(keyOf(row)) ?? 0;
    if (left > 0) matching += 1;
    counts.set(keyOf(row), left - 1);
  }
  const percent = (1 - matching / largest) * 100;
  return { success: 100 - percent >= mostly * 100, observed: largest - matching };
}

export const queryExpectations: readonly ExpectationType[] = [unexpectedRows, rowsOfOther, sameAnswers];
