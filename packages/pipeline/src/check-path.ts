import type { ProfileAbout } from '@holdfast/data';
import type { CheckDescription } from '@holdfast/evidence/check';
import type { Signer } from '@holdfast/evidence/keys';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { Statement } from '@holdfast/evidence/statement';
import { aboutArtifact } from './about-artifact.ts';
import { checkAccess, leaveAccess } from './access.ts';
import { requireClock } from './clock.ts';
import { licenceOf, withDeclared } from './declared-class.ts';
import { PipelineError } from './errors.ts';
import { locateArtifact, locateInputs } from './locate-artifact.ts';
import { openProject, type Project, verifyProject, withRecorder } from './project.ts';
import { runCheck } from './run-check.ts';
import { chooseKey, signerFor } from './signers.ts';
import { requireSound } from './sound.ts';

export interface CheckPathRequest {
  readonly check: CheckDescription;
  /** What is looked at, and what the options name, relative to this folder. */
  readonly folder: string;
  /** A path, or the name of a declared artifact. */
  readonly artifact: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly progress?: (done: number) => void;
  /** Is told where the artifact lies, and what is read beside it, absolute, before it is looked at; may throw. */
  readonly located?: (path: string) => void;
}

/** What was found out, and whether it was put on record. */
export interface CheckedPath {
  /** What was looked at, with what is declared of it. */
  readonly about: ProfileAbout;
  readonly report: CheckPredicate;
  /** What the check states beside its report, such as a profile. */
  readonly beside: readonly Statement[];
  readonly evidence: readonly RecordedEvidence[];
  /** The key that signed it; absent outside of a project, and where no key here is a checker. */
  readonly checker?: string;
}

/**
 * Runs one check on a file or a folder, wherever it lies; in a project that has the key of a checker the report is signed.
 *
 * @throws PipelineError HF_NO_SIGNER, HF_CLOCK; as `verifyProject`; EvidenceError of `digestArtifact`
 */
export async function checkPath(request: CheckPathRequest): Promise<CheckedPath> {
  const project = await openProject(request.folder).catch((error: unknown) => {
    if (error instanceof PipelineError && error.code === 'HF_CONFIG_NOT_FOUND') return undefined;
    throw error;
  });
  // What would be in the way of signing is found out before the work.
  const checker = project === undefined ? undefined : await checkerOf(project);
  const artifact = await locateArtifact(request.folder, request.artifact, project);
  request.located?.(artifact.path);
  const inputs = await locateInputs(request.folder, request.check.inputs, request.options, project);
  for (const { path } of inputs.values()) request.located?.(path);
  const read = project === undefined ? [] : checkAccess(project, [artifact, ...inputs.values()], request.check.name);
  const access = project === undefined || read.length === 0 ? [] : await record(project, checker?.signer, read);
  const licence = project === undefined ? undefined : licenceOf(project.config, artifact.name);
  const { classification } = artifact;
  const told = withDeclared(request.check.name, request.options, { classification, licence });
  // What no project declares, whoever asks may say.
  const options = classification === undefined ? { ...told, ...request.options } : told;
  const statements = await runCheck(request.check, options, artifact, {
    ...{ signal: request.signal, isDirect: true },
    inputs,
    ...(request.progress === undefined ? {} : { progress: request.progress }),
  });
  const about = aboutArtifact(artifact, project);
  const found = { about, report: statements.report.predicate, beside: statements.beside };
  if (project === undefined || checker === undefined) return { ...found, evidence: access };
  const all = [statements.report, ...statements.beside];
  const signed = await Promise.all(all.map((statement) => signStatement(statement, checker.signer)));
  const evidence = await withRecorder(project, async (recorder) => recordEvidence(signed, recorder));
  return { ...found, evidence: [...evidence, ...access], checker: checker.name };
}

/** Without a checker's key here a builder's says it; without any what is confidential is not read. */
async function record(
  project: Project,
  checker: Signer | undefined,
  access: ReturnType<typeof checkAccess>,
): Promise<readonly RecordedEvidence[]> {
  const signer =
    checker ?? (await signerFor(project, (await verifyProject(project)).trust, ['checker', 'builder'])).signer;
  return withRecorder(project, async (recorder) => leaveAccess(access, signer, recorder));
}

async function checkerOf(project: Project): Promise<{ signer: Signer; name: string } | undefined> {
  const view = await verifyProject(project);
  requireSound(view);
  requireClock(view, new Date());
  const isHere = (await chooseKey(project, view.trust, ['checker'])) !== undefined;
  return isHere ? signerFor(project, view.trust, ['checker']) : undefined;
}
