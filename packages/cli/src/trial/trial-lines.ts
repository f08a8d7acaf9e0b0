import type { Report } from '@holdfast/evidence/check';
import { choiceInWords } from '@holdfast/trials/robustness/attack-names';
import { curveOf } from '@holdfast/trials/robustness/curve';
import { normNames, percent, short } from '@holdfast/trials/robustness/output/wording';
import { shardText } from '@holdfast/trials/robustness/shard';
import type { TrialResult } from '@holdfast/trials/robustness/trial-result';
import { marks } from '../scan/words.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';
import { curveLines } from './curve-lines.ts';

/** What a trial came to, for people: the two accuracies first, then the curve, then what was found. */
export function trialLines(model: string, result: TrialResult, report: Report, terminal: Terminal): string[] {
  const { options, shard, rows } = result;
  const [style, sign] = marks[report.verdict];
  // What was measured is neither good nor bad: that is for a policy to say.
  const mark = report.verdict === 'pass' ? '' : `${terminal.paint(style, sign)} `;
  const part = shard === undefined ? '' : `, shard ${shardText(shard)}`;
  return [
    `${mark}${model}`,
    ...labelled(
      '  ',
      2,
      `${normNames[options.ball.norm]} ε = ${short(options.ball.epsilon)}, ${choiceInWords(options)}${part}`,
    ),
    ...report.coverage.left.flatMap((line) => labelled('  ', 2, line)),
    ...(rows.length === 0 ? [] : ['', ...measured(report, terminal), '', ...curveLines(curveOf(result))]),
    '',
    ...report.findings.flatMap(({ severity, message }) => labelled(severity === 'info' ? '  ' : '! ', 2, message)),
  ];
}

function measured({ metrics }: Report, terminal: Terminal): string[] {
  const share = (name: string): string => {
    const [value = 0, low = 0, high = 0] = [name, `${name}_low`, `${name}_high`].map(
      (each) => metrics[each] ?? Number.NaN,
    );
    return `${percent(value).padStart(7)}   ${percent(low).replace(' %', '')} to ${percent(high)} with 95 % confidence`;
  };
  const median = metrics['median_minimal_change'];
  return [
    `  clean accuracy   ${share('clean_accuracy')}`,
    `  robust accuracy  ${terminal.paint('bold', share('robust_accuracy'))}`,
    ...(median === undefined ? [] : [`  minimal change   ${short(median).padStart(7)}   median of what is right`]),
  ];
}
