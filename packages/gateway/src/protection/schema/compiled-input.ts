import type { Datatype, Elements } from '../../protocols/inference.ts';
import type { Judgement } from '../protection.ts';
import type { FeatureBounds, InputSchema, InputTensor } from './input-schema.ts';

/** One input as flat arrays. */
export interface CompiledInput {
  readonly name: string;
  readonly datatype: Datatype;
  readonly isExact: boolean;
  /** The size of each dimension; -1 for any. */
  readonly dimensions: Int32Array | undefined;
  /** The number of the symbol of each dimension; -1 for none. */
  readonly symbols: Int32Array;
  wrongValue(data: Elements): Judgement | undefined;
}

export function compileInputs({ inputs, features }: InputSchema, datatypes: 'exact' | 'alike'): CompiledInput[] {
  const names = new Map<string, number>();
  return inputs.map((input, place) => {
    const { name, datatype, shape } = input;
    const bounds = features.filter(({ input: of }) => of === place);
    const symbols = Int32Array.from(shape ?? [], (size) => {
      if (typeof size !== 'string' || size === '') return -1;
      const known = names.get(size) ?? names.size;
      names.set(size, known);
      return known;
    });
    const dimensions = shape && Int32Array.from(shape, (size) => (typeof size === 'number' ? size : -1));
    const isExact = datatypes === 'exact';
    const wrongValue = datatype === 'BYTES' ? wrongText(input, bounds) : wrongNumber(input, bounds, isExact);
    return { name, datatype, isExact, dimensions, symbols, wrongValue };
  });
}

const ranges: Readonly<Partial<Record<Datatype, readonly [number, number]>>> = {
  ...{ BOOL: [0, 1], UINT8: [0, 2 ** 8 - 1], UINT16: [0, 2 ** 16 - 1], UINT32: [0, 2 ** 32 - 1] },
  ...{ INT8: [-(2 ** 7), 2 ** 7 - 1], INT16: [-(2 ** 15), 2 ** 15 - 1], INT32: [-(2 ** 31), 2 ** 31 - 1] },
  // Numbers that stand for 64-bit ones are exact up to here.
  ...{ INT64: [-(2 ** 53) + 1, 2 ** 53 - 1], UINT64: [0, 2 ** 53 - 1] },
};

const [missingBit, wholeBit] = [1, 2];

interface Limits {
  /** One for each element of a row, or one for all. */
  readonly least: Float64Array;
  readonly greatest: Float64Array;
  readonly flags: Uint8Array;
  readonly features: readonly string[];
}

function wrongNumber(
  input: InputTensor,
  bounds: readonly FeatureBounds[],
  isExact: boolean,
): CompiledInput['wrongValue'] {
  const limits = limitsOf(input, bounds, isExact);
  const isFree = bounds.length === 0 && input.datatype !== 'BOOL';
  return (data) => {
    if (isTexts(data)) return said('datatype', `the input \`${input.name}\` holds texts`);
    // 64-bit numbers are read one by one; without bounds every one of them is good.
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      return isFree && isExact ? undefined : judgeNumbers(Float64Array.from(data, Number), limits);
    }
    return judgeNumbers(data, limits);
  };
}

function isTexts(data: Elements): data is readonly string[] {
  return Array.isArray(data);
}

/** @param bounds of the elements of a row; an element without has the limits of its datatype */
function limitsOf({ name, datatype, shape }: InputTensor, bounds: readonly FeatureBounds[], isExact: boolean): Limits {
  const width = widthOf(shape, bounds);
  const of = isExact && datatype !== 'BOOL' ? undefined : ranges[datatype];
  const least = new Float64Array(width).fill(of?.[0] ?? -Number.MAX_VALUE);
  const greatest = new Float64Array(width).fill(of?.[1] ?? Number.MAX_VALUE);
  const flags = new Uint8Array(width).fill(of === undefined ? 0 : wholeBit);
  const features = new Array<string>(width).fill(name);
  for (const each of bounds) {
    const [low, high] = [each.least ?? -Number.MAX_VALUE, each.greatest ?? Number.MAX_VALUE];
    least[each.at] = Math.max(least[each.at] ?? 0, low - finite(roundingOf(low, datatype)));
    greatest[each.at] = Math.min(greatest[each.at] ?? 0, high + finite(roundingOf(high, datatype)));
    flags[each.at] = (flags[each.at] ?? 0) | (each.isWhole ? wholeBit : 0) | (each.mayBeMissing ? missingBit : 0);
    features[each.at] = each.feature;
  }
  return { least, greatest, flags, features };
}

/** Elements of a row; those without bounds need not be told apart. */
function widthOf(shape: InputTensor['shape'], bounds: readonly FeatureBounds[]): number {
  return bounds.length === 0 ? 1 : (shape ?? []).slice(1).reduce<number>((product, size) => product * Number(size), 1);
}

/** How far a tensor of this datatype may be off a number that it holds; 0.1 is a little more in one of 32 bits. */
function roundingOf(value: number, datatype: Datatype): number {
  if (datatype === 'FP32') return Math.abs(Math.fround(value) - value);
  return datatype === 'FP16' ? Math.abs(value) * 2 ** -11 + 2 ** -25 : 0;
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Only a number that is neither NaN nor infinite can lie within its limits. */
function judgeNumbers(data: Numbers, { least, greatest, flags, features }: Limits): Judgement | undefined {
  const width = least.length;
  for (let index = 0, at = 0; index < data.length; index += 1) {
    const value = data[index] as number;
    const flag = flags[at] as number;
    if (!(value >= (least[at] as number) && value <= (greatest[at] as number))) {
      if (!Number.isNaN(value) || (flag & missingBit) === 0) return outside(value, features[at] ?? '');
    } else if ((flag & wholeBit) !== 0 && value !== Math.trunc(value)) {
      return said('whole', `\`${features[at] ?? ''}\` has a fraction, and the training data had none`);
    }
    at += 1;
    if (at === width) at = 0;
  }
  return undefined;
}

function outside(value: number, feature: string): Judgement {
  if (Number.isNaN(value)) return said('missing', `\`${feature}\` is missing, and in the training data it never was`);
  if (!Number.isFinite(value)) return said('finite', `\`${feature}\` is infinite`);
  return said('range', `\`${feature}\` is outside of what the model was trained on`);
}

function wrongText({ shape }: InputTensor, bounds: readonly FeatureBounds[]): CompiledInput['wrongValue'] {
  const width = widthOf(shape, bounds);
  const categories = new Array<ReadonlySet<string> | undefined>(width);
  const features = new Array<string | undefined>(width);
  const mayBeMissing = new Uint8Array(width).fill(1);
  for (const each of bounds) {
    features[each.at] = each.feature;
    mayBeMissing[each.at] = Number(each.mayBeMissing);
    if (each.categories !== undefined) categories[each.at] = new Set(each.categories);
  }
  return (data) => {
    if (!isTexts(data)) return said('datatype', 'the model takes texts');
    for (let index = 0, at = 0; index < data.length; index += 1) {
      const text = data[index] as string;
      if (text === '') {
        if (mayBeMissing[at] === 0) return outside(Number.NaN, features[at] ?? '');
      } else if (categories[at]?.has(text) === false) {
        return said('category', `\`${features[at] ?? ''}\` is none of the categories of the training data`);
      }
      at += 1;
      if (at === width) at = 0;
    }
    return undefined;
  };
}

function said(rule: string, message: string): Judgement {
  return { protection: 'schema', rule: `gateway.schema.${rule}`, message };
}
