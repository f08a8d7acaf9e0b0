import { openSession, type Session, type TensorData } from '@holdfast/inference';
import { type Model, tensor, tensorValue, valuesOf, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Facts } from '../gradient/facts.ts';
import { gradientModel, gradientPort, ports } from '../gradient/gradient-model.ts';
import type { LossName } from '../gradient/losses.ts';
import { labelsOf, realsOf } from '../session-values.ts';

/** Numbers that training changes, by the name of the initializer. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** What a batch taught: losses [N], logits [N·K], and gradients of the summed loss. */
export interface Lesson {
  readonly loss: Float32Array;
  readonly logits: Float32Array;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

interface TrainableOptions {
  readonly facts: Facts;
  readonly input: string;
  /** The value that counts as the logits. */
  readonly output: string;
  readonly loss?: LossName;
  readonly threads?: number;
}

/**
 * A model whose weights are inputs, so that a step of training changes an array and no session: initializers of FLOAT with
 * more than one element that the loss depends on smoothly. Batch normalisation keeps its statistics as they are.
 */
export class Trainable {
  readonly weights: Map<string, Float32Array>;
  readonly #model: Model;
  readonly #options: TrainableOptions;
  readonly #session: Session;
  readonly #dims: ReadonlyMap<string, readonly number[]>;

  private constructor(model: Model, options: TrainableOptions, session: Session, weights: Map<string, Float32Array>) {
    this.#model = model;
    this.#options = options;
    this.#session = session;
    this.weights = weights;
    this.#dims = new Map([...weights.keys()].map((name) => [name, model.graph.initializers.get(name)?.dims ?? []]));
  }

  /** @param model in opset 18 or newer */
  static async open(model: Model, options: TrainableOptions): Promise<Trainable> {
    const names = weightNames(model);
    if (names.length === 0) throw new TrialsError('HF_TRIALS_MODEL', 'the model has no weights of FLOAT to train');
    const initial = new Map(names.map((name) => [name, weightsOf(model, name)]));
    const full = gradientModel(model, {
      ...{ facts: options.facts, output: options.output, loss: options.loss ?? 'cross-entropy' },
      withRespectTo: [options.input, ...names],
    });
    return new Trainable(model, options, await openSession(writeModel(asInputs(full, names)), options), initial);
  }

  /** The gradient of the summed loss with respect to the samples. */
  async inputGradient(x: TensorData, labels: Int32Array): Promise<Float32Array> {
    const port = gradientPort(this.#options.input);
    const found = await this.#session.run(this.#feeds(x, labels), [port]);
    return realsOf(found, port);
  }

  /** Losses of a batch and the gradients of their sum with respect to every weight. */
  async lesson(x: TensorData, labels: Int32Array): Promise<Lesson> {
    const names = [...this.weights.keys()];
    const { output } = this.#options;
    const found = await this.#session.run(this.#feeds(x, labels), [output, ports.loss, ...names.map(gradientPort)]);
    return {
      logits: realsOf(found, output),
      loss: realsOf(found, ports.loss),
      gradients: new Map(names.map((name) => [name, realsOf(found, gradientPort(name))])),
    };
  }

  /** The model with the weights as they are now; inputs and outputs are what they were. */
  model(weights: Weights = this.weights): Model {
    const { graph } = this.#model;
    const initializers = new Map(graph.initializers);
    for (const [name, values] of weights) {
      initializers.set(name, tensor(name, this.#dims.get(name) ?? [], values.slice()));
    }
    return { ...this.#model, graph: { ...graph, initializers } };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #feeds(x: TensorData, labels: Int32Array): Record<string, TensorData> {
    const weights = [...this.weights].map(([name, data]): [string, TensorData] => [
      name,
      { type: 'FLOAT', dims: this.#dims.get(name) ?? [], data },
    ]);
    return {
      ...Object.fromEntries(weights),
      [this.#options.input]: x,
      [ports.labels]: labelsOf(labels),
    };
  }
}

/** Inputs of operators that are weights, by operator: which of them. Statistics of BatchNormalization are none. */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  ...{ Conv: [1, 2], ConvTranspose: [1, 2], Gemm: [1, 2], MatMul: [0, 1], Add: [0, 1], Mul: [0, 1] },
  ...{ BatchNormalization: [1, 2], LayerNormalization: [1, 2], InstanceNormalization: [1, 2], PRelu: [1] },
};

function weightNames({ graph }: Model): string[] {
  const used = graph.nodes.flatMap(({ opType, inputs }) =>
    (weightInputs[opType] ?? []).map((index) => inputs[index] ?? ''),
  );
  return [...new Set(used)].filter((name) => {
    const constant = graph.initializers.get(name);
    return constant?.dataType === 'FLOAT' && constant.dims.reduce((product, size) => product * size, 1) > 1;
  });
}

function weightsOf(model: Model, name: string): Float32Array {
  const constant = model.graph.initializers.get(name);
  if (constant === undefined) throw new TrialsError('HF_TRIALS_MODEL', `the model has no weight \`${name}\``);
  return valuesOf(constant, 'FLOAT').slice();
}

function asInputs(model: Model, names: readonly string[]): Model {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const inputs = names.map((name) => {
    const dims = initializers.get(name)?.dims ?? [];
    initializers.delete(name);
    return tensorValue(name, 'FLOAT', dims);
  });
  const own = graph.inputs.filter(({ name }) => !names.includes(name));
  return { ...model, graph: { ...graph, initializers, inputs: [...own, ...inputs] } };
}
