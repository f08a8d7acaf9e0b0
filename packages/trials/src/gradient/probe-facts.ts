import { openSession, type TensorData } from '@holdfast/inference';
import { type Model, writeModel } from '@holdfast/onnx';
import type { Facts, ValueFacts } from './facts.ts';

/**
 * Finds out the type and the shape of every value of a model by running it with all of them as outputs, once for each
 * set of feeds: what the runtime makes, not what a file says. A dimension that differs between runs is null.
 * @param feeds at least two sets, whose batches differ and have more than one row
 * @throws InferenceError
 */
export async function probeFacts(
  model: Model,
  feeds: readonly Readonly<Record<string, TensorData>>[],
): Promise<Facts> {
  const facts = new Map<string, ValueFacts>();
  for (const [name, { dataType, dims }] of model.graph.initializers) facts.set(name, { type: dataType, dims });
  const session = await openSession(writeModel(allOutputs(model)));
  try {
    for (const each of feeds) {
      const found = { ...(await session.run(each)), ...each };
      for (const [name, { type, dims }] of Object.entries(found)) facts.set(name, merged(facts.get(name), type, dims));
    }
  } finally {
    await session.release();
  }
  return facts;
}

function merged(known: ValueFacts | undefined, type: ValueFacts['type'], dims: readonly number[]): ValueFacts {
  if (known?.dims.length !== dims.length) return { type, dims };
  return { type, dims: dims.map((size, axis) => (known.dims[axis] === size ? size : null)) };
}

/** The model with every value that its nodes make as an output, of whatever type the runtime finds. */
function allOutputs(model: Model): Model {
  const { graph } = model;
  const names = new Set(graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== '')));
  return { ...model, graph: { ...graph, valueInfo: [], outputs: [...names].map((name) => ({ name })) } };
}
