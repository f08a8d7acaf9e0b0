import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import type { Body } from './graph-index.ts';
import { constantTexts, type GraphNode, textAttribute } from './node.ts';

/** Where a path begins: at an argument of the function, at the loader, at a text of the model, or nobody can tell. */
export type Origin =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'loader' }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'unclear'; readonly operation: string };

/** What the loader of a graph brings, and which variables it has. */
export interface LoaderPaths {
  /** Names of the placeholders that the loader feeds with paths. */
  readonly fed: ReadonlySet<string>;
  /** How many nodes stand for a variable of a name. */
  readonly variables: ReadonlyMap<string, number>;
}

/** Follows values in one graph or function back to where they begin. */
export class PathOrigins {
  readonly #part: Inspection;
  readonly #body: Body;
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  readonly #loader: LoaderPaths;
  readonly #arguments = new Map<string, number>();
  /** Constants may be long, and many nodes may use one: each is read once. */
  readonly #constants = new Map<GraphNode, { readonly first: string; readonly isPlain: boolean }>();
  #steps = 0;
  #users: ReadonlyMap<string, readonly GraphNode[]> | undefined;

  constructor(part: Inspection, body: Body, nodes: ReadonlyMap<string, GraphNode>, loader: LoaderPaths) {
    this.#part = part;
    this.#body = body;
    this.#nodes = nodes;
    this.#loader = loader;
    for (const [index, name] of body.arguments.entries())
      if (!this.#arguments.has(name)) this.#arguments.set(name, index);
  }

  /** All beginnings of the value that an input names. */
  of(input: string): Origin[] {
    const origins: Origin[] = [];
    const seen = new Set<string>();
    const pending = [input];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const name = nodeName(next);
      if (seen.has(name)) continue;
      seen.add(name);
      this.#steps += 1;
      if (this.#steps > 100_000 + 4 * this.#nodes.size)
        throw new NotUnderstood('paths are too far from where they begin');
      const index = this.#arguments.get(name);
      const node = this.#nodes.get(name);
      if (index !== undefined) origins.push({ kind: 'argument', index });
      else if (node === undefined) origins.push({ kind: 'unclear', operation: name });
      else origins.push(...this.#step(node, pending));
    }
    return origins;
  }

  /** One step back from a node: it is a beginning itself, or the inputs that carry it are still to be followed. */
  #step(node: GraphNode, pending: string[]): Origin[] {
    const { operation, inputs, name } = node;
    const [first = ''] = inputs;
    if (operation === 'Const') return [{ kind: 'constant', text: this.#constant(node).first }];
    if (this.#body.name === '' && this.#loader.fed.has(name) && /^Placeholder(WithDefault)?$/.test(operation)) {
      // What stands in for a path that is not fed: TensorFlow 1 writes `model`.
      const isFed = operation === 'Placeholder' || this.#isPlain(first);
      return [isFed ? { kind: 'loader' } : { kind: 'constant', text: first }];
    }
    const carriers = this.#carriers(node);
    if (carriers === undefined) return [{ kind: 'unclear', operation }];
    pending.push(...carriers);
    return [];
  }

  /** The inputs whose beginning is that of the node's own value. */
  #carriers(node: GraphNode): readonly string[] | undefined {
    const [first = ''] = node.inputs;
    switch (node.operation) {
      case 'Identity':
      case 'ShardedFilename':
      case 'ShardedFilespec':
        return [first];
      case 'Pack':
        return node.inputs;
      case 'StringJoin':
        return this.#joinsPlainly(node) ? [first] : undefined;
      case 'ReadVariableOp':
        return this.#assigned(first);
      default:
        return undefined;
    }
  }

  /** What is assigned to a variable that nothing but assignments and reads of this graph touches. */
  #assigned(input: string): string[] | undefined {
    const variable = this.#nodes.get(nodeName(input));
    if (this.#body.name !== '' || variable?.operation !== 'VarHandleOp') return undefined;
    if (this.#loader.variables.get(variableName(this.#part, variable)) !== 1) return undefined;
    const values: string[] = [];
    for (const user of this.#usersOf(variable.name)) {
      const [target = '', value] = user.inputs;
      const isAssigned =
        user.operation === 'AssignVariableOp' && nodeName(target) === variable.name && value !== undefined;
      if (isAssigned) values.push(value);
      else if (!/^(ReadVariableOp|VarIsInitializedOp)$/.test(user.operation)) return undefined;
    }
    return values.length > 0 ? values : undefined;
  }

  #usersOf(name: string): readonly GraphNode[] {
    if (this.#users === undefined) {
      const users = new Map<string, GraphNode[]>();
      for (const node of this.#nodes.values()) {
        for (const input of new Set(node.inputs.map(nodeName))) {
          const known = users.get(input);
          if (known === undefined) users.set(input, [node]);
          else known.push(node);
        }
      }
      this.#users = users;
    }
    return this.#users.get(name) ?? [];
  }

  /** Whether a node puts plain texts behind its first input, and nothing between them. */
  #joinsPlainly(node: GraphNode): boolean {
    const separator = textAttribute(this.#part.source, node, 'separator') ?? '';
    return separator === '' && node.inputs.slice(1).every((input) => this.#isPlain(input));
  }

  /** Whether an input is a text that leads nowhere else when it is put behind a path: `_temp/part`. */
  #isPlain(input: string, depth = 0): boolean {
    const node = this.#nodes.get(nodeName(input));
    if (node === undefined || depth > 4) return false;
    const isPlain = (each: string): boolean => this.#isPlain(each, depth + 1);
    if (/^(Identity|PlaceholderWithDefault)$/.test(node.operation)) return isPlain(node.inputs[0] ?? '');
    if (/^Select(V2)?$/.test(node.operation)) return node.inputs.length === 3 && node.inputs.slice(1).every(isPlain);
    return this.#constant(node).isPlain;
  }

  #constant(node: GraphNode): { readonly first: string; readonly isPlain: boolean } {
    const known = this.#constants.get(node);
    if (known !== undefined) return known;
    const texts = constantTexts(this.#part.source, node);
    const isPlain = texts?.every((text) => isSuffix.test(text) && !text.includes('..')) ?? false;
    const constant = { first: (texts?.[0] ?? '').slice(0, 256), isPlain };
    this.#constants.set(node, constant);
    return constant;
  }
}

/** A text that leads nowhere else behind a path, whatever else is put there: no part of it begins or ends as `..` may. */
const isSuffix = /^([\w.-]*[\w-])?(\/[\w-]([\w.-]*[\w-])?)?$/;

/** `node`, of `node:1` and of `node:output:0`. */
function nodeName(input: string): string {
  const colon = input.indexOf(':');
  return colon < 0 ? input : input.slice(0, colon);
}

/** The name that a variable is shared under: nodes with the same one are the same variable. */
export function variableName({ source }: Inspection, node: GraphNode): string {
  const shared = textAttribute(source, node, 'shared_name') ?? '';
  return shared === '' ? node.name : shared;
}
