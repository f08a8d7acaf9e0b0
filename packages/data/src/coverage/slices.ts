import type { Tables } from '../drift/column-pairs.ts';
import { rowsOf } from '../drift/values.ts';
import { DataError } from '../errors.ts';
import { countWhere } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';
import { conditionOf } from './comparison.ts';
import type { Comparison, Slice } from './options.ts';
import { combinedSlice } from './slice-combinations.ts';
import type { SliceCoverage } from './slice-coverage.ts';

export interface SliceContext {
  readonly signal: AbortSignal;
  /** Values that it has are expected, too. */
  readonly reference: Tables | undefined;
  /** Rows that there have to be of a slice that says nothing else. */
  readonly min: number;
}

/**
 * @returns in the order of the slices
 * @throws DataError HF_DATA_OPTIONS
 */
export async function sliceCoverages(
  tables: Tables,
  slices: readonly Slice[],
  { signal, reference, min }: SliceContext,
): Promise<SliceCoverage[]> {
  const [first] = tables;
  const rows = rowsOf(tables);
  const abouts = slices.map((slice) => ({ slice, name: nameOf(slice), least: leastOf(slice, rows, min) }));
  const plain = abouts.map(({ slice }) => {
    requireSense(slice, first);
    const conditions = (slice.where ?? []).map((each) => `(${conditionOf(first, each)})`);
    return slice.columns === undefined ? countWhere(conditions.join(' AND ')) : undefined;
  });
  const asked = plain.filter((count) => count !== undefined);
  const found = await measure(tables, asked, { signal });
  const all: SliceCoverage[] = [];
  for (const [at, { slice, ...about }] of abouts.entries()) {
    signal.throwIfAborted();
    const count = plain[at];
    all.push(
      count === undefined
        ? await combinedSlice(tables, reference, slice, about)
        : ofCondition(about.name, about.least, found.get(count)),
    );
  }
  return all;
}

function requireSense({ columns, where = [], values = {} }: Slice, first: Tables[0]): void {
  if (columns === undefined && where.length === 0) throw refused('a slice names `columns` or `where`');
  const unknown = columns?.find((column) => first.columns.every((each) => each.name !== column));
  if (unknown !== undefined) throw refused(`there is no column \`${unknown.slice(0, 200)}\``);
  const stray = Object.keys(values).find((column) => columns?.includes(column) !== true);
  if (stray !== undefined) {
    throw refused(`a slice has \`values\` of \`${stray.slice(0, 200)}\`, which is not among its \`columns\``);
  }
}

const refused = (message: string): DataError => new DataError('HF_DATA_OPTIONS', message, { where: 'slices' });

const nameOf = ({ name, columns = [], where = [] }: Slice): string =>
  (name ?? [...columns, ...where.map(comparisonText)].join(', ')).slice(0, 400);

/** `age >= 65` */
const comparisonText = ({ column, is, value }: Comparison): string =>
  `${column} ${is}${value === undefined ? '' : ` ${typeof value === 'object' ? value.join(' | ') : String(value)}`}`;

function leastOf({ min, minShare }: Slice, rows: number, otherwise: number): number {
  const share = minShare === undefined ? 0 : Math.ceil(minShare * rows);
  return Math.max(min ?? (minShare === undefined ? otherwise : 0), share);
}

function ofCondition(name: string, least: number, rows: number): SliceCoverage {
  const counted = [{ values: [], rows }];
  const short = rows < least ? counted : [];
  return {
    ...{ name, columns: [], least, expected: 1, short, shortCount: short.length, leastRows: rows, outside: 0 },
    ...{ emptyCount: short.length > 0 && rows === 0 ? 1 : 0, pictured: counted },
  };
}
