import type { NamedTensor } from '../inference.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { holdsArrays, readRow } from '../json/row-elements.ts';
import { type ElementBudget, InferredElements, type InferredOptions } from './inferred-elements.ts';

/** Where a value stands. */
export interface ValuePlace {
  readonly from: number;
  readonly to: number;
}

/** A tensor that was read, and where its values stand: one for each row, or one in all. */
export interface PlacedValues {
  readonly tensor: NamedTensor;
  readonly places: readonly ValuePlace[];
  /** Dimensions of each value. */
  readonly shape: readonly number[];
  readonly isBase64: boolean;
}

/** One tensor of JSON values whose shape and datatype nobody says: values of one shape, one after the other. */
export class InferredTensor {
  readonly #elements: InferredElements;
  readonly #keepsPlaces: boolean;
  readonly #places: ValuePlace[] = [];
  readonly #shape: number[] = [];
  #rank: number | undefined;
  #count = 0;

  constructor(budget: ElementBudget, options: InferredOptions) {
    this.#keepsPlaces = options.keepsPlaces === true;
    this.#elements = new InferredElements(budget, options);
  }

  /** How many values it has. */
  get count(): number {
    return this.#count;
  }

  /** Reads one value: an element, or arrays of them of one length at each depth. */
  append(reader: JsonReader): void {
    reader.peek();
    const from = reader.at;
    this.#level(reader, 0);
    if (this.#keepsPlaces) this.#places.push({ from, to: reader.at });
    this.#count += 1;
  }

  /** The tensor of all values, one below the other. */
  rows(name: string): PlacedValues {
    return this.#placed(name, [this.#count, ...this.#shape]);
  }

  /** The tensor of the only value. */
  only(name: string): PlacedValues {
    return this.#placed(name, this.#shape);
  }

  /** The only row of a tensor, whose elements all values are. */
  row(name: string): PlacedValues {
    return this.#placed(name, [1, this.#count, ...this.#shape]);
  }

  #placed(name: string, shape: readonly number[]): PlacedValues {
    const { datatype, isBase64 } = this.#elements;
    return {
      tensor: { name, datatype, shape, data: this.#elements.finish(), isUntyped: true },
      ...{ places: this.#places, shape: this.#shape, isBase64 },
    };
  }

  #level(reader: JsonReader, depth: number): void {
    if (reader.peek() !== 0x5b) {
      this.#requireRank(reader, depth);
      this.#elements.one(reader);
      return;
    }
    let length = 0;
    if (holdsArrays(reader) === true) {
      reader.openArray();
      while (reader.nextItem()) {
        this.#level(reader, depth + 1);
        length += 1;
      }
    } else {
      this.#requireRank(reader, depth + 1);
      length = readRow(reader, this.#elements);
    }
    this.#shape[depth] ??= length;
    if (this.#shape[depth] !== length) throw ragged(reader);
  }

  #requireRank(reader: JsonReader, rank: number): void {
    this.#rank ??= rank;
    if (this.#rank !== rank) throw ragged(reader);
  }
}

const ragged = (reader: JsonReader): Error => reader.wrong('arrays of one tensor differ in length or depth');
