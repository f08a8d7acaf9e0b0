import type { JsonReader } from '../json/json-reader.ts';
import { malformed, tooLarge } from '../malformed.ts';
import type { InferredTensor, PlacedValues } from './inferred-tensor.ts';
import { NamedValues } from './named-values.ts';

const place = (reader: JsonReader, where: string): string => {
  const number = reader.number();
  if (!reader.isWhole || number < 0) throw malformed('a column has a name or a number', where);
  return String(number);
};

/** A data frame as pandas writes it with `orient='split'`: names of columns, and rows of cells. */
export class SplitFrame {
  readonly #reader: JsonReader;
  readonly #values: NamedValues;
  #names: readonly string[] | undefined;
  #columns: InferredTensor[] | undefined;
  #rows = 0;

  constructor(reader: JsonReader) {
    this.#reader = reader;
    this.#values = new NamedValues(reader, { unnamed: '', takesNull: true });
  }

  read(where: string): readonly PlacedValues[] {
    const reader = this.#reader;
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
      if (key === 'columns') this.#names = this.#readNames(`${where}.columns`);
      else if (key === 'data') this.#columns = this.#readRows(`${where}.data`);
      else if (key === 'index') reader.skip();
      else throw malformed('a data frame has `columns`, `index` and `data` only', where);
    }
    const names = this.#names;
    const columns = this.#columns;
    if (names === undefined || columns === undefined || this.#rows === 0) {
      throw malformed('a data frame has `columns` and rows of `data`', where);
    }
    if (names.length !== columns.length) throw malformed('rows have as many cells as there are columns', where);
    return columns.map((column, at) => column.rows(names[at] as string));
  }

  #readNames(where: string): string[] {
    const reader = this.#reader;
    const names = new Set<string>();
    reader.openArray();
    while (reader.nextItem()) {
      if (names.size >= reader.limits.count)
        throw tooLarge(`there are at most ${reader.limits.count} columns here`, where);
      // pandas counts columns that have no name
      const name = reader.peek() === 0x22 ? reader.word() : place(reader, where);
      if (names.has(name)) throw malformed('a column comes twice', where);
      names.add(name);
    }
    return [...names];
  }

  #readRows(where: string): InferredTensor[] {
    const reader = this.#reader;
    const columns: InferredTensor[] = [];
    reader.openArray();
    while (reader.nextItem()) {
      let cell = 0;
      reader.openArray();
      for (; reader.nextItem(); cell += 1) this.#column(columns, cell, where).append(reader);
      if (cell !== columns.length) throw malformed('rows differ in length', where);
      this.#rows += 1;
    }
    return columns;
  }

  #column(columns: InferredTensor[], cell: number, where: string): InferredTensor {
    const known = columns[cell];
    if (known !== undefined) return known;
    if (this.#rows > 0) throw malformed('rows differ in length', where);
    const { count } = this.#reader.limits;
    if (cell >= count) throw tooLarge(`there are at most ${count} columns here`, where);
    const column = this.#values.tensor();
    columns.push(column);
    return column;
  }
}
