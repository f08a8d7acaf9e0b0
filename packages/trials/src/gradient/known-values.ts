import { type Graph, OnnxError, type Tensor, valuesOf } from '@holdfast/onnx';

/** More numbers than a list of scales, pads or axes ever has. */
const most = 1024;

/** Small constants of a graph by name: initializers, and what `Constant` gives. What lies in another file is not among them. */
export function knownValues(graph: Graph): ReadonlyMap<string, readonly number[]> {
  const defaults = new Set(graph.inputs.map(({ name }) => name));
  const found = new Map<string, readonly number[]>();
  const keep = (name: string, numbers: readonly number[] | undefined): void => {
    if (numbers !== undefined) found.set(name, numbers);
  };
  for (const [name, constant] of graph.initializers) if (!defaults.has(name)) keep(name, numbersOf(constant));
  for (const { opType, attributes, outputs } of graph.nodes) {
    if (opType !== 'Constant') continue;
    for (const attribute of attributes.values()) {
      if (attribute.type === 'TENSOR') keep(outputs[0] ?? '', numbersOf(attribute.value));
      if (attribute.type === 'FLOATS' || attribute.type === 'INTS') keep(outputs[0] ?? '', attribute.value.map(Number));
      if (attribute.type === 'FLOAT' || attribute.type === 'INT') keep(outputs[0] ?? '', [Number(attribute.value)]);
    }
  }
  return found;
}

function numbersOf(constant: Tensor): number[] | undefined {
  const { dataType } = constant;
  if (constant.dims.reduce((product, size) => product * size, 1) > most) return undefined;
  if (
    dataType !== 'FLOAT' &&
    dataType !== 'DOUBLE' &&
    dataType !== 'INT64' &&
    dataType !== 'INT32' &&
    dataType !== 'BOOL'
  )
    return undefined;
  try {
    return Array.from<number | bigint, number>(valuesOf(constant, dataType), Number);
  } catch (cause) {
    if (cause instanceof OnnxError && cause.code === 'HF_ONNX_NO_VALUES') return undefined;
    throw cause;
  }
}
