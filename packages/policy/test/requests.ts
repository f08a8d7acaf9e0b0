import type { ArtifactFacts } from '../src/artifact-facts.ts';
import { defaultPolicy } from '../src/default-policy.ts';
import { type LoadedPolicy, loadPolicy } from '../src/load-policy.ts';
import type { GateRequest } from '../src/request.ts';

export const floors = { accuracy: 0.7 };
export const checks = ['scan', 'trial.robustness'];
export const maxAgeHours = 720;

export function defaultLoaded(): LoadedPolicy {
  const text = defaultPolicy({ floors, checks, maxAgeHours });
  return loadPolicy({ texts: [{ name: 'production.cedar', text }], knownChecks: [...checks, 'data.pii'] });
}

const passing = { verdict: 'pass', origin: 'measured', findings: 0, examined: 10, total: 10 } as const;

/** Everything that the default policy asks for. */
export const complete = {
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
    builders: ['aa'],
  },
  evaluation: { runs: 1, separate: true },
  metrics: { accuracy: 0.7, recall: 0.2 },
  signature: { valid: true, keys: ['bb'], byTrustedKey: true },
  approval: { count: 1, byOthers: 1 },
  standing: { withdrawn: false, ancestorWithdrawn: false, setAside: false, suspect: false },
  checks: { scan: passing, 'trial.robustness': passing, 'data.pii': passing },
} satisfies ArtifactFacts;

export function deploy(facts: ArtifactFacts, context: Partial<GateRequest['context']> = {}): GateRequest {
  return {
    principal: { id: 'aa', name: 'ci', roles: ['builder'] },
    action: 'deploy',
    artifact: { id: 'sha256:3f9a', name: 'build/model', facts },
    context: { environment: 'production', evidenceVerified: true, oldestEvidenceHours: 3, ...context },
  };
}

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Anything = Record<string, unknown>;
interface Draft {
  facts: Anything;
  request: Anything;
}
type Mutation = readonly [name: string, harmful: boolean, change: (draft: Draft) => unknown];

/** The object that holds the last name of a path, or undefined where something on the way is gone. */
function holder(facts: Anything, path: string): [Anything | undefined, string] {
  const names = path.split('/');
  const last = names.pop()!;
  let at: unknown = facts;
  for (const name of names) at = typeof at === 'object' && at !== null ? (at as Anything)[name] : undefined;
  return [typeof at === 'object' && at !== null ? (at as Anything) : undefined, last];
}

const remove = (path: string, harmful = true): Mutation => [
  `remove ${path}`,
  harmful,
  ({ facts }) => {
    const [at, name] = holder(facts, path);
    if (at !== undefined) Reflect.deleteProperty(at, name);
  },
];

const set = (path: string, value: unknown, harmful = true): Mutation => [
  `set ${path} to ${JSON.stringify(value)}`,
  harmful,
  ({ facts }) => {
    const [at, name] = holder(facts, path);
    if (at !== undefined) at[name] = value;
  },
];

const ofContext = (name: string, value: unknown, harmful = true): Mutation => [
  `context ${name} ${String(value)}`,
  harmful,
  ({ request }) => {
    const context: Anything = { ...(request['context'] as Anything), [name]: value };
    if (value === undefined) Reflect.deleteProperty(context, name);
    request['context'] = context;
  },
];

/** What can go missing or get worse, and whether the default policy must deny for it. Written out, not derived. */
export const mutations: readonly Mutation[] = [
  ...['provenance', 'evaluation', 'metrics', 'signature', 'approval', 'standing', 'checks', 'risk'].map((g) =>
    remove(g),
  ),
  ...['complete', 'byOwner', 'byBuilder', 'isolation', 'runs', 'stages', 'anomalies', 'builders'].map((m) =>
    remove(`provenance/${m}`),
  ),
  ...['runs', 'separate'].map((m) => remove(`evaluation/${m}`)),
  ...['valid', 'keys', 'byTrustedKey'].map((m) => remove(`signature/${m}`)),
  ...['count', 'byOthers'].map((m) => remove(`approval/${m}`)),
  ...['withdrawn', 'ancestorWithdrawn', 'setAside', 'suspect'].map((m) => remove(`standing/${m}`)),
  remove('metrics/accuracy'),
  ...checks.map((check) => remove(`checks/${check}`)),
  ...['verdict', 'origin', 'findings', 'examined', 'total'].map((m) => remove(`checks/scan/${m}`)),
  set('provenance/complete', false),
  set('provenance/byOwner', false),
  set('provenance/byBuilder', false),
  set('provenance/byBuilder', 'true'),
  set('provenance/byBuilder', 1),
  set('provenance/runs', -1),
  set('provenance/runs', 1.5),
  set('provenance/anomalies', Number.NaN),
  set('provenance/isolation', 'castle'),
  set('provenance/stages', 'train'),
  set('provenance/builders', [1]),
  set('evaluation/runs', 0),
  set('evaluation/separate', false),
  set('metrics/accuracy', 0.6999999),
  set('metrics/accuracy', -1),
  set('metrics/accuracy', Number.NaN),
  set('metrics/accuracy', Number.POSITIVE_INFINITY),
  set('metrics/accuracy', 1e15),
  set('metrics/accuracy', '0.9'),
  set('metrics', []),
  set('signature/valid', false),
  set('signature/byTrustedKey', false),
  set('approval/byOthers', 0),
  set('approval/byOthers', Number.POSITIVE_INFINITY),
  set('approval', null),
  set('standing/withdrawn', true),
  set('standing/ancestorWithdrawn', true),
  set('standing/setAside', true),
  set('standing/suspect', true),
  set('standing/withdrawn', undefined),
  set('risk', 'high'),
  set('risk', 'critical'),
  set('risk', ''),
  ...['warn', 'fail', 'unknown', 'PASS'].map((verdict) => set('checks/trial.robustness/verdict', verdict)),
  set('checks/scan', { verdict: 'pass' }),
  set('checks/scan/origin', 'told'),
  set('checks/scan/origin', 'reported'),
  ...['warn', 'fail', 'unknown', 'PASS'].map((verdict) => set('checks/scan/verdict', verdict)),
  ofContext('evidenceVerified', false),
  ofContext('evidenceVerified', undefined),
  ofContext('oldestEvidenceHours', undefined),
  ofContext('oldestEvidenceHours', 720.0001),
  ofContext('oldestEvidenceHours', -0.1),
  ofContext('oldestEvidenceHours', Number.NaN),
  ofContext('environment', undefined),
  ['no principal', true, ({ request }) => delete request['principal']],
  ['no artifact', true, ({ request }) => delete request['artifact']],
  [
    'no facts',
    true,
    ({ request }) => request['artifact'] === undefined || (request['artifact'] = { id: 'sha256:3f9a' }),
  ],
  ['an action without permit', true, ({ request }) => (request['action'] = 'promote')],
  ['an unknown action', true, ({ request }) => (request['action'] = 'ship')],
  ['malformed roles', true, ({ request }) => (request['principal'] = { id: 'aa', name: 'ci', roles: 'builder' })],
  // What the default policy does not ask for changes nothing.
  remove('kind', false),
  remove('checks/data.pii', false),
  remove('metrics/recall', false),
  set('metrics/recall', Number.NaN, false),
  set('provenance/isolation', 'vm', false),
  set('metrics/accuracy', 0.70004, false),
  set('risk', 'medium', false),
  ofContext('oldestEvidenceHours', 720, false),
  ofContext('environment', 'staging', false),
];

/** A complete request with `count` random mutations, and whether any of them must lead to a denial. */
export function mutated(
  random: () => number,
  count: number,
): { request: GateRequest; names: string[]; harmful: boolean } {
  const facts = structuredClone(complete);
  const draft: Draft = { facts, request: { ...deploy(facts) } };
  const chosen = Array.from({ length: count }, () => mutations[Math.floor(random() * mutations.length)]!);
  // Harmless ones first, so that none puts right what a harmful one took away.
  chosen.sort(([, a], [, b]) => Number(a) - Number(b));
  for (const [, , change] of chosen) change(draft);
  return {
    request: draft.request as unknown as GateRequest,
    names: chosen.map(([name]) => name),
    harmful: chosen.some(([, harmful]) => harmful),
  };
}
