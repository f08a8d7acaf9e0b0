import { decide } from '@holdfast/policy/decide';
import { loadPolicy } from '@holdfast/policy/load-policy';
import type { GateContext } from '@holdfast/policy/request';
import { runPolicy, runPolicyName } from '@holdfast/policy/run-policy.cedar';
import { describe, expect, test } from 'vitest';

const policy = loadPolicy({ texts: [{ name: runPolicyName, text: runPolicy }], knownChecks: ['data.classify'] });

const ask = (context: Partial<GateContext>) =>
  decide(policy, {
    principal: { id: 'ab12', name: 'ci', roles: ['builder'] },
    action: 'run',
    artifact: { id: 'sha256:3f9a', name: 'people', facts: {} },
    context: { environment: 'run', evidenceVerified: true, ...context },
  });

// By hand: 2 is confidential, 3 restricted; isolation 0 none, 1 sandbox.
const cases: readonly [Partial<GateContext>, readonly string[]][] = [
  [{ classLevel: 0, network: 'open', isolationLevel: 0 }, []],
  [{ classLevel: 1, network: 'listed', isolationLevel: 1 }, []],
  [{ classLevel: 2, network: 'none', isolationLevel: 1 }, []],
  [{ classLevel: 2, network: 'listed', isolationLevel: 1 }, ['confidential-offline']],
  [{ classLevel: 2, network: 'open', isolationLevel: 0 }, ['confidential-offline']],
  [{ classLevel: 3, network: 'none', isolationLevel: 1 }, []],
  [{ classLevel: 3, network: 'none', isolationLevel: 0 }, ['restricted-confined']],
  [{ classLevel: 3, network: 'open', isolationLevel: 0 }, ['confidential-offline', 'restricted-confined']],
  [{ network: 'none', isolationLevel: 3 }, ['class-known', 'confidential-offline', 'restricted-confined']],
  [{ classLevel: 2 }, ['confidential-offline']],
  [{ classLevel: 3, network: 'none' }, ['restricted-confined']],
];

describe('the policy for stages', () => {
  test.each(cases)('%o is denied by %o', (context, by) => {
    const { allowed, reasons } = ask(context);
    expect(reasons.map((reason) => reason.policy).toSorted()).toEqual(by.toSorted());
    expect(allowed).toBe(by.length === 0);
  });

  test('says why, and what to do', () => {
    const [reason] = ask({ classLevel: 2, network: 'open', isolationLevel: 1 }).reasons;
    expect(reason).toMatchObject({ message: 'people is confidential, and the stage can reach a network' });
    expect(reason?.fix).toMatch(/^leave out `network`/);
  });

  test('is about runs, and about nothing else', () => {
    const { allowed } = decide(policy, {
      principal: { id: 'ab12', name: 'ci', roles: ['builder'] },
      action: 'deploy',
      artifact: { id: 'sha256:3f9a', name: 'people', facts: {} },
      context: { environment: 'run', evidenceVerified: true, classLevel: 0 },
    });
    expect(allowed).toBe(false);
  });
});
