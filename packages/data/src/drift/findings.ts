import type { Finding, Rule } from '@holdfast/evidence/check';
import type { ColumnDrift, ShareChange, Unshared } from './column-drift.ts';
import { discrepancyRows } from './discrepancy.ts';
import { classifierRows } from './domain-classifier.ts';
import { type Drift, jointColumns } from './drift-of.ts';
import type { Judged, Standing } from './judge.ts';
import type { LeastEffects } from './options.ts';
import { driftRules } from './rules.ts';

/** With fewer rows only the largest changes are told from chance. */
export const fewRows = 30;

export interface FindingOptions {
  readonly alpha: number;
  readonly maxRows: number;
  /** Whether values of rows may be shown. */
  readonly isShown: boolean;
}

/** What somebody who answers for the data has to know, the worst first. */
export function findings(drift: Drift, judged: readonly Judged[], options: FindingOptions): Finding[] {
  const all = [
    ...ofShape(drift),
    ...judged.flatMap((each) => ofJudged(drift, each)),
    ...drift.columns.flatMap((column) => ofCategories(column, drift, options)),
    ...ofRows(drift, options),
  ];
  return all
    .map((each, at) => ({ each, at }))
    .sort((one, other) => order.indexOf(one.each.severity) - order.indexOf(other.each.severity) || one.at - other.at)
    .map(({ each }) => each)
    .slice(0, 10_000);
}

const order = ['critical', 'high', 'medium', 'low', 'info'];

function finding({ id, severity, fix }: Rule, message: string, column?: string): Finding {
  return {
    ...{ rule: id, severity, fix, message: message.slice(0, 4000) },
    ...(column === undefined ? {} : { where: `column ${column}`.slice(0, 4000) }),
  };
}

function ofShape({ pairs: { pairs, appeared, vanished, retyped, incomparable }, rows }: Drift): Finding[] {
  const isStranger = pairs.length + retyped.length + incomparable.length === 0;
  return [
    ...vanished.map((name) => finding(driftRules.vanished, `${quoted(name)} is gone`, name)),
    ...retyped.map(({ name, from, to }) => finding(driftRules.type, `${quoted(name)} was ${from} and is ${to}`, name)),
    ...appeared.map((name) => finding(driftRules.appeared, `${quoted(name)} is new`, name)),
    ...(isStranger ? [finding(driftRules.stale, 'the two tables have no column in common')] : []),
    ...(Math.min(rows.current, rows.reference) < fewRows
      ? [
          finding(
            driftRules.few,
            `there are ${rows.current} rows, and ${rows.reference} in the reference: too few to see a change`,
          ),
        ]
      : []),
  ];
}

const rulesOf: Readonly<Record<Exclude<Standing, 'same'>, (about: Judged['about']) => Rule>> = {
  drifted: (about) =>
    about === 'values' ? driftRules.drifted : about === 'joint' ? driftRules.joint : driftRules.missing,
  small: () => driftRules.small,
  tiny: () => driftRules.tiny,
};

function ofJudged(drift: Drift, judged: Judged): Finding[] {
  const { standing, about, column: name, test, effect } = judged;
  if (standing === 'same' || test === undefined) return [];
  const column = drift.columns.find((each) => each.name === name);
  const proof = `${test.name} ${number(test.statistic)}, p ${number(test.p)}, adjusted ${number(test.adjusted)}`;
  const size =
    effect === undefined || about === 'joint'
      ? ''
      : `; ${measures[effect.name]} ${number(effect.size)} (asked for ${number(effect.least)})`;
  const said = about === 'joint' ? jointText(drift) : columnText(column, about);
  return [finding(rulesOf[standing](about), `${said}: ${proof}${size}`, name)];
}

/** What people call the measures of an effect. */
export const measures: Readonly<Record<keyof LeastEffects, string>> = {
  ...{ psi: 'PSI', cliffsDelta: "Cliff's δ", cramersV: "Cramér's V", missing: "Cohen's h", auc: 'AUC' },
};

function columnText(column: ColumnDrift | undefined, about: Judged['about']): string {
  const name = quoted(column?.name ?? '');
  const change = about === 'missing' ? column?.missing : about === 'infinite' ? column?.infinite : undefined;
  if (change !== undefined)
    return `${name} ${about === 'missing' ? 'lacks a value' : 'is infinite'} in ${shares(change)}`;
  const delta = column?.effects['cliffs_delta'];
  if (delta === undefined || Math.abs(delta) < 0.05) return `${name} has other values than it had`;
  return `${name} has ${delta > 0 ? 'larger' : 'smaller'} values than it had`;
}

const shares = ({ current, reference }: ShareChange): string =>
  `${percent(current)} of the rows, ${percent(reference)} before`;

function jointText({ classifier }: Drift): string {
  if (classifier === undefined) return 'rows as a whole are not those of the reference';
  const { auc, interval, by } = classifier;
  const columns = by.map(({ name, share }) => `${quoted(name)} ${percent(share)}`).join(', ');
  const told = columns === '' ? '' : `, most by ${columns}`;
  return `rows are told from those of the reference with AUC ${number(auc)} (${number(interval.low)} to ${number(interval.high)})${told}`;
}

function ofCategories(
  { name, appeared, vanished }: ColumnDrift,
  { columns }: Drift,
  options: FindingOptions,
): Finding[] {
  const categorical = columns.filter(({ kind }) => kind === 'categorical').length;
  const text = (unshared: Unshared | undefined, where: string): Finding[] => {
    if (unshared === undefined) return [];
    const { values, count, rows, p } = unshared;
    const isAccident = p * categorical > options.alpha;
    const examples = options.isShown ? `: ${values.map(quoted).join(', ')}${count > values.length ? ' …' : ''}` : '';
    const message = `${quoted(name)} has ${count} ${count === 1 ? 'value' : 'values'} in ${rows} ${rows === 1 ? 'row' : 'rows'} ${where}${examples}`;
    const { categories } = driftRules;
    return [{ ...finding(categories, message, name), severity: isAccident ? 'info' : categories.severity }];
  };
  return [
    ...text(appeared, 'that the reference has not'),
    ...text(vanished, 'of the reference that this table has not'),
  ];
}

function ofRows({ rows, columns, pairs, discrepancy, classifier }: Drift, { maxRows }: FindingOptions): Finding[] {
  const sampled = columns.filter(({ isSampled }) => isSampled === true).length;
  const isJoint = discrepancy !== undefined || classifier !== undefined;
  const isPart = isJoint && Math.max(rows.current, rows.reference) > discrepancyRows;
  const among = pairs.pairs.length > jointColumns ? ` and the first ${jointColumns} columns` : '';
  const said = [
    ...(sampled === 0
      ? []
      : [
          `${sampled} ${sampled === 1 ? 'column is' : 'columns are'} compared by about ${maxRows} values a table, chosen by a stable hash of the row`,
        ]),
    ...(isPart || among !== ''
      ? [
          `rows as a whole are compared by at most ${discrepancyRows} (discrepancy) and ${classifierRows} (classifier) rows a table, those with the smallest hashes${among}`,
        ]
      : []),
  ];
  return said.map((message) => finding(driftRules.sampled, message));
}

const quoted = (name: string): string => `\`${name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, 200)}\``;

/** Three figures; of what is very small, its order. */
export const number = (value: number): string => {
  if (value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 1e6)) return String(Number(value.toPrecision(3)));
  return value.toExponential(1);
};

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
