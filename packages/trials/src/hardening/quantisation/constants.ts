import { hash } from 'node:crypto';
import type { Graph, Tensor } from '@holdfast/onnx';
import { tensor } from '@holdfast/onnx';
import type { Affine } from './affine.ts';
import { usesIn } from './uses.ts';

/** New constants and new names of a graph; the same constant is written once. */
export class Constants {
  readonly added = new Map<string, Tensor>();
  readonly #known = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #serials = new Map<string, number>();

  constructor(graph: Graph) {
    this.#taken = new Set([
      ...usesIn(graph),
      ...graph.inputs.map(({ name }) => name),
      ...graph.initializers.keys(),
      ...graph.sparseInitializers.keys(),
      ...graph.nodes.flatMap(({ outputs }) => outputs),
    ]);
  }

  /** A name that nothing has yet: short, for it stands in the file several times. */
  name(hint: string): string {
    for (;;) {
      const serial = (this.#serials.get(hint) ?? 0) + 1;
      this.#serials.set(hint, serial);
      const name = `${hint}_${serial}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }

  /** Scale and zero point, as QuantizeLinear and DequantizeLinear read them. */
  affine({ type, scale, zeroPoint }: Affine): [string, string] {
    const zero = type === 'INT8' ? Int8Array.of(zeroPoint) : Uint8Array.of(zeroPoint);
    return [this.constant('scale', [], Float32Array.of(scale)), this.constant('zero', [], zero)];
  }

  /** @param own a name of its own, where the constant is new */
  constant(
    hint: string,
    dims: readonly number[],
    values: Float32Array | Int8Array | Uint8Array | Int32Array,
    own?: string,
  ): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = [values[Symbol.toStringTag], dims.join('×'), hash('sha256', bytes)].join(':');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = own ?? this.name(hint);
    this.#known.set(key, name);
    this.added.set(name, tensor(name, dims, values));
    return name;
  }
}
