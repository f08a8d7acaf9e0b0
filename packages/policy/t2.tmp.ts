import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { decide, isAllowed } from './src/decide.ts';
import { defaultPolicy } from './src/default-policy.ts';
import { loadPolicy } from './src/load-policy.ts';

for (const nc of [37, 8]) {
  const checks = Array.from({ length: nc }, (_, index) => `check.number${index}`);
  let text = defaultPolicy({ floors: { accuracy: 0.7 }, checks, maxAgeHours: 720 });
  for (let i = nc; i < 37; i++)
    text += `\n@id("x${i}") forbid (principal, action == Holdfast::Action::"deploy", resource) unless { resource has check.number${i % nc} && resource.check.number${i % nc}.verdict == "pass" && resource.check.number${i % nc}.findings <= ${i} };`;
  const p = loadPolicy({ texts: [{ name: 'production.cedar', text }], knownChecks: checks });
  const facts: any = {
    kind: 'model',
    risk: 'low',
    provenance: {
      complete: true,
      byOwner: true,
      byBuilder: true,
      isolation: 'none',
      runs: 3,
      stages: ['a', 'b', 'c'],
      anomalies: 0,
      builders: ['ab'.repeat(32)],
    },
    evaluation: { runs: 1, separate: true },
    metrics: { accuracy: 0.8 },
    signature: { valid: true, keys: ['ab'.repeat(32)], byTrustedKey: true },
    approval: { count: 1, byOthers: 1 },
    standing: { withdrawn: false, ancestorWithdrawn: false },
    checks: Object.fromEntries(
      checks.map((c) => [
        c,
        { verdict: 'pass', origin: 'measured', findings: 0, examined: 9, total: 9, metrics: { score: 0.5 } },
      ]),
    ),
  };
  const rq: any = {
    principal: { id: 'ab', name: 'ci', roles: ['builder'] },
    action: 'deploy',
    artifact: { id: 'sha256:11', facts },
    context: { environment: 'p', evidenceVerified: true, oldestEvidenceHours: 3 },
  };
  const d = decide(p, rq);
  console.log(nc, p.rules.length, d.allowed, d.request!.entities.length);
  const r = d.request!;
  const q = {
    principal: JSON.parse(r.principal),
    action: JSON.parse(r.action),
    resource: JSON.parse(r.resource),
    context: JSON.parse(r.context),
    entities: JSON.parse(r.entities),
  };
  const bench = (l: string, f: () => void, n = 400) => {
    for (let i = 0; i < 50; i++) f();
    const c = process.cpuUsage();
    for (let i = 0; i < n; i++) f();
    const e = process.cpuUsage(c);
    console.log(l.padEnd(30), ((e.user + e.system) / 1000 / n).toFixed(3), 'cpu-ms');
  };
  bench('isAllowed', () => isAllowed(p, rq));
  bench('decide', () => decide(p, rq));
  cedar.preparsePolicySet('s0', { staticPolicies: { ...p.prepared.policies } });
  cedar.preparseSchema('s0', p.schema);
  bench('stateful schema+validate', () => {
    cedar.statefulIsAuthorized({ ...q, preparsedPolicySetId: 's0', preparsedSchemaName: 's0', validateRequest: true });
  });
  bench('stateful schema', () => {
    cedar.statefulIsAuthorized({ ...q, preparsedPolicySetId: 's0', preparsedSchemaName: 's0', validateRequest: false });
  });
  bench('stateful no schema', () => {
    cedar.statefulIsAuthorized({ ...q, preparsedPolicySetId: 's0' });
  });
  bench('no schema, no entities', () => {
    cedar.statefulIsAuthorized({ ...q, entities: [], preparsedPolicySetId: 's0' });
  });
  cedar.preparsePolicySet('e', { staticPolicies: {} });
  bench('schema, no policies', () => {
    cedar.statefulIsAuthorized({ ...q, preparsedPolicySetId: 'e', preparsedSchemaName: 's0', validateRequest: true });
  });
  bench('no schema, no policies', () => {
    cedar.statefulIsAuthorized({ ...q, preparsedPolicySetId: 'e' });
  });
}
