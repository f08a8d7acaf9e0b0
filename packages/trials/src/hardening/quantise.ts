import type { TensorData } from '@holdfast/inference';
import type { Model } from '@holdfast/onnx';
import type { LeftOut } from './layer.ts';

/** A tensor for every input of a model: a batch that it is run on. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** How a model is quantised. */
export interface QuantiseOptions {
  /**
   * How the range of an activation is chosen from what the samples show: all of it (`min-max`, unless given), but for the
   * outermost (`percentile`), or where 8 bits lose least: in squares (`mse`), in information (`entropy`).
   */
  readonly calibration?: 'min-max' | 'percentile' | 'mse' | 'entropy';
  /** Of `percentile`: the share of the values, in %, that lie within the range; 99.99 unless given. */
  readonly percentile?: number;
  /** `uint8` with a zero point (unless given), or `int8` around 0. */
  readonly activations?: 'uint8' | 'int8';
  /** A scale for each output of a layer (unless given), or one for all. */
  readonly weights?: 'per-channel' | 'per-tensor';
  /**
   * Bits of a weight: 8 (unless given), or 7, with which processors without VNNI do not overflow between activations of
   * uint8 and weights of int8 (x64 with AVX2 only).
   */
  readonly weightBits?: 7 | 8;
  /** Names of nodes or initializers that stay as they are. */
  readonly exclude?: readonly string[];
  /** Threads of the runs of the calibration; 1 unless given, which gives the same bits on every run. */
  readonly threads?: number;
}

/** What became of a layer. */
export interface QuantisedLayer {
  readonly layer: string;
  readonly operator: string;
  /** `integer`: it is computed in int8. `stored`: only its weights are kept in int8, and made real before they are used. */
  readonly kind: 'integer' | 'stored';
  /** How many weights it has. */
  readonly weights: number;
  /** The range of what comes in, as it can be said with 8 bits. */
  readonly input?: { readonly low: number; readonly high: number };
}

/** A quantised model: same inputs and outputs. */
export interface Quantised {
  readonly model: Model;
  readonly layers: readonly QuantisedLayer[];
  /** Layers that stay in float32, and why. */
  readonly left: readonly LeftOut[];
}

export async function quantise(
  _model: Model,
  _samples: readonly Feeds[],
  _options: QuantiseOptions = {},
): Promise<Quantised> {
  throw new Error('not yet');
}
