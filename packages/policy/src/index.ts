export type {
  ApprovalFacts,
  ArtifactFacts,
  CheckFacts,
  EvaluationFacts,
  Isolation,
  ProvenanceFacts,
  SignatureFacts,
  StandingFacts,
} from './artifact-facts.ts';
export { isolations } from './artifact-facts.ts';
export { askAgain, decide, isAllowed } from './decide.ts';
export { type DefaultPolicyOptions, defaultPolicy } from './default-policy.ts';
export { PolicyError, type PolicyErrorCode, policyErrors } from './errors.ts';
export { type GatheredFacts, gatherFacts } from './facts.ts';
export { decideGate, decisionStatement, type GateOutcome, type GateQuestion } from './gate.ts';
export { type DeclaredStage, indexRuns, type Lineage, traceLineage } from './lineage.ts';
export { type LoadedPolicy, loadPolicy, type PolicySource, type Rule } from './load-policy.ts';
export { type PolicyCase, type PolicyCaseResult, type PolicyTestReport, runPolicyTests } from './policy-test.ts';
export type { PolicyFile } from './policy-text.ts';
export { replayDecision } from './replay.ts';
export type { Action, CedarRequest, Decision, GateContext, GateRequest, Principal, Reason } from './request.ts';
export { actions } from './request.ts';
