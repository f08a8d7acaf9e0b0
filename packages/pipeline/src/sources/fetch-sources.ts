import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Signer } from '@holdfast/evidence/keys';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { checkPredicate } from '@holdfast/evidence/predicates/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import { statementOf } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { requireClock } from '../clock.ts';
import { declaredChecks } from '../declared-checks.ts';
import { PipelineError } from '../errors.ts';
import { acquireRunLock } from '../execution/lock.ts';
import { type Project, verifyProject, withRecorder } from '../project.ts';
import { signerFor } from '../signers.ts';
import { requireSound } from '../sound.ts';
import { digestPaths } from '../stage-files.ts';
import { removeLeftovers, requireTarget } from './arriving-file.ts';
import { authorities } from './authorities.ts';
import { type DeclaredSource, declaredSources, placeOf, requirePlace, type SourceTarget } from './declared-source.ts';
import { describeSource, keysOf } from './described-source.ts';
import { type FetchWish, fetchTo } from './fetch-source.ts';
import type { Received } from './receive.ts';
import { requireSigned } from './signed-bytes.ts';
import { sourceCheck, sourceCheckName } from './source-check.ts';
import { allowedLicences } from './source-check-run.ts';
import { type SourceFacts, sourceReport } from './source-report.ts';

export interface FetchRequest {
  /** Names; none: all that can be fetched. */
  readonly sources: readonly string[];
  /** Fetch also what nothing pins, and tell its digest. */
  readonly record: boolean;
  /** Fetch also what is here already. */
  readonly force: boolean;
  /** A file with certificates of authorities, beside Node's own. */
  readonly authorities?: string;
  /** Name of the key that signs; absent: the first that is a checker. */
  readonly checker?: string;
  readonly signal: AbortSignal;
  readonly idleMs?: number;
  readonly pauseMs?: number;
  readonly onEvent?: (event: FetchEvent) => void;
}

/** What happens during a fetch, as it happens. */
export type FetchEvent =
  | { readonly type: 'progress'; readonly source: string; readonly bytes: number; readonly total: number | undefined }
  | { readonly type: 'notice'; readonly source: string; readonly text: string };

/** What became of a source at one place. */
export interface FetchOutcome {
  readonly source: string;
  /** Of the artifact; absent where no artifact comes from the source. */
  readonly path?: string;
  readonly artifact?: string;
  /** `here`: what is pinned lies there already; `left`: it is not for Holdfast to fetch. */
  readonly status: 'fetched' | 'here' | 'left' | 'failed';
  readonly sha256?: string;
  readonly bytes?: number;
  /** Whether a digest or a signer says which bytes are expected. */
  readonly isPinned: boolean;
  readonly report?: CheckPredicate;
  readonly evidence?: RecordedEvidence;
  readonly error?: Error;
}

/** What fetching works with. */
export interface FetchSession {
  readonly project: Project;
  readonly view: EvidenceView;
  readonly checker: Signer;
  readonly authorities: readonly string[] | undefined;
}

/**
 * Fetches sources of a project to the places of their artifacts, and signs where each came from. A source that fails
 * leaves the others.
 *
 * @throws PipelineError HF_SOURCE_UNKNOWN, HF_SOURCE_AUTHORITY, HF_NO_SIGNER, HF_CLOCK, HF_RUN_IN_PROGRESS; as `verifyProject`
 */
export async function fetchSources(project: Project, request: FetchRequest): Promise<readonly FetchOutcome[]> {
  const sources = declaredSources(project.config, request.sources);
  const session = await fetchSession(project, request);
  // runs read what is replaced here
  const lock = await acquireRunLock(project.folder);
  try {
    const outcomes: FetchOutcome[] = [];
    for (const source of sources) {
      const isNamed = request.sources.length > 0;
      const missing = { source: source.name, isPinned: isPinned(source) };
      if (!isNamed && (placeOf(source) === undefined || source.targets.length === 0)) {
        outcomes.push({ ...missing, status: 'left' });
        continue;
      }
      const targets = source.targets.length === 0 ? [undefined] : source.targets;
      for (const target of targets) outcomes.push(await fetchOne(source, target, session, request));
    }
    return outcomes;
  } finally {
    lock.release();
  }
}

/** Verifies the ledger and finds the key that signs, before anything is asked for. */
export async function fetchSession(
  project: Project,
  request: Pick<FetchRequest, 'authorities' | 'checker'>,
): Promise<FetchSession> {
  const trusted = await authorities(request.authorities);
  const view = await verifyProject(project);
  requireSound(view);
  requireClock(view, new Date());
  const { signer } = await signerFor(project, view.trust, ['checker'], request.checker);
  return { project, view, checker: signer, authorities: trusted };
}

const isPinned = ({ sha256, signer }: DeclaredSource): boolean => sha256 !== undefined || signer !== undefined;

async function fetchOne(
  source: DeclaredSource,
  target: SourceTarget | undefined,
  session: FetchSession,
  request: FetchRequest,
): Promise<FetchOutcome> {
  const about = { source: source.name, isPinned: isPinned(source), ...target };
  try {
    requirePlace(source);
    if (target === undefined) {
      throw new PipelineError('HF_SOURCE_TARGET', `no artifact comes from \`${source.name}\``);
    }
    if (!request.record && !isPinned(source)) throw unpinned(source);
    await requireTarget(session.project.folder, target.path);
    await removeLeftovers(dirname(join(session.project.folder, target.path)));
    if (!request.force && (await isHere(source, target, session))) return { ...about, status: 'here' };
    const wish = fetchWish(source, session, request);
    const received = await fetchTo(join(session.project.folder, target.path), source, wish);
    const signed = await recordArrival(source, target, received, session);
    return { ...about, status: 'fetched', sha256: received.sha256, bytes: received.bytes, ...signed };
  } catch (error) {
    if (request.signal.aborted || !(error instanceof Error)) throw error;
    return { ...about, status: 'failed', error };
  }
}

function unpinned({ name, shownUri }: DeclaredSource): PipelineError {
  return new PipelineError('HF_SOURCE_UNPINNED', `\`${name}\` pins no digest and names no signer`, {
    where: shownUri,
    fix: `\`holdfast data fetch ${name} --record\` fetches it and tells the digest to pin`,
  });
}

/** Whether what the source promises lies at its place, found out without asking anybody. */
async function isHere(source: DeclaredSource, target: SourceTarget, session: FetchSession): Promise<boolean> {
  const { name, sha256, signer } = source;
  const { folder } = session.project;
  if (!isPinned(source)) return false;
  const found = (await digestPaths(folder, [target.path])).get(target.path);
  if (found === undefined || (sha256 !== undefined && found.digests.sha256 !== sha256)) return false;
  if (signer === undefined) return true;
  const path = join(folder, target.path);
  if ((await stat(`${path}.sig`).catch(() => undefined)) === undefined) return false;
  try {
    await requireSigned(path, `${path}.sig`, { name, signer, keys: keysOf(signer, session.view) });
    return true;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'HF_SOURCE_SIGNATURE') return false;
    throw error;
  }
}

/** @throws PipelineError HF_SOURCE_SIGNER */
export function fetchWish(source: DeclaredSource, session: FetchSession, request: FetchRequest): FetchWish {
  const { name, signer } = source;
  const keys = signer === undefined ? [] : keysOf(signer, session.view);
  if (signer !== undefined && keys.length === 0) {
    throw new PipelineError('HF_SOURCE_SIGNER', `no trusted key has the name \`${signer}\`, the signer of \`${name}\``);
  }
  const { onEvent, signal, idleMs, pauseMs } = request;
  return {
    ...{ folder: session.project.folder, authorities: session.authorities, keys, signal },
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(pauseMs === undefined ? {} : { pauseMs }),
    progress: (bytes, total) => onEvent?.({ type: 'progress', source: name, bytes, total }),
    notice: (text) => onEvent?.({ type: 'notice', source: name, text }),
  };
}

async function recordArrival(
  source: DeclaredSource,
  { artifact }: SourceTarget,
  received: Received,
  session: FetchSession,
): Promise<Pick<FetchOutcome, 'report' | 'evidence'>> {
  const more = source.signer === undefined ? {} : { signature: 'valid' as const };
  return recordSource(artifact, source.name, received, more, session);
}

/** Signs a report of `data.source` about bytes that have just come in. */
export async function recordSource(
  artifact: string,
  source: string,
  { sha256, bytes, server }: Received,
  more: Pick<SourceFacts, 'changes' | 'signature'>,
  { project, view, checker }: FetchSession,
): Promise<{ readonly report: CheckPredicate; readonly evidence?: RecordedEvidence }> {
  const now = new Date();
  const described = describeSource(source, { sha256 }, { config: project.config, view, now }, now);
  if (described === undefined) throw new TypeError(`no source ${source}`);
  const own = declaredChecks(project.config, artifact).find(({ name }) => name === sourceCheckName)?.options ?? {};
  const from = server === undefined ? {} : { server };
  const facts = { source: described, sha256, bytes, ...from, ...more, isFetched: true, ...allowedLicences(own) };
  const timing = { startedOn: now.toISOString(), finishedOn: now.toISOString() };
  const report = checkPredicate(sourceCheck, { ...own, source: described }, sourceReport(facts), timing);
  const statement = statementOf(predicateTypes.check, [{ name: artifact, digest: { sha256 } }], report);
  const signed = await signStatement(statement, checker);
  const [evidence] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
  return { report, ...(evidence === undefined ? {} : { evidence }) };
}
