import type { Finding } from '@holdfast/evidence/check';
import { clean, finding, rowsText } from './finding.ts';
import type { RangeCount, RangeCoverage } from './ranges.ts';
import { coverageRules } from './rules.ts';
import type { SliceCoverage } from './slice-coverage.ts';

/** Of each slice one sentence; of combinations what of them is short. */
export function sliceFindings({ name, columns, least, short, outside, ...counted }: SliceCoverage): Finding[] {
  const where = `slice ${name}`;
  const [first] = short;
  const combined = columns.map((each) => `\`${clean(each)}\``).join(' × ');
  const stray = `${rowsText(outside)} in no combination of ${combined}: a value is missing or not named`;
  const others = outside === 0 ? [] : [finding(coverageRules.outside, stray, where)];
  if (first === undefined) return others;
  if (columns.length === 0) {
    return [finding(coverageRules.slice, `\`${clean(name)}\` has ${rowsText(first.rows)}, fewer than ${least}`, where)];
  }
  const none = counted.emptyCount === 0 ? '' : `, ${counted.emptyCount} of them none`;
  const have = counted.shortCount === 1 ? 'has' : 'have';
  const summary = `${counted.shortCount} of ${counted.expected} combinations of ${combined} ${have} fewer than ${least} rows${none}`;
  return [finding(coverageRules.combination, summary, where), ...others];
}

/** Combinations that are short, one by one: they hold values of rows. */
export function combinationFindings({ name, columns, least, short }: SliceCoverage): Finding[] {
  if (columns.length === 0) return [];
  return short.map(({ values, rows }) => {
    const text = columns.map((column, at) => `${clean(column)} = ${clean(values[at] ?? '')}`).join(', ');
    return finding(coverageRules.combination, `${text}: ${rowsText(rows)}, fewer than ${least}`, `slice ${name}`);
  });
}

export function rangeFindings({ column, ranges, outside, missing }: RangeCoverage, least: number): Finding[] {
  const where = `column ${column}`;
  const short = ranges.filter(({ rows }) => rows < least);
  const name = `\`${clean(column)}\``;
  return [
    ...short.map((range) =>
      finding(
        coverageRules.range,
        `${name} ${rangeText(range)} has ${rowsText(range.rows)}, fewer than ${least}`,
        where,
      ),
    ),
    ...(outside + missing === 0
      ? []
      : [
          finding(
            coverageRules.outside,
            `${rowsText(outside)} in no range of ${name}, ${rowsText(missing)} without a value`,
            where,
          ),
        ]),
  ];
}

/** `from 3 to 5`, `below 3`, `from 5 on` */
export function rangeText({ from, to }: Pick<RangeCount, 'from' | 'to'>): string {
  if (from === null) return to === null ? 'anywhere' : `below ${to}`;
  return to === null ? `from ${from} on` : `from ${from} to ${to}`;
}
