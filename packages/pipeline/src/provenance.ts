import { createHash } from 'node:crypto';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { type RunDependency, type RunPredicate, runBuildType } from '@holdfast/evidence/predicates/run';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type Statement, type Subject, statementOf } from '@holdfast/evidence/statement';
import type { RecordedToolchain } from '@holdfast/sandbox/toolchain';
import { toolchainDependencies } from '@holdfast/sandbox/toolchain-dependencies';
import type { TraceAnomaly } from './execution/anomaly.ts';
import type { CommandResult } from './execution/command.ts';
import type { IsolationDemand } from './isolation-demand.ts';
import { type DigestedFiles, filesOf } from './stage-files.ts';
import type { StageNode } from './stage-graph.ts';

/** What a run was, before it becomes evidence. */
export interface RunRecord {
  readonly project: string;
  readonly stage: StageNode;
  readonly invocationId: string;
  readonly inputs: DigestedFiles;
  readonly outputs: DigestedFiles;
  /** What was at the outputs' places before. */
  readonly before: DigestedFiles;
  /** What the command wrote and the stage does not declare; `undefined` where nothing would have noticed. */
  readonly undeclared: readonly string[] | undefined;
  readonly result: CommandResult;
  readonly anomalies: readonly TraceAnomaly[];
  /** What the command could use beside its inputs. */
  readonly toolchain: RecordedToolchain;
  readonly demand: IsolationDemand | undefined;
  readonly version: string;
}

/** SLSA provenance v1 of a run; the subjects are its outputs, or the run itself where it has none. */
export function runStatement(record: RunRecord): Statement<RunPredicate> {
  const written = [...record.outputs].map(([name, { digests }]) => ({ name, digest: { ...digests } }));
  const subject = written.length > 0 ? written : [itself(record)];
  return statementOf(predicateTypes.run, subject, {
    buildDefinition: {
      buildType: runBuildType,
      externalParameters: externalParameters(record),
      internalParameters: internalParameters(record),
      resolvedDependencies: [
        ...record.stage.inputs.flatMap((input) => {
          const digest = record.inputs.get(input.path);
          return digest === undefined ? [] : [dependency(input, digest)];
        }),
        ...toolchainDependencies(record.toolchain),
      ],
    },
    runDetails: {
      builder: { id: 'https://holdfast.dev/builder/local', version: { holdfast: record.version } },
      metadata: {
        invocationId: record.invocationId,
        startedOn: record.result.startedOn,
        finishedOn: record.result.finishedOn,
      },
      byproducts: [logByproduct(record.result)],
      holdfast_outcome: outcome(record),
    },
  });
}

/** The subject of a run that writes nothing, because a statement needs one: a digest that no file has by chance. */
function itself({ invocationId }: RunRecord): Subject {
  return { name: `run:${invocationId}`, digest: { sha256: createHash('sha256').update(invocationId).digest('hex') } };
}

function externalParameters({
  project,
  stage,
  outputs,
}: RunRecord): RunPredicate['buildDefinition']['externalParameters'] {
  return {
    project,
    stage: stage.name,
    ...(stage.owner === undefined ? {} : { owner: stage.owner }),
    command: stage.command,
    parameters: { ...stage.parameters },
    ...(stage.metrics === undefined ? {} : { metrics: stage.metrics }),
    outputs: stage.outputs.flatMap(({ path, artifact, kind, risk }) => {
      const digest = outputs.get(path);
      if (digest === undefined) return [];
      const files = filesOf(digest);
      return [
        {
          path,
          kind,
          digest: { ...digest.digests },
          ...(artifact === undefined ? {} : { artifact }),
          ...(risk === undefined ? {} : { risk }),
          ...(files === undefined ? {} : { files }),
        },
      ];
    }),
  };
}

function internalParameters({
  stage,
  result,
  toolchain,
  demand,
}: RunRecord): RunPredicate['buildDefinition']['internalParameters'] {
  const { enforced, notEnforced, ...isolation } = result.enforcement;
  return {
    isolation: {
      ...isolation,
      ...(demand === undefined ? {} : { demanded: { ...demand } }),
      asked: { ...stage.sandbox },
      enforced: { ...enforced },
      notEnforced: [...notEnforced],
    },
    toolchain: toolchain.programs.map(({ name }) => name),
    ...secretsOf(stage),
    platform: { os: process.platform, architecture: process.arch },
  };
}

/** Names, and how they were handed over: a digest would let anybody try values. */
function secretsOf({ secrets }: StageNode): { secrets?: { name: string; as: 'variable' | 'file' }[] } {
  return secrets.length === 0 ? {} : { secrets: secrets.map(({ name, as }) => ({ name, as })) };
}

function dependency(input: StageNode['inputs'][number], digest: ArtifactDigest): RunDependency {
  const files = filesOf(digest);
  return {
    name: input.path,
    ...(input.source === undefined ? {} : { uri: input.source.uri }),
    digest: { ...digest.digests },
    annotations: {
      kind: input.kind,
      ...(input.artifact === undefined ? {} : { artifact: input.artifact }),
      ...(input.producer === undefined ? {} : { stage: input.producer }),
      ...(files === undefined ? {} : { files }),
    },
  };
}

function logByproduct({ log }: CommandResult): RunPredicate['runDetails']['byproducts'][number] {
  return {
    name: 'log',
    mediaType: 'text/plain',
    digest: { sha256: log.sha256 },
    annotations: { size: log.size, truncated: log.truncated },
  };
}

function outcome({
  before,
  outputs,
  undeclared,
  result,
  anomalies,
}: RunRecord): RunPredicate['runDetails']['holdfast_outcome'] {
  return {
    exitCode: 0,
    deleted: deletedFiles(before, outputs),
    ...(undeclared === undefined ? {} : { undeclared: [...undeclared] }),
    ...networkOf(result),
    unchanged: [...outputs].filter(([path, digest]) => sameBytes(before.get(path), digest)).map(([path]) => path),
    trace: { ...result.trace, samples: result.trace.samples.map((sample) => ({ ...sample })) },
    anomalies: anomalies.map(({ message }) => message),
    leftBehind: result.leftBehind,
  };
}

function networkOf({ account }: CommandResult): Pick<RunPredicate['runDetails']['holdfast_outcome'], 'network'> {
  const { network } = account;
  if (network === undefined) return {};
  const peers = network.peers.map(({ addresses, ...peer }) => ({ ...peer, addresses: [...addresses] }));
  return { network: { peers, refused: network.refused.map((refusal) => ({ ...refusal })) } };
}

function sameBytes(a: ArtifactDigest | undefined, b: ArtifactDigest): boolean {
  return a !== undefined && a.kind === b.kind && JSON.stringify(a.digests) === JSON.stringify(b.digests);
}

/** Files that an output folder held before the run and does not hold any more. */
function deletedFiles(before: DigestedFiles, outputs: DigestedFiles): string[] {
  return [...before].flatMap(([path, old]) => {
    const now = outputs.get(path);
    if (old.kind === 'file') return now === undefined || now.kind === 'folder' ? [path] : [];
    const kept = new Set(now?.kind === 'folder' ? now.files.map(({ name }) => name) : []);
    return old.files.filter(({ name }) => !kept.has(name)).map(({ name }) => `${path}/${name}`);
  });
}
