import type { Quota } from '@holdfast/contracts/gateway-callers';
import type { Caller } from '@holdfast/gateway/callers/caller';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import { MemoryQuotas } from '@holdfast/gateway/quotas/memory-quotas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const periods = { s: 1000n, m: 60_000n, h: 3_600_000n, d: 86_400_000n };
const start = 1_790_000_000_000;

const caller = (id: string, rest: Partial<Caller> = {}): Caller => ({ id, name: id, roles: [], tenant: id, ...rest });
const one = { requests: 1, rows: 0, cost: 0 };
const quotasOf = (...declared: readonly Quota[]): MemoryQuotas => new MemoryQuotas(declared.map(countedQuota));

/** A rate as a fraction of tokens and milliseconds, and a burst, in whole numbers without end. */
function exactly({ rate, burst }: Quota): { tokens: bigint; milliseconds: bigint; burst: bigint } {
  const [amount = '', unit = 's'] = rate.split('/');
  const milliseconds = periods[unit as keyof typeof periods];
  const tokens = BigInt(amount);
  const flowsInASecond = (tokens * 1000n) / milliseconds;
  return {
    tokens,
    milliseconds,
    burst: burst === undefined ? (flowsInASecond > 0n ? flowsInASecond : 1n) : BigInt(burst),
  };
}

const quota = fc
  .record({
    amount: fc.integer({ min: 1, max: 5000 }),
    unit: fc.constantFrom('s', 'm', 'h', 'd'),
    burst: fc.option(fc.integer({ min: 1, max: 50 })),
  })
  .map(
    ({ amount, unit, burst }): Quota => ({
      per: 'caller',
      rate: `${amount}/${unit}`,
      ...(burst === null ? {} : { burst }),
    }),
  );
const steps = fc.array(
  fc.record({
    wait: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 100_000 })),
    takes: fc.integer({ min: 0, max: 12 }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('a token bucket', () => {
  test('gives no more in any time than the burst and what flows in', () => {
    fc.assert(
      fc.property(quota, steps, (declared, asked) => {
        const quotas = quotasOf(declared);
        const { tokens, milliseconds, burst } = exactly(declared);
        const given: { at: bigint; takes: bigint }[] = [];
        let now = start;
        for (const { wait, takes } of asked) {
          now += wait;
          const cost = { requests: takes, rows: 0, cost: 0 };
          if (quotas.take(caller('a'), 'm', cost, now).isGranted) given.push({ at: BigInt(now), takes: BigInt(takes) });
        }
        for (const [first, { at: from }] of given.entries()) {
          let sum = 0n;
          for (const { at, takes } of given.slice(first)) {
            sum += takes;
            expect(sum * milliseconds <= burst * milliseconds + tokens * (at - from)).toBe(true);
          }
        }
      }),
    );
  });

  test('gives whatever is there, and says exactly when there will be enough', () => {
    fc.assert(
      fc.property(quota, steps, (declared, asked) => {
        const quotas = quotasOf(declared);
        const { tokens, milliseconds, burst } = exactly(declared);
        // Tokens times milliseconds.
        let level = burst * milliseconds;
        let now = start;
        for (const { wait, takes } of asked) {
          now += wait;
          const risen = level + tokens * BigInt(wait);
          level = risen > burst * milliseconds ? burst * milliseconds : risen;
          const need = BigInt(takes) * milliseconds;
          const grant = quotas.take(caller('a'), 'm', { requests: takes, rows: 0, cost: 0 }, now);
          expect(grant.isGranted).toBe(need <= level);
          if (grant.isGranted) {
            level -= need;
            expect(grant.left).toBe(takes === 0 ? Number.POSITIVE_INFINITY : Number(level / milliseconds));
          } else {
            const missing = need - level;
            const until = (missing + tokens - 1n) / tokens;
            expect(grant.retryAfter).toBe(need > burst * milliseconds ? undefined : Number(until) / 1000);
          }
        }
      }),
    );
  });

  test('lets a caller have it that waited as long as was said, and nobody who waited a millisecond less', () => {
    fc.assert(
      fc.property(quota, fc.integer({ min: 1, max: 50 }), (declared, takes) => {
        const cost = { requests: takes, rows: 0, cost: 0 };
        const used = (): MemoryQuotas => {
          const quotas = quotasOf(declared);
          for (let times = 0; quotas.take(caller('a'), 'm', one, start).isGranted && times < 5000; times++);
          return quotas;
        };
        const grant = used().take(caller('a'), 'm', cost, start);
        if (grant.isGranted || grant.retryAfter === undefined) return;
        const then = start + Math.round(grant.retryAfter * 1000);
        expect(used().take(caller('a'), 'm', cost, then - 1).isGranted).toBe(false);
        expect(used().take(caller('a'), 'm', cost, then).isGranted).toBe(true);
      }),
    );
  });

  test('gives nothing to a clock that goes back, and nothing twice', () => {
    const quotas = quotasOf({ per: 'caller', rate: '1/s', burst: 1 });
    const given = [0, 0, -5000, 999, -1, 1000, 1000, 0, 1999, 2000].map(
      (after) => quotas.take(caller('a'), 'm', one, start + after).isGranted,
    );
    expect(given).toEqual([true, false, false, false, false, true, false, false, false, true]);
  });

  test('gives nothing more for parts of milliseconds', () => {
    const quotas = quotasOf({ per: 'caller', rate: '1000/s', burst: 1 });
    const given = [0, 0.5, 0.999, 1.2, 1.9, 2].map(
      (after) => quotas.take(caller('a'), 'm', one, start + after).isGranted,
    );
    expect(given).toEqual([true, false, false, true, false, true]);
  });

  test('keeps count near the bounds of exact numbers', () => {
    // 7/d: 86,400,000 parts of a token, 7 of them a millisecond; 10^8 tokens are 8.64e15 of 9.007e15 parts.
    const quotas = quotasOf({ per: 'caller', rate: '7/d', burst: 100_000_000 });
    const all = { requests: 100_000_000, rows: 0, cost: 0 };
    expect(quotas.take(caller('a'), 'm', all, start)).toEqual({ isGranted: true, left: 0 });
    // 86,400,000 / 7 = 12,342,857.14…
    expect(quotas.take(caller('a'), 'm', one, start)).toMatchObject({ isGranted: false, retryAfter: 12_342.858 });
    expect(quotas.take(caller('a'), 'm', one, start + 12_342_857).isGranted).toBe(false);
    expect(quotas.take(caller('a'), 'm', one, start + 12_342_858).isGranted).toBe(true);
    // A century and more later it is full, not overfull.
    const later = start + 5_000_000_000_000_000;
    expect(quotas.take(caller('a'), 'm', all, later)).toEqual({ isGranted: true, left: 0 });
    expect(quotas.take(caller('a'), 'm', one, later).isGranted).toBe(false);
  });

  test.each<Quota>([
    { per: 'caller', rate: '7/d', burst: 1_000_000_000 },
    { per: 'caller', rate: '0/s' },
    { per: 'caller', rate: '1.5/s' },
    { per: 'caller', rate: '5/w' },
    { per: 'caller', rate: '5/s', burst: 0 },
    { per: 'caller', rate: '5/s', burst: 1.0001 },
  ])('that cannot be counted exactly is refused: %o', (declared) => {
    expect(() => countedQuota(declared)).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error,
    );
  });

  test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])('does not take a cost of %d', (rows) => {
    const quotas = quotasOf({ per: 'caller', of: 'rows', rate: '5/s' });
    expect(() => quotas.take(caller('a'), 'm', { requests: 1, rows, cost: 0 }, start)).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_INTERNAL' }) as Error,
    );
  });

  test('has more than it holds asked of it for nothing, and counts a part as a whole', () => {
    const quotas = quotasOf({ per: 'caller', of: 'rows', rate: '5/s', burst: 5 });
    for (const rows of [6, 1e300, Number.POSITIVE_INFINITY]) {
      expect(quotas.take(caller('a'), 'm', { requests: 1, rows, cost: 0 }, start)).toEqual({
        isGranted: false,
        quota: 'rows per caller',
      });
    }
    expect(quotas.take(caller('a'), 'm', { requests: 1, rows: 3.01, cost: 0 }, start)).toEqual({
      isGranted: true,
      left: 1,
    });
  });
});

describe('several quotas', () => {
  const declared: readonly Quota[] = [
    { per: 'caller', rate: '10/s', burst: 10 },
    { per: 'tenant', of: 'rows', rate: '20/s', burst: 20 },
    { per: 'model', of: 'cost', rate: '30/s', burst: 30 },
    { per: 'role', rate: '6/s', burst: 6 },
    { per: 'role', role: 'batch', of: 'rows', rate: '7/m', burst: 7 },
    { per: 'caller', role: 'batch', model: 'm1', rate: '3/s', burst: 3 },
  ];

  /** What each quota counts together, written out by hand for the declarations above. */
  const keysOf = (
    { id, tenant, roles }: Caller,
    model: string,
  ): readonly (readonly [number, string, 'requests' | 'rows' | 'cost', bigint])[] => [
    [0, id, 'requests', 10n],
    [1, tenant, 'rows', 20n],
    [2, model, 'cost', 30n],
    ...[...new Set(roles)].map((role) => [3, role, 'requests', 6n] as const),
    ...(roles.includes('batch') ? [[4, 'batch', 'rows', 7n] as const] : []),
    ...(roles.includes('batch') && model === 'm1' ? [[5, id, 'requests', 3n] as const] : []),
  ];
  const flows = [10n, 20n, 30n, 6n, 7n, 3n];
  const takers = [
    caller('a', { tenant: 't1', roles: ['batch', 'batch'] }),
    caller('b', { tenant: 't1', roles: ['web', 'batch'] }),
    caller('c', { tenant: 't2', roles: ['web'] }),
    caller('d', { tenant: 't2' }),
  ];

  test('grant together or take nothing', () => {
    const request = fc.record({
      wait: fc.integer({ min: 0, max: 400 }),
      who: fc.nat(3),
      model: fc.constantFrom('m1', 'm2'),
      cost: fc.record({ requests: fc.nat(2), rows: fc.nat(9), cost: fc.nat(12) }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 120 }), (asked) => {
        const quotas = quotasOf(...declared);
        // Tokens times the milliseconds of the quota's period.
        const levels = new Map<string, { level: bigint; at: number }>();
        let now = start;
        for (const { wait, who, model, cost } of asked) {
          now += wait;
          const taker = takers[who] as Caller;
          const wanted = keysOf(taker, model).flatMap(([place, key, of, burst]) => {
            const period = place === 4 ? 60_000n : 1000n;
            const { level, at } = levels.get(`${place} ${key}`) ?? { level: burst * period, at: now };
            const risen = level + (flows[place] as bigint) * BigInt(now - at);
            const full = burst * period;
            const need = BigInt(cost[of]) * period;
            return need === 0n ? [] : [{ name: `${place} ${key}`, level: risen > full ? full : risen, need }];
          });
          const isEnough = wanted.every(({ level, need }) => need <= level);
          expect(quotas.take(taker, model, cost, now).isGranted).toBe(isEnough);
          if (isEnough) for (const { name, level, need } of wanted) levels.set(name, { level: level - need, at: now });
        }
      }),
    );
  });

  test('name the one that keeps a request waiting longest', () => {
    const quotas = quotasOf(
      { per: 'caller', rate: '1/s', burst: 1 },
      { per: 'model', model: 'm', rate: '1/m', burst: 1 },
    );
    quotas.take(caller('a'), 'm', one, start);
    expect(quotas.take(caller('a'), 'm', one, start)).toEqual({
      isGranted: false,
      quota: 'requests per model for m',
      retryAfter: 60,
    });
    expect(quotas.take(caller('b'), 'other', one, start)).toEqual({ isGranted: true, left: 0 });
  });
});

describe('memory', () => {
  test('is for buckets in use: those that are full again go', () => {
    const quotas = quotasOf({ per: 'caller', rate: '1/s', burst: 1 });
    for (let at = 0; at < 20_000; at++) quotas.take(caller(`c${at}`), 'm', one, start + at);
    // One is full a second after it was used, which leaves a thousand, and those that have not been looked at yet.
    expect(quotas.size).toBeLessThan(3000);
  });

  test('has an end: beyond it new callers wait, known ones do not', () => {
    const quotas = new MemoryQuotas([countedQuota({ per: 'caller', rate: '1/h', burst: 2 })], 10);
    for (let at = 0; at < 10; at++) expect(quotas.take(caller(`c${at}`), 'm', one, start).isGranted).toBe(true);
    expect(quotas.take(caller('new'), 'm', one, start)).toEqual({
      isGranted: false,
      quota: 'requests per caller',
      retryAfter: 1,
    });
    expect(quotas.take(caller('c3'), 'm', one, start).isGranted).toBe(true);
    expect(quotas.size).toBe(10);
    // After an hour nine have their one token back, and c3 has one of two.
    expect(quotas.take(caller('new'), 'm', one, start + 3_600_000).isGranted).toBe(true);
    expect(quotas.size).toBe(2);
  });
});
