import type { Matrix, Random } from '@holdfast/statistics';
import type { RowEncoding } from './row-encoding.ts';

/** Ways of making up rows that somebody asks who has no real ones. */
export const makings = ['marginals', 'mixed', 'uniform', 'between', 'stepped'] as const;
export type Making = (typeof makings)[number];

/** Makes rows up from real ones: what a network learns to tell from them, and what bets are made for. */
export function rowMaker(
  { rows, columns, values }: Matrix,
  encoding: RowEncoding,
  random: Random,
): (making: Making) => Float64Array {
  const anyRow = (): Float64Array => {
    const row = random.integer(rows);
    return values.slice(row * columns, (row + 1) * columns);
  };
  const anyValue = (at: number): number => values[random.integer(rows) * columns + at] as number;
  const makers: Readonly<Record<Making, () => Float64Array>> = {
    // Each feature of another row.
    marginals: () => Float64Array.from({ length: columns }, (_, at) => anyValue(at)),
    // A row with a third of its features of others.
    mixed: () => anyRow().map((value, at) => (random.uniform() < 1 / 3 ? anyValue(at) : value)),
    // Anything between the least and the greatest.
    uniform: () => Float64Array.from({ length: columns }, (_, at) => within(encoding, at, random.uniform(), random)),
    // Somewhere on the way from one to another.
    between: () => {
      const [from, to, part] = [anyRow(), anyRow(), random.uniform()];
      return from.map((value, at) => onTheWay(encoding, at, { from: value, to: to[at] as number, part, random }));
    },
    // A row with each number moved by a tenth of its range, up or down.
    stepped: () => anyRow().map((value, at) => stepped(encoding, at, value, random)),
  };
  return (making) => makers[making]();
}

function within(encoding: RowEncoding, at: number, part: number, random: Random): number {
  const levels = encoding.levels[at] ?? [];
  if (levels.length > 0) return levels[random.integer(levels.length)] as number;
  const [least, greatest] = [encoding.least[at] as number, encoding.greatest[at] as number];
  return whole(encoding, at, least + part * (greatest - least));
}

interface Way {
  readonly from: number;
  readonly to: number;
  readonly part: number;
  readonly random: Random;
}

function onTheWay(encoding: RowEncoding, at: number, { from, to, part, random }: Way): number {
  if ((encoding.levels[at]?.length ?? 0) > 0) return random.uniform() < part ? to : from;
  return whole(encoding, at, from + part * (to - from));
}

function stepped(encoding: RowEncoding, at: number, value: number, random: Random): number {
  const [least, greatest] = [encoding.least[at] as number, encoding.greatest[at] as number];
  const step = 0.1 * (greatest - least) * (random.uniform() < 0.5 ? 1 : -1);
  const levels = encoding.levels[at] ?? [];
  if (levels.length > 0 && random.uniform() < 0.8) return value;
  if (levels.length > 0) return levels[random.integer(levels.length)] as number;
  return whole(encoding, at, Math.min(greatest, Math.max(least, value + step)));
}

const whole = ({ isWhole }: RowEncoding, at: number, value: number): number =>
  isWhole[at] === 1 ? Math.round(value) : value;
