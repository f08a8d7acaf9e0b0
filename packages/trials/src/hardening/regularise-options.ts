import { Given } from '../given.ts';
import { type TrainingOptions, trainingOptions, trainingProperties } from './training-options.ts';

/** What regularising is asked for. */
export interface RegulariseOptions extends TrainingOptions {
  /** λ of λ·‖∂L/∂x‖². */
  readonly penalty: number;
  /** Label smoothing. */
  readonly smoothing: number;
}

export const regulariseSchema = {
  type: 'object',
  properties: {
    ...trainingProperties,
    penalty: { type: 'number', minimum: 0, default: 1, description: 'weight of the squared input gradient' },
    smoothing: { type: 'number', minimum: 0, default: 0, description: 'label smoothing' },
  },
  required: ['data', 'epsilon'],
  additionalProperties: false,
} as const;

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function regulariseOptions(values: Readonly<Record<string, unknown>>): RegulariseOptions {
  const given = new Given(values, regulariseSchema.properties);
  const penalty = given.between('penalty', 0, 1e9, 1);
  const smoothing = given.between('smoothing', 0, 1, 0);
  if (penalty === 0 && smoothing === 0)
    given.refuse('penalty', 'and `smoothing` are both 0: nothing would be hardened');
  return { ...trainingOptions(given), penalty, smoothing };
}
