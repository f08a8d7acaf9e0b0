import type { Report } from '@holdfast/evidence/check';
import type { RobustnessOptions } from '@holdfast/trials/robustness/options';
import { marks } from '../scan/words.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

const norms = { linf: 'L∞', l2: 'L2', l1: 'L1' } as const;

/** What a trial came to, for people: the two accuracies first, then what was found. */
export function trialLines(model: string, options: RobustnessOptions, report: Report, terminal: Terminal): string[] {
  const { metrics, findings } = report;
  const [style, sign] = marks[report.verdict];
  // What was measured is neither good nor bad: that is for a policy to say.
  const mark = report.verdict === 'pass' ? '' : `${terminal.paint(style, sign)} `;
  const share = (name: string): string => {
    const [value = 0, low = 0, high = 0] = [name, `${name}_low`, `${name}_high`].map(
      (each) => 100 * (metrics[each] ?? Number.NaN),
    );
    return `${value.toFixed(1).padStart(5)} %   ${low.toFixed(1)} to ${high.toFixed(1)} with 95 % confidence`;
  };
  const measured =
    options.task === 'regression'
      ? errorLines(metrics, (text) => terminal.paint('bold', text))
      : [
          `  clean accuracy   ${share('clean_accuracy')}`,
          `  robust accuracy  ${terminal.paint('bold', share('robust_accuracy'))}`,
        ];
  return [
    `${mark}${model}`,
    `  ${norms[options.ball.norm]} ε = ${shortNumber(options.ball.epsilon)}, suite ${options.suite}`,
    '',
    ...measured,
    '',
    ...findings.flatMap(({ severity, message }) => labelled(severity === 'info' ? '  ' : '! ', 2, message)),
  ];
}

/** Errors of the values as they are and of the worst that were found. */
function errorLines(metrics: Report['metrics'], bold: (text: string) => string): string[] {
  const line = (title: string, name: string, paint = (text: string) => text): string => {
    const [value = '', low = '', high = ''] = [name, `${name}_low`, `${name}_high`].map((each) =>
      shortNumber(metrics[each] ?? Number.NaN),
    );
    return `  ${title}  ${paint(`${value}   ${low} to ${high} with 95 % confidence`)}`;
  };
  return [
    line('clean mean absolute error', 'clean_mae'),
    line('worst mean absolute error', 'worst_mae', bold),
    line('clean root mean square   ', 'clean_rmse'),
    line('worst root mean square   ', 'worst_rmse', bold),
  ];
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
