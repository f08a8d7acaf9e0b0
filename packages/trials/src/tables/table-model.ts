import { openSession, type Session, type TensorData } from '@holdfast/inference';
import { type Model, readModel, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Facts } from '../gradient/facts.ts';
import { gradientModel, gradientPort, ports, prunedTo } from '../gradient/gradient-model.ts';
import { lowered, needsLowering } from '../gradient/lowerings/index.ts';
import { probeFacts } from '../gradient/probe-facts.ts';
import { upgraded } from '../gradient/upgrade.ts';
import { type Feeding, feedingOf } from './feeding.ts';
import { before, classesOf, type Head, headOf, refuseClassifier, type Task } from './head.ts';
import type { TableSpace } from './table-space.ts';

interface Options {
  /** Threads within an operator; all cores unless given. */
  readonly threads?: number;
}

/**
 * Opens an ONNX file that takes rows of a table: one input [N, F] with the columns side by side, or an input for each
 * column or for several. A classifier gives [N, classes], or one probability out of a Sigmoid; a regressor [N] or [N, 1].
 * @throws TrialsError HF_TRIALS_MODEL, HF_TRIALS_TASK; OnnxError, InferenceError
 */
export async function openTableModel(
  bytes: Uint8Array,
  space: TableSpace,
  task: Task,
  options: Options = {},
): Promise<TableModel> {
  const model = readModel(bytes);
  const session = await openSession(bytes, options);
  try {
    const inputs = session.inputs.filter(({ name }) => !model.graph.initializers.has(name));
    const feeding = feedingOf(space, inputs);
    const facts = await probeFacts(model, probes(feeding));
    const head = headOf(session.outputs, facts, task);
    const derived = await derivedOf(model, head, facts, feeding);
    const activation = head.outputs > 1 ? 'Softmax' : 'Sigmoid';
    const inner = task === 'regression' ? undefined : before(derived.model.graph, head.name, activation);
    if (task === 'classification' && head.outputs === 1 && inner === undefined)
      refuseClassifier(`one number, \`${head.name}\``);
    return new TableModel({ space, task, session, derived, feeding, head, scores: inner ?? head.name, options });
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

/** The same row twice and three times: only the number of rows differs. */
function probes(feeding: Feeding): Record<string, TensorData>[] {
  return [2, 3].map((rows) => feeding.feeds(feeding.sample(rows)));
}

/** The model in the form that gradients are made of. */
interface Derived {
  readonly model: Model;
  readonly facts: Facts;
  /** Why there cannot be a gradient. */
  readonly problem?: TrialsError;
}

async function derivedOf(model: Model, { name }: Head, facts: Facts, feeding: Feeding): Promise<Derived> {
  const plainer = upgraded(prunedTo(model, name), (value) => facts.get(value)?.dims.length);
  if (!needsLowering(plainer)) return { model: plainer, facts };
  try {
    const plain = lowered(plainer, facts);
    return { model: plain, facts: await probeFacts(plain, probes(feeding)) };
  } catch (cause) {
    return { model: plainer, facts, problem: withoutGradient(cause) };
  }
}

/** What only means that there is no gradient. */
function withoutGradient(cause: unknown): TrialsError {
  if (cause instanceof TrialsError && cause.exit === 3) return cause;
  throw cause;
}

interface Parts {
  readonly space: TableSpace;
  readonly task: Task;
  /** Of the file itself. */
  readonly session: Session;
  readonly derived: Derived;
  readonly feeding: Feeding;
  readonly head: Head;
  /** The value that an attack climbs. */
  readonly scores: string;
  readonly options: Options;
}

/** Where scores go up, row by row; 0 for numbers that no gradient reaches. */
export interface Slope {
  /** [N·outputs] */
  readonly scores: Float32Array;
  /** [N·width] */
  readonly gradient: Float32Array;
}

/** A model that takes rows of a table. Rows lie one behind the other. */
export class TableModel {
  readonly space: TableSpace;
  readonly task: Task;
  /** 1 of a regressor. */
  readonly classes: number;
  /** Numbers that a row of scores has: 1 also where two classes have one probability. */
  readonly outputs: number;
  /** Rows forward, and rows forward and backward. */
  readonly spent = { forward: 0, backward: 0 };
  /** Why there is no gradient, as soon as that is known. */
  gradientProblem: TrialsError | undefined;
  readonly #parts: Parts;
  #scoring: Promise<Session> | undefined;
  #slope: Promise<Session | undefined> | undefined;

  constructor(parts: Parts) {
    this.space = parts.space;
    this.task = parts.task;
    this.classes = parts.head.classes;
    this.outputs = parts.head.outputs;
    this.gradientProblem = parts.derived.problem;
    this.#parts = parts;
  }

  /** What the file itself gives, in the form in which it will be deployed. [N·outputs] */
  async answers(x: Float32Array): Promise<Float32Array> {
    const { session, head } = this.#parts;
    return this.#numbers(session, x, head.name);
  }

  /** The classes that the file answers; −1 where it gives NaN. */
  async classify(x: Float32Array): Promise<Int32Array> {
    return classesOf(await this.answers(x), this.#parts.head);
  }

  /** What an attack climbs: logits where they can be had, else what the file gives. [N·outputs] */
  async scores(x: Float32Array): Promise<Float32Array> {
    const { head, derived, scores, options } = this.#parts;
    if (scores === head.name) return this.answers(x);
    this.#scoring ??= openSession(writeModel(prunedTo(derived.model, scores)), options);
    return this.#numbers(await this.#scoring, x, scores);
  }

  /**
   * The gradient of Σ seed · scores; undefined where the model has none, as a forest of trees.
   * @param seed [N·outputs]
   */
  async slope(x: Float32Array, seed: Float32Array): Promise<Slope | undefined> {
    const { feeding, derived, scores } = this.#parts;
    this.#slope ??= this.#openSlope();
    const session = await this.#slope;
    if (session === undefined) return undefined;
    const rows = x.length / this.space.width;
    const rank = derived.facts.get(scores)?.dims.length ?? 2;
    const dims = rank === 1 ? [rows] : [rows, this.outputs];
    const found = await session.run({ ...feeding.feeds(x), [ports.seed]: { type: 'FLOAT', dims, data: seed } });
    this.spent.backward += rows;
    const gradients = new Map(feeding.real.map((name) => [name, numbersOf(found, gradientPort(name))]));
    return { scores: numbersOf(found, scores), gradient: feeding.collected(gradients, rows) };
  }

  async release(): Promise<void> {
    await this.#parts.session.release();
    const opened = await Promise.allSettled([this.#scoring, this.#slope].filter((each) => each !== undefined));
    for (const each of opened) if (each.status === 'fulfilled') await each.value?.release();
  }

  async #numbers(session: Session, x: Float32Array, name: string): Promise<Float32Array> {
    this.spent.forward += x.length / this.space.width;
    return numbersOf(await session.run(this.#parts.feeding.feeds(x), [name]), name);
  }

  async #openSlope(): Promise<Session | undefined> {
    const { feeding, derived, scores, options } = this.#parts;
    if (derived.problem !== undefined) return undefined;
    try {
      if (feeding.real.length === 0) throw new TrialsError('HF_TRIALS_OPERATOR', 'no input of the model is FLOAT');
      const wanted = { facts: derived.facts, output: scores, loss: 'seed', withRespectTo: feeding.real } as const;
      return await openSession(writeModel(gradientModel(derived.model, wanted)), options);
    } catch (cause) {
      this.gradientProblem = withoutGradient(cause);
      return undefined;
    }
  }
}

function numbersOf(found: Readonly<Record<string, TensorData>>, name: string): Float32Array {
  const data = found[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new TrialsError('HF_TRIALS_MODEL', `the value \`${name}\` is no FLOAT`);
}
