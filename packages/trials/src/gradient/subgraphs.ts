import type { TensorData } from '@holdfast/inference';
import { type Model, type Node, node, type Tensor, tensor } from '@holdfast/onnx';
import { usedBy } from './activity.ts';
import type { Open } from './probe-facts.ts';
import { integerOf, integersOf, Unfolding } from './unfolding.ts';

type Feeds = Readonly<Record<string, TensorData>>;

const mostRounds = 64;

/**
 * The model without If, Loop and Scan where how they run is fixed: a condition, or a number of steps, that follows from constants
 * and from shapes, and that is the same for every number of rows that is fed. The branch that is taken is written in the
 * place of the If, each step behind the one before in that of the Loop or the Scan. What depends on the data stays.
 * @param model its functions inlined
 * @param feeds inputs of several numbers of rows: one row, two, and more
 * @param open a session of a model
 */
export async function withoutSubgraphs(model: Model, feeds: readonly Feeds[], open: Open): Promise<Model> {
  let current = model;
  for (let round = 0; round < mostRounds; round += 1) {
    const steered = current.graph.nodes.filter((each) => steeringOf(each) !== undefined);
    if (steered.length === 0) return current;
    const origins = originsIn(current);
    const nodes = steered.filter((each) => isFixed(origins, each));
    if (nodes.length === 0) return current;
    const known = await measured(current, nodes, feeds, open);
    const next = new Unfolding(current, known, round).model();
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

/** What says how a node runs: a value, or the size of one along an axis. */
interface Steering {
  readonly value: string;
  readonly axis?: number;
}

function steeringOf({ opType, domain, inputs, attributes }: Node): readonly Steering[] | undefined {
  if (domain !== '' && domain !== 'ai.onnx') return undefined;
  if (opType === 'If') return [{ value: inputs[0] ?? '' }];
  if (opType === 'Loop') return inputs.slice(0, 2).flatMap((value) => (value === '' ? [] : [{ value }]));
  if (opType !== 'Scan') return undefined;
  const scanned = Number(integerOf(attributes, 'num_scan_inputs') ?? 0n);
  const value = inputs[inputs.length - scanned] ?? '';
  return scanned < 1 ? [] : [{ value, axis: integersOf(attributes, 'scan_input_axes')[0] ?? 0 }];
}

/** Where the values of a model come from. */
interface Origins {
  readonly producers: ReadonlyMap<string, Node>;
  readonly inputs: ReadonlySet<string>;
}

function originsIn({ graph }: Model): Origins {
  const producers = graph.nodes.flatMap((each) => each.outputs.map((name) => [name, each] as const));
  const inputs = graph.inputs.map(({ name }) => name).filter((name) => !graph.initializers.has(name));
  return { producers: new Map(producers), inputs: new Set(inputs) };
}

/** Whether what steers a node follows from constants and shapes. */
function isFixed({ producers, inputs }: Origins, each: Node): boolean {
  const seen = new Set<string>();
  const queue = (steeringOf(each) ?? []).flatMap(({ value, axis }) => (axis === undefined ? [value] : []));
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (inputs.has(name)) return false;
    const producer = producers.get(name);
    if (producer === undefined || ['Shape', 'Size'].includes(producer.opType)) continue;
    if (/^(Random|Bernoulli|Multinomial)/.test(producer.opType)) return false;
    queue.push(...usedBy(producer));
  }
  return true;
}

/** What steers each node, where it is the same for all feeds. */
async function measured(
  model: Model,
  nodes: readonly Node[],
  feeds: readonly Feeds[],
  open: Open,
): Promise<ReadonlyMap<Node, readonly number[]>> {
  const probe = new SteeringProbe();
  const ports = nodes.map((each) => (steeringOf(each) ?? []).map((steering) => probe.port(steering)));
  const asked = ports.flat();
  if (asked.length === 0) return new Map(nodes.map((each) => [each, []]));
  const session = await open(probe.within(model, asked));
  try {
    const runs: Record<string, TensorData>[] = [];
    for (const each of feeds) runs.push(await session.run(each, asked));
    return new Map(
      nodes.flatMap((each, index): [Node, number[]][] => {
        const lists = runs.map((run) => (ports[index] ?? []).map((port) => numberOf(run[port])));
        const [first = []] = lists;
        return lists.every((list) => list.every((value, at) => value === first[at])) ? [[each, first]] : [];
      }),
    );
  } finally {
    await session.release();
  }
}

/** Outputs beside those of a model that say what steers its nodes. */
class SteeringProbe {
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();
  #serial = 0;

  port({ value, axis }: Steering): string {
    this.#serial += 1;
    const port = `holdfast/steering/${this.#serial}`;
    if (axis === undefined) {
      this.#nodes.push(node('Identity', [value], [port]));
      return port;
    }
    const [shape, place] = [`${port}/shape`, `${port}/axis`];
    this.#constants.set(place, tensor(place, [], BigInt64Array.of(BigInt(axis))));
    this.#nodes.push(node('Shape', [value], [shape]), node('Gather', [shape, place], [port]));
    return port;
  }

  within(model: Model, ports: readonly string[]): Model {
    const { graph } = model;
    return {
      ...model,
      graph: {
        ...graph,
        nodes: [...graph.nodes, ...this.#nodes],
        initializers: new Map([...graph.initializers, ...this.#constants]),
        outputs: ports.map((name) => ({ name })),
      },
    };
  }
}

function numberOf(found: TensorData | undefined): number {
  return found?.data.length === 1 ? Number(found.data[0]) : Number.NaN;
}
