import type { OperationDescription } from '@holdfast/evidence/check';
import { gatewayVersion } from '../version.ts';
import { fitSchema } from './options.ts';

/** Learns what the gateway has to know to tell ordinary requests to a model from others. */
export const fitOperation: OperationDescription = {
  name: 'gateway.fit',
  version: gatewayVersion,
  title: 'Learn from training data which requests to a model are ordinary',
  artifacts: ['dataset'],
  options: fitSchema,
  inputs: ['model'],
  outputs: [{ name: 'output', summary: 'what was learnt, for `protections.fitted` of a route: JSON' }],
  headline: ['rows', 'features', 'false_alarms'],
  rules: [],
  load: async () => (await import('./fit-run.ts')).fitRun,
};
