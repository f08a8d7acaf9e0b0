import type { Port, TensorData } from '@holdfast/inference';
import { TrialsError } from '../errors.ts';
import type { Field, TableSpace } from './table-space.ts';

/** How rows of a table become the inputs of a model. */
export interface Feeding {
  /** Inputs of FLOAT, through which a gradient may flow. */
  readonly real: readonly string[];
  /** @param x [N·width] */
  feeds(x: Float32Array): Record<string, TensorData>;
  /** Rows that every column can take: the least of its numbers, the first of its categories. */
  sample(rows: number): Float32Array;
  /** Gradients of inputs put where their columns lie in a row: [N·width]. */
  collected(gradients: ReadonlyMap<string, Float32Array>, rows: number): Float32Array;
}

/** An input and the numbers of a row that go into it, in their order. */
interface Fed {
  readonly port: Port;
  readonly dims: readonly number[];
  readonly at: readonly number[];
  /** The field of each of them. */
  readonly fields: readonly Field[];
}

/** @throws TrialsError HF_TRIALS_MODEL where columns and inputs do not fit */
export function feedingOf(space: TableSpace, inputs: readonly Port[]): Feeding {
  const fed = inputs.map((port) => fedOf(space, port, inputs.length === 1));
  const names = new Set(inputs.map(({ name }) => name));
  for (const { column } of space.fields) {
    const to = column.input ?? (inputs.length === 1 ? inputs[0]?.name : column.name);
    if (to !== false && !names.has(to ?? '')) {
      refuse(
        `the column \`${column.name}\` goes into \`${to ?? ''}\`, the model has ${[...names].map((name) => `\`${name}\``).join(', ')}`,
      );
    }
  }
  const { width } = space;
  return {
    real: fed.filter(({ port }) => port.type === 'FLOAT').map(({ port }) => port.name),
    feeds: (x) => Object.fromEntries(fed.map((each) => [each.port.name, tensorOf(each, x, width)])),
    sample: (rows) => sampleOf(space, rows),
    collected: (gradients, rows) => {
      const all = new Float32Array(rows * width);
      for (const { port, at } of fed) {
        const own = gradients.get(port.name);
        if (own === undefined) continue;
        for (let row = 0; row < rows; row += 1) {
          for (const [index, place] of at.entries()) all[row * width + place] = own[row * at.length + index] as number;
        }
      }
      return all;
    },
  };
}

function fedOf(space: TableSpace, port: Port, isOnly: boolean): Fed {
  const fields = space.fields.filter(
    ({ column }) => column.input === port.name || (column.input === undefined && (isOnly || column.name === port.name)),
  );
  const at = fields.flatMap(({ start, width }) => Array.from({ length: width }, (_, index) => start + index));
  const dims = port.dims.slice(1).map((size) => (typeof size === 'number' && size > 0 ? size : at.length));
  if (port.dims.length === 0 || dims.reduce((product, size) => product * size, 1) !== at.length || at.length === 0) {
    refuse(`\`${port.name}\` takes [${port.dims.join(', ')}], its columns have ${at.length} numbers`);
  }
  const isText = port.type === 'STRING';
  const odd = isText ? fields.find(({ column }) => column.kind !== 'categorical') : undefined;
  if (odd !== undefined) refuse(`\`${port.name}\` takes texts, and \`${odd.column.name}\` is not categorical`);
  const each = fields.flatMap((field) => Array.from({ length: field.width }, () => field));
  return { port, dims, at, fields: each };
}

function tensorOf({ port, dims, at, fields }: Fed, x: Float32Array, width: number): TensorData {
  const rows = x.length / width;
  const { type } = port;
  const isWhole = at.length === width && at.every((place, index) => place === index);
  const numbers = isWhole ? x : gathered(x, at, width);
  return { type, dims: [rows, ...dims], data: type === 'FLOAT' ? numbers : elements(port, numbers, fields) };
}

function gathered(x: Float32Array, at: readonly number[], width: number): Float32Array {
  const count = at.length;
  const numbers = new Float32Array((x.length / width) * count);
  for (let from = 0, to = 0; from < x.length; from += width, to += count) {
    for (let index = 0; index < count; index += 1) numbers[to + index] = x[from + (at[index] as number)] as number;
  }
  return numbers;
}

/** @param fields of the numbers of one row */
function elements({ name, type }: Port, numbers: Float32Array, fields: readonly Field[]): TensorData['data'] {
  if (type === 'DOUBLE') return Float64Array.from(numbers);
  if (type === 'INT64') return BigInt64Array.from(numbers, (value) => BigInt(Math.round(value)));
  if (type === 'INT32') return Int32Array.from(numbers, Math.round);
  if (type === 'BOOL') return Uint8Array.from(numbers, (value) => (value === 0 ? 0 : 1));
  if (type !== 'STRING') return refuse(`\`${name}\` takes ${type}, which no column can be`);
  return Array.from(numbers, (value, index) => textOf(fields[index % fields.length] as Field, value));
}

function textOf({ column }: Field, code: number): string {
  if (column.kind !== 'categorical') return String(code);
  const at = column.codes.findIndex((each) => Math.fround(each) === code);
  return column.categories[at] ?? refuse(`\`${column.name}\` holds ${code}, which is no code`);
}

function sampleOf(space: TableSpace, rows: number): Float32Array {
  const row = new Float32Array(space.width);
  for (const { column, start } of space.fields) {
    if (column.kind === 'categorical') row[start] = column.codes[0] as number;
    else row[start] = column.kind === 'one-hot' ? 1 : (space.low[start] as number);
  }
  const all = new Float32Array(rows * space.width);
  for (let at = 0; at < rows; at += 1) all.set(row, at * space.width);
  return all;
}

function refuse(message: string): never {
  throw new TrialsError('HF_TRIALS_MODEL', message, {
    fix: 'list the columns in the order in which the model takes them, and say with `input` which input takes which',
  });
}
