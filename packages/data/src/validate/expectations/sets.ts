import type { Cell, Dialect, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import type { Question } from '../../metrics/metric.ts';
import { among } from '../columns.ts';
import { comparand } from '../comparand.ts';
import type { ExpectationType, Outcome, Scene } from '../expectation-type.ts';
import { withGroups } from '../gathered-groups.ts';
import type { Kwargs } from '../kwargs.ts';

/** Distinct values of a column against a set: all of them in it, all of it among them, or both. */
const distinctValues = (
  name: string,
  demands: { readonly inside: boolean; readonly whole: boolean },
): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const column = among(scene.column(kwargs.text('column')), scene.where);
    const members = membersOf(kwargs, scene, column);
    const given = members.filter((each) => each !== undefined);
    const outside = given.length === 0 ? `${column.value} IS NOT NULL` : `${column.value} NOT IN (${given.join(', ')})`;
    const strangers = countWhere(outside);
    const each = given.map((member) => countWhere(`${column.value} = ${member}`));
    const seen = firstValues(column);
    return {
      metrics: [seen, ...(demands.inside ? [strangers] : []), ...(demands.whole ? each : [])],
      judge(found) {
        const isInside = !demands.inside || found.get(strangers) === 0;
        const isWhole =
          !demands.whole || (given.length === members.length && each.every((count) => found.get(count) > 0));
        return { success: isInside && isWhole, observed: found.get(seen) };
      },
    };
  },
});

function membersOf(kwargs: Kwargs, { tables: [table] }: Scene, column: TableColumn): (string | undefined)[] {
  const { dialect }: { dialect: Dialect } = table.engine;
  return kwargs.list('value_set').map((value) => comparand(dialect, column, value));
}

/** Values that are shown of a column. */
const mostShown = 20;

function firstValues(column: TableColumn): Question<readonly string[], readonly string[]> {
  const cut = (values: readonly string[]): readonly string[] => [...new Set(values)].sort().slice(0, mostShown);
  return {
    kind: 'question',
    key: `first values of ${column.value}`,
    sql({ engine: { dialect }, relation }) {
      const values = `SELECT ${column.value} AS v FROM ${relation} WHERE ${column.value} IS NOT NULL GROUP BY ${column.value}`;
      const texts = `SELECT ${dialect.text('v', column.type)} AS t FROM (${values}) AS b`;
      return `SELECT t FROM (${texts}) AS a ORDER BY ${dialect.order('t', 'text', 'ascending')} LIMIT ${mostShown}`;
    },
    read: (rows) => cut(rows.map(([text]) => String(text))),
    merge: (one, other) => cut([...one, ...other]),
    value: (state) => state,
  };
}

const mostCommon: ExpectationType = {
  name: 'expect_column_most_common_value_to_be_in_set',
  prepare(kwargs, scene) {
    const column = among(scene.column(kwargs.text('column')), scene.where);
    const given = membersOf(kwargs, scene, column).filter((each) => each !== undefined);
    const isTieFine = kwargs.flag('ties_okay');
    const isMember = (value: string): string => (given.length === 0 ? 'FALSE' : `${value} IN (${given.join(', ')})`);
    const outcomeOf = ({ values, members, count }: Modes): Outcome => ({
      success: isTieFine ? members > 0 : count === 1 && members === 1,
      observed: values,
    });
    if (scene.tables.length > 1)
      return { metrics: [], judge: async () => outcomeOf(await modesAcross(scene, column, isMember(column.value))) };
    const modes = modesOf(column, isMember('v'));
    return { metrics: [modes], judge: (found) => outcomeOf(found.get(modes)) };
  },
};

interface Modes {
  /** Some of them. */
  readonly values: readonly string[];
  readonly count: number;
  /** Those that are in the set. */
  readonly members: number;
}

/** The values that are there most often; the state is of one part. */
function modesOf(column: TableColumn, isMember: string): Question<Modes, Modes> {
  return {
    kind: 'question',
    key: `modes of ${column.value} ${isMember}`,
    sql({ engine: { dialect }, relation }) {
      const groups = `SELECT ${column.value} AS v, count(*) AS n FROM ${relation} WHERE ${column.value} IS NOT NULL GROUP BY ${column.value}`;
      const most = `SELECT v FROM (${groups}) AS a WHERE n = (SELECT max(n) FROM (${groups}) AS b)`;
      const told = `SELECT ${dialect.text('v', column.type)} AS t, count(*) OVER () AS c, sum(CASE WHEN ${isMember} THEN 1 ELSE 0 END) OVER () AS m FROM (${most}) AS d`;
      return `SELECT t, c, m FROM (${told}) AS e ORDER BY ${dialect.order('t', 'text', 'ascending')} LIMIT ${mostShown}`;
    },
    read: modesIn,
    merge: (one) => one,
    value: (state) => state,
  };
}

/** The same of a table in several files. */
async function modesAcross(scene: Scene, column: TableColumn, isMember: string): Promise<Modes> {
  const asked = { columns: [column], where: `${column.value} IS NOT NULL`, mark: isMember };
  return withGroups(scene, asked, async (engine) => {
    const groups = 'SELECT min(shown) AS t, sum(n) AS n, bool_or(mark) AS m FROM groups GROUP BY key';
    const most = `SELECT t, m FROM (${groups}) AS a WHERE n = (SELECT max(n) FROM (${groups}) AS b)`;
    const told = `SELECT t, count(*) OVER () AS c, sum(CASE WHEN m THEN 1 ELSE 0 END) OVER () AS s FROM (${most}) AS d`;
    const rows = await engine.rows(
      `SELECT t, CAST(c AS BIGINT), CAST(s AS BIGINT) FROM (${told}) AS e ORDER BY t LIMIT ${mostShown}`,
    );
    return modesIn(rows);
  });
}

const modesIn = (rows: readonly (readonly Cell[])[]): Modes => ({
  values: rows.map(([text]) => String(text)),
  count: Number(rows[0]?.[1] ?? 0),
  members: Number(rows[0]?.[2] ?? 0),
});

export const setExpectations: readonly ExpectationType[] = [
  distinctValues('expect_column_distinct_values_to_be_in_set', { inside: true, whole: false }),
  distinctValues('expect_column_distinct_values_to_contain_set', { inside: false, whole: true }),
  distinctValues('expect_column_distinct_values_to_equal_set', { inside: true, whole: true }),
  mostCommon,
];
