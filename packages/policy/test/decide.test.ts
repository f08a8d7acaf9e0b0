import { describe, expect, it } from 'vitest';
import type { ArtifactFacts } from '../src/artifact-facts.ts';
import { askAgain, decide } from '../src/decide.ts';
import { type LoadedPolicy, loadPolicy } from '../src/load-policy.ts';
import type { GateRequest, Reason } from '../src/request.ts';
import { complete, defaultLoaded, deploy } from './requests.ts';

const knownChecks = ['scan', 'trial.robustness'];
const load = (text: string): LoadedPolicy => loadPolicy({ texts: [{ name: 'p.cedar', text }], knownChecks });
const ask = '@id("ask") permit (principal, action, resource);';
const demand = (body: string, notes = ''): LoadedPolicy =>
  load(`${ask}\n@id("case") ${notes} forbid (principal, action, resource) unless { ${body} };`);

function reasonFor(body: string, facts: ArtifactFacts, notes = ''): Reason | undefined {
  const request = deploy({
    ...facts,
    standing: { withdrawn: false, ancestorWithdrawn: false, setAside: false, suspect: false },
  });
  return decide(demand(body, notes), request).reasons.find(({ policy }) => policy === 'case');
}

const scan = { verdict: 'fail', origin: 'reported', findings: 3, examined: 8, total: 9 } as const;

describe('explanations', () => {
  // Expected texts are those of the walkthrough, or follow its form.
  it.each<[string, string, ArtifactFacts, Omit<Reason, 'policy'>]>([
    [
      'a floor that is not reached',
      'resource has trial.robustness.metrics.accuracy && resource.trial.robustness.metrics.accuracy.greaterThanOrEqual(decimal("0.40"))',
      { checks: { 'trial.robustness': { ...scan, metrics: { accuracy: 0.312 } } } },
      {
        message: 'trial.robustness.metrics.accuracy measured 0.312, policy asks 0.40',
        measured: '0.312',
        asked: '0.40',
      },
    ],
    [
      'four digits, where nothing hangs on more',
      'resource has metrics.accuracy && resource.metrics.accuracy.greaterThanOrEqual(decimal("0.60"))',
      { metrics: { accuracy: 0.06567044866909588 } },
      {
        message: 'metrics.accuracy measured 0.06567, policy asks 0.60',
        measured: '0.06567044866909588',
        asked: '0.60',
        fix: 'holdfast run evaluate',
      },
    ],
    [
      'the exact value, where rounding decided',
      'resource has metricsAtMost.loss && resource.metricsAtMost.loss.lessThanOrEqual(decimal("0.4"))',
      { metrics: { loss: 0.40003 } },
      {
        message: 'metricsAtMost.loss measured 0.40003, policy asks at most 0.4',
        measured: '0.40003',
        asked: 'at most 0.4',
        fix: 'holdfast run evaluate',
      },
    ],
    [
      'a group that is missing',
      'resource has provenance && resource.provenance.complete',
      {},
      { message: 'no evidence of provenance', missing: 'provenance', fix: 'holdfast run' },
    ],
    [
      'a group of checks that is missing',
      'resource has trial && resource.trial has robustness',
      {},
      { message: 'no evidence of trial', missing: 'trial', fix: 'holdfast run' },
    ],
    [
      'a check inside a group',
      'resource has trial.robustness && resource.trial.robustness.verdict == "pass"',
      {},
      { message: 'no evidence of trial.robustness', missing: 'trial.robustness', fix: 'holdfast run' },
    ],
    [
      'a scan that nobody made',
      'resource has scan && resource.scan.verdict == "pass"',
      {},
      { message: 'no evidence of scan', missing: 'scan', fix: 'holdfast run' },
    ],
    [
      'a check that could not tell',
      'resource has scan && resource.scan.verdict == "pass"',
      { checks: { scan: { ...scan, verdict: 'unknown' } } },
      {
        message: 'scan could not tell: its verdict is unknown',
        missing: 'scan',
        fix: 'holdfast scan build/model --explain',
      },
    ],
    [
      'a word',
      'resource has scan && resource.scan.verdict == "pass"',
      { checks: { scan } },
      {
        message: 'scan.verdict measured fail, policy asks pass',
        measured: 'fail',
        asked: 'pass',
        fix: 'holdfast scan build/model --explain',
      },
    ],
    [
      'one of several words',
      'resource has scan && ["pass", "warn"].contains(resource.scan.verdict)',
      { checks: { scan } },
      {
        message: 'scan.verdict measured fail, policy asks one of pass, warn',
        measured: 'fail',
        asked: 'one of pass, warn',
        fix: 'holdfast scan build/model --explain',
      },
    ],
    [
      'an element of a set',
      'resource has signature && resource.signature.keys.contains("cc")',
      { signature: complete.signature },
      {
        message: 'signature.keys measured bb, policy asks cc',
        measured: 'bb',
        asked: 'cc',
        fix: 'holdfast sign build/model',
      },
    ],
    [
      'a constant on the left',
      'resource has scan && 2 >= resource.scan.findings',
      { checks: { scan } },
      {
        message: 'scan.findings measured 3, policy asks at most 2',
        measured: '3',
        asked: 'at most 2',
        fix: 'holdfast scan build/model --explain',
      },
    ],
    [
      'what must be false',
      'resource has scan && !(resource.scan.findings > 1)',
      { checks: { scan } },
      { message: 'does not hold: !(resource.scan.findings > 1)' },
    ],
    [
      'a truth value',
      'resource has provenance && resource.provenance.byOwner',
      { provenance: { ...complete.provenance, byOwner: false } },
      {
        message: 'provenance.byOwner measured false, policy asks true',
        measured: 'false',
        asked: 'true',
        fix: 'holdfast run',
      },
    ],
    [
      'no age',
      'context has oldestEvidenceHours && context.oldestEvidenceHours <= 1',
      {},
      {
        message: 'context.oldestEvidenceHours measured 3, policy asks at most 1',
        measured: '3',
        asked: 'at most 1',
        fix: 'holdfast run --due',
      },
    ],
  ])('%s', (_, body, facts, expected) => {
    expect(reasonFor(body, facts)).toEqual({ policy: 'case', ...expected });
  });

  it('prefers what the policy itself says, and quotes names for the shell', () => {
    const notes = '@why("nobody has approved {artifact} for {environment}") @fix("holdfast approve {artifact}")';
    const request: GateRequest = {
      ...deploy(complete),
      artifact: { id: 'sha256:00', name: "it's; rm -rf \u001b[2J", facts: { standing: complete.standing } },
    };
    expect(decide(demand('resource has approval', notes), request).reasons).toEqual([
      {
        policy: 'case',
        message: "nobody has approved it's; rm -rf ?[2J for production",
        missing: 'approval',
        fix: `holdfast approve 'it'\\''s; rm -rf ?[2J'`,
      },
    ]);
  });

  it('says when no policy permits, and which permit comes closest', () => {
    const permit = load(
      '@id("p") permit (principal, action == Holdfast::Action::"run", resource) when { resource has approval && resource.approval.count >= 2 };',
    );
    const run = { ...deploy({ approval: { count: 1, byOthers: 1 } }), action: 'run' } as const;
    expect(decide(permit, run).reasons).toMatchObject([{ policy: 'p', measured: '1', asked: '2' }]);
    expect(decide(permit, { ...run, action: 'seal' as 'sign' }).reasons).toMatchObject([{ policy: 'request' }]);
    expect(decide(permit, { ...run, action: 'sign' }).reasons).toEqual([
      { policy: 'request', message: 'no policy permits `sign` here', fix: 'add a permit for it to the policy' },
    ]);
  });

  it('lists the requirements that apply and were met', () => {
    const policy = load(`${ask}
      @id("elsewhere") forbid (principal, action == Holdfast::Action::"run", resource) unless { resource has approval };
      @id("staging") forbid (principal, action, resource) when { context.environment == "staging" } unless { resource has approval };
      @id("here") forbid (principal is Holdfast::Key, action in [Holdfast::Action::"deploy"], resource) unless { resource has kind };
      @id("people") forbid (principal is Holdfast::Person, action, resource) unless { resource has kind };
      @id("other") forbid (principal, action, resource == Holdfast::Artifact::"sha256:99") unless { resource has kind };`);
    expect(decide(policy, deploy(complete)).passed).toEqual(['here', 'withdrawn', 'planted', 'evidence-verifies']);
    expect(decide(policy, deploy(complete, { environment: 'staging' })).passed).toContain('staging');
    const person = { ...deploy(complete), principal: { type: 'Person', id: 'ann', name: 'Ann', roles: [] } } as const;
    expect(decide(policy, person).passed).toEqual(['people', 'withdrawn', 'planted', 'evidence-verifies']);
  });
});

describe('a decision', () => {
  it('can be asked again from its record', () => {
    const policy = defaultLoaded();
    const allowed = decide(policy, deploy(complete));
    const denied = decide(policy, deploy({ ...complete, risk: 'high' }));
    expect([allowed.allowed, denied.allowed]).toEqual([true, false]);
    expect(askAgain(policy, allowed.request!)).toBe(true);
    expect(askAgain(policy, denied.request!)).toBe(false);
    expect(askAgain(policy, { ...allowed.request!, entities: denied.request!.entities })).toBe(false);
    expect(askAgain(policy, { ...allowed.request!, entities: '[]' })).toBe(false);
    expect(askAgain(policy, { ...allowed.request!, context: '{' })).toBe(false);
    expect(askAgain(policy, { ...allowed.request!, context: '{"evidenceVerified":1}' })).toBe(false);
  });

  it('is a denial when a policy fails at run time, although Cedar skips it', () => {
    // Validated policies cannot fail; this one has not been through the loader. Cedar would answer allow.
    const policy = demand('resource has standing');
    const policies = {
      ...policy.prepared.policies,
      boom: 'forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };',
    };
    const broken = { ...policy, prepared: { ...policy.prepared, policies, digest: 'boom' } };
    expect(decide(policy, deploy(complete)).allowed).toBe(true);
    const decision = decide(broken, deploy(complete));
    expect(decision.allowed).toBe(false);
    expect(decision.reasons).toMatchObject([{ policy: 'boom' }]);
    expect(askAgain(broken, decision.request!)).toBe(false);
  });

  it('has the same digest for the same facts in another order', () => {
    const policy = load(
      `${ask}\n@id("k") forbid (principal, action, resource) unless { resource has signature && resource.signature.keys.contains("a") };`,
    );
    const digest = (keys: string[]): string =>
      decide(policy, deploy({ signature: { byTrustedKey: true, keys, valid: true } })).entitiesDigest;
    expect(digest(['a', 'b', 'a'])).toBe(digest(['b', 'a']));
    expect(digest(['a'])).not.toBe(digest(['b']));
  });

  it('stays right while more policy sets are in use than the engine has slots', () => {
    const policies = Array.from({ length: 20 }, (_, count) =>
      demand(`resource has approval && resource.approval.count >= ${count}`),
    );
    const facts = { approval: { count: 10, byOthers: 0 }, standing: complete.standing };
    for (let round = 0; round < 2; round++) {
      expect(policies.map((policy) => decide(policy, deploy(facts)).allowed)).toEqual(
        policies.map((_, count) => count <= 10),
      );
      // A set that cannot be prepared must not leave its slot behind under another's name.
      const broken = {
        ...policies[0]!,
        prepared: { ...policies[0]!.prepared, digest: 'broken', policies: { a: 'no' } },
      };
      expect(decide(broken, deploy(facts)).allowed).toBe(false);
    }
  });

  it('denies a principal, context or instant that is malformed', () => {
    const policy = load(
      `${ask}\n@id("n") forbid (principal, action, resource) unless { context has now && context.now < datetime("2027-01-01") };`,
    );
    const at = (now: string): boolean => decide(policy, deploy(complete, { now })).allowed;
    expect(at('2026-11-20T10:00:00.000Z')).toBe(true);
    expect(at('2027-11-20T10:00:00Z')).toBe(false);
    expect(at('2026-02-31T10:00:00Z')).toBe(false);
    expect(at('yesterday')).toBe(false);
    const request = deploy(complete, { now: '2026-11-20T10:00:00.000Z' });
    for (const principal of [
      { id: '', name: 'a', roles: [] },
      { id: 'a', name: 'a', roles: [1] },
      { id: 'a', name: 'a', roles: [], type: 'Robot' },
    ]) {
      expect(decide(policy, { ...request, principal: principal as never }).allowed).toBe(false);
    }
    expect(decide(policy, { ...request, context: undefined as never }).allowed).toBe(false);
  });
});
