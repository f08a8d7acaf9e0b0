import { openSession, type TensorData } from '@holdfast/inference';
import { elementCount, type Model, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import { isNamed, type Layer, type LeftOut, layersOf } from './layer.ts';
import { type Affine, affineOf, type Range, rangeOf } from './quantisation/affine.ts';
import { calibrate } from './quantisation/calibrate.ts';
import { integerOperators, type Plan, planOf, storedOperators } from './quantisation/plan.ts';
import { prepared } from './quantisation/prepare.ts';
import { quantised } from './quantisation/write.ts';

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

/**
 * Post-training quantisation to eight bits: weights symmetric in int8, activations by what samples show, as pairs of
 * QuantizeLinear and DequantizeLinear (opset 13 or newer), which ONNX Runtime computes as QLinearConv, QGemm and
 * MatMulIntegerToFloat. Of recurrent layers and ConvTranspose only the weights are stored in int8. Batch normalisation behind a
 * convolution becomes a part of it. The same model, samples and options give the same bytes.
 * @param model with its weights inside
 * @param samples batches of what the model will see: a few hundred rows
 * @throws TrialsError HF_TRIALS_COMPRESSION where nothing can be quantised, or all is already; HF_TRIALS_DATA,
 * HF_TRIALS_OPTIONS; InferenceError where the model does not run
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises';
 * import { readModel, writeModel } from '@holdfast/onnx';
 * import { quantise } from '@holdfast/trials/hardening/quantise';
 * const rows = { type: 'FLOAT', dims: [256, 1, 8, 8], data: new Float32Array(256 * 64) } as const;
 * const { model } = await quantise(readModel(await readFile('model.onnx')), [{ x: rows }]);
 * await writeFile('quantised.onnx', writeModel(model));
 * ```
 */
export async function quantise(
  model: Model,
  samples: readonly Feeds[],
  options: QuantiseOptions = {},
): Promise<Quantised> {
  checkOptions(options);
  const subject = await subjectOf(model, samples, options);
  const plan = planOf(subject.model, subject.layers, activationType(options));
  const ranges = await calibrate(subject.model, calibrated(plan), samples, activationType(options), options);
  const result = quantised(subject.model, plan, ranges, options);
  await requireLoads(result, options);
  return { model: result, layers: layerReports(subject.model, plan, ranges, options), left: subject.left };
}

/** A model that is ready to be quantised, its layers, and those that stay as they are. */
export interface Subject {
  readonly model: Model;
  readonly layers: readonly Layer[];
  readonly left: readonly LeftOut[];
}

/** @throws TrialsError HF_TRIALS_COMPRESSION */
export async function subjectOf(model: Model, samples: readonly Feeds[], options: QuantiseOptions): Promise<Subject> {
  const { exclude = [] } = options;
  const ready = await prepared(model, samples, exclude);
  const found = layersOf(ready, [...integerOperators, ...storedOperators]);
  const left = [...found.left];
  const layers = found.layers.filter((layer) => {
    const why = isNamed(layer, exclude) ? 'excluded' : constantInput(ready, layer);
    if (why !== undefined) left.push({ layer: layer.name, operator: layer.node.opType, why });
    return why === undefined;
  });
  if (layers.length > 0) return { model: ready, layers, left };
  const reasons = left.map(({ layer, why }) => `\`${layer}\`: ${why}`);
  throw new TrialsError('HF_TRIALS_COMPRESSION', 'the model has no layer that can be quantised', {
    ...(reasons.length === 0 ? {} : { where: reasons.slice(0, 5).join('; ') }),
  });
}

function constantInput({ graph }: Model, { node }: Layer): string | undefined {
  const isConstant = integerOperators.includes(node.opType) && graph.initializers.has(node.inputs[0] ?? '');
  return isConstant ? 'its input is a constant' : undefined;
}

export function activationType({ activations }: QuantiseOptions): Affine['type'] {
  return activations === 'int8' ? 'INT8' : 'UINT8';
}

/** Values whose range has to be known. */
export function calibrated({ rounded }: Plan): string[] {
  return [...new Set(rounded.map(({ like }) => like))];
}

export function checkOptions({ percentile = 99.99 }: QuantiseOptions): void {
  if (percentile > 50 && percentile <= 100) return;
  throw new TrialsError(
    'HF_TRIALS_OPTIONS',
    `the option \`percentile\` is \`${percentile}\`: it lies above 50, up to 100`,
  );
}

/** What is handed out has been loaded by the runtime that it is for. */
async function requireLoads(model: Model, { threads = 1 }: QuantiseOptions): Promise<void> {
  const session = await openSession(writeModel(model), { threads });
  await session.release();
}

function layerReports(
  { graph }: Model,
  { integer, stored, rounded }: Plan,
  ranges: ReadonlyMap<string, Range>,
  options: QuantiseOptions,
): QuantisedLayer[] {
  const like = new Map(rounded.map((each) => [each.value, each.like]));
  const report = ({ name, node, weights }: Layer, kind: QuantisedLayer['kind']): QuantisedLayer => {
    const count = weights.reduce((sum, each) => sum + elementCount(graph.initializers.get(each.name)?.dims ?? [0]), 0);
    const range = kind === 'integer' ? ranges.get(like.get(node.inputs[0] ?? '') ?? '') : undefined;
    const input = range && rangeOf(affineOf(range, activationType(options)));
    return { layer: name, operator: node.opType, kind, weights: count, ...(input === undefined ? {} : { input }) };
  };
  return [...integer.map((layer) => report(layer, 'integer')), ...stored.map((layer) => report(layer, 'stored'))];
}
