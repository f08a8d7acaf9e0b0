import type { Table } from '@holdfast/dataset';
import type { Finding, Rule } from '@holdfast/evidence/check';
import { type ColumnProfile, isNumeric } from './column-profile.ts';
import type { Profile } from './profile-of.ts';
import { profileRules } from './rules.ts';
import { mixedShare } from './semantic-type.ts';

/** From these shares on something is worth a remark. */
const mostly = 0.5;
const nearlyAll = 0.95;
const skewed = 20;
const manyCategories = 50;

/** What a reader of the profile should look at. */
export function findings(profile: Profile, tables: readonly Table[]): Finding[] {
  const { duplicates = 0, rows } = profile;
  return [
    ...(duplicates === 0
      ? []
      : [finding(profileRules.duplicates, `${duplicates} of ${rows} rows are equal to an earlier one`)]),
    ...profile.columns.flatMap((column) => ofColumn(column, rows)),
    ...correlated(profile),
    ...tables.flatMap(({ defects }) =>
      defects
        .filter(({ isLeftOut }) => !isLeftOut)
        .map(({ message, row }) => finding(profileRules.defect, message, row === undefined ? undefined : `row ${row}`)),
    ),
  ].slice(0, 10_000);
}

function finding({ id, severity, fix }: Rule, message: string, where?: string): Finding {
  return {
    rule: id,
    severity,
    message: message.slice(0, 4000),
    fix,
    ...(where === undefined ? {} : { where: where.slice(0, 4000) }),
  };
}

function ofColumn(column: ColumnProfile, rows: number): Finding[] {
  if (rows === 0) return [];
  const { name, present, missing, distinct } = column;
  const say = (rule: Rule, message: string): Finding => finding(rule, message, `column ${name}`);
  if (present === 0) return [say(profileRules.empty, 'has no value')];
  return [
    ...(distinct?.count === 1 && rows > 1
      ? [say(profileRules.constant, 'has one value in all rows that have any')]
      : []),
    ...(missing / rows > mostly
      ? [say(profileRules.missing, `${percent(missing / rows)} of the values are missing`)]
      : []),
    ...ofNumbers(column).map(([rule, message]) => say(rule, message)),
    ...ofTexts(column).map(([rule, message]) => say(rule, message)),
    ...(column.semantic?.type === 'identifier'
      ? [say(profileRules.identifier, `${distinct?.count ?? 0} different values in ${present}`)]
      : []),
  ];
}

function ofNumbers({ numbers, present, distinct, semantic }: ColumnProfile): [Rule, string][] {
  if (numbers === undefined) return [];
  const { infinite, zeros, skewness = 0 } = numbers;
  const isMeasured = semantic?.type !== 'boolean' && (distinct?.count ?? 0) > 2;
  return [
    ...(infinite > 0 ? [[profileRules.infinite, `${infinite} values are infinite`] as [Rule, string]] : []),
    ...(isMeasured && zeros / present > mostly
      ? [[profileRules.zeros, `${percent(zeros / present)} of the values are zero`] as [Rule, string]]
      : []),
    ...(Math.abs(skewness) > skewed
      ? [[profileRules.skewed, `the skewness is ${skewness.toFixed(1)}`] as [Rule, string]]
      : []),
  ];
}

function ofTexts({ type, distinct, mostFrequent = 0, present, semantic }: ColumnProfile): [Rule, string][] {
  const count = distinct?.count ?? 0;
  const isCategory = semantic?.type === 'category' || semantic?.type === 'boolean' || semantic?.type === 'ordinal';
  const found: [Rule, string][] = [];
  if (isCategory && count > 1 && mostFrequent >= nearlyAll)
    found.push([profileRules.imbalanced, `${percent(mostFrequent)} of the values are the same`]);
  if (type !== 'text') return found;
  if (semantic?.type === 'mixed' && semantic.share > mixedShare)
    found.push([
      profileRules.mixed,
      `${percent(semantic.share)} of the values are numbers or dates, the others are not`,
    ]);
  const isWide = count > manyCategories && ['category', 'text', 'code'].includes(semantic?.type ?? '');
  if (isWide) found.push([profileRules.cardinality, `${count} different values in ${present}`]);
  return found;
}

function correlated(profile: Profile): Finding[] {
  const { correlations } = profile;
  if (correlations === undefined) return [];
  const { columns, matrix } = correlations;
  const numbers = profile.columns.filter(({ type }) => isNumeric(type)).length;
  const some = `the first ${columns.length} of ${numbers} columns of numbers are held against each other`;
  const left = numbers > columns.length ? [finding(profileRules.uncorrelated, some)] : [];
  const found = columns.flatMap((name, one) =>
    columns.slice(0, one).flatMap((other, index) => {
      const coefficient = matrix[one]?.[index] ?? 0;
      if (Math.abs(coefficient) < nearlyAll) return [];
      return [
        finding(
          profileRules.correlated,
          `the correlation with \`${other}\` is ${coefficient.toFixed(3)}`,
          `column ${name}`,
        ),
      ];
    }),
  );
  return [...left, ...found];
}

/** Never 100 % of what is not all. */
const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
