import type { Datatype, Elements, NamedTensor } from '../inference.ts';
import type { JsonReader } from '../json/json-reader.ts';
import { readShapedTensor } from '../json/shaped-tensor.ts';
import { malformed, tooLarge } from '../malformed.ts';
import { type BinaryPlace, readBinary } from './binary-elements.ts';
import { datatypeOf } from './datatypes.ts';
import type { SplitBody } from './split-body.ts';

/** Where the elements of a tensor stand in a body. */
export type DataPlace =
  | { readonly kind: 'json'; readonly from: number; readonly to: number; readonly isFlat: boolean }
  | ({ readonly kind: 'binary'; readonly sizeFrom: number; readonly sizeTo: number } & BinaryPlace);

export interface PlacedTensor {
  readonly tensor: NamedTensor;
  readonly place: DataPlace;
}

/** `binary_data_size`, and where it stands. */
interface BinarySize {
  readonly bytes: number;
  readonly sizeFrom: number;
  readonly sizeTo: number;
}

/** More dimensions than NumPy has (64) no model takes. */
const mostDimensions = 64;
const noShape: readonly number[] = [];

/** Reads the tensors of one list, `inputs` or `outputs`. */
export class TensorObjects {
  readonly #reader: JsonReader;
  readonly #body: SplitBody;
  readonly #list: 'inputs' | 'outputs';
  /** Elements that may still come. */
  #left: number;
  /** Where the next binary data begins. */
  #binaryAt: number;
  #where = '';
  #name: string | undefined;
  #datatype: Datatype | undefined;
  #shape: readonly number[] = noShape;
  #size = -1;
  #dataAt = -1;
  #data: Elements | undefined;
  #place: DataPlace | undefined;
  #binary: BinarySize | undefined;

  constructor(reader: JsonReader, body: SplitBody, list: 'inputs' | 'outputs') {
    this.#reader = reader;
    this.#body = body;
    this.#list = list;
    this.#left = reader.limits.elements;
    this.#binaryAt = body.json.length;
  }

  read(): PlacedTensor[] {
    const { limits } = this.#reader;
    const tensors: PlacedTensor[] = [];
    this.#reader.openArray();
    while (this.#reader.nextItem()) {
      this.#where = `${this.#list}[${tensors.length}]`;
      if (tensors.length >= limits.count) throw tooLarge(`there are at most ${limits.count} tensors here`, this.#list);
      const placed = this.#one();
      for (const { tensor } of tensors) {
        if (tensor.name === placed.tensor.name) throw malformed('two tensors have one name', `${this.#where}.name`);
      }
      tensors.push(placed);
    }
    return tensors;
  }

  /** Behind the last tensor: all binary data was for one. */
  end(): void {
    if (this.#body.isSplit && this.#binaryAt !== this.#body.whole.length) {
      throw malformed('there is more binary data than the tensors take', 'body');
    }
  }

  #one(): PlacedTensor {
    this.#forget();
    const reader = this.#reader;
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) this.#member(key);
    const name = this.#name;
    const datatype = this.#datatype;
    if (name === undefined || datatype === undefined || this.#size < 0) {
      throw malformed('a tensor has `name`, `shape` and `datatype`', this.#where);
    }
    if (this.#dataAt >= 0 && this.#binary !== undefined) {
      throw malformed('a tensor has either `data` or binary data', this.#where);
    }
    if (this.#binary !== undefined) this.#readBinary(datatype, this.#binary);
    else if (this.#dataAt < 0) throw malformed('a tensor has `data` or binary data', this.#where);
    else if (this.#data === undefined) this.#readLate(datatype);
    const data = this.#data as Elements;
    return { tensor: { name, datatype, shape: this.#shape, data }, place: this.#place as DataPlace };
  }

  #forget(): void {
    this.#name = undefined;
    this.#datatype = undefined;
    this.#data = undefined;
    this.#place = undefined;
    this.#binary = undefined;
    this.#size = -1;
    this.#dataAt = -1;
  }

  #member(key: string): void {
    const reader = this.#reader;
    if (key === 'name') this.#name = reader.word();
    else if (key === 'datatype') {
      this.#datatype = datatypeOf(reader.word());
      if (this.#datatype === undefined) throw malformed('there is no such datatype here', `${this.#where}.datatype`);
    } else if (key === 'shape') this.#readShape();
    else if (key === 'parameters') this.#readParameters();
    else if (key === 'data') {
      reader.peek();
      this.#dataAt = reader.at;
      if (this.#datatype !== undefined && this.#size >= 0) this.#readData(this.#datatype);
      else reader.skip();
    } else if (this.#list === 'outputs') reader.skip();
    else throw malformed('a tensor has `name`, `shape`, `datatype`, `parameters` and `data` only', this.#where);
  }

  #readShape(): void {
    const reader = this.#reader;
    const where = `${this.#where}.shape`;
    const shape: number[] = [];
    let size = 1;
    reader.openArray();
    while (reader.nextItem()) {
      const dimension = reader.number();
      if (!reader.isWhole || dimension < 0) throw malformed('a dimension is a whole number, 0 or more', where);
      if (shape.length >= mostDimensions) throw tooLarge(`a shape has at most ${mostDimensions} dimensions`, where);
      if (dimension > this.#left) throw this.#tooMany(where);
      shape.push(dimension);
      size *= dimension;
    }
    if (size > this.#left) throw this.#tooMany(where);
    this.#left -= size;
    this.#shape = shape;
    this.#size = size;
  }

  #readParameters(): void {
    const reader = this.#reader;
    if (this.#list === 'outputs' && reader.peek() !== 0x7b) {
      reader.skip();
      return;
    }
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
      refuseSharedMemory(key, this.#where);
      if (key === 'binary_data_size') this.#readBinarySize();
      else reader.skip();
    }
  }

  #readBinarySize(): void {
    const reader = this.#reader;
    const bytes = reader.number();
    const where = `${this.#where}.parameters.binary_data_size`;
    if (!reader.isWhole || bytes < 0) throw malformed('a size is a whole number, 0 or more', where);
    if (!this.#body.isSplit) {
      throw malformed('binary data takes the header `inference-header-content-length`', where);
    }
    this.#binary = { bytes, sizeFrom: reader.numberAt, sizeTo: reader.at };
  }

  #readBinary(datatype: Datatype, { bytes, sizeFrom, sizeTo }: BinarySize): void {
    const where = this.#where;
    const from = this.#binaryAt;
    if (bytes > this.#body.whole.length - from) {
      throw malformed('the body ends before its binary data', `${where}.parameters.binary_data_size`);
    }
    this.#data = readBinary(this.#body.whole, { from, bytes }, { datatype, size: this.#size, where });
    this.#binaryAt = from + bytes;
    this.#place = { kind: 'binary', from, bytes, sizeFrom, sizeTo };
  }

  #readData(datatype: Datatype): void {
    const { data, isFlat } = readShapedTensor(this.#reader, { datatype, shape: this.#shape, size: this.#size });
    this.#data = data;
    this.#place = { kind: 'json', from: this.#dataAt, to: this.#reader.at, isFlat };
  }

  /** Data that came before its datatype or shape: read when both are known. */
  #readLate(datatype: Datatype): void {
    const behind = this.#reader.at;
    this.#reader.at = this.#dataAt;
    this.#readData(datatype);
    this.#reader.at = behind;
  }

  #tooMany(where: string): Error {
    return tooLarge(`all tensors together have at most ${this.#reader.limits.elements} elements here`, where);
  }
}

/** What lies in the memory of the model server cannot be looked at. */
export function refuseSharedMemory(key: string, where: string): void {
  if (key.startsWith('shared_memory_')) {
    throw malformed('tensors in shared memory are not taken here', `${where}.parameters`);
  }
}
