import {
  type CallerStanding,
  expire,
  goodStanding,
  heedJudgement,
} from '@holdfast/gateway/protection/response/caller-response';
import { type ResponsePolicy, requirePolicy, responses } from '@holdfast/gateway/protection/response/response-policy';
import { tune } from '@holdfast/gateway/protection/response/tuning';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const policy: ResponsePolicy = {
  steps: [
    { response: 'throttle', at: 10, forMs: 1000 },
    { response: 'less-detail', at: 20, forMs: 2000 },
    { response: 'block', at: 40, forMs: 8000 },
  ],
  points: { 'gateway.schema': 1, 'gateway.schema.range': 5, 'gateway.extraction': 25 },
  halfLifeMs: 1000,
};

const judgementOf = (rule: string) => ({ protection: rule.split('.')[1] ?? '', rule, message: '' });
const heed = (standing: CallerStanding, rule: string, nowMs: number, factor = 1) =>
  heedJudgement(policy, standing, { judgement: judgementOf(rule), nowMs, factor });

describe('what becomes of a caller', () => {
  it('counts points by the longest beginning of a rule', () => {
    expect(heed(goodStanding, 'gateway.schema.range', 0).standing.points).toBe(5);
    expect(heed(goodStanding, 'gateway.schema.shape', 0).standing.points).toBe(1);
    expect(heed(goodStanding, 'gateway.schematic', 0).standing.points).toBe(0);
    expect(heed(goodStanding, 'constructor', 0).standing.points).toBe(0);
  });

  it('is nothing below the first step, then each step for its time', () => {
    let { standing } = heed(goodStanding, 'gateway.schema.range', 0);
    expect(standing.response).toBe('none');
    const heeded = heed(standing, 'gateway.schema.range', 0);
    expect(heeded.change).toEqual({
      from: 'none',
      to: 'throttle',
      atMs: 0,
      untilMs: 1000,
      reason: 'gateway.schema.range',
      points: 10,
    });
    ({ standing } = heed(heeded.standing, 'gateway.extraction.martingale', 0));
    expect([standing.response, standing.untilMs]).toEqual(['less-detail', 2000]);
    expect(expire(policy, standing, 1999).standing.response).toBe('less-detail');
    const over = expire(policy, standing, 2000);
    expect(over.standing.response).toBe('none');
    expect(over.change).toMatchObject({ from: 'less-detail', to: 'none', reason: 'expired' });
  });

  it('fades by half in a half-life', () => {
    const { standing } = heed(goodStanding, 'gateway.extraction', 0);
    expect(expire(policy, standing, 3000).standing.points).toBeCloseTo(25 / 8, 12);
    expect(expire(policy, standing, -500).standing.points).toBe(25);
  });

  it('goes on while it is deserved, told once in half of its time', () => {
    let { standing, change } = heed(goodStanding, 'gateway.extraction', 0);
    let told = 0;
    for (let now = 0; now <= 5000; now += 10) {
      ({ standing, change } = heed(standing, 'gateway.schema', now));
      told += Number(change !== undefined);
      expect(standing.response).not.toBe('none');
    }
    expect(told).toBeLessThan(12);
  });

  const judgements = fc.array(
    fc.record({
      rule: fc.constantFrom('gateway.schema', 'gateway.schema.range', 'gateway.extraction', 'other'),
      wait: fc.nat(3000),
    }),
    { maxLength: 60 },
  );

  it('is never milder before its end, never longer than its step says, and always ends', () => {
    fc.assert(
      fc.property(judgements, fc.double({ min: 0.5, max: 2, noNaN: true }), (all, factor) => {
        let [standing, now] = [goodStanding, 0];
        for (const { rule, wait } of all) {
          now += wait;
          const before = expire(policy, standing, now).standing;
          ({ standing } = heed(standing, rule, now, factor));
          expect(responses.indexOf(standing.response)).toBeGreaterThanOrEqual(responses.indexOf(before.response));
          if (standing.response === 'none') continue;
          const most = policy.steps.find(({ response }) => response === standing.response)?.forMs ?? 0;
          expect(standing.untilMs).toBeLessThanOrEqual(Math.max(before.untilMs, now + most));
          expect(standing.untilMs).toBeGreaterThan(now);
        }
        expect(expire(policy, standing, now + 8000).standing.response).toBe('none');
        expect(JSON.parse(JSON.stringify(standing))).toEqual(standing);
      }),
    );
  });
});

describe('a policy that could not be followed is refused', () => {
  const refused = expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error;
  const throttle = { response: 'throttle', at: 10, forMs: 1000 } as const;

  it.each<Partial<ResponsePolicy>>([
    { steps: [throttle, throttle] },
    {
      steps: [
        { ...throttle, response: 'block' },
        { ...throttle, at: 20 },
      ],
    },
    { steps: [throttle, { response: 'block', at: 10, forMs: 1 }] },
    { steps: [{ ...throttle, at: 0 }] },
    { steps: [{ ...throttle, at: Number.NaN }] },
    { steps: [{ ...throttle, forMs: 0 }] },
    { steps: [{ ...throttle, forMs: Number.POSITIVE_INFINITY }] },
    { points: { 'gateway.schema': -1 } },
    { points: { 'gateway.schema': Number.NaN } },
    { halfLifeMs: 0 },
    { tuning: { least: 0, most: 2, step: 2, direction: 'both' } },
    { tuning: { least: 0.5, most: 0.9, step: 2, direction: 'both' } },
    { tuning: { least: 0.5, most: 2, step: 1, direction: 'both' } },
  ])('%j', (change) => {
    expect(() => {
      requirePolicy({ ...policy, ...change });
    }).toThrow(refused);
  });

  it('and this one is not', () => {
    expect(() => {
      requirePolicy({ ...policy, tuning: { least: 0.5, most: 2, step: 1.25, direction: 'both' } });
    }).not.toThrow();
  });
});

describe('tuning', () => {
  it('moves by a step, and says so', () => {
    const tuning = { least: 0.5, most: 2, step: 2, direction: 'both' } as const;
    expect(tune(tuning, 1, { reason: 'false-alarms', nowMs: 5 })).toEqual({
      from: 1,
      to: 2,
      atMs: 5,
      reason: 'false-alarms',
    });
    expect(tune(tuning, 2, { reason: 'false-alarms', nowMs: 5 })).toBeUndefined();
    expect(tune(tuning, 1, { reason: 'under-attack', nowMs: 5 })?.to).toBe(0.5);
  });

  it('stays within its bounds and goes in no other direction', () => {
    const reasons = fc.array(fc.constantFrom('false-alarms' as const, 'under-attack' as const), { maxLength: 40 });
    fc.assert(
      fc.property(
        reasons,
        fc.constantFrom('stricter' as const, 'milder' as const, 'both' as const),
        fc.double({ min: 1.01, max: 5, noNaN: true }),
        (all, direction, step) => {
          const tuning = { least: 0.4, most: 3, step, direction };
          let factor = 1;
          for (const reason of all) {
            const next = tune(tuning, factor, { reason, nowMs: 0 })?.to ?? factor;
            if (direction === 'stricter') expect(next).toBeLessThanOrEqual(factor);
            if (direction === 'milder') expect(next).toBeGreaterThanOrEqual(factor);
            factor = next;
            expect(factor).toBeGreaterThanOrEqual(0.4);
            expect(factor).toBeLessThanOrEqual(3);
          }
        },
      ),
    );
  });
});
