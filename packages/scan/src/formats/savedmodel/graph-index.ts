import type { Inspection } from '../../inspection.ts';
import { fieldsOf, textOf } from '../protobuf/fields.ts';
import { pathInputs } from './effects.ts';
import { functionsOf, mostNameBytes, nodeOf } from './node.ts';
import { fieldIn, type Range } from './walk.ts';

/** A graph or the body of a function. */
export interface Body {
  /** Of the function; empty for the graph itself. */
  readonly name: string;
  readonly range: Range;
  /** The number of the field that holds its nodes. */
  readonly nodeField: number;
  /** Names of the arguments of a function, in order. */
  readonly arguments: readonly string[];
  /** Functions that its nodes call. */
  readonly calls: Set<string>;
  /** Whether it has an operation that takes a path. */
  usesPaths: boolean;
  nodes: number;
}

/** The graph itself: GraphDef, whose nodes are field 1. */
export function graphBody(range: Range): Body {
  return { name: '', range, nodeField: 1, arguments: [], calls: new Set(), usesPaths: false, nodes: 0 };
}

/** A FunctionDef: its signature (OpDef: 1 name, 2 inputs with a name in 1) and its nodes, field 3. */
export function functionBody({ source }: Inspection, range: Range): Body {
  const signature = fieldIn(source, range, 1);
  let name = '';
  const inputs: string[] = [];
  if (signature !== undefined) {
    for (const field of fieldsOf(source, signature.start, signature.end)) {
      if (field.number === 1) name = textOf(source, field, mostNameBytes);
      const input = field.number === 2 ? fieldIn(source, field, 1) : undefined;
      if (input !== undefined) inputs.push(textOf(source, input, mostNameBytes));
    }
  }
  return { name, range, nodeField: 3, arguments: inputs, calls: new Set(), usesPaths: false, nodes: 0 };
}

/** Notes what a node of a body calls. */
export function noteNode({ source }: Inspection, body: Body, range: Range) {
  const node = nodeOf(source, range);
  if (pathInputs.has(node.operation)) body.usesPaths = true;
  body.calls.add(node.operation);
  for (const name of functionsOf(source, node)) body.calls.add(name);
  return node;
}
