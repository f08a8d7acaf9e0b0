import { join } from 'node:path';
import type { CheckRequest } from '@holdfast/contracts';
import type { DigestCache } from '@holdfast/evidence/digest/index';
import type { Signer } from '@holdfast/evidence/keys';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { type RecordedEvidence, type Recorder, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { EvidenceView } from '@holdfast/evidence/view';
import { checkAccess, classificationOfPath, leaveAccess } from './access.ts';
import { checkInputs } from './check-inputs.ts';
import { checkNamed } from './check-registry.ts';
import { licenceOf, withDeclared } from './declared-class.ts';
import { PipelineError } from './errors.ts';
import type { Project } from './project.ts';
import { type CheckStatements, type CheckSurroundings, currentReport, runCheck } from './run-check.ts';
import { withSource } from './sources/source-options.ts';
import { digestPaths } from './stage-files.ts';

export interface CheckOutcome {
  readonly artifact: string;
  /** Of the artifact; posix, relative to the project. */
  readonly path: string;
  readonly check: string;
  readonly status: 'ran' | 'current' | 'missing';
  readonly report?: CheckPredicate;
  readonly evidence?: RecordedEvidence;
  /** That it read what is confidential. */
  readonly access?: readonly RecordedEvidence[];
  /** What the check stated beside its report, such as a profile. */
  readonly further?: readonly RecordedEvidence[];
}

/** What happens to a check, as it happens. */
export type CheckEvent =
  | { readonly type: 'check-started'; readonly artifact: string; readonly check: string }
  | { readonly type: 'check-progress'; readonly artifact: string; readonly check: string; readonly done: number };

/** What a check of a declared artifact works with. */
export interface CheckVisit {
  readonly project: Project;
  readonly view: EvidenceView;
  readonly recorder: Recorder;
  readonly checker: Signer;
  readonly cache: DigestCache;
  readonly request: {
    /** Run also what is current. */
    readonly force: boolean;
    /** Also run what is about to go stale. */
    readonly due: boolean;
    readonly signal: AbortSignal;
    readonly onEvent?: (event: CheckEvent) => void;
  };
  /** How old a report may become before it is renewed. */
  readonly staleAfterMs: number;
}

/** Runs one check of a declared artifact, unless a report on the same bytes and options is there; signs what it found. */
export async function visitCheck(artifact: string, asked: CheckRequest, session: CheckVisit): Promise<CheckOutcome> {
  const { name } = asked;
  const { project, request, view, recorder, checker, cache } = session;
  const declared = project.config.artifacts[artifact];
  if (declared === undefined) throw new PipelineError('HF_ARTIFACT_UNKNOWN', `there is no artifact \`${artifact}\``);
  const { path } = declared;
  const check = checkNamed(name);
  const digest = (await digestPaths(project.folder, [path], cache)).get(path);
  if (digest === undefined) return { artifact, path, check: name, status: 'missing' };
  const classification = classificationOfPath(project, path);
  const options = withDeclared(name, withSource(asked, artifact, digest, { ...project, view, now: new Date() }), {
    classification,
    licence: licenceOf(project.config, artifact),
  });
  const inputs = await checkInputs(check, options, project, cache);
  const found = request.force ? undefined : currentReport(check, options, digest, view, inputs);
  const age = Date.now() - Date.parse(found?.statement.predicate.finishedOn ?? '');
  const current = request.due && age > session.staleAfterMs ? undefined : found;
  if (current !== undefined)
    return { artifact, path, check: name, status: 'current', report: current.statement.predicate };
  const subject = {
    ...{ name: artifact, kind: declared.kind, path: join(project.folder, path), digest },
    ...(classification === undefined ? {} : { classification }),
  };
  const accesses = checkAccess(project, [subject, ...inputs.values()], name);
  const access = await leaveAccess(accesses, checker, recorder);
  const statements = await runCheck(check, options, subject, { inputs, ...told(artifact, name, request) });
  const recorded = await recordChecked(statements, session);
  return {
    ...{ artifact, path, check: name, status: 'ran', report: statements.report.predicate, ...recorded },
    ...(access.length === 0 ? {} : { access }),
  };
}

/** Signs what a check found out with one key, and logs it in one batch. */
async function recordChecked(
  { report, beside }: CheckStatements,
  { checker, recorder }: CheckVisit,
): Promise<Pick<CheckOutcome, 'evidence' | 'further'>> {
  const signed = await Promise.all([report, ...beside].map((statement) => signStatement(statement, checker)));
  const [evidence, ...further] = await recordEvidence(signed, recorder);
  return {
    ...(evidence === undefined ? {} : { evidence }),
    ...(further.length === 0 ? {} : { further }),
  };
}

/** Tells of a check as it goes on. */
function told(artifact: string, check: string, { signal, onEvent }: CheckVisit['request']): CheckSurroundings {
  onEvent?.({ type: 'check-started', artifact, check });
  return { signal, progress: (done) => onEvent?.({ type: 'check-progress', artifact, check, done }) };
}
