import type { Figure, Finding, Report } from '@holdfast/evidence/check';
import { binomialInterval } from '@holdfast/statistics';
import type { Evaluation } from './evaluate.ts';
import type { RobustnessOptions } from './options.ts';
import { robustnessRules } from './rules.ts';

/** Robust accuracy at a radius, by projected gradient descent alone. */
export interface CurvePoint {
  readonly epsilon: number;
  readonly accuracy: number;
}

/** What a trial came to, before it is put into words. */
export interface TrialResult {
  readonly options: RobustnessOptions;
  readonly evaluation: Evaluation;
  readonly labels: Int32Array;
  /** Of the file or the folder with the samples: `sha256:…`. */
  readonly dataDigest: string;
  /** At other radii. */
  readonly curve: readonly CurvePoint[];
  /** Where every number may change by half of its range. */
  readonly widest: CurvePoint;
  /** Rows of the file. */
  readonly total: number;
}

/** Rows of a class that were right from the start, and that withstood. */
export interface ClassResult {
  readonly label: number;
  readonly rows: number;
  readonly right: number;
  readonly withstood: number;
}

/** Counts of every class, the least robust first. */
export function byClass(labels: Int32Array, { outcomes }: Evaluation): ClassResult[] {
  const counts = new Map<number, { rows: number; right: number; withstood: number }>();
  for (const [row, label] of labels.entries()) {
    const count = counts.get(label) ?? { rows: 0, right: 0, withstood: 0 };
    counts.set(label, count);
    count.rows += 1;
    if (outcomes[row]?.clean !== label) continue;
    count.right += 1;
    if (outcomes[row].brokenBy === undefined) count.withstood += 1;
  }
  return [...counts]
    .map(([label, count]) => ({ label, ...count }))
    .sort((a, b) => a.withstood / a.rows - b.withstood / b.rows || a.label - b.label);
}

/** The report of a trial: metrics with their 95 % intervals (Clopper–Pearson), findings, and the curve as a figure. */
export function robustnessReport(result: TrialResult): Report {
  const { labels, evaluation } = result;
  const classes = byClass(labels, evaluation);
  const right = classes.reduce((sum, each) => sum + each.right, 0);
  const withstood = classes.reduce((sum, each) => sum + each.withstood, 0);
  const findings = [
    dataFinding(result),
    ...numberFindings(result),
    ...maskingFindings(result),
    ...classFindings(classes),
  ];
  const isDoubtful = findings.some(({ rule }) => rule === robustnessRules.masking.id);
  const isBroken = findings.some(({ rule }) => rule === robustnessRules.numbers.id);
  return {
    verdict: isBroken ? 'fail' : isDoubtful ? 'warn' : 'pass',
    origin: 'measured',
    metrics: {
      rows: labels.length,
      epsilon: result.options.ball.epsilon,
      // so that a policy sees in which norm
      [`${result.options.ball.norm}_epsilon`]: result.options.ball.epsilon,
      ...accuracy('clean_accuracy', right, labels.length),
      ...accuracy('robust_accuracy', withstood, labels.length),
    },
    findings,
    coverage: { examined: labels.length, total: labels.length, left: [] },
    figures: [curveFigure(result)],
  };
}

function accuracy(name: string, count: number, rows: number): Record<string, number> {
  const { low, high } = binomialInterval(count, rows, 0.95);
  return { [name]: count / rows, [`${name}_low`]: low, [`${name}_high`]: high };
}

function finding(rule: (typeof robustnessRules)[keyof typeof robustnessRules], message: string): Finding {
  return { rule: rule.id, severity: rule.severity, message, fix: rule.fix };
}

function dataFinding({ options, labels, total, dataDigest }: TrialResult): Finding {
  const { data, ball, suite, seed } = options;
  const words = `${labels.length} of ${total} rows of \`${data}\` (${dataDigest})`;
  return finding(robustnessRules.data, `${words}; ${ball.norm} of ${ball.epsilon}, suite ${suite}, seed ${seed}`);
}

function numberFindings({ evaluation }: TrialResult): Finding[] {
  const rows = evaluation.outcomes.filter(({ clean, became }) => clean === -1 || became === -1).length;
  return rows === 0 ? [] : [finding(robustnessRules.numbers, `the outputs of ${rows} rows are NaN`)];
}

/** Athalye et al., arXiv:1802.00420, section 3.1: what should not be, where gradients are good for something. */
function maskingFindings({ evaluation, widest, labels }: TrialResult): Finding[] {
  const signs: string[] = [];
  const blind = evaluation.members.find(({ usesGradient, broke }) => !usesGradient && broke > 0);
  if (blind !== undefined && blind.broke > 0.05 * labels.length) {
    signs.push(
      `\`${blind.name}\`, which needs no gradient, broke ${blind.broke} rows that attacks with gradients had left`,
    );
  }
  if (widest.accuracy > 0.05) {
    signs.push(
      `room does not help: where every number may change by half of its range, ${Math.round(widest.accuracy * labels.length)} rows withstand still`,
    );
  }
  return signs.map((sign) => finding(robustnessRules.masking, sign));
}

/** A class of ten rows or more that withstands less than half as often as all together. */
function classFindings(classes: readonly ClassResult[]): Finding[] {
  const rows = classes.reduce((sum, each) => sum + each.rows, 0);
  const all = classes.reduce((sum, each) => sum + each.withstood, 0) / rows;
  return classes
    .filter((each) => each.rows >= 10 && each.withstood / each.rows < all / 2)
    .map(({ label, withstood, rows: own }) =>
      finding(
        robustnessRules.weakClass,
        `of class ${label}, ${withstood} of ${own} rows withstand; of all, ${Math.round(100 * all)} %`,
      ),
    );
}

function curveFigure({ curve, options }: TrialResult): Figure {
  return {
    title: 'Accuracy against the size of the change',
    specification: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values: curve.map(({ epsilon, accuracy: share }) => ({ epsilon, accuracy: share })) },
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'epsilon', type: 'quantitative', title: `ε (${options.ball.norm})` },
        y: { field: 'accuracy', type: 'quantitative', title: 'accuracy', scale: { domain: [0, 1] } },
      },
    },
  };
}
