export { type Archive, type ArchiveContent, openArchive, writeArchive } from './archive.ts';
export { type EvidenceBundle, parseBundle, serialiseBundle } from './bundle.ts';
export { canonicalJson } from './canonical-json.ts';
export type {
  ArtifactKind,
  ArtifactReader,
  Check,
  CheckContext,
  CheckDescription,
  Coverage,
  Figure,
  Finding,
  JsonSchema,
  Operation,
  OperationDescription,
  Report,
  Rule,
  Severity,
  Verdict,
} from './check.ts';
export { type ArtifactDigest, type DigestCache, digestArtifact, openDigestCache } from './digest/index.ts';
export { EvidenceError, type EvidenceErrorCode, evidenceErrors } from './errors.ts';
export { createKeyFile, type KeyFile, listKeyFiles, openKeyFile, type PassphraseSource } from './key-files.ts';
export {
  encodePrivateKey,
  generatePrivateKey,
  type KeyAlgorithm,
  keySigner,
  type PublicKey,
  parsePrivateKey,
  parsePublicKey,
  publicKeyOf,
  type Signer,
} from './keys.ts';
export { type Access, accessSchema } from './predicates/access.ts';
export { type Approval, approvalSchema } from './predicates/approval.ts';
export { type CheckPredicate, checkPredicate, checkSchema } from './predicates/check.ts';
export { type ColumnLineage, columnLineageSchema } from './predicates/column-lineage.ts';
export { type DatasetProfile, datasetProfileSchema } from './predicates/dataset-profile.ts';
export { type DecisionPredicate, decisionSchema } from './predicates/decision.ts';
export { type GatewayAlert, gatewayAlertSchema } from './predicates/gateway-alert.ts';
export {
  type GatewayResponse,
  type GatewayTuning,
  gatewayResponseSchema,
  gatewayResponses,
  gatewayTuningSchema,
} from './predicates/gateway-response.ts';
export { type KeyEvent, keyEventSchema } from './predicates/key-event.ts';
export {
  evidenceAs,
  type PredicateName,
  predicateSchemas,
  type ReadEvidence,
  readEvidence,
} from './predicates/parse.ts';
export { type RequestLogPart, requestLogSchema } from './predicates/request-log.ts';
export { type RunDependency, type RunPredicate, runBuildType, runSchema } from './predicates/run.ts';
export { bindings, type Serving, servingSchema } from './predicates/serving.ts';
export { mostSuspectRows, type SuspectRows, suspectRowsSchema } from './predicates/suspect-rows.ts';
export { type Switch, switchSchema } from './predicates/switch.ts';
export { predicateTypes } from './predicates/types.ts';
export { type Withdrawal, withdrawalSchema } from './predicates/withdrawal.ts';
export {
  completeEvidence,
  type RecordedEvidence,
  type Recorder,
  recordEvidence,
  type SignedStatement,
  signStatement,
} from './record.ts';
export { isRole, type Role, roles, rolesFor } from './roles.ts';
export { signedArtifact } from './signed-artifact.ts';
export { artifactId, type DigestSet, type Statement, type Subject, sameDigests, statementOf } from './statement.ts';
export { type EvidenceSource, type EvidenceStore, openEvidenceStore, parseStoredBundle } from './store.ts';
export { parseTrust, type Trust, trustSchema } from './trust.ts';
export { type LogEntry, type SignedEnvelope, type VerifiedEvidence, verifyEvidence } from './verify/evidence.ts';
export { createTrustView, type TrustView } from './verify/trust-view.ts';
export { type EvidenceProblem, type EvidenceView, verifyLedger, viewAt } from './view.ts';
