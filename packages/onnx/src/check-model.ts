import { checkSparseTensor, checkTensor } from './check-tensor.ts';
import { OnnxError, shown } from './errors.ts';
import type { Attribute, FunctionDefinition, Graph, Model, Node } from './graph.ts';
import type { Limits } from './limits.ts';
import { checkFunctionNames, checkGraphNames, graphsOf, type Visitor } from './scope.ts';

/** IR versions with operator sets (3) up to the one of onnx 1.23.2. */
export const irVersions = { first: 3, last: 14 } as const;
/** The newest version of each operator set of onnx 1.23.2; the sets of other domains are their owners' business. */
export const newestOpsets: ReadonlyMap<string, number> = new Map([
  ['', 28],
  ['ai.onnx.ml', 5],
  ['ai.onnx.preview', 1],
  ['ai.onnx.preview.training', 1],
]);

/**
 * Checks what a model says against itself: versions, tensors, names, operator sets, functions.
 * @throws OnnxError with the place in `where`
 */
export function checkModel(model: Model, limits: Limits): void {
  checkVersions(model);
  const functions = functionsOf(model);
  const visitor = visitorFor(model, model.opsets, functions, limits);
  checkGraphNames(model.graph, visitor, `graph ${shown(model.graph.name)}`);
  for (const definition of model.functions) {
    checkFunction(definition, visitorFor(model, definition.opsets, functions, limits), limits);
  }
  checkCalls(functions, limits);
}

function checkFunction(definition: FunctionDefinition, visitor: Visitor, limits: Limits): void {
  const where = `function ${shown(definition.name)}`;
  checkOpsets(definition.opsets, where);
  for (const attribute of definition.attributes.values()) {
    checkAttribute(attribute, limits, where);
    for (const graph of graphsOf(attribute)) checkGraphNames(graph, visitor, where);
  }
  checkFunctionNames(definition, visitor, where);
}

function checkVersions({ irVersion, opsets }: Model): void {
  const { first, last } = irVersions;
  if (irVersion < first || irVersion > last) {
    throw new OnnxError('HF_ONNX_VERSION', `IR version \`${irVersion}\` is not one of ${first} to ${last}`, {
      where: 'model',
    });
  }
  checkOpsets(opsets, 'model');
}

function checkOpsets(opsets: ReadonlyMap<string, number>, where: string): void {
  for (const [domain, version] of opsets) {
    const newest = newestOpsets.get(domain) ?? Number.MAX_SAFE_INTEGER;
    if (version >= 1 && version <= newest) continue;
    const name = domain === '' ? 'ai.onnx' : domain;
    throw new OnnxError(
      'HF_ONNX_VERSION',
      `operator set ${shown(name)} version \`${version}\` is not one of 1 to ${newest}`,
      { where },
    );
  }
}

type Functions = ReadonlyMap<string, FunctionDefinition>;

/** Functions by domain, name and overload, which together must be unique (IR.md, "Model Local Functions"). */
function functionsOf({ functions }: Model): Functions {
  const map = new Map<string, FunctionDefinition>();
  for (const definition of functions) {
    const id = functionId(definition.domain, definition.name, definition.overload);
    if (map.has(id)) {
      throw new OnnxError('HF_ONNX_DUPLICATE_NAME', `the function ${shown(definition.name)} is given twice`, {
        where: 'model',
      });
    }
    map.set(id, definition);
  }
  return map;
}

/** What a node calls, or a function answers to. */
export function functionId(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}

function visitorFor(model: Model, opsets: ReadonlyMap<string, number>, functions: Functions, limits: Limits): Visitor {
  return {
    graph: (graph, where, depth) => {
      checkInitializers(graph, model.irVersion, limits, where, depth);
    },
    node: (node, where) => {
      checkNode(node, opsets, functions, limits, where);
    },
  };
}

function checkInitializers(graph: Graph, irVersion: number, limits: Limits, where: string, depth: number): void {
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  for (const [name, tensor] of graph.initializers) {
    if (name === '') throw new OnnxError('HF_ONNX_UNRESOLVED', 'an initializer has no name', { where });
    checkTensor(tensor, limits, `${where}, initializer ${shown(name)}`);
    // Until IR version 4 every initializer was an input too (IR.md, "Graphs").
    if (irVersion < 4 && depth === 0 && !inputs.has(name)) {
      throw new OnnxError(
        'HF_ONNX_UNRESOLVED',
        `the initializer ${shown(name)} is not an input, as IR version 3 asks`,
        { where },
      );
    }
  }
  for (const [name, sparse] of graph.sparseInitializers) {
    if (graph.initializers.has(name)) {
      throw new OnnxError('HF_ONNX_DUPLICATE_NAME', `the initializer ${shown(name)} is given twice`, { where });
    }
    checkSparseTensor(sparse, limits, `${where}, initializer ${shown(name)}`);
  }
}

function checkNode(
  node: Node,
  opsets: ReadonlyMap<string, number>,
  functions: Functions,
  limits: Limits,
  where: string,
): void {
  if (node.opType === '') throw new OnnxError('HF_ONNX_UNRESOLVED', 'a node names no operator', { where });
  if (!opsets.has(node.domain) && !functions.has(functionId(node.domain, node.opType, node.overload))) {
    const domain = node.domain === '' ? 'ai.onnx' : node.domain;
    throw new OnnxError('HF_ONNX_VERSION', `the operator set ${shown(domain)} has no version`, { where });
  }
  for (const [name, attribute] of node.attributes)
    checkAttribute(attribute, limits, `${where}, attribute ${shown(name)}`);
}

/** Checks the tensors of an attribute. Numbers and texts are what they are; graphs are visited where their node is. */
function checkAttribute(attribute: Attribute, limits: Limits, where: string): void {
  if (attribute.type === 'TENSOR') checkTensor(attribute.value, limits, where);
  if (attribute.type === 'TENSORS') for (const tensor of attribute.value) checkTensor(tensor, limits, where);
  if (attribute.type === 'SPARSE_TENSOR') checkSparseTensor(attribute.value, limits, where);
  if (attribute.type === 'SPARSE_TENSORS')
    for (const sparse of attribute.value) checkSparseTensor(sparse, limits, where);
}

/** Functions are expanded where they are called: one that reaches itself would never end (IR.md). */
function checkCalls(functions: Functions, limits: Limits): void {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, { name, nodes }: FunctionDefinition, depth: number): void => {
    if (state.get(id) === 'done') return;
    const where = `function ${shown(name)}`;
    if (state.get(id) === 'open') throw new OnnxError('HF_ONNX_ORDER', 'the function calls itself', { where });
    if (depth > limits.depth)
      throw new OnnxError('HF_ONNX_LIMIT', `the model exceeds \`depth\`: ${limits.depth}`, { where });
    state.set(id, 'open');
    for (const called of callsOf(nodes)) {
      const target = functions.get(called);
      if (target) visit(called, target, depth + 1);
    }
    state.set(id, 'done');
  };
  for (const [id, definition] of functions) visit(id, definition, 1);
}

function callsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => [
    functionId(node.domain, node.opType, node.overload),
    ...[...node.attributes.values()].flatMap(graphsOf).flatMap((graph) => callsOf(graph.nodes)),
  ]);
}
