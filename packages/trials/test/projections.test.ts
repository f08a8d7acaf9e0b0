import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectDiamondInBox } from '../src/attacks/box-diamond.ts';
import { PlaneMove } from '../src/attacks/fab-projection.ts';

const bounds = { low: -0.5, high: 1 };
// Multiples of 1/1024: what the other ways lose in rounding is not what is looked at.
const inside = fc.integer({ min: -512, max: 1024 }).map((value) => value / 1024);
const slope = fc
  .oneof(fc.integer({ min: -3072, max: 3072 }), fc.constantFrom(0, 1024, -1024))
  .map((value) => value / 1024);

/** The least number for which a rising condition holds, by halving. */
function bisected(isEnough: (value: number) => boolean, most: number): number {
  let [low, high] = [0, most];
  for (let round = 0; round < 200; round += 1) {
    const middle = (low + high) / 2;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('the nearest point of an L1 ball within bounds', () => {
  const problem = fc
    .integer({ min: 1, max: 9 })
    .chain((size) =>
      fc.tuple(
        fc.array(inside, { minLength: size, maxLength: size }),
        fc.array(slope, { minLength: size, maxLength: size }),
        fc.double({ min: 0.01, max: 4, noNaN: true }),
      ),
    );

  it('is that of bisection for the multiplier of the ball', () => {
    fc.assert(
      fc.property(problem, ([centre, away, epsilon]) => {
        const far = centre.map((value, index) => Math.fround(value + away[index]!));
        const origin = Float32Array.from(centre);
        const x = Float32Array.from(far);
        projectDiamondInBox(x, origin, x.length, epsilon, bounds);
        // argmin ½(z − far)² + λ|z − centre| within the bounds, number by number; λ rises until the ball is reached
        const at = (lambda: number): number[] =>
          far.map((value, index) => {
            const change = value - centre[index]!;
            const short = Math.sign(change) * Math.max(Math.abs(change) - lambda, 0);
            return clamp(centre[index]! + short, bounds.low, bounds.high);
          });
        const length = (z: readonly number[]): number =>
          total(z.map((value, index) => Math.abs(value - centre[index]!)));
        const wanted = at(length(at(0)) <= epsilon ? 0 : bisected((lambda) => length(at(lambda)) <= epsilon, 10));
        expect(length([...x])).toBeLessThanOrEqual(epsilon + 1e-5);
        for (const [index, value] of x.entries()) expect(value).toBeCloseTo(wanted[index]!, 5);
        expect(x.every((value) => value >= bounds.low && value <= bounds.high)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('no point of a fine grid is nearer', () => {
    fc.assert(
      fc.property(fc.tuple(inside, inside), fc.tuple(slope, slope), (centre, away) => {
        const far = centre.map((value, index) => value + away[index]!);
        const x = Float32Array.from(far);
        projectDiamondInBox(x, Float32Array.from(centre), 2, 0.7, bounds);
        const distance = ([a, b]: readonly number[]): number => Math.hypot(a! - far[0]!, b! - far[1]!);
        const grid = Array.from({ length: 61 }, (_, step) => bounds.low + (step * (bounds.high - bounds.low)) / 60);
        const nearest = Math.min(
          ...grid.flatMap((a) =>
            grid.filter((b) => Math.abs(a - centre[0]) + Math.abs(b - centre[1]) <= 0.7).map((b) => distance([a, b])),
          ),
        );
        expect(distance([...x])).toBeLessThanOrEqual(nearest + 1e-5);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the shortest move to a plane within bounds', () => {
  const problem = fc.integer({ min: 1, max: 6 }).chain((size) =>
    fc.record({
      point: fc.array(inside, { minLength: size, maxLength: size }),
      w: fc.array(slope, { minLength: size, maxLength: size }),
      // as a share of what is in reach; beyond 1 the plane is out of it
      reach: fc.integer({ min: -130, max: 130 }).map((percent) => percent / 100),
    }),
  );
  type Problem = { point: number[]; w: number[]; reach: number };

  /** What the bounds allow ⟨w, z⟩ to change by, down (excess above 0) or up. */
  function setUp({ point, w, reach }: Problem) {
    const ends = (isDown: boolean): number[] =>
      point.map((value, index) => {
        const goesLow = w[index]! > 0 === isDown;
        return (goesLow ? bounds.low : bounds.high) - value;
      });
    const most = Math.abs(total(ends(reach >= 0).map((move, index) => move * w[index]!)));
    return { excess: reach * most, most, ends: ends(reach >= 0) };
  }
  const dot = (a: readonly number[], b: readonly number[]): number => total(a.map((value, index) => value * b[index]!));
  const lengths = {
    linf: (move: readonly number[]): number => Math.max(...move.map(Math.abs)),
    l2: (move: readonly number[]): number => Math.hypot(...move),
    l1: (move: readonly number[]): number => total(move.map(Math.abs)),
  };

  /** The length of the shortest move, found another way. */
  const shortest = {
    // the least radius at which the corner of the cube, cut off by the bounds, reaches the plane
    linf: ({ w }: Problem, ends: readonly number[], excess: number): number =>
      bisected(
        (radius) =>
          Math.abs(
            dot(
              ends.map((end) => clamp(end, -radius, radius)),
              w,
            ),
          ) >= Math.abs(excess),
        2,
      ),
    // of all splits into numbers at their bound, and free ones that follow w
    l2: ({ w }: Problem, ends: readonly number[], excess: number): number => {
      let best = Number.POSITIVE_INFINITY;
      for (let split = 0; split < 2 ** w.length; split += 1) {
        const isFree = (index: number): boolean => ((split >> index) & 1) === 1;
        const fixed = dot(
          ends.map((end, index) => (isFree(index) ? 0 : end)),
          w,
        );
        const slopes = total(w.map((each, index) => (isFree(index) ? each * each : 0)));
        const scale = slopes === 0 ? 0 : (-excess - fixed) / slopes;
        const move = ends.map((end, index) => (isFree(index) ? scale * w[index]! : end));
        const isWithin = move.every(
          (each, index) => each * ends[index]! >= -1e-12 && Math.abs(each) <= Math.abs(ends[index]!) + 1e-9,
        );
        if (isWithin && Math.abs(dot(move, w) + excess) < 1e-7) best = Math.min(best, lengths.l2(move));
      }
      return best;
    },
    // a corner of the linear program: every number at 0 or at its bound, but for one
    l1: ({ w }: Problem, ends: readonly number[], excess: number): number => {
      let best = Number.POSITIVE_INFINITY;
      for (let split = 0; split < 2 ** w.length; split += 1) {
        const at = ends.map((end, index) => (((split >> index) & 1) === 1 ? end : 0));
        for (const [free, each] of w.entries()) {
          const others = at.map((move, index) => (index === free ? 0 : move));
          const own = each === 0 ? 0 : (-excess - dot(others, w)) / each;
          const move = others.map((value, index) => (index === free ? own : value));
          const isWithin = own * ends[free]! >= -1e-12 && Math.abs(own) <= Math.abs(ends[free]!) + 1e-9;
          if (isWithin && Math.abs(dot(move, w) + excess) < 1e-7) best = Math.min(best, lengths.l1(move));
        }
      }
      return best;
    },
  };

  it.each(['linf', 'l2', 'l1'] as const)(
    '%s: on the plane, within the bounds, and no longer than has to be',
    (norm) => {
      fc.assert(
        fc.property(problem, (each) => {
          const { excess, most, ends } = setUp(each);
          const move = [
            ...new PlaneMove(each.point.length, norm, bounds).of({
              point: Float64Array.from(each.point),
              w: Float64Array.from(each.w),
              excess,
            }),
          ];
          for (const [index, value] of each.point.entries()) {
            expect(value + move[index]!).toBeGreaterThanOrEqual(bounds.low - 1e-9);
            expect(value + move[index]!).toBeLessThanOrEqual(bounds.high + 1e-9);
          }
          if (Math.abs(excess) >= most) {
            // out of reach: as near as the bounds allow
            expect(Math.abs(dot(move, each.w))).toBeCloseTo(most, 6);
            return;
          }
          expect(dot(move, each.w)).toBeCloseTo(-excess, 6);
          const least = excess === 0 ? 0 : shortest[norm](each, ends, excess);
          expect(lengths[norm](move)).toBeCloseTo(least, 6);
        }),
        { numRuns: 400 },
      );
    },
  );
});
