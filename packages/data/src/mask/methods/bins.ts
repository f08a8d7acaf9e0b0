import { DataError } from '../../errors.ts';
import { CellFailure } from '../cells/cell-failure.ts';
import { type Decimal, decimalOf, decimalText, floorDivision, onOneScale } from '../cells/decimal.ts';
import { type Method, numeric } from './method.ts';

type Written = number | string;

interface BinParameters {
  readonly width?: Written;
  readonly from: Written;
  readonly below?: Written;
  readonly above?: Written;
  readonly edges?: readonly Written[];
}

const number = {
  anyOf: [{ type: 'number' }, { type: 'string', pattern: '^-?[0-9]{1,30}(\\.[0-9]{1,30})?$' }],
} as const;

/** Gives the bin of a number: `[20, 30[`, which holds 20 and not 30, `< 20`, or `>= 90`. */
type Binning = (value: Decimal) => string;

/** Numbers become the bin that they are in, computed exactly in decimals. */
export const bins: Method<BinParameters> = {
  title: 'numbers become the bin that they are in',
  parameters: {
    properties: {
      width: { ...number, description: 'of bins that are equally wide' },
      from: { ...number, default: 0, description: 'where one of them begins' },
      below: { ...number, description: 'all below is one bin' },
      above: { ...number, description: 'all from there on is one bin (90 for ages, by 45 CFR 164.514(b)(2)(i)(C))' },
      edges: {
        type: 'array',
        items: number,
        minItems: 1,
        maxItems: 1000,
        description: 'of bins of any widths, ascending',
      },
    },
  },
  types: numeric,
  make(parameters, { column }) {
    const binning = binningOf(parameters, column.name);
    return {
      ...{ beside: [], type: 'VARCHAR' },
      transform(text) {
        const value = decimalOf(text);
        return value === undefined ? new CellFailure('not-a-number') : binning(value);
      },
    };
  },
};

function binningOf({ width, from, below, above, edges }: BinParameters, column: string): Binning {
  if ((width === undefined) === (edges === undefined))
    throw refused(column, 'needs `width` or `edges`, one of the two');
  if (edges !== undefined) {
    if (below !== undefined || above !== undefined)
      throw refused(column, 'has `edges`: `below` and `above` are the outer ones');
    return betweenEdges(
      edges.map((edge) => exact(edge, column)),
      column,
    );
  }
  const step = exact(width ?? 0, column);
  if (step.units <= 0n) throw refused(column, 'needs a `width` above 0');
  const ends = [below, above].map((end) => (end === undefined ? undefined : exact(end, column)));
  return ofWidth(step, exact(from, column), ends, column);
}

function ofWidth(
  width: Decimal,
  from: Decimal,
  [below, above]: readonly (Decimal | undefined)[],
  column: string,
): Binning {
  if (below !== undefined && above !== undefined && compare(below, above) >= 0) {
    throw refused(column, 'has `below` that is not below `above`');
  }
  return (value) => {
    if (below !== undefined && compare(value, below) < 0) return `< ${decimalText(below)}`;
    if (above !== undefined && compare(value, above) >= 0) return `>= ${decimalText(above)}`;
    const { units, scale } = onOneScale([value, from, width]);
    const [at = 0n, start = 0n, step = 1n] = units;
    const first = start + floorDivision(at - start, step) * step;
    const low = { units: first, scale };
    const high = { units: first + step, scale };
    return binText(
      below !== undefined && compare(low, below) < 0 ? below : low,
      above !== undefined && compare(high, above) > 0 ? above : high,
    );
  };
}

function betweenEdges(edges: readonly Decimal[], column: string): Binning {
  if (edges.some((edge, at) => at > 0 && compare(edges[at - 1] ?? edge, edge) >= 0)) {
    throw refused(column, 'has `edges` that do not ascend');
  }
  return (value) => {
    const at = edges.findIndex((edge) => compare(value, edge) < 0);
    const [low, high] = [at < 0 ? edges.at(-1) : edges[at - 1], at < 0 ? undefined : edges[at]];
    if (low === undefined) return `< ${decimalText(high ?? value)}`;
    return high === undefined ? `>= ${decimalText(low)}` : binText(low, high);
  };
}

const binText = (low: Decimal, high: Decimal): string => `[${decimalText(low)}, ${decimalText(high)}[`;

function compare(one: Decimal, other: Decimal): number {
  const { units } = onOneScale([one, other]);
  const difference = (units[0] ?? 0n) - (units[1] ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function exact(given: Written, column: string): Decimal {
  const value = decimalOf(String(given));
  if (value === undefined) throw refused(column, 'has a number that is not finite');
  return value;
}

const refused = (column: string, why: string): DataError =>
  new DataError('HF_DATA_MASK_PLAN', `\`bins\` of \`${column}\` ${why}`);
