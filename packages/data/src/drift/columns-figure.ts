import type { Figure } from '@holdfast/evidence/check';
import type { Drift } from './drift-of.ts';
import { label, schema } from './figures.ts';
import type { Judged, Standing } from './judge.ts';
import type { Correction } from './options.ts';

/** Lines of the picture; a report is not to grow without end. */
const most = 1000;

/** What was asked of a column, or of rows as a whole, and what came of it: a line of the picture of all columns. */
export interface DriftLine {
  /** Nothing: rows as a whole. */
  readonly column?: string;
  readonly about: Judged['about'];
  /** `empty`: one of the tables has no value to compare. */
  readonly standing: Standing | 'empty';
  readonly test?: string;
  readonly statistic?: number;
  readonly adjusted?: number;
  readonly effect?: string;
  readonly size?: number;
  /** What was asked for: from there on a change counts. */
  readonly least?: number;
  /** Shares of missing or of infinite values, in this table and in the reference. */
  readonly now?: number;
  readonly before?: number;
}

/** What stands beside the picture: Vega-Lite keeps `usermeta` for whoever reads it. */
export interface ColumnsMeta {
  readonly picture: 'columns';
  readonly alpha: number;
  readonly correction: Correction;
  /** Columns of both tables, also those without a line. */
  readonly lines: number;
  readonly values: 'shown' | 'left-out';
}

/** How much each column changed beside what was asked for, as Vega-Lite; the page of drift is made from it. */
export function columnsFigure(
  drift: Drift,
  judged: readonly Judged[],
  meta: Pick<ColumnsMeta, 'alpha' | 'correction' | 'values'>,
): Figure {
  const lines = driftLines(drift, judged);
  const values = lines.slice(0, most).map((line) => ({ ...line, times: timesOf(line) }));
  const usermeta: ColumnsMeta = { picture: 'columns', ...meta, lines: lines.length };
  const encoding = {
    y: { field: 'column', type: 'nominal', sort: '-x', title: null },
    x: { field: 'times', type: 'quantitative', title: 'change, in times of what was asked for' },
    color: { field: 'standing', type: 'nominal', title: null },
  };
  const specification = { $schema: schema, usermeta, data: { values }, mark: 'bar', encoding };
  return { title: 'Drift of all columns', specification };
}

const timesOf = ({ size, least }: DriftLine): number =>
  size === undefined || least === undefined ? 0 : Math.max(0, size / least);

function driftLines({ columns }: Drift, judged: readonly Judged[]): DriftLine[] {
  const tested = new Set(judged.flatMap(({ column, about }) => (about === 'values' ? [column] : [])));
  const shares = new Map(columns.map((column) => [column.name, column]));
  const empty = columns
    .filter(({ name }) => !tested.has(name))
    .map(({ name }): DriftLine => ({ column: label(name, 200), about: 'values', standing: 'empty' }));
  const lines = judged.map(({ column: name, about, standing, test, effect }): DriftLine => {
    const column = shares.get(name ?? '');
    const share = about === 'missing' ? column?.missing : about === 'infinite' ? column?.infinite : undefined;
    return {
      ...{ about, standing, ...(name === undefined ? {} : { column: label(name, 200) }) },
      ...(test === undefined ? {} : { test: test.name, statistic: test.statistic, adjusted: test.adjusted }),
      ...(effect === undefined ? {} : { effect: effect.name, size: effect.size, least: effect.least }),
      ...(share === undefined ? {} : { now: share.current, before: share.reference }),
    };
  });
  return [...lines, ...empty]
    .map((line, at) => ({ line, at }))
    .sort(
      (one, other) =>
        order.indexOf(one.line.standing) - order.indexOf(other.line.standing) ||
        timesOf(other.line) - timesOf(one.line) ||
        one.at - other.at,
    )
    .map(({ line }) => line);
}

const order: readonly DriftLine['standing'][] = ['drifted', 'small', 'tiny', 'empty', 'same'];
