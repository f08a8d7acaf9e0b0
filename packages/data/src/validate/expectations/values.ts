import { asDouble } from '../columns.ts';
import { comparand, orderedComparand } from '../comparand.ts';
import { type ExpectationType, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { type Expected, prepareMap, valueMap } from '../value-map.ts';

const notNull: ExpectationType = {
  name: 'expect_column_values_to_not_be_null',
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    return prepareMap(kwargs, scene, { isMissing: 'FALSE', unexpected: `${column.value} IS NULL`, columns: [column] });
  },
};

const isNull: ExpectationType = {
  name: 'expect_column_values_to_be_null',
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    return prepareMap(kwargs, scene, {
      isMissing: 'FALSE',
      unexpected: `${column.value} IS NOT NULL`,
      columns: [column],
    });
  },
};

const isMember: Expected = (column, kwargs, dialect) => {
  const members = kwargs.list('value_set').map((value) => comparand(dialect, column, value));
  const given = members.filter((each) => each !== undefined);
  return given.length === 0 ? 'FALSE' : `${column.value} IN (${given.join(', ')})`;
};

const inSet = valueMap('expect_column_values_to_be_in_set', isMember);
const notInSet = valueMap('expect_column_values_to_not_be_in_set', (...given) => `NOT (${isMember(...given)})`);

const between = valueMap('expect_column_values_to_be_between', (column, kwargs, dialect, scene) => {
  const ends = endsOf(kwargs);
  if (ends.length === 0) kwargs.refuse('min_value', 'and `max_value` are both missing');
  const compared = column.type === 'decimal' ? asDouble(column, scene) : column;
  return (
    ends
      .map(([sign, value]) => `${compared.value} ${sign} ${orderedComparand(dialect, compared, value)}`)
      .join(' AND ') || 'TRUE'
  );
});

/** `min_value` and `max_value` as comparisons. */
function endsOf(kwargs: Kwargs): [sign: string, value: unknown][] {
  const [least, greatest] = [kwargs.raw('min_value'), kwargs.raw('max_value')];
  const [below, above] = [kwargs.flag('strict_min') ? '>' : '>=', kwargs.flag('strict_max') ? '<' : '<='];
  if (typeof least === 'number' && typeof greatest === 'number' && least > greatest) {
    kwargs.refuse('min_value', 'is greater than `max_value`');
  }
  return [
    ...(least === undefined ? [] : [[below, least] as [string, unknown]]),
    ...(greatest === undefined ? [] : [[above, greatest] as [string, unknown]]),
  ];
}

const lengthBetween = valueMap('expect_column_value_lengths_to_be_between', (column, kwargs, dialect) => {
  if (column.type !== 'text') throw new Unanswerable(`values of \`${column.name}\` (${column.type}) have no length`);
  return (
    endsOf(kwargs)
      .map(([sign, value]) =>
        typeof value === 'number'
          ? `${dialect.length(column.value)} ${sign} ${dialect.literal(value)}`
          : kwargs.refuse('min_value', 'or `max_value` is no number'),
      )
      .join(' AND ') || 'TRUE'
  );
});

const lengthEqual = valueMap('expect_column_value_lengths_to_equal', (column, kwargs, dialect) => {
  if (column.type !== 'text') throw new Unanswerable(`values of \`${column.name}\` (${column.type}) have no length`);
  return `${dialect.length(column.value)} = ${dialect.literal(kwargs.number('value') ?? kwargs.refuse('value', 'is missing'))}`;
});

export const valueExpectations: readonly ExpectationType[] = [
  notNull,
  isNull,
  inSet,
  notInSet,
  between,
  lengthBetween,
  lengthEqual,
];
