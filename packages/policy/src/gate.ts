import { canonicalJson } from '@holdfast/evidence/canonical-json';
import type { DecisionPredicate } from '@holdfast/evidence/predicates/decision';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { artifactId, type DigestSet, type Statement, statementOf } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { decide } from './decide.ts';
import { type GatheredFacts, gatherFacts } from './facts.ts';
import type { DeclaredStage } from './lineage.ts';
import type { LoadedPolicy } from './load-policy.ts';
import type { PolicyFile } from './policy-text.ts';
import type { Action, Decision, Principal } from './request.ts';

/** Everything that a gate decides on. */
export interface GateQuestion {
  readonly digest: DigestSet;
  /** How a person calls the artifact: `build/model`. */
  readonly name: string;
  readonly principal: Principal;
  readonly action: Action;
  readonly environment: string;
  readonly policy: LoadedPolicy;
  /** The texts that the policy was loaded from, for the record. */
  readonly texts: readonly PolicyFile[];
  /** The ledger, verified, up to the moment of the decision. */
  readonly view: EvidenceView;
  /** The stages of the configuration, with those that it puts behind the artifact. */
  readonly stages: readonly DeclaredStage[];
  readonly now: Date;
  /** What the gate saw on disk to be other than recorded, a sentence each; empty when everything was as recorded. */
  readonly changed: readonly string[];
}

export interface GateOutcome {
  readonly decision: Decision;
  readonly gathered: GatheredFacts;
}

const hour = 3_600_000;
/** Clocks of machines in one team differ; more than this is a clock that cannot be relied on. */
const toleratedSkew = 5 * 60_000;

/**
 * Decides whether an artifact may pass. A pure function of its question: asked again, it answers the same.
 * Evidence from the future leaves the ages out, so that a policy that asks for fresh evidence denies.
 */
export function decideGate(question: GateQuestion): GateOutcome {
  const { digest, name, principal, action, environment, policy, view, stages, now } = question;
  const gathered = gatherFacts(digest, view, stages, environment);
  const time = now.getTime();
  const { oldest, newest } = gathered;
  const known = oldest !== undefined && newest !== undefined && newest <= time + toleratedSkew;
  const decision = decide(policy, {
    principal,
    action,
    artifact: { id: artifactId(digest), name, facts: gathered.facts },
    context: {
      environment,
      evidenceVerified: view.broken.length === 0,
      ...(known ? { oldestEvidenceHours: Math.max(0, Math.ceil((time - oldest) / hour)) } : {}),
      now: now.toISOString(),
    },
  });
  return { decision: withObservations(decision, question), gathered };
}

/**
 * The gate's own rule, before any policy: the artifact, and what it was made from, must be what the evidence speaks
 * of wherever it can be looked at. No policy can take it out.
 */
function withObservations(decision: Decision, { changed }: GateQuestion): Decision {
  if (changed.length === 0) return { ...decision, passed: [...decision.passed, unchangedRule] };
  const fix = 'restore it, or make the evidence anew: holdfast run';
  const reasons = changed.map((message) => ({ policy: unchangedRule, message, fix }));
  return { ...decision, allowed: false, reasons: [...reasons, ...decision.reasons] };
}

const unchangedRule = 'unchanged';

/** The outcome as a statement to sign: an SLSA verification summary that can be computed again. */
export function decisionStatement(
  question: GateQuestion,
  { decision, gathered }: GateOutcome,
  verifierVersion: string,
): Statement<DecisionPredicate> {
  const { digest, name, principal, action, environment, policy, texts, view, stages, now } = question;
  return statementOf(predicateTypes.decision, [{ name, digest }], {
    verifier: { id: 'https://holdfast.dev/gate', version: { holdfast: verifierVersion } },
    timeVerified: now.toISOString(),
    resourceUri: name,
    policy: { uri: `environment:${environment}`, digest: { sha256: decision.policyDigest } },
    inputAttestations: gathered.used.map(({ id }) => ({ uri: `ledger:${view.origin}`, digest: { sha256: id } })),
    verificationResult: decision.allowed ? 'PASSED' : 'FAILED',
    verifiedLevels: decision.allowed ? [`HOLDFAST_${environment.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`] : [],
    holdfast_decision: {
      action,
      environment,
      principal: canonicalJson(principal),
      ledger: { origin: view.origin, size: view.size, rootHash: Buffer.from(view.rootHash).toString('base64') },
      newestKeyEvent: view.trust.newestKeyEvent(view.origin),
      policies: texts.map(({ name: file, text }) => ({ name: file, text })),
      knownChecks: [...policy.knownChecks],
      stages: stages.map(({ name: stage, owner, behind }) => ({ name: stage, owner, behind })),
      schema: { sha256: decision.schemaDigest },
      entities: { sha256: decision.entitiesDigest },
      changed: [...question.changed],
      reasons: decision.reasons.map(({ policy: id, message }) => ({ policy: id, message })),
    },
  });
}
