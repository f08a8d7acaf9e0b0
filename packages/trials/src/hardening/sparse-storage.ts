import { elementCount, type Model, type SparseTensor, type Tensor, tensor, valuesOf } from '@holdfast/onnx';

/** Bytes of an element's place: ONNX has INT64 for it. */
const placeBytes = 8;
const stored = { FLOAT: 4, INT8: 1 } as const;
type Stored = keyof typeof stored;

/**
 * The same model with those weights as `sparse_initializer` that become smaller by it: values and where they lie. A place takes
 * 8 bytes, so that of FLOAT two thirds have to be 0, of INT8 eight ninths. ONNX Runtime takes it, and makes them dense when it
 * loads the model; other tools may not.
 *
 * Compression gains more: this is for where the file is not compressed.
 */
export function sparselyStored(model: Model): Model {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const sparseInitializers = new Map(graph.sparseInitializers);
  const replaceable = new Set(graph.inputs.map(({ name }) => name));
  for (const [name, constant] of graph.initializers) {
    const sparse = replaceable.has(name) ? undefined : sparseOf(constant);
    if (sparse === undefined) continue;
    initializers.delete(name);
    sparseInitializers.set(name, sparse);
  }
  return { ...model, graph: { ...graph, initializers, sparseInitializers } };
}

function sparseOf(constant: Tensor): SparseTensor | undefined {
  const { name, dims, dataType, content } = constant;
  if (!isStored(dataType) || content.kind === 'external' || elementCount(dims) < 64) return undefined;
  const values = valuesOf(constant, dataType);
  const places = [...values.keys()].filter((index) => values[index] !== 0);
  const bytes = places.length * (placeBytes + stored[dataType]);
  // ONNX Runtime refuses a sparse tensor without any value
  if (places.length === 0 || bytes >= stored[dataType] * values.length) return undefined;
  const kept = places.map((index) => values[index] as number);
  return {
    values: tensor(name, [places.length], dataType === 'FLOAT' ? Float32Array.from(kept) : Int8Array.from(kept)),
    indices: tensor(`${name}/places`, [places.length], BigInt64Array.from(places, BigInt)),
    dims,
  };
}

function isStored(type: string): type is Stored {
  return Object.hasOwn(stored, type);
}
