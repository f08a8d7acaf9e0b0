import type { Matrix } from '@holdfast/statistics';

/** How a row of features becomes what the network sees. Plain JSON. */
export interface RowEncoding {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly least: readonly number[];
  readonly greatest: readonly number[];
  /** 1 where all values are whole. */
  readonly isWhole: readonly number[];
  /** The values of features that have few, ascending; empty where they are many. */
  readonly levels: readonly (readonly number[])[];
}

const mostLevels = 48;

/** @param rows without NaN or with; NaN is taken for the mean */
export function rowEncoding({ rows, columns, values }: Matrix): RowEncoding {
  const of = Array.from({ length: columns }, (_, at) => {
    const column = Array.from({ length: rows }, (_each, row) => values[row * columns + at] as number);
    const present = column.filter((value) => Number.isFinite(value));
    const mean = present.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length);
    const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, present.length);
    const levels = [...new Set(present.map(Math.fround))].sort((a, b) => a - b);
    return {
      ...{ mean, deviation: variance > 0 ? Math.sqrt(variance) : 1, isWhole: Number(present.every(Number.isInteger)) },
      ...{ least: levels[0] ?? 0, greatest: levels.at(-1) ?? 0 },
      levels: levels.length <= mostLevels && levels.length * 4 <= rows ? levels : [],
    };
  });
  return {
    mean: of.map(({ mean }) => mean),
    deviation: of.map(({ deviation }) => deviation),
    least: of.map(({ least }) => least),
    greatest: of.map(({ greatest }) => greatest),
    isWhole: of.map(({ isWhole }) => isWhole),
    levels: of.map(({ levels }) => levels),
  };
}

export interface RowEncoder {
  /** Inputs of the network: a scaled number for each feature, then one place for each level and one for any other value. */
  readonly width: number;
  /**
   * Scaled numbers, and for each feature with levels the place of its own: an encoded row is these numbers, and 1 at these places.
   * They are written over by the next row.
   */
  readonly encode: (row: Float64Array) => { readonly scaled: Float64Array; readonly places: Int32Array };
}

/** No number counts as further out than so many standard deviations. */
const furthest = 6;

export function rowEncoder({ mean, deviation, levels }: RowEncoding): RowEncoder {
  const scaled = new Float64Array(mean.length);
  const tables = levels.map((each) => Float32Array.from(each));
  const starts: number[] = [];
  let width = mean.length;
  for (const each of tables) {
    starts.push(width);
    if (each.length > 0) width += each.length + 1;
  }
  const levelled = Int32Array.from([...tables.keys()].filter((at) => (tables[at] as Float32Array).length > 0));
  const places = new Int32Array(levelled.length);
  const [means, factors, result] = [
    Float64Array.from(mean),
    Float64Array.from(deviation, (d) => 1 / d),
    { scaled, places },
  ];
  return {
    width,
    encode(row) {
      for (let at = 0; at < means.length; at += 1) {
        const value = row[at] as number;
        const z = Number.isNaN(value) ? 0 : (value - (means[at] as number)) * (factors[at] as number);
        scaled[at] = z > furthest ? furthest : z < -furthest ? -furthest : z;
      }
      for (let index = 0; index < levelled.length; index += 1) {
        const at = levelled[index] as number;
        places[index] = (starts[at] as number) + placeIn(tables[at] as Float32Array, Math.fround(row[at] as number));
      }
      return result;
    },
  };
}

/** The level's place, or the one behind the last. */
function placeIn(levels: Float32Array, value: number): number {
  let [low, high] = [0, levels.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((levels[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return levels[low] === value ? low : levels.length;
}
