import type { Dialect, TableColumn } from '@holdfast/dataset';

/**
 * A column of numbers as one of finite numbers, which means, histograms and correlations are of: what is infinite is NULL.
 * Decimals are float64 then.
 */
export function finiteNumbers(dialect: Dialect, column: TableColumn): TableColumn {
  if (column.type === 'integer') return column;
  const value = dialect.double(column.value);
  if (column.type === 'decimal') return { ...column, type: 'number', value };
  const [least, greatest] = [-Number.MAX_VALUE, Number.MAX_VALUE].map((end) => dialect.literal(end));
  return { ...column, value: `CASE WHEN ${value} BETWEEN ${least} AND ${greatest} THEN ${value} END` };
}

/** Seconds of a column of dates, times or timestamps, as numbers. */
export function secondsOf(dialect: Dialect, column: TableColumn): TableColumn {
  const { type, value } = column;
  if (type !== 'date' && type !== 'time' && type !== 'timestamp') throw new TypeError(`${type} is no time`);
  const finite = { ...column, type: 'number', value: dialect.seconds(value, type) } as const;
  return finiteNumbers(dialect, finite);
}

/** Days since 1970-01-01 of a column of dates, as whole numbers. */
export function daysOf(dialect: Dialect, column: TableColumn): TableColumn {
  const seconds = secondsOf(dialect, column).value;
  return {
    ...column,
    type: 'integer',
    value: dialect.floor(`(${seconds} / ${dialect.double(dialect.literal(daySeconds))})`),
  };
}

export const daySeconds = 86_400;

/** Characters of a column of texts, as whole numbers. */
export function lengthsOf(dialect: Dialect, column: TableColumn): TableColumn {
  return { ...column, type: 'integer', value: dialect.length(column.value) };
}
