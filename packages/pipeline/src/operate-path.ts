import { existsSync } from 'node:fs';
import type { OperationContext, OperationDescription, Report } from '@holdfast/evidence/check';
import type { RecordedEvidence } from '@holdfast/evidence/record';
import { sameDigests } from '@holdfast/evidence/statement';
import { artifactReader, type CheckedArtifact } from './checked-artifact.ts';
import { locateArtifact, locateInputs } from './locate-artifact.ts';
import { type Project, verifyProject } from './project.ts';
import { operationRecorder } from './record-operation.ts';
import { requireSound } from './sound.ts';

export interface OperatePathRequest {
  readonly operation: OperationDescription;
  /** What is read, and what the options name, relative to this folder. */
  readonly folder: string;
  /** A path, or the name of a declared artifact. */
  readonly artifact: string;
  /** Absolute paths of what is to be written, by the names that the operation has for them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** As it can be typed again, without what is secret. */
  readonly command: string;
  /** Whether what is written may take the place of files that are there. */
  readonly isForced: boolean;
  readonly signal: AbortSignal;
  readonly progress?: (done: number) => void;
  /** Is told where the artifact lies, and what is read beside it, absolute, before it is looked at; may throw. */
  readonly located?: (path: string) => void;
}

/** What was done, and what was put on record of it. */
export interface OperatedPath {
  readonly report: Report;
  /** Absolute paths. */
  readonly written: readonly string[];
  readonly evidence: readonly RecordedEvidence[];
  /** The keys that signed; absent outside of a project, and the checker where none is here. */
  readonly builder?: string;
  readonly checker?: string;
}

/**
 * Makes something of a file or a folder, wherever it lies; in a project what was done is signed: what was read, what was written,
 * and with which options.
 *
 * @throws PipelineError HF_NO_SIGNER, HF_CLOCK, HF_RUN_INPUT_CHANGED, HF_PATH_OUTSIDE; as `verifyProject`; what the operation throws
 */
export async function operatePath(request: OperatePathRequest): Promise<OperatedPath> {
  const { operation, folder, outputs, options, signal } = request;
  const recorder = await operationRecorder(folder);
  const startedOn = new Date();
  const artifact = await locateArtifact(folder, request.artifact, recorder?.project);
  const inputs = await locateInputs(folder, operation.inputs, options, recorder?.project);
  const read = [artifact, ...inputs.values()];
  for (const { path } of read) request.located?.(path);
  const access = (await recorder?.reads(operation.name, read.map(pathOf))) ?? [];
  const report = await (await operation.load()).run(artifactReader(artifact), outputs, options, {
    folder,
    ...{ signal, progress: request.progress ?? (() => undefined), isForced: request.isForced },
    basis: await basisOf(operation, artifact, recorder?.project),
    inputs: Object.fromEntries([...inputs].map(([option, input]) => [option, artifactReader(input)])),
  });
  const made = Object.fromEntries(Object.entries(outputs).filter(([, path]) => existsSync(path)));
  const written = Object.values(made);
  if (recorder === undefined) return { report, written, evidence: [] };
  const recorded = await recorder.record({
    ...{ name: operation.name, command: request.command, parameters: options, startedOn, report },
    inputs: read.map(({ path, digest }) => ({ path, digest: digest.digests })),
    outputs: made,
  });
  return { report, written, ...recorded, evidence: [...recorded.evidence, ...access] };
}

const pathOf = ({ path }: CheckedArtifact): string => path;

/** The newest verified evidence of each type that the operation can rest on, about exactly these bytes. */
async function basisOf(
  { basis = [] }: OperationDescription,
  { digest }: CheckedArtifact,
  project: Project | undefined,
): Promise<OperationContext['basis']> {
  if (project === undefined || basis.length === 0) return [];
  const view = await verifyProject(project);
  requireSound(view);
  return basis.flatMap((predicateType) => {
    const piece = view.evidence.findLast(
      ({ statement }) =>
        statement.predicateType === predicateType &&
        statement.subject.some((subject) => sameDigests(subject.digest, { ...digest.digests })),
    );
    return piece === undefined ? [] : [{ id: piece.id, predicateType, predicate: piece.statement.predicate }];
  });
}
