import { type AttributeWithValue, type Graph, type Model, type Node, node, type Tensor, tensor } from '@holdfast/onnx';

/** The operator set that gradient rules are written in; models in a newer one stay as they are. */
export const gradientOpset = 18;

/**
 * The same model in opset 18 where it is older (11 to 17). Only what changed its form is rewritten, by the ONNX changelog:
 * axes of Squeeze, Unsqueeze and the reductions became inputs (13, 18), `split` of Split (13) and its `num_outputs` (18),
 * `ratio` of Dropout (12), and Softmax, LogSoftmax and Hardmax had looked at everything behind their axis as one (13).
 * RoiAlign had its regions by whole pixels (16); Upsample became Resize (10), which got its coordinates later (11).
 * @param rank the rank of a value, for the softmax family
 */
export function upgraded(model: Model, rank: (name: string) => number | undefined): Model {
  const from = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? gradientOpset;
  if (from >= gradientOpset) return model;
  const opsets = new Map(model.opsets).set('', gradientOpset);
  opsets.delete('ai.onnx');
  return {
    ...model,
    opsets,
    irVersion: Math.max(8, model.irVersion),
    graph: new Upgrade(from, rank).graph(model.graph),
  };
}

class Upgrade {
  readonly #from: number;
  readonly #rank: (name: string) => number | undefined;
  #serial = 0;

  constructor(from: number, rank: (name: string) => number | undefined) {
    this.#from = from;
    this.#rank = rank;
  }

  graph(graph: Graph): Graph {
    const added: Tensor[] = [];
    const nodes = graph.nodes.flatMap((each) => this.#node(this.#inside(each), added));
    const initializers = new Map(graph.initializers);
    for (const constant of added) initializers.set(constant.name, constant);
    return { ...graph, nodes, initializers };
  }

  /** Graphs in attributes (If, Loop, Scan) are of the same operator set. */
  #inside(original: Node): Node {
    const attributes = [...original.attributes].map(([name, attribute]): [string, typeof attribute] =>
      attribute.type === 'GRAPH' ? [name, { ...attribute, value: this.graph(attribute.value) }] : [name, attribute],
    );
    return { ...original, attributes: new Map(attributes) };
  }

  #node(original: Node, added: Tensor[]): Node[] {
    if (original.domain !== '' && original.domain !== 'ai.onnx') return [original];
    if (this.#from < 13 && ['Softmax', 'LogSoftmax', 'Hardmax'].includes(original.opType)) {
      return this.#flattened(original);
    }
    if (this.#from < 11 && ['Upsample', 'Resize'].includes(original.opType)) return [this.#resize(original, added)];
    if (this.#from < 16 && original.opType === 'RoiAlign') {
      return [withAttribute(original, 'coordinate_transformation_mode', text('output_half_pixel'))];
    }
    const moved = movedAttributes(original.opType, this.#from);
    if (moved !== undefined) return [this.#asInput(original, moved, added)];
    if (original.opType === 'Split' && original.inputs.length < 2 && original.outputs.length > 0) {
      return [withAttribute(original, 'num_outputs', { type: 'INT', value: BigInt(original.outputs.length) })];
    }
    return [original];
  }

  /** Resize as it was before 11: scales are its second input, or its attribute, and coordinates are cut off. */
  #resize(original: Node, added: Tensor[]): Node {
    const scales = original.attributes.get('scales');
    const attributes = new Map(original.attributes);
    attributes.delete('scales');
    attributes.set('coordinate_transformation_mode', text('asymmetric'));
    attributes.set('nearest_mode', text('floor'));
    let input = original.inputs[1] ?? '';
    if (scales?.type === 'FLOATS') {
      input = this.#name(`${original.outputs[0] ?? ''}/scales`);
      added.push(tensor(input, [scales.value.length], Float32Array.from(scales.value)));
    }
    return { ...original, opType: 'Resize', attributes, inputs: [original.inputs[0] ?? '', '', input] };
  }

  /** An attribute that a later version takes as its second input. */
  #asInput(original: Node, name: string, added: Tensor[]): Node {
    const attribute = original.attributes.get(name);
    const attributes = new Map(original.attributes);
    attributes.delete(name);
    if (attribute === undefined) {
      const even = original.opType === 'Split' && original.inputs.length < 2;
      const node = { ...original, attributes };
      return even ? withAttribute(node, 'num_outputs', { type: 'INT', value: BigInt(original.outputs.length) }) : node;
    }
    const constant = this.#name(`${original.outputs[0] ?? ''}/${name}`);
    if (attribute.type === 'INTS') {
      added.push(tensor(constant, [attribute.value.length], BigInt64Array.from(attribute.value)));
    } else if (attribute.type === 'FLOAT') {
      added.push(tensor(constant, [], Float32Array.of(attribute.value)));
    }
    return { ...original, attributes, inputs: [original.inputs[0] ?? '', constant] };
  }

  /** Softmax before 13: [d₀·…, dₐ·…] as a matrix, and back. Along the last axis the two are the same. */
  #flattened(original: Node): Node[] {
    const attribute = original.attributes.get('axis');
    const axis = attribute?.type === 'INT' ? Number(attribute.value) : 1;
    const [input = '', output = ''] = [original.inputs[0], original.outputs[0]];
    const rank = this.#rank(input) ?? this.#rank(output);
    const last = withAttribute(original, 'axis', { type: 'INT', value: -1n });
    if (axis === -1 || (rank !== undefined && axis === rank - 1)) return [last];
    const [matrix, result, shape] = ['matrix', 'result', 'shape'].map((part) => this.#name(`${output}/${part}`)) as [
      string,
      string,
      string,
    ];
    return [
      node('Shape', [input], [shape]),
      node('Flatten', [input], [matrix], { attributes: { axis: BigInt(axis) } }),
      { ...last, inputs: [matrix], outputs: [result] },
      node('Reshape', [result, shape], [output]),
    ];
  }

  #name(hint: string): string {
    this.#serial += 1;
    return `upgraded/${hint}_${String(this.#serial)}`;
  }
}

/** The attribute that became the second input of an operator, in a version behind `from`. */
function movedAttributes(opType: string, from: number): string | undefined {
  if (opType === 'Dropout') return from < 12 ? 'ratio' : undefined;
  if (opType === 'Split') return from < 13 ? 'split' : undefined;
  if (['Squeeze', 'Unsqueeze', 'ReduceSum'].includes(opType)) return from < 13 ? 'axes' : undefined;
  return /^Reduce(?!Sum$)/.test(opType) ? 'axes' : undefined;
}

function text(value: string): AttributeWithValue {
  return { type: 'STRING', value: new TextEncoder().encode(value) };
}

function withAttribute(original: Node, name: string, attribute: AttributeWithValue): Node {
  return { ...original, attributes: new Map(original.attributes).set(name, attribute) };
}
