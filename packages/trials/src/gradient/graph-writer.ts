import { type DataType, type Node, type NodeOptions, node, type Tensor, tensor } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Facts, ValueFacts } from './facts.ts';

type Attributes = NonNullable<NodeOptions['attributes']>;

/**
 * Adds nodes behind those of a model, in opset 18 or newer, under names that the model does not use.
 * @example
 * ```ts
 * import { GraphWriter } from '@holdfast/trials/gradient/graph-writer';
 * const writer = new GraphWriter({ facts: new Map(), taken: ['x'] });
 * const doubled: string = writer.emit('Mul', ['x', writer.scalar(2, 'FLOAT')]);
 * ```
 */
export class GraphWriter {
  readonly nodes: Node[] = [];
  readonly initializers = new Map<string, Tensor>();
  readonly #facts: Facts;
  readonly #known: ReadonlyMap<string, readonly number[]>;
  readonly #taken: Set<string>;
  #serial = 0;

  constructor(model: {
    readonly facts: Facts;
    readonly taken: Iterable<string>;
    /** Small constants, by name. */
    readonly known?: ReadonlyMap<string, readonly number[]>;
  }) {
    this.#facts = model.facts;
    this.#known = model.known ?? new Map();
    this.#taken = new Set(model.taken);
  }

  /** One node with one output. @returns the name of the output */
  emit(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const [only] = this.emitAll(opType, inputs, 1, attributes);
    return only ?? '';
  }

  /** One node with several outputs. @returns their names */
  emitAll(opType: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const names = Array.from({ length: outputs }, () => this.name(opType));
    this.nodes.push(node(opType, inputs, names, { name: names[0] ?? '', attributes }));
    return names;
  }

  /** A node again, with its first outputs under new names. @returns these */
  copy(original: Node, outputs: number): string[] {
    const names = Array.from({ length: outputs }, () => this.name(original.opType));
    this.nodes.push({ ...original, name: names[0] ?? '', outputs: names });
    return names;
  }

  /** A name that nothing has yet. */
  name(hint: string): string {
    for (;;) {
      const name = `gradient/${hint}_${String((this.#serial += 1))}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }

  /** A list of integers, such as axes or a shape. */
  int64(values: readonly number[]): string {
    return this.#constant(`int64:${values.join()}`, (name) =>
      tensor(name, [values.length], BigInt64Array.from(values, BigInt)),
    );
  }

  /** One integer without dimensions. */
  int64Scalar(value: number): string {
    return this.#constant(`int64:scalar:${String(value)}`, (name) => tensor(name, [], BigInt64Array.of(BigInt(value))));
  }

  /** One real number without dimensions, of a type. */
  scalar(value: number, type: DataType): string {
    const key = `${type}:${Object.is(value, -0) ? '-0' : String(value)}`;
    if (type === 'DOUBLE') return this.#constant(key, (name) => tensor(name, [], Float64Array.of(value)));
    const single = this.#constant(`FLOAT:${key.slice(type.length + 1)}`, (name) =>
      tensor(name, [], Float32Array.of(value)),
    );
    return type === 'FLOAT' ? single : this.emit('Cast', [single], { to: BigInt(castCodes[type] ?? 1) });
  }

  /** Real numbers of one type, with dimensions. */
  reals(values: readonly number[], dims: readonly number[], type: DataType): string {
    const key = `${type}:${dims.join()}:${values.join()}`;
    if (type === 'DOUBLE') return this.#constant(key, (name) => tensor(name, dims, Float64Array.from(values)));
    const single = this.#constant(`FLOAT:${dims.join()}:${values.join()}`, (name) =>
      tensor(name, dims, Float32Array.from(values)),
    );
    return type === 'FLOAT' ? single : this.emit('Cast', [single], { to: BigInt(castCodes[type] ?? 1) });
  }

  /** What is known of a value of the model. @throws TrialsError HF_TRIALS_FACTS */
  facts(name: string): ValueFacts {
    const facts = this.#facts.get(name);
    if (facts === undefined) throw new TrialsError('HF_TRIALS_FACTS', `nothing is known of the value \`${name}\``);
    return facts;
  }

  /** The numbers of a small constant of the model; undefined: it is none. */
  numbers(name: string): readonly number[] | undefined {
    return this.#known.get(name);
  }

  knows(name: string): boolean {
    return this.#facts.has(name);
  }

  /** Dimensions of a value of the model. */
  dims(name: string): readonly (number | null)[] {
    return this.facts(name).dims;
  }

  rank(name: string): number {
    return this.facts(name).dims.length;
  }

  /** An axis as a number from 0. */
  axis(name: string, axis: number): number {
    return axis < 0 ? axis + this.rank(name) : axis;
  }

  /** The value's shape: at run time where it varies with the batch. */
  shape(name: string): string {
    const dims = this.#facts.get(name)?.dims;
    const known = dims?.filter((size) => size !== null);
    return dims !== undefined && known?.length === dims.length ? this.int64(known) : this.emit('Shape', [name]);
  }

  #constant(key: string, make: (name: string) => Tensor): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.name('constant');
    this.initializers.set(name, make(name));
    this.#constants.set(key, name);
    return name;
  }

  readonly #constants = new Map<string, string>();
}

/** Numbers of TensorProto.DataType for Cast. */
const castCodes: Readonly<Partial<Record<DataType, number>>> = { FLOAT: 1, FLOAT16: 10, DOUBLE: 11, BFLOAT16: 16 };
