import { describe, expect, it } from 'vitest';
import { decide, isAllowed } from '../src/decide.ts';
import type { GateRequest } from '../src/request.ts';
import { complete, defaultLoaded, deploy, mutated, mutations, seeded } from './requests.ts';
import { wrongAnswers } from './search.ts';

const policy = defaultLoaded();

describe('the default policy and missing evidence', () => {
  it('allows when everything is there', () => {
    expect(decide(policy, deploy(complete))).toMatchObject({ allowed: true, reasons: [] });
  });

  it.each(mutations)('%s: harmful %s', (_, harmful, change) => {
    const facts = structuredClone(complete);
    const draft = { facts, request: { ...deploy(facts) } as Record<string, unknown> };
    change(draft);
    const decision = decide(policy, draft.request as unknown as GateRequest);
    expect(decision.allowed).toBe(!harmful);
    expect(decision.reasons.length > 0).toBe(harmful);
  });

  const requests = process.env['HOLDFAST_LONG'] === '1' ? 20_000 : 4000;
  it(`denies ${requests} requests with evidence removed or made worse, and only those`, { timeout: 240_000 }, () => {
    expect(wrongAnswers(policy, requests, 20261120)).toEqual([]);
  });

  it('gives the same answer with and without reasons', () => {
    const random = seeded(7);
    for (let count = 0; count < 300; count++) {
      const { request } = mutated(random, count % 3);
      expect(decide(policy, request).allowed).toBe(isAllowed(policy, request));
    }
  });
});
