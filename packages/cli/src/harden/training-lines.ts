import type { TrainingReport } from '@holdfast/trials/hardening/harden';
import type { TrainingOptions } from '@holdfast/trials/hardening/training-options';
import { labelled } from '../wrap.ts';

const norms = { linf: 'L∞', l2: 'L2', l1: 'L1' } as const;

/** What a training did, for people. */
export function trainingLines(report: TrainingReport, options: TrainingOptions, method: string): string[] {
  const { course, rows } = report;
  const { norm, epsilon } = options.ball;
  const begun = options.fromScratch ? 'from scratch, ' : '';
  const line = (label: string, text: string): string[] => labelled(`  ${label.padEnd(16)}`, 18, text);
  return [
    ...line('method', `${method}, ${norms[norm]} ε = ${Number(epsilon.toPrecision(4))}, seed ${options.seed}`),
    ...line('trained', `${begun}${course.epochs.length} of ${options.epochs} epochs on ${rows.trained} samples`),
    ...chosenLines(report, line),
    ...report.notes.flatMap((note) => labelled('! ', 2, note)),
  ];
}

function chosenLines({ course, rows }: TrainingReport, line: (label: string, text: string) => string[]): string[] {
  const { chosen } = course;
  if (chosen === undefined) return line('chosen', 'the last weights: no samples were held out');
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const { clean, robust } = chosen.scores;
  const epoch = Number(chosen.epoch.toFixed(2));
  return line(
    'chosen',
    `behind epoch ${epoch}: ${share(clean)} clean and ${share(robust)} robust of ${rows.held} held-out samples`,
  );
}
