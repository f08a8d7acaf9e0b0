import {
  type Attribute,
  type AttributeWithValue,
  type FunctionDefinition,
  type Graph,
  type Model,
  type Node,
  node,
} from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import { type Renaming, renamed, renamedNode } from './renaming.ts';

/** Functions that call functions grow fast: twenty that call the one before twice are a million nodes. */
const mostNodes = 50_000;

/**
 * The model with the bodies of its own functions in the place of what calls them (IR.md, "Model Local Functions"): names in
 * a body become names of the call, attributes that refer to those of the function get their values.
 * @throws TrialsError HF_TRIALS_MODEL where that is too much; HF_TRIALS_OPERATOR at a function of another operator set
 */
export function inlined(model: Model): Model {
  if (model.functions.length === 0) return model;
  const opsets = new Map(model.functions.flatMap((definition) => [...definition.opsets]));
  const inliner = new Inliner(model);
  return { ...model, functions: [], opsets: new Map([...opsets, ...model.opsets]), graph: inliner.graph(model.graph) };
}

class Inliner {
  readonly #functions: ReadonlyMap<string, FunctionDefinition>;
  readonly #opsets: ReadonlyMap<string, number>;
  #serial = 0;
  #nodes = 0;

  constructor({ functions, opsets }: Model) {
    this.#functions = new Map(functions.map((each) => [identity(each.domain, each.name, each.overload), each]));
    this.#opsets = opsets;
  }

  graph(graph: Graph): Graph {
    return { ...graph, nodes: graph.nodes.flatMap((each) => this.#node(each)) };
  }

  #node(call: Node): Node[] {
    this.#nodes += 1;
    if (this.#nodes > mostNodes) {
      throw new TrialsError(
        'HF_TRIALS_MODEL',
        `written out, the functions of the model are more than ${mostNodes} nodes`,
        {
          fix: 'export the model without functions, or a smaller one',
        },
      );
    }
    const definition = this.#functions.get(identity(call.domain, call.opType, call.overload));
    if (definition === undefined) return [this.#inside(call)];
    this.#requireSameOpset(call, definition);
    return this.#body(call, definition).flatMap((each) => this.#node(each));
  }

  /** Calls within If, Loop and Scan. */
  #inside(call: Node): Node {
    if (![...call.attributes.values()].some(({ type }) => type === 'GRAPH' || type === 'GRAPHS')) return call;
    const attributes = [...call.attributes].map(([name, attribute]): [string, Attribute] => {
      if (attribute.type === 'GRAPH') return [name, { ...attribute, value: this.graph(attribute.value) }];
      if (attribute.type !== 'GRAPHS') return [name, attribute];
      return [name, { ...attribute, value: attribute.value.map((graph) => this.graph(graph)) }];
    });
    return { ...call, attributes: new Map(attributes) };
  }

  #requireSameOpset(call: Node, { opsets, name }: FunctionDefinition): void {
    for (const [domain, version] of opsets) {
      const own = this.#opsets.get(domain);
      if (own === undefined || own === version) continue;
      const message = `no gradient through \`${name}\`: the function is of operator set ${version}, the model of ${own}`;
      throw new TrialsError('HF_TRIALS_OPERATOR', message, {
        where: `node \`${call.name || (call.outputs[0] ?? '')}\``,
      });
    }
  }

  #body(call: Node, definition: FunctionDefinition): Node[] {
    this.#serial += 1;
    const prefix = `inlined/${this.#serial}/`;
    const names = new Map<string, string>();
    definition.inputs.forEach((name, index) => names.set(name, call.inputs[index] ?? ''));
    const copied: [string, string][] = [];
    definition.outputs.forEach((name, index) => {
      const given = call.outputs[index] ?? '';
      if (given === '') return;
      // A name that is an input, or that two outputs share, is copied: no value has two names.
      if (names.has(name)) copied.push([name, given]);
      else names.set(name, given);
    });
    const renaming: Renaming = { known: names, others: 'prefixed', prefix };
    const copies = copied.map(([name, given]) => node('Identity', [renamed(name, renaming)], [given]));
    const body = definition.nodes.map((each) => renamedNode(withValues(each, call, definition), renaming));
    return [...body, ...copies];
  }
}

function identity(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}

/** Attributes that refer to those of the function: as the call gives them, or by default; else left out. */
function withValues(each: Node, call: Node, definition: FunctionDefinition): Node {
  const attributes = [...each.attributes].flatMap(([name, attribute]): [string, Attribute][] => {
    const value = valueOf(attribute, call, definition);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...each, attributes: new Map(attributes) };
}

function valueOf(attribute: Attribute, call: Node, definition: FunctionDefinition): AttributeWithValue | undefined {
  if (attribute.type === 'GRAPH') return { ...attribute, value: graphWithValues(attribute.value, call, definition) };
  if (attribute.type === 'GRAPHS') {
    return { ...attribute, value: attribute.value.map((graph) => graphWithValues(graph, call, definition)) };
  }
  if (attribute.type !== 'REFERENCE') return attribute;
  const found = call.attributes.get(attribute.to) ?? definition.attributes.get(attribute.to);
  return found === undefined || found.type === 'REFERENCE' ? undefined : found;
}

function graphWithValues(graph: Graph, call: Node, definition: FunctionDefinition): Graph {
  return { ...graph, nodes: graph.nodes.map((each) => withValues(each, call, definition)) };
}
