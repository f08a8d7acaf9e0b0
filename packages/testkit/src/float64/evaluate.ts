import type { Model, Node } from '@holdfast/onnx';
import { Call } from './call.ts';
import { constantValue } from './constant-value.ts';
import { operators } from './operators.ts';
import type { Value } from './value.ts';

export { type Elements, floats, fromNumbers, integers, numbersOf, type Value } from './value.ts';

/**
 * Computes an ONNX model as the operator specification says (operator sets 11 to 23), every float type in float64: the
 * oracle of what runtimes compute in less. Small and readable, not fast. Training outputs of Dropout are not random:
 * nothing is dropped unless the ratio is 0 or training is off.
 * @param feeds a value for each input without an initializer
 * @returns every named value of the main graph: inputs, initializers, and the outputs of all nodes
 * @throws Error that names the node and its operator, when it is not understood or its inputs do not fit
 * @example
 * ```ts
 * import { graphOf, modelOf, node, tensorValue } from '@holdfast/onnx';
 * import { evaluate, floats } from '@holdfast/testkit/float64/evaluate';
 * const [x, y] = ['x', 'y'].map((name) => tensorValue(name, 'FLOAT', ['n']));
 * const model = modelOf({ graph: graphOf({ name: 'g', nodes: [node('Exp', ['x'], ['y'])], inputs: [x!], outputs: [y!] }), opsets: { '': 17 } });
 * const e = evaluate(model, new Map([['x', floats([1], Float64Array.of(1))]])).get('y')!.data[0];
 * ```
 */
export function evaluate(model: Model, feeds: ReadonlyMap<string, Value>): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, tensor] of model.graph.initializers) values.set(name, constantValue(tensor));
  for (const [name, value] of feeds) values.set(name, value);
  for (const { name } of model.graph.inputs)
    if (!values.has(name)) throw new Error(`no value for the input \`${name}\``);
  const opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 0;
  for (const node of model.graph.nodes) {
    for (const [index, value] of compute(node, opset, values).entries()) {
      const name = node.outputs[index];
      if (name) values.set(name, value);
    }
  }
  return values;
}

function compute(node: Node, opset: number, values: ReadonlyMap<string, Value>): readonly Value[] {
  const where = `node \`${node.name || (node.outputs[0] ?? '')}\` (${node.opType})`;
  const operator = node.domain === '' || node.domain === 'ai.onnx' ? operators[node.opType] : undefined;
  if (!operator) throw new Error(`${where}: the operator ${node.domain}.${node.opType} is not supported`);
  const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)));
  const missing = node.inputs.find((name, index) => name !== '' && !inputs[index]);
  if (missing) throw new Error(`${where}: nothing produces \`${missing}\``);
  let outputs: Value | readonly Value[];
  try {
    outputs = operator(new Call(node, opset, inputs));
  } catch (cause) {
    const shapes = inputs.map((value) => (value ? `${value.type}[${value.dims.join()}]` : 'nothing')).join(', ');
    throw new Error(`${where} of ${shapes}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const list = 'data' in outputs ? [outputs] : outputs;
  if (list.length < node.outputs.length) throw new Error(`${where}: output ${list.length} is not supported`);
  return list;
}
