import { GatewayError } from '../errors.ts';
import type { Datatype, Elements } from './inference.ts';

/** Elements to be written as JSON. */
export interface DataText {
  readonly datatype: Datatype;
  readonly data: Elements;
  /** How they are nested; one dimension for flat data, none for one element that stands alone. */
  readonly shape: readonly number[];
  /** The first of them. */
  readonly from: number;
  /** Whether `NaN` and `Infinity` may be written. */
  readonly takesNonFinite?: boolean;
}

/** The JSON of a tensor's elements, the shortest that reads as the same values. */
export function dataText(text: DataText): string {
  return level(text, 0, text.from, sizes(text.shape));
}

/** Of each dimension how many elements one item of it has. */
function sizes(shape: readonly number[]): number[] {
  const items = shape.map(() => 1);
  for (let at = shape.length - 2; at >= 0; at -= 1) items[at] = (items[at + 1] as number) * (shape[at + 1] as number);
  return items;
}

function level(text: DataText, at: number, from: number, items: readonly number[]): string {
  const length = text.shape[at];
  if (length === undefined) return element(text, from);
  const step = items[at] as number;
  let written = '[';
  for (let index = 0; index < length; index += 1) {
    if (index > 0) written += ',';
    written += level(text, at + 1, from + index * step, items);
  }
  return `${written}]`;
}

function element({ datatype, data, takesNonFinite = false }: DataText, at: number): string {
  const value = data[at];
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === undefined) throw new GatewayError('HF_GATEWAY_INTERNAL', 'an output became shorter');
  if (typeof value === 'bigint') return value.toString();
  if (datatype === 'BOOL') return value === 0 ? 'false' : 'true';
  if (Number.isFinite(value)) return datatype === 'FP32' ? shortFloat(value) : numberText(value);
  if (takesNonFinite) return String(value);
  throw new GatewayError('HF_GATEWAY_INTERNAL', 'an output became a number that JSON does not have');
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** Nine digits tell every 32-bit float from the others. */
function shortFloat(value: number): string {
  const rounded = Math.round(value * 1e6) / 1e6;
  if (Math.fround(rounded) === value) return numberText(rounded === 0 ? value : rounded);
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
