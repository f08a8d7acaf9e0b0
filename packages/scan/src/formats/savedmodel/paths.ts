import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { fieldsOf } from '../protobuf/fields.ts';
import { pathInputs } from './effects.ts';
import type { Body } from './graph-index.ts';
import { constantTexts, functionsOf, type GraphNode, nodeOf } from './node.ts';
import { savedModelRules } from './rules.ts';

/*
 * Every SavedModel can save and restore itself: it has SaveV2, RestoreV2 and MergeV2Checkpoints, and reads vocabularies
 * from its assets. What makes that harmless is where the paths come from: from the loader, which feeds a placeholder that
 * the file names as the saver's or as an asset's, or from an argument of a function that nothing else is passed for.
 * So each path is followed back to where it begins. A constant at its beginning is a path that the model itself names.
 */

const mostNodes = 300_000;

/** Where a path begins: at arguments of the function, at the loader, at a text of the model, or nobody can tell. */
type Origin =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'loader' }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'unclear'; readonly operation: string };

export class Paths {
  readonly #part: Inspection;
  readonly #bodies: ReadonlyMap<string, Body>;
  /** Names of the placeholders that the loader feeds with paths. */
  readonly #fed: ReadonlySet<string>;
  /** Indices of the arguments of a function that are used as paths. */
  readonly #parameters = new Map<string, ReadonlySet<number>>();

  constructor(part: Inspection, bodies: ReadonlyMap<string, Body>, fed: ReadonlySet<string>) {
    this.#part = part;
    this.#bodies = bodies;
    this.#fed = fed;
  }

  /** Which arguments of a function are used as paths, in it or in what it calls; reports those that it names itself. */
  parametersOf(name: string, depth = 0): ReadonlySet<number> {
    const known = this.#parameters.get(name);
    if (known !== undefined) return known;
    const body = this.#bodies.get(name);
    // A function that reaches itself adds nothing to what it is known to need.
    this.#parameters.set(name, new Set());
    if (body === undefined) return new Set();
    if (depth > 200) throw new NotUnderstood('functions call each other more than 200 levels deep');
    const called = new Map<string, ReadonlySet<number>>();
    for (const callee of body.calls) {
      const parameters = callee === '' ? new Set<number>() : this.parametersOf(callee, depth + 1);
      if (parameters.size > 0) called.set(callee, parameters);
    }
    const found = body.usesPaths || called.size > 0 ? this.#check(body, called) : new Set<number>();
    this.#parameters.set(name, found);
    return found;
  }

  #check(body: Body, called: ReadonlyMap<string, ReadonlySet<number>>): Set<number> {
    const nodes = this.#nodesOf(body);
    const found = new Set<number>();
    for (const node of nodes.values()) {
      for (const input of this.#pathsOf(node, called)) {
        const origins =
          input === undefined
            ? [{ kind: 'unclear' as const, operation: node.operation }]
            : this.#originsOf(input, body, nodes);
        for (const origin of origins) {
          if (origin.kind === 'argument') found.add(origin.index);
          else this.#report(body, node, origin);
        }
      }
    }
    return found;
  }

  #nodesOf({ range, nodeField }: Body): Map<string, GraphNode> {
    const nodes = new Map<string, GraphNode>();
    for (const field of fieldsOf(this.#part.source, range.start, range.end)) {
      if (field.number !== nodeField) continue;
      const node = nodeOf(this.#part.source, field);
      nodes.set(node.name, node);
      if (nodes.size > mostNodes) throw new NotUnderstood(`a graph with paths has more than ${mostNodes} nodes`);
    }
    this.#part.requireTime();
    return nodes;
  }

  /** The inputs of a node that are used as paths; undefined for one that cannot be matched with an argument. */
  #pathsOf(node: GraphNode, called: ReadonlyMap<string, ReadonlySet<number>>): (string | undefined)[] {
    const own = (pathInputs.get(node.operation) ?? []).map((index) => node.inputs[index]);
    const callees = [node.operation, ...functionsOf(this.#part.source, node)].filter((name) => called.has(name));
    const isPlainCall = /^(Stateful)?PartitionedCall$/.test(node.operation) || called.has(node.operation);
    const passed = callees.flatMap((name) =>
      [...(called.get(name) ?? [])].map((index) => (isPlainCall ? node.inputs[index] : undefined)),
    );
    return [...own, ...passed];
  }

  #originsOf(input: string, body: Body, nodes: ReadonlyMap<string, GraphNode>): Origin[] {
    const origins: Origin[] = [];
    const seen = new Set<string>();
    const pending = [input];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const name = nodeName(next);
      if (seen.has(name)) continue;
      seen.add(name);
      const index = body.arguments.indexOf(name);
      const node = nodes.get(name);
      if (index >= 0) origins.push({ kind: 'argument', index });
      else if (node === undefined) origins.push({ kind: 'unclear', operation: name });
      else this.#follow(node, body, nodes, origins, pending);
    }
    return origins;
  }

  /** One step back from a node: what its own beginning is, or which inputs carry it. */
  #follow(
    node: GraphNode,
    body: Body,
    nodes: ReadonlyMap<string, GraphNode>,
    origins: Origin[],
    pending: string[],
  ): void {
    const { operation, inputs, name } = node;
    const [first = '', ...rest] = inputs;
    if (body.name === '' && this.#fed.has(name) && /^Placeholder(WithDefault)?$/.test(operation)) {
      // What stands in for a path that is not fed: TensorFlow 1 writes `model`.
      if (operation === 'Placeholder' || this.#isPlain(first, nodes)) origins.push({ kind: 'loader' });
      else origins.push({ kind: 'constant', text: first });
    } else if (operation === 'Identity' || operation === 'ShardedFilename' || operation === 'ShardedFilespec')
      pending.push(first);
    else if (operation === 'StringJoin' && rest.every((input) => this.#isPlain(input, nodes))) pending.push(first);
    else if (operation === 'Pack') pending.push(...inputs);
    else if (operation === 'Const')
      origins.push({ kind: 'constant', text: constantTexts(this.#part.source, node)?.[0] ?? '' });
    else origins.push({ kind: 'unclear', operation });
  }

  /** Whether an input is a text that leads nowhere else when it is put behind a path: `_temp/part`. */
  #isPlain(input: string, nodes: ReadonlyMap<string, GraphNode>, depth = 0): boolean {
    const node = nodes.get(nodeName(input));
    if (node === undefined || depth > 8) return false;
    if (/^(Identity|PlaceholderWithDefault)$/.test(node.operation))
      return this.#isPlain(node.inputs[0] ?? '', nodes, depth + 1);
    if (/^Select(V2)?$/.test(node.operation)) {
      return node.inputs.length === 3 && node.inputs.slice(1).every((each) => this.#isPlain(each, nodes, depth + 1));
    }
    const texts = constantTexts(this.#part.source, node);
    return texts?.every((text) => /^[\w.-]*(\/[\w.-]+)?$/.test(text) && !text.includes('..')) ?? false;
  }

  #report(body: Body, node: GraphNode, origin: Exclude<Origin, { kind: 'argument' }>): void {
    if (origin.kind === 'loader') return;
    const within = body.name === '' ? node.name : `${body.name}/${node.name}`;
    const about = {
      within,
      reaches: `tensorflow.${node.operation}`,
      when: 'when the function that holds it is called',
    };
    if (this.#part.scan.allow.callables.has(about.reaches)) return;
    if (origin.kind === 'constant') {
      const message = `${shown(node.operation)} gets the path ${shown(origin.text)} from the model itself`;
      this.#part.report(savedModelRules.path, { message, ...about });
    } else {
      const message = `${shown(node.operation)} gets a path from ${shown(origin.operation)}`;
      this.#part.report(savedModelRules.unclearPath, { message, ...about });
    }
  }
}

/** `node`, of `node:1` and of `node:output:0`. */
function nodeName(input: string): string {
  const colon = input.indexOf(':');
  return colon < 0 ? input : input.slice(0, colon);
}
