import { countWhere } from '../../metrics/count.ts';
import { boundedOutcome, boundsOf } from '../bounds.ts';
import type { ExpectationType } from '../expectation-type.ts';

const rowsBetween: ExpectationType = {
  name: 'expect_table_row_count_to_be_between',
  prepare(kwargs, scene) {
    const bounds = boundsOf(kwargs);
    const rows = countWhere(scene.where);
    return { metrics: [rows], judge: (all) => boundedOutcome(all.get(rows), bounds) };
  },
};

const rowsEqual: ExpectationType = {
  name: 'expect_table_row_count_to_equal',
  prepare(kwargs, scene) {
    const value = kwargs.number('value') ?? kwargs.refuse('value', 'is missing');
    const rows = countWhere(scene.where);
    return { metrics: [rows], judge: (all) => ({ success: all.get(rows) === value, observed: all.get(rows) }) };
  },
};

const columnsBetween: ExpectationType = {
  name: 'expect_table_column_count_to_be_between',
  prepare(kwargs, { tables: [{ columns }] }) {
    const bounds = boundsOf(kwargs);
    return { metrics: [], judge: () => boundedOutcome(columns.length, bounds) };
  },
};

const columnsEqual: ExpectationType = {
  name: 'expect_table_column_count_to_equal',
  prepare(kwargs, { tables: [{ columns }] }) {
    const value = kwargs.number('value') ?? kwargs.refuse('value', 'is missing');
    return { metrics: [], judge: () => ({ success: columns.length === value, observed: columns.length }) };
  },
};

const orderedList: ExpectationType = {
  name: 'expect_table_columns_to_match_ordered_list',
  prepare(kwargs, { tables: [{ columns }] }) {
    const [names, list] = [columns.map(({ name }) => name), kwargs.texts('column_list')];
    return { metrics: [], judge: () => ({ success: JSON.stringify(names) === JSON.stringify(list), observed: names }) };
  },
};

const matchSet: ExpectationType = {
  name: 'expect_table_columns_to_match_set',
  prepare(kwargs, { tables: [{ columns }] }) {
    const [names, wanted] = [columns.map(({ name }) => name), new Set(kwargs.texts('column_set'))];
    const isExact = kwargs.flag('exact_match', true);
    const isThere = [...wanted].every((name) => names.includes(name));
    const success = isThere && (!isExact || names.every((name) => wanted.has(name)));
    return { metrics: [], judge: () => ({ success, observed: [...names].sort() }) };
  },
};

const exists: ExpectationType = {
  name: 'expect_column_to_exist',
  prepare(kwargs, { tables: [{ columns }] }) {
    const named = kwargs.text('column');
    if (named === '') kwargs.refuse('column', 'is empty');
    const at = columns.findIndex(({ name }) => name === named);
    // GX takes the place 0 for none given.
    const index = kwargs.number('column_index') ?? 0;
    const wanted = index < 0 ? columns.length + index : index;
    return { metrics: [], judge: () => ({ success: at >= 0 && (index === 0 || at === wanted) }) };
  },
};

export const tableExpectations: readonly ExpectationType[] = [
  ...[rowsBetween, rowsEqual, columnsBetween, columnsEqual, orderedList, matchSet, exists],
];
