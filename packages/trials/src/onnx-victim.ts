import { openSession, type Session, type TensorData } from '@holdfast/inference';
import { type Model, node, tensor, writeModel } from '@holdfast/onnx';
import { TrialsError } from './errors.ts';
import type { Facts } from './gradient/facts.ts';
import { gradientModel, gradientPort, ports, prunedTo } from './gradient/gradient-model.ts';
import { inlined } from './gradient/inline.ts';
import type { LossName } from './gradient/losses.ts';
import { lowered, needsLowering } from './gradient/lowerings/index.ts';
import { type Open, probeFacts } from './gradient/probe-facts.ts';
import { withoutSubgraphs } from './gradient/subgraphs.ts';
import { upgraded } from './gradient/upgrade.ts';
import { type ModelFile, readModelFile } from './model-file.ts';
import { labelsOf, realsOf, samplesOf } from './session-values.ts';
import { type LossGradient, predictions, type Victim } from './victim.ts';

export interface VictimOptions {
  /** Threads within an operator; all cores unless given. */
  readonly threads?: number;
  /** Dimensions of a sample, for those that the model leaves open. */
  readonly dims?: readonly number[];
  /** What is done to a sample before the model sees it, by channel (first or last): (x − mean) / deviation. */
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  /** Bytes that the model may take; what the machine has left unless given. */
  readonly memory?: number;
}

/**
 * Opens an ONNX classifier as a victim: one real input [N, …], logits [N, K] as its first real output. Where that output
 * is a Softmax, its input counts as the logits.
 * @param source the file that will be deployed: its bytes, or its path, where its weights may lie beside it
 * @throws OnnxError, InferenceError, TrialsError HF_TRIALS_MODEL, HF_TRIALS_MEMORY
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { openVictim } from '@holdfast/trials';
 * const victim = await openVictim(await readFile('model.onnx'));
 * ```
 */
export async function openVictim(source: Uint8Array | string, options: VictimOptions = {}): Promise<OnnxVictim> {
  return victimOf(readModelFile(source, options.memory), options);
}

/** {@link openVictim} of a file that is read already. */
export async function victimOf(file: ModelFile, options: VictimOptions): Promise<OnnxVictim> {
  const own = file.folder === undefined ? options : { ...options, folder: file.folder };
  const open: Open = async (model) => openSession(writeModel(model), own);
  const given = options.normalise === undefined ? file.model : normalised(file.model, options.normalise);
  const session = await (options.normalise === undefined ? openSession(file.bytes, own) : open(given));
  const input = onlyInput(session, file.model);
  const dims = sampleDims(input.dims.slice(1), options.dims);
  const rows = (count: number): Record<string, TensorData> => ({ [input.name]: zeros(count, dims) });
  const { plain, obstacle } = await written(given, [1, 2, 3, 17].map(rows), open);
  const feeds = [2, 3].map(rows);
  const probed = await probeFacts(plain, feeds, open);
  const output = session.outputs.find(({ type, name }) => type === 'FLOAT' && probed.get(name)?.dims.length === 2);
  const classes = probed.get(output?.name ?? '')?.dims[1];
  if (output === undefined || typeof classes !== 'number' || classes < 2) {
    throw new TrialsError('HF_TRIALS_MODEL', 'the model has no output with a number for each of two or more classes', {
      where: session.outputs.map(({ name }) => `\`${name}\``).join(', '),
    });
  }
  const parts = { session, input: input.name, output: output.name, dims, classes, options: own };
  const plainest = prunedTo(plain, output.name);
  if (obstacle !== undefined) return new OnnxVictim({ ...parts, model: plainest, facts: probed, obstacle });
  try {
    return new OnnxVictim({ ...parts, ...(await differentiable(plainest, probed, feeds, open)) });
  } catch (cause) {
    if (!isWithoutGradient(cause)) throw cause;
    return new OnnxVictim({ ...parts, model: plainest, facts: probed, obstacle: cause });
  }
}

/** Whether an error says that a model has no gradient: attacks that need none work still. */
export function isWithoutGradient(cause: unknown): cause is TrialsError {
  return cause instanceof TrialsError && (cause.code === 'HF_TRIALS_OPERATOR' || cause.code === 'HF_TRIALS_FACTS');
}

/** The model without functions of its own, and without graphs within it whose running is fixed. */
async function written(given: Model, feeds: readonly Record<string, TensorData>[], open: Open) {
  try {
    return { plain: await withoutSubgraphs(inlined(given), feeds, open) };
  } catch (cause) {
    if (!isWithoutGradient(cause)) throw cause;
    return { plain: given, obstacle: cause };
  }
}

/** The model in operators that have gradients. */
async function differentiable(given: Model, probed: Facts, feeds: readonly Record<string, TensorData>[], open: Open) {
  const plainer = upgraded(given, (name) => probed.get(name)?.dims.length);
  const model = needsLowering(plainer) ? lowered(plainer, probed) : plainer;
  return { model, facts: model === plainer ? probed : await probeFacts(model, feeds, open) };
}

function onlyInput(session: Session, { graph }: Model): Session['inputs'][number] {
  const [input, ...others] = session.inputs.filter(({ name }) => !graph.initializers.has(name));
  const rows = input?.dims[0];
  if (input?.type !== 'FLOAT' || others.length > 0) {
    throw new TrialsError('HF_TRIALS_MODEL', 'the model has to have one input, of FLOAT', {
      where: session.inputs.map(({ name, type }) => `\`${name}\` (${type})`).join(', '),
    });
  }
  if (typeof rows !== 'number' || rows < 0) return input;
  throw new TrialsError('HF_TRIALS_MODEL', `the model takes exactly ${rows} rows at once`, {
    where: `\`${input.name}\``,
    fix: 'export it with a first dimension that is open: `dynamic_axes` or `dynamic_shapes` of torch.onnx.export',
  });
}

/** The dimensions of a sample; those that the model leaves open are what was asked for. */
function sampleDims(open: readonly (number | string | null)[], asked: readonly number[] | undefined): number[] {
  const isFixed = (size: number | string | null): size is number => typeof size === 'number' && size > 0;
  if (open.every(isFixed)) return [...open];
  if (asked?.length === open.length && open.every((size, axis) => !isFixed(size) || size === asked[axis])) {
    return [...asked];
  }
  const given = asked === undefined ? 'nobody says' : `samples of [${asked.join(', ')}] do not say`;
  throw new TrialsError('HF_TRIALS_DATA', `${given} how large the input [${open.join(', ')}] is`, {
    fix: 'give samples with as many dimensions as the model takes',
  });
}

function zeros(rows: number, dims: readonly number[]): TensorData {
  return samplesOf(new Float32Array(dims.reduce((product, size) => product * size, rows)), dims);
}

/** The model with (x − mean) / deviation before it. */
function normalised(model: Model, { mean, deviation }: NonNullable<VictimOptions['normalise']>): Model {
  const { graph } = model;
  const [input] = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  if (input?.type?.kind !== 'tensor') return model;
  const dims = channelDims(input.type.shape?.slice(1) ?? [null], mean.length);
  const constants = [
    tensor('holdfast/mean', dims, Float32Array.from(mean)),
    tensor('holdfast/deviation', dims, Float32Array.from(deviation)),
  ];
  const raw = { ...input, name: 'holdfast/sample' };
  return {
    ...model,
    graph: {
      ...graph,
      inputs: graph.inputs.map((each) => (each === input ? raw : each)),
      initializers: new Map([...graph.initializers, ...constants.map((each) => [each.name, each] as const)]),
      nodes: [
        node('Sub', [raw.name, 'holdfast/mean'], ['holdfast/centred']),
        node('Div', ['holdfast/centred', 'holdfast/deviation'], [input.name]),
        ...graph.nodes,
      ],
    },
  };
}

/** One number for each channel, which is the first dimension or the last; shaped so that it is broadcast to a sample. */
function channelDims(sample: readonly (number | string | null)[], channels: number): number[] {
  const isOpen = (size: number | string | null | undefined): boolean => typeof size !== 'number';
  const isLast = sample.at(-1) === channels && sample[0] !== channels;
  if (!isLast && channels !== 1 && !isOpen(sample[0]) && sample[0] !== channels) {
    const message = `\`mean\` has ${channels} numbers, and no dimension of a sample [${sample.join(', ')}] is channels`;
    throw new TrialsError('HF_TRIALS_OPTIONS', message, { fix: 'give one number, or one for each channel' });
  }
  const rest = Array.from({ length: sample.length - 1 }, () => 1);
  return isLast ? [...rest, channels] : [channels, ...rest];
}

interface Parts {
  readonly model: Model;
  readonly session: Session;
  readonly facts: Facts;
  readonly input: string;
  readonly output: string;
  readonly dims: readonly number[];
  readonly classes: number;
  readonly options: VictimOptions & { readonly folder?: string };
  /** Why the model has no gradient, where it has none. */
  readonly obstacle?: TrialsError;
}

/** An ONNX file on ONNX Runtime. Gradient sessions are made when an attack first asks for their loss. */
export class OnnxVictim implements Victim {
  readonly dims: readonly number[];
  readonly size: number;
  readonly classes: number;
  /** The name of its input. */
  readonly input: string;
  readonly spent = { forward: 0, backward: 0 };
  readonly #parts: Parts;
  /** The value that counts as the logits. */
  readonly #logits: string;
  readonly #sessions = new Map<LossName | 'seed' | 'logits', Promise<Session>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.dims = parts.dims;
    this.size = parts.dims.reduce((product, each) => product * each, 1);
    this.classes = parts.classes;
    this.input = parts.input;
    this.#logits = logitsBefore(parts.model.graph, parts.output) ?? parts.output;
  }

  async classify(x: Float32Array): Promise<Int32Array> {
    const { session, output } = this.#parts;
    this.spent.forward += x.length / this.size;
    return predictions(realsOf(await session.run(this.#feeds(x), [output]), output), this.classes);
  }

  async logits(x: Float32Array): Promise<Float32Array> {
    const session =
      this.#logits === this.#parts.output
        ? this.#parts.session
        : await this.#session('logits', () => {
            const { model } = this.#parts;
            return { ...model, graph: { ...model.graph, outputs: [{ name: this.#logits }] } };
          });
    this.spent.forward += x.length / this.size;
    const found = await session.run(this.#feeds(x), [this.#logits]);
    return realsOf(found, this.#logits);
  }

  async lossGradient(x: Float32Array, labels: Int32Array, loss: LossName, targets?: Int32Array): Promise<LossGradient> {
    const session = await this.#gradientSession(loss);
    const feeds = { ...this.#feeds(x), [ports.labels]: labelsOf(labels) };
    const found = await session.run(targets === undefined ? feeds : { ...feeds, [ports.targets]: labelsOf(targets) });
    this.spent.backward += labels.length;
    return { ...this.#found(found), loss: realsOf(found, ports.loss) };
  }

  async pullback(x: Float32Array, seed: Float32Array): Promise<Omit<LossGradient, 'loss'>> {
    const session = await this.#gradientSession('seed');
    const rows = x.length / this.size;
    this.spent.backward += rows;
    const data: TensorData = { type: 'FLOAT', dims: [rows, this.classes], data: seed };
    return this.#found(await session.run({ ...this.#feeds(x), [ports.seed]: data }));
  }

  /** The model in operators that have gradients, and which of its values is the input, which the logits. */
  differentiable(): { readonly model: Model; readonly facts: Facts; readonly input: string; readonly output: string } {
    const { model, facts, input } = this.#parts;
    return { model, facts, input, output: this.#logits };
  }

  async release(): Promise<void> {
    const sessions = await Promise.all(this.#sessions.values());
    await Promise.all([this.#parts.session, ...sessions].map(async (session) => session.release()));
  }

  #found(found: Record<string, TensorData>): Omit<LossGradient, 'loss'> {
    return { logits: realsOf(found, this.#logits), gradient: realsOf(found, gradientPort(this.#parts.input)) };
  }

  #feeds(x: Float32Array): Record<string, TensorData> {
    return { [this.#parts.input]: samplesOf(x, this.dims) };
  }

  async #gradientSession(loss: LossName | 'seed'): Promise<Session> {
    const { model, facts, input, obstacle } = this.#parts;
    if (obstacle !== undefined) throw obstacle;
    return this.#session(loss, () =>
      gradientModel(model, { facts, output: this.#logits, loss, withRespectTo: [input] }),
    );
  }

  async #session(key: LossName | 'seed' | 'logits', make: () => Model): Promise<Session> {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const opening = openSession(writeModel(make()), this.#parts.options);
    this.#sessions.set(key, opening);
    return opening;
  }
}

/** What goes into the Softmax that gives a value, also where its rows are divided by their sums once more. */
function logitsBefore(graph: Model['graph'], value: string): string | undefined {
  const by = graph.nodes.find(({ outputs }) => outputs.includes(value));
  const [first = '', second = ''] = by?.inputs ?? [];
  if (by?.opType === 'Softmax') return first;
  if (by?.opType === 'Identity') return logitsBefore(graph, first);
  const divisor = graph.nodes.find(({ outputs }) => outputs.includes(second));
  const isSum = by?.opType === 'Div' && divisor?.opType === 'ReduceL1' && divisor.inputs[0] === first;
  return isSum ? logitsBefore(graph, first) : undefined;
}
