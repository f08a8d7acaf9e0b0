import type { Ball } from '../attacks/ball.ts';
import { isNumeric } from './columns.ts';
import { rowProblem } from './constraints.ts';
import { slackOf, valueOf } from './row-form.ts';
import type { Field, TableSpace } from './table-space.ts';

/** How far one number may go from where it is, by itself. */
export interface Reach {
  readonly least: number;
  readonly greatest: number;
}

/** Of a free column of numbers. Whole numbers reach whole numbers. */
export function reachOf(space: TableSpace, ball: Ball, { column, start }: Field, from: number): Reach {
  const [low, high, scale] = [space.low[start] as number, space.high[start] as number, space.scale[start] as number];
  if (!isNumeric(column)) return { least: from, greatest: from };
  const radius = column.change ?? (scale === 0 ? 0 : ball.epsilon * scale);
  const least = column.direction === 'up' ? from : Math.max(low, from - radius);
  const greatest = column.direction === 'down' ? from : Math.min(high, from + radius);
  if (column.kind === 'numeric') return { least, greatest };
  // 0.3 · 10 is a little less than 3
  return { least: Math.ceil(least - 1e-9 * radius), greatest: Math.floor(greatest + 1e-9 * radius) };
}

/** Puts numbers back into reach and into the ball, each for itself: rules and whole numbers come later. */
export function intoThreat(space: TableSpace, ball: Ball, origin: Float32Array, wish: Float64Array): void {
  const projection = projectionOf(space, ball, origin, space.numbers);
  intoReach(projection, wish);
  intoBall(projection, wish);
}

/**
 * The row that a person could submit that is near a wish: numbers go back into reach, into the ball, onto the rules and to
 * whole numbers, and columns that follow are worked out. Where no way is found, numbers stay as they were.
 * @param wish [width] numbers that differ from the origin may move, others stay; categories are taken as they are
 * @param origin [width] a row that satisfies the rules
 */
export function nearestRow(space: TableSpace, ball: Ball, origin: Float32Array, wish: Float64Array): Float32Array {
  const moving = space.numbers.filter(({ start }) => wish[start] !== origin[start]);
  const projection = projectionOf(space, ball, origin, moving);
  const exact = wish.slice();
  intoReach(projection, exact);
  intoBall(projection, exact);
  if (space.limits.length > 0) ontoLimits(projection, exact);
  const nearest = finished(projection, exact, 'nearest');
  if (fits(projection, nearest)) return nearest;
  for (const share of [1, 0.75, 0.5, 0.25, 0.1]) {
    const row = finished(projection, towards(projection, exact, share), 'inwards');
    if (fits(projection, row)) return row;
  }
  return stepsBack(projection, exact);
}

interface Projection {
  readonly space: TableSpace;
  readonly ball: Ball;
  readonly origin: Float32Array;
  readonly moving: readonly Field[];
  readonly reaches: readonly Reach[];
}

function projectionOf(space: TableSpace, ball: Ball, origin: Float32Array, moving: readonly Field[]): Projection {
  const reaches = moving.map((field) => reachOf(space, ball, field, origin[field.start] as number));
  return { space, ball, origin, moving, reaches };
}

function intoReach({ moving, reaches }: Projection, row: Float64Array): void {
  for (const [index, { start }] of moving.entries()) {
    const { least, greatest } = reaches[index] as Reach;
    row[start] = Math.min(Math.max(row[start] as number, least), greatest);
  }
}

/** Those that draw on ε: a column with a distance of its own does not. */
function drawing({ moving }: Projection): Field[] {
  return moving.filter(({ column }) => isNumeric(column) && column.change === undefined);
}

function lengthOf(projection: Projection, row: ArrayLike<number>): number {
  const { space, ball, origin } = projection;
  const parts = drawing(projection).map(({ start }) => {
    const scale = space.scale[start] as number;
    return scale === 0 ? 0 : Math.abs((row[start] as number) - (origin[start] as number)) / scale;
  });
  if (ball.norm === 'linf') return Math.max(0, ...parts);
  if (ball.norm === 'l1') return parts.reduce((sum, each) => sum + each, 0);
  return Math.sqrt(parts.reduce((sum, each) => sum + each * each, 0));
}

/** In units of the scale: scaled for L2, soft-thresholded for L1 (Duchi et al., ICML 2008); reach is L∞ already. */
function intoBall(projection: Projection, row: Float64Array): void {
  const { space, ball, origin } = projection;
  const length = lengthOf(projection, row);
  if (ball.norm === 'linf' || length <= ball.epsilon) return;
  const fields = drawing(projection);
  const away = fields.map(({ start }) => {
    const scale = space.scale[start] as number;
    return scale === 0 ? 0 : ((row[start] as number) - (origin[start] as number)) / scale;
  });
  const threshold = ball.norm === 'l1' ? thresholdOf(away, ball.epsilon) : 0;
  for (const [index, { start }] of fields.entries()) {
    const part = away[index] as number;
    const kept =
      ball.norm === 'l2' ? (part * ball.epsilon) / length : Math.sign(part) * Math.max(0, Math.abs(part) - threshold);
    row[start] = (origin[start] as number) + kept * (space.scale[start] as number);
  }
}

function thresholdOf(away: readonly number[], epsilon: number): number {
  let [sum, threshold] = [0, 0];
  for (const [index, length] of away
    .map(Math.abs)
    .sort((a, b) => b - a)
    .entries()) {
    sum += length;
    const candidate = (sum - epsilon) / (index + 1);
    if (length > candidate) threshold = candidate;
  }
  return threshold;
}

/** Sweeps over all limits, each time to the nearest point of the half-space, in units of the scale (Agmon 1954). */
function ontoLimits(projection: Projection, row: Float64Array): void {
  const { space, moving } = projection;
  const weights = new Map(moving.map(({ start, column }) => [start, weightOf(space, start, column)]));
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let isInside = true;
    for (const form of space.limits) {
      const excess = valueOf(form, row);
      if (excess <= 0) continue;
      const terms = form.terms.filter(({ at }) => weights.has(at));
      const size = terms.reduce((sum, { at, coefficient }) => sum + coefficient ** 2 * (weights.get(at) ?? 0), 0);
      if (size === 0) continue;
      isInside = false;
      for (const { at, coefficient } of terms) {
        row[at] = (row[at] as number) - (excess * coefficient * (weights.get(at) ?? 0)) / size;
      }
    }
    if (isInside) return;
    intoReach(projection, row);
    intoBall(projection, row);
  }
}

function weightOf(space: TableSpace, start: number, column: Field['column']): number {
  const change = isNumeric(column) ? column.change : undefined;
  return ((change ?? space.scale[start]) || 1) ** 2;
}

/** Part of the way from the origin. */
function towards({ origin, moving }: Projection, row: Float64Array, share: number): Float64Array {
  if (share === 1) return row;
  const part = row.slice();
  for (const { start } of moving) {
    const from = origin[start] as number;
    part[start] = from + share * ((row[start] as number) - from);
  }
  return part;
}

/** As float32, whole where it has to be, and with what follows. */
function finished(projection: Projection, row: Float64Array, rounding: 'nearest' | 'inwards'): Float32Array {
  const { space, origin, moving, reaches } = projection;
  const whole = (value: number, from: number): number =>
    rounding === 'nearest' ? Math.round(value) : from + Math.trunc(value - from + 1e-9 * Math.sign(value - from));
  const result = new Float32Array(row);
  for (const { column, start } of space.numbers) if (column.kind === 'integer') result[start] = origin[start] as number;
  for (const [index, { column, start }] of moving.entries()) {
    const { least, greatest } = reaches[index] as Reach;
    const value = row[start] as number;
    const wanted = column.kind === 'integer' ? whole(value, origin[start] as number) : value;
    result[start] = Math.min(Math.max(wanted, least), greatest);
  }
  return withFollowing(space, origin, result);
}

/** What follows from columns that nobody changed stays as it was, to the last bit. */
function withFollowing(space: TableSpace, origin: Float32Array, row: Float32Array): Float32Array {
  for (const { at, form } of space.follows) {
    row[at] = origin[at] as number;
    if (form.terms.every((term) => row[term.at] === origin[term.at])) continue;
    const value = Math.fround(valueOf(form, row));
    const [low, high] = [space.low[at] as number, space.high[at] as number];
    const clipped = Math.min(Math.max(value, low), high);
    row[at] = Math.abs(clipped - value) <= slackOf(form, row) ? clipped : value;
  }
  return row;
}

function fits(projection: Projection, row: Float32Array): boolean {
  const { space, ball } = projection;
  if (space.limits.length === 0 && ball.norm === 'linf') return true;
  return lengthOf(projection, row) <= ball.epsilon * (1 + 1e-6) && rowProblem(space, row) === undefined;
}

/** Takes columns back one after the other until the row fits; without any it is the origin, which does. */
function stepsBack(projection: Projection, wish: Float64Array): Float32Array {
  const { space, ball, origin } = projection;
  const row = wish.slice();
  for (const { start } of projection.moving) {
    row[start] = origin[start] as number;
    const moving = projection.moving.filter((field) => row[field.start] !== origin[field.start]);
    const part = projectionOf(space, ball, origin, moving);
    const found = finished(part, row, 'inwards');
    if (fits(part, found)) return found;
  }
  return withFollowing(space, origin, new Float32Array(row));
}
