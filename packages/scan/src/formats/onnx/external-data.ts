import type { Attribute, ExternalData, Graph, Model, Node, SparseTensor, Tensor } from '@holdfast/onnx';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { onnxRules } from './rules.ts';

interface Place extends ExternalData {
  readonly tensor: string;
}

/**
 * Weights in other files: that the files are there, and that two tensors have the same bytes or none in common (tied
 * weights share all of theirs). The reader has already refused locations that lead out of the folder.
 */
export function reportExternalData(part: Inspection, model: Model): void {
  const places = new Map<string, Place[]>();
  for (const tensor of tensorsOf(model)) {
    if (tensor.content.kind !== 'external') continue;
    const { data } = tensor.content;
    const known = places.get(data.location);
    if (known === undefined) places.set(data.location, [{ ...data, tensor: tensor.name }]);
    else known.push({ ...data, tensor: tensor.name });
  }
  for (const [location, inside] of places) {
    if (!isBeside(part, location)) {
      part.leave(`weights are expected in ${shown(location)}, which was not found beside it`, {
        fix: 'scan the folder that holds both',
      });
    }
    reportOverlap(part, location, inside);
  }
}

/** A folder lists regular files only: what is a link, or behind one, is not in it. */
function isBeside({ scan: { folder }, part }: Inspection, location: string): boolean {
  if (folder === undefined || part.length > 0) return false;
  const slash = folder.path.lastIndexOf('/');
  return folder.files.has(folder.path.slice(0, slash + 1) + location);
}

function reportOverlap(part: Inspection, location: string, places: readonly Place[]): void {
  const sorted = places
    .map(({ tensor, offset = 0, length = 0 }) => ({ tensor, start: offset, end: offset + length }))
    .filter(({ start, end }) => end > start)
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  let last = sorted[0];
  for (const next of sorted) {
    if (last === undefined) return;
    const same = next.start === last.start && next.end === last.end;
    if (!same && next.start < last.end) {
      const message = `the tensors ${shown(last.tensor)} and ${shown(next.tensor)} overlap in ${shown(location)}`;
      part.report(onnxRules.overlap, { message, within: location });
      return;
    }
    last = next;
  }
}

/** Every tensor of a model, in subgraphs and functions too. */
function* tensorsOf({ graph, functions }: Model): Generator<Tensor> {
  yield* ofGraph(graph);
  for (const { nodes, attributes } of functions) {
    for (const attribute of attributes.values()) yield* ofAttribute(attribute);
    for (const node of nodes) yield* ofNode(node);
  }
}

function* ofGraph({ initializers, sparseInitializers, nodes }: Graph): Generator<Tensor> {
  yield* initializers.values();
  for (const sparse of sparseInitializers.values()) yield* ofSparse(sparse);
  for (const node of nodes) yield* ofNode(node);
}

function* ofNode({ attributes }: Node): Generator<Tensor> {
  for (const attribute of attributes.values()) yield* ofAttribute(attribute);
}

function* ofAttribute(attribute: Attribute): Generator<Tensor> {
  const { type } = attribute;
  if (type === 'TENSOR') yield attribute.value;
  if (type === 'TENSORS') yield* attribute.value;
  if (type === 'SPARSE_TENSOR') yield* ofSparse(attribute.value);
  if (type === 'SPARSE_TENSORS') for (const sparse of attribute.value) yield* ofSparse(sparse);
  if (type === 'GRAPH') yield* ofGraph(attribute.value);
  if (type === 'GRAPHS') for (const graph of attribute.value) yield* ofGraph(graph);
}

function* ofSparse({ values, indices }: SparseTensor): Generator<Tensor> {
  yield values;
  yield indices;
}
