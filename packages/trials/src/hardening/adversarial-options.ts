import { Given } from '../given.ts';
import { type TrainingOptions, trainingOptions, trainingProperties } from './training-options.ts';

/** What adversarial training is asked for. */
export interface AdversarialOptions extends TrainingOptions {
  readonly method: 'pgd-at' | 'trades' | 'fast';
  /** Of the adversary; 1 of `fast`. */
  readonly steps: number;
  /** The length of a step, in the units of the data. */
  readonly stepSize: number;
  /** Of `trades`: how much withstanding counts against being right. */
  readonly beta: number;
  /** Label smoothing; not with `trades`. */
  readonly smoothing: number;
}

export const adversarialSchema = {
  type: 'object',
  properties: {
    ...trainingProperties,
    method: { enum: ['pgd-at', 'trades', 'fast'], default: 'pgd-at', description: 'how it is trained' },
    steps: { type: 'integer', minimum: 1, default: 10, description: 'steps of the adversary' },
    stepSize: { type: 'number', exclusiveMinimum: 0, description: 'the length of a step (default: 2.5 ε / steps)' },
    beta: { type: 'number', default: 6, description: 'of trades: how much withstanding counts against being right' },
    smoothing: { type: 'number', default: 0, description: 'label smoothing' },
  },
  required: ['data', 'epsilon'],
  additionalProperties: false,
} as const;

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function adversarialOptions(values: Readonly<Record<string, unknown>>): AdversarialOptions {
  const given = new Given(values, adversarialSchema.properties);
  const training = trainingOptions(given);
  const { epsilon } = training.ball;
  const method = given.oneOf('method', ['pgd-at', 'trades', 'fast'] as const, 'pgd-at');
  const isFast = method === 'fast';
  if (isFast && given.has('steps') && given.whole('steps') !== 1) given.refuse('steps', 'is always 1 with `fast`');
  if (isFast && training.validation === 0) given.refuse('validation', 'is needed by `fast`, to see it collapse');
  const steps = isFast ? 1 : given.whole('steps', 10);
  const smoothing = given.between('smoothing', 0, 1, 0);
  if (method === 'trades' && smoothing > 0) given.refuse('smoothing', 'has no effect with `trades`');
  return {
    ...training,
    method,
    steps,
    stepSize: given.above('stepSize', 0, isFast ? 1.25 * epsilon : (2.5 * epsilon) / steps),
    beta: given.above('beta', 0, 6),
    smoothing,
  };
}
