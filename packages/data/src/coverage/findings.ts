import type { Finding } from '@holdfast/evidence/check';
import { clean, finding, rowsText } from './finding.ts';
import type { RangeCount, RangeCoverage } from './ranges.ts';
import { coverageRules } from './rules.ts';
import type { SliceCoverage } from './slice-coverage.ts';

/** @param isShown whether values of rows may be */
export function sliceFindings(slice: SliceCoverage, isShown: boolean): Finding[] {
  const { name, columns, least, short, outside } = slice;
  const where = `slice ${name}`;
  const [first] = short;
  const combined = columns.map((each) => `\`${clean(each)}\``).join(' × ');
  const others =
    outside === 0
      ? []
      : [
          finding(
            coverageRules.outside,
            `${rowsText(outside)} in no combination of ${combined}: a value is missing or not named`,
            where,
          ),
        ];
  if (first === undefined) return others;
  if (columns.length === 0) {
    return [finding(coverageRules.slice, `\`${clean(name)}\` has ${rowsText(first.rows)}, fewer than ${least}`, where)];
  }
  const summary = `${slice.shortCount} of ${slice.expected} combinations of ${combined} have fewer than ${least} rows, ${slice.emptyCount} of them none`;
  return [
    finding(coverageRules.combination, summary, where),
    ...(isShown ? short : []).map(({ values, rows }) => {
      const text = columns.map((column, at) => `${clean(column)} = ${clean(values[at] ?? '')}`).join(', ');
      return finding(coverageRules.combination, `${text}: ${rowsText(rows)}, fewer than ${least}`, where);
    }),
    ...others,
  ];
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
