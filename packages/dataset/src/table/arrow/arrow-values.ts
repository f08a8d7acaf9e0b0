import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type * as Arrow from 'apache-arrow';
import type { loadDuckDb } from '../../engine/load-duckdb.ts';

type DuckDb = Awaited<ReturnType<typeof loadDuckDb>>;
type Data = Arrow.Data;

/** How the values of an Arrow type are handed to DuckDB. */
export interface ArrowValues {
  readonly type: DuckDBType;
  readonly isNested?: boolean;
  /** What is lost, where something is. */
  readonly loses?: string;
  /** Of a place that has a value. */
  readonly at: (data: Data, index: number) => DuckDBValue;
}

/** The widest decimal of DuckDB. */
const widest = 38;
const day = 86_400_000n;
const perSecond: readonly bigint[] = [1_000_000n, 1000n, 1n];

/** @returns undefined for a type that is read as text */
export function arrowValues(type: Arrow.DataType, arrow: typeof Arrow, duck: DuckDb): ArrowValues {
  const { DataType } = arrow;
  if (DataType.isBool(type)) return { type: duck.BOOLEAN, at: got(arrow) };
  if (DataType.isInt(type)) return whole(type, duck);
  if (DataType.isFloat(type)) {
    return { type: type.precision === arrow.Precision.DOUBLE ? duck.DOUBLE : duck.FLOAT, at: got(arrow) };
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return { type: duck.VARCHAR, at: got(arrow) };
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) {
    return { type: duck.BLOB, at: (data, index) => new duck.DuckDBBlobValue(got(arrow)(data, index) as never) };
  }
  if (DataType.isDate(type)) return date(type, arrow, duck);
  if (DataType.isTime(type)) return time(type, duck);
  if (DataType.isTimestamp(type)) return timestamp(type, duck);
  if (DataType.isDecimal(type)) return decimal(type, duck);
  if (DataType.isDictionary(type)) return dictionary(type, arrow, duck);
  if (DataType.isNull(type)) return { type: duck.VARCHAR, at: () => null };
  const isPlain = DataType.isDuration(type) || DataType.isInterval(type);
  return { type: duck.VARCHAR, isNested: !isPlain, at: (data, index) => written(got(arrow)(data, index)) };
}

const vectors = new WeakMap<Data, Arrow.Vector>();

const got =
  ({ makeVector }: typeof Arrow) =>
  (data: Data, index: number): DuckDBValue => {
    const vector = vectors.get(data) ?? (makeVector(data) as Arrow.Vector);
    vectors.set(data, vector);
    return vector.get(index) as DuckDBValue;
  };

const raw = (data: Data, index: number): bigint => BigInt((data.values as ArrayLike<number | bigint>)[index] ?? 0);

function whole(type: Arrow.Int, { BIGINT, UBIGINT }: DuckDb): ArrowValues {
  return { type: type.bitWidth === 64 && !type.isSigned ? UBIGINT : BIGINT, at: raw };
}

function date(type: Arrow.Date_, { DateUnit }: typeof Arrow, { DATE, DuckDBDateValue }: DuckDb): ArrowValues {
  const isDays = type.unit === DateUnit.DAY;
  const days = (value: bigint): bigint => (isDays ? value : (value - (((value % day) + day) % day)) / day);
  return { type: DATE, at: (data, index) => new DuckDBDateValue(Number(days(raw(data, index)))) };
}

function time(type: Arrow.Time, { TIME, DuckDBTimeValue }: DuckDb): ArrowValues {
  const factor = perSecond[type.unit];
  return {
    type: TIME,
    at: (data, index) =>
      new DuckDBTimeValue(factor === undefined ? raw(data, index) / 1000n : raw(data, index) * factor),
    ...(factor === undefined ? { loses: 'nanoseconds' } : {}),
  };
}

function timestamp(type: Arrow.Timestamp, duck: DuckDb): ArrowValues {
  const factor = perSecond[type.unit];
  const micros = (data: Data, index: number): bigint =>
    factor === undefined ? raw(data, index) / 1000n : raw(data, index) * factor;
  if (type.timezone !== null && type.timezone !== undefined && type.timezone !== '') {
    const loses = factor === undefined ? { loses: 'nanoseconds' } : {};
    return {
      type: duck.TIMESTAMPTZ,
      at: (data, index) => new duck.DuckDBTimestampTZValue(micros(data, index)),
      ...loses,
    };
  }
  if (factor !== undefined)
    return { type: duck.TIMESTAMP, at: (data, index) => new duck.DuckDBTimestampValue(micros(data, index)) };
  return { type: duck.TIMESTAMP_NS, at: (data, index) => new duck.DuckDBTimestampNanosecondsValue(raw(data, index)) };
}

function decimal({ precision, scale, bitWidth }: Arrow.Decimal, duck: DuckDb): ArrowValues {
  const words = bitWidth / 32;
  const value = (data: Data, index: number): bigint => {
    let found = 0n;
    for (let word = words - 1; word >= 0; word -= 1) {
      found = (found << 32n) | BigInt((data.values as Uint32Array)[index * words + word] ?? 0);
    }
    return BigInt.asIntN(bitWidth, found);
  };
  if (precision <= widest && scale >= 0 && scale <= precision) {
    const type = duck.DECIMAL(precision, scale);
    return { type, at: (data, index) => new duck.DuckDBDecimalValue(value(data, index), precision, scale) };
  }
  return {
    type: duck.VARCHAR,
    at: (data, index) => decimalText(value(data, index), scale),
    loses: 'that it is a number',
  };
}

function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function dictionary(type: Arrow.Dictionary, arrow: typeof Arrow, duck: DuckDb): ArrowValues {
  const inner = arrowValues(type.dictionary as Arrow.DataType, arrow, duck);
  const at = (data: Data, index: number): DuckDBValue => {
    let place = Number(raw(data, index));
    for (const part of (data.dictionary?.data ?? []) as readonly Data[]) {
      if (place >= 0 && place < part.length) return part.getValid(place) ? inner.at(part, place) : null;
      place -= part.length;
    }
    throw new RangeError('a value is outside of its dictionary');
  };
  return { ...inner, at };
}

function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const plain = (_: string, each: unknown): unknown => {
    if (typeof each !== 'bigint') return each;
    return Number.isSafeInteger(Number(each)) ? Number(each) : String(each);
  };
  return JSON.stringify(value, plain);
}
