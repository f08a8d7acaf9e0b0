import { describe, expect, test } from 'vitest';
import type { ResponseChange } from '../../src/protection/response/caller-response.ts';
import { type RoutePolicy, Standings } from '../../src/protection/response/standings.ts';
import type { TuningChange } from '../../src/protection/response/tuning.ts';

const minute = 60_000;
const policy: RoutePolicy = {
  steps: [
    { response: 'throttle', at: 10, forMs: 10 * minute },
    { response: 'less-detail', at: 19.9, forMs: 10 * minute },
    { response: 'block', at: 29.9, forMs: 60 * minute },
  ],
  points: { 'gateway.extraction': 10 },
  halfLifeMs: 366 * 86_400_000,
  throttleMs: 2000,
};
const judgement = { protection: 'extraction', rule: 'gateway.extraction.martingale', message: '' };

function opened(more: Partial<RoutePolicy> = {}) {
  const changes: [ResponseChange['to'], string | undefined][] = [];
  const tunings: TuningChange[] = [];
  const standings = new Standings(
    { ...policy, ...more },
    {
      responded: ({ to }, caller) => changes.push([to, caller]),
      tuned: (change) => tunings.push(change),
    },
  );
  return { standings, changes, tunings };
}

const codeOf = (act: () => void): string => {
  try {
    act();
    return 'served';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('where callers stand', () => {
  test('points bring one response after the other, of that caller alone', () => {
    const { standings, changes } = opened();
    const ask = (caller: string, nowMs: number): string =>
      codeOf(() => {
        standings.require(caller, true, nowMs);
      });
    expect(ask('a', 0)).toBe('served');
    standings.heed(judgement, 'a', 0);
    expect([ask('a', 0), ask('a', 1999), ask('a', 2000), ask('b', 0)]).toEqual([
      'served',
      'HF_GATEWAY_THROTTLED',
      'served',
      'served',
    ]);
    standings.heed(judgement, 'a', 5000);
    expect([standings.isLessDetail('a', 5000), standings.isLessDetail('b', 5000)]).toEqual([true, false]);
    standings.heed(judgement, 'a', 6000);
    expect([ask('a', 7000), ask('b', 7000)]).toEqual(['HF_GATEWAY_SET_APART', 'served']);
    expect(
      codeOf(() => {
        standings.require('a', false, 7000);
      }),
    ).toBe('HF_GATEWAY_SET_APART');
    expect(changes).toEqual([
      ['throttle', 'a'],
      ['less-detail', 'a'],
      ['block', 'a'],
    ]);
    expect(ask('a', 6000 + 60 * minute)).toBe('served');
  });

  test('a quarantine gives no predictions, and says what the model is', () => {
    const { standings } = opened({ steps: [{ response: 'quarantine', at: 10, forMs: minute }] });
    standings.heed(judgement, 'a', 0);
    expect(
      codeOf(() => {
        standings.require('a', true, 1);
      }),
    ).toBe('HF_GATEWAY_SET_APART');
    expect(
      codeOf(() => {
        standings.require('a', false, 1);
      }),
    ).toBe('served');
  });

  test('points of all callers together set the model apart, for all of them', () => {
    const { standings, changes } = opened({ steps: [], model: { at: 19.9, forMs: minute } });
    standings.heed(judgement, 'a', 0);
    expect(
      codeOf(() => {
        standings.require('c', true, 0);
      }),
    ).toBe('served');
    standings.heed(judgement, 'b', 0);
    expect(
      codeOf(() => {
        standings.require('c', true, 0);
      }),
    ).toBe('HF_GATEWAY_SET_APART');
    expect(
      codeOf(() => {
        standings.require('c', true, minute);
      }),
    ).toBe('served');
    expect(changes).toEqual([['quarantine', undefined]]);
  });

  test('evidence of another replica counts here, and a pardon ends it once', () => {
    const { standings } = opened();
    standings.know({ caller: 'a', response: 'block', untilMs: minute }, 0);
    expect(
      codeOf(() => {
        standings.require('a', true, 1);
      }),
    ).toBe('HF_GATEWAY_SET_APART');
    standings.know({ caller: 'a', response: 'none', untilMs: 0 }, 2);
    expect(
      codeOf(() => {
        standings.require('a', true, 3);
      }),
    ).toBe('served');
    expect([standings.takePardon('a'), standings.takePardon('a'), standings.takePardon('b')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('evidence of what was milder comes late, and makes nothing milder', () => {
    const { standings } = opened();
    for (let count = 0; count < 3; count += 1) standings.heed(judgement, 'a', 0);
    standings.know({ caller: 'a', response: 'throttle', untilMs: 10 * minute }, 1);
    expect(
      codeOf(() => {
        standings.require('a', true, 2);
      }),
    ).toBe('HF_GATEWAY_SET_APART');
  });

  test('thresholds move in steps within their bounds: down under attack, up after pardons', () => {
    const { standings, tunings } = opened({ tuning: { least: 0.5, most: 1, step: 2, direction: 'both' } });
    for (const caller of ['a', 'b', 'c'])
      for (let count = 0; count < 3; count += 1) standings.heed(judgement, caller, 0);
    expect(standings.factor).toBe(0.5);
    standings.heed(judgement, 'd', 1);
    // Ten points are two steps now: 10 × 0.5 and 20 × 0.5.
    expect(standings.isLessDetail('d', 1)).toBe(true);
    standings.know({ caller: 'a', response: 'none', untilMs: 0 }, 2);
    standings.know({ caller: 'b', response: 'none', untilMs: 0 }, 3);
    expect(standings.factor).toBe(1);
    expect(tunings.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      [1, 0.5, 'under-attack'],
      [0.5, 1, 'false-alarms'],
    ]);
  });

  test('of more callers than are remembered those that did nothing are forgotten', () => {
    const { standings } = opened();
    for (let count = 0; count < 3; count += 1) standings.heed(judgement, 'blocked', 0);
    for (let at = 0; at < 10_050; at += 1) standings.heed({ ...judgement, rule: 'gateway.schema.range' }, `c${at}`, 0);
    expect(
      codeOf(() => {
        standings.require('blocked', true, 1);
      }),
    ).toBe('HF_GATEWAY_SET_APART');
  });
});
