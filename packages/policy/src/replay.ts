import { canonicalJson } from '@holdfast/evidence/canonical-json';
import type { DecisionPredicate } from '@holdfast/evidence/predicates/decision';
import { type Statement, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { PolicyError } from './errors.ts';
import { decideGate, decisionStatement, type GateOutcome, type GateQuestion } from './gate.ts';
import { loadPolicy } from './load-policy.ts';
import { actions, type Principal } from './request.ts';

/**
 * Computes a decision again from the ledger as it was then, and compares.
 *
 * @param view the ledger verified up to `holdfast_decision.ledger.size`
 * @throws PolicyError HF_POLICY_REPLAY when anything comes out differently
 */
export function replayDecision(statement: Statement<DecisionPredicate>, view: EvidenceView): GateOutcome {
  const { predicate, subject } = statement;
  const recorded = predicate.holdfast_decision;
  const [artifact] = subject;
  const action = actions.find((known) => known === recorded.action);
  if (artifact === undefined || subject.length !== 1 || action === undefined) {
    throw new PolicyError('HF_POLICY_REPLAY', 'the decision is not about one artifact and a known action');
  }
  same(
    'ledger',
    `${recorded.ledger.size} ${recorded.ledger.rootHash}`,
    `${view.size} ${Buffer.from(view.rootHash).toString('base64')}`,
  );
  same('newest key event', recorded.newestKeyEvent, view.trust.newestKeyEvent(view.origin));
  const policy = loadPolicy({ texts: recorded.policies, knownChecks: recorded.knownChecks });
  const question: GateQuestion = {
    digest: artifact.digest,
    name: predicate.resourceUri,
    principal: readPrincipal(recorded.principal),
    action,
    environment: recorded.environment,
    policy,
    texts: recorded.policies,
    view,
    stages: recorded.stages,
    now: new Date(predicate.timeVerified),
    changed: recorded.changed,
  };
  const outcome = decideGate(question);
  compare(predicate, outcome);
  requireSameStatement(statement, question, outcome);
  return outcome;
}

/** Whatever else the statement says follows too: levels, names, and nothing that is not ours. */
function requireSameStatement(
  statement: Statement<DecisionPredicate>,
  question: GateQuestion,
  outcome: GateOutcome,
): void {
  const { verifier } = statement.predicate;
  const computed = decisionStatement(question, outcome, '');
  const again = {
    ...computed,
    predicate: { ...computed.predicate, verifier: { ...computed.predicate.verifier, version: verifier['version'] } },
  };
  same('statement', canonicalJson(statement), canonicalJson(again));
}

function compare(predicate: DecisionPredicate, { decision, gathered }: GateOutcome): void {
  const recorded = predicate.holdfast_decision;
  same('answer', predicate.verificationResult, decision.allowed ? 'PASSED' : 'FAILED');
  same('policy', predicate.policy.digest.sha256, decision.policyDigest);
  same('schema', recorded.schema.sha256, decision.schemaDigest);
  same('entities', recorded.entities.sha256, decision.entitiesDigest);
  const reasons = decision.reasons.map(({ policy, message }) => ({ policy, message }));
  same('reasons', JSON.stringify(recorded.reasons), JSON.stringify(reasons));
  const inputs = predicate.inputAttestations.map(({ digest }) => digest);
  const used = gathered.used.map(({ id }) => ({ sha256: id }));
  if (inputs.length !== used.length || !inputs.every((digest, at) => sameDigests(digest, used[at] ?? {}))) {
    throw new PolicyError('HF_POLICY_REPLAY', 'the decision names other evidence than it follows from');
  }
}

function same(what: string, recorded: string | null, computed: string | null): void {
  if (recorded === computed) return;
  throw new PolicyError(
    'HF_POLICY_REPLAY',
    `the ${what} of the decision does not come out again: \`${String(recorded).slice(0, 80)}\` was recorded, \`${String(computed).slice(0, 80)}\` follows`,
  );
}

function readPrincipal(json: string): Principal {
  const refuse = (cause?: unknown): PolicyError =>
    new PolicyError('HF_POLICY_REPLAY', 'the decision does not say who asked', { cause });
  let value: Partial<Principal> | null;
  try {
    value = JSON.parse(json) as Partial<Principal> | null;
  } catch (cause) {
    throw refuse(cause);
  }
  if (typeof value?.id !== 'string' || typeof value.name !== 'string' || !Array.isArray(value.roles)) throw refuse();
  const { id, name, roles, type } = value;
  return { id, name, roles: roles.map(String), ...(type === undefined ? {} : { type }) };
}
