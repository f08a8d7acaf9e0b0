import { OnnxError, shown } from './errors.ts';
import { checkLocation } from './external-data.ts';
import type { Attribute, Graph, Model, Node } from './graph.ts';
import { type ExternalData, elementCount, rawLength, type Tensor } from './tensor.ts';

/** Bytes from another file: exactly `length` of them from `data.offset`. They are kept, not copied. */
export type ReadExternal = (data: ExternalData, length: number) => Uint8Array;

/**
 * The model with its external data in it, as far as a tensor takes no more than `most` bytes. Nothing is copied but what
 * `read` copies.
 * @param read opens the files, and refuses links: this package opens nothing
 * @param most bytes of one tensor; larger ones stay where they are
 * @throws OnnxError HF_ONNX_EXTERNAL_PATH at a location outside the folder; HF_ONNX_TENSOR_SIZE at a length that is not that
 * of the tensor; what `read` throws
 * @example
 * ```ts
 * import { readModel, withExternalData } from '@holdfast/onnx';
 * const weights = new Uint8Array(1024);
 * withExternalData(readModel(new Uint8Array()), ({ offset = 0 }, length) => weights.subarray(offset, offset + length));
 * ```
 */
export function withExternalData(model: Model, read: ReadExternal, most: number = Number.POSITIVE_INFINITY): Model {
  return { ...model, graph: graphWith(model.graph, read, most) };
}

/** Bytes of a model's external data, as its tensors say: what is shared counts as often as it is used. */
export function externalBytes(model: Model): number {
  let total = 0;
  withExternalData(
    model,
    (_, length) => {
      total += length;
      return new Uint8Array(0);
    },
    Number.POSITIVE_INFINITY,
  );
  return total;
}

function graphWith(graph: Graph, read: ReadExternal, most: number): Graph {
  const initializers = [...graph.initializers].map(([name, tensor]) => [name, embedded(tensor, read, most)] as const);
  return {
    ...graph,
    initializers: new Map(initializers),
    nodes: graph.nodes.map((node) => nodeWith(node, read, most)),
  };
}

function nodeWith(node: Node, read: ReadExternal, most: number): Node {
  const attributes = [...node.attributes].map(([name, attribute]): [string, Attribute] => {
    if (attribute.type === 'TENSOR') return [name, { ...attribute, value: embedded(attribute.value, read, most) }];
    if (attribute.type === 'GRAPH') return [name, { ...attribute, value: graphWith(attribute.value, read, most) }];
    return [name, attribute];
  });
  return { ...node, attributes: new Map(attributes) };
}

function embedded(tensor: Tensor, read: ReadExternal, most: number): Tensor {
  const { content, dims, dataType } = tensor;
  if (content.kind !== 'external') return tensor;
  const where = `tensor ${shown(tensor.name)}`;
  checkLocation(content.data.location, where);
  const length = rawLength(dataType, elementCount(dims));
  if (content.data.length !== undefined && content.data.length !== length) {
    const message = `the external data is ${content.data.length} bytes long, its dimensions say ${length}`;
    throw new OnnxError('HF_ONNX_TENSOR_SIZE', message, { where });
  }
  if (length > most) return tensor;
  return { ...tensor, content: { kind: 'raw', bytes: read(content.data, length) } };
}
