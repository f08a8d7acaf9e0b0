import type { ArtifactFacts } from './artifact-facts.ts';
import { decide } from './decide.ts';
import { PolicyError } from './errors.ts';
import type { LoadedPolicy } from './load-policy.ts';
import { type Action, actions, type Decision, type GateContext, type Principal } from './request.ts';

/** One case of `policy/production.test.json`. */
export interface PolicyCase {
  readonly name: string;
  readonly action: Action;
  readonly expect: 'allow' | 'deny';
  /** Ids of the policies that must be exactly the reasons for the denial. */
  readonly because?: readonly string[];
  readonly facts: ArtifactFacts;
  readonly context: GateContext;
  readonly principal: Principal;
}

export interface PolicyCaseResult {
  readonly name: string;
  readonly passed: boolean;
  /** What was expected and what came out, in one line; empty where the case passed. */
  readonly message: string;
  readonly decision: Decision;
}

export interface PolicyTestReport {
  readonly passed: number;
  readonly failed: number;
  readonly results: readonly PolicyCaseResult[];
}

/** At most so many cases in a file. */
export const caseLimit = 10_000;

const defaultContext: GateContext = { environment: 'production', evidenceVerified: true };
const defaultPrincipal: Principal = { id: '00', name: 'somebody', roles: [] };

/**
 * Runs the cases that stand beside a policy.
 *
 * @param cases the parsed JSON (or YAML) of the file: a list of {@link PolicyCase}. `facts` defaults to none,
 *   `context` to production with verified evidence, `principal` to somebody without roles.
 * @throws PolicyError HF_POLICY_CASES, HF_POLICY_NO_CASES
 */
export function runPolicyTests(policy: LoadedPolicy, cases: unknown): PolicyTestReport {
  const results = readCases(cases).map((entry) => runCase(policy, entry));
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, results };
}

function runCase(policy: LoadedPolicy, entry: PolicyCase): PolicyCaseResult {
  const { name, principal, action, context, facts } = entry;
  const decision = decide(policy, { principal, action, artifact: { id: 'sha256:test', name: 'test', facts }, context });
  const message = difference(entry, decision);
  return { name, passed: message === '', message, decision };
}

function difference({ expect, because }: PolicyCase, { allowed, reasons }: Decision): string {
  const ids = reasons.map(({ policy }) => policy);
  const outcome = allowed ? 'allow' : 'deny';
  if (outcome !== expect)
    return `expected ${expect}, got ${outcome}${ids.length > 0 ? ` because of ${ids.join(', ')}` : ''}`;
  if (because === undefined) return '';
  const same = [...new Set(because)].sort().join(', ') === [...new Set(ids)].sort().join(', ');
  return same ? '' : `expected a denial because of ${because.join(', ')}, got ${ids.join(', ')}`;
}

/** Checks the shape of the cases; an unknown member is an error, since a misspelt `because` would prove nothing. */
function readCases(cases: unknown): PolicyCase[] {
  if (!Array.isArray(cases)) throw new PolicyError('HF_POLICY_CASES', 'the cases are not a list');
  if (cases.length === 0) throw new PolicyError('HF_POLICY_NO_CASES', 'the list of cases is empty');
  if (cases.length > caseLimit) throw new PolicyError('HF_POLICY_CASES', `\`${cases.length}\` cases are too many`);
  return cases.map((entry: unknown, index) => readCase(entry, `case ${index + 1}`));
}

type Members = Readonly<Record<string, unknown>>;

const members: Readonly<Record<keyof PolicyCase, (value: unknown) => boolean>> = {
  name: isText,
  action: (value) => actions.some((action) => action === value),
  expect: (value) => value === 'allow' || value === 'deny',
  because: (value) => value === undefined || (Array.isArray(value) && value.every(isText)),
  facts: (value) => value === undefined || isRecord(value),
  context: (value) => value === undefined || isRecord(value),
  principal: (value) => value === undefined || isRecord(value),
};

function readCase(entry: unknown, where: string): PolicyCase {
  if (!isRecord(entry)) throw new PolicyError('HF_POLICY_CASES', 'a case is not an object', { where });
  const unknown = Object.keys(entry).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined)
    throw new PolicyError('HF_POLICY_CASES', `\`${unknown}\` is no member of a case`, { where });
  for (const [name, holds] of Object.entries(members)) {
    if (!holds(entry[name])) throw new PolicyError('HF_POLICY_CASES', `\`${name}\` is missing or malformed`, { where });
  }
  if (entry['expect'] === 'allow' && entry['because'] !== undefined) {
    throw new PolicyError('HF_POLICY_CASES', '`because` only explains a denial', { where });
  }
  return withDefaults(entry);
}

/** Malformed facts are not an error here: the policy sees them as absent, as it would at a gate. */
function withDefaults(entry: Members): PolicyCase {
  const over = (name: string): object => (isRecord(entry[name]) ? entry[name] : {});
  return {
    ...(entry as unknown as PolicyCase),
    facts: over('facts'),
    context: { ...defaultContext, ...over('context') },
    principal: { ...defaultPrincipal, ...over('principal') },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
