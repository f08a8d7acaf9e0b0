export type { TraceAnomaly, TraceMetric } from './anomaly.ts';
export { compareTrace, minimumRuns, modifiedZScore } from './anomaly.ts';
export type { CommandRequest, CommandResult } from './command.ts';
export { runCommand } from './command.ts';
export { temporaryFolder } from './environment.ts';
export type {
  Confinement,
  Enforcement,
  IsolatedCommand,
  Isolation,
  IsolationLevel,
  IsolationRequest,
  Limits,
} from './isolation.ts';
export { noIsolation } from './isolation.ts';
export { runIdPattern } from './journal.ts';
export type { RunLock } from './lock.ts';
export { acquireRunLock } from './lock.ts';
export type { RunLogRecord } from './log.ts';
export { defaultLogBytes } from './log.ts';
export type { Finished } from './outputs.ts';
export { commitOutputs, prepareOutputs, requireOutputs, requireSameInputs, restoreOutputs } from './outputs.ts';
export type { Recovery } from './recovery.ts';
export { recoverRuns } from './recovery.ts';
export type { SecretSources } from './secrets.ts';
export { readSecrets, Secret } from './secrets.ts';
export { sanitiseForTerminal, terminalSanitiser } from './terminal.ts';
export type { ResourceTrace, TraceSample } from './trace.ts';
export { maximumSamples } from './trace.ts';
