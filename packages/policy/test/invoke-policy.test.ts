import { decide } from '@holdfast/policy/decide';
import { invokePolicy, invokePolicyName } from '@holdfast/policy/invoke-policy.cedar';
import { loadPolicy } from '@holdfast/policy/load-policy';
import type { GateContext, Principal } from '@holdfast/policy/request';
import { describe, expect, test } from 'vitest';
import { complete } from './requests.ts';

const load = (text: string) => loadPolicy({ texts: [{ name: invokePolicyName, text }], knownChecks: ['scan'] });
const policy = load(invokePolicy);

const request = (principal: Partial<Principal>, context: Partial<GateContext> = {}, facts: object = complete) => ({
  principal: { id: 'key:ci', name: 'ci', roles: [], ...principal },
  action: 'invoke' as const,
  artifact: { id: 'sha256:3f9a', name: 'credit', facts },
  context: { environment: 'production', evidenceVerified: true, model: 'credit', ...context },
});

describe('the policy for callers', () => {
  test.each<[Partial<Principal>, Partial<GateContext>, boolean]>([
    [{}, {}, false],
    [{ roles: ['caller'] }, {}, true],
    [{ roles: ['builder', 'batch'] }, {}, false],
    [{ roles: ['Caller'] }, {}, false],
    [{ scopes: ['credit'] }, {}, true],
    [{ scopes: ['other', 'credit'] }, {}, true],
    [{ scopes: ['other'] }, {}, false],
    [{ scopes: [] }, {}, false],
    [{ scopes: ['credit'] }, { model: 'other' }, false],
    [{ scopes: 'credit' as unknown as string[] }, {}, false],
    [{ scopes: [1] as unknown as string[] }, {}, false],
    [{ roles: ['caller'] }, { evidenceVerified: false }, false],
  ])('of %o about %o says %s', (principal, context, allowed) => {
    expect(decide(policy, request(principal, context)).allowed).toBe(allowed);
  });

  test('lets nobody ask a model without a name, by scope', () => {
    const context = { environment: 'production', evidenceVerified: true };
    expect(decide(policy, { ...request({ scopes: ['credit'] }), context }).allowed).toBe(false);
  });

  test('lets nobody ask what is withdrawn, or of unknown standing', () => {
    const { standing, ...unknown } = complete;
    for (const facts of [unknown, { ...complete, standing: { ...standing, withdrawn: true } }]) {
      expect(decide(policy, request({ roles: ['caller'], scopes: ['credit'] }, {}, facts)).allowed).toBe(false);
    }
  });

  test('is about asking, and about nothing else', () => {
    for (const action of ['run', 'deploy', 'promote', 'decrypt'] as const) {
      expect(decide(policy, { ...request({ roles: ['caller'], scopes: ['credit'] }), action }).allowed).toBe(false);
    }
  });
});

describe('a policy of the project', () => {
  const when = (condition: string): string =>
    `@id("own") permit (principal, action == Holdfast::Action::"invoke", resource) when { ${condition} };`;

  test('can ask for a tenant and for evidence', () => {
    const own = load(
      when(
        'principal has tenant && principal.tenant == "bank" && resource has scan && resource.scan.verdict == "pass"',
      ),
    );
    expect(decide(own, request({ tenant: 'bank' })).allowed).toBe(true);
    expect(decide(own, request({ tenant: 'other' })).allowed).toBe(false);
    expect(decide(own, request({})).allowed).toBe(false);
    expect(decide(own, request({ tenant: 'bank' }, {}, { ...complete, checks: {} })).allowed).toBe(false);
  });

  test.each<[GateContext['binding'], boolean, boolean]>([
    [undefined, false, false],
    ['asserted', false, false],
    ['challenged', true, false],
    ['launched', true, true],
    ['believed' as 'asserted', false, false],
  ])('can ask how it is known that the model is what answers: %s', (binding, isChallenged, isLaunched) => {
    const context = binding === undefined ? {} : { binding };
    const level = load(when('context has bindingLevel && context.bindingLevel >= 1'));
    const word = load(when('context has binding && context.binding == "launched"'));
    expect([level, word].map((own) => decide(own, request({}, context)).allowed)).toEqual([isChallenged, isLaunched]);
    expect(decide(policy, request({ roles: ['caller'] }, context)).allowed).toBe(true);
  });

  test.each([
    `@id("own") forbid (principal, action, resource) when { principal has tenant && principal.tenant == "evil" };`,
    `@id("own") permit (principal, action, resource) unless { principal has scopes };`,
    when('!(principal has scopes)'),
    when('!(context has model)'),
  ])('that allows where something is missing is refused: %s', (text) => {
    expect(() => load(text)).toThrow(expect.objectContaining({ code: 'HF_POLICY_FAILS_OPEN' }) as Error);
  });
});
