import type { TableColumn } from '@holdfast/dataset';
import { present } from '../metrics/count.ts';
import type { Aggregate, Derived } from '../metrics/metric.ts';
import { type ValueCounts, valueCounts } from '../metrics/value-counts.ts';
import { type PatternShares, patternNames, textPatterns } from './text-patterns.ts';

/**
 * The part of a column's values that match each pattern. Different values are looked at once each, where they are few enough
 * to be held (the first 160 code points of them); else the engine looks at all.
 */
export function patternShares(column: TableColumn): Derived<PatternShares> {
  const [values, total, asked] = [valueCounts(column), present(column), matching(column)];
  return {
    kind: 'derived',
    key: `patterns of ${column.value}`,
    after: [values, total, asked],
    value(found) {
      const known = found.get(values);
      const counts = known.isWhole ? countedHere(known) : found.get(asked);
      const all = found.get(total);
      const shares = patternNames.map((name, index) => [name, all === 0 ? 0 : (counts[index] ?? 0) / all]);
      return Object.fromEntries(shares) as PatternShares;
    },
  };
}

function countedHere({ values }: ValueCounts): number[] {
  return patternNames.map((name) => {
    const pattern = new RegExp(textPatterns[name], 'u');
    let matched = 0;
    for (const { text, count } of values.values()) if (pattern.test(text)) matched += count;
    return matched;
  });
}

function matching(column: TableColumn): Aggregate<readonly number[], readonly number[]> {
  const values = valueCounts(column);
  return {
    kind: 'aggregate',
    key: `matches of ${column.value}`,
    after: [values],
    expressions: ({ engine: { dialect } }, found) =>
      found.get(values).isWhole
        ? []
        : patternNames.map(
            (name) => `count(CASE WHEN ${dialect.matches(column.value, textPatterns[name])} THEN 1 END)`,
          ),
    read: (cells) => cells.map(Number),
    merge: (one, other) => one.map((count, index) => count + (other[index] ?? 0)),
    value: (state) => state,
  };
}
