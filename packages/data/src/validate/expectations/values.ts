import type { Dialect, TableColumn } from '@holdfast/dataset';
import type { ExpectationType } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { prepareMap, valueMap } from '../value-map.ts';

const notNull: ExpectationType = {
  name: 'expect_column_values_to_not_be_null',
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    return prepareMap(kwargs, scene, { isMissing: 'FALSE', unexpected: `${column.value} IS NULL`, columns: [column] });
  },
};

/** A value of a set as SQL, which compares as the column does. */
function member(dialect: Dialect, { type }: TableColumn, value: unknown, kwargs: Kwargs): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return kwargs.refuse('value_set', 'holds something that is no text, number, or boolean');
  }
  // What is of another type than the column equals none of its values.
  const isNumber = type === 'integer' || type === 'number' || type === 'decimal';
  const fits =
    typeof value === 'string'
      ? !isNumber && type !== 'boolean'
      : typeof value === 'number'
        ? isNumber
        : type === 'boolean';
  return fits ? dialect.literal(value) : 'NULL';
}

const inSet = valueMap('expect_column_values_to_be_in_set', (column, kwargs, dialect) => {
  const members = kwargs.list('value_set').map((value) => member(dialect, column, value, kwargs));
  const given = members.filter((each) => each !== 'NULL');
  return given.length === 0 ? 'FALSE' : `${column.value} IN (${given.join(', ')})`;
});

export const valueExpectations: readonly ExpectationType[] = [notNull, inSet];
