import type { TableColumn } from '@holdfast/dataset';
import type { Metric } from '../../metrics/metric.ts';
import { repeatedRows } from '../../metrics/repeated-rows.ts';
import { isNumeric, rowsOf } from '../columns.ts';
import { comparand } from '../comparand.ts';
import { type ExpectationType, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { prepareUniqueAcross } from '../repeated-across.ts';
import { isAmong, named, rowIdentity } from '../row-identity.ts';
import { prepareMap } from '../value-map.ts';

/** Which rows an expectation about several columns passes over. */
function ignored(
  kwargs: Kwargs,
  columns: readonly TableColumn[],
  otherwise: string,
  names: Readonly<Record<string, 'all' | 'any' | 'never'>>,
): string {
  const given = kwargs.raw('ignore_row_if') ?? otherwise;
  const rule = typeof given === 'string' && Object.hasOwn(names, given) ? names[given] : undefined;
  if (rule === undefined) throw new Unanswerable(`\`ignore_row_if\` does not take ${JSON.stringify(given)}`);
  if (rule === 'never') return 'FALSE';
  return `(${columns.map(({ value }) => `${value} IS NULL`).join(rule === 'all' ? ' AND ' : ' OR ')})`;
}

const pairRules = { both_values_are_missing: 'all', either_value_is_missing: 'any', neither: 'never' } as const;
const listRules = { all_values_are_missing: 'all', any_value_is_missing: 'any', never: 'never' } as const;

/** An expectation about two values of a row. `holds` is SQL that is true where it is met. */
const pairMap = (
  name: string,
  holds: (a: TableColumn, b: TableColumn, kwargs: Kwargs, scene: Scene) => string,
): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const [a, b] = [scene.column(kwargs.text('column_A')), scene.column(kwargs.text('column_B'))];
    const isMissing = ignored(kwargs, [a, b], 'both_values_are_missing', pairRules);
    kwargs.raw('parse_strings_as_datetimes');
    const unexpected = `NOT ${isMissing} AND NOT COALESCE(${holds(a, b, kwargs, scene)}, FALSE)`;
    return prepareMap(kwargs, scene, { isMissing, unexpected, columns: [a, b] });
  },
});

/** Whether two columns can be compared as Python would. */
function requireComparable(a: TableColumn, b: TableColumn): void {
  if (a.type === b.type || (isNumeric(a) && isNumeric(b))) return;
  throw new Unanswerable(`\`${a.name}\` (${a.type}) and \`${b.name}\` (${b.type}) cannot be compared`);
}

const equalPair = pairMap('expect_column_pair_values_to_be_equal', (a, b) =>
  a.type === b.type || (isNumeric(a) && isNumeric(b)) ? `${a.value} = ${b.value}` : 'FALSE',
);

const greaterPair = pairMap('expect_column_pair_values_a_to_be_greater_than_b', (a, b, kwargs) => {
  requireComparable(a, b);
  return `${a.value} ${kwargs.flag('or_equal') ? '>=' : '>'} ${b.value}`;
});

const pairInSet = pairMap('expect_column_pair_values_to_be_in_set', (a, b, kwargs, { tables: [table] }) => {
  const pairs = kwargs.list('value_pairs_set').flatMap((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2)
      return kwargs.refuse('value_pairs_set', 'holds something that is no pair');
    const both = [a, b].map((column, index) => isAs(column, pair[index] as unknown, table.engine.dialect));
    return [`(${both.join(' AND ')})`];
  });
  return pairs.length === 0 ? 'FALSE' : pairs.join(' OR ');
});

function isAs(column: TableColumn, value: unknown, dialect: Scene['tables'][0]['engine']['dialect']): string {
  if (value === null) return `${column.value} IS NULL`;
  const member = comparand(dialect, column, value);
  return member === undefined ? 'FALSE' : `${column.value} = ${member}`;
}

/** An expectation about the values of several columns in each row. */
const listMap = (
  name: string,
  holds: (columns: readonly TableColumn[], kwargs: Kwargs, scene: Scene) => string,
  counted?: (columns: readonly TableColumn[], scene: Scene, isMissing: string) => Metric<number>,
): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const columns = kwargs.texts('column_list').map((each) => scene.column(each));
    if (columns.length < 2) kwargs.refuse('column_list', 'names fewer than two columns');
    const isMissing = ignored(kwargs, columns, 'all_values_are_missing', listRules);
    if (counted !== undefined && scene.tables.length > 1)
      return prepareUniqueAcross(kwargs, scene, { isMissing, columns });
    const unexpected = `NOT ${isMissing} AND NOT COALESCE(${holds(columns, kwargs, scene)}, FALSE)`;
    const faster = counted === undefined ? {} : { counted: counted(columns, scene, isMissing) };
    return prepareMap(kwargs, scene, { isMissing, unexpected, columns, ...faster });
  },
});

/** Columns each of which is compared with each other one. */
const mostCompared = 64;

function pairsOf(columns: readonly TableColumn[]): [TableColumn, TableColumn][] {
  if (columns.length > mostCompared) {
    throw new Unanswerable(
      `each of ${columns.length} columns is to be compared with each, which is done up to ${mostCompared}`,
    );
  }
  return columns.flatMap((one, index) =>
    columns.slice(index + 1).map((other): [TableColumn, TableColumn] => [one, other]),
  );
}

const differ = ([one, other]: [TableColumn, TableColumn]): string => {
  if (one.type !== other.type && !(isNumeric(one) && isNumeric(other)))
    return `NOT (${one.value} IS NULL AND ${other.value} IS NULL)`;
  return `${one.value} IS DISTINCT FROM ${other.value}`;
};

const allDiffer = (columns: readonly TableColumn[]): string => pairsOf(columns).map(differ).join(' AND ') || 'TRUE';

const uniqueWithin = listMap('expect_select_column_values_to_be_unique_within_record', allDiffer);
/** As suites of before 0.13 call it. */
const olderUniqueWithin = listMap('expect_multicolumn_values_to_be_unique', allDiffer);

const equalWithin = listMap(
  'expect_multicolumn_values_to_be_equal',
  (columns) =>
    pairsOf(columns)
      .map((pair) => `NOT ${differ(pair)}`)
      .join(' AND ') || 'TRUE',
);

const sumWithin = listMap('expect_multicolumn_sum_to_equal', (columns, kwargs, { tables: [table] }) => {
  const { dialect } = table.engine;
  const total = kwargs.number('sum_total') ?? kwargs.refuse('sum_total', 'is missing');
  const other = columns.find((column) => !isNumeric(column));
  if (other !== undefined) throw new Unanswerable(`the column \`${other.name}\` holds no numbers, but ${other.type}`);
  const terms = columns.map(({ value }) => dialect.double(value));
  return `(${terms.join(' + ')}) = ${dialect.literal(total)}`;
});

const holdsOnce = (columns: readonly TableColumn[], _kwargs: Kwargs, scene: Scene): string => {
  const identity = rowIdentity(scene.tables[0]);
  const names = columns.map(({ value }) => value).join(', ');
  const counted = `SELECT ${named(identity)}, count(*) OVER (PARTITION BY ${names}) AS n FROM ${rowsOf(scene)}`;
  return isAmong(identity, counted, 'n > 1', 'NOT ');
};

/** Whether a row is left out follows from the values that it is grouped by. */
const compoundUnique = listMap('expect_compound_columns_to_be_unique', holdsOnce, (columns, { where }, isMissing) =>
  repeatedRows(columns, where, `NOT ${isMissing}`),
);

export const rowExpectations: readonly ExpectationType[] = [
  ...[equalPair, greaterPair, pairInSet, uniqueWithin, olderUniqueWithin, equalWithin, sumWithin, compoundUnique],
];
