import { describe, expect, it } from 'vitest';
import type { ArtifactFacts, CheckFacts } from '../src/artifact-facts.ts';
import { decide } from '../src/decide.ts';
import { defaultPolicy } from '../src/default-policy.ts';
import { PolicyError } from '../src/errors.ts';
import { loadPolicy } from '../src/load-policy.ts';
import { complete, defaultLoaded, deploy, seeded } from './requests.ts';

/** What the default policy asks, written out without Cedar. */
function oracle(f: ArtifactFacts, hours: number | undefined): string[] {
  const failed = (id: string, holds: boolean | undefined): string[] => (holds === true ? [] : [id]);
  const check = (name: string): CheckFacts | undefined => f.checks?.[name];
  return [
    ...failed('provenance', f.provenance && f.provenance.complete && f.provenance.byBuilder),
    ...failed('by-owner', f.provenance?.byOwner),
    ...failed('accuracy-floor', (f.metrics?.['accuracy'] ?? -1) >= 0.7),
    ...failed('separate-evaluation', f.evaluation && f.evaluation.runs >= 1 && f.evaluation.separate),
    ...failed('signed', f.signature && f.signature.valid && f.signature.byTrustedKey),
    ...failed('second-person', (f.approval?.byOthers ?? 0) >= 1),
    ...failed('fresh', hours !== undefined && hours <= 720),
    ...failed('high-risk', f.risk === 'low' || f.risk === 'medium' || (f.approval?.byOthers ?? 0) >= 2),
    ...failed('scanned', check('scan')?.verdict === 'pass' && check('scan')?.origin === 'measured'),
    ...failed('trial-robustness', check('trial.robustness')?.verdict === 'pass'),
    ...failed('withdrawn', f.standing && !f.standing.withdrawn && !f.standing.ancestorWithdrawn),
    ...failed('planted', f.standing && !f.standing.setAside && !f.standing.suspect),
  ].sort();
}

type Draft = { -readonly [K in keyof ArtifactFacts]: ArtifactFacts[K] };

function randomFacts(random: () => number): ArtifactFacts {
  // Mostly the good value, so that allowed requests occur, too.
  const pick = <T>(good: T, ...others: T[]): T =>
    random() < 0.85 ? good : others[Math.floor(random() * others.length)]!;
  const check = {
    ...complete.checks.scan,
    verdict: pick<CheckFacts['verdict']>('pass', 'warn', 'fail', 'unknown'),
    origin: pick<CheckFacts['origin']>('measured', 'reported'),
  };
  const facts: Draft = {
    provenance: {
      ...complete.provenance,
      complete: pick(true, false),
      byOwner: pick(true, false),
      byBuilder: pick(true, false),
    },
    evaluation: { runs: pick(1, 0), separate: pick(true, false) },
    metrics: { accuracy: pick(0.8, 0.69999, 0.7, 0) },
    signature: { ...complete.signature, valid: pick(true, false), byTrustedKey: pick(true, false) },
    approval: { count: 2, byOthers: pick(1, 0, 2) },
    standing: {
      ...{ withdrawn: pick(false, true), ancestorWithdrawn: pick(false, true) },
      ...{ setAside: pick(false, true), suspect: pick(false, true) },
    },
    risk: pick('low', 'medium', 'high', ''),
    checks: { scan: check, 'trial.robustness': { ...check, verdict: pick('pass', 'fail') } },
  };
  for (const group of Object.keys(facts) as (keyof Draft)[]) {
    if (random() < 0.03) Reflect.deleteProperty(facts, group);
  }
  return facts;
}

describe('the default policy', () => {
  const policy = defaultLoaded();

  it('denies for exactly the reasons of its description', { timeout: 120_000 }, () => {
    const random = seeded(42);
    let allowed = 0;
    for (let count = 0; count < 2000; count++) {
      const facts = randomFacts(random);
      const hours = random() < 0.9 ? Math.floor(random() * 760) : undefined;
      const { context, ...request } = deploy(facts);
      const rest = { environment: context.environment, evidenceVerified: context.evidenceVerified };
      const decision = decide(policy, {
        ...request,
        context: hours === undefined ? rest : { ...rest, oldestEvidenceHours: hours },
      });
      const expected = oracle(facts, hours);
      expect(decision.reasons.map((reason) => reason.policy).sort()).toEqual(expected);
      expect(decision.allowed).toBe(expected.length === 0);
      expect(decision.reasons.length + decision.passed.length).toBe(13);
      if (decision.allowed) allowed++;
    }
    expect(allowed).toBeGreaterThan(50);
  });

  it('takes two others where the risk is high', () => {
    const high = (byOthers: number): boolean =>
      decide(policy, deploy({ ...complete, risk: 'high', approval: { count: 3, byOthers } })).allowed;
    expect([high(0), high(1), high(2)]).toEqual([false, false, true]);
  });

  it('has a comment above each rule', () => {
    const text = defaultPolicy({ floors: { accuracy: 0.7 }, checks: ['scan'], maxAgeHours: 24 });
    for (const block of text.split(/\n\n/).filter((part) => part.includes('@id')))
      expect(block).toMatch(/^(\/\/.*\n)+@id/);
    expect(text).toContain('resource.metrics.accuracy.greaterThanOrEqual(decimal("0.70"))');
    expect(text).toContain('context.oldestEvidenceHours <= 24');
  });

  it('loads for any names of metrics and checks', () => {
    const checks = ['scan', 'in', 'a-b.c', 'data.pii', 'data-pii', 'signed'];
    const floors = { 'f1 "macro"\n': 1, 'f1 _macro__': -0.0001, if: 0.25, ['x'.repeat(100)]: 12, '-': 0 };
    const text = defaultPolicy({ floors: { ...floors, a: 1e-4 }, checks, maxAgeHours: 1 });
    // A control character is no name that evidence can carry into a policy.
    expect(() => loadPolicy({ texts: [{ name: 'p', text }], knownChecks: checks })).toThrow(PolicyError);
    const named = Object.fromEntries(Object.entries(floors).slice(1));
    const clean = defaultPolicy({ floors: { ...named, 'f1 "macro"': 1 }, checks, maxAgeHours: 1 });
    expect(loadPolicy({ texts: [{ name: 'p', text: clean }], knownChecks: checks }).rules.length).toBe(22);
  });

  it.each([
    ['a floor that decimals cannot hold', { floors: { a: 0.70001 }, checks: [], maxAgeHours: 1 }],
    ['a floor that is no number', { floors: { a: Number.NaN }, checks: [], maxAgeHours: 1 }],
    ['a metric without name', { floors: { '': 1 }, checks: [], maxAgeHours: 1 }],
    ['an age of nothing', { floors: {}, checks: [], maxAgeHours: 0 }],
    ['half an hour', { floors: {}, checks: [], maxAgeHours: 0.5 }],
    ['no name of a check', { floors: {}, checks: ['x"};'], maxAgeHours: 1 }],
  ])('refuses %s', (_, options) => {
    expect(() => defaultPolicy(options)).toThrow(expect.objectContaining({ code: 'HF_POLICY_DEFAULTS' }) as Error);
  });
});
