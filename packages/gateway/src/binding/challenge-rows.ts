import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { InputTensor } from '../protection/schema/input-schema.ts';
import type { Elements, NamedTensor } from '../protocols/inference.ts';

/** Rows of a data set as numbers, and what the numbers of texts stand for. */
export interface ChallengeData {
  readonly rows: number;
  /** Row-major: a number for each column, or for each element of an array. */
  readonly values: Float32Array;
  /** Names, where the columns have any; the texts of those that are texts, by their numbers. */
  readonly columns?: readonly { readonly name: string; readonly categories?: readonly string[] }[];
}

/** Makes rows that nobody has seen before, one after the other. */
export interface ChallengeRows {
  /** The inputs of one row. */
  next(): readonly NamedTensor[];
}

interface Placed {
  readonly input: InputTensor;
  readonly shape: readonly number[];
  /** Where its elements stand in a row of the data. */
  readonly at: readonly number[];
}

/**
 * Each number of a row comes from one of two rows of the data, drawn anew by a cryptographic generator; one that has fractions somewhere
 * lies anywhere between the two. So rows look like the data, and cannot be known before.
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where the data are not what the model takes
 */
export function challengeRows(inputs: readonly InputTensor[], data: ChallengeData): ChallengeRows {
  const width = data.rows === 0 ? 0 : data.values.length / data.rows;
  if (data.rows < 2 || !Number.isInteger(width)) throw wrong('the data of a challenge have fewer than two rows');
  const placed = placesOf(inputs, data, width);
  const isWhole = wholeColumns(data, width);
  return {
    next: () => {
      const row = mixedRow(data, width, isWhole);
      return placed.map((place) => tensorOf(place, row, data));
    },
  };
}

function placesOf(inputs: readonly InputTensor[], data: ChallengeData, width: number): Placed[] {
  const names = data.columns?.map(({ name }) => name) ?? [];
  const placed = inputs.map((input) => {
    const shape = rowShape(input);
    const size = shape.reduce((product, each) => product * each, 1);
    if (inputs.length === 1) return { input, shape, at: Array.from({ length: size }, (_, at) => at) };
    const column = names.indexOf(input.name);
    if (column === -1 || size !== 1) throw wrong(`no column of the data is the input \`${input.name}\``);
    return { input, shape, at: [column] };
  });
  const taken = placed[0]?.at.length ?? 0;
  if (inputs.length === 1 && taken !== width) {
    throw wrong(
      `a row of the data has ${width} numbers, the model takes ${taken}: \`protections.leave\` leaves columns out`,
    );
  }
  return placed;
}

/** Of one row: the first dimension counts rows, and every other has to be fixed. */
function rowShape({ name, shape, datatype }: InputTensor): readonly number[] {
  const [rows, ...rest] = shape ?? [];
  const isFixed = rest.every((size) => typeof size === 'number' && size > 0);
  const takesOne = shape !== undefined && shape.length > 0 && (typeof rows !== 'number' || rows === 1);
  if (!isFixed || !takesOne) throw wrong(`of the input \`${name}\` it is not known what one row is`);
  if (datatype === 'FP16') throw wrong(`no challenge can be made of the FP16 of the input \`${name}\``);
  return [1, ...(rest as number[])];
}

function wholeColumns({ values }: ChallengeData, width: number): readonly boolean[] {
  const isWhole = new Array<boolean>(width).fill(true);
  for (const [index, value] of values.entries()) {
    if (!Number.isInteger(value)) isWhole[index % width] = false;
  }
  return isWhole;
}

function mixedRow({ rows, values }: ChallengeData, width: number, isWhole: readonly boolean[]): Float32Array {
  const drawn = new DataView(randomBytes(8 + width * 4).buffer.slice(0));
  const [one, other] = twoOf(rows);
  const row = new Float32Array(width);
  for (let at = 0; at < width; at += 1) {
    const share = drawn.getUint32(at * 4) / 2 ** 32;
    const from = values[one * width + at] as number;
    const to = values[other * width + at] as number;
    row[at] = isWhole[at] === true ? (share < 0.5 ? from : to) : from + share * (to - from);
  }
  return row;
}

/** Any two, uniformly up to 2⁻³². */
function twoOf(rows: number): [number, number] {
  const drawn = randomBytes(12);
  const at = (start: number, among: number): number => Math.floor((drawn.readUIntBE(start, 6) / 2 ** 48) * among);
  const one = at(0, rows);
  return [one, (one + 1 + at(6, rows - 1)) % rows];
}

function tensorOf({ input, shape, at }: Placed, row: Float32Array, data: ChallengeData): NamedTensor {
  const { name, datatype } = input;
  const numbers = Float64Array.from(at, (place) => row[place] as number);
  if (datatype !== 'BYTES') return { name, datatype, shape, data: elementsOf(datatype, numbers) };
  const texts = at.map((place, index) => data.columns?.[place]?.categories?.[numbers[index] as number]);
  if (texts.includes(undefined)) throw wrong(`the input \`${name}\` takes texts, and its column holds numbers`);
  return { name, datatype, shape, data: texts as string[] };
}

function elementsOf(datatype: InputTensor['datatype'], numbers: Float64Array): Elements {
  const whole = (most: bigint): bigint[] =>
    Array.from(numbers, (value) => {
      const rounded = BigInt(Math.round(Number.isFinite(value) ? value : 0));
      return rounded < -most ? -most : rounded > most ? most : rounded;
    });
  switch (datatype) {
    case 'FP32':
      return Float32Array.from(numbers);
    case 'FP64':
      return numbers;
    case 'BOOL':
      return Uint8Array.from(numbers, (value) => (value === 0 ? 0 : 1));
    case 'UINT8':
      return Uint8Array.from(numbers, Math.round);
    case 'INT64':
      return BigInt64Array.from(whole(2n ** 53n));
    case 'UINT64':
      return BigUint64Array.from(whole(2n ** 53n), (value) => (value < 0n ? 0n : value));
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'UINT16':
    case 'UINT32':
      return Int32Array.from(numbers, Math.round);
    case 'FP16':
    case 'BYTES':
      throw wrong(`no challenge can be made of ${datatype}`);
  }
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
