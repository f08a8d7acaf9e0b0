import { type Random, randomOf } from '@holdfast/statistics';
import { pickOf, type Split, type Table } from './tables.ts';

export interface SessionContext {
  readonly table: Table;
  readonly split: Split;
  readonly encode: (row: Float64Array) => Float64Array;
  /** The class that the model answers. */
  readonly classOf: (row: Float64Array) => number;
  readonly seed: string;
}

export const sessionLength = 200;

type Session = (context: SessionContext, random: Random) => Iterable<Float64Array>;

const times = (next: () => Float64Array): Float64Array[] => Array.from({ length: sessionLength }, next);

const independent: Session = ({ split }, random) => times(() => pickOf(random, split.fresh));

/** Only rows that get the same answer. */
const oneClass: Session = ({ split, classOf }, random) => {
  const wanted = classOf(pickOf(random, split.fresh));
  const rows = split.fresh.filter((row) => classOf(row) === wanted);
  return times(() => pickOf(random, rows));
};

/** The twentieth part that is nearest to some row, numbers with fractions a little off. */
const clustered: Session = ({ table, split, encode }, random) => {
  const centre = encode(pickOf(random, split.fresh));
  const distance = (row: Float64Array): number =>
    encode(row).reduce((sum, each, at) => sum + (each - centre[at]!) ** 2, 0);
  const near = split.fresh.map((row) => ({ row, distance: distance(row) })).sort((a, b) => a.distance - b.distance);
  const rows = near.slice(0, Math.max(8, Math.ceil(near.length / 20))).map(({ row }) => row);
  return times(() =>
    pickOf(random, rows).map((value, at) => {
      const { isNumber, isWhole, deviation } = table.columns[at]!;
      return isNumber && !isWhole ? value + 0.02 * deviation * random.normal() : value;
    }),
  );
};

/** Each row up to ten times, as it was or with one field of another row. */
const retries: Session = ({ split }, random) => {
  let [row, left] = [split.fresh[0]!, 0];
  return times(() => {
    if (left === 0) [row, left] = [pickOf(random, split.fresh), 1 + random.integer(10)];
    left -= 1;
    if (random.uniform() < 0.8) return row;
    const changed = Float64Array.from(row);
    const at = random.integer(row.length);
    changed[at] = pickOf(random, split.fresh)[at]!;
    return changed;
  });
};

/** Along some feature, rows of low values give way to rows of high ones; numbers with fractions grow by a tenth. */
const drifting: Session = ({ table, split }, random) => {
  const feature = random.integer(table.columns.length);
  const sorted = [...split.fresh].sort((a, b) => a[feature]! - b[feature]!);
  const window = Math.max(8, Math.ceil(sorted.length / 3));
  let at = 0;
  return times(() => {
    const part = at / (sessionLength - 1);
    at += 1;
    const row = sorted[Math.floor(part * (sorted.length - window)) + random.integer(window)]!;
    return row.map((value, each) => {
      const { isNumber, isWhole } = table.columns[each]!;
      return isNumber && !isWhole ? value * (1 + 0.1 * part) : value;
    });
  });
};

export const sessions = { independent, 'one class': oneClass, clustered, retries, 'slow drift': drifting } as const;
export type SessionName = keyof typeof sessions;

export function sessionOf(name: SessionName, context: SessionContext): Iterable<Float64Array> {
  return sessions[name](context, randomOf(context.seed));
}
