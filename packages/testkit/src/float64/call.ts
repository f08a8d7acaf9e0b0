import type { AttributeType, AttributeValues, Node } from '@holdfast/onnx';
import { listOf, type Value } from './value.ts';

/** One node about to be computed: its inputs and what its attributes say. */
export class Call {
  readonly node: Node;
  /** The version of the standard operators that the model imports. */
  readonly opset: number;
  readonly #inputs: readonly (Value | undefined)[];

  constructor(node: Node, opset: number, inputs: readonly (Value | undefined)[]) {
    this.node = node;
    this.opset = opset;
    this.#inputs = inputs;
  }

  /** @throws Error if it is left out */
  input(index: number): Value {
    const value = this.#inputs[index];
    if (!value) throw new Error(`input ${index} is missing`);
    return value;
  }

  optional(index: number): Value | undefined {
    return this.#inputs[index];
  }

  /** All inputs of a variadic operator. */
  get inputs(): Value[] {
    return this.#inputs.map((_, index) => this.input(index));
  }

  has(name: string): boolean {
    return this.node.attributes.has(name);
  }

  #attribute<T extends AttributeType>(name: string, type: T): AttributeValues[T] | undefined {
    const attribute = this.node.attributes.get(name);
    if (!attribute) return undefined;
    if (attribute.type !== type) throw new Error(`the attribute ${name} is ${attribute.type}, not ${type}`);
    return attribute.value as AttributeValues[T];
  }

  /** Attributes are float32 on the wire, their defaults too. */
  float(name: string, otherwise: number): number {
    return Math.fround(this.#attribute(name, 'FLOAT') ?? otherwise);
  }

  int(name: string, otherwise: number): number {
    return Number(this.#attribute(name, 'INT') ?? otherwise);
  }

  isSet(name: string, otherwise = false): boolean {
    return this.int(name, otherwise ? 1 : 0) !== 0;
  }

  string(name: string, otherwise: string): string {
    const bytes = this.#attribute(name, 'STRING');
    return bytes ? new TextDecoder().decode(bytes) : otherwise;
  }

  strings(name: string): string[] | undefined {
    return this.#attribute(name, 'STRINGS')?.map((bytes) => new TextDecoder().decode(bytes));
  }

  ints(name: string): number[] | undefined {
    return this.#attribute(name, 'INTS')?.map(Number);
  }

  floats(name: string): readonly number[] | undefined {
    return this.#attribute(name, 'FLOATS');
  }

  tensor(name: string): AttributeValues['TENSOR'] | undefined {
    return this.#attribute(name, 'TENSOR');
  }

  /** A list that was an attribute in older operator sets and is an input since. */
  list(name: string, input: number): number[] | undefined {
    const value = this.optional(input);
    return this.ints(name) ?? (value && listOf(value));
  }
}

/** Computes a node: its only output, or all of its outputs in order. @throws Error for what it does not understand */
export type Operator = (call: Call) => Value | readonly Value[];
export type Operators = Readonly<Record<string, Operator>>;
