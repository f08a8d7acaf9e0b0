import type { Model } from '@holdfast/onnx';
import type { Feeds, QuantiseOptions } from './quantise.ts';

/** What it costs to quantise one layer alone. */
export interface LayerSensitivity {
  readonly layer: string;
  readonly operator: string;
  /** ‖quantised − float‖ / ‖float‖ of the first real output over all samples. */
  readonly error: number;
  /** The share of the rows whose greatest output is another one; absent where the output has no classes. */
  readonly changed?: number;
}

/** The cost of each layer, the dearest first: what to give to `exclude`. */
export async function quantisationSensitivity(
  _model: Model,
  _samples: readonly Feeds[],
  _options: QuantiseOptions = {},
): Promise<LayerSensitivity[]> {
  throw new Error('not yet');
}
