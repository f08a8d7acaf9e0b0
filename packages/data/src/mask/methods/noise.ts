import { DataError } from '../../errors.ts';
import { CellFailure } from '../cells/cell-failure.ts';
import { type Decimal, decimalOf, decimalText, floorDivision, onOneScale } from '../cells/decimal.ts';
import { discreteGaussian, discreteLaplace, type Ratio } from '../noise/discrete-noise.ts';
import { type RandomSource, secretSource, seededSource } from '../noise/random-source.ts';
import { type Method, numeric } from './method.ts';

export interface NoiseParameters {
  readonly distribution: 'laplace' | 'gaussian';
  readonly scale: number | string;
  readonly grid: number | string;
  readonly least?: number | string;
  readonly greatest?: number | string;
  readonly seed?: string;
}

const number = {
  anyOf: [{ type: 'number' }, { type: 'string', pattern: '^-?[0-9]{1,30}(\\.[0-9]{1,30})?$' }],
} as const;

/** DuckDB's BIGINT. */
const most = 2n ** 63n - 1n;

/**
 * The value, rounded to a multiple of `grid`, and a random multiple of it added. The noise is discrete and drawn without
 * floating-point numbers, so that its lowest bits tell nothing (Mironov, 2012).
 */
export const noise: Method<NoiseParameters> = {
  title: 'random noise is added to numbers',
  parameters: {
    properties: {
      distribution: { enum: ['laplace', 'gaussian'], default: 'laplace' },
      scale: { ...number, description: 'b of the Laplace distribution, or the standard deviation of the normal one' },
      grid: { ...number, default: 1, description: 'what values are multiples of' },
      least: { ...number, description: 'what lies below is moved here first' },
      greatest: { ...number, description: 'what lies above is moved here first' },
      seed: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'repeats the noise; whoever has the plan can take it away',
      },
    },
    required: ['scale'],
  },
  types: numeric,
  make(parameters, { column }) {
    const added = addition(parameters, column.name);
    const { epsilon } = added;
    const isWhole = column.type === 'integer';
    const type = isWhole && added.isWhole ? 'BIGINT' : column.type === 'text' ? 'VARCHAR' : 'DOUBLE';
    return {
      ...{ beside: [], type, mayStay: true, ...(epsilon === undefined ? {} : { epsilon }) },
      transform(text) {
        const value = decimalOf(text);
        if (value === undefined) return new CellFailure('not-a-number');
        const made = added.noisy(value);
        const isOut = type === 'BIGINT' && (made.units > most || made.units < -most);
        return isOut ? new CellFailure('out-of-range') : decimalText(made);
      },
    };
  },
};

interface Addition {
  readonly isWhole: boolean;
  readonly epsilon?: number;
  noisy(value: Decimal): Decimal;
}

function addition(parameters: NoiseParameters, column: string): Addition {
  const { grid, scale, least, greatest, seed, distribution } = parameters;
  const [step, spread] = [exact(grid, column), exact(scale, column)];
  if (step.units <= 0n || spread.units <= 0n) throw refused(column, 'needs a `scale` and a `grid` above 0');
  const ends = [least, greatest].map((end) => (end === undefined ? undefined : exact(end, column)));
  const { units } = onOneScale([spread, step]);
  const ratio: Ratio = { part: units[0] ?? 1n, over: units[1] ?? 1n };
  // Numbers of the samplers grow with the ratio: beyond this it would be slow, and mean nothing.
  if (ratio.part > ratio.over * 10n ** 12n) throw refused(column, 'has a `scale` of more than 10¹² times the `grid`');
  const [low, high] = ends;
  if (low !== undefined && high !== undefined && compared(low, high) > 0n)
    throw refused(column, 'has `least` above `greatest`');
  const source: RandomSource = seed === undefined ? secretSource() : seededSource(`${column}\0${seed}`);
  const drawn = distribution === 'laplace' ? discreteLaplace : discreteGaussian;
  const isPrivate = distribution === 'laplace' && seed === undefined && low !== undefined && high !== undefined;
  return {
    isWhole: step.scale === 0,
    ...(isPrivate ? { epsilon: epsilonOf(nearest(high, step) - nearest(low, step), ratio) } : {}),
    noisy: (value) => {
      const steps = nearest(clamped(value, low, high), step) + drawn(ratio, source);
      return { units: steps * step.units, scale: step.scale };
    },
  };
}

/** Of the Laplace mechanism: steps between the ends, over those of the scale. */
function epsilonOf(steps: bigint, { part, over }: Ratio): number {
  return Number((steps * over * 10n ** 9n + part - 1n) / part) / 1e9;
}

function clamped(value: Decimal, low: Decimal | undefined, high: Decimal | undefined): Decimal {
  if (low !== undefined && compared(value, low) < 0n) return low;
  return high !== undefined && compared(value, high) > 0n ? high : value;
}

/** How many steps are nearest to a value, half a step up. */
function nearest(value: Decimal, step: Decimal): bigint {
  const { units } = onOneScale([value, step]);
  const [at = 0n, one = 1n] = units;
  return floorDivision(2n * at + one, 2n * one);
}

function compared(one: Decimal, other: Decimal): bigint {
  const { units } = onOneScale([one, other]);
  return (units[0] ?? 0n) - (units[1] ?? 0n);
}

function exact(given: number | string, column: string): Decimal {
  const value = decimalOf(String(given));
  if (value === undefined) throw refused(column, 'has a number that is not finite');
  return value;
}

const refused = (column: string, why: string): DataError =>
  new DataError('HF_DATA_MASK_PLAN', `\`noise\` of \`${column}\` ${why}`);
