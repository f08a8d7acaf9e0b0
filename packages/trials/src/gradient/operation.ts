import type { AttributeType, AttributeValues, Node } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';

/** A node as a gradient rule reads it: inputs that may be left out, attributes with their defaults. */
export class Operation {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get opType(): string {
    return this.node.opType;
  }

  /** The name of an input; `''` where it is left out. */
  input(index: number): string {
    return this.node.inputs[index] ?? '';
  }

  has(index: number): boolean {
    return this.input(index) !== '';
  }

  /** The name of an output; `''` where it is left out. */
  output(index = 0): string {
    return this.node.outputs[index] ?? '';
  }

  int(name: string, otherwise: number): number {
    return Number(this.#value(name, 'INT') ?? otherwise);
  }

  ints(name: string): readonly number[] | undefined {
    return this.#value(name, 'INTS')?.map(Number);
  }

  float(name: string, otherwise: number): number {
    return this.#value(name, 'FLOAT') ?? otherwise;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#value(name, 'FLOATS');
  }

  text(name: string, otherwise: string): string {
    const bytes = this.#value(name, 'STRING');
    return bytes === undefined ? otherwise : new TextDecoder().decode(bytes);
  }

  /** @throws TrialsError HF_TRIALS_OPERATOR that names this node */
  refuse(why: string): never {
    throw new TrialsError('HF_TRIALS_OPERATOR', `no gradient through \`${this.opType}\`: ${why}`, {
      where: `node \`${this.node.name || this.output()}\``,
    });
  }

  #value<T extends AttributeType>(name: string, type: T): AttributeValues[T] | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute === undefined) return undefined;
    if (attribute.type !== type) return this.refuse(`its attribute \`${name}\` is no ${type}`);
    return attribute.value as AttributeValues[T];
  }
}
