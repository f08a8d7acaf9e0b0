export { fileThing, folderThing, sha256Of, type Thing } from './digests.ts';
export { memoryKey, memoryView, type Piece } from './memory-view.ts';
export {
  approvalOf,
  defaultTime,
  metricsOn,
  modelSignatureOn,
  type ReportDescription,
  type RunDescription,
  type RunInput,
  type RunOutput,
  reportOn,
  roleOf,
  runOf,
  withdrawalOf,
} from './statements.ts';
export { temporaryFolder } from './temporary-folder.ts';
export {
  copyOf,
  newAllowedProject,
  newTestProject,
  TestProject,
  type TestProjectOptions,
  team,
} from './test-project.ts';
export { type Files, tinyFiles, tinyOnnx, tinyYaml, yamlOf } from './tiny-project.ts';
