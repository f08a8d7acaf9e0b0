import type { Figure, Finding, Report } from '@holdfast/evidence/check';
import { binomialInterval } from '@holdfast/statistics';
import { choiceInWords } from './attack-names.ts';
import { byClass, type ClassResult } from './by-class.ts';
import { curveOf, medianMinimalChange } from './curve.ts';
import { missedBySuite, signsOfMasking } from './masking.ts';
import { withstands } from './row-result.ts';
import { robustnessRules } from './rules.ts';
import { shardText } from './shard.ts';
import { isWhole, type TrialResult } from './trial-result.ts';

/** The report of a trial: metrics with their 95 % intervals (Clopper–Pearson), findings, and two figures. */
export function robustnessReport(result: TrialResult): Report {
  const { rows, asked } = result;
  const classes = byClass(rows);
  const findings = [
    dataFinding(result),
    ...numberFindings(result),
    ...result.signs,
    ...blindFindings(result),
    ...missedFindings(result),
    ...signsOfMasking(result).map((sign) => finding('masking', sign)),
    ...classFindings(classes),
  ];
  return {
    verdict: verdictOf(result, findings),
    origin: 'measured',
    metrics: metricsOf(result, classes),
    findings,
    coverage: { examined: rows.length, total: asked, left: leftOf(result) },
    figures: rows.length === 0 ? [] : [curveFigure(result), classFigure(classes)],
  };
}

/** What did not finish is not known, whatever the part of it that did says; but what is broken stays broken. */
function verdictOf(result: TrialResult, findings: readonly Finding[]): Report['verdict'] {
  const has = (...names: (keyof typeof robustnessRules)[]): boolean =>
    findings.some(({ rule }) => names.some((name) => robustnessRules[name].id === rule));
  if (has('numbers')) return 'fail';
  if (!isWhole(result)) return 'unknown';
  return has('masking', 'blind', 'randomised', 'dynamic', 'operators', 'probabilities') ? 'warn' : 'pass';
}

function leftOf(result: TrialResult): string[] {
  const { rows, asked, shard, isInterrupted } = result;
  if (isWhole(result)) return [];
  const missing = asked - rows.length;
  if (isInterrupted) return [`the trial was interrupted: ${missing} of ${asked} rows were not attacked`];
  return [
    `this is shard ${shard === undefined ? '?' : shardText(shard)}: ${missing} of ${asked} rows are in the others`,
  ];
}

function metricsOf({ rows, options }: TrialResult, classes: readonly ClassResult[]): Record<string, number> {
  const { norm, epsilon } = options.ball;
  // so that a policy sees in which norm
  const about = { rows: rows.length, epsilon, [`${norm}_epsilon`]: epsilon };
  if (rows.length === 0) return about;
  const right = classes.reduce((sum, each) => sum + each.right, 0);
  const median = medianMinimalChange(rows);
  return {
    ...about,
    ...accuracy('clean_accuracy', right, rows.length),
    ...accuracy('robust_accuracy', rows.filter(withstands).length, rows.length),
    ...(median === undefined ? {} : { median_minimal_change: median }),
  };
}

function accuracy(name: string, count: number, rows: number): Record<string, number> {
  const { low, high } = binomialInterval(count, rows, 0.95);
  return { [name]: count / rows, [`${name}_low`]: low, [`${name}_high`]: high };
}

function finding(name: keyof typeof robustnessRules, message: string): Finding {
  const rule = robustnessRules[name];
  return { rule: rule.id, severity: rule.severity, message, fix: rule.fix };
}

/** Everything that the numbers depend on. */
function dataFinding({ options, rows, subject, software }: TrialResult): Finding {
  const { data, ball, seed, threads } = options;
  const { trials, onnxruntime, node, platform, processor } = software;
  const words = `${rows.length} of ${subject.total} rows of \`${data}\` (${subject.data})`;
  const attack = `${ball.norm} of ${ball.epsilon}, ${choiceInWords(options)}, seed ${seed}`;
  const place = `trials ${trials}, ONNX Runtime ${onnxruntime}, Node ${node}, ${platform}, ${processor}`;
  return finding('data', `${words}; ${attack}; ${place}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
}

function numberFindings({ rows }: TrialResult): Finding[] {
  const broken = rows.filter(({ clean, became }) => clean === -1 || became === -1);
  if (broken.length === 0) return [];
  const some = broken.slice(0, 5).map(({ row }) => row);
  const which = `row ${some.join(', ')}${broken.length > some.length ? ', …' : ''}`;
  return [finding('numbers', `the outputs of ${broken.length} rows are NaN: ${which}`)];
}

function blindFindings({ radii, members }: TrialResult): Finding[] {
  if (radii.length > 0) return [];
  const names = members.map(({ name }) => `\`${name}\``).join(', ');
  return [
    finding('blind', `the model has no gradient: only ${names} ran, and it may be far less robust than it looks`),
  ];
}

/** The suite is what its name says, and no more is counted; but whoever reads it is told what else was found. */
function missedFindings(result: TrialResult): Finding[] {
  const missed = missedBySuite(result);
  if (missed === 0) return [];
  const left = result.rows.filter(withstands).length - missed;
  const words = `the suite left ${missed} ${missed === 1 ? 'row' : 'rows'} for which other attacks found a change within ε`;
  return [finding('missed', `${words}: ${left} of ${result.rows.length} withstand all of them`)];
}

/** A class of ten rows or more that withstands less than half as often as all together. */
function classFindings(classes: readonly ClassResult[]): Finding[] {
  const rows = classes.reduce((sum, each) => sum + each.rows, 0);
  const all = classes.reduce((sum, each) => sum + each.withstood, 0) / rows;
  return classes
    .filter((each) => each.rows >= 10 && each.withstood / each.rows < all / 2)
    .map(({ label, withstood, rows: own }) =>
      finding(
        'weakClass',
        `of class ${label}, ${withstood} of ${own} rows withstand; of all, ${Math.round(100 * all)} %`,
      ),
    );
}

const schema = 'https://vega.github.io/schema/vega-lite/v6.json';

function curveFigure(result: TrialResult): Figure {
  const title = `ε (${result.options.ball.norm})`;
  const share = { type: 'quantitative', title: 'accuracy', scale: { domain: [0, 1] } };
  const epsilon = { field: 'epsilon', type: 'quantitative', title };
  return {
    title: 'Accuracy against the size of the change',
    specification: {
      $schema: schema,
      data: { values: curveOf(result).map((point) => ({ ...point })) },
      layer: [
        {
          mark: { type: 'area', opacity: 0.2 },
          encoding: { x: epsilon, y: { field: 'low', ...share }, y2: { field: 'high' } },
        },
        { mark: { type: 'line' }, encoding: { x: epsilon, y: { field: 'accuracy', ...share } } },
      ],
    },
  };
}

function classFigure(classes: readonly ClassResult[]): Figure {
  const values = classes.map(({ label, rows, right, withstood }) => ({
    label,
    clean: right / rows,
    robust: withstood / rows,
  }));
  return {
    title: 'Classes, the least robust first',
    specification: {
      $schema: schema,
      data: { values },
      transform: [{ fold: ['clean', 'robust'], as: ['kind', 'share'] }],
      mark: 'bar',
      encoding: {
        x: { field: 'label', type: 'nominal', sort: null, title: 'class' },
        xOffset: { field: 'kind' },
        y: { field: 'share', type: 'quantitative', scale: { domain: [0, 1] }, title: 'accuracy' },
        color: { field: 'kind', type: 'nominal' },
      },
    },
  };
}
