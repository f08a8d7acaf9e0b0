import { countWhere } from '../../metrics/count.ts';
import { moments } from '../../metrics/moments.ts';
import { boundedOutcome, boundsOf } from '../bounds.ts';
import type { ExpectationType } from '../expectation-type.ts';

const mean: ExpectationType = {
  name: 'expect_column_mean_to_be_between',
  prepare(kwargs, scene) {
    const bounds = boundsOf(kwargs);
    const found = moments(scene.column(kwargs.text('column')), scene.where);
    return { metrics: [found], judge: (all) => boundedOutcome(all.get(found)?.mean, bounds) };
  },
};

const rowCount: ExpectationType = {
  name: 'expect_table_row_count_to_be_between',
  prepare(kwargs, scene) {
    const bounds = boundsOf(kwargs);
    const rows = countWhere(scene.where);
    return { metrics: [rows], judge: (all) => boundedOutcome(all.get(rows), bounds) };
  },
};

export const aggregateExpectations: readonly ExpectationType[] = [mean, rowCount];
