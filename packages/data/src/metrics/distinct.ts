import type { TableColumn } from '@holdfast/dataset';
import { present } from './count.ts';
import { cardinality, mergeRegisters, type Registers, registerCount, standardError } from './hyperloglog.ts';
import type { Derived, Question } from './metric.ts';
import { valueCounts } from './value-counts.ts';

/** How many different values there are. */
export interface Distinct {
  readonly count: number;
  readonly isExact: boolean;
  /** Standard error of an estimate, as a part of it; 0 of what is exact. */
  readonly error: number;
}

/** Counted where the values are few enough to be held; else estimated from their hashes, the same in whatever parts. */
export function distinct(column: TableColumn): Derived<Distinct> {
  const [values, estimated, all] = [valueCounts(column), registers(column), present(column)];
  return {
    kind: 'derived',
    key: `distinct ${column.value}`,
    after: [values, estimated, all],
    value(found) {
      const counted = found.get(values);
      if (counted.isWhole) return { count: counted.values.size, isExact: true, error: 0 };
      const count = Math.min(found.get(all), Math.round(cardinality(found.get(estimated))));
      return { count, isExact: false, error: standardError };
    },
  };
}

function registers(column: TableColumn): Question<Registers, Registers> {
  const values = valueCounts(column);
  return {
    kind: 'question',
    key: `registers of ${column.value}`,
    after: [values],
    sql(table, found) {
      if (found.get(values).isWhole) return undefined;
      const { dialect } = table.engine;
      const different = `SELECT ${column.value} AS v FROM ${table.relation} WHERE ${column.value} IS NOT NULL GROUP BY ${column.value}`;
      const hashes = `SELECT ${dialect.hash(dialect.text('v', column.type))} AS h FROM (${different}) AS a`;
      const register = dialect.remainder('h', BigInt(registerCount));
      return `SELECT r, min(h) FROM (SELECT h, ${register} AS r FROM (${hashes}) AS b) AS c GROUP BY r`;
    },
    read: (rows) =>
      new Map(
        rows.map(([register, hash]) => [
          Number(register),
          Number(BigInt(hash as number | bigint) / BigInt(registerCount)),
        ]),
      ),
    merge: mergeRegisters,
    value: (state) => state,
  };
}
