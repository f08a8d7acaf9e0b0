import type { Report } from '@holdfast/evidence/check';
import type { RobustnessOptions } from '@holdfast/trials/robustness/options';
import { normNames, percent, short } from '@holdfast/trials/robustness/output/wording';
import { marks } from '../scan/words.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

/** What a trial of tables, or of values, came to, for people: what was measured first, then what was found. */
export function tableLines(model: string, options: RobustnessOptions, report: Report, terminal: Terminal): string[] {
  const [style, sign] = marks[report.verdict];
  // What was measured is neither good nor bad: that is for a policy to say.
  const mark = report.verdict === 'pass' ? '' : `${terminal.paint(style, sign)} `;
  const bold = (text: string): string => terminal.paint('bold', text);
  return [
    `${mark}${model}`,
    `  ${normNames[options.ball.norm]} ε = ${short(options.ball.epsilon)}, suite ${options.suite}`,
    '',
    ...(options.task === 'regression' ? errorLines(report, bold) : accuracyLines(report, bold)),
    '',
    ...report.findings.flatMap(({ severity, message }) => labelled(severity === 'info' ? '  ' : '! ', 2, message)),
  ];
}

type Paint = (text: string) => string;

function accuracyLines({ metrics }: Report, bold: Paint): string[] {
  const share = (name: string): string => {
    const [value = '', low = '', high = ''] = interval(metrics, name).map(percent);
    return `${value.padStart(7)}   ${low.replace(' %', '')} to ${high} with 95 % confidence`;
  };
  return [`  clean accuracy   ${share('clean_accuracy')}`, `  robust accuracy  ${bold(share('robust_accuracy'))}`];
}

/** Errors of the values as they are and of the worst that were found. */
function errorLines({ metrics }: Report, bold: Paint): string[] {
  const line = (title: string, name: string, paint: Paint = (text) => text): string => {
    const [value = '', low = '', high = ''] = interval(metrics, name).map(short);
    return `  ${title}  ${paint(`${value}   ${low} to ${high} with 95 % confidence`)}`;
  };
  return [
    line('clean mean absolute error', 'clean_mae'),
    line('worst mean absolute error', 'worst_mae', bold),
    line('clean root mean square   ', 'clean_rmse'),
    line('worst root mean square   ', 'worst_rmse', bold),
  ];
}

function interval(metrics: Report['metrics'], name: string): number[] {
  return [name, `${name}_low`, `${name}_high`].map((each) => metrics[each] ?? Number.NaN);
}
