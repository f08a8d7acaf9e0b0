import type { JsonReader } from '../json/json-reader.ts';
import { malformed } from '../malformed.ts';
import type { ElementBudget, InferredOptions } from './inferred-elements.ts';
import { InferredTensor, type PlacedValues } from './inferred-tensor.ts';

export interface ValuesOptions extends InferredOptions {
  /** What a tensor is called that has no name. */
  readonly unnamed: string;
}

/** Reads the tensors of one body. */
export class NamedValues {
  readonly #reader: JsonReader;
  readonly #options: ValuesOptions;
  readonly #budget: ElementBudget;

  constructor(reader: JsonReader, options: ValuesOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#budget = { left: reader.limits.elements };
  }

  /** A list of rows: values of one tensor, or objects that have a value for each of several. */
  rows(where: string): readonly PlacedValues[] {
    const reader = this.#reader;
    const columns = new Map<string, InferredTensor>();
    const values = this.tensor();
    let rows = 0;
    reader.openArray();
    while (reader.nextItem()) {
      if (this.isNamed()) this.#row(columns, rows === 0, where);
      else values.append(reader);
      rows += 1;
    }
    if (rows === 0) throw malformed('there is no row', where);
    const isNamed = columns.size > 0;
    for (const column of isNamed ? columns.values() : [values]) {
      if (column.count !== rows) throw malformed('rows differ in what they have', where);
    }
    if (!isNamed) return [values.rows(this.#options.unnamed)];
    return Array.from(columns, ([name, column]) => column.rows(name));
  }

  /** One value, or an object that has a value for each of several tensors. */
  columns(where: string): readonly PlacedValues[] {
    const reader = this.#reader;
    if (!this.isNamed()) {
      const value = this.tensor();
      value.append(reader);
      return [value.only(this.#options.unnamed)];
    }
    const columns: PlacedValues[] = [];
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
      const column = this.tensor();
      column.append(reader);
      columns.push(column.only(key));
    }
    if (columns.length === 0) throw malformed('there is no tensor', where);
    return columns;
  }

  /** Nothing so far. */
  tensor(): InferredTensor {
    return new InferredTensor(this.#budget, this.#options);
  }

  /** Whether an object of named values comes, rather than a value. */
  isNamed(): boolean {
    const reader = this.#reader;
    if (reader.peek() !== 0x7b) return false;
    if (this.#options.takesBase64 !== true) return true;
    const before = reader.at;
    reader.at += 1;
    reader.peek();
    const isBase64 = reader.bytes.toString('latin1', reader.at, reader.at + 5) === '"b64"';
    reader.at = before;
    return !isBase64;
  }

  #row(columns: Map<string, InferredTensor>, isFirst: boolean, where: string): void {
    const reader = this.#reader;
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
      let column = columns.get(key);
      if (column === undefined) {
        if (!isFirst) throw malformed('rows differ in what they have', where);
        column = this.tensor();
        columns.set(key, column);
      }
      column.append(reader);
    }
  }
}
