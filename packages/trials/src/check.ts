import type { CheckDescription } from '@holdfast/evidence/check';
import { robustnessSchema } from './robustness/options-schema.ts';
import { robustnessRules } from './robustness/rules.ts';
import { trialsVersion } from './version.ts';

/**
 * The robustness trial as a check: how often does the model withstand who changes its inputs a little?
 *
 * What it measures is no verdict: how robust is robust enough, against how large a change and on how many rows, is for
 * a policy to say (`trial.robustness.metrics`). It passes when there is nothing odd in the measurement.
 */
export const robustnessCheck: CheckDescription = {
  name: 'trial.robustness',
  version: trialsVersion,
  title: 'How often the model withstands small changes of its inputs that are meant to mislead it',
  artifacts: ['model'],
  options: robustnessSchema,
  inputs: ['data', 'columns'],
  headline: ['clean_accuracy', 'robust_accuracy', 'clean_mae', 'worst_mae', 'epsilon'],
  rules: Object.values(robustnessRules),
  load: async () => (await import('./robustness/robustness-check.ts')).robustnessCheckRun,
};
