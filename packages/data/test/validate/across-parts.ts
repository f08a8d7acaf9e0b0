import type { Table } from '@holdfast/dataset';
import { knownDifferences } from './known-differences.ts';
import { casesOf, isAsRecorded, oursComparable, type RecordedCase, RecordedTables } from './recorded.ts';

/** The rows of a table, one after the other in turn, as three tables. */
function inThree(table: Table): [Table, ...Table[]] {
  const part = (index: number): Table => ({
    ...table,
    relation: `(SELECT * FROM ${table.relation} WHERE ${table.rowNumber ?? ''} % 3 = ${index}) AS part`,
  });
  return [part(1), part(2), part(0)];
}

const across = /_column_values_to_be_unique$|compound_columns|most_common/;

/** Recorded cases about what is unique or most common. */
export const uniqueCases = ['order', 'sets', 'multicolumn']
  .flatMap(casesOf)
  .filter(({ expectation }) => across.test(expectation.type));

/** Those whose answer, or whose rows, are not the recorded ones when the table lies in three files. */
export async function differingInParts(cases: readonly RecordedCase[]): Promise<unknown[]> {
  const tables = new RecordedTables();
  const differing = [];
  for (const each of cases) {
    if (knownDifferences.some(({ name }) => name.test(each.name))) continue;
    const [whole, parts] = [await tables.judge(each), await tables.judge(each, inThree)];
    const rows = (judged: typeof whole): unknown =>
      judged.rows.map(({ row }) => row).toSorted((a, b) => Number(a) - Number(b));
    const isSame = JSON.stringify(rows(parts)) === JSON.stringify(rows(whole));
    if (isAsRecorded(each, parts) && isSame && oursComparable(parts) === oursComparable(whole)) continue;
    differing.push({ name: each.name, whole: oursComparable(whole), parts: oursComparable(parts), why: parts.reason });
  }
  await tables.close();
  return differing;
}
