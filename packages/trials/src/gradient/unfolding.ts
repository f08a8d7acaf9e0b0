import { type Graph, type Model, type Node, node, type SparseTensor, type Tensor, tensor } from '@holdfast/onnx';
import { type Renaming, renamed, renamedGraph } from './renaming.ts';

/** Steps and nodes that are written out at most; what takes more stays as it is. */
const mostSteps = 4096;
const mostNodes = 100_000;

/** Writes out the If, Loop and Scan of a graph whose steering is known. */
export class Unfolding {
  readonly #model: Model;
  readonly #known: ReadonlyMap<Node, readonly number[]>;
  readonly #opset: number;
  readonly #round: number;
  readonly #constants = new Map<string, Tensor>();
  readonly #sparse = new Map<string, SparseTensor>();
  #serial = 0;
  #written = 0;

  /** @param known by node: the condition of an If, the number of steps of a Loop (and its condition) or of a Scan */
  constructor(model: Model, known: ReadonlyMap<Node, readonly number[]>, round: number) {
    this.#model = model;
    this.#known = known;
    this.#round = round;
    this.#opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1;
  }

  /** Undefined: nothing could be written out. */
  model(): Model | undefined {
    const { graph } = this.#model;
    let changed = 0;
    const nodes = graph.nodes.flatMap((each) => {
      const written = this.#written < mostNodes ? this.#unfolded(each) : undefined;
      if (written === undefined) return [each];
      changed += 1;
      return written;
    });
    if (changed === 0) return undefined;
    const initializers = new Map([...graph.initializers, ...this.#constants]);
    const sparseInitializers = new Map([...graph.sparseInitializers, ...this.#sparse]);
    return { ...this.#model, graph: { ...graph, nodes, initializers, sparseInitializers, valueInfo: [] } };
  }

  #unfolded(each: Node): Node[] | undefined {
    const steering = this.#known.get(each);
    if (steering === undefined || steering.some(Number.isNaN)) return undefined;
    if (each.opType === 'If') return this.#branch(each, steering[0] !== 0);
    if (each.opType === 'Scan') return this.#scan(each, steering[0] ?? 0);
    return this.#loop(each, steering);
  }

  #branch({ attributes, outputs }: Node, isTaken: boolean): Node[] | undefined {
    const graph = graphIn(attributes, isTaken ? 'then_branch' : 'else_branch');
    if (graph === undefined) return undefined;
    const written = this.#writtenOut(graph, []);
    return [...written.nodes, ...same(written.outputs, outputs)];
  }

  /** Loop: outputs are the carried values behind the last step, then what each step adds to a list. */
  #loop(each: Node, steering: readonly number[]): Node[] | undefined {
    const body = graphIn(each.attributes, 'body');
    const [most = '', condition = ''] = each.inputs;
    if (body === undefined || most === '' || !goesOn(body, this.#model.graph)) return undefined;
    const steps = condition !== '' && steering.at(-1) === 0 ? 0 : Math.max(0, steering[0] ?? 0);
    if (!this.#isBearable(body, steps)) return undefined;
    const carriedCount = each.inputs.length - 2;
    if (steps === 0 && each.outputs.slice(carriedCount).some((name) => name !== '')) return undefined;
    let carried = each.inputs.slice(2);
    const lists = body.outputs.slice(1 + carriedCount).map((): string[] => []);
    const nodes: Node[] = [];
    for (let step = 0; step < steps; step += 1) {
      const count = this.#constant(tensor('', [], BigInt64Array.of(BigInt(step))));
      const truth = this.#constant({ ...tensor('', [], Uint8Array.of(1)), dataType: 'BOOL' });
      const written = this.#writtenOut(body, [count, truth, ...carried]);
      nodes.push(...written.nodes);
      carried = written.outputs.slice(1, 1 + carriedCount);
      written.outputs.slice(1 + carriedCount).forEach((name, index) => lists[index]?.push(name));
    }
    const stacks = lists.map((list, index) => this.#stacked(list, each.outputs[carriedCount + index] ?? '', 0));
    return [...nodes, ...same(carried, each.outputs), ...stacks.flat()];
  }

  /** Scan: the same, over slices of its last inputs. */
  #scan(each: Node, steps: number): Node[] | undefined {
    const body = graphIn(each.attributes, 'body');
    if (body === undefined || steps < 1 || !this.#isBearable(body, steps)) return undefined;
    const scanned = Number(integerOf(each.attributes, 'num_scan_inputs') ?? 0n);
    const states = each.inputs.length - scanned;
    const [inAxes, outAxes] = ['scan_input_axes', 'scan_output_axes'].map((name) => integersOf(each.attributes, name));
    const [inReversed, outReversed] = ['scan_input_directions', 'scan_output_directions'].map((name) =>
      integersOf(each.attributes, name),
    );
    let state = each.inputs.slice(0, states);
    const lists = body.outputs.slice(states).map((): string[] => []);
    const nodes: Node[] = [];
    for (let step = 0; step < steps; step += 1) {
      const slices = each.inputs.slice(states).map((name, index) => {
        const at = inReversed?.[index] === 1 ? steps - 1 - step : step;
        const taken = this.#name('slice');
        const place = this.#constant(tensor('', [], BigInt64Array.of(BigInt(at))));
        nodes.push(node('Gather', [name, place], [taken], { attributes: { axis: BigInt(inAxes?.[index] ?? 0) } }));
        return taken;
      });
      const written = this.#writtenOut(body, [...state, ...slices]);
      nodes.push(...written.nodes);
      state = written.outputs.slice(0, states);
      written.outputs.slice(states).forEach((name, index) => {
        if (outReversed?.[index] === 1) lists[index]?.unshift(name);
        else lists[index]?.push(name);
      });
    }
    const stacks = lists.map((list, index) =>
      this.#stacked(list, each.outputs[states + index] ?? '', outAxes?.[index] ?? 0),
    );
    return [...nodes, ...same(state, each.outputs), ...stacks.flat()];
  }

  #isBearable(body: Graph, steps: number): boolean {
    return steps <= mostSteps && this.#written + steps * body.nodes.length <= mostNodes;
  }

  /** A graph written out, its inputs being values that there are. */
  #writtenOut(graph: Graph, inputs: readonly string[]): { nodes: readonly Node[]; outputs: string[] } {
    const prefix = `${this.#name('')}/`;
    const renaming: Renaming = { known: new Map(), others: 'kept', prefix };
    const own = renamedGraph(graph, renaming);
    for (const [name, constant] of own.initializers) this.#constants.set(name, constant);
    for (const [name, constant] of own.sparseInitializers) this.#sparse.set(name, constant);
    this.#written += own.nodes.length;
    const given = own.inputs.map(({ name }, index) => [name, inputs[index] ?? ''] as const);
    const feeding = given.filter(([, value]) => value !== '').map(([name, value]) => node('Identity', [value], [name]));
    return { nodes: [...feeding, ...own.nodes], outputs: own.outputs.map(({ name }) => renamed(name, renaming)) };
  }

  /** Values side by side along a new axis, in the form of the model's operator set. */
  #stacked(values: readonly string[], output: string, axis: number): Node[] {
    if (output === '') return [];
    const axes = this.#opset < 13 ? '' : this.#constant(tensor('', [1], BigInt64Array.of(BigInt(axis))));
    const layers = values.map((value) => [value, this.#name('layer')] as const);
    const raised = layers.map(([value, layer]) =>
      axes === ''
        ? node('Unsqueeze', [value], [layer], { attributes: { axes: [BigInt(axis)] } })
        : node('Unsqueeze', [value, axes], [layer]),
    );
    const all = layers.map(([, layer]) => layer);
    return [...raised, node('Concat', all, [output], { attributes: { axis: BigInt(axis) } })];
  }

  #constant(value: Tensor): string {
    const name = this.#name('constant');
    this.#constants.set(name, { ...value, name });
    return name;
  }

  #name(hint: string): string {
    this.#serial += 1;
    return `unfolded/${this.#round}/${hint}${this.#serial}`;
  }
}

/** Each value under the name that it shall have. */
function same(values: readonly string[], names: readonly string[]): Node[] {
  return values.flatMap((value, index) => {
    const name = names[index] ?? '';
    return name === '' ? [] : [node('Identity', [value], [name])];
  });
}

/** Whether the condition that a body gives is the one that it was given, or always true, there or around. */
function goesOn(body: Graph, around: Graph): boolean {
  let name = body.outputs[0]?.name ?? '';
  // A name is given once: each step goes to another.
  for (;;) {
    if (name === body.inputs[1]?.name) return true;
    const constant = body.initializers.get(name) ?? around.initializers.get(name);
    if (constant !== undefined) return isTrue(constant);
    const producer = [...body.nodes, ...around.nodes].find(({ outputs }) => outputs.includes(name));
    if (producer?.opType === 'Constant') {
      const value = producer.attributes.get('value');
      return value?.type === 'TENSOR' && isTrue(value.value);
    }
    if (producer?.opType !== 'Identity') return false;
    name = producer.inputs[0] ?? '';
  }
}

function isTrue({ content }: Tensor): boolean {
  if (content.kind === 'raw') return content.bytes[0] === 1;
  return content.kind === 'numbers' && content.values[0] === 1;
}

export function integerOf(attributes: Node['attributes'], name: string): bigint | undefined {
  const found = attributes.get(name);
  return found?.type === 'INT' ? found.value : undefined;
}

export function integersOf(attributes: Node['attributes'], name: string): number[] {
  const found = attributes.get(name);
  return found?.type === 'INTS' ? found.value.map(Number) : [];
}

function graphIn(attributes: Node['attributes'], name: string): Graph | undefined {
  const found = attributes.get(name);
  return found?.type === 'GRAPH' ? found.value : undefined;
}
