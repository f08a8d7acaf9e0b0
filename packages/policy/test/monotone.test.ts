import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArtifactFacts } from '../src/artifact-facts.ts';
import { decide, isAllowed } from '../src/decide.ts';
import { PolicyError } from '../src/errors.ts';
import { type LoadedPolicy, loadPolicy } from '../src/load-policy.ts';
import { complete, deploy } from './requests.ts';

/**
 * The rule's promise, tried on random conditions: whatever the loader accepts never allows more when evidence is
 * taken away, and never allows for a rounded number what it would not allow for the exact one.
 */
const atoms = [
  'resource has scan',
  'resource has standing',
  'resource has trial.robustness.metrics.accuracy',
  'context has oldestEvidenceHours',
  'context.environment == "production"',
  'principal.roles.contains("builder")',
  '(resource has scan && resource.scan.verdict == "pass")',
  '(resource has scan && resource.scan.verdict != "fail")',
  '(resource has standing && resource.standing.withdrawn)',
  '(resource has standing && !resource.standing.withdrawn)',
  '(resource has approval && resource.approval.byOthers < 2)',
  '(resource has approval && [1, 2].contains(resource.approval.byOthers))',
  '(resource has metrics.accuracy && resource.metrics.accuracy.greaterThan(decimal("0.5")))',
  '(resource has metrics.accuracy && resource.metrics.accuracy.lessThan(decimal("0.5")))',
  '(context has oldestEvidenceHours && context.oldestEvidenceHours > 10)',
  '(resource has kind && resource.kind like "m*")',
  'true',
];

const condition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    fc.constantFrom(...atoms),
    tie('any').map((a) => `!(${a})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a} || ${b})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `((${a}) == (${b}))`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `[${a}, ${b}].contains(false)`),
  ),
})).any;

const shell = (effect: 'permit' | 'forbid', body: string): string =>
  effect === 'permit'
    ? `@id("case") permit (principal, action, resource) when { ${body} };`
    : `@id("all") permit (principal, action, resource); @id("case") forbid (principal, action, resource) unless { ${body} };`;

/** Undefined where the loader refuses the condition. */
function accepted(effect: 'permit' | 'forbid', body: string): LoadedPolicy | undefined {
  try {
    return loadPolicy({
      texts: [{ name: 'case', text: shell(effect, body) }],
      knownChecks: ['scan', 'trial.robustness'],
    });
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return undefined;
  }
}

const groups = ['kind', 'approval', 'metrics', 'standing', 'checks'] as const;

/** `sign` has no built-in demands, so that the condition alone decides. */
function allowedWith(policy: LoadedPolicy, facts: ArtifactFacts, hours: boolean): boolean {
  const { context, ...request } = deploy(facts);
  const { oldestEvidenceHours, ...rest } = context;
  return isAllowed(policy, {
    ...request,
    action: 'sign',
    context: hours && oldestEvidenceHours !== undefined ? { ...rest, oldestEvidenceHours } : rest,
  });
}

const some = fc.record({
  withdrawn: fc.boolean(),
  verdict: fc.constantFrom('pass', 'warn', 'fail'),
  byOthers: fc.constantFrom(0, 1, 2),
  accuracy: fc.constantFrom(0.4, 0.5, 0.6),
});

function factsOf(values: { withdrawn: boolean; verdict: string; byOthers: number; accuracy: number }): ArtifactFacts {
  return {
    ...complete,
    standing: { withdrawn: values.withdrawn, ancestorWithdrawn: false, setAside: false, suspect: false },
    approval: { count: 2, byOthers: values.byOthers },
    metrics: { accuracy: values.accuracy },
    checks: { ...complete.checks, scan: { ...complete.checks.scan, verdict: values.verdict as 'pass' } },
  };
}

describe('the fail-closed rule', () => {
  it('accepts only conditions that missing evidence cannot make true', { timeout: 120_000 }, () => {
    let loaded = 0;
    fc.assert(
      fc.property(fc.constantFrom('permit', 'forbid'), condition, some, (effect, body, values) => {
        const policy = accepted(effect, body);
        if (policy === undefined) return;
        loaded++;
        const facts = factsOf(values);
        const whole = allowedWith(policy, facts, true);
        for (const group of groups) {
          const less = Object.fromEntries(Object.entries(facts).filter(([name]) => name !== group));
          // Allowed with less must mean allowed with more.
          if (allowedWith(policy, less, true)) expect({ body, group, whole }).toMatchObject({ whole: true });
        }
        if (allowedWith(policy, facts, false)) expect({ body, group: 'age', whole }).toMatchObject({ whole: true });
        if (allowedWith(policy, {}, false)) expect({ body, group: 'all', whole }).toMatchObject({ whole: true });
      }),
      { numRuns: 1500, seed: 20261120 },
    );
    expect(loaded).toBeGreaterThan(200);
  });

  it('rounds against the artifact under any nesting', () => {
    const floor = '(resource has metrics.accuracy && resource.metrics.accuracy.greaterThanOrEqual(decimal("0.4001")))';
    const ceiling =
      '(resource has metricsAtMost.accuracy && resource.metricsAtMost.accuracy.lessThanOrEqual(decimal("0.4")))';
    for (const [body, value] of [
      [floor, 0.40005],
      [ceiling, 0.40005],
      [ceiling.replace('.lessThanOrEqual(decimal("0.4"))', '.greaterThan(decimal("0.4")) == false'), 0.40005],
      [`!(!${floor})`, 0.40009],
    ] as const) {
      const policy = accepted('permit', body);
      expect(policy === undefined ? false : allowedWith(policy, { metrics: { accuracy: value } }, true)).toBe(false);
    }
    const exact = accepted('permit', `${floor} || ${ceiling}`);
    expect(exact && allowedWith(exact, { metrics: { accuracy: 0.4001 } }, true)).toBe(true);
    expect(exact && allowedWith(exact, { metrics: { accuracy: 0.4 } }, true)).toBe(true);
  });

  it('lets no check stand in for another group, and no unknown name into the entity', () => {
    const policy = loadPolicy({
      texts: [{ name: 'a', text: shell('permit', 'resource has scan') }],
      knownChecks: ['scan', 'trial.robustness'],
    });
    const forged = { verdict: 'pass', origin: 'measured', findings: 0, examined: 0, total: 0 };
    const facts = {
      checks: {
        standing: { ...forged, withdrawn: false, ancestorWithdrawn: false, setAside: false, suspect: false },
        scan: forged,
        'scan.deep': forged,
        __proto__: forged,
        constructor: forged,
      },
    } as unknown as ArtifactFacts;
    const decision = decide(policy, deploy(facts));
    expect(decision.reasons.map(({ policy: id }) => id)).toEqual(['withdrawn', 'planted']);
    expect(JSON.parse(decision.request?.entities ?? '')).toEqual([
      { uid: { type: 'Holdfast::Artifact', id: 'sha256:3f9a' }, attrs: { scan: {} }, parents: [] },
    ]);
  });
});
