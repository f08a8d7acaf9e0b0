import { canonicalJson } from '@holdfast/evidence/canonical-json';
import { type Answer, askPrepared, type EntityJson, type Question } from './cedar.ts';
import {
  type AttributeView,
  artifactEntity,
  contextValue,
  contextView,
  principalEntity,
  resourceView,
} from './entities.ts';
import { explainDenial, metRequirements, type Subject } from './explain.ts';
import { type LoadedPolicy, sha256 } from './load-policy.ts';
import { actions, type CedarRequest, type Decision, type GateRequest, type Reason } from './request.ts';
import { actionId, type EntityId } from './scope.ts';

/** A request in Cedar's terms, and what explanations need beside it. */
interface Stated {
  readonly question: Question;
  readonly subject: Subject;
}

/**
 * Decides one request. Cedar decides; whatever keeps it from deciding is a denial: a missing principal or artifact, a
 * context or entity that does not fit the schema, a policy that cannot be evaluated, an engine that fails.
 *
 * Does not throw for anything in the request.
 *
 * @example
 * ```ts
 * import { decide } from '@holdfast/policy/decide';
import { defaultPolicy } from '@holdfast/policy/default-policy';
import { loadPolicy } from '@holdfast/policy/load-policy';
 * const text = defaultPolicy({ floors: { accuracy: 0.7 }, checks: [], maxAgeHours: 720 });
 * const decision = decide(loadPolicy({ texts: [{ name: 'production.cedar', text }], knownChecks: ['scan'] }), {
 *   principal: { id: 'ab12', name: 'ci', roles: ['builder'] },
 *   action: 'deploy',
 *   artifact: { id: 'sha256:3f9a', name: 'build/model', facts: {} },
 *   context: { environment: 'production', evidenceVerified: true, oldestEvidenceHours: 3 },
 * });
 * console.assert(!decision.allowed);
 * ```
 */
export function decide(policy: LoadedPolicy, request: GateRequest): Decision {
  const stated = state(policy, request);
  if (typeof stated === 'string') return denied(policy, [{ policy: 'request', message: stated }]);
  const { question, subject } = stated;
  const answer = askPrepared(policy.prepared, question);
  const entities = canonicalJson(question.entities);
  const outcome = judge(policy, answer, stated);
  return {
    allowed: outcome.length === 0,
    reasons: outcome,
    passed: metRequirements(policy, question, answer),
    ...digests(policy, entities),
    request: cedarRequest(subject, question, entities),
  };
}

/**
 * The answer of {@link decide} without its reasons, in a fraction of the time where the answer is no: for a gateway
 * that asks at every request.
 */
export function isAllowed(policy: LoadedPolicy, request: GateRequest): boolean {
  const stated = state(policy, request);
  return typeof stated !== 'string' && allows(askPrepared(policy.prepared, stated.question));
}

/**
 * Asks a recorded request again: whether this policy allows what was given to Cedar then. The texts are used as they
 * are; nothing is taken from facts.
 */
export function askAgain(policy: LoadedPolicy, request: CedarRequest): boolean {
  let question: Question;
  try {
    const parse = (text: string): EntityId => JSON.parse(text) as EntityId;
    question = {
      principal: parse(request.principal),
      action: parse(request.action),
      resource: parse(request.resource),
      context: JSON.parse(request.context) as Question['context'],
      entities: JSON.parse(request.entities) as EntityJson[],
    };
  } catch {
    return false;
  }
  return allows(askPrepared(policy.prepared, question));
}

/** Allowed means: Cedar says so, and not one policy failed on the way (an error in a `forbid` would skip it). */
function allows(answer: Answer): boolean {
  return answer.ok && answer.response.decision === 'allow' && answer.response.diagnostics.errors.length === 0;
}

/** The reasons for a denial; empty means allowed. */
function judge(policy: LoadedPolicy, answer: Answer, { question, subject }: Stated): Reason[] {
  if (allows(answer)) return [];
  if (!answer.ok) return [{ policy: 'request', message: `the request could not be judged: ${answer.message}` }];
  const failed = answer.response.diagnostics.errors.map(({ policyId, error }) => ({
    policy: policyId,
    message: `could not be evaluated: ${error.message}`,
  }));
  if (answer.response.decision === 'allow') return failed;
  return [...failed, ...explainDenial(policy, question, answer.response.diagnostics.reason, subject)];
}

/** The request in Cedar's terms, or why it cannot be put in them. */
function state(policy: LoadedPolicy, request: GateRequest): Stated | string {
  const { principal, artifact } = request;
  if (principal === undefined) return 'nobody is named who asks';
  if (artifact === undefined || artifact.id === '') return 'no artifact is named';
  if (!actions.includes(request.action)) return `\`${request.action}\` is no action`;
  if (!isObject(artifact.facts) || !isObject(request.context)) return 'the facts or the context are no object';
  const asking = principalEntity(principal, policy);
  if (asking === undefined) return 'the principal needs an id, a name and a list of roles';
  const view: AttributeView = resourceView(artifact.facts, policy.knownChecks);
  const aged = contextView(request.context);
  const context = contextValue(aged, policy);
  if (context === undefined) return 'the context needs `environment` and `evidenceVerified`';
  const shown = artifactEntity(artifact.id, view, policy);
  const ids = { principal: asking.uid as EntityId, action: actionId(request.action), resource: shown.uid as EntityId };
  return {
    // The artifact first; a principal of whom nothing is read would only cost time.
    question: { ...ids, context, entities: Object.keys(asking.attrs).length === 0 ? [shown] : [shown, asking] },
    subject: { ...ids, artifact, exact: { resource: view, context: aged }, environment: request.context.environment },
  };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function denied(policy: LoadedPolicy, reasons: readonly Reason[]): Decision {
  return { allowed: false, reasons, passed: [], ...digests(policy, canonicalJson([])) };
}

function digests(
  { policyDigest, schemaDigest }: LoadedPolicy,
  entities: string,
): Pick<Decision, 'policyDigest' | 'schemaDigest' | 'entitiesDigest'> {
  return { policyDigest, schemaDigest, entitiesDigest: sha256(entities) };
}

function cedarRequest(subject: Subject, question: Question, entities: string): CedarRequest {
  return {
    principal: canonicalJson(subject.principal),
    action: canonicalJson(subject.action),
    resource: canonicalJson(subject.resource),
    context: canonicalJson(question.context),
    entities,
  };
}
