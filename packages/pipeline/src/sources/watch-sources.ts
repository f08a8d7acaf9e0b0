import { join } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { RecordedEvidence } from '@holdfast/evidence/record';
import { accessStatements, leaveAccess } from '../access.ts';
import { PipelineError } from '../errors.ts';
import { type Project, withRecorder } from '../project.ts';
import { arrive } from './arriving-file.ts';
import { type DeclaredSource, declaredSources, placeOf, requirePlace, type SourceTarget } from './declared-source.ts';
import { type FetchWish, fetchSignature, usualIdleMs } from './fetch-source.ts';
import { type FetchRequest, type FetchSession, fetchSession, fetchWish, recordSource } from './fetch-sources.ts';
import { type Known, knownBytes } from './known-bytes.ts';
import { Patience } from './patience.ts';
import { openQuarantine, quarantineName } from './quarantine.ts';
import { type Received, type ReceiveWish, receive } from './receive.ts';
import { markOf, rememberMark } from './server-marks.ts';
import { changesOf } from './source-change.ts';
import type { SourceFacts } from './source-report.ts';

export interface WatchRequest extends Omit<FetchRequest, 'record' | 'force'> {
  /** Read all bytes also where the server says that they did not change. */
  readonly full: boolean;
  /** Looks into bytes of an artifact that changed; what it finds stands in the evidence of the change. */
  readonly profile?: (path: string, artifact: string) => Promise<Report>;
}

/**
 * What a look at a source came to. `same`: the bytes that may be used; `unmodified`: so says the server, nobody read
 * them; `back`: those that may be used again; `changed`: bytes that nobody has seen before; `different`: not those that
 * may be used, as evidence says already; `left`: it is not for Holdfast to ask.
 */
export interface WatchOutcome {
  readonly source: string;
  readonly artifact?: string;
  readonly status: 'same' | 'unmodified' | 'back' | 'changed' | 'different' | 'left' | 'failed';
  /** What it gives now. */
  readonly sha256?: string;
  /** What may be used. */
  readonly accepted?: string;
  /** Where bytes that changed lie: posix, relative to the project. */
  readonly quarantine?: string;
  readonly report?: CheckPredicate;
  readonly evidence?: RecordedEvidence;
  readonly error?: Error;
}

/**
 * Looks at sources again. What is at the place of an artifact stays untouched: bytes that changed are put in
 * quarantine, and what is different about them is signed.
 *
 * @throws PipelineError as `fetchSources`
 */
export async function watchSources(project: Project, request: WatchRequest): Promise<readonly WatchOutcome[]> {
  const session = await fetchSession(project, request);
  const outcomes: WatchOutcome[] = [];
  for (const source of declaredSources(project.config, request.sources)) {
    outcomes.push(await lookAt(source, session, request));
  }
  return outcomes;
}

async function lookAt(source: DeclaredSource, session: FetchSession, request: WatchRequest): Promise<WatchOutcome> {
  const [target] = source.targets;
  const about = { source: source.name, ...(target === undefined ? {} : { artifact: target.artifact }) };
  const isNamed = request.sources.length > 0;
  if (!isNamed && (target === undefined || placeOf(source) === undefined)) return { ...about, status: 'left' };
  try {
    requirePlace(source);
    if (target === undefined) throw new PipelineError('HF_SOURCE_TARGET', `no artifact comes from \`${source.name}\``);
    const known = await knownBytes(source, target, session.project, session.view);
    const look = new Look(source, target, known, session, request);
    return { ...about, ...(known.accepted && { accepted: known.accepted.sha256 }), ...(await look.look()) };
  } catch (error) {
    if (request.signal.aborted || !(error instanceof Error)) throw error;
    return { ...about, status: 'failed', error };
  }
}

type Seen = Omit<WatchOutcome, 'source' | 'artifact' | 'accepted'>;

/** One look at one source. */
class Look {
  readonly #source: DeclaredSource;
  readonly #target: SourceTarget;
  readonly #known: Known;
  readonly #session: FetchSession;
  readonly #request: WatchRequest;

  constructor(
    source: DeclaredSource,
    target: SourceTarget,
    known: Known,
    session: FetchSession,
    request: WatchRequest,
  ) {
    this.#source = source;
    this.#target = target;
    this.#known = known;
    this.#session = session;
    this.#request = request;
  }

  /** @throws PipelineError HF_SOURCE_UNPINNED where nothing is known that it could be compared with */
  async look(): Promise<Seen> {
    const { accepted, last } = this.#known;
    if (accepted === undefined && last === undefined) {
      const message = `nothing is known of \`${this.#source.name}\` that it could be compared with`;
      const fix = `\`holdfast data fetch ${this.#source.name} --record\``;
      throw new PipelineError('HF_SOURCE_UNPINNED', message, { where: this.#source.shownUri, fix });
    }
    const { project } = this.#session;
    const mark = this.#request.full ? undefined : await markOf(project, this.#source);
    const folder = await openQuarantine(project.folder, this.#source);
    const wish = fetchWish(this.#source, this.#session, { ...this.#request, record: true, force: true });
    const limits = { idleMs: wish.idleMs ?? usualIdleMs, totalMs: this.#source.totalMs };
    const patience = new Patience(this.#request.signal, limits);
    try {
      const absolute = (path: string): string => join(project.folder, path);
      const receiving = { ...wish, absolute, patience, isJudged: false };
      const received = await this.#receive(folder, receiving, mark?.etag);
      if (received === undefined) return this.#unmodified(mark?.sha256 ?? '');
      await rememberMark(project, this.#source, { etag: received.server?.etag, sha256: received.sha256 });
      return await this.#judge(received, folder, receiving, wish);
    } finally {
      patience.release();
    }
  }

  /** Only bytes that nobody has seen before are kept. */
  async #receive(folder: string, receiving: ReceiveWish, etag: string | undefined): Promise<Received | undefined> {
    const isKnown = (sha256: string): boolean =>
      [this.#known.accepted?.sha256, this.#known.last?.sha256].includes(sha256);
    return arrive({
      ...{ target: join(folder, 'bytes'), mode: 0o600 },
      receive: async (file) =>
        receive(this.#source, file, { ...receiving, ...(etag === undefined ? {} : { knownMark: etag }) }),
      judge: () => Promise.resolve(),
      placeOf: (received) =>
        received === undefined || isKnown(received.sha256)
          ? undefined
          : join(folder, quarantineName(this.#target.path, received.sha256)),
    });
  }

  #unmodified(sha256: string): Seen {
    const isAccepted = this.#known.accepted === undefined || this.#known.accepted.sha256 === sha256;
    return { status: isAccepted ? 'unmodified' : 'different', sha256 };
  }

  async #judge(received: Received, folder: string, receiving: ReceiveWish, { keys }: FetchWish): Promise<Seen> {
    const { sha256 } = received;
    const { accepted, last } = this.#known;
    const isAccepted = accepted?.sha256 === sha256;
    if (isAccepted && (last === undefined || last.sha256 === sha256)) return { status: 'same', sha256 };
    if (isAccepted) return { status: 'back', sha256, ...(await this.#record(received, {})) };
    if (last?.sha256 === sha256) return { status: accepted === undefined ? 'same' : 'different', sha256 };
    const name = quarantineName(this.#target.path, sha256);
    const path = join(folder, name);
    const signature = await this.#signature(path, receiving, keys);
    const profile = await this.#profiled(path, sha256);
    const known = accepted ?? last;
    const changes = known === undefined ? [] : changesOf(known, received, profile, this.#session.view);
    const signed = await this.#record(received, { ...signature, changes });
    return { status: 'changed', sha256, quarantine: `.holdfast/quarantine/${this.#source.name}/${name}`, ...signed };
  }

  /** Bytes of what is confidential are looked into as a check does it: that it was read is on record before. */
  async #profiled(path: string, sha256: string): Promise<Report | undefined> {
    const { artifact, path: place } = this.#target;
    const { profile } = this.#request;
    if (profile === undefined) return undefined;
    const { project, checker } = this.#session;
    const read = [{ name: artifact, path: place, digest: { sha256 } }];
    const access = accessStatements(project, read, { kind: 'check', name: 'data.profile' });
    if (access.length > 0) await withRecorder(project, async (recorder) => leaveAccess(access, checker, recorder));
    return profile(path, artifact);
  }

  async #signature(
    path: string,
    receiving: ReceiveWish,
    keys: readonly string[],
  ): Promise<Pick<SourceFacts, 'signature'>> {
    if (this.#source.signer === undefined) return {};
    try {
      await fetchSignature(`${path}.sig`, path, this.#source, receiving, keys);
      return { signature: 'valid' };
    } catch (error) {
      if (!(error instanceof PipelineError) || this.#request.signal.aborted) throw error;
      return { signature: 'invalid' };
    }
  }

  #record(received: Received, more: Pick<SourceFacts, 'changes' | 'signature'>) {
    return recordSource(this.#target.artifact, this.#source.name, received, more, this.#session);
  }
}
