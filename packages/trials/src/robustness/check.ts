import type { CheckDescription } from '@holdfast/evidence/check';
import { robustnessSchema } from './options.ts';
import { robustnessRules } from './rules.ts';

/** Attacks a classifier, on the very file that will be deployed, and says how often it withstands. */
export const robustnessCheck: CheckDescription = {
  name: 'trial.robustness',
  version: '0.1.0',
  title: 'How often a classifier is still right when somebody changes its inputs on purpose',
  artifacts: ['model'],
  options: robustnessSchema,
  rules: Object.values(robustnessRules),
  load: async () => (await import('./run-robustness.ts')).robustnessRun,
};
