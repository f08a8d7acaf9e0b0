import { describe, expect, it } from 'vitest';
import { runPolicyTests } from '../src/policy-test.ts';
import { complete, defaultLoaded } from './requests.ts';

const policy = defaultLoaded();
const context = { oldestEvidenceHours: 1 };
const good = { name: 'complete', action: 'deploy', facts: complete, context, expect: 'allow' };
const unapproved = { ...complete, approval: undefined };

describe('policy tests', () => {
  it('pass and fail with reasons', () => {
    const report = runPolicyTests(policy, [
      good,
      { ...good, name: 'no approval', facts: unapproved, expect: 'deny', because: ['second-person'] },
      { ...good, name: 'wrong reason', facts: unapproved, expect: 'deny', because: ['signed'] },
      { ...good, name: 'should have been denied', expect: 'deny' },
      { ...good, name: 'should have been allowed', facts: unapproved },
      { name: 'nothing at all', action: 'deploy', expect: 'deny' },
      {
        name: 'unverified',
        action: 'deploy',
        facts: complete,
        context: { ...context, evidenceVerified: false },
        expect: 'deny',
        because: ['evidence-verifies'],
      },
      {
        name: 'by nobody',
        action: 'deploy',
        facts: complete,
        context,
        principal: { id: '' },
        expect: 'deny',
        because: ['request'],
      },
    ]);
    expect(report.results.map(({ name, message }) => [name, message])).toEqual([
      ['complete', ''],
      ['no approval', ''],
      ['wrong reason', 'expected a denial because of signed, got second-person'],
      ['should have been denied', 'expected deny, got allow'],
      ['should have been allowed', 'expected allow, got deny because of second-person'],
      ['nothing at all', ''],
      ['unverified', ''],
      ['by nobody', ''],
    ]);
    expect([report.passed, report.failed]).toEqual([5, 3]);
  });

  it.each<[string, unknown]>([
    ['HF_POLICY_NO_CASES', []],
    ['HF_POLICY_CASES', {}],
    ['HF_POLICY_CASES', null],
    ['HF_POLICY_CASES', [null]],
    ['HF_POLICY_CASES', [[]]],
    ['HF_POLICY_CASES', [{ ...good, name: '' }]],
    ['HF_POLICY_CASES', [{ ...good, action: 'ship' }]],
    ['HF_POLICY_CASES', [{ ...good, expect: 'yes' }]],
    ['HF_POLICY_CASES', [{ ...good, expect: 'deny', becuase: ['x'] }]],
    ['HF_POLICY_CASES', [{ ...good, because: ['signed'] }]],
    ['HF_POLICY_CASES', [{ ...good, facts: 'all' }]],
    ['HF_POLICY_CASES', Array.from({ length: 10_001 }, () => good)],
  ])('%s', (code, cases) => {
    expect(() => runPolicyTests(policy, cases)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
