import type { Figure, Finding, Report } from '@holdfast/evidence/check';
import { binomialInterval, bootstrapInterval, mean, median } from '@holdfast/statistics';
import type { RobustnessOptions } from '../robustness/options.ts';
import { robustnessRules } from '../robustness/rules.ts';
import { changedFields, changeWords } from './change-words.ts';
import type { TableEvaluation } from './evaluate-table.ts';
import type { Task } from './head.ts';
import type { TableSpace } from './table-space.ts';

/** What a trial of a table came to. */
export interface TableResult {
  readonly options: RobustnessOptions;
  readonly task: Task;
  readonly space: TableSpace;
  readonly evaluation: TableEvaluation;
  /** [N·width] as they were */
  readonly x: Float32Array;
  readonly labels: Int32Array | Float32Array;
  readonly classes: readonly string[] | undefined;
  /** Rows of the file. */
  readonly total: number;
  /** Files by the option that names them: `sha256:…`. */
  readonly digests: { readonly data: string; readonly columns?: string };
  /** Accuracy, or mean absolute error, at other radii. */
  readonly curve: readonly { readonly epsilon: number; readonly value: number }[];
  /** Why there is no gradient. */
  readonly withoutGradient: string | undefined;
}

/** The report of a trial of a table: metrics with their 95 % intervals, findings, and the curve as a figure. */
export function tableReport(result: TableResult): Report {
  const { options, task, labels, space } = result;
  const { norm, epsilon } = options.ball;
  const unit = space.declared.scale === 'unit' ? '' : `_${space.declared.scale}`;
  const numbers = numberFindings(result);
  return {
    verdict: numbers.length > 0 ? 'fail' : 'pass',
    origin: 'measured',
    metrics: {
      rows: labels.length,
      epsilon,
      // so that a policy sees in which norm and in which unit
      [`${norm}_epsilon${unit}`]: epsilon,
      ...(task === 'regression' ? errorMetrics(result) : accuracyMetrics(result)),
    },
    findings: [
      dataFinding(result),
      ...numbers,
      ...columnFindings(result),
      ...classFindings(result),
      ...rowFindings(result),
    ],
    coverage: { examined: labels.length, total: labels.length, left: [] },
    figures: [curveFigure(result)],
  };
}

function accuracyMetrics({ evaluation, labels }: TableResult): Record<string, number> {
  const right = [...labels.keys()].filter((row) => evaluation.outcomes[row]?.clean === labels[row]);
  const withstood = right.filter((row) => evaluation.outcomes[row]?.brokenBy === undefined);
  return {
    ...share('clean_accuracy', right.length, labels.length),
    ...share('robust_accuracy', withstood.length, labels.length),
  };
}

/** Clopper and Pearson's interval. */
function share(name: string, count: number, rows: number): Record<string, number> {
  const { low, high } = binomialInterval(count, rows, 0.95);
  return { [name]: count / rows, [`${name}_low`]: low, [`${name}_high`]: high };
}

/** Mean absolute and root mean squared errors of the rows as they are and of the worst that were found, bootstrapped. */
function errorMetrics({ evaluation, labels, options }: TableResult): Record<string, number> {
  const errors = (of: 'clean' | 'worst'): number[] =>
    evaluation.outcomes.map(({ clean, became }, row) =>
      Math.abs((of === 'clean' ? clean : (became ?? clean)) - (labels[row] as number)),
    );
  const [clean, worst] = [errors('clean'), errors('worst')];
  const rootMeanSquare = (sample: Float64Array): number => Math.sqrt(mean(sample.map((error) => error * error)));
  const of = (name: string, values: number[], statistic: (sample: Float64Array) => number): Record<string, number> => {
    // What cannot be measured is missing, so that a policy that asks for it denies.
    if (values.some((value) => !Number.isFinite(value))) return {};
    const { low, high } = bootstrapInterval(values, statistic, { seed: options.seed });
    return { [name]: statistic(Float64Array.from(values)), [`${name}_low`]: low, [`${name}_high`]: high };
  };
  const metrics = {
    ...of('clean_mae', clean, mean),
    ...of('clean_rmse', clean, rootMeanSquare),
    ...of('worst_mae', worst, mean),
    ...of('worst_rmse', worst, rootMeanSquare),
  };
  const growth = (metrics['worst_mae'] ?? 0) / (metrics['clean_mae'] ?? 0);
  return Number.isFinite(growth) ? { ...metrics, error_growth: growth } : metrics;
}

type RuleName = keyof typeof robustnessRules;

function finding(name: RuleName, message: string): Finding {
  const rule = robustnessRules[name];
  return { rule: rule.id, severity: rule.severity, message, fix: rule.fix };
}

const units = { deviation: ' standard deviations', range: ' of the range', unit: '' } as const;

function dataFinding({ options, labels, total, digests, space, withoutGradient }: TableResult): Finding {
  const { declared } = space;
  const { data, ball, suite, seed, columns } = options;
  const budget = [
    ...(declared.changes === undefined ? [] : [`${declared.changes} columns`]),
    ...(declared.categoryChanges === undefined ? [] : [`${declared.categoryChanges} of categories`]),
  ].join(', ');
  const words = [
    `${labels.length} of ${total} rows of \`${data}\` (${digests.data})`,
    ...(columns === undefined ? [] : [`columns \`${columns}\` (${digests.columns ?? ''})`]),
    `${ball.norm} of ${ball.epsilon}${units[declared.scale]}${budget === '' ? '' : `, changes of at most ${budget}`}`,
    `suite ${suite}, seed ${seed}`,
    ...(withoutGradient === undefined ? [] : [`only a search without gradients: ${withoutGradient}`]),
  ];
  return finding('data', words.join('; '));
}

function numberFindings({ evaluation, task }: TableResult): Finding[] {
  const isNone = (answer: number | undefined): boolean =>
    task === 'regression' ? answer !== undefined && !Number.isFinite(answer) : answer === -1;
  const rows = evaluation.outcomes.filter(({ clean, became }) => isNone(clean) || isNone(became)).length;
  return rows === 0 ? [] : [finding('numbers', `the outputs of ${rows} rows are no numbers`)];
}

function misled({ evaluation }: TableResult): number[] {
  return [...evaluation.outcomes.keys()].filter((row) => evaluation.outcomes[row]?.brokenBy !== undefined);
}

function rowOf({ space: { width } }: TableResult, x: Float32Array, row: number): Float32Array {
  return x.subarray(row * width, (row + 1) * width);
}

/** Which columns attacks need, the most needed first. */
function columnFindings(result: TableResult): Finding[] {
  const rows = misled(result);
  if (rows.length === 0 || result.options.columns === undefined) return [];
  const counts = new Map<string, number>();
  const lengths: number[] = [];
  for (const row of rows) {
    const fields = changedFields(
      result.space,
      rowOf(result, result.x, row),
      rowOf(result, result.evaluation.changed, row),
    );
    lengths.push(fields.length);
    for (const { column } of fields) counts.set(column.name, (counts.get(column.name) ?? 0) + 1);
  }
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
  const words = most.map(([name, count]) => `\`${name}\` in ${count}`).join(', ');
  return [finding('columns', `of ${rows.length} changed rows: ${words}; ${median(lengths)} columns in the median row`)];
}

/** A class of ten rows or more that withstands less than half as often as all together. */
function classFindings({ evaluation, labels, task, classes }: TableResult): Finding[] {
  if (task === 'regression') return [];
  const withstands = (row: number): boolean =>
    evaluation.outcomes[row]?.clean === labels[row] && evaluation.outcomes[row]?.brokenBy === undefined;
  const rows = [...labels.keys()];
  const all = rows.filter(withstands).length / rows.length;
  return [...new Set(labels)]
    .sort((a, b) => a - b)
    .flatMap((label) => {
      const own = rows.filter((row) => labels[row] === label);
      const left = own.filter(withstands).length;
      if (own.length < 10 || left / own.length >= all / 2) return [];
      const name = classes?.[label] ?? String(label);
      return [
        finding(
          'weakClass',
          `of class ${name}, ${left} of ${own.length} rows withstand; of all, ${Math.round(100 * all)} %`,
        ),
      ];
    });
}

/** A few changed rows, by what changed: the rows themselves may be about people, and evidence is for everybody. */
function rowFindings(result: TableResult): Finding[] {
  if (result.options.columns === undefined) return [];
  const fewest = misled(result)
    .map((row) => {
      const [from, to] = [rowOf(result, result.x, row), rowOf(result, result.evaluation.changed, row)];
      return { row, from, to, count: changedFields(result.space, from, to).length };
    })
    .sort((a, b) => a.count - b.count || a.row - b.row);
  return fewest.slice(0, 3).map(({ row, from, to }) => {
    const { clean, became = Number.NaN } = result.evaluation.outcomes[row] ?? { clean: Number.NaN };
    const named = (answer: number): string =>
      result.task === 'regression'
        ? String(Number(answer.toPrecision(4)))
        : (result.classes?.[answer] ?? `class ${answer}`);
    return finding(
      'rows',
      `row ${row}: ${changeWords(result.space, from, to)}: ${named(clean)} becomes ${named(became)}`,
    );
  });
}

function curveFigure({ curve, options, task, space }: TableResult): Figure {
  const [title, name] =
    task === 'regression'
      ? ['Error against the size of the change', 'mean absolute error']
      : ['Accuracy against the size of the change', 'accuracy'];
  const field = task === 'regression' ? 'error' : 'accuracy';
  return {
    title,
    specification: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values: curve.map(({ epsilon, value }) => ({ epsilon, [field]: value })) },
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'epsilon', type: 'quantitative', title: `ε (${options.ball.norm}${units[space.declared.scale]})` },
        y: {
          field,
          type: 'quantitative',
          title: name,
          ...(task === 'regression' ? {} : { scale: { domain: [0, 1] } }),
        },
      },
    },
  };
}
