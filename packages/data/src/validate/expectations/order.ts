import type { TableColumn } from '@holdfast/dataset';
import { repeatedRows } from '../../metrics/repeated-rows.ts';
import { requireOnePart, rowsOf } from '../columns.ts';
import { type ExpectationType, type Scene, Unanswerable } from '../expectation-type.ts';
import { prepareUniqueAcross } from '../repeated-across.ts';
import { isAmong, named, rowIdentity } from '../row-identity.ts';
import { prepareMap } from '../value-map.ts';

const unique: ExpectationType = {
  name: 'expect_column_values_to_be_unique',
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    if (scene.tables.length > 1)
      return prepareUniqueAcross(kwargs, scene, { isMissing: `${column.value} IS NULL`, columns: [column] });
    const repeated = `SELECT ${column.value} FROM ${rowsOf(scene)} GROUP BY ${column.value} HAVING count(*) > 1`;
    return prepareMap(kwargs, scene, {
      isMissing: `${column.value} IS NULL`,
      unexpected: `${column.value} IS NOT NULL AND ${column.value} IN (${repeated})`,
      columns: [column],
      counted: repeatedRows([column], scene.where, `${column.value} IS NOT NULL`),
    });
  },
};

/** Values that go one way from row to row, of a database in the order of the keys; rows without a value are passed over. */
const inOrder = (name: string, sign: '<' | '>'): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    const broken = outOfOrder(scene, column, kwargs.flag('strictly') ? sign : (`${sign}=` as const));
    kwargs.raw('parse_strings_as_datetimes');
    return prepareMap(kwargs, scene, { isMissing: `${column.value} IS NULL`, unexpected: broken, columns: [column] });
  },
});

function outOfOrder(scene: Scene, column: TableColumn, sign: string): string {
  requireOnePart(scene, 'the order of rows');
  const identity = rowIdentity(scene.tables[0]);
  if (['text', 'boolean', 'nested', 'bytes'].includes(column.type)) {
    throw new Unanswerable(`values of \`${column.name}\` (${column.type}) cannot be subtracted from one another`);
  }
  const about = scene.where === undefined ? '' : ` AND (${scene.where})`;
  const pairs = `SELECT ${named(identity)}, ${column.value} AS v, lag(${column.value}) OVER (ORDER BY ${identity.order}) AS p FROM ${scene.tables[0].relation} WHERE ${column.value} IS NOT NULL${about}`;
  return isAmong(identity, pairs, `p IS NOT NULL AND NOT (v ${sign} p)`);
}

const increasing = inOrder('expect_column_values_to_be_increasing', '>');
const decreasing = inOrder('expect_column_values_to_be_decreasing', '<');

export const orderExpectations: readonly ExpectationType[] = [unique, increasing, decreasing];
