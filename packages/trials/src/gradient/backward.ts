import type { Node } from '@holdfast/onnx';
import { dependentOn, usedBy } from './activity.ts';
import type { GraphWriter } from './graph-writer.ts';
import { Operation } from './operation.ts';
import { rowGradient } from './per-row.ts';
import { ruleOf } from './rules/index.ts';

/**
 * Reverse-mode differentiation: goes back through `nodes` and writes, node by node, what each rule says.
 * @param writer receives the nodes of the gradient; knows the facts of every forward value
 * @param nodes forward, in topological order
 * @param seeds dL/dY by the name of Y, for the values that the loss is made of
 * @param withRespectTo inputs or initializers
 * @param perRow those of them that get a gradient for each row of the batch, [N, …]
 * @returns dL/dX by the name of X; a name that the loss does not depend on is missing
 * @throws TrialsError HF_TRIALS_OPERATOR at an operator without a rule; HF_TRIALS_FACTS
 */
export function backward(
  writer: GraphWriter,
  nodes: readonly Node[],
  seeds: ReadonlyMap<string, string>,
  withRespectTo: readonly string[],
  perRow: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const active = dependentOn(nodes, withRespectTo, writer);
  const sums = new Sums(writer, seeds);
  for (const node of nodes.toReversed()) {
    const gradients = node.outputs.map((name) => (name === '' ? undefined : sums.take(name)));
    if (gradients.every((gradient) => gradient === undefined)) continue;
    const isOwn = (input: number): boolean => perRow.has(node.inputs[input] ?? '');
    const wanted = (input: number): boolean => active.has(node.inputs[input] ?? '') && !isOwn(input);
    if (![...usedBy(node)].some((name) => active.has(name))) continue;
    const operation = new Operation(node);
    const found = ruleOf(operation)(operation, gradients, writer, wanted);
    node.inputs.forEach((name, index) => {
      const gradient = isOwn(index) ? ownGradient(operation, gradients, writer, index) : found[index];
      if (gradient !== undefined && (wanted(index) || isOwn(index))) sums.add(name, gradient);
    });
  }
  const results = withRespectTo.map((name) => [name, sums.take(name)] as const);
  return new Map(results.flatMap(([name, gradient]) => (gradient === undefined ? [] : [[name, gradient]])));
}

/** That of a weight for each row. */
function ownGradient(
  operation: Operation,
  [gradient]: readonly (string | undefined)[],
  writer: GraphWriter,
  input: number,
): string | undefined {
  return gradient === undefined ? undefined : rowGradient(operation, gradient, writer, input);
}

/** Gradients that meet at a value are added. */
class Sums {
  readonly #parts = new Map<string, string[]>();
  readonly #writer: GraphWriter;

  constructor(writer: GraphWriter, seeds: ReadonlyMap<string, string>) {
    this.#writer = writer;
    for (const [name, seed] of seeds) this.add(name, seed);
  }

  add(name: string, gradient: string): void {
    const parts = this.#parts.get(name);
    if (parts === undefined) this.#parts.set(name, [gradient]);
    else parts.push(gradient);
  }

  take(name: string): string | undefined {
    const parts = this.#parts.get(name);
    if (parts === undefined || parts.length < 2) return parts?.[0];
    const total = this.#writer.emit(parts.length === 2 ? 'Add' : 'Sum', parts);
    this.#parts.set(name, [total]);
    return total;
  }
}
