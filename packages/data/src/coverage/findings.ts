import type { Finding, Rule } from '@holdfast/evidence/check';
import { number } from '../drift/findings.ts';
import { neighbourRows } from './nearest.ts';
import type { RangeCount } from './ranges.ts';
import type { ReferenceCoverage } from './reference-coverage.ts';
import { coverageRules } from './rules.ts';
import type { SliceCoverage } from './slices.ts';

/** Combinations of a slice that have a finding each. */
const mostShown = 100;

/** @param isShown whether values of rows may be */
export function sliceFindings({ name, columns, least, expected, short }: SliceCoverage, isShown: boolean): Finding[] {
  const [first] = short;
  if (first === undefined) return [];
  const where = `slice ${name}`;
  if (columns.length === 0) {
    return [finding(coverageRules.slice, `\`${clean(name)}\` has ${rowsText(first.rows)}, fewer than ${least}`, where)];
  }
  const empty = short.filter(({ rows }) => rows === 0).length;
  const summary = `${short.length} of ${expected} combinations of ${columns.map((each) => `\`${clean(each)}\``).join(' × ')} have fewer than ${least} rows, ${empty} of them none`;
  const shown = isShown ? short.slice(0, mostShown) : [];
  return [
    finding(coverageRules.combination, summary, where),
    ...shown.map(({ values, rows }) => {
      const text = columns.map((column, at) => `${clean(column)} = ${clean(values[at] ?? '')}`).join(', ');
      return finding(coverageRules.combination, `${text}: ${rowsText(rows)}, fewer than ${least}`, where);
    }),
  ];
}

export function rangeFindings(counts: readonly RangeCount[], least: number): Finding[] {
  return counts
    .filter(({ rows }) => rows < least)
    .map(({ column, from, to, rows }) =>
      finding(
        coverageRules.range,
        `\`${clean(column)}\` from ${from} to ${to} has ${rowsText(rows)}, fewer than ${least}`,
        `column ${column}`,
      ),
    );
}

export function referenceFindings(
  { columns, identifiers, nearest, classifier }: ReferenceCoverage,
  minCovered: number,
): Finding[] {
  const uncovered = columns.filter(({ covered }) => covered < minCovered);
  return [
    ...uncovered.map(({ name, groups, without, covered }) =>
      finding(
        coverageRules.uncovered,
        `\`${clean(name)}\` covers ${percent(covered)} of the reference's values, less than ${percent(minCovered)}: ${without} of ${groups} categories or bins have no row`,
        `column ${name}`,
      ),
    ),
    ...identifiers.map((name) =>
      finding(coverageRules.sampled, `\`${clean(name)}\` tells rows apart and is not looked at`, `column ${name}`),
    ),
    ...(nearest === undefined
      ? []
      : [
          finding(
            coverageRules.distance,
            `the nearest row of the reference is ${number(nearest.median)} away (median; 95 %: ${number(nearest.far)}), that of rows of the reference ${number(nearest.usualMedian)} (${number(nearest.usualFar)}), of at most ${neighbourRows} rows a table, those with the smallest hashes`,
          ),
        ]),
    ...(classifier === undefined
      ? []
      : [
          finding(
            coverageRules.distance,
            `rows are told from those of the reference with AUC ${number(classifier.auc)} (${number(classifier.interval.low)} to ${number(classifier.interval.high)})`,
          ),
        ]),
  ];
}

function finding({ id, severity, fix }: Rule, message: string, where?: string): Finding {
  return {
    ...{ rule: id, severity, fix, message: message.slice(0, 4000) },
    ...(where === undefined ? {} : { where: where.slice(0, 4000) }),
  };
}

const rowsText = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`;
const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
const clean = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, 200);
