import { randomOf } from '@holdfast/statistics';
import { Xoshiro256 } from '@holdfast/statistics/xoshiro256';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from './vectors/vectors.json' with { type: 'json' };

describe('xoshiro256**', () => {
  it('draws what the implementation of its authors draws from the state 1, 2, 3, 4', () => {
    // Recorded from xoshiro256starstar.c by the tests of rand_xoshiro 0.6 (Rust).
    const expected = [
      11520n,
      0n,
      1509978240n,
      1215971899390074240n,
      1216172134540287360n,
      607988272756665600n,
      16172922978634559625n,
      8476171486693032832n,
      10595114339597558777n,
      2904607092377533576n,
    ];
    const seed = new Uint8Array(new BigUint64Array([1n, 2n, 3n, 4n]).buffer);
    const generator = new Xoshiro256(seed);
    const drawn = expected.map(() => {
      generator.next();
      return (BigInt(generator.high) << 32n) | BigInt(generator.low);
    });
    expect(drawn).toEqual(expected);
  });

  it('has no state of zeros', () => {
    expect(() => new Xoshiro256(new Uint8Array(32))).toThrow(RangeError);
  });
});

describe('random numbers', () => {
  it.each(vectors.streams)('of the seed $seed are those that Python draws', (stream) => {
    const random = randomOf(stream.seed);
    expect(stream.uniforms.map(() => random.uniform())).toEqual(stream.uniforms);
    const belows = [...stream.belows, ...stream.belows, ...stream.belows];
    expect(belows.map((below) => random.integer(below))).toEqual(stream.integers);
    for (const normal of stream.normals) expect(random.normal()).toBeCloseTo(normal, 13);
    expect([randomOf(stream.seed).fork('a').fork('b').uniform()]).toEqual(stream.forked);
    expect(randomOf(stream.seed).shuffle(Array.from({ length: 20 }, (_, index) => index))).toEqual(stream.shuffled);
    expect([...randomOf(stream.seed).fillUniform(new Float32Array(1))]).toEqual(stream.uniforms24);
  });

  it('of a fork do not depend on what was drawn before, or on other forks', () => {
    const random = randomOf(1);
    const early = random.fork('attack').uniform();
    random.normal();
    random.fork('other').uniform();
    expect(random.fork('attack').uniform()).toBe(early);
    expect(random.fork('attack ').uniform()).not.toBe(early);
    expect(randomOf(2).fork('attack').uniform()).not.toBe(early);
  });

  it('have the mean and the variance that they should have', () => {
    const count = 100_000;
    const uniform = randomOf('moments').fillUniform(new Float32Array(count));
    const normal = randomOf('moments').fillNormal(new Float32Array(count));
    const mean = (values: Float32Array, power: number) => values.reduce((sum, x) => sum + x ** power, 0) / count;
    // Five standard errors: of a uniform number √(1/12n), of its square √(4/45n); of a normal one √(1/n), √(2/n), √(96/n).
    const within = (found: number, expected: number, variance: number) => {
      expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(variance / count));
    };
    within(mean(uniform, 1), 1 / 2, 1 / 12);
    within(mean(uniform, 2), 1 / 3, 4 / 45);
    within(mean(normal, 1), 0, 1);
    within(mean(normal, 2), 1, 2);
    within(mean(normal, 4), 3, 96);
  });

  it('below a number are each as likely as the other', () => {
    const random = randomOf('dice');
    const count = 60_000;
    const seen = new Array<number>(6).fill(0);
    for (let round = 0; round < count; round += 1) seen[random.integer(6)]! += 1;
    const chiSquare = seen.reduce((sum, times) => sum + (times - count / 6) ** 2 / (count / 6), 0);
    // The 0.9999 quantile of χ² with five degrees of freedom.
    expect(chiSquare).toBeLessThan(25.74);
  });

  it('put lists into each order equally often', () => {
    const random = randomOf('orders');
    const seen = new Map<string, number>();
    for (let round = 0; round < 24_000; round += 1) {
      const order = random.shuffle(Int32Array.of(0, 1, 2, 3)).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chiSquare = [...seen.values()].reduce((sum, times) => sum + (times - 1000) ** 2 / 1000, 0);
    // The 0.9999 quantile of χ² with 23 degrees of freedom.
    expect(chiSquare).toBeLessThan(56.0);
  });

  it('stay in their range, whatever the seed', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, below) => {
        const random = randomOf(seed);
        const uniform = random.uniform();
        const integer = random.integer(below);
        expect(uniform >= 0 && uniform < 1 && Number.isInteger(uniform * 2 ** 53)).toBe(true);
        expect(integer >= 0 && integer < below && Number.isInteger(integer)).toBe(true);
        expect(Number.isFinite(random.normal())).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('have no seed %d', (seed) => {
    expect(() => randomOf(seed)).toThrow(expect.objectContaining({ code: 'HF_STATISTICS_ARGUMENT' }) as Error);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('are not below %d', (below) => {
    expect(() => randomOf(1).integer(below)).toThrow(
      expect.objectContaining({ code: 'HF_STATISTICS_ARGUMENT' }) as Error,
    );
  });
});
