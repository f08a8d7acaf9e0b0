export { configurationText } from './adopt/configuration-text.ts';
export type { Doubt, Found, FoundArtifact, FoundStage, Origin, SourceKind } from './adopt/found.ts';
export { lookAround } from './adopt/look-around.ts';
export { findArtifact, type NamedArtifact } from './artifacts.ts';
export { checkNamed, checkRegistry } from './check-registry.ts';
export {
  type Configuration,
  configurationName,
  findConfiguration,
  loadConfiguration,
  parseConfiguration,
} from './configuration.ts';
export { PipelineError, type PipelineErrorCode, pipelineErrors } from './errors.ts';
export { sanitiseForTerminal, terminalSanitiser } from './execution/terminal.ts';
export { changedMaterials, explainChange } from './explain-change.ts';
export { exportEvidence } from './export.ts';
export { askGate, environmentPolicy, type GateResult, gate } from './gate.ts';
export { type InitPlan, type InitResult, initProject, planInit } from './init.ts';
export { createKey, grantRoles, revokeRoles } from './keys.ts';
export { computeLineage } from './lineage/compute-lineage.ts';
export { findSubjects, subjectWith } from './lineage/find-subjects.ts';
export type {
  CheckMark,
  EvidenceKind,
  Execution,
  Lineage,
  LineageArtifact,
  LineageDecision,
  LineagePart,
  LineageRun,
  Origin as LineageOrigin,
  Word,
} from './lineage/lineage.ts';
export { mermaidText } from './lineage/mermaid.ts';
export {
  type OpenLineageDataset,
  type OpenLineageEvents,
  type OpenLineageRunEvent,
  openLineageEvents,
} from './lineage/open-lineage.ts';
export { type LineagePicture, type PictureNode, type PictureOptions, pictureOf } from './lineage/picture.ts';
export { archiveLineage, projectLineage } from './lineage/read-lineage.ts';
export { selectLineage } from './lineage/select-lineage.ts';
export { svgText } from './lineage/svg.ts';
export {
  openProject,
  openProjectReader,
  openView,
  type Project,
  passphraseFromEnvironment,
  verifyProject,
  withRecorder,
} from './project.ts';
export { projectPaths, readTrust } from './project-paths.ts';
export { type CommandRun, type CommandWish, runSingleCommand } from './run-command.ts';
export {
  type PipelineOutcome,
  type RunEvent,
  type RunRequest,
  runPipeline,
  type StageOutcome,
} from './run-pipeline.ts';
export { type SignedArtifact, signArtifact } from './sign-artifact.ts';
export { requireSound } from './sound.ts';
export { type StageGraph, type StageNode, stageGraph } from './stage-graph.ts';
export {
  type ArtifactStatus,
  type CheckStatus,
  type GateStatus,
  type ProjectStatus,
  projectStatus,
  type StageStatus,
} from './status.ts';
export { type ReplayedDecision, replayDecisions, type VerifiedArchive, verifyArchive } from './verify-archive.ts';
export { version } from './version.ts';
export type { CheckOutcome } from './visit-check.ts';
export { approve, type Vouched, withdraw } from './vouch.ts';
