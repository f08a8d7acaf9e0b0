import type { Cell, TableColumn } from '@holdfast/dataset';
import type { Aggregate } from './metric.ts';

export interface Extremes {
  /** As float64. */
  readonly least: number;
  readonly greatest: number;
}

/** The smallest and the largest value of a column of numbers; nothing of no values. */
export function extremes(
  { value, type }: TableColumn,
  where?: string,
): Aggregate<Extremes | undefined, Extremes | undefined> {
  const chosen = where === undefined ? value : `CASE WHEN ${where} THEN ${value} END`;
  return {
    kind: 'aggregate',
    key: `extremes of ${value}${where === undefined ? '' : ` where ${where}`}`,
    expressions: ({ engine: { dialect } }) => [
      dialect.double(`min(${chosen})`, type),
      dialect.double(`max(${chosen})`, type),
    ],
    read: ([least, greatest]) => (isAbsent(least) ? undefined : { least: Number(least), greatest: Number(greatest) }),
    merge: (one, other) =>
      one === undefined || other === undefined
        ? (one ?? other)
        : { least: Math.min(one.least, other.least), greatest: Math.max(one.greatest, other.greatest) },
    value: (state) => state,
  };
}

const isAbsent = (cell: Cell | undefined): boolean => cell === null || cell === undefined;
