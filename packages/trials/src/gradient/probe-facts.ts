import { InferenceError, openSession, type Session, type TensorData } from '@holdfast/inference';
import { type Graph, type Model, node, tensorValue, type ValueInfo, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Facts, ValueFacts } from './facts.ts';

type Feeds = Readonly<Record<string, TensorData>>;

/** Opens a session of a model. */
export type Open = (model: Model) => Promise<Session>;

const opened: Open = async (model) => openSession(writeModel(model));

/**
 * The type and the dimensions of every tensor of the main graph — inputs, constants, what lies between, outputs — found by running
 * the model on ONNX Runtime, once for each set of feeds. A dimension that is not the same in all of them is `null`, so the sets
 * should differ in what may vary and in nothing else: the same rows, once two and once three of them.
 *
 * What is no tensor (a sequence, an optional), or of a type that does not come to Node (BFLOAT16), is left out.
 * @param model with its weights inside, unless `open` knows where external data lies
 * @param feeds two sets of feeds or more, each for every input
 * @param open a session of a model; on all cores unless given
 * @throws TrialsError HF_TRIALS_FACTS if there are fewer, or if a value has another rank in another run; InferenceError if the
 * runtime does not take the model or the feeds
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { readModel } from '@holdfast/onnx';
 * import { probeFacts } from '@holdfast/trials/gradient/probe-facts';
 * const rows = (count: number) => ({ type: 'FLOAT', dims: [count, 4], data: new Float32Array(count * 4) }) as const;
 * const facts = await probeFacts(readModel(await readFile('model.onnx')), [{ x: rows(2) }, { x: rows(3) }]);
 * facts.get('logits'); // { type: 'FLOAT', dims: [null, 10] }
 * ```
 */
export async function probeFacts(model: Model, feeds: readonly Feeds[], open: Open = opened): Promise<Facts> {
  if (feeds.length < 2) {
    throw new TrialsError('HF_TRIALS_FACTS', `two sets of feeds or more are needed, found \`${feeds.length}\``, {
      fix: 'give feeds of two batch sizes',
    });
  }
  const produced = model.graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
  const probes = await probe(model, produced, feeds, open);
  return new Map([...constantsOf(model.graph), ...fedOf(feeds), ...probes]);
}

/** The values that the nodes give; where the runtime does not take all of them at once, half of them at a time. */
async function probe(
  model: Model,
  names: readonly string[],
  feeds: readonly Feeds[],
  open: Open,
): Promise<[string, ValueFacts][]> {
  if (names.length === 0) return [];
  let session: Session;
  try {
    session = await open(withShapes(model, names));
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    return probeHalves(model, names, feeds, open);
  }
  try {
    return await measure(session, names, feeds);
  } finally {
    await session.release();
  }
}

/** A value that has no shape, or a type that does not come to Node: then the model itself is not to blame. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof InferenceError && ['HF_INFERENCE_MODEL', 'HF_INFERENCE_TYPE'].includes(cause.code);
}

async function probeHalves(model: Model, names: readonly string[], feeds: readonly Feeds[], open: Open) {
  const asItIs = await open(model);
  await asItIs.release();
  if (names.length === 1) return [];
  const middle = Math.ceil(names.length / 2);
  const first = await probe(model, names.slice(0, middle), feeds, open);
  return [...first, ...(await probe(model, names.slice(middle), feeds, open))];
}

const shapeOf = (name: string): string => `holdfast/shape-of/${name}`;

/**
 * The same model, whose outputs are the values, which gives their types, and their shapes. Only the shapes are asked for, so that
 * no large value is copied. What an output is may be left unsaid: the runtime infers it.
 */
function withShapes(model: Model, names: readonly string[]): Model {
  const shapes: ValueInfo[] = names.map((name) => tensorValue(shapeOf(name), 'INT64', [null]));
  const nodes = names.map((name) => node('Shape', [name], [shapeOf(name)]));
  const { graph } = model;
  return {
    ...model,
    opsets: new Map([['', 17], ...model.opsets]),
    graph: {
      ...graph,
      outputs: [...names.map((name) => ({ name })), ...shapes],
      nodes: [...graph.nodes, ...nodes],
    },
  };
}

async function measure(session: Session, names: readonly string[], feeds: readonly Feeds[]) {
  const types = new Map(session.outputs.map(({ name, type }) => [name, type]));
  const runs: Record<string, TensorData>[] = [];
  for (const each of feeds) runs.push(await session.run(each, names.map(shapeOf)));
  return names.flatMap((name): [string, ValueFacts][] => {
    const type = types.get(name);
    if (type === undefined) return [];
    const shapes = runs.map((run) => Array.from(run[shapeOf(name)]?.data ?? [], Number));
    return [[name, { type, dims: inCommon(name, shapes) }]];
  });
}

/** Dimensions that are the same in every run; null for those that are not. */
function inCommon(name: string, shapes: readonly (readonly number[])[]): (number | null)[] {
  const [first = [], ...others] = shapes;
  const different = others.find((shape) => shape.length !== first.length);
  if (different !== undefined) {
    throw new TrialsError(
      'HF_TRIALS_FACTS',
      `\`${name}\` is [${first.join(', ')}] in one run and [${different.join(', ')}] in another`,
      { where: name },
    );
  }
  return first.map((size, axis) => (others.every((shape) => shape[axis] === size) ? size : null));
}

function constantsOf({ initializers, sparseInitializers }: Graph): [string, ValueFacts][] {
  const dense = [...initializers].map(([name, { dataType, dims }]) => [name, { type: dataType, dims }] as const);
  const sparse = [...sparseInitializers].map(
    ([name, { values, dims }]) => [name, { type: values.dataType, dims }] as const,
  );
  return [...dense, ...sparse].map(([name, facts]) => [name, facts]);
}

function fedOf(feeds: readonly Feeds[]): [string, ValueFacts][] {
  return Object.entries(feeds[0] ?? {}).map(([name, { type }]) => {
    const shapes = feeds.map((each) => each[name]?.dims ?? []);
    return [name, { type, dims: inCommon(name, shapes) }];
  });
}
