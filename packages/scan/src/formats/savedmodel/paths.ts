import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { fieldsOf } from '../protobuf/fields.ts';
import { pathInputs } from './effects.ts';
import type { Body } from './graph-index.ts';
import { functionsOf, type GraphNode, nodeOf } from './node.ts';
import { type LoaderPaths, type Origin, PathOrigins } from './path-origins.ts';
import { savedModelRules } from './rules.ts';

/*
 * Every SavedModel can save and restore itself: it has SaveV2, RestoreV2 and MergeV2Checkpoints, and reads vocabularies
 * from its assets. What makes that harmless is where the paths come from: from the loader, which feeds a placeholder that
 * the file names as the saver's or as an asset's, or from an argument of a function that nothing else is passed for.
 * So each path is followed back to where it begins. A constant at its beginning is a path that the model itself names.
 */

const mostNodes = 300_000;

export class Paths {
  readonly #part: Inspection;
  readonly #bodies: ReadonlyMap<string, Body>;
  readonly #loader: LoaderPaths;
  /** Indices of the arguments of a function that are used as paths. */
  readonly #parameters = new Map<string, ReadonlySet<number>>();
  /** Functions that are being looked at. */
  readonly #open = new Set<string>();

  constructor(part: Inspection, bodies: ReadonlyMap<string, Body>, loader: LoaderPaths) {
    this.#part = part;
    this.#bodies = bodies;
    this.#loader = loader;
  }

  /** Which arguments of a function are used as paths, in it or in what it calls; reports those that it names itself. */
  parametersOf(name: string, depth = 0): ReadonlySet<number> {
    const known = this.#parameters.get(name);
    if (known !== undefined) return known;
    const body = this.#bodies.get(name);
    if (body === undefined) return new Set();
    if (this.#open.has(name)) {
      this.#part.leave('functions call each other in a circle: their paths were not followed');
      return new Set();
    }
    this.#open.add(name);
    if (depth > 200) throw new NotUnderstood('functions call each other more than 200 levels deep');
    const called = new Map<string, ReadonlySet<number>>();
    for (const callee of body.calls) {
      const parameters = callee === '' ? new Set<number>() : this.parametersOf(callee, depth + 1);
      if (parameters.size > 0) called.set(callee, parameters);
    }
    const found = body.usesPaths || called.size > 0 ? this.#check(body, called) : new Set<number>();
    this.#open.delete(name);
    this.#parameters.set(name, found);
    return found;
  }

  #check(body: Body, called: ReadonlyMap<string, ReadonlySet<number>>): Set<number> {
    const nodes = this.#nodesOf(body);
    const origins = new PathOrigins(this.#part, body, nodes, this.#loader);
    const found = new Set<number>();
    for (const node of nodes.values()) {
      for (const input of this.#pathsOf(node, called)) {
        const unclear: Origin[] = [{ kind: 'unclear', operation: node.operation }];
        for (const origin of input === undefined ? unclear : origins.of(input)) {
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
      if (nodes.has(node.name)) throw new NotUnderstood(`two nodes of the name ${shown(node.name)}`, field.start);
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
    const passed = callees.flatMap((name) => passedTo(called.get(name) ?? new Set(), isPlainCall ? node.inputs : []));
    return [...own, ...passed];
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

/** The inputs that are these parameters, and one undefined where some are missing: what a node costs is its own length. */
function passedTo(parameters: ReadonlySet<number>, inputs: readonly string[]): (string | undefined)[] {
  const found: (string | undefined)[] = inputs.filter((_, index) => parameters.has(index));
  return found.length < parameters.size ? [...found, undefined] : found;
}
