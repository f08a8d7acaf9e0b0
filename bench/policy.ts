import { writeSync } from 'node:fs';
import type { ArtifactFacts } from '@holdfast/policy/artifact-facts';
import { askOnce, policyJson } from '@holdfast/policy/cedar';
import { decide, isAllowed } from '@holdfast/policy/decide';
import { defaultPolicy } from '@holdfast/policy/default-policy';
import { loadPolicy } from '@holdfast/policy/load-policy';
import type { GateRequest } from '@holdfast/policy/request';

/** A warm gate decision: the default policy and more demands on its eight checks, 50 policies; 10,000 decisions of each kind. */
const name = 'policy: one gate decision';
const policies = 50;
const decisions = 10_000;
const statelessDecisions = 500;

interface Row {
  readonly case: string;
  readonly decisions: number;
  readonly p50: number;
  readonly p99: number;
  readonly unit: 'ms';
}

const checks = Array.from({ length: 8 }, (_, index) => `check.number${index}`);
/** What the default policy always asks for is one of them. */
const known = [...checks, 'scan'];
const defaults = defaultPolicy({ floors: { accuracy: 0.7 }, checks, maxAgeHours: 720 });

/** More demands on the same checks, until there are 50 policies with the built-in ones. */
const demands = ['origin == "measured"', 'findings <= 3', 'examined >= 5', 'total >= 5', 'verdict != "fail"'];
const fixed = loadPolicy({ texts: [{ name: 'default', text: defaults }], knownChecks: known }).rules.length;
const more = checks
  .flatMap((check) => demands.map((demand) => `resource has ${check} && resource.${check}.${demand}`))
  .slice(0, policies - fixed)
  .map((body, index) => `@id("more-${index}") forbid (principal, action, resource) unless { ${body} };`);
const text = [defaults, ...more].join('\n');

const complete: ArtifactFacts = {
  kind: 'model',
  risk: 'low',
  provenance: {
    complete: true,
    byOwner: true,
    byBuilder: true,
    isolation: 'none',
    runs: 3,
    stages: ['prepare', 'train', 'evaluate'],
    anomalies: 0,
    builders: ['ab'.repeat(32)],
  },
  evaluation: { runs: 1, separate: true },
  metrics: { accuracy: 0.8 },
  signature: { valid: true, keys: ['ab'.repeat(32)], byTrustedKey: true },
  approval: { count: 1, byOthers: 1 },
  standing: { withdrawn: false, ancestorWithdrawn: false, setAside: false, suspect: false },
  checks: Object.fromEntries(
    known.map((check) => [
      check,
      { verdict: 'pass', origin: 'measured', findings: 0, examined: 9, total: 9, metrics: { score: 0.5 } } as const,
    ]),
  ),
};

const asking = (facts: ArtifactFacts): GateRequest => ({
  principal: { id: 'ab'.repeat(32), name: 'ci', roles: ['builder'] },
  action: 'deploy',
  artifact: { id: `sha256:${'cd'.repeat(32)}`, name: 'build/model', facts },
  context: { environment: 'production', evidenceVerified: true, oldestEvidenceHours: 3 },
});

function measure(label: string, times: number, once: () => boolean, expected: boolean): Row {
  const spent: number[] = [];
  for (let round = -100; round < times; round++) {
    const start = process.hrtime.bigint();
    const answer = once();
    if (round >= 0) spent.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (answer !== expected) throw new Error(`${label}: answered ${String(answer)}`);
  }
  spent.sort((a, b) => a - b);
  const at = (share: number): number => spent[Math.min(spent.length - 1, Math.floor(spent.length * share))] ?? 0;
  return { case: label, decisions: times, p50: at(0.5), p99: at(0.99), unit: 'ms' };
}

/** Measures on one core; the stateless rows parse policies and schema for each decision, as a peer without cache does. */
export function run(): { name: string; rows: Row[] } {
  const policy = loadPolicy({ texts: [{ name: 'production.cedar', text }], knownChecks: known });
  if (policy.rules.length !== policies) throw new Error(`${policy.rules.length} policies instead of ${policies}`);
  const allowed = asking(complete);
  const denied = asking({ ...complete, approval: { count: 0, byOthers: 0 } });
  const { request } = decide(policy, allowed);
  const parsed = Object.fromEntries(policy.rules.map((rule) => [rule.id, policyJson(rule.text)]));
  const stateless = (): boolean => {
    const read = (part: keyof NonNullable<typeof request>): never => JSON.parse(request?.[part] ?? '') as never;
    const question = {
      principal: read('principal'),
      action: read('action'),
      resource: read('resource'),
      context: read('context'),
      entities: read('entities'),
    };
    const answer = askOnce(parsed, question, policy.schema);
    return answer.ok && answer.response.decision === 'allow';
  };
  return {
    name,
    rows: [
      measure('decide, allowed', decisions, () => decide(policy, allowed).allowed, true),
      measure('decide, denied with reasons', decisions, () => decide(policy, denied).allowed, false),
      measure('isAllowed, allowed', decisions, () => isAllowed(policy, allowed), true),
      measure('isAllowed, denied', decisions, () => isAllowed(policy, denied), false),
      measure('stateless Cedar, allowed', statelessDecisions, stateless, true),
    ],
  };
}

if (import.meta.main) {
  const { rows } = run();
  writeSync(1, `${name}, ${policies} policies\n`);
  for (const row of rows) {
    writeSync(
      1,
      `${row.case.padEnd(30)} p50 ${row.p50.toFixed(3)} ms  p99 ${row.p99.toFixed(3)} ms  (${row.decisions})\n`,
    );
  }
}
