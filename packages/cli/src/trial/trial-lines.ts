import type { Report } from '@holdfast/evidence/check';
import { choiceInWords } from '@holdfast/trials/robustness/attack-names';
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
  return [
    `${mark}${model}`,
    ...labelled(
      '  ',
      2,
      `${norms[options.ball.norm]} ε = ${shortNumber(options.ball.epsilon)}, ${choiceInWords(options)}`,
    ),
    '',
    `  clean accuracy   ${share('clean_accuracy')}`,
    `  robust accuracy  ${terminal.paint('bold', share('robust_accuracy'))}`,
    '',
    ...findings.flatMap(({ severity, message }) => labelled(severity === 'info' ? '  ' : '! ', 2, message)),
  ];
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
