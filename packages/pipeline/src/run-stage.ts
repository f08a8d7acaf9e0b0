import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DigestCache } from '@holdfast/evidence/digest/index';
import type { Signer } from '@holdfast/evidence/keys';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { type RecordedEvidence, type Recorder, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { Statement } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { accessStatements, leaveAccess } from './access.ts';
import { requireFittingClass } from './admit-class.ts';
import { PipelineError } from './errors.ts';
import { compareTrace, type TraceAnomaly } from './execution/anomaly.ts';
import type { CommandResult } from './execution/command.ts';
import { runCommand } from './execution/command.ts';
import type { Limits } from './execution/isolation.ts';
import {
  addOutputs,
  commitOutputs,
  prepareOutputs,
  requireOutputs,
  requireSameInputs,
  restoreOutputs,
} from './execution/outputs.ts';
import { deleteLeaks, requireNoLeak } from './execution/secret-leaks.ts';
import { readSecrets, type Secret } from './execution/secrets.ts';
import { requireUntouched, stampInputs } from './input-watch.ts';
import { kindOfPath } from './kind.ts';
import { metricsStatement, readMetrics } from './metrics.ts';
import { missedInputs } from './missed-inputs.ts';
import type { Project } from './project.ts';
import { type RunRecord, runStatement } from './provenance.ts';
import { requirePromisedInputs } from './sources/promised-inputs.ts';
import { type DigestedFiles, digestNames, digestPaths } from './stage-files.ts';
import type { StageNode } from './stage-graph.ts';
import type { StageIsolation } from './stage-isolation.ts';
import { earlierTraces } from './stage-state.ts';
import { findOutputs, makeStaging, takeOver } from './staging.ts';
import { version } from './version.ts';

/** What running a stage needs beside the stage. */
export interface StageContext {
  readonly project: Project;
  readonly view: EvidenceView;
  readonly recorder: Recorder;
  readonly builder: Signer;
  /** Signs the metrics that the stage reports; a stage without `metrics` does not need one. */
  readonly checker: Signer | undefined;
  readonly cache: DigestCache;
  readonly isolation: StageIsolation;
  /** What `data.classify` says of inputs in this run, by their paths. */
  readonly classified?: ReadonlyMap<string, CheckPredicate>;
  /** Absolute path, in the project; absent: the project. */
  readonly cwd?: string;
  /**
   * For a command that nobody declared outputs of: everything that it writes is one. Lists what an earlier run wrote,
   * which is replaced as a whole.
   */
  readonly discovers?: readonly string[];
  readonly signal: AbortSignal;
  readonly onOutput?: (stage: string, chunk: Uint8Array) => void;
}

export interface StageRun {
  readonly evidence: readonly RecordedEvidence[];
  /** With the outputs that were discovered. */
  readonly stage: StageNode;
  readonly result: CommandResult;
  readonly anomalies: readonly TraceAnomaly[];
  readonly metrics: Readonly<Record<string, number>> | undefined;
  /** What it wrote and does not declare; dropped. `undefined` without an isolation, which is what notices it. */
  readonly undeclared: readonly string[] | undefined;
  /** Why nothing confined it, when nobody asked for that. */
  readonly shortfall: string | undefined;
}

/**
 * Runs one stage: sets its old outputs aside, runs its command on the declared inputs, in a staging folder when it is
 * confined, checks that the inputs are still what they were and the outputs are there, and records signed provenance.
 * Whatever goes wrong, the old outputs come back and nothing is recorded.
 *
 * @throws PipelineError HF_INPUT_MISSING, HF_STAGE_CLASS, HF_SECRET_…, HF_STAGE_FAILED, HF_RUN_…, HF_METRICS_FORMAT; SandboxError
 */
export async function runStage(stage: StageNode, context: StageContext): Promise<StageRun> {
  const { project, cache } = context;
  const stamps = await stampInputs(project.folder, pathsOf(stage.inputs));
  const inputs = await digestPaths(project.folder, pathsOf(stage.inputs), cache);
  requireInputs(stage, inputs);
  await admitInputs(stage, inputs, context);
  const secrets = secretsOf(stage, project);
  const before = await digestPaths(project.folder, pathsOf(stage.outputs), cache);
  const invocationId = `${stage.name.slice(0, 40)}-${randomBytes(8).toString('hex')}`;
  const runFolder = join(project.paths.runs, invocationId);
  await prepareOutputs(pathsOf(stage.outputs), runFolder);
  try {
    const access = await leaveAccess(accessOf(stage, inputs, context), context.builder, context.recorder);
    const ran = await execute(stage, invocationId, runFolder, secrets, context);
    await requireUntouched(stamps, project.folder, pathsOf(stage.inputs));
    const wrote = context.discovers !== undefined ? await discover(stage, runFolder, context) : { stage, before };
    const run = await conclude({ ...wrote, invocationId, runFolder, inputs, secrets, ran }, context);
    return { ...run, evidence: [...run.evidence, ...access] };
  } catch (error) {
    await restoreOutputs(runFolder);
    // whether or not that works, the first error is the one to tell
    await deleteLeaks({ folder: runFolder, outputs: ['.'], secrets }).catch(() => undefined);
    throw error;
  }
}

/** What is not what its source promises is handed to nobody; of what is confidential that is put on record. */
async function admitInputs(stage: StageNode, inputs: DigestedFiles, context: StageContext): Promise<void> {
  const { project, view, builder, recorder } = context;
  try {
    await requirePromisedInputs(stage, inputs, project.folder, view);
    await requireFittingClass(stage, inputs, context);
  } catch (error) {
    await leaveAccess(accessOf(stage, inputs, context, error), builder, recorder);
    throw error;
  }
}

function accessOf(stage: StageNode, inputs: DigestedFiles, { project }: StageContext, refusal?: unknown) {
  const paths = stage.inputs.flatMap(({ path, artifact }) => {
    const digest = inputs.get(path)?.digests;
    return digest === undefined ? [] : [{ name: artifact ?? path, path, digest: { ...digest } }];
  });
  return accessStatements(project, paths, { kind: 'run', name: stage.name }, refusal);
}

/** A command that has ended well, on inputs that nobody touched. */
interface Ran {
  /** With all that it wrote among its outputs. */
  readonly stage: StageNode;
  readonly before: DigestedFiles;
  readonly invocationId: string;
  readonly runFolder: string;
  readonly inputs: DigestedFiles;
  readonly secrets: readonly Secret[];
  readonly ran: CommandResult;
}

/** Takes the outputs over, makes them count, and records what was done. */
async function conclude({ stage, runFolder, secrets, ran, ...run }: Ran, context: StageContext): Promise<StageRun> {
  const { project, isolation } = context;
  const toolchain = await isolation.recorded;
  const isConfined = isolation.isolation.level !== 'none';
  const undeclared = isConfined ? await takeOver(stage, runFolder, project.folder) : undefined;
  const { outputs, metrics } = await takeStock(stage, run.inputs, secrets, context);
  const result = withOutputBytes(ran, outputs);
  const anomalies = compareTrace(result.trace, earlierTraces(stage, context.view));
  await commitOutputs(runFolder);
  const { demand, shortfall } = isolation;
  const name = project.config.project;
  const record = { ...run, project: name, stage, outputs, undeclared, result, anomalies, toolchain, demand, version };
  const evidence = await recordRun(record, metrics, context);
  return { evidence, stage, result, anomalies, metrics, undeclared, shortfall };
}

/** The stage with what its command turned out to write, and what was at these places. */
async function discover(
  stage: StageNode,
  runFolder: string,
  { project, cache, discovers = [] }: StageContext,
): Promise<{ stage: StageNode; before: DigestedFiles }> {
  const found = findOutputs(stage, runFolder, project.folder, new Set(discovers));
  const before = await digestPaths(project.folder, found, cache);
  addOutputs(found, runFolder);
  const outputs = found.map((path) => ({ path, artifact: undefined, kind: kindOfPath(path), risk: undefined }));
  return { stage: { ...stage, outputs }, before };
}

/** The secrets of a stage, read anew. @throws PipelineError HF_SECRET_… */
export function secretsOf(stage: StageNode, { folder }: Project): readonly Secret[] {
  return readSecrets(stage.secrets, { environment: process.env, project: folder });
}

function requireInputs(stage: StageNode, inputs: DigestedFiles): void {
  const missing = stage.inputs.find(({ path }) => !inputs.has(path));
  if (missing === undefined) return;
  throw new PipelineError('HF_INPUT_MISSING', `the input \`${missing.path}\` of \`${stage.name}\` does not exist`, {
    where: missing.path,
  });
}

/** What the command left: its outputs, all there, and its metrics; the inputs must still be what they were. */
async function takeStock(
  stage: StageNode,
  inputs: DigestedFiles,
  secrets: readonly Secret[],
  { project, cache, signal }: StageContext,
) {
  requireOutputs(pathsOf(stage.outputs), project.folder);
  const after = await digestPaths(project.folder, pathsOf(stage.inputs), cache);
  requireSameInputs(digestNames(inputs), digestNames(after));
  const outputs = await digestPaths(project.folder, pathsOf(stage.outputs), cache);
  await requireNoLeak({ folder: project.folder, outputs: pathsOf(stage.outputs), secrets, signal });
  const metrics = stage.metrics === undefined ? undefined : await readMetrics(join(project.folder, stage.metrics));
  return { outputs, metrics };
}

const pathsOf = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

function withOutputBytes(result: CommandResult, outputs: DigestedFiles): CommandResult {
  const outputBytes = [...outputs.values()].reduce((sum, { size }) => sum + size, 0);
  return { ...result, trace: { ...result.trace, outputBytes } };
}

async function execute(
  stage: StageNode,
  runId: string,
  runFolder: string,
  secrets: readonly Secret[],
  context: StageContext,
): Promise<CommandResult> {
  const { project, signal, onOutput } = context;
  const onChunk = (chunk: Uint8Array): void => onOutput?.(stage.name, chunk);
  const result = await runCommand({
    command: stage.command,
    secrets,
    log: join(project.paths.logs, `${runId}.log`),
    runId,
    runFolder,
    ...surroundings(stage, runFolder, context),
    limits: limitsOf(stage),
    signal,
    ...(stage.sandbox.time === undefined ? {} : { timeoutMs: stage.sandbox.time }),
    ...(onOutput === undefined ? {} : { onOutput: onChunk }),
  });
  requireSuccess(stage, result, project.folder);
  return result;
}

/** Where a stage runs, and what it sees there. */
function surroundings(stage: StageNode, runFolder: string, { project, cwd, isolation }: StageContext) {
  const isConfined = isolation.isolation.level !== 'none';
  const absolute = (paths: readonly string[]): string[] => paths.map((path) => join(project.folder, path));
  return {
    cwd: cwd ?? project.folder,
    environment: {
      HOLDFAST_PARAMETERS: JSON.stringify(stage.parameters),
      ...(isConfined ? confinedEnvironment : {}),
    },
    searchFirst: isolation.toolchain.path,
    isolation: isolation.isolation,
    project: project.folder,
    ...(isConfined ? { staging: makeStaging(runFolder) } : {}),
    readable: absolute(pathsOf(stage.inputs)),
    writable: absolute(pathsOf(stage.outputs)),
    network: stage.sandbox.network,
    gpu: stage.sandbox.gpu ?? 'none',
  };
}

/** Python would compile modules into a folder beside each, which nobody declares. */
const confinedEnvironment = { PYTHONDONTWRITEBYTECODE: '1' };

function requireSuccess(stage: StageNode, result: CommandResult, project: string): void {
  if (result.failure !== undefined) throw result.failure;
  if (result.exitCode === 0) return;
  const how = result.signal === null ? `status ${result.exitCode ?? '?'}` : `signal ${result.signal}`;
  const missed = result.enforcement.level === 'none' ? [] : missedInputs(result.log.path, stage, project);
  const names = missed.map((path) => `\`${path}\``).join(', ');
  throw new PipelineError('HF_STAGE_FAILED', `\`${stage.name}\` ended with ${how}`, {
    where: result.log.path,
    ...(missed.length === 0 ? {} : { fix: `if it needs ${names}: add that to \`inputs:\` of \`${stage.name}\`` }),
    cause: { status: result.exitCode, signal: result.signal },
  });
}

function limitsOf({ sandbox }: StageNode): Limits {
  const { memory, cpus, processes, files, output } = sandbox;
  return {
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(processes === undefined ? {} : { processCount: processes }),
    ...(files === undefined ? {} : { openFiles: files }),
    ...(output === undefined ? {} : { outputBytes: output }),
  };
}

async function recordRun(
  record: RunRecord,
  metrics: Record<string, number> | undefined,
  { recorder, builder, checker }: StageContext,
): Promise<readonly RecordedEvidence[]> {
  const signed = [await signStatement(runStatement(record), builder)];
  if (metrics !== undefined && checker !== undefined) {
    signed.push(await signStatement(statementOfMetrics(record, metrics), checker));
  }
  return recordEvidence(signed, recorder);
}

/** Metrics are about the models that the stage read; a stage that reads none evaluates its own outputs. */
function statementOfMetrics(
  { stage, inputs, outputs, invocationId, result }: RunRecord,
  metrics: Record<string, number>,
): Statement {
  const models = stage.inputs.filter(({ kind }) => kind === 'model').map(({ path }) => path);
  const subjects = (models.length > 0 ? [...inputs].filter(([path]) => models.includes(path)) : [...outputs]).map(
    ([name, { digests }]) => ({ name, digest: { ...digests } }),
  );
  const { startedOn, finishedOn } = result;
  return metricsStatement(subjects, metrics, { stage: stage.name, invocationId, startedOn, finishedOn });
}
