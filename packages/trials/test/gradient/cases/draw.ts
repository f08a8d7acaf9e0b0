import type { Random } from '@holdfast/statistics';
import { type GradientCase, reals } from '../gradient-case.ts';

/*
 * Random configurations, by operator. Inputs are drawn where the operator is smooth: at kinks a difference quotient says
 * nothing, and what PyTorch does there has tests of its own.
 */

/** A configuration of an operator. */
export type Draw = (random: Random) => GradientCase;

/** Twenty thousand places a unit: never at a whole number, a half or a quarter, where functions have their kinks. */
const places = 20_000;
const taken = new WeakMap<Random, Set<number>>();

/** Numbers of one case, all different by more than a difference quotient reaches: nothing ties. */
export const some = (random: Random, dims: readonly number[], low = -2, high = 2) => {
  const used = taken.get(random) ?? new Set();
  taken.set(random, used);
  const data = Array.from({ length: dims.reduce((product, each) => product * each, 1) }, () => {
    let place = Math.floor((low + (high - low) * random.uniform()) * places);
    while (used.has(place)) place += 1;
    used.add(place);
    return (place + 0.5) / places;
  });
  return reals(dims, data);
};
export const from = (random: Random, least: number, most: number): number => least + random.integer(most - least + 1);
export const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)] as T;
export const big = (values: readonly number[]) => values.map(BigInt);

/** Configurations by operator, of one family. */
export type Draws = Readonly<Record<string, Draw>>;
