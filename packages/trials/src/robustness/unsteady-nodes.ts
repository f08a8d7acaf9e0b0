import { type Graph, type Model, type Node, type Tensor, valuesOf } from '@holdfast/onnx';

/** Why a node answers otherwise than its inputs alone would have it. */
export type Unsteadiness = 'draws random numbers' | 'looks at the whole batch' | 'learns while it answers';

export interface UnsteadyNode {
  readonly opType: string;
  readonly why: Unsteadiness;
}

const randomOperators: ReadonlySet<string> = new Set([
  ...['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'],
  ...['Bernoulli', 'Multinomial'],
]);

/**
 * Nodes, also in branches, loop bodies and functions, whose answers AutoAttack cannot be trusted with: those that draw random
 * numbers, normalise by the batch as in training, or take gradients themselves (domain `ai.onnx.preview.training`).
 */
export function unsteadyNodes(model: Model): UnsteadyNode[] {
  const inFunctions = model.functions.flatMap(({ nodes }) => ofNodes(nodes, new Map()));
  return [...ofNodes(model.graph.nodes, model.graph.initializers), ...inFunctions];
}

function ofNodes(nodes: readonly Node[], constants: ReadonlyMap<string, Tensor>): UnsteadyNode[] {
  const known = new Map(constants);
  for (const { opType, outputs, attributes } of nodes) {
    const value = attributes.get('value');
    if (opType === 'Constant' && value?.type === 'TENSOR') known.set(outputs[0] ?? '', value.value);
  }
  return nodes.flatMap((node) => {
    const why = unsteadiness(node, known);
    const inside = graphsOf(node).flatMap((graph) => ofNodes(graph.nodes, new Map([...known, ...graph.initializers])));
    return why === undefined ? inside : [{ opType: node.opType, why }, ...inside];
  });
}

function unsteadiness(node: Node, constants: ReadonlyMap<string, Tensor>): Unsteadiness | undefined {
  const { opType, domain, attributes, inputs } = node;
  if (domain === 'ai.onnx.preview.training') return 'learns while it answers';
  if (domain !== '' && domain !== 'ai.onnx') return undefined;
  if (randomOperators.has(opType)) return 'draws random numbers';
  const mode = attributes.get('training_mode');
  if (opType === 'BatchNormalization' && mode?.type === 'INT' && mode.value !== 0n) return 'looks at the whole batch';
  const isTraining = opType === 'Dropout' && (inputs[2] ?? '') !== '' && !isFalse(constants.get(inputs[2] ?? ''));
  return isTraining ? 'draws random numbers' : undefined;
}

/** A mode that is not written into the file may be anything. */
function isFalse(tensor: Tensor | undefined): boolean {
  return tensor?.dataType === 'BOOL' && valuesOf(tensor, 'BOOL')[0] === 0;
}

function graphsOf({ attributes }: Node): Graph[] {
  return [...attributes.values()].flatMap((attribute) => {
    if (attribute.type === 'GRAPH') return [attribute.value];
    return attribute.type === 'GRAPHS' ? [...attribute.value] : [];
  });
}
