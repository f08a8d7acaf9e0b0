import type { Table } from '@holdfast/dataset';
import type { Profile } from '../profile/profile-of.ts';
import { type ColumnFacts, type FactOptions, factsOf } from './facts.ts';
import { numbersOf } from './of-numbers.ts';
import { textsOf } from './of-texts.ts';
import { isZoned, timesOf } from './of-times.ts';
import { presenceOf, setOf, typeOf, uniquenessOf } from './of-values.ts';
import type { SuggestedSuite, Suggestion } from './suggestion.ts';

/**
 * Proposes expectations about a table from its profile: what is so in this table is taken for what was promised, with room
 * around numbers. Every expectation is met by the table itself, in Holdfast and in Great Expectations with pandas.
 *
 * A profile without values (`values: false`) gives a suite without values.
 * @throws DatasetError, and the reason of `signal` when it is aborted
 */
export async function suggestSuite(
  tables: readonly [Table, ...Table[]],
  profile: Profile,
  options: Omit<FactOptions, 'isHidden'>,
): Promise<SuggestedSuite> {
  const isHidden = profile.values !== 'shown';
  const facts = await factsOf(tables, profile, { ...options, isHidden });
  return {
    suggestions: [...tableOf(tables[0], profile), ...facts.flatMap(columnOf)],
    left: [...profile.left, ...facts.flatMap(leftOf)],
  };
}

function tableOf({ columns }: Table, { rows }: Profile): Suggestion[] {
  const names = columns.map(({ name }) => name);
  return [
    {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: names },
      notes: [`the ${names.length} columns, in their order`],
      severity: 'critical',
    },
    {
      type: 'expect_table_row_count_to_be_between',
      kwargs: { min_value: Math.floor(rows / 2), max_value: Math.max(1, rows * 2) },
      notes: [`${rows} rows; from half to twice that`],
      severity: 'warning',
    },
  ];
}

function columnOf(facts: ColumnFacts): Suggestion[] {
  if (facts.profile.present === 0) return [];
  return [typeOf, presenceOf, setOf, uniquenessOf, numbersOf, textsOf, timesOf].flatMap((make) => make(facts));
}

/** What cannot be promised of a column, or not so that every reader of the file sees the same. */
function leftOf({ column, profile, isOtherToPandas, isCsv, isHidden }: ColumnFacts): string[] {
  const about = (why: string): string[] => [`column \`${column.name.slice(0, 200)}\`: ${why}`];
  if (profile.present === 0) return about('it has no value');
  if (column.type === 'bytes' || column.type === 'nested')
    return about(`values that are ${column.type} are not looked into`);
  if (isOtherToPandas)
    return about('pandas makes numbers of these texts (`007` becomes 7): only whether they are there is asked');
  if ((profile.numbers?.infinite ?? 0) > 0) return about('some values are infinite: no range is given');
  const isTime = column.type === 'date' || column.type === 'timestamp' || column.type === 'time';
  if (isTime && (isCsv || column.type === 'time'))
    return about(`no range of ${column.type}s: pandas does not compare them`);
  if (isZoned(column))
    return about('neither type nor range of moments with a time zone: Great Expectations knows neither');
  return isHidden && profile.numbers !== undefined ? about('its ends are values of rows, which are not shown') : [];
}
