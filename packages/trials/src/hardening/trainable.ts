import { openSession, type Session, type TensorData } from '@holdfast/inference';
import { type Model, tensorValue, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Facts } from '../gradient/facts.ts';
import { gradientModel, gradientPort, type OwnLoss, ports, prunedTo } from '../gradient/gradient-model.ts';
import { probeFacts } from '../gradient/probe-facts.ts';
import { realsOf, samplesOf } from '../session-values.ts';
import { type MovingStatistics, moveStatistics, withBatchStatistics } from './batch-statistics.ts';
import { penalisedModel } from './input-penalty.ts';
import { withWeights } from './mask.ts';
import { softCrossEntropy, targetPort } from './training-loss.ts';
import { type Weights, weightOf, weightUses } from './weights.ts';

export type { Weights } from './weights.ts';

/** What rows should have answered: classes [N], or probabilities [N·K] whose rows sum to 1. */
export type Targets = Int32Array | Float32Array;

/** What a batch taught: losses [N], logits [N·K], and gradients of the summed loss. */
export interface Lesson {
  readonly loss: Float32Array;
  readonly logits: Float32Array;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export interface TrainableOptions {
  readonly facts: Facts;
  readonly input: string;
  /** The value that counts as the logits. */
  readonly output: string;
  /** Of a lesson; cross-entropy unless given. */
  readonly loss?: OwnLoss;
  /** Adds λ·‖∂L/∂x‖² of each row to the loss of a lesson. */
  readonly inputPenalty?: number;
  readonly threads?: number;
}

type SessionName = 'logits' | 'input' | 'lesson';

/**
 * A model whose weights are inputs, so that a step of training changes an array and no session: initializers of FLOAT with
 * more than one element where operators have weights. Running statistics of BatchNormalization move with every lesson.
 */
export class Trainable {
  /** By the name of the initializer; who trains changes them in place. */
  readonly weights: Map<string, Float32Array>;
  /** Running statistics of BatchNormalization. */
  readonly statistics: Map<string, Float32Array>;
  /** Dimensions of one sample. */
  readonly dims: readonly number[];
  /** Numbers of one sample. */
  readonly size: number;
  readonly classes: number;
  readonly #model: Model;
  readonly #lessonModel: Model;
  readonly #lessonFacts: Facts;
  readonly #moving: readonly MovingStatistics[];
  readonly #options: TrainableOptions;
  readonly #sessions = new Map<SessionName, Promise<Session>>();

  private constructor(
    model: Model,
    lesson: { model: Model; facts: Facts; moving: readonly MovingStatistics[] },
    options: TrainableOptions,
    names: readonly string[],
  ) {
    this.#model = model;
    this.#lessonModel = lesson.model;
    this.#lessonFacts = lesson.facts;
    this.#moving = lesson.moving;
    this.#options = options;
    this.weights = new Map(names.map((name) => [name, weightOf(model, name)]));
    const statistics = lesson.moving.flatMap(({ mean, variance }) => [mean, variance]);
    this.statistics = new Map(statistics.map((name) => [name, weightOf(model, name)]));
    this.dims = sampleDims(options);
    this.size = this.dims.reduce((product, each) => product * each, 1);
    this.classes = options.facts.get(options.output)?.dims[1] ?? 0;
  }

  /** @param model in opset 18 or newer */
  static async open(model: Model, options: TrainableOptions): Promise<Trainable> {
    const pruned = prunedTo(model, options.output);
    const names = weightUses(pruned).map(({ name }) => name);
    if (names.length === 0) throw new TrialsError('HF_TRIALS_MODEL', 'the model has no weights of FLOAT to train');
    const lesson = withBatchStatistics(pruned, options.facts);
    const facts = lesson.moving.length === 0 ? options.facts : await probeFacts(lesson.model, probes(options));
    const trainable = new Trainable(model, { ...lesson, facts }, options, names);
    try {
      await trainable.#session('lesson');
    } catch (error) {
      await trainable.release();
      throw error;
    }
    return trainable;
  }

  /** [N·K], with the running statistics. @param x rows, one behind the other */
  async logits(x: Float32Array): Promise<Float32Array> {
    const { input, output } = this.#options;
    const session = await this.#session('logits');
    return realsOf(await session.run({ ...this.#fed(true), [input]: samplesOf(x, this.dims) }), output);
  }

  /** The gradient of the summed cross-entropy with respect to the samples, with the running statistics. */
  async inputGradient(x: Float32Array, targets: Targets): Promise<Float32Array> {
    const session = await this.#session('input');
    const port = gradientPort(this.#options.input);
    return realsOf(await session.run({ ...this.#fed(true), ...this.#batch(x, targets) }, [port]), port);
  }

  /** Losses of a batch and the gradients of their sum with respect to every weight; moves the running statistics. */
  async lesson(x: Float32Array, targets: Targets): Promise<Lesson> {
    const names = [...this.weights.keys()];
    const { output } = this.#options;
    const session = await this.#session('lesson');
    const found = await session.run({ ...this.#fed(false), ...this.#batch(x, targets) });
    const logits = realsOf(found, output);
    for (const each of this.#moving) {
      const [mean, variance] = [realsOf(found, each.batchMean), realsOf(found, each.batchVariance)];
      moveStatistics(this.statistics, each, { mean, variance, rows: logits.length / this.classes });
    }
    return {
      logits,
      loss: realsOf(found, ports.loss),
      gradients: new Map(names.map((name) => [name, realsOf(found, gradientPort(name))])),
    };
  }

  /** The model with the weights and statistics as they are now; inputs and outputs are what they were. */
  model(weights: Weights = this.weights): Model {
    return withWeights(this.#model, new Map([...this.statistics, ...weights]));
  }

  async release(): Promise<void> {
    const opened = await Promise.allSettled(this.#sessions.values());
    await Promise.all(opened.map(async (each) => (each.status === 'fulfilled' ? each.value.release() : undefined)));
  }

  async #session(name: SessionName): Promise<Session> {
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    const opening = this.#write(name).then(async (model) => openSession(writeModel(model), this.#options));
    this.#sessions.set(name, opening);
    return opening;
  }

  async #write(name: SessionName): Promise<Model> {
    const { facts, input, output } = this.#options;
    const own = [...this.weights.keys(), ...this.statistics.keys()];
    if (name === 'logits') return asInputs(prunedTo(this.#model, output), own);
    if (name === 'input') {
      const options = { facts, output, loss: softCrossEntropy, withRespectTo: [input] };
      return asInputs(gradientModel(this.#model, options), own);
    }
    return asInputs(await this.#lessonGraph(), [...this.weights.keys()]);
  }

  async #lessonGraph(): Promise<Model> {
    const { input, output, loss = softCrossEntropy, inputPenalty } = this.#options;
    const withRespectTo = [...this.weights.keys()];
    const options = { facts: this.#lessonFacts, output, loss, withRespectTo };
    const model =
      inputPenalty === undefined
        ? gradientModel(this.#lessonModel, options)
        : await penalisedModel(this.#lessonModel, {
            ...options,
            input,
            weight: inputPenalty,
            probes: lessonProbes(this.#options),
          });
    const moving = this.#moving.flatMap(({ batchMean, batchVariance }) => [batchMean, batchVariance]);
    const outputs = [...model.graph.outputs, ...moving.map((each) => ({ name: each }))];
    return { ...model, graph: { ...model.graph, outputs } };
  }

  #fed(withStatistics: boolean): Record<string, TensorData> {
    const all = withStatistics ? [...this.weights, ...this.statistics] : [...this.weights];
    return Object.fromEntries(
      all.map(([name, data]): [string, TensorData] => {
        const dims = this.#model.graph.initializers.get(name)?.dims ?? [];
        return [name, { type: 'FLOAT', dims, data }];
      }),
    );
  }

  #batch(x: Float32Array, targets: Targets): Record<string, TensorData> {
    const data = targets instanceof Int32Array ? oneHot(targets, this.classes) : targets;
    const dims = [data.length / this.classes, this.classes];
    return { [this.#options.input]: samplesOf(x, this.dims), [targetPort]: { type: 'FLOAT', dims, data } };
  }
}

/** [N·K]: 1 − s at the label and s/K everywhere, of label smoothing s (Szegedy et al., arXiv:1512.00567, section 7). */
export function oneHot(labels: Int32Array, classes: number, smoothing = 0): Float32Array {
  const data = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (const [row, label] of labels.entries()) data[row * classes + label] = 1 - smoothing + smoothing / classes;
  return data;
}

function sampleDims({ facts, input }: TrainableOptions): number[] {
  return (facts.get(input)?.dims ?? []).slice(1).map((size) => size ?? 1);
}

function probes(options: TrainableOptions): Record<string, TensorData>[] {
  const dims = sampleDims(options);
  const size = dims.reduce((product, each) => product * each, 1);
  return [2, 3].map((rows) => ({ [options.input]: samplesOf(new Float32Array(rows * size), dims) }));
}

/** The same for a model with its gradient. */
function lessonProbes(options: TrainableOptions): Record<string, TensorData>[] {
  const classes = options.facts.get(options.output)?.dims[1] ?? 1;
  return probes(options).map((feeds, index) => {
    const dims = [index + 2, classes];
    return { ...feeds, [targetPort]: { type: 'FLOAT', dims, data: new Float32Array((index + 2) * classes) } };
  });
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
