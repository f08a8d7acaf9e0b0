import { decide } from './src/decide.ts';
import { defaultPolicy } from './src/default-policy.ts';
import { loadPolicy } from './src/load-policy.ts';

const text = defaultPolicy({
  floors: { accuracy: 0.7, 'f1 "x': 0.55 },
  checks: ['scan', 'trial.robustness', 'data-x.in'],
  maxAgeHours: 720,
});
console.log(text);
const p = loadPolicy({
  texts: [{ name: 'production.cedar', text }],
  knownChecks: ['scan', 'trial.robustness', 'data-x.in'],
});
console.log(
  decide(p, {
    principal: { id: 'a', name: 'b', roles: [] },
    action: 'deploy',
    artifact: { id: 'sha256:1', facts: {} },
    context: { environment: 'p', evidenceVerified: true },
  }),
);
